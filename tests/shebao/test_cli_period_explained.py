"""A month that ends with money on its way closes with the reason once given, and nobody confirms what they locked themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls import periods
from controls.errors import SamePerson
from ledger.db import sqlite_url
from tests.controls.voucher_desk import BOOK, BOTH, FEBRUARY, JANUARY, SUN, ZHAO, office, received
from tests.shebao.test_cli_corrections import passed
from tests.shebao.test_cli_payment import Shell, shell

__all__ = ["shell"]
JAN = ("--fund", "R", "--period", "2026-01")


def test_what_was_explained_when_proposed_is_known_when_confirmed(shell: Shell) -> None:
    """K10: premiums left in the treasury over the month's end are explained by the 会计; the 会计主管 confirms without saying it again."""
    shell.login("wu")
    shell("period", "propose", "--fund", "R", "--period", "2025-12")
    shell.login("zheng")
    shell("period", "confirm", "--fund", "R", "--period", "2025-12")
    shell.login("wu")
    shell("voucher", "enter", "--event", "C1", "--fund", "R", "--date", "2026-01-30", "--amount", "700", "--evidence", "税票1")
    passed(shell, "1-1")
    assert "1005" in shell("period", "propose", *JAN, status=3)
    assert "[SB3183]" in shell("period", "propose", *JAN, "--explain", "1005=30日入库，次月划转", status=3)
    shell("period", "propose", *JAN, "--explain", "1005=30日入库，次月划转", "--acknowledge", "K18=本月无变动")
    passed(shell, "1-2")
    shell.login("zheng")
    assert "已结账" in shell("period", "confirm", *JAN)


def test_nobody_confirms_a_month_that_their_proposal_of_a_later_one_locked(tmp_path: Path) -> None:
    """C1: an empty January locked by proposing February is not confirmed by the proposer either."""
    desk = office(sqlite_url(tmp_path / "office.db"))
    desk.step(periods.open_next, SUN, 1)
    desk.booked(received(70, "feb", month=FEBRUARY))
    draft = desk.step(periods.propose, BOTH, BOOK, FEBRUARY)
    with pytest.raises(SamePerson):
        desk.step(periods.confirm, BOTH, BOOK, JANUARY)
    desk.review(draft)
    desk.post(draft, ZHAO)
    desk.step(periods.confirm, SUN, BOOK, FEBRUARY)

"""结账表 and what may not pass in silence: notes unsaid, balances explained by whom and of what, and a paper that proves itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls import closing_checks
from ledger.in_transit import OpenItem, settled
from ledger.months import Month
from tests.shebao.test_cli_corrections import passed
from tests.shebao.test_cli_payment import Shell, shell
from tests.shebao.test_cli_voucherprint import text_of

__all__ = ["shell"]
OPENED = ("--fund", "R", "--period", "2025-12")
JAN = ("--fund", "R", "--period", "2026-01")


def begun(shell: Shell) -> None:
    """December closed; premiums of 700 and 50 in the treasury in January, of which 720 was moved on."""
    shell.login("wu")
    shell("period", "propose", *OPENED)
    shell.login("zheng")
    shell("period", "confirm", *OPENED)
    shell.login("wu")
    for event, day, amount, paper in (("C1", "10", "700", "税票1"), ("C1", "30", "50", "税票2"), ("C2", "31", "720", "划转1")):
        shell("voucher", "enter", "--event", event, "--fund", "R", "--date", f"2026-01-{day}", "--amount", amount, "--evidence", paper)
    passed(shell, "1-1", "1-2", "1-3")


def test_a_month_is_closed_with_its_paper(shell: Shell) -> None:
    """The balance left is found (30.00 of 税票2), explained with author and day, the unsaid notes acknowledged; verify proves each paper by its own time."""
    begun(shell)
    out = shell.folder / "out"
    assert "[SB6322]" in shell("period", "paper", "R", "2026-01", "--out", out, status=2)
    refused = shell("period", "propose", *JAN, status=3)
    assert "1005" in refused and "收-2026-01-0002" in refused and "30.00" in refused
    assert "[SB3183]" in shell("period", "propose", *JAN, "--explain", "1005=30日入库，次月划转", status=3)
    shell("period", "propose", *JAN, "--explain", "1005=30日入库，次月划转", "--acknowledge", "K18=本月附注无变动")
    early = Path(shell.values("period", "paper", "R", "2026-01", "--out", out)["file"]).rename(out / "early.pdf")
    passed(shell, "1-4")
    shell.login("zheng")
    shell("period", "confirm", *JAN)
    late = Path(shell.values("period", "paper", "R", "2026-01", "--out", out)["file"])
    text = text_of(late)
    for words in ("结账表", "30日入库，次月划转", "已写明原因：本月附注无变动", "已结账", "确认结账", "2026-01-30", "收-2026-01-0002", "30.00"):
        assert words in text, words
    assert "锁定，待确认" in text_of(early) and "确认结账" not in text_of(early)
    for file in (early, late):
        assert "全部成立" in shell("verify", file)


def test_notes_that_are_said_need_no_word(shell: Shell) -> None:
    """K18 passes once points five and six are filled in or confirmed empty."""
    begun(shell)
    for section in ("五", "六"):
        shell("statements", "note", *JAN, "--section", section, "--none")
    checks = {one["code"]: one for one in shell.values("period", "check", *JAN, "--explain", "1005=次月划转")}
    assert checks["K18"]["ok"] and checks["K1"]["left_fen"] == checks["K1"]["right_fen"] > 0
    shell("period", "propose", *JAN, "--explain", "1005=次月划转")


@pytest.mark.parametrize(("month", "hard", "acknowledge"), [(12, True, False), (11, False, True)])
def test_december_closes_with_its_notes_only(month: int, hard: bool, acknowledge: bool) -> None:
    """K18 is hard in December; in other months it needs a written word (templates/closing.yaml)."""
    (check,) = closing_checks.levelled([closing_checks.Check("K18", False, "附注第五点尚未填写")], Month(2026, month))
    assert (check.hard, check.acknowledge, check.stops) == (hard, acknowledge, hard)


@given(st.lists(st.integers(-1000, 1000).filter(bool), max_size=30))
def test_what_is_left_open_is_the_balance(amounts: list[int]) -> None:
    """However receipts and payments alternate: what stays open adds up to the balance, all on one side, in order, and never more than its line."""
    lines = [OpenItem(date(2026, 1, 1), str(place), "", fen) for place, fen in enumerate(amounts)]
    left = settled(lines)
    assert sum(one.fen for one in left) == sum(amounts)
    assert len({one.fen > 0 for one in left}) <= 1
    assert [int(one.label) for one in left] == sorted(int(one.label) for one in left)
    assert all(abs(one.fen) <= abs(amounts[int(one.label)]) for one in left)

"""表结法 at the front door: statements as if carried over, the departure printed on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.db import reading, sqlite_url
from ledger.months import Month
from shebao.papers import statement_sheets
from shebao.proofs import cross_foots
from tests.controls.voucher_desk import BOOK, JANUARY, NOW, by_table, office, received


def test_statements_by_table_are_as_if_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month closed without a closing voucher prints the statements of one that has it, and says that it departs."""
    by_table(tmp_path, monkeypatch, "2026-01-01")
    desk = office(sqlite_url(tmp_path / "office.db"))
    desk.booked(received(500, "a"), received(-20, "b"))
    desk.closed(JANUARY)
    with reading(desk.engine) as connection:
        balance, income = statement_sheets(connection, BOOK, JANUARY, NOW)
        checks = cross_foots(connection, BOOK, JANUARY)
    assert balance.statement.line("N.3001").closing == 480
    assert income.statement.line("3").current == 480
    assert dict(balance.stamp.parameters)["结转办法"].startswith("表结法（偏离")
    assert [check.text for check in checks if not check.ok] == []


def test_by_account_nothing_is_said(tmp_path: Path) -> None:
    """账结法, the text of the standard, needs no remark."""
    desk = office(sqlite_url(tmp_path / "office.db"))
    desk.booked(received(500, "a"))
    desk.closed(JANUARY)
    with reading(desk.engine) as connection:
        balance, _ = statement_sheets(connection, BOOK, Month(2026, 1), NOW)
    assert balance.stamp.parameters == ()

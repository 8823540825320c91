"""The turn of a year: December closes by two people, results go once into 3001, and the new year begins with what the old one ended with."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls import notes, periods
from ledger import balances
from ledger.db import reading, sqlite_url
from ledger.months import Month
from shebao.proofs import MonthNotInBook
from shebao.yearend import BadYear, Step, steps
from tests.controls.voucher_desk import BOOK, SUN, ZHAO, Office, by_table, office, received

MONTHS = [Month(2026, month) for month in range(1, 13)]


def seen(desk: Office, year: int = 2026) -> dict[str, Step]:
    with reading(desk.engine) as connection:
        return {step.name: step for step in steps(connection, BOOK, year)}


def held(desk: Office) -> dict[str, int]:
    with reading(desk.engine) as connection:
        return {code: fen for code, fen in balances.closing_balances(balances.movements(connection, 1)).items() if fen}


def to_november(desk: Office) -> None:
    for month in MONTHS[:11]:
        desk.booked(received(100, f"interest-{month}", month=month))
        desk.closed(month)


def test_a_year_is_closed_step_by_step(tmp_path: Path) -> None:
    """The list names each step that waits and its command, until December is closed and January begins with December's balances."""
    desk = office(sqlite_url(tmp_path / "office.db"))
    to_november(desk)
    desk.booked(received(100, "interest-12", month=MONTHS[11]))
    first = seen(desk)
    assert (first["1 至 11 月结账"].done, first["12 月结账"].done, first["结转下年"].done) == (True, False, False)
    assert "period propose --fund R --period 2026-12" in first["12 月结账"].next
    assert not first["余额调节表"].done and "reconcile" in first["余额调节表"].next
    assert not first["附注第五、六点"].done and "statements note" in first["附注第五、六点"].next
    draft = desk.step(periods.propose, ZHAO, BOOK, MONTHS[11])
    assert "period confirm" in seen(desk)["12 月结账"].next
    desk.review(draft)
    desk.post(draft)
    desk.step(periods.confirm, SUN, BOOK, MONTHS[11])
    last = seen(desk)
    assert last["12 月结账"].done and last["结转下年"].done
    assert "年初余额逐项等于上年年末余额" in last["结转下年"].text
    assert held(desk) == {"100301": 1200, "3001": -1200}


def test_by_table_the_year_is_carried_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """表结法: eleven months close with results standing, December's one closing voucher carries the whole year."""
    by_table(tmp_path, monkeypatch, "2026-01-01")
    desk = office(sqlite_url(tmp_path / "office.db"))
    to_november(desk)
    assert held(desk) == {"100301": 1100, "4201": -1100}
    desk.booked(received(100, "interest-12", month=MONTHS[11]))
    draft = desk.step(periods.propose, ZHAO, BOOK, MONTHS[11])
    assert draft.entry.debit == 1200
    desk.review(draft)
    desk.post(draft)
    desk.step(periods.confirm, SUN, BOOK, MONTHS[11])
    assert held(desk) == {"100301": 1200, "3001": -1200}
    for section in ("五", "六"):
        desk.step(notes.say, ZHAO, 1, MONTHS[11], section, "")
    assert all(step.done for name, step in seen(desk).items() if name != "余额调节表")


def test_a_waiting_month_is_named(tmp_path: Path) -> None:
    """With ten months open the list says from which month on, and how to look at it."""
    desk = office(sqlite_url(tmp_path / "office.db"))
    assert "2026-01 起 1 个月未结账" in seen(desk)["1 至 11 月结账"].text
    assert seen(desk)["12 月结账"].text == "未开放"
    for month in MONTHS[:11]:
        desk.closed(month)
    assert seen(desk)["1 至 11 月结账"].done
    with pytest.raises(MonthNotInBook):
        seen(desk, 2031)
    with pytest.raises(BadYear):
        seen(desk, 12)

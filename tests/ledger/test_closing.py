"""Month-end closing: what is carried over to 3001, and what stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from ledger import balances, closing
from ledger.closing import NothingToClose
from ledger.db import UnitOfWork, reading
from ledger.entries import Entry, Line, Side, dimension
from ledger.errors import Refusal
from ledger.months import Month
from ledger.posting import Signed, post
from ledger.tables import period
from tests.ledger.chart_store import opened
from tests.ledger.store import JANUARY

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"


def book(engine: sa.Engine, *made: Entry) -> None:
    with UnitOfWork(engine) as work:
        for entry in made:
            post(work, 1, entry, PEOPLE, NOW)
        work.commit()


def received(fen: int, account: str, source: str, *, month: Month = JANUARY, **axes: str) -> Entry:
    """Money in (or, on an expense account, out)."""
    credit = account[0] in "34"
    lines = (Line("100301", Side.D if credit else Side.C, fen), Line(account, Side.C if credit else Side.D, fen, dimension(axes)))
    return Entry(period=month, day=month.first_day, summary="收付", lines=lines, authority="test", source_key=source)


def closed(engine: sa.Engine, month: Month = JANUARY) -> Entry:
    with reading(engine) as connection:
        return closing.entry(connection, 1, month)


def test_income_and_expense_go_to_net_assets(store_url: str) -> None:
    """X1: income and expense are carried to 3001 in one line each, axis by axis; 4601 and 4602 (待转) stay; the rest is untouched."""
    engine = opened(store_url)
    book(
        engine, received(1000, "400101", "a", payer="民政"), received(500, "400101", "b"), received(30, "4201", "c"), received(9, "4601", "d"),
        received(8, "4602", "e"), received(400, "50010101", "f"), received(70, "500102", "g"),
    )  # fmt: skip
    made = closed(engine)
    assert {(line.account, line.side, line.amount, line.dimension) for line in made.lines} == {
        ("400101", Side.D, 1000, (("payer", "民政"),)),
        ("400101", Side.D, 500, ()),
        ("4201", Side.D, 30, ()),
        ("3001", Side.C, 1530, ()),
        ("50010101", Side.C, 400, ()),
        ("500102", Side.C, 70, ()),
        ("3001", Side.D, 470, ()),
    }
    assert (made.kind, made.closing, made.event, made.source_key, made.day) == ("转", True, "X1", "closing:2026-01", JANUARY.last_day)
    with reading(engine) as connection:
        assert closing.unclosed(connection, 1, JANUARY) == {"400101": -1500, "4201": -30, "50010101": 400, "500102": 70}
    book(engine, made)
    with reading(engine) as connection:
        ends = balances.closing_balances(balances.movements(connection, 1))
        assert closing.unclosed(connection, 1, JANUARY) == {}
    assert {code: fen for code, fen in ends.items() if fen} == {"100301": 1077, "3001": -1060, "4601": -9, "4602": -8}


def test_a_month_is_closed_once(store_url: str) -> None:
    """L11: after the closing entry there is nothing left to close, and its source key is booked once."""
    engine = opened(store_url)
    book(engine, received(100, "400101", "a"))
    made = closed(engine)
    book(engine, made)
    with pytest.raises(NothingToClose):
        closed(engine)
    with pytest.raises(Refusal, match="已入账"):
        book(engine, made)


def test_nothing_to_close(store_url: str) -> None:
    """SB1311: a month without income or expense, or in which they cancel out, needs no closing entry."""
    engine = opened(store_url)
    with pytest.raises(NothingToClose):
        closed(engine)
    book(engine, received(100, "4601", "a"), received(50, "400101", "b"), received(-50, "400101", "c"))
    with pytest.raises(NothingToClose):
        closed(engine)


def test_red_income_closes_too(store_url: str) -> None:
    """A month in which more income was reversed than came in is carried over with the sides turned."""
    engine = opened(store_url)
    book(engine, received(-80, "400101", "a"), received(30, "4201", "b"))
    made = closed(engine)
    assert {(line.account, line.side, line.amount) for line in made.lines} == {("400101", Side.C, 80), ("4201", Side.D, 30), ("3001", Side.D, 50)}
    book(engine, made)
    with reading(engine) as connection:
        assert closing.unclosed(connection, 1, JANUARY) == {}


def test_each_month_carries_its_own(store_url: str) -> None:
    """A later month takes what is open up to its end, and nothing after it."""
    engine = opened(store_url)
    book(engine, received(100, "400101", "a"), received(7, "400101", "b", month=JANUARY + 1))
    assert closed(engine).debit == 100
    book(engine, closed(engine))
    assert closed(engine, JANUARY + 1).debit == 7
    with reading(engine) as connection:
        assert closing.unclosed(connection, 1, JANUARY) == {}


def test_a_locked_month_takes_its_closing_entry_only(store_url: str) -> None:
    """L5: a locked month takes its closing entry and nothing else; a closed one takes nothing."""
    engine = opened(store_url)
    book(engine, received(100, "400101", "a"))
    _set(engine, "locked")
    with pytest.raises(Refusal, match="未开放"):
        book(engine, received(1, "4201", "b"))
    made = closed(engine)
    book(engine, made)
    _set(engine, "closed")
    with pytest.raises(Refusal, match="未开放"):
        book(engine, replace(made, source_key="closing:again"))


def _set(engine: sa.Engine, state: str) -> None:
    with UnitOfWork(engine) as work:
        work.connection.execute(period.update().where(period.c.period == JANUARY).values(state=state))
        work.commit()

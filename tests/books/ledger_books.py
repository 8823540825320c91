"""Books of all eight funds in one store, booked at random from the worked cases of the standard, corrected in red and closed; and the
three ways to read them: SQL over lines, kept balances, and Beancount over the text that was written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from books.journal import MAIN, read_book, render
from ledger import accounts, balances, closing
from ledger.accounts import Book
from ledger.balances import Movement
from ledger.chart import STANDARD, Chart
from ledger.db import UnitOfWork, reading
from ledger.entries import Entry, Line
from ledger.funds import Fund
from ledger.months import Month
from ledger.posting import Signed, post
from ledger.tables import period
from tests.books.test_statements_methods import MONTHS, WORKED, Tier
from tests.ledger.store import fresh

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2027-03-01T09:00:00+08:00"


@dataclass(frozen=True)
class Act:
    """Something booked: lines of a worked case in a month; ``red`` the same voucher struck again, ``fen`` times its amounts."""

    fund: Fund
    month: Month
    lines: tuple[Line, ...]
    times: int = 1
    red: bool = False


@st.composite
def acts(draw: st.DrawFn, tier: Tier) -> list[Act]:
    """Worked cases of any funds in any of five months across a year's end, some amounts multiplied, some struck in red."""
    found = []
    for _ in range(draw(st.integers(1, 30))):
        fund = draw(st.sampled_from(list(Fund)))
        lines = tuple(draw(st.sampled_from(WORKED[fund, tier])))
        found.append(Act(fund, draw(st.sampled_from(MONTHS)), lines, draw(st.integers(1, 10**9)), draw(st.integers(0, 4)) == 0))
    return found


def chart(fund: Fund, tier: Tier) -> list[accounts.BookAccount]:
    """The chart of a fund at one level as stored."""
    return [
        accounts.BookAccount(
            one.code, one.name, one.full_name, one.side.value, one.element.value, one.parent, one.leaf, one.origin,
            one.valid_from.isoformat(), one.valid_to.isoformat() if one.valid_to else "",
        )
        for one in Chart.load(STANDARD, fund, tier=tier).accounts
    ]  # fmt: skip


def opened(url: str, tier: Tier) -> sa.Engine:
    """A store with a book for each of the eight funds, its five months open."""
    engine = fresh(url)
    with UnitOfWork(engine) as work:
        accounts.open_unit(work, "620821", "云岭县社会保险事业服务中心", "620821")
        for number, fund in enumerate(Fund, 1):
            accounts.open_book(work, number, "620821", fund, STANDARD, MONTHS[0], chart(fund, tier))
            for month in MONTHS[1:]:
                work.connection.execute(period.insert().values(book_id=number, period=month, state="open"))
        work.commit()
    return engine


def booked(engine: sa.Engine, done: list[Act]) -> list[Book]:
    """Posts every act in order of months, a red voucher after each that is struck, and carries each month over in each book."""
    with reading(engine) as connection:
        books = accounts.books(connection)
    for book in books:
        for month in MONTHS:
            for act in (act for act in done if (act.fund, act.month) == (book.fund, month)):
                _post(engine, book, act)
            with UnitOfWork(engine) as work:
                try:
                    close = closing.entry(work.connection, book.book_id, month)
                except closing.NothingToClose:
                    continue
                post(work, book.book_id, close, PEOPLE, NOW)
                work.commit()
    return books


def _post(engine: sa.Engine, book: Book, act: Act) -> None:
    with UnitOfWork(engine) as work:
        lines = tuple(Line(line.account, line.side, line.amount * act.times, line.dimension, line.memo) for line in act.lines)
        count = work.connection.execute(sa.text("SELECT COUNT(*) FROM shebao_entry WHERE book_id = :b"), {"b": book.book_id}).scalar_one()
        made = Entry(act.month, act.month.first_day, "业务", lines, "voucher:1", f"doc:{count}", event="C1")
        number = post(work, book.book_id, made, PEOPLE, NOW).entry_id
        if act.red:
            back = tuple(Line(line.account, line.side, -line.amount, line.dimension, line.memo) for line in lines)
            post(
                work,
                book.book_id,
                Entry(act.month, act.month.first_day, "注销", back, "voucher:2", f"reverse:{number}", event="C1", corrects=number),
                PEOPLE,
                NOW,
            )
        work.commit()


def _sorted(sums: dict[tuple[str, Month], list[int]]) -> list[Movement]:
    return [Movement(code, month, *cells) for (code, month), cells in sorted(sums.items())]


def from_lines(connection: sa.Connection, book: Book) -> list[Movement]:
    """Movements summed by the database over entries and lines, in SQL of this test's own."""
    rows = connection.execute(
        sa.text(
            "SELECT l.account, e.period, e.closing, l.side, SUM(l.amount_fen) AS fen FROM shebao_line l"
            " JOIN shebao_entry e ON e.book_id = l.book_id AND e.entry_id = l.entry_id WHERE l.book_id = :book"
            " GROUP BY l.account, e.period, e.closing, l.side"
        ),
        {"book": book.book_id},
    )
    sums: dict[tuple[str, Month], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for account, number, is_closing, side, fen in rows:
        sums[account, Month(number // 100, number % 100)][2 * is_closing + (side == "C")] += int(fen)
    return _sorted(sums)


def from_kept(connection: sa.Connection, book: Book) -> list[Movement]:
    """Movements as kept."""
    return balances.movements(connection, book.book_id)


def written(connection: sa.Connection, book: Book, folder: Path) -> Path:
    """The book as text on disk; returns its main file."""
    for name, text in render(read_book(connection, book)).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / MAIN


def from_beancount(main: Path) -> list[Movement]:
    """Movements as Beancount reads them from the text alone; any error of Beancount fails."""
    from beancount import loader
    from beancount.core import data

    loader.initialize(use_cache=False)
    entries, errors, _ = loader.load_file(str(main))
    assert not errors, errors[:3]
    codes = {one.account: str(one.meta["code"]) for one in entries if isinstance(one, data.Open)}
    sums: dict[tuple[str, Month], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    vouchers: list[Any] = [one for one in entries if isinstance(one, data.Transaction)]
    for entry in vouchers:
        for leg in entry.postings:
            fen = int(leg.units.number * 100)
            assert leg.units.number * 100 == fen
            credit = leg.meta["side"] == "C"
            sums[codes[leg.account], Month.parse(entry.meta["period"])][2 * ("closing" in entry.tags) + credit] += -fen if credit else fen
    return _sorted(sums)

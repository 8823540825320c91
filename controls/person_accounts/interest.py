"""Yearly interest (年度结息): reckoned for every account at once by the method and rate in force, proposed by one, re-reckoned at review by another.

Interest has no entry in the books: it stands in the memorandum (备查簿), in each account's year, and in K15.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa

from controls import periods
from controls.duties import Actor, Duty, require
from controls.person_accounts import acts
from controls.person_accounts.errors import YearNotReady
from controls.person_accounts.opening import first_month
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.money import Fen
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.person_accounts import flows, law, store
from ledger.person_accounts.columns import reckon
from ledger.person_accounts.flows import Span, Start
from ledger.person_accounts.law import Method
from ledger.person_accounts.store import Batch, Wanted, YearRow


@dataclass(frozen=True, slots=True)
class Year:
    """A year reckoned: its rows in key order, and what was used."""

    rows: list[YearRow]
    method: str
    rate: int
    rule: str | None
    persons: int
    carried: Fen
    strange: int

    def sums(self) -> dict[str, Fen]:
        """Fen of the year: opening, entered, moved, paid, interest, closing."""
        names = ("opening", "entered", "moved", "paid", "interest", "closing")
        return {name: sum(int(row[place]) for row in self.rows) for place, name in enumerate(names, 2)}


def reckoned(
    connection: sa.Connection, book: Book, year: int, *, method: str = "", rate: int | None = None, rule: str | None = None, given: bool = False
) -> Year:
    """The year's columns with interest. Without ``given`` method, rate and rule are the parameters of that year (SB1031 when unset)."""
    last = date(year, 12, 31)
    known = Parameters.load()
    way = method if given else known.text("account_interest_method", last, fund=book.fund.value)
    at = rate if given and rate is not None else known.number("account_interest_rate", last, fund=book.fund.value)
    found = span_of(connection, book, year, law.method(way))
    drawn_by = rule if given else flows.draw_rule(book, found.columns, Month(year, 12))
    made = reckon(found.columns, drawn_by, law.method(way), at)
    columns = found.columns
    order = sorted(range(len(columns.parts)), key=lambda place: columns.parts[place])
    moving = np.stack([columns.opening, columns.entered, columns.moved, made.drawn, made.interest, made.closing], axis=2)
    # A cell that acts overdrew is shown as moved down to nil: the year's balance is never negative (K15 names it).
    moving[:, :, 2] += columns.available - (columns.opening + columns.entered + columns.moved)
    alive = (moving != 0).any(axis=2)[:, order]
    persons, places = np.nonzero(alive)
    values = moving[:, order, :][persons, places].tolist()
    names = [columns.parts[place] for place in order]
    rows = [(columns.numbers[who], names[place], *row) for who, place, row in zip(persons.tolist(), places.tolist(), values, strict=True)]
    return Year(rows, way, at, drawn_by, int(alive.any(axis=1).sum()), int(made.carried.sum()), len(found.strange))


def span_of(connection: sa.Connection, book: Book, year: int, method: Method, number: str = "") -> Span:
    """The columns of one year (of one person), from the balances of the year before."""
    begin = flows.start(connection, book.book_id, year)
    return flows.span(connection, book, Month(year, 12), begin=begin if begin.year is not None else Start(None, None), method=method, number=number)


def propose(work: UnitOfWork, now: str, actor: Actor, book: Book, year: int, evidence: str) -> Batch:
    """Reckons and proposes a year's interest. Raises SB1031, SB1420, SB1424, SB3001, SB3042, SB3206."""
    acts.may_prepare(actor, "interest")
    law.fund_law(book.fund)
    _ready(work.connection, book, year)
    made = reckoned(work.connection, book, year)
    if not made.rows:
        raise YearNotReady(fund=book.fund.zh, year=year, why="没有个人账户")
    facts = {
        "year": year, "method": made.method, "rate": made.rate, "rule": made.rule, "persons": made.persons, "carried": made.carried, "strange": made.strange,
        "sums": made.sums(),
    }  # fmt: skip
    reason = f"{year} 年度结息，年利率万分之 {made.rate}，{made.method}"
    wanted = Wanted("interest", Month(year, 12), books=False, reason=reason, evidence=evidence, key=str(year), facts=facts)
    return acts.propose(work, now, actor, book.book_id, wanted, years=made.rows)


def review(work: UnitOfWork, now: str, actor: Actor, book: Book, batch_id: int) -> Batch:
    """Reckons the year again and accepts it when it is still the same. Raises as :func:`acts.review`."""
    require(actor, Duty.REVIEW)
    found = acts.get(work.connection, book.book_id, batch_id)
    return acts.review(work, now, actor, book.book_id, batch_id, still=holds(work.connection, book, found))


def holds(connection: sa.Connection, book: Book, found: Batch) -> bool:
    """Whether the rows of an interest act are what the flows of its year give, with its own method, rate and rule."""
    told = found.facts
    made = reckoned(connection, book, told["year"], method=told["method"], rate=told["rate"], rule=told["rule"], given=True)
    wanted = Wanted(found.kind, found.period, found.books, found.reason, found.evidence, found.key, told)
    return store.rows_digest(store.head_of(wanted, found.batch_id), made.rows) == found.digest


def _ready(connection: sa.Connection, book: Book, year: int) -> None:
    """Passes when the year is over and closed, and follows the last one settled; raises SB3206."""
    why = ""
    december = Month(year, 12)
    begin = flows.start(connection, book.book_id)
    first = first_month(connection, book.book_id)
    waiting = [one for one in store.batches(connection, book.book_id, kind="interest") if one.state == "proposed"]
    open_ones = [str(one.month) for one in periods.states(connection, book.book_id) if one.month <= december and one.state != "closed"]
    if begin.year is not None and year != begin.year + 1:
        why = f"已结到 {begin.year} 年，下一个是 {begin.year + 1} 年"
    elif begin.year is None and first is not None and first < year * 100:
        why = f"{Month.from_number(first)} 已有账户变动，先结 {first // 100} 年"
    elif waiting:
        why = f"{waiting[0].label} 尚未审核"
    elif open_ones:
        why = f"{'、'.join(open_ones[:3])} 尚未结账"
    elif not any(one.month == december for one in periods.states(connection, book.book_id)):
        why = f"账套没有 {december}"
    if why:
        raise YearNotReady(fund=book.fund.zh, year=year, why=why)

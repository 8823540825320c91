"""One person's accounts by year and part: settled years as the interest acts left them, and what has come since; each proved from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ledger.accounts import Book
from ledger.money import Fen
from ledger.months import Month
from ledger.person_accounts import flows, law
from ledger.person_accounts.reading import Cells
from ledger.person_records.lines import ActLine, Booked, YearLine

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class AccountYear:
    """One part of one account: fen through a settled year (``act`` its interest act), or from ``since`` to ``until`` where interest is still to come."""

    number: str
    since: Month
    until: Month
    part: str
    opening: Fen
    entered: Fen
    moved: Fen
    paid: Fen
    interest: Fen
    closing: Fen
    act: str = ""
    carried: Fen = 0


@dataclass(frozen=True, slots=True)
class Untied:
    """A span of which the rows and the account do not say the same: ``what`` (记入, 转移等), fen by row and in the account."""

    span: str
    what: str
    rows: Fen
    account: Fen


def begins(book: Book) -> Month:
    """The first month of which an account of this book can tell anything."""
    return book.opened


def of_person(
    connection: Connection, book: Book, number: str, through: Month, years: Iterable[YearLine], contributions: Sequence[Booked], acts: Sequence[ActLine]
) -> tuple[list[AccountYear], list[Untied]]:
    """The account of one number in one book, and where it does not tie to its rows (those of :mod:`ledger.person_records.lines`). Raises SB1031."""
    mine = [one for one in years if one.book_id == book.book_id and one.number == number]
    made = [
        AccountYear(
            number, Month(one.year, 1), Month(one.year, 12), one.part, one.opening, one.entered, one.moved, one.paid, one.interest, one.closing,
            f"{one.book_id}-{one.batch_id}",
        )
        for one in mine
    ]  # fmt: skip
    begin = flows.start(connection, book.book_id, before=through.year + (through.month == 12))
    if begin.month < through.number:
        made += _since(connection, book, number, through, begin)
    ours = [one for one in contributions if one.book_id == book.book_id and one.number == number]
    moves = [one for one in acts if one.book_id == book.book_id and one.number == number]
    return _told_apart(made, moves), _untied(book, made, ours, moves)


def _since(connection: Connection, book: Book, number: str, through: Month, begin: flows.Start) -> list[AccountYear]:
    found = flows.span(connection, book, through, begin=begin, number=number)
    columns = found.columns
    if not columns.numbers:
        return []
    made = flows.state(connection, book, found, through)
    since = Month(begin.year + 1, 1) if begin.year is not None else min(begins(book), through)
    carried = int(made.carried.sum())
    rows = []
    for place, part in enumerate(columns.parts):
        opening, entered, moved, paid, closing = (int(v[0, place]) for v in (columns.opening, columns.entered, columns.moved, made.drawn, made.closing))
        rows.append(AccountYear(number, since, through, part, opening, entered, moved, paid, 0, closing, carried=carried if not place else 0))
    return rows


KIND_OF_ROW = {"opening": "opening", "interest": "interest", "paid_once": "paid", "cleared": "paid"}
"""Rows of acts that a reader looks for under another head than moves."""


def _told_apart(made: Sequence[AccountYear], acts: Sequence[ActLine]) -> list[AccountYear]:
    """Moves told apart: opening balances taken in, interest on leaving and one-off payments stand in their own columns; the closing stays."""
    shown = []
    first = min((one.since for one in made), default=None)
    for one in made:
        after = (one.since - 1).number if one.since != first else 0
        sums = dict.fromkeys(("opening", "interest", "paid"), 0)
        for act in acts:
            if act.part == one.part and after < act.month <= one.until.number and act.row in KIND_OF_ROW:
                sums[KIND_OF_ROW[act.row]] += act.fen
        moved = one.moved - sum(sums.values())
        opening, interest = one.opening + sums["opening"], one.interest + sums["interest"]
        shown.append(replace(one, opening=opening, moved=moved, paid=one.paid - sums["paid"], interest=interest))
    return shown


def _untied(book: Book, made: Sequence[AccountYear], contributions: Sequence[Booked], acts: Sequence[ActLine]) -> list[Untied]:
    """What the rows say entered and moved, against what the account says, span by span."""
    found = []
    rules = law.fund_law(book.fund)
    outside = {one.code for one in law.parts() if one.outside}
    first = min((one.since for one in made), default=None)
    for since, until in sorted({(one.since, one.until) for one in made}):
        after = (since - 1).number if since != first else 0
        sums: dict[tuple[str, str], Fen] = {}
        for one in contributions:
            if after < one.month <= until.number:
                sums[one.kind, one.account] = sums.get((one.kind, one.account), 0) + one.fen
        cells: Cells = [("", part, account, fen, 0) for (part, account), fen in sums.items()]
        entered, _ = flows.entering(rules, date(until.year, until.month, 1), cells)
        said = sum(row[2] for row in entered)
        moved = sum(one.fen for one in acts if after < one.month <= until.number and one.part not in outside)
        shown = [one for one in made if one.since == since]
        pairs = (("记入", said, sum(one.entered for one in shown)), ("转移等", moved, sum(one.moved for one in shown)))
        found += [Untied(f"{since}—{until}", what, mine, theirs) for what, mine, theirs in pairs if mine != theirs]
    return found

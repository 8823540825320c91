"""到龄预告: insured people who reach the age of their pension in the coming months, from the register of persons and the dated ages.

Residents (R) at the age of ``resident_pension_age``; employees (E, G) at the delayed age of their birth month. The register does not say
which of the two ages a woman has (50 or 55), so she is named at both, and the form says which. Nobody is told here that a pension is due:
years of contributions are shown as far as this ledger has them, and the rest is for the handler.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls.checks import ages
from ledger import person_tables as tables
from ledger import persons
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.spans import Piece, on, overlay
from ledger.tables import contribution, entry

YOUNGEST, OLDEST = 44, 66
"""Whole years around every age of pension; only births between are read."""
CHUNK = 500
FUNDS = (Fund.R, Fund.E, Fund.G)


@dataclass(frozen=True, slots=True)
class Coming:
    """One person: record, number and name in force, birth, place, the month of the age, the first month due, which age, and years paid in this ledger."""

    person_id: int
    number: str
    name: str
    birth: date
    region: str
    town: str
    village: str
    reached: Month
    first_due: Month
    why: str
    years: int


def listed(connection: sa.Connection, book: Book, first: Month, last: Month, knowledge: int | None = None) -> list[Coming]:
    """Who reaches the age in a month from ``first`` to ``last``, by town, village and number; a fund without a pension has nobody. Raises SB1031."""
    if book.fund not in FUNDS:
        return []
    known = persons.horizon(connection) if knowledge is None else knowledge
    parameters = Parameters.load()
    waiting = _enrolled(connection, book.fund, last.last_day, known)
    found = []
    for row in _born(connection, book.fund, first, last, known):
        if row.region not in waiting.get(row.person_id, set()):
            continue
        birth = date.fromisoformat(row.birth)
        for due in _ages(book.fund, birth, row.sex or ages.sex(row.number), row.region, parameters):
            month = Month.from_number(due.first_due) - 1
            if first <= month <= last:
                found.append(
                    Coming(row.person_id, row.number, row.name, birth, row.region, row.town, row.village, month, month + 1, due.why, 0)
                )  # fmt: skip
    paid = _years(connection, book, sorted({one.number for one in found}))
    told = [
        Coming(c.person_id, c.number, c.name, c.birth, c.region, c.town, c.village, c.reached, c.first_due, c.why, paid.get(c.number, 0)) for c in found
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one.reached.number, one.town, one.village, one.number, one.why))


def _ages(fund: Fund, birth: date, sex: str, region: str, parameters: Parameters) -> list[ages.Due]:
    if fund is Fund.R:
        return [ages.resident(birth, region, sex, parameters)]
    categories = {"男": ("男职工",), "女": ("女职工50", "女职工55")}.get(sex, ("男职工", "女职工50", "女职工55"))
    return [ages.delayed(birth, category, parameters) for category in categories]


def _born(connection: sa.Connection, fund: Fund, first: Month, last: Month, known: int) -> list[sa.Row[tuple[object, ...]]]:
    """Registered persons of the fund born so that an age may fall into the months, with number and name as first known."""
    person, place = tables.person.c, tables.registration.c
    early, late = Month(first.year - OLDEST, first.month).first_day, Month(last.year - YOUNGEST, last.month).last_day
    query = (
        sa.select(person.person_id, person.number, person.name, person.birth, person.sex, place.region, place.town, place.village)
        .join(tables.registration, place.person_id == person.person_id)
        .where(place.fund == fund.value, person.birth >= early.isoformat(), person.birth <= late.isoformat(), place.knowledge_no <= known)
        .order_by(person.person_id, place.region)
    )
    return list(connection.execute(query))


def _enrolled(connection: sa.Connection, fund: Fund, day: date, known: int) -> dict[int, set[str]]:
    """Person → regions in which the status on the day is 参保 (neither drawing nor stopped)."""
    columns = tables.status.c
    query = (
        sa.select(columns.person_id, columns.region, columns.from_on, columns.to_on, columns.status)
        .where(columns.fund == fund.value, columns.knowledge_no <= known)
        .order_by(columns.knowledge_no, columns.from_on)
    )
    pieces: dict[tuple[int, str], list[Piece[str]]] = defaultdict(list)
    for person_id, region, start, end, status in connection.execute(query):
        pieces[person_id, region].append(Piece(date.fromisoformat(start), date.fromisoformat(end), status))
    found: dict[int, set[str]] = defaultdict(set)
    for (person_id, region), mine in pieces.items():
        if on(overlay(mine), day) == "enrolled":
            found[person_id].add(region)
    return found


def _years(connection: sa.Connection, book: Book, numbers: list[str]) -> dict[str, int]:
    """Number → calendar years for which this ledger booked contributions; looked up by key under every source."""
    columns, found = contribution.c, defaultdict(set)
    booked = sa.select(entry.c.contribution_source).where(entry.c.book_id == book.book_id, entry.c.contribution_source.is_not(None)).distinct()
    sources = list(connection.execute(booked).scalars())
    for place in range(0, len(numbers) if sources else 0, CHUNK):
        some = numbers[place : place + CHUNK]
        query = (
            sa.select(columns.number, columns.period, sa.func.sum(columns.amount_fen))
            .where(columns.book_id == book.book_id, columns.source_id.in_(sources), columns.number.in_(some))
            .group_by(columns.number, columns.period)
        )
        for number, period, fen in connection.execute(query):
            if fen > 0:
                found[number].add(period // 100)
    return {number: len(years) for number, years in found.items()}

"""资格认证: who must be certified by when, who is paused for want of it, who goes on after it, and which months are then paid back.

The last certification of a person is the later of the register 资格认证登记 and the people files in use (最近认证日期); it holds for
``certification_months`` (as rule E2 counts: the later of it and 待遇起始年月). Pausing and resuming are changes of the register of persons,
asked for by HANDLE_CERTIFY and reviewed by another; nobody is paused by a list alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from controls.intake import register
from controls.person_tables import person_change, person_decision
from controls.registers import law as registers
from controls.registers import sheet as sheets
from ledger import person_tables as tables
from ledger import persons
from ledger.accounts import Book
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.spans import Piece, on, overlay

REGISTER = "certifications"
REASON = "未按期资格认证"
RESUMED = "资格认证通过"
LATE, NOW, SOON = "逾期", "本月到期", "将到期"
STATES = (LATE, NOW, SOON)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One person drawing: record, number, name, place, last certification (None: none known) or the start that stands for it, last month it holds, state."""

    person_id: int
    number: str
    name: str
    region: str
    town: str
    village: str
    certified_on: date | None
    started: Month | None
    holds_to: Month
    state: str


@dataclass(frozen=True, slots=True)
class DueList:
    """Who is due in one month: the lines, how many draw in all, and whom nothing is known of (neither certification nor start)."""

    month: Month
    lines: tuple[DueLine, ...]
    drawing: int
    unknown: tuple[str, ...]

    def of(self, state: str) -> list[DueLine]:
        """The lines of one state."""
        return [one for one in self.lines if one.state == state]


def due(connection: sa.Connection, home: Path, book: Book, month: Month, *, ahead: int = 1, as_of: date | None = None, today: date | None = None) -> DueList:
    """Who among those drawing on the month's last day is late, due in the month, or due within ``ahead`` months after it. Raises SB1031."""
    today = today or date.max
    known = _certified(connection, home, book, as_of or today, today)
    parameters = Parameters.load()
    lines, unknown, count = [], [], 0
    for person_id, region, started in _drawing(connection, book, month.last_day):
        count += 1
        number, name, town, village = started.who
        certified, begun = known.get(number, (None, None))
        start = begun or started.month
        marks = [Month.of(certified)] if certified is not None else []
        marks += [start] if start is not None else []
        if not marks:
            unknown.append(number)
            continue
        last = max(marks, key=lambda one: one.number)
        until = last + holds(book, region, last, parameters)
        state = LATE if until < month else NOW if until == month else SOON if until <= month + ahead else ""
        if state:
            lines.append(DueLine(person_id, number, name, region, town, village, certified, start, until, state))
    lines.sort(key=lambda one: (STATES.index(one.state), one.town, one.village, one.number))
    return DueList(month, tuple(lines), count, tuple(sorted(unknown)))


def holds(book: Book, region: str, since: Month, parameters: Parameters | None = None) -> int:
    """For how many months a certification of that month holds; raises SB1031."""
    return (parameters or Parameters.load()).number("certification_months", since.first_day, fund=book.fund.value, region=region)


def certified(connection: sa.Connection, home: Path, book: Book, today: date) -> dict[str, date]:
    """Number → day of the last certification known today."""
    found = _certified(connection, home, book, today, date.max)
    return {number: day for number, (day, _) in found.items() if day is not None}


@dataclass(frozen=True, slots=True)
class _Started:
    who: tuple[str, str, str, str]
    month: Month | None


def _drawing(connection: sa.Connection, book: Book, day: date) -> Iterator[tuple[int, str, _Started]]:
    """(person, region, who and since which month) of everybody drawing on the day, of linked records the head alone."""
    status, person, place = tables.status.c, tables.person.c, tables.registration.c
    pieces: dict[tuple[int, str], list[Piece[str]]] = defaultdict(list)
    query = sa.select(status.person_id, status.region, status.from_on, status.to_on, status.status)
    query = query.where(status.fund == book.fund.value).order_by(status.knowledge_no, status.from_on)
    for person_id, region, start, end, code in connection.execute(query):
        pieces[person_id, region].append(Piece(date.fromisoformat(start), date.fromisoformat(end), code))
    places = {
        (row.person_id, row.region): (row.number, row.name, row.town, row.village)
        for row in connection.execute(
            sa.select(person.person_id, place.region, person.number, person.name, place.town, place.village)
            .join(tables.registration, place.person_id == person.person_id)
            .where(place.fund == book.fund.value)
        )
    }
    heads = persons.links(connection)
    for (person_id, region), mine in sorted(pieces.items()):
        laid = overlay(mine)
        if on(laid, day) != "drawing" or person_id in heads:
            continue
        since = next(piece.from_on for piece in laid if day in piece)
        who = places.get((person_id, region), ("", "", "", ""))
        yield person_id, region, _Started(who, Month.of(since) if since.year > 1900 else None)


def _certified(connection: sa.Connection, home: Path, book: Book, as_of: date, today: date) -> dict[str, tuple[date | None, Month | None]]:
    """Number → last certification and 待遇起始年月, from the register and the people files in use."""
    found: dict[str, tuple[date | None, Month | None]] = {}
    for source in register.current(connection, "people", on=min(as_of, today) if min(as_of, today) < date.max else None):
        table = source.table(home)
        columns = (table.column(name).to_pylist() for name in ("number", "fund", "certified_on", "start_month"))
        for number, fund, certified, start in zip(*columns, strict=True):
            if number and fund == book.fund.value:
                _later(found, number, certified, Month.from_number(start) if start else None)
    law = registers.get(REGISTER)
    if law.funds is None or book.fund in law.funds:
        made = sheets.sheet(connection, law, book, as_of, today=today)
        for state, payload in zip(made.states, made.payloads, strict=True):
            if state != "void":
                _later(found, str(payload["number"]), date.fromisoformat(str(payload["certified_on"])), None)
    return found


def _later(found: dict[str, tuple[date | None, Month | None]], number: str, certified: date | None, start: Month | None) -> None:
    before, begun = found.get(number, (None, None))
    last = max((day for day in (before, certified) if day is not None), default=None)
    begins = max((month for month in (begun, start) if month is not None), key=lambda month: month.number, default=None)
    found[number] = (last, begins)


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause for want of certification that ended: person, number, name, region, months of the pause [first, last], and when it ended."""

    person_id: int
    number: str
    name: str
    region: str
    first: Month
    last: Month


def paused_and_resumed(connection: sa.Connection, book: Book) -> list[Paused]:
    """Every accepted pause with :data:`REASON` that a later accepted resumption ended, by person and month."""
    change, decided, person = person_change.c, person_decision.c, tables.person.c
    query = (
        sa.select(change.person_id, change.region, change.value, change.from_on, change.reason, person.number, person.name)
        .join(person_decision, decided.change_id == change.change_id)
        .join(tables.person, person.person_id == change.person_id)
        .where(change.kind == "status", change.fund == book.fund.value, decided.decision == "accepted")
        .order_by(change.person_id, change.region, change.from_on, change.change_id)
    )
    found, waiting = [], {}
    for row in connection.execute(query):
        key = row.person_id, row.region
        if row.value == "suspended":
            waiting[key] = row if row.reason == REASON else None
        elif (begun := waiting.pop(key, None)) is not None and row.value == "drawing":
            first, resumed = Month.of(date.fromisoformat(begun.from_on)), Month.of(date.fromisoformat(row.from_on))
            if first < resumed:
                found.append(Paused(row.person_id, row.number, row.name, row.region, first, resumed - 1))
    return found


def waiting_for(connection: sa.Connection, book: Book) -> list[int]:
    """Numbers of the changes that pause or resume for certification and wait for review."""
    change = person_change.c
    query = (
        sa.select(change.change_id)
        .outerjoin(person_decision, person_decision.c.change_id == change.change_id)
        .where(change.kind == "status", change.fund == book.fund.value, change.reason.in_((REASON, RESUMED)), person_decision.c.change_id.is_(None))
        .order_by(change.change_id)
    )
    return list(connection.execute(query).scalars())


def suspended_now(connection: sa.Connection, book: Book) -> dict[int, tuple[str, str, date]]:
    """Person → (region, number, since when) of those paused for want of certification, by changes accepted; those that begin later too."""
    change, decided, person = person_change.c, person_decision.c, tables.person.c
    query = (
        sa.select(change.person_id, change.region, change.value, change.reason, change.from_on, person.number)
        .join(person_decision, decided.change_id == change.change_id)
        .join(tables.person, person.person_id == change.person_id)
        .where(change.kind == "status", change.fund == book.fund.value, decided.decision == "accepted")
        .order_by(change.from_on, change.change_id)
    )
    found: dict[int, tuple[str, str, date]] = {}
    for row in connection.execute(query):
        if row.value == "suspended" and row.reason == REASON:
            found[row.person_id] = (row.region, row.number, date.fromisoformat(row.from_on))
        else:
            found.pop(row.person_id, None)
    return found

"""The register of persons (登记簿): who is insured, under which numbers and names, with which status and bank account, since when and as known when.

A person has one record (P12), several registrations (险种 × 统筹区), and over time several numbers, names, statuses and bank
accounts. Every answer is bitemporal: ``on`` is the day the fact concerns (生效日), ``known_on`` the last day whose knowledge
counts (获知日; None: everything known now). Later knowledge lies over earlier knowledge and never rewrites it.
Loading stands in ``ledger.person_load``, changes signed by two people in ``ledger.person_acts``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from ledger import person_tables as tables
from ledger.errors_persons import NoSuchPerson
from ledger.identity import mask_number, normal_name, normal_number
from ledger.spans import FIRST, LAST, Piece, overlay

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Person:
    """One record: its id, birth date (None unknown) and sex (男, 女, '')."""

    person_id: int
    birth: date | None
    sex: str


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration (参保登记) of a person in one fund and region (six digits, as given)."""

    person_id: int
    fund: str
    region: str
    town: str
    village: str


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number (normal form; ``number_ok`` 1 when it is valid) and the days on which it is the person's; ``known_on`` says when that became known."""

    number: str
    id_type: str
    number_ok: int
    from_on: date
    to_on: date
    known_on: date
    signed_by: tuple[str, str]


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A name and the days on which the person bears it; an earlier one is a 曾用名."""

    name: str
    from_on: date
    to_on: date
    known_on: date
    signed_by: tuple[str, str]


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """A status code (enrolled, drawing, suspended, ended, dead) of one registration."""

    fund: str
    region: str
    status: str
    from_on: date
    to_on: date
    known_on: date
    signed_by: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AccountSpan:
    """A bank account, its holder and the holder's relation to the person (self, guardian, institution), for one fund; always signed by two."""

    fund: str
    bank_account: str
    holder: str
    relation: str
    bank: str
    from_on: date
    to_on: date
    known_on: date
    signed_by: tuple[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of a person: of the record itself and of every record linked to it."""

    person: Person
    linked: tuple[int, ...]
    registrations: tuple[Registration, ...]
    numbers: tuple[NumberSpan, ...]
    names: tuple[NameSpan, ...]
    statuses: tuple[StatusSpan, ...]
    bank_accounts: tuple[AccountSpan, ...]

    def number(self, day: date) -> str:
        """The number in force on ``day``, '' when none is known."""
        return next((span.number for span in self.numbers if span.from_on <= day < span.to_on), "")

    def name(self, day: date) -> str:
        """The name in force on ``day``, '' when none is known."""
        return next((span.name for span in self.names if span.from_on <= day < span.to_on), "")


@dataclass(frozen=True, slots=True)
class Found:
    """One person as lists show it: name and number in force on the day asked for."""

    person_id: int
    number: str
    name: str
    birth: date | None
    funds: tuple[str, ...]


def label(person_id: int) -> str:
    """``P12``: how a person's id is written."""
    return f"P{person_id}"


def horizon(connection: sa.Connection, known_on: date | None = None) -> int:
    """The number of the last knowledge that counts: of all, or of what was known on a day. 0 for an empty register."""
    query = sa.select(sa.func.coalesce(sa.func.max(tables.knowledge.c.knowledge_no), 0)).where(tables.knowledge.c.state == "closed")
    if known_on is not None:
        query = query.where(tables.knowledge.c.known_on <= known_on.isoformat())
    return int(connection.execute(query).scalar_one())


def count(connection: sa.Connection) -> int:
    """How many persons are registered."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(tables.person)).scalar_one())


def find(connection: sa.Connection, number: str, known_on: date | None = None) -> list[int]:
    """Ids of the persons who hold or held ``number`` in any of its forms (15 or 18 digits, full-width, spaced); of linked records the head."""
    wanted_number, last = normal_number(number), horizon(connection, known_on)
    ids = {
        row.person_id
        for table in (tables.person, tables.number)
        for row in connection.execute(sa.select(table.c.person_id).where(table.c.number == wanted_number, table.c.knowledge_no <= last))
    }
    return sorted({head_of(_near(connection, person_id, last), person_id) for person_id in ids})


def records(connection: sa.Connection) -> dict[str, int]:
    """Every number that somebody holds or held → its record (of a linked one itself, not the head)."""
    found: dict[str, int] = {}
    for table in (tables.person, tables.number):
        for held, person_id in connection.execute(sa.select(table.c.number, table.c.person_id)).all():
            found[held] = person_id
    return found


def wanted(connection: sa.Connection, text: str) -> int:
    """The person meant by ``P12`` or by a number; raises SB1400."""
    asked = text.strip().upper()
    if asked.startswith("P") and asked[1:].isdigit() and len(asked) <= 12:
        person_id = int(asked[1:])
        if connection.execute(sa.select(tables.person.c.person_id).where(tables.person.c.person_id == person_id)).first() is None:
            raise NoSuchPerson(wanted=asked)
        return person_id
    found = find(connection, asked)
    if len(found) != 1:
        raise NoSuchPerson(wanted=f"号码 {mask_number(normal_number(asked))}")
    return found[0]


def search(connection: sa.Connection, *, name: str = "", last4: str = "", day: date, page: int = 1, size: int = 20) -> tuple[list[Found], int]:
    """Persons who bear or bore ``name`` and hold a number ending in ``last4``: one page of them, and how many there are in all."""
    norm, end = normal_name(name), last4.strip().upper()
    ids = {
        row.person_id
        for table in (tables.person, tables.name)
        for row in connection.execute(sa.select(table.c.person_id).where(table.c.name_norm == norm).distinct())
    }
    if end:
        ids = {person_id for person_id in ids if any(held.endswith(end) for held in _numbers(connection, person_id))}
    listed = sorted(ids)
    return [brief(connection, person_id, day) for person_id in listed[(page - 1) * size : page * size]], len(listed)


def _numbers(connection: sa.Connection, person_id: int) -> set[str]:
    tables_of = (tables.person, tables.number)
    return {row.number for table in tables_of for row in connection.execute(sa.select(table.c.number).where(table.c.person_id == person_id))}


def brief(connection: sa.Connection, person_id: int, day: date) -> Found:
    """A person as lists show it; raises SB1400."""
    told = history(connection, person_id)
    return Found(person_id, told.number(day), told.name(day), told.person.birth, tuple(sorted({item.fund for item in told.registrations})))


def links(connection: sa.Connection, known_on: date | None = None, last: int | None = None) -> dict[int, int]:
    """Person id → the record it is linked to, as known; records that stand alone are left out. ``last``: the horizon where the caller has it."""
    columns = tables.link.c
    rows = connection.execute(
        sa.select(columns.person_id, columns.same_as, columns.linked)
        .where(columns.knowledge_no <= (horizon(connection, known_on) if last is None else last))
        .order_by(columns.knowledge_no)
    )
    found = {row.person_id: row.same_as if row.linked else 0 for row in rows}
    return {person_id: same for person_id, same in found.items() if same}


def head_of(heads: dict[int, int], person_id: int) -> int:
    """The record at the head of a chain of links."""
    while person_id in heads:
        person_id = heads[person_id]
    return person_id


def group(connection: sa.Connection, person_id: int, known_on: date | None = None, last: int | None = None) -> tuple[int, ...]:
    """Every record of the same person, ascending. Links are followed from this record, so others' links cost nothing."""
    heads = _near(connection, person_id, horizon(connection, known_on) if last is None else last)
    head = head_of(heads, person_id)
    return tuple(sorted({head, *(other for other in heads if head_of(heads, other) == head)}))


def _near(connection: sa.Connection, person_id: int, last: int) -> dict[int, int]:
    """:func:`links` of the records that were ever tied, at any remove, to this one."""
    columns = tables.link.c
    state: dict[int, tuple[int, int]] = {}
    known: set[int] = set()
    ask = {person_id}
    while ask:
        touched = sa.or_(columns.person_id.in_(ask), columns.same_as.in_(ask))
        query = sa.select(columns.person_id, columns.same_as, columns.linked, columns.knowledge_no).where(columns.knowledge_no <= last, touched)
        rows = connection.execute(query).all()
        for row in rows:
            if row.knowledge_no >= state.get(row.person_id, (0, 0))[0]:
                state[row.person_id] = row.knowledge_no, row.same_as if row.linked else 0
        known |= ask
        ask = {one for row in rows for one in (row.person_id, row.same_as)} - known
    return {one: same for one, (_, same) in state.items() if same}


def history(connection: sa.Connection, person_id: int, known_on: date | None = None) -> History:
    """Everything known of a person and of the records linked to it, as known on a day; raises SB1400."""
    row = connection.execute(sa.select(tables.person).where(tables.person.c.person_id == person_id)).first()
    if row is None:
        raise NoSuchPerson(wanted=label(person_id))
    last = horizon(connection, known_on)
    linked = tuple(other for other in group(connection, person_id, known_on, last) if other != person_id)
    ids = (person_id, *linked)
    learned = _first_learned(connection, ids, last)
    registered = connection.execute(
        sa.select(tables.registration)
        .where(tables.registration.c.person_id.in_(ids), tables.registration.c.knowledge_no <= last)
        .order_by(tables.registration.c.fund, tables.registration.c.region, tables.registration.c.person_id)
    )
    spans = partial(_spans, connection, ids, last)
    accounts = spans(tables.bank_account, ("fund", "bank_account", "holder", "relation", "bank"), AccountSpan, by=("fund",))
    return History(
        person=Person(row.person_id, date.fromisoformat(row.birth) if row.birth else None, row.sex),
        linked=linked,
        registrations=tuple(Registration(item.person_id, item.fund, item.region, item.town, item.village) for item in registered),
        numbers=tuple(spans(tables.number, ("number", "id_type", "number_ok"), NumberSpan, learned=learned)),
        names=tuple(spans(tables.name, ("name",), NameSpan, learned=learned)),
        statuses=tuple(spans(tables.status, ("fund", "region", "status"), StatusSpan, by=("fund", "region"))),
        bank_accounts=tuple(span for span in accounts if span.bank_account),
    )


def status(connection: sa.Connection, person_id: int, fund: str, *, on_day: date, known_on: date | None = None) -> dict[str, StatusSpan]:
    """Region → the status of the person's registration in ``fund`` on ``on_day``, as known on ``known_on``; raises SB1400."""
    spans = history(connection, person_id, known_on).statuses
    return {span.region: span for span in spans if span.fund == fund and span.from_on <= on_day < span.to_on}


def account_on(connection: sa.Connection, person_id: int, fund: str, *, on_day: date, known_on: date | None = None) -> AccountSpan | None:
    """The bank account in force for ``fund`` on ``on_day``, as known on ``known_on``, None when none is; raises SB1400.

    A record's own account goes before those of the records linked to it: a link never moves money from one account to another.
    """
    spans = history(connection, person_id, known_on).bank_accounts
    return next((span for span in spans if span.fund == fund and span.from_on <= on_day < span.to_on), None)


def _spans(
    connection: sa.Connection,
    ids: Sequence[int],
    last: int,
    table: sa.Table,
    columns: Sequence[str],
    make: Callable[..., Made],
    *,
    by: Sequence[str] = (),
    learned: Sequence[sa.Row[Any]] = (),
) -> list[Made]:
    """Spans of one table for these records as known up to ``last``, overlaid for each record (the person's own first) and value of ``by``.

    ``learned``: how the records were first learned, which holds for all days as far as nothing later is known.
    ``make`` takes the columns, then from, to, known on and the two signers.
    """  # fmt: skip
    known = tables.knowledge.c
    query = (
        sa.select(table, known.known_on, known.requested_by, known.reviewed_by)
        .join(tables.knowledge, known.knowledge_no == table.c.knowledge_no)
        .where(table.c.person_id.in_(ids), table.c.knowledge_no <= last)
        .order_by(table.c.knowledge_no, table.c.from_on)
    )
    said: dict[tuple[Any, ...], list[Piece[Any]]] = defaultdict(list)
    for row in learned:
        first = (tuple(row._mapping[name] for name in columns), date.fromisoformat(row.known_on), ("", ""))
        said[(ids.index(row.person_id),)].append(Piece(FIRST, LAST, first))
    for row in connection.execute(query):
        cells = row._mapping
        signers = (row.requested_by, row.reviewed_by) if cells["signed"] else ("", "")
        value = (tuple(cells[name] for name in columns), date.fromisoformat(row.known_on), signers)
        key = (ids.index(cells["person_id"]), *(cells[name] for name in by))
        said[key].append(Piece(date.fromisoformat(cells["from_on"]), date.fromisoformat(cells["to_on"]), value))
    pieces = (piece for key in sorted(said) for piece in overlay(said[key]))
    return [make(*piece.value[0], piece.from_on, piece.to_on, *piece.value[1:]) for piece in pieces]


def _first_learned(connection: sa.Connection, ids: Sequence[int], last: int) -> Sequence[sa.Row[Any]]:
    """The numbers and names under which these records were first learned, with the day."""
    query = (
        sa.select(tables.person, tables.knowledge.c.known_on)
        .join(tables.knowledge, tables.knowledge.c.knowledge_no == tables.person.c.knowledge_no)
        .where(tables.person.c.person_id.in_(ids), tables.person.c.knowledge_no <= last)
    )
    return connection.execute(query).all()


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A doubt of a load: ``key`` is ``load:place``, ``line`` the file's line, ``told`` what the file says (masked), ``rows`` how many rows say so."""

    key: str
    code: str
    person_id: int
    other_person: int
    line: int
    number: str
    name: str
    told: str
    rows: int


def doubts(connection: sa.Connection, load: int = 0) -> list[Doubtful]:
    """The doubts of one load by its knowledge number, or of the latest."""
    if not load:
        latest = sa.select(sa.func.coalesce(sa.func.max(tables.knowledge.c.knowledge_no), 0)).where(tables.knowledge.c.kind == "load")
        load = int(connection.execute(latest).scalar_one())
    columns = tables.doubt.c
    rows = connection.execute(sa.select(tables.doubt).where(columns.knowledge_no == load).order_by(columns.doubt_no))
    return [
        Doubtful(f"{row.knowledge_no}:{row.doubt_no}", row.code, row.person_id, row.other_person, row.line, row.number, row.name, row.told, row.rows)
        for row in rows
    ]


def doubt(connection: sa.Connection, key: str) -> Doubtful:
    """One doubt by ``load:place``; raises SB1400."""
    load, _, place = key.partition(":")
    found = doubts(connection, int(load)) if load.isdigit() and len(load) < 10 and int(load) else []
    for one in found:
        if one.key == f"{int(load)}:{place}":
            return one
    raise NoSuchPerson(wanted=f"存疑 {key}")

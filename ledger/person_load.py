"""Loading a people file (人员名单) into the register: what is new becomes spans, what contradicts becomes a doubt (存疑) for somebody to decide.

Set-based: the register is read once, the rows are compared in memory, and what is new is written by bulk inserts. A person is
known by number alone: equal names never merge two records, and a number whose name or birth date differs never changes one.
Loading the same file again changes nothing.
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger import person_tables as tables
from ledger.db import UnitOfWork
from ledger.errors_persons import OlderSnapshot
from ledger.identity import mask_name, mask_number, normal_name
from ledger.person_doubts import Doubt, DoubtRow
from ledger.person_knowledge import Rows, Source, enter, open_knowledge, taken
from ledger.person_statuses import Judged, judge_status
from ledger.person_words import words
from ledger.spans import FIRST, LAST, Piece, on, overlay

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST, _LAST = FIRST.isoformat(), LAST.isoformat()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load taught: ``knowledge_no``, counts of what is new, registrations of these funds and regions no longer listed, and the doubts by code.

    ``names`` counts former and changed names; a new person's own number and name are not counted apart.
    """

    knowledge_no: int
    already: bool
    rows: int
    persons: int = 0
    registrations: int = 0
    names: int = 0
    statuses: int = 0
    gone: int = 0
    doubts: dict[str, int] = field(default_factory=dict)
    digest: str = ""


class _Row(NamedTuple):
    """The columns of a canonical ``people`` table that the register reads."""

    line: int
    number: str
    number_ok: bool
    damaged: bool
    id_type: str
    name: str
    name_norm: str
    sex: str
    birth: date | None
    fund: str
    region: str
    town: str
    village: str
    enrol_status: str
    benefit_status: str
    first_month: int | None
    start_month: int | None
    end_month: int | None
    former_name: str


COLUMNS = _Row._fields


def load(work: UnitOfWork, table: pa.Table, *, file_id: int, loaded_by: str, known_on: date, recorded_at: str, as_of: date) -> Loaded:
    """Loads a canonical ``people`` table (FORMATS.md) of file ``file_id``, known on ``known_on`` and standing for ``as_of``.

    A file loaded before is left alone (``already``). Raises SB1401 (older than what is registered of a fund and region), SB1402.
    """
    if known := taken(work.connection, "load", file_id):
        return Loaded(known, True, table.num_rows)
    scopes = Counter(zip(_plain(table.column("fund")), _plain(table.column("region")), strict=True))
    _refuse_older(work.connection, scopes, as_of)
    no = open_knowledge(work, Source("load", file_id, loaded_by, as_of=as_of), known_on=known_on, recorded_at=recorded_at)
    with _no_collector():
        desk = _Desk(work.connection, no, as_of, frozenset(scopes))
        for row in zip(*(_plain(table.column(name)) for name in COLUMNS), strict=True):
            desk.take(_Row._make(row))
        desk.pairs()
        doubts = desk.doubts()
        seen = Rows(tables.scope, ("fund", "region", "knowledge_no", "rows"), [(fund, region, no, rows) for (fund, region), rows in sorted(scopes.items())])
        noted = Rows(tables.doubt, ("knowledge_no", "doubt_no", *DoubtRow._fields), [(no, place, *item) for place, item in enumerate(doubts, 1)])
        entered = enter(work, no, [seen, *desk.writes(), noted])
    counted: Counter[str] = Counter()
    for item in doubts:
        counted[item.code] += item.rows
    new = (len(desk.new_persons), len(desk.new_registrations), len(desk.new_names), len(desk.new_statuses))
    return Loaded(no, False, table.num_rows, *new, desk.gone(), dict(sorted(counted.items())), entered.digest)


@contextmanager
def _no_collector() -> Iterator[None]:
    # Millions of small tuples without a cycle among them: looking for cycles would take as long as the work.
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _plain(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = pa.types
    plain = kinds.is_integer(column.type) or kinds.is_boolean(column.type) or kinds.is_date(column.type)
    cells: list[Any] = (column if plain else pc.fill_null(column.cast(pa.string()), "")).to_pylist()
    return cells


def _refuse_older(connection: sa.Connection, scopes: Counter[tuple[str, str]], as_of: date) -> None:
    seen = tables.scope
    query = (
        sa.select(seen.c.fund, seen.c.region, sa.func.max(tables.knowledge.c.as_of).label("as_of"))
        .join(tables.knowledge, tables.knowledge.c.knowledge_no == seen.c.knowledge_no)
        .group_by(seen.c.fund, seen.c.region)
    )
    for row in connection.execute(query):
        if (row.fund, row.region) in scopes and row.as_of > as_of.isoformat():
            raise OlderSnapshot(as_of=as_of, fund=row.fund, region=row.region, known=row.as_of)


class _Desk:
    """The register as it is known, and what the rows of one file add to it."""

    def __init__(self, connection: sa.Connection, no: int, as_of: date, scopes: frozenset[tuple[str, str]]) -> None:
        self.no, self.as_of, self.day, self.words, self.scopes = no, as_of, as_of.isoformat(), words(), scopes
        number, name, registration, one, said = tables.number.c, tables.name.c, tables.registration.c, tables.person.c, tables.status.c
        self.holder: dict[str, int] = {}
        self.born: dict[int, str] = {}
        self.current: dict[int, str] = {}
        self.borne: dict[int, set[str]] = {}
        for person_id, held, birth, norm in fetched(connection, sa.select(one.person_id, one.number, one.birth, one.name_norm)):
            self.holder[held], self.born[person_id], self.current[person_id] = person_id, birth, norm
        self.holder.update(fetched(connection, sa.select(number.number, number.person_id)))
        self._renamed(fetched(connection, sa.select(name.person_id, name.name_norm, name.from_on, name.to_on).order_by(name.knowledge_no, name.from_on)))
        self.registered = set(fetched(connection, sa.select(registration.fund, registration.region, registration.person_id)))
        self.statuses: dict[tuple[str, str, int], tuple[tuple[str, str, str, int], ...]] = {}
        statuses = sa.select(said.fund, said.region, said.person_id, said.from_on, said.to_on, said.status, said.signed)
        for fund, region, person_id, *span in fetched(connection, statuses.order_by(said.knowledge_no, said.from_on)):
            key = (fund, region, person_id)
            self.statuses[key] = (*self.statuses.get(key, ()), tuple(span))
        self.next_person = max(self.born, default=0) + 1
        self.seen: dict[tuple[str, str, int], _Row] = {}
        self.judged: dict[tuple[Any, ...], Judged] = {}
        self.new_persons: list[tuple[Any, ...]] = []
        self.new_registrations: list[tuple[Any, ...]] = []
        self.new_names: list[tuple[Any, ...]] = []
        self.new_statuses: list[tuple[Any, ...]] = []
        self._doubts: list[DoubtRow] = []
        self._unknown: dict[str, DoubtRow] = {}
        self._faulty: set[int] = set()

    def _renamed(self, rows: list[tuple[Any, ...]]) -> None:
        """The name in force on the list's day, of those who bore several."""
        said: dict[int, list[Piece[str]]] = defaultdict(list)
        for person_id, norm, start, end in rows:
            if person_id not in said:
                said[person_id].append(Piece(FIRST, LAST, self.current[person_id]))
            said[person_id].append(Piece(date.fromisoformat(start), date.fromisoformat(end), norm))
        for person_id, pieces in said.items():
            self.borne[person_id] = {piece.value for piece in pieces}
            self.current[person_id] = on(overlay(pieces), self.as_of) or ""

    def take(self, row: _Row) -> None:
        """One row of the file."""
        if row.damaged or not row.number:
            self._doubt(Doubt.NO_NUMBER, row, 0)
            return
        person_id = self.holder.get(row.number)
        if person_id is None:
            person_id = self._enter(row)
        elif not self._same(person_id, row):
            return
        if not row.number_ok and person_id not in self._faulty:
            self._faulty.add(person_id)
            self._doubt(Doubt.BAD_NUMBER, row, person_id)
        key = (row.fund, row.region, person_id)
        if key in self.seen:
            if self.seen[key]._replace(line=row.line) != row:
                self._doubt(Doubt.TWICE, row, person_id, f"第 {self.seen[key].line} 行已有")
            return
        self.seen[key] = row
        if key not in self.registered:
            self.new_registrations.append((*key, row.town, row.village, self.no))
        self._status(key, row)

    def _enter(self, row: _Row) -> int:
        """A number never seen: a new person."""
        person_id, self.next_person = self.next_person, self.next_person + 1
        told = row.birth.isoformat() if row.birth else ""
        born = _born(row) or told
        self.holder[row.number], self.born[person_id], self.current[person_id] = person_id, born, row.name_norm
        self.new_persons.append((person_id, born, row.sex, row.number, row.id_type, int(row.number_ok), row.name, row.name_norm, self.no))
        former = normal_name(row.former_name) if row.former_name else ""
        if former and former != row.name_norm:
            self.new_names.append((person_id, self.no, row.former_name, former, _FIRST, self.day, 0))
        if told and told != born:
            self._doubt(Doubt.BIRTH_DIFFERS, row, person_id, f"名单 {told}，号码 {born}")
        return person_id

    def _same(self, person_id: int, row: _Row) -> bool:
        """Whether the row may speak of this person: a name borne, or renamed as the file says. A birth date that differs is only noted."""
        known = self.current[person_id]
        if row.name_norm != known and row.name_norm not in self.borne.get(person_id, ()):
            if not row.former_name or normal_name(row.former_name) != known:
                self._doubt(Doubt.NAME_DIFFERS, row, person_id, f"名单 {mask_name(row.name)}")
                return False
            self.current[person_id] = row.name_norm
            self.new_names.append((person_id, self.no, row.name, row.name_norm, self.day, _LAST, 0))
        born = self.born[person_id]
        if row.birth is not None and born and row.birth.isoformat() != born:
            self._doubt(Doubt.BIRTH_DIFFERS, row, person_id, f"名单 {row.birth}，登记 {born}")
        return True

    def _status(self, key: tuple[str, str, int], row: _Row) -> None:
        asked = (row.enrol_status, row.benefit_status, row.first_month, row.start_month, row.end_month)
        held = self.statuses.get(key, ())
        found = self.judged.get((asked, held))
        if found is None:
            found = self.judged[asked, held] = judge_status(asked, held, self.as_of, self.words)
        if found.trouble == Doubt.STATUS_WORD:
            earlier = self._unknown.get(found.told)
            self._unknown[found.told] = (
                earlier._replace(rows=earlier.rows + 1) if earlier else DoubtRow(Doubt.STATUS_WORD.value, 0, 0, row.line, "", "", found.told)
            )
        elif found.trouble is not None:
            self._doubt(found.trouble, row, key[2], found.told)
        for piece in found.new:
            self.new_statuses.append((*key, self.no, *piece, 0))

    def pairs(self) -> None:
        """New persons whose name and birth date somebody else has already: perhaps one person under two numbers, for somebody to decide."""
        if not self.new_persons:
            return
        first_new = self.new_persons[0][0]
        same: dict[tuple[str, str], list[int]] = defaultdict(list)
        for person_id, norm in self.current.items():
            if self.born[person_id]:
                same[norm, self.born[person_id]].append(person_id)
        later = {person_id: ids[0] for ids in same.values() if len(ids) > 1 for person_id in ids[1:] if person_id >= first_new}
        numbers = {person_id: held for held, person_id in self.holder.items()} if later else {}
        for (_, _, person_id), row in list(self.seen.items()) if later else ():
            if other := later.pop(person_id, 0):
                self._doubt(Doubt.TWO_NUMBERS, row, person_id, f"P{other} {mask_number(numbers[other])}", other=other)

    def doubts(self) -> list[DoubtRow]:
        """All doubts, by line."""
        return sorted([*self._doubts, *self._unknown.values()], key=lambda item: (item.line, item.code))

    def gone(self) -> int:
        """Registrations of the file's funds and regions that it no longer lists."""
        return sum((fund, region) in self.scopes and (fund, region, person_id) not in self.seen for fund, region, person_id in self.registered)

    def writes(self) -> Iterator[Rows]:
        """The new rows, table by table in the order in which they are written."""
        yield Rows(tables.person, ("person_id", "birth", "sex", "number", "id_type", "number_ok", "name", "name_norm", "knowledge_no"), self.new_persons)
        yield Rows(tables.registration, ("fund", "region", "person_id", "town", "village", "knowledge_no"), sorted(self.new_registrations))
        yield Rows(tables.name, ("person_id", "knowledge_no", "name", "name_norm", "from_on", "to_on", "signed"), self.new_names)
        yield Rows(tables.status, ("fund", "region", "person_id", "knowledge_no", "from_on", "to_on", "status", "signed"), sorted(self.new_statuses))

    def _doubt(self, code: Doubt, row: _Row, person_id: int, told: str = "", *, other: int = 0) -> None:
        self._doubts.append(DoubtRow(code.value, person_id, other, row.line, mask_number(row.number), mask_name(row.name), told))


def _born(row: _Row) -> str:
    """The birth date in a valid number of 18 digits, '' for any other."""
    number = row.number
    if not row.number_ok or len(number) != 18 or not number[:17].isdigit():
        return ""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])).isoformat()
    except ValueError:
        return ""


def fetched(connection: sa.Connection, query: sa.Select[Any]) -> list[Any]:
    """All rows of a query without parameters as the driver's own tuples: the register of a county is read whole before a load."""
    cursor = connection.connection.cursor()
    cursor.execute(str(query.compile(dialect=connection.dialect)))
    rows = list(cursor.fetchall())
    cursor.close()
    return rows

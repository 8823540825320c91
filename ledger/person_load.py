"""Loading a people file (人员名单) into the register: what is new becomes spans, what contradicts becomes a doubt (存疑) for somebody to decide.

Set-based: the register's numbers, names, registrations and statuses are read once, the rows are compared in memory, and what
is new is written by bulk inserts. A person is known by number alone: equal names never merge two records, and a number whose
name or birth date differs never changes one. Loading the same file again changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger import bulk
from ledger import person_tables as tables
from ledger.db import UnitOfWork
from ledger.errors_persons import OlderSnapshot
from ledger.identity import clean, mask_name, mask_number, normal_name
from ledger.months import Month
from ledger.person_knowledge import Source, close_knowledge, open_knowledge, taken
from ledger.person_words import Words, words
from ledger.spans import FIRST, LAST, Piece, on, overlay

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("line", "number", "number_ok", "damaged", "id_type", "name", "name_norm", "sex", "birth", "fund", "region", "town", "village", "enrol_status",
           "benefit_status", "first_month", "start_month", "end_month", "former_name")  # fmt: skip
_FIRST, _LAST = FIRST.isoformat(), LAST.isoformat()


class Doubt(StrEnum):
    """What a row says that the register does not take by itself; ``zh`` names it, ``do`` says what to do."""

    NO_NUMBER = "NO-NUMBER"
    BAD_NUMBER = "BAD-NUMBER"
    NAME_DIFFERS = "NAME-DIFFERS"
    BIRTH_DIFFERS = "BIRTH-DIFFERS"
    TWO_NUMBERS = "TWO-NUMBERS"
    TWICE = "TWICE"
    STATUS_WORD = "STATUS-WORD"
    STATUS_CLASH = "STATUS-CLASH"
    STATUS_SIGNED = "STATUS-SIGNED"

    @property
    def zh(self) -> str:
        return _SAID[self][0]

    @property
    def do(self) -> str:
        return _SAID[self][1]


_SAID: dict[Doubt, tuple[str, str]] = {
    Doubt.NO_NUMBER: ("无可用号码，未登记", "补正证件号码后重新导入"),
    Doubt.BAD_NUMBER: ("号码不合规，照样登记", "核对证件；写错的用 shebao person link 旧号码 新号码 更正"),
    Doubt.NAME_DIFFERS: ("同一号码，姓名不同，未登记", "核对证件；改了名的用 shebao person name 登记，号码写错的改名单"),
    Doubt.BIRTH_DIFFERS: ("出生日期与登记或号码不同", "核对证件，改正名单"),
    Doubt.TWO_NUMBERS: ("姓名和出生日期相同，号码不同", "核对是否一人；确为一人的用 shebao person link 并人"),
    Doubt.TWICE: ("同一险种、统筹区重复", "核对名单，保留一行"),
    Doubt.STATUS_WORD: ("状态用词不认识，状态未登记", "把该词加入 templates/persons.yaml"),
    Doubt.STATUS_CLASH: ("参保状态与待遇状态矛盾，状态未登记", "核实后改正名单，或用 shebao person status set"),
    Doubt.STATUS_SIGNED: ("与两人签字的状态不同，仍以签字的为准", "核实；须改的用 shebao person status set"),
}


class DoubtRow(NamedTuple):
    """One doubt: where (line of the file), whom it concerns (0: nobody registered), what the file says; ``rows`` how many rows say so."""

    code: str
    person_id: int
    other_person: int
    line: int
    number: str
    name: str
    told: str
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load taught: ``knowledge_no``, counts of what is new, registrations of these funds and regions no longer listed, and the doubts by code."""

    knowledge_no: int
    already: bool
    rows: int
    persons: int = 0
    registrations: int = 0
    numbers: int = 0
    names: int = 0
    statuses: int = 0
    gone: int = 0
    doubts: dict[str, int] = field(default_factory=dict)


class _Row(NamedTuple):
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


def load(work: UnitOfWork, table: pa.Table, *, file_id: int, loaded_by: str, known_on: date, recorded_at: str, as_of: date) -> Loaded:
    """Loads a canonical ``people`` table (FORMATS.md) of file ``file_id``, known on ``known_on`` and standing for ``as_of``.

    A file loaded before is left alone (``already``). Raises SB1401 (older than what is registered of a fund and region), SB1402.
    """
    if known := taken(work.connection, "load", file_id):
        return Loaded(known, True, table.num_rows)
    scopes = Counter(zip(table.column("fund").to_pylist(), (text or "" for text in table.column("region").to_pylist()), strict=True))
    _refuse_older(work.connection, scopes, as_of)
    no = open_knowledge(work, Source("load", file_id, loaded_by, as_of=as_of), known_on=known_on, recorded_at=recorded_at)
    desk = _Desk(work.connection, no, as_of, frozenset(scopes))
    for row in _rows(table):
        desk.take(row)
    desk.pairs()
    doubts = desk.doubts()
    bulk.insert(work, tables.scope, ("fund", "region", "knowledge_no", "rows"), ((fund, region, no, rows) for (fund, region), rows in sorted(scopes.items())))
    for name, columns, rows in desk.writes():
        if rows:
            bulk.insert(work, name, columns, rows)
    bulk.insert(work, tables.doubt, ("knowledge_no", "doubt_no", *DoubtRow._fields), ((no, place, *item) for place, item in enumerate(doubts, 1)))
    close_knowledge(work, no)
    counted: Counter[str] = Counter()
    for item in doubts:
        counted[item.code] += item.rows
    return Loaded(
        no, False, table.num_rows, len(desk.new_persons), len(desk.new_registrations), len(desk.new_numbers), len(desk.new_names), len(desk.new_statuses),
        desk.gone(), dict(sorted(counted.items())),
    )  # fmt: skip


def _rows(table: pa.Table) -> Iterator[_Row]:
    columns = [_plain(table.column(name)) for name in COLUMNS]
    return map(_Row._make, zip(*columns, strict=True))


def _plain(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.fill_null(column, "").to_pylist() if pa.types.is_string(column.type) else column.to_pylist()  # type: ignore[no-any-return]


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
        number, name, registration, one = tables.number.c, tables.name.c, tables.registration.c, tables.person.c
        self.holder: dict[str, int] = dict(_fetched(connection, sa.select(number.number, number.person_id)))
        self.births = {row[0]: row[1] for row in _fetched(connection, sa.select(one.person_id, one.birth))}
        self.names: dict[int, list[tuple[str, str, str]]] = {}
        said = sa.select(name.person_id, name.name_norm, name.from_on, name.to_on).order_by(name.knowledge_no, name.from_on)
        for person_id, *span in _fetched(connection, said):
            self.names.setdefault(person_id, []).append((span[0], span[1], span[2]))
        self.registered = set(_fetched(connection, sa.select(registration.fund, registration.region, registration.person_id)))
        self.statuses = _statuses(connection)
        self.next_person = max(self.births, default=0) + 1
        self.seen: dict[tuple[str, str, int], _Row] = {}
        self.current: dict[int, str] = {}
        self.judged: dict[tuple[Any, ...], _Judged] = {}
        self.new_persons: list[tuple[Any, ...]] = []
        self.new_registrations: list[tuple[Any, ...]] = []
        self.new_numbers: list[tuple[Any, ...]] = []
        self.new_names: list[tuple[Any, ...]] = []
        self.new_statuses: list[tuple[Any, ...]] = []
        self._doubts: list[DoubtRow] = []
        self._unknown: dict[str, DoubtRow] = {}
        self._faulty: set[int] = set()

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
        self.holder[row.number] = person_id
        self.births[person_id] = born
        self.current[person_id] = row.name_norm
        self.new_persons.append((person_id, born, row.sex, self.no))
        self.new_numbers.append((person_id, self.no, row.number, row.id_type, int(row.number_ok), _FIRST, _LAST, 0))
        former = normal_name(row.former_name) if row.former_name else ""
        if former and former != row.name_norm:
            self.new_names.append((person_id, self.no, row.former_name, former, _FIRST, self.day, 0))
            self.new_names.append((person_id, self.no, row.name, row.name_norm, self.day, _LAST, 0))
        else:
            self.new_names.append((person_id, self.no, row.name, row.name_norm, _FIRST, _LAST, 0))
        if told and told != born:
            self._doubt(Doubt.BIRTH_DIFFERS, row, person_id, f"名单 {told}，号码 {born}")
        return person_id

    def _same(self, person_id: int, row: _Row) -> bool:
        """Whether the row may speak of this person: the name known, or renamed as the file says. A birth date that differs is only noted."""
        known = self.current.get(person_id)
        if known is None:
            said = self.names[person_id]
            pieces = [Piece(date.fromisoformat(start), date.fromisoformat(end), norm) for norm, start, end in said]
            known = on(overlay(pieces), self.as_of) or "" if len(said) > 1 or self.day < said[0][1] else said[0][0]
            self.current[person_id] = known
        if row.name_norm != known:
            if normal_name(row.former_name) != known:
                self._doubt(Doubt.NAME_DIFFERS, row, person_id, f"名单 {mask_name(row.name)}")
                return False
            self.current[person_id] = row.name_norm
            self.new_names.append((person_id, self.no, row.name, row.name_norm, self.day, _LAST, 0))
        born = self.births[person_id]
        if row.birth is not None and born and row.birth.isoformat() != born:
            self._doubt(Doubt.BIRTH_DIFFERS, row, person_id, f"名单 {row.birth}，登记 {born}")
        return True

    def _status(self, key: tuple[str, str, int], row: _Row) -> None:
        asked = (row.enrol_status, row.benefit_status, row.first_month, row.start_month, row.end_month)
        held = tuple(self.statuses.get(key, ()))
        found = self.judged.get((asked, held))
        if found is None:
            found = self.judged[asked, held] = _judged(asked, held, self.as_of, self.words)
        if found.trouble == Doubt.STATUS_WORD:
            earlier = self._unknown.get(found.told)
            self._unknown[found.told] = earlier._replace(rows=earlier.rows + 1) if earlier else DoubtRow(Doubt.STATUS_WORD, 0, 0, row.line, "", "", found.told)
        elif found.trouble is not None:
            self._doubt(found.trouble, row, key[2], found.told)
        for piece in found.new:
            self.new_statuses.append((*key, self.no, *piece, 0))

    def pairs(self) -> None:
        """New persons whose name and birth date somebody else has already: perhaps one person under two numbers, for somebody to decide."""
        fresh = {row[0] for row in self.new_persons}
        if not fresh:
            return
        numbers = {person_id: number for number, person_id in self.holder.items()}
        by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
        for person_id, born in self.births.items():
            known = {norm for norm, *_ in self.names[person_id]} if person_id in self.names else set()
            for norm in {*known, self.current.get(person_id, "")} - {""} if born else ():
                by_key[norm, born].append(person_id)
        lines = {person_id: row for (_, _, person_id), row in self.seen.items() if person_id in fresh}
        for ids in by_key.values():
            for later in ids[1:] if len(ids) > 1 else ():
                if later in fresh and later in lines:
                    self._doubt(Doubt.TWO_NUMBERS, lines[later], later, f"P{ids[0]} {mask_number(numbers.get(ids[0], ''))}", other=ids[0])

    def doubts(self) -> list[DoubtRow]:
        """All doubts, by line."""
        return sorted([*self._doubts, *self._unknown.values()], key=lambda item: (item.line, item.code))

    def gone(self) -> int:
        """Registrations of the file's funds and regions that it no longer lists."""
        return sum((fund, region) in self.scopes and (fund, region, person_id) not in self.seen for fund, region, person_id in self.registered)

    def writes(self) -> Iterator[tuple[sa.Table, tuple[str, ...], list[tuple[Any, ...]]]]:
        """Tables, columns and new rows, in the order in which they are written."""
        yield tables.person, ("person_id", "birth", "sex", "knowledge_no"), self.new_persons
        yield tables.registration, ("fund", "region", "person_id", "town", "village", "knowledge_no"), sorted(self.new_registrations)
        yield tables.number, ("person_id", "knowledge_no", "number", "id_type", "number_ok", "from_on", "to_on", "signed"), self.new_numbers
        yield tables.name, ("person_id", "knowledge_no", "name", "name_norm", "from_on", "to_on", "signed"), self.new_names
        yield tables.status, ("fund", "region", "person_id", "knowledge_no", "from_on", "to_on", "status", "signed"), sorted(self.new_statuses)

    def _doubt(self, code: Doubt, row: _Row, person_id: int, told: str = "", *, other: int = 0) -> None:
        self._doubts.append(DoubtRow(code, person_id, other, row.line, mask_number(row.number), mask_name(row.name), told))


def _born(row: _Row) -> str:
    """The birth date in a valid resident number, '' for any other."""
    number = row.number
    if not row.number_ok or len(number) != 18 or not number[:17].isdigit():
        return ""
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def _statuses(connection: sa.Connection) -> dict[tuple[str, str, int], list[tuple[str, str, str, int]]]:
    """Registration → its assertions as stored (from, to, status, signed), in the order of knowing."""
    columns = tables.status.c
    query = sa.select(columns.fund, columns.region, columns.person_id, columns.from_on, columns.to_on, columns.status, columns.signed)
    found: dict[tuple[str, str, int], list[tuple[str, str, str, int]]] = {}
    for fund, region, person_id, *said in _fetched(connection, query.order_by(columns.knowledge_no, columns.from_on)):
        found.setdefault((fund, region, person_id), []).append((said[0], said[1], said[2], said[3]))
    return found


def _fetched(connection: sa.Connection, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    """All rows as the driver's own tuples; a register of a city is read whole before a load."""
    return list(map(tuple, connection.execute(query).all()))


class _Judged(NamedTuple):
    """What a row says of the status, beside what is held: new spans (from, to, status), or the doubt and its words."""

    new: tuple[tuple[str, str, str], ...] = ()
    trouble: Doubt | None = None
    told: str = ""


def _judged(asked: tuple[Any, ...], held: Sequence[tuple[str, str, str, int]], as_of: date, known: Words) -> _Judged:
    """Judged once for all rows that say and find the same. What two people signed stands against any list."""
    told, trouble = _timeline(asked, as_of, known)
    if told is None:
        return _Judged((), Doubt.STATUS_CLASH, f"{asked[0]}，{asked[1]}") if trouble == Doubt.STATUS_CLASH else _Judged((), Doubt.STATUS_WORD, trouble)
    if not held:
        new: Sequence[Piece[str]] = told.pieces
    else:
        pieces = overlay(Piece(date.fromisoformat(start), date.fromisoformat(end), code) for start, end, code, _ in held)
        if any(signed for *_, signed in held):
            stands = on(pieces, as_of)
            differs = bool(stands) and stands != told.now
            return _Judged((), Doubt.STATUS_SIGNED, f"名单 {known.zh[told.now]}，登记 {known.zh[stands or told.now]}") if differs else _Judged()
        new = told.news(pieces, as_of)
    return _Judged(tuple((piece.from_on.isoformat(), piece.to_on.isoformat(), piece.value) for piece in new))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a row says of the status: over time, on the list's own day, since when (None: it does not say), and when enrolment and drawing began."""

    pieces: tuple[Piece[str], ...]
    now: str
    now_from: date | None
    began: dict[str, date]

    def news(self, held: Sequence[Piece[str]], as_of: date) -> list[Piece[str]]:
        """What the row adds to what is held: another status on the list's day, and other beginnings of enrolment and drawing.

        A list speaks of its own day: that it says 领取 since 2015 does not deny a suspension in between.
        """
        new = []
        for code, begin in self.began.items():
            first = next((piece.from_on for piece in held if piece.value == code), None)
            if first is not None and begin < first:
                new.append(Piece(begin, first, code))
            elif first is not None and begin > first and code == "drawing":
                new.append(Piece(first, min(begin, next(piece.to_on for piece in held if piece.value == code)), "enrolled"))
        current = next((piece for piece in held if as_of in piece), None)
        if current is None or current.value != self.now:
            since = self.now_from if self.now_from is not None and (current is None or self.now_from > current.from_on) else as_of
            new.append(Piece(since, LAST, self.now))
        return new


def _timeline(asked: tuple[Any, ...], as_of: date, known: Words) -> tuple[_Told | None, str]:
    """What a row says of the status, or None with the unknown word or the clash."""
    enrol_word, benefit_word, first, start, end = asked
    enrol, benefit = (table.get(clean(word)) for table, word in ((known.enrol, enrol_word), (known.benefit, benefit_word)))
    if enrol is None or benefit is None:
        return None, f"{'参保状态' if enrol is None else '待遇状态'}“{enrol_word if enrol is None else benefit_word}”"
    if enrol in ("ended", "dead") and benefit in ("drawing", "suspended"):
        return None, Doubt.STATUS_CLASH
    began: dict[str, date] = {}
    if first:
        began["enrolled"] = Month.from_number(first).first_day
    if start:
        began["drawing"] = Month.from_number(start).first_day
    now = benefit or (enrol if enrol != "enrolled" else "") or ("drawing" if "drawing" in began and began["drawing"] <= as_of else "enrolled")
    since = (Month.from_number(end) + 1).first_day if end and now in ("ended", "dead") else began.get(now)
    said = [Piece(day, LAST, code) for code, day in began.items()]
    if now not in began:
        said.append(Piece(since if since is not None else as_of, LAST, now))
    return _Told(overlay(said), now, since, began), ""

"""A register as columns (台账的列): what people entered and what is computed beside it, for all rows at once and only when asked for.

Money is fen, absent values None. A sheet of an earlier day is what the acts up to that day left; the ledger's side counts entries up to it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from controls.register_tables import register_act, register_row
from controls.registers import functions, sources
from controls.registers import law as laws
from controls.registers.errors import RegisterDay
from controls.registers.law import ColumnLaw, Filter, Register
from controls.registers.store import UNIT, Row, Settled
from controls.registers.values import Value, day_of
from ledger.accounts import Book
from ledger.parameters import ParameterUnset

ALWAYS = 365_000
"""Days within which every term falls."""
Column = list[Value | None]
_TERM = re.compile(r"([+-]?)\s*([a-z_]+)")


@dataclass
class Sheet:
    """One register of one book (None: of the unit) on ``as_of``. ``column`` gives any field or computed column, in the order of ``rows``."""

    connection: sa.Connection
    law: Register
    book: Book | None
    as_of: date
    today: date
    rows: list[int]
    states: list[str]
    payloads: list[Mapping[str, Value]]
    only: frozenset[int] | None = None
    _known: dict[str, Column] = field(default_factory=dict)

    @property
    def book_id(self) -> int:
        """The book the rows are kept under."""
        return UNIT if self.law.keyed_by == "unit" or self.book is None else self.book.book_id

    def column(self, name: str) -> Column:
        """Values of one column; KeyError for an unknown one."""
        if name not in self._known:
            self._known[name] = self._made(name)
        return self._known[name]

    def fen(self, name: str) -> list[int]:
        """A column of money with nil where nothing stands."""
        return [value if isinstance(value, int) else 0 for value in self.column(name)]

    def _made(self, name: str) -> Column:
        if name == "state":
            return list(self.states)
        if name == "row":
            return list(self.rows)
        if any(one.name == name for one in self.law.fields):
            return [payload.get(name) for payload in self.payloads]
        law = next(one for one in self.law.columns if one.name == name)
        made = self._computed(law)
        kept = self.where(law.when) if law.when else None
        return made if kept is None else [value if here else (0 if law.type == "fen" else None) for value, here in zip(made, kept, strict=True)]

    def _computed(self, law: ColumnLaw) -> Column:
        if law.formula:
            return self._formula(law)
        if law.children is not None:
            return self._children(law)
        return functions.FUNCTIONS[law.call](self, law.args)

    def _formula(self, law: ColumnLaw) -> Column:
        total = [0] * len(self.rows)
        for sign, name in _TERM.findall(law.formula):
            part = self.fen(name)
            total = [a - b for a, b in zip(total, part, strict=True)] if sign == "-" else [a + b for a, b in zip(total, part, strict=True)]
        return [max(0, fen) for fen in total] if law.floor else list(total)

    def _children(self, law: ColumnLaw) -> Column:
        assert law.children is not None
        child = laws.get(law.children.register_)
        by = law.children.by or child.parent
        below = sheet(self.connection, child, self.book, self.as_of, parents=self.only if by == child.parent else None, today=self.today)
        sums: dict[int, int] = {}
        kept = below.where(law.children.when)
        for parent, fen, here in zip(below.column(by), below.fen(law.children.of), kept, strict=True):
            if here and isinstance(parent, int):
                sums[parent] = sums.get(parent, 0) + fen
        return [sums.get(row, 0) for row in self.rows]

    def where(self, when: Filter) -> list[bool]:
        """Which rows have one of the values named in each column; a state may be named ``open``."""
        kept = [True] * len(self.rows)
        for name, wanted in when.items():
            allowed: set[Value | None] = set(wanted)
            if name == "state" and "open" in wanted:
                allowed |= {state.name for state in self.law.states if state.open}
            allowed |= ({None} if "" in allowed else set()) | {int(text) for text in wanted if text.isascii() and text.isdigit()}
            kept = [here and value in allowed for here, value in zip(kept, self.column(name), strict=True)]
        return kept

    def filtered(self, kept: Sequence[bool]) -> Sheet:
        """The same sheet with some of its rows."""
        places = [place for place, here in enumerate(kept) if here]
        made = Sheet(
            self.connection, self.law, self.book, self.as_of, self.today, [self.rows[p] for p in places], [self.states[p] for p in places],
            [self.payloads[p] for p in places], self.only,
        )  # fmt: skip
        made._known = {name: [column[p] for p in places] for name, column in self._known.items()}
        return made

    def total(self, name: str) -> int:
        """Sum of a column, fen."""
        return sum(self.fen(name))


def sheet(
    connection: sa.Connection,
    law: Register,
    book: Book | None,
    as_of: date,
    *,
    today: date,
    rows: Iterable[int] | None = None,
    parents: Iterable[int] | None = None,
) -> Sheet:
    """The register as it stood at the end of ``as_of`` (``today``: as it stands now); ``rows`` or ``parents`` only some of it."""
    book_id = UNIT if law.keyed_by == "unit" or book is None else book.book_id
    only = frozenset(rows) if rows is not None else None
    if law.source:
        if as_of < today:
            raise RegisterDay(register=law.zh, name=law.name, day=as_of, why="由系统按现在的数据算出，没有以前的样子")
        payloads = sources.SOURCES[law.source](connection, book_id, as_of)
        states = [str(payload.get("state", law.states[0].name)) for payload in payloads]
        return Sheet(connection, law, book, as_of, today, list(range(1, len(payloads) + 1)), states, payloads, only)
    numbers, found, texts = _stored(connection, law, book_id, as_of if as_of < today else None, only, frozenset(parents) if parents is not None else None)
    return Sheet(connection, law, book, as_of, today, numbers, found, json.loads(f"[{','.join(texts)}]"), only)


def _stored(
    connection: sa.Connection, law: Register, book_id: int, until: date | None, only: frozenset[int] | None, parents: frozenset[int] | None
) -> tuple[list[int], list[str], list[str]]:
    here, acts = register_row.c, register_act.c
    if until is None:
        asked = sa.select(here.row_no, here.state, here.payload).where(here.book_id == book_id, here.register == law.name).order_by(here.row_no)
    else:
        last = (
            sa.select(acts.row_no, sa.func.max(acts.act_no).label("act_no"))
            .where(acts.book_id == book_id, acts.register == law.name, acts.on_day <= until.isoformat())
            .group_by(acts.row_no)
            .subquery()
        )
        joined = sa.and_(acts.row_no == last.c.row_no, acts.act_no == last.c.act_no)
        asked = (
            sa.select(acts.row_no, acts.state, acts.payload)
            .join(last, joined)
            .where(acts.book_id == book_id, acts.register == law.name)
            .order_by(acts.row_no)
        )
    if only is not None:
        asked = asked.where((here if until is None else acts).row_no.in_(sorted(only)))
    if parents is not None:
        named = sa.select(here.row_no).where(here.book_id == book_id, here.register == law.name, here.parent.in_(sorted(parents)))
        asked = asked.where((here if until is None else acts).row_no.in_(named))
    answer = connection.execute(asked)
    # Plain tuples of the driver: numbers and texts need no conversion, and a row object each would cost as much as the query.
    found = answer.cursor.fetchall() if answer.cursor is not None else []
    answer.close()
    return [row[0] for row in found], [row[1] for row in found], [row[2] for row in found]


def computed(book: Book | None, today: date) -> Settled:
    """For acts that end a row: its computed columns of money and counts, as the store and the ledger have them now."""

    def columns(connection: sa.Connection, row: Row) -> dict[str, int]:
        made = sheet(connection, row.law, book, today, today=today, rows=[row.row_no])
        return {column.name: made.fen(column.name)[0] for column in row.law.columns if column.type != "text"}

    return columns


@dataclass(frozen=True, slots=True)
class Aged:
    """One bucket of an ageing list (账龄): its words, rows and fen."""

    label: str
    rows: int
    fen: int


def ageing(made: Sheet) -> list[Aged]:
    """The register's open amounts by how long they have been open, in the buckets of its file; empty where it has none."""
    law = made.law.ageing
    if law is None:
        return []
    edges = list(law.buckets)
    labels = [f"{low + 1}—{high}天" if low else f"{high}天以内" for low, high in zip([0, *edges], edges, strict=False)] + [f"超过{edges[-1]}天"]
    sums = {label: [0, 0] for label in labels}
    known: dict[Value, list[int]] = {}
    for since, fen, here in zip(made.column(law.since), made.fen(law.of), made.where(law.when), strict=True):
        if here and fen and since is not None:
            if since not in known:
                days = (made.as_of - day_of(since)).days
                known[since] = sums[labels[sum(days > edge for edge in edges)]]
            held = known[since]
            held[0] += 1
            held[1] += fen
    return [Aged(label, *sums[label]) for label in labels]


@dataclass(frozen=True, slots=True)
class DueRow:
    """One row with something to do: what, by which day, and the days left (negative: late)."""

    row_no: int
    what: str
    day: date
    left: int


def due(made: Sheet, within: int | None = None, unset: list[tuple[str, ParameterUnset]] | None = None) -> list[DueRow]:
    """What is late or falls due within the warning days of the register's file (or ``within``), the most urgent first.

    A clock whose parameters nobody has set is refused (SB1031); with ``unset`` it is named there and the others still run.
    """
    found = []
    for law in made.law.dues:
        limit = made.as_of + min(timedelta(days=law.warn_days if within is None else min(within, ALWAYS)), date.max - made.as_of)
        try:
            values = made.column(law.date)
        except ParameterUnset as missing:
            if unset is None:
                raise
            unset.append((law.zh, missing))
            continue
        days = {value: day_of(value) for value in set(values) if value is not None}
        left = made.fen(law.of) if law.of else [1] * len(values)
        for row_no, value, here, fen in zip(made.rows, values, made.where(law.when), left, strict=True):
            if here and fen > 0 and value is not None and (day := days[value]) <= limit:
                found.append(DueRow(row_no, law.zh, day, (day - made.as_of).days))
    return sorted(found, key=lambda one: (one.day, one.row_no))


def grouped(made: Sheet, by: Sequence[str]) -> list[tuple[tuple[Value | None, ...], int, dict[str, int]]]:
    """Totals by the values of some columns: (values, rows, column → fen), in the order of the values."""
    keys = list(zip(*(made.column(name) for name in by), strict=True))
    totals = {name: made.fen(name) for name in made.law.totals}
    sums: dict[tuple[Value | None, ...], list[int]] = {}
    for place, key in enumerate(keys):
        held = sums.setdefault(key, [0] * (1 + len(totals)))
        held[0] += 1
        for index, name in enumerate(totals, start=1):
            held[index] += totals[name][place]
    ordered = sorted(sums, key=lambda key: tuple((value is not None, str(value)) for value in key))
    return [(key, sums[key][0], dict(zip(totals, sums[key][1:], strict=True))) for key in ordered]

"""补发停发期间待遇: months not paid for want of certification, paid once it is there, as a roster file that goes the way of every roster.

Each month of the pause is owed what the person's last paid month before it was, item by item; a new standard from a date within the pause is
a matter of the difference roster (补发提标) afterwards. Months that any roster already pays, or has paid, are left out and counted.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from controls import trail
from controls.beneficiaries import certification
from controls.beneficiaries.certification import Paused
from controls.beneficiaries.changes import is_held
from controls.benefits import paid
from controls.benefits.arrears import HEAD, PREFIX
from controls.duties import Actor, Duty, require
from controls.rosterchanges import MONTHLY
from controls.tables import roster, roster_line
from ledger import sheets
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.money import Fen, yuan
from ledger.months import Month

FILE = "停发补发花名册.csv"
BEFORE = 6
"""Months before a pause in which its last paid month is looked for."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One item of one person's month."""

    number: str
    item: str
    month: Month
    fen: Fen


@dataclass(frozen=True, slots=True)
class Backpay:
    """What is owed, the months left out because a roster pays them, and the people without a paid month before their pause."""

    rows: tuple[Owed, ...]
    paid_already: int
    without_basis: tuple[str, ...]

    @property
    def fen(self) -> Fen:
        """Fen of all rows."""
        return sum(one.fen for one in self.rows)

    @property
    def persons(self) -> int:
        """How many people are owed."""
        return len({one.number for one in self.rows})


@dataclass(frozen=True, slots=True)
class Written:
    """The file with its digest, lines, people and fen, and people left out because no roster knows their bank account."""

    path: Path
    sha256: str
    lines: int
    persons: int
    fen: Fen
    without_account: tuple[str, ...]


def owed(connection: sa.Connection, book: Book) -> Backpay:
    """Every month of every pause that ended and was not paid since."""
    pauses = certification.paused_and_resumed(connection, book)
    if not pauses:
        return Backpay((), 0, ())
    basis = _last_paid(connection, book, pauses)
    done = _paid(connection, book, pauses)
    rows, left, without = [], 0, []
    for one in pauses:
        items = basis.get((one.number, one.first.number), {})
        if not items:
            without.append(one.number)
        month = one.first
        while month <= one.last:
            for item, fen in sorted(items.items()):
                if (one.number, item, month.number) in done:
                    left += 1
                else:
                    rows.append(Owed(one.number, item, month, fen))
            month += 1
    return Backpay(tuple(sorted(rows, key=lambda row: (row.number, row.month.number, row.item))), left, tuple(sorted(set(without))))


def _last_paid(connection: sa.Connection, book: Book, pauses: Sequence[Paused]) -> dict[tuple[str, int], dict[str, Fen]]:
    """(number, first month of the pause) → item → fen of the last month paid before it, within :data:`BEFORE` months."""
    line, head = roster_line.c, roster.c
    numbers = {one.number for one in pauses}
    first, last = min(one.first.number for one in pauses), max(one.first.number for one in pauses)
    query = (
        sa.select(line.number, line.item, line.period, sa.func.sum(line.net_fen))
        .join(roster, sa.and_(head.book_id == line.book_id, head.roster_id == line.roster_id))
        .where(line.book_id == book.book_id, head.kind == "benefit", head.state == "released", line.item_class.in_(sorted(MONTHLY)))
        .where(line.period >= (Month.from_number(first) - BEFORE).number, line.period < last, ~is_held())
        .group_by(line.number, line.item, line.period)
    )
    months: dict[str, dict[int, dict[str, Fen]]] = defaultdict(lambda: defaultdict(dict))
    for number, item, period, fen in connection.execute(query):
        if number in numbers and fen > 0:
            months[number][period][item] = int(fen)
    found = {}
    for one in pauses:
        earlier = [period for period in months[one.number] if period < one.first.number]
        if earlier:
            found[one.number, one.first.number] = months[one.number][max(earlier)]
    return found


def _paid(connection: sa.Connection, book: Book, pauses: Sequence[Paused]) -> set[tuple[str, str, int]]:
    """(number, item, period) that a roster not withdrawn pays or has paid, arrears under the name of their item."""
    line, head = roster_line.c, roster.c
    numbers = {one.number for one in pauses}
    span = min(one.first.number for one in pauses), max(one.last.number for one in pauses)
    query = (
        sa.select(line.number, line.item, line.period)
        .join(roster, sa.and_(head.book_id == line.book_id, head.roster_id == line.roster_id))
        .where(line.book_id == book.book_id, head.state != "withdrawn", line.period.between(*span))
        .distinct()
    )
    return {(number, item.removeprefix(PREFIX), period) for number, item, period in connection.execute(query) if number in numbers}


def write(work: UnitOfWork, now: str, actor: Actor, book: Book, folder: Path) -> tuple[Backpay, Written]:
    """Writes the roster file for its owner alone and leaves the record ``certification.backpay`` in the trail; raises SB3001."""
    require(actor, Duty.HANDLE_ROSTER)
    made = owed(work.connection, book)
    numbers = sorted({one.number for one in made.rows})
    payees = paid.payees(work.connection, book.book_id, numbers)
    told = {number: row for number, row, known in zip(numbers, payees.rows, payees.found, strict=True) if known}
    rows = [one for one in made.rows if one.number in told]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    sheets.write_contract_table(path, _table(book, rows, told))
    path.chmod(0o600)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    without = tuple(number for number in numbers if number not in told)
    written = Written(path, digest, len(rows), len(told), sum(one.fen for one in rows), without)
    facts = {"lines": written.lines, "persons": written.persons, "fen": written.fen, "paid_already": made.paid_already, "without_account": len(without)}
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "certification.backpay", f"book:{book.book_id}", digest, facts)
    return made, written


def _table(book: Book, rows: Sequence[Owed], told: dict[str, tuple[str, str, str, str, str, str]]) -> pa.Table:
    columns: dict[str, list[str]] = {name: [] for name in HEAD}
    for seq, one in enumerate(rows, start=1):
        name, kind, account, holder, bank, region = told[one.number]
        amount = f"{yuan(one.fen):.2f}"
        cells = (str(seq), book.fund.value, one.number, kind, name, f"{PREFIX}{one.item}", str(one.month), amount, amount, account, holder, bank, region)
        for head, cell in zip(HEAD, (*cells, "资格认证停发期间补发"), strict=True):
            columns[head].append(cell)
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})

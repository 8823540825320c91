"""Rows of persons with the voucher that booked each: contributions, payments, acts and yearly balances, looked up under each source by key.

Every query takes several numbers at once, so that one person or a township costs a handful of queries; none grows with the rows of others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from ledger.money import Fen
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Booked:
    """A sub-ledger row: ``kind`` the part of a contribution or the item of a payment; months ``yyyymm``, ``period`` of entitlement (``yyyy00`` a year)."""

    book_id: int
    number: str
    month: int
    period: int
    kind: str
    account: str
    fen: Fen
    voucher: str
    source_id: int

    @property
    def year(self) -> int:
        """The year of entitlement; of booking where the row names no period."""
        return self.period // 100 or self.month // 100


@dataclass(frozen=True, slots=True)
class ActLine:
    """One row of an act on a person account that counts: ``kind`` of the batch, ``row`` kind of the row, month in which it counts, voucher ('' none)."""

    book_id: int
    number: str
    batch_id: int
    kind: str
    row: str
    part: str
    fen: Fen
    month: int
    voucher: str
    key: str
    reason: str
    evidence: str
    facts: Mapping[str, Any]

    @property
    def label(self) -> str:
        """As people name the act: book and number."""
        return f"{self.book_id}-{self.batch_id}"


@dataclass(frozen=True, slots=True)
class YearLine:
    """What the interest act of ``year`` left of one part, fen."""

    book_id: int
    number: str
    batch_id: int
    year: int
    part: str
    opening: Fen
    entered: Fen
    moved: Fen
    paid: Fen
    interest: Fen
    closing: Fen


PAID_IN, PAID_OUT = "in", "out"
_BOOKED = """SELECT '{way}', h.book_id, r.number, h.period, r.period, r.{kind}, r.account, r.amount_fen, h.kind, h.number, r.source_id
FROM shebao_entry h CROSS JOIN shebao_{name} r
WHERE h.book_id IN :books AND h.{name}_source IS NOT NULL AND h.period <= :through
AND r.book_id = h.book_id AND r.source_id = h.{name}_source AND r.number IN :numbers"""
_BOTH = " UNION ALL ".join(
    _BOOKED.format(way=way, name=name, kind=kind) for way, name, kind in ((PAID_IN, "contribution", "part"), (PAID_OUT, "payout", "item"))
)
_ACTS = """SELECT r.book_id, r.number, b.batch_id, b.kind, r.kind, r.part, r.amount_fen, b.period, b.books, b.key, b.reason, b.evidence, b.facts,
    h.kind, h.period, h.number, red.period
FROM shebao_person_account_act r
JOIN shebao_person_account_batch b ON b.book_id = r.book_id AND b.batch_id = r.batch_id
LEFT JOIN shebao_entry h ON h.book_id = b.book_id AND h.source_key = b.source_key AND b.books = 1
LEFT JOIN shebao_entry red ON red.book_id = h.book_id AND red.source_key = 'reverse:' || h.entry_id
WHERE r.book_id IN :books AND r.number IN :numbers AND b.state = 'accepted' AND b.kind <> 'interest'"""
_YEARS = """SELECT r.book_id, r.number, r.batch_id, b.period, r.part, r.opening_fen, r.entered_fen, r.moved_fen, r.paid_fen, r.interest_fen, r.closing_fen
FROM shebao_person_account_batch b CROSS JOIN shebao_person_account_year r
WHERE b.book_id IN :books AND b.kind = 'interest' AND b.state = 'accepted' AND b.period <= :through
AND r.book_id = b.book_id AND r.batch_id = b.batch_id AND r.number IN :numbers"""


def _fetch(connection: sa.Connection, statement: str, books: Sequence[int], numbers: Sequence[str], **values: object) -> list[Any]:
    if not books or not numbers:
        return []
    return list(connection.execute(_text(statement), {"books": list(books), "numbers": list(numbers), **values}))


@cache
def _text(statement: str) -> sa.TextClause:
    lists: list[sa.BindParameter[Any]] = [sa.bindparam("books", expanding=True), sa.bindparam("numbers", expanding=True)]
    return sa.text(statement).bindparams(*lists)


def _label(kind: str, month: int, number: int) -> str:
    return f"{kind}-{Month.from_number(month)}-{number:04d}"


def booked(connection: sa.Connection, books: Sequence[int], numbers: Sequence[str], through: Month) -> tuple[list[Booked], list[Booked]]:
    """Contribution rows and payout rows (every item) posted through ``through``, oldest first, by one statement."""
    made: dict[str, list[Booked]] = {PAID_IN: [], PAID_OUT: []}
    for way, *r in _fetch(connection, _BOTH, books, numbers, through=through.number):
        made[way].append(Booked(r[0], r[1], int(r[2]), int(r[3]), r[4], r[5], int(r[6]), _label(r[7], r[2], r[8]), int(r[9])))
    for rows in made.values():
        rows.sort(key=lambda one: (one.book_id, one.month, one.period, one.kind, one.voucher, one.number))
    return made[PAID_IN], made[PAID_OUT]


def acts(connection: sa.Connection, books: Sequence[int], numbers: Sequence[str], through: Month) -> list[ActLine]:
    """Acts that count through ``through``: those that books carry from their entry (until a red one), the others from their month."""
    last = through.number
    made = []
    for r in _fetch(connection, _ACTS, books, numbers):
        month = r[14] if r[8] else r[7]
        if month is None or month > last or (r[16] is not None and r[16] <= last):
            continue
        voucher = _label(r[13], r[14], r[15]) if r[8] else ""
        made.append(ActLine(r[0], r[1], r[2], r[3], r[4], r[5], int(r[6]), int(month), voucher, r[9], r[10], r[11], json.loads(r[12])))
    return sorted(made, key=lambda one: (one.book_id, one.month, one.batch_id, one.row, one.part, one.number))


def years(connection: sa.Connection, books: Sequence[int], numbers: Sequence[str], through: Month) -> list[YearLine]:
    """Balances that each settled year left, oldest first."""
    rows = _fetch(connection, _YEARS, books, numbers, through=through.number)
    made = [YearLine(r[0], r[1], r[2], int(r[3]) // 100, r[4], *(int(value) for value in r[5:])) for r in rows]
    return sorted(made, key=lambda one: (one.book_id, one.year, one.number, one.part))

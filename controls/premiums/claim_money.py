"""Premiums that came in with a claim (按清册到账) or went back with a refund list, as rows of contributions: money the books have before finance's list comes.

A person's claim money counts only while no contributions file tells of that person's 代缴 of the year, since the file then tells of the same money
(``facts`` decides). A voucher struck in red counts no more from the day of the red one.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import sqlalchemy as sa

from controls.checks.schema import columns, empty
from controls.premiums import claim_rows, law
from controls.premiums.contributions import CLAIM_SOURCES, SOURCES
from ledger.accounts import Book

GOVERNMENT, OWN = "政府代缴", "个人"
LEVELS = ("中央", "省", "市", "县")
_BOOKED = """SELECT r.source_id, r.number, r.part, r.amount_fen, h.day FROM shebao_entry h CROSS JOIN shebao_contribution r
WHERE h.book_id = :book AND (h.contribution_source > :claims OR h.contribution_source < -:claims) AND h.day <= :as_of AND h.entry_id <= :newest
AND r.book_id = h.book_id AND r.source_id = h.contribution_source AND r.period = :year * 100"""
_NEWEST = "SELECT COALESCE(MAX(entry_id), 0) FROM shebao_entry WHERE book_id = :book"


def newest(connection: sa.Connection, book: Book) -> int:
    """Number of the book's newest entry, by which a paper says what was booked when it was made."""
    return int(connection.execute(sa.text(_NEWEST), {"book": book.book_id}).scalar_one())


def rows(connection: sa.Connection, book: Book, year: int, as_of: date, until: int | None = None) -> pa.Table:
    """Rows of the contract ``contributions`` (fen, refunds negative) of a premium year's claim money booked with a day up to ``as_of``.

    ``until``: only entries up to this number, for a paper printed again.
    """
    last = newest(connection, book) if until is None else until
    given = {"book": book.book_id, "claims": CLAIM_SOURCES, "as_of": as_of.isoformat(), "year": year, "newest": last}
    cursor = connection.execute(sa.text(_BOOKED), given)
    found = cursor.fetchall()
    if not found:
        return empty("contributions")
    payer_of = _payers(connection, book)
    sources, numbers, parts, fen, days = (list(column) for column in zip(*found, strict=True))
    places = {source: _level(payer_of.get(abs(source), "")) for source in set(sources)}
    days_of = {day: date.fromisoformat(str(day)) for day in set(days)}
    payers = {one.part: OWN if one.part == "own" else GOVERNMENT for one in law.categories().payers} | {"own": OWN}
    made = {
        "file": [f"清册 {(abs(source) - CLAIM_SOURCES) // SOURCES}" for source in sources], "line": list(range(1, len(numbers) + 1)), "number": numbers,
        "number_ok": [True] * len(numbers), "fund": [book.fund.value] * len(numbers), "period": [year * 100] * len(numbers), "year": [year] * len(numbers),
        "payer": [payers.get(part, GOVERNMENT) for part in parts], "level": [places[source] for source in sources], "amount": [int(one) for one in fen],
        "received_on": [days_of[day] for day in days],
    }  # fmt: skip
    kinds = columns("contributions")
    blank = {"string": "", "int32": None, "int64": None, "bool": False, "date32": None}
    schema = empty("contributions").schema
    return pa.table({field.name: pa.array(made.get(field.name, [blank[kinds[field.name]]] * len(numbers)), field.type) for field in schema}, schema=schema)


def _payers(connection: sa.Connection, book: Book) -> dict[int, str]:
    """Sub-ledger source of every claim's slots → the payer."""
    return {
        claim_rows.source_of(one, place): slot[0]
        for one in claim_rows.claims(connection, book.book_id)
        for place, slot in enumerate(claim_rows.slots(connection, one), start=1)
    }


def _level(payer: str) -> str:
    return payer if payer in LEVELS else ""

"""Payments that went out by voucher without a roster: one-off payments of person accounts (一次性支付), as posted, with the funeral aid booked beside them.

One source a book. An act says fund, item, period and money of its person, not the account, the holder or the bank's answer: those stay blank, and what is
posted is paid. A row is cited as ``R凭证2026-03付5:1``: fund, month, word and number of the voucher, then its place among that voucher's rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.duties import Duty
from controls.intake import contracts
from ledger import accounts
from ledger.accounts import Book
from ledger.identity import judge, normal_name
from ledger.person_account_tables import batch
from ledger.person_accounts import store
from ledger.person_accounts.store import PAYOUT_SOURCES
from ledger.person_tables import person
from ledger.tables import entry, payout, unit


@dataclass(frozen=True, slots=True)
class Booked:
    """What one book paid so, as it stands now; ``digest`` binds vouchers, acts, the classes of items and the names that the register of persons gives."""

    book_id: int
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Payee:
    """Who stands under a number: name, kind of document and whether the number holds by its own form."""

    name: str
    id_type: str
    number_ok: bool


def books(connection: sa.Connection) -> list[Booked]:
    """Every book with such payments, by number. The rows are not read: voucher and act bind them by their digests."""
    classes = repr(sorted(contracts.local_names("items").items())).encode()
    heads, acts = entry.c, batch.c
    hashes: dict[int, Any] = {}
    asked = _posted(sa.select(heads.book_id, heads.entry_id, heads.period, heads.kind, heads.number, heads.payout_digest, acts.digest))
    for book_id, *told in connection.execute(asked.order_by(heads.book_id, heads.entry_id)):
        hashes.setdefault(book_id, hashlib.sha256(classes)).update(repr(told).encode())
    named = _posted(sa.select(heads.book_id, person.c.number, person.c.name, person.c.id_type, person.c.number_ok).distinct(), rows=True)
    for book_id, *told in sorted(map(tuple, connection.execute(named.join(person, person.c.number == payout.c.number)).all())):
        hashes[book_id].update(repr(told).encode())
    found = [book for book in accounts.books(connection) if book.book_id in hashes]
    return [Booked(book.book_id, f"{book.fund.value}凭证", hashes[book.book_id].hexdigest()) for book in found]


def table(
    connection: sa.Connection, book_id: int, name: str, files: Sequence[pa.Table | Path], rosters: Sequence[pa.Table | Path], schema: pa.Schema
) -> pa.Table:
    """The rows of a book as payments; those that a payments file shows already are left to the file. Names are those last paid under, else the register's."""
    book = next(one for one in accounts.books(connection) if one.book_id == book_id)
    region = str(connection.execute(sa.select(unit.c.region).where(unit.c.code == book.unit_code)).scalar_one())[:6]
    rows = list(_rows(connection, book, name, region))
    numbers = pa.array(sorted({row["number"] for row in rows}), pa.string())
    shown = _shown(files, numbers)
    known = _register(connection, book_id) | _last_paid([*rosters, *files], numbers)
    made = []
    for row in rows:
        if tuple(row[column] for column in _KEY) not in shown:
            who = known.get(row["number"]) or Payee("", "", judge(row["number"]).ok)
            made.append(row | {"name": who.name, "name_norm": normal_name(who.name), "id_type": who.id_type, "number_ok": who.number_ok})
    return pa.Table.from_pylist(made, schema=schema)


_KEY = ("fund", "number", "item", "period")


def handled(connection: sa.Connection, book_id: int, numbers: Iterable[str]) -> set[tuple[Duty, str]]:
    """Who proposed and accepted the acts that paid these numbers, and who made, reviewed and posted their vouchers."""
    heads, acts = entry.c, batch.c
    asked = _posted(sa.select(heads.maker, heads.poster, heads.reviewer, acts.proposed_by, acts.reviewed_by).distinct(), rows=True)
    found: set[tuple[Duty, str]] = set()
    for row in connection.execute(asked.where(heads.book_id == book_id, payout.c.number.in_(sorted(numbers)))):
        found.update(zip(_ACTED, row, strict=True))
    return found


_ACTED = (Duty.BOOKKEEP, Duty.BOOKKEEP, Duty.CHECK, Duty.HANDLE_ASSESS, Duty.REVIEW)


def _posted(asked: sa.Select[Any], *, rows: bool = False) -> sa.Select[Any]:
    """Posted acts alone, joined to their entries; with their ``rows`` where those are asked for."""
    heads, acts, paid = entry.c, batch.c, payout.c
    whole = sa.join(entry, batch, sa.and_(acts.book_id == heads.book_id, acts.source_key == heads.source_key))
    if rows:
        whole = whole.join(payout, sa.and_(paid.book_id == heads.book_id, paid.source_id == heads.payout_source))
    return asked.select_from(whole).where(acts.kind == "one_off", heads.payout_source == acts.batch_id + PAYOUT_SOURCES)


def _rows(connection: sa.Connection, book: Book, name: str, region: str) -> Iterator[dict[str, Any]]:
    """Rows without who they are, voucher by voucher."""
    heads, paid = entry.c, payout.c
    columns = (heads.entry_id, heads.period.label("month"), heads.kind, heads.number.label("voucher_no"), heads.source_key)
    asked = _posted(sa.select(*columns, paid.number, paid.item, paid.period, paid.amount_fen), rows=True)
    classes = contracts.local_names("items")
    acts = {one.source_key: one for one in store.batches(connection, book.book_id, kind="one_off")}
    found = connection.execute(asked.where(heads.book_id == book.book_id).order_by(heads.entry_id))
    for _, rows in groupby(found, key=lambda row: row.entry_id):
        lines = sorted(rows, key=lambda row: (row.number, row.item, row.period))
        kinds = [classes.get(contracts.fold(row.item), "other") for row in lines]
        went = _went_out([int(row.amount_fen) for row in lines], kinds, int(acts[lines[0].source_key].facts["paid"]))
        for place, (row, kind, fen) in enumerate(zip(lines, kinds, went, strict=True), start=1):
            if fen:
                yield {
                    "file": f"{name}{row.month}{row.kind}{row.voucher_no}", "line": place, "fund": book.fund.value, "region": region,
                    "number": row.number, "id_raw": row.number, "damaged": False, "item": row.item, "item_class": kind, "has_item": True,
                    "period": row.period, "paid_month": row.month.number, "amount": fen, "status": "paid", "account": "", "holder": "", "serial": "",
                    "orig_serial": "", "source": "",
                }  # fmt: skip


def _went_out(fen: Sequence[int], kinds: Sequence[str], paid: int) -> list[int]:
    """What each row of an act that pays ``paid`` in all paid out (实发): what was set off or advanced comes off the account first, then off funeral aid.

    Rows below zero are no payments: they recover one, and the list of recoveries (追回与扣回) is where such money is told.
    """
    granted = sorted((place for place, one in enumerate(fen) if one > 0), key=lambda place: kinds[place] == "funeral")
    less = sum(fen[place] for place in granted) - paid
    made = [0] * len(fen)
    for place in granted:
        off = min(less, fen[place])
        made[place] = fen[place] - off
        less -= off
    return made


def _shown(files: Sequence[pa.Table | Path], numbers: pa.Array) -> set[tuple[Any, ...]]:
    """What payments files show of these numbers, by :data:`_KEY`."""
    found: set[tuple[Any, ...]] = set()
    for one in files:
        near = _near(one, _KEY, numbers)
        found.update(zip(*(near.column(column).to_pylist() for column in _KEY), strict=True))
    return found


def _register(connection: sa.Connection, book_id: int) -> dict[str, Payee]:
    """The register of persons, of the numbers that the book paid so."""
    asked = _posted(sa.select(person.c.number, person.c.name, person.c.id_type, person.c.number_ok).distinct(), rows=True)
    asked = asked.join(person, person.c.number == payout.c.number).where(entry.c.book_id == book_id)
    return {row.number: Payee(row.name, row.id_type, bool(row.number_ok)) for row in connection.execute(asked)}


def _last_paid(given: Sequence[pa.Table | Path], numbers: pa.Array) -> dict[str, Payee]:
    """As each number was last paid otherwise: the latest period, then file and line."""
    best: dict[str, tuple[tuple[Any, ...], Payee]] = {}
    for one in given:
        for row in _near(one, ("number", "period", "file", "line", "name", "id_type", "number_ok"), numbers).to_pylist():
            when = (row["period"], row["file"], row["line"])
            if row["number"] not in best or best[row["number"]][0] < when:
                best[row["number"]] = when, Payee(row["name"], row.get("id_type") or "", row["number_ok"])
    return {number: payee for number, (_, payee) in best.items()}


def _near(one: pa.Table | Path, columns: Sequence[str], numbers: pa.Array) -> pa.Table:
    """The rows of these numbers."""
    from pyarrow import parquet

    wanted = pc.field("number").isin(numbers)
    names = parquet.read_schema(one).names if isinstance(one, Path) else one.column_names
    there = [column for column in columns if column in names]
    return parquet.read_table(one, columns=there, filters=wanted) if isinstance(one, Path) else one.filter(wanted).select(there)

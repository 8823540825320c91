"""What the sub-ledger says was paid (已付), as columns: read in bulk by the driver, then summed to one row a person, item and month."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from controls.tables import roster, roster_line
from ledger.benefits.difference import PaidRows, gather
from ledger.funds import Fund
from ledger.items import canonical_item
from ledger.months import Month
from ledger.tables import entry, payout

CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class Paid:
    """Net payments of the wanted items; ``others`` are items under the same accounts that were not asked for."""

    rows: PaidRows
    others: tuple[str, ...]


def read(connection: sa.Connection, book_id: int, fund: Fund, accounts: Sequence[str], items: Sequence[str], first: Month, last: Month) -> Paid:
    """Payments booked for months ``first`` to ``last`` under ``accounts``, with what was set off or withheld from them, by person, item and month.

    An item's arrears (补发…) count with it, returns against it.
    """
    where = payout.c.book_id == book_id, payout.c.period.between(first.number, last.number), payout.c.account.in_(accounts)
    booked = fetch(connection, sa.select(payout.c.number, payout.c.item, payout.c.period, payout.c.amount_fen).where(*where))
    table = pa.concat_tables([booked, _set_off(connection, book_id, first, last)])
    named = table.column("item").combine_chunks().dictionary_encode()
    meaning = [canonical_item(fund, name) for name in named.dictionary.to_pylist()]
    wanted = {item: place for place, item in enumerate(items)}
    kinds = np.array([wanted.get(name, -1) for name in meaning], np.int64)[named.indices.to_numpy(zero_copy_only=False)] if meaning else np.zeros(0, np.int64)
    kept = kinds >= 0
    people = table.column("number").combine_chunks().filter(pa.array(kept)).dictionary_encode()
    order = np.argsort(np.array(people.dictionary.to_pylist(), dtype=np.str_), kind="stable")
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    numbers = people.dictionary.take(pa.array(order)).to_pylist()
    periods = table.column("period").to_numpy()[kept].astype(np.int64)
    rows = gather(
        numbers, tuple(items), place[people.indices.to_numpy(zero_copy_only=False)], kinds[kept], periods // 100 * 12 + periods % 100 - 1,
        table.column("amount_fen").to_numpy()[kept].astype(np.int64),
    )  # fmt: skip
    return Paid(rows, tuple(sorted({name for name, item in zip(named.dictionary.to_pylist(), meaning, strict=True) if item not in wanted})))


def _set_off(connection: sa.Connection, book_id: int, first: Month, last: Month) -> pa.Table:
    """What was set off or withheld (抵扣、代扣) from lines of paid rosters: the month was given, though less money went out."""
    line, head = roster_line.c, roster.c
    who = sa.case((line.number != "", line.number), (line.id_raw != "", line.id_raw), else_=line.name)
    query = (
        sa.select(who.label("number"), line.item, line.period, (line.offset_fen + line.withheld_fen).label("amount_fen"))
        .join(roster, sa.and_(head.book_id == line.book_id, head.roster_id == line.roster_id))
        .where(line.book_id == book_id, head.payment == "returned", line.period.between(first.number, last.number))
        .where(line.offset_fen + line.withheld_fen != 0, line.item_class != "allowance")
    )
    return fetch(connection, query)


SCHEMA = pa.schema([("number", pa.string()), ("item", pa.string()), ("period", pa.int64()), ("amount_fen", pa.int64())])


def fetch(connection: sa.Connection, query: sa.Select[Any]) -> pa.Table:
    """The rows of a query of number, item, period and fen as columns: COPY on PostgreSQL, the driver's own cursor on SQLite."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    text = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    if connection.dialect.name == "sqlite":
        cursor = driver.cursor()
        cursor.execute(text)
        batches = []
        while rows := cursor.fetchmany(CHUNK):
            batches.append(pa.record_batch([pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), SCHEMA.types, strict=True)], schema=SCHEMA))
        cursor.close()
        return pa.Table.from_batches(batches, SCHEMA)
    from pyarrow import csv

    with driver.cursor() as cursor, cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:
        data = b"".join(bytes(block) for block in copy)
    if not data:
        return SCHEMA.empty_table()
    reading = csv.ReadOptions(column_names=SCHEMA.names)
    types = csv.ConvertOptions(column_types=SCHEMA, strings_can_be_null=False)
    found: pa.Table = csv.read_csv(io.BytesIO(data), reading, csv.ParseOptions(newlines_in_values=True), types)
    return found


def under_way(connection: sa.Connection, book_id: int, fund: Fund, items: Sequence[str], first: Month, last: Month) -> tuple[int, str, str, int] | None:
    """An arrears line of these items and months on a roster that is neither withdrawn nor booked: (roster, state, item, period), None when there is none."""
    line, head = roster_line.c, roster.c
    booked = sa.select(entry.c.entry_id).where(
        entry.c.book_id == book_id, entry.c.source_key == sa.literal("roster:") + sa.cast(head.roster_id, sa.Text) + sa.literal(":return")
    )
    query = (
        sa.select(line.roster_id, head.state, line.item, sa.func.min(line.period).label("period"))
        .join(roster, sa.and_(head.book_id == line.book_id, head.roster_id == line.roster_id))
        .where(line.book_id == book_id, head.state != "withdrawn", line.item_class == "arrears", line.period.between(first.number, last.number))
        .where(~sa.exists(booked))
        .group_by(line.roster_id, head.state, line.item)
        .order_by(line.roster_id)
    )
    for row in connection.execute(query):
        if canonical_item(fund, row.item) in items:
            return row.roster_id, row.state, row.item, row.period
    return None


def unbooked(connection: sa.Connection, book_id: int, first: Month, last: Month) -> list[int]:
    """Rosters of those months, neither withdrawn nor booked: what they pay is not seen."""
    head = roster.c
    booked = sa.select(entry.c.entry_id).where(
        entry.c.book_id == book_id, entry.c.source_key == sa.literal("roster:") + sa.cast(head.roster_id, sa.Text) + sa.literal(":return")
    )
    query = sa.select(head.roster_id).where(
        head.book_id == book_id, head.kind == "benefit", head.state != "withdrawn", head.period.between(first.number, last.number), ~sa.exists(booked)
    )
    return sorted(connection.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Payees:
    """Where the people were last paid: one row a person of ``numbers``; ``found`` is False where no roster knows them."""

    found: list[bool]
    rows: list[tuple[str, str, str, str, str, str]]
    """Name, 证件类型, bank account, holder, bank and region."""


def payees(connection: sa.Connection, book_id: int, numbers: Sequence[str]) -> Payees:
    """The bank account each person was last paid to, from the newest roster that has them; one query a roster until everybody is found."""
    place = {number: index for index, number in enumerate(numbers)}
    rows: list[tuple[str, str, str, str, str, str]] = [("", "", "", "", "", "")] * len(numbers)
    found = [False] * len(numbers)
    left = len(numbers)
    head, line = roster.c, roster_line.c
    released = (
        sa.select(head.roster_id)
        .where(head.book_id == book_id, head.kind == "benefit", head.state == "released")
        .order_by(head.period.desc(), head.roster_id.desc())
    )
    for roster_id in connection.execute(released).scalars().all():
        if not left:
            break
        query = (
            sa.select(line.number, line.name, line.id_type, line.account, line.holder, line.bank, line.region)
            .where(line.book_id == book_id, line.roster_id == roster_id, line.net_fen > 0, line.account != "", line.number != "")
            .order_by(line.seq)
        )
        for number, *told in connection.execute(query):
            index = place.get(number)
            if index is not None and not found[index]:
                rows[index] = (told[0], told[1], told[2], told[3], told[4], told[5])
                found[index] = True
                left -= 1
    return Payees(found, rows)

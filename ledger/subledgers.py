"""The sub-ledgers (逐人明细) beside the books: payouts and contributions, one row a person, item and period, written only with their entry.

One definition serves writing and reading. A payout's rows are on the debit side of its entry and cover every expense line; a contribution's are on the
credit side and cover every 4001 line. The database proves the tie when the entry is sealed (L10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import lt
from typing import Any

import sqlalchemy as sa

from ledger.db import UnitOfWork
from ledger.entries import Claim, Entry, PayoutRow, RowsDigest, Side
from ledger.errors_posting import SubledgerDiffers
from ledger.lifting import lifted
from ledger.money import show
from ledger.tables import contribution, entry, open_posting, payout

CHUNK = 2_000
"""Rows proved and written at a time: what one step holds in memory, and what the database takes in while the next is made."""
_VALUES = 900
"""Values of one statement on SQLite: many rows a statement halve the time, and any build of SQLite takes 999."""


@dataclass(frozen=True, slots=True)
class Subledger:
    """One sub-ledger: its table, the column of its kind (item or part), the side of its control lines."""

    name: str
    zh: str
    table: sa.Table
    kind: str
    side: Side

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a row after book and source."""
        return ("number", self.kind, "period", "amount_fen", "account")

    @property
    def guard(self) -> str:
        """The trigger that keeps everybody else from adding rows."""
        return f"{self.table.name}_enter"


PAYOUT = Subledger("payout", "发放明细", payout, "item", Side.D)
CONTRIBUTION = Subledger("contribution", "缴费明细", contribution, "part", Side.C)
SUBLEDGERS = {one.name: one for one in (PAYOUT, CONTRIBUTION)}


def enter(work: UnitOfWork, book_id: int, made: Entry, rows: Iterable[PayoutRow]) -> None:
    """Writes the rows that the entry claims, in one pass and chunk by chunk, and proves that they are those; without a claim there are none.

    ``rows`` must not read from the same connection while it is consumed: a COPY keeps it busy. Raises SB1305 when count, fen, order or digest differ,
    SB1106, SB1312; the caller's transaction cannot be committed then.
    """
    claim = made.claim
    if claim is None:
        if next(iter(rows), None) is not None:
            raise SubledgerDiffers(why="凭证没有声明明细来源")
        return
    law = SUBLEDGERS[claim.subledger]
    work.connection.execute(open_posting.insert().values(book_id=book_id, subledger=law.name, source_id=claim.source))
    seen = RowsDigest()
    write = _sqlite if work.is_sqlite else _postgresql
    write(work, law, book_id, claim.source, _proved(rows, seen))
    if (seen.count, seen.fen) != (claim.count, claim.fen):
        raise SubledgerDiffers(why=f"明细 {seen.count} 笔 {show(seen.fen)} 元，凭证 {claim.count} 笔 {show(claim.fen)} 元")
    if seen.hexdigest() != claim.digest:
        raise SubledgerDiffers(why="明细内容与审核时不同")


def _proved(rows: Iterable[PayoutRow], seen: RowsDigest) -> Iterator[list[PayoutRow]]:
    """Chunks of the rows, each in key order after the one before and added to the digest."""
    source = iter(rows)
    last: list[PayoutRow] = []
    while chunk := list(islice(source, CHUNK)):
        if not all(map(lt, chunk, islice(chunk, 1, None))) or (last and not last[0][:3] < chunk[0][:3]):
            raise SubledgerDiffers(why="明细未按证件号码、类型、所属期排序，或有重复")
        seen.update(chunk)
        last = chunk[-1:]
        yield chunk


def _sqlite(work: UnitOfWork, law: Subledger, book_id: int, source: int, chunks: Iterable[Sequence[PayoutRow]]) -> None:
    """Without the row guard for our own insert (``ledger.lifting``); the seal proves the rows afterwards."""
    with lifted(work, (law.guard,)) as driver:
        one = f"({book_id:d}, {source:d}, ?, ?, ?, ?, ?)"
        head = f"INSERT INTO {law.table.name} (book_id, source_id, {', '.join(law.columns)}) VALUES "
        each = _VALUES // 5
        many, single = head + ", ".join([one] * each), head + one
        for chunk in chunks:
            whole = len(chunk) - len(chunk) % each
            driver.executemany(many, (list(chain.from_iterable(chunk[start : start + each])) for start in range(0, whole, each)))
            driver.executemany(single, chunk[whole:])


def _postgresql(work: UnitOfWork, law: Subledger, book_id: int, source: int, chunks: Iterable[Sequence[PayoutRow]]) -> None:
    """One COPY in its text form, in pieces small enough that the server works on one while the next is proved.

    A piece with a character that COPY reads as a sign goes row by row through the driver.
    """
    statement = f"COPY {law.table.name} (book_id, source_id, {', '.join(law.columns)}) FROM STDIN"
    form = f"{book_id:d}\t{source:d}\t%s\t%s\t%d\t%d\t%s\n".__mod__
    with _driver(work).cursor() as cursor, cursor.copy(statement) as copy:
        for rows in chunks:
            text = "".join(map(form, rows))
            if text.count("\t") == 6 * len(rows) and text.count("\n") == len(rows) and "\\" not in text and "\r" not in text:
                copy.write(text)
            else:
                for row in rows:
                    copy.write_row((book_id, source, *row))


def _driver(work: UnitOfWork) -> Any:
    driver = work.connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return driver


def rows_of(connection: sa.Connection, law: Subledger, book_id: int, source_id: int) -> Iterator[PayoutRow]:
    """Stored rows of one source in key order: (number, item or part, period, fen, account)."""
    columns = law.table.c
    found = connection.execute(
        sa.select(*(columns[name] for name in law.columns))
        .where(columns.book_id == book_id, columns.source_id == source_id)
        .order_by(*_key_order(connection, law))
    )
    for chunk in found.partitions(20_000):
        yield from ((row[0], row[1], row[2], row[3], row[4]) for row in chunk)


def struck(connection: sa.Connection, law: Subledger, book_id: int, source_id: int) -> list[PayoutRow]:
    """The rows of a red voucher: those of the source it strikes, with their signs turned."""
    return [(number, kind, period, -fen, account) for number, kind, period, fen, account in rows_of(connection, law, book_id, -source_id)]


def of_person(connection: sa.Connection, law: Subledger, book_id: int, number: str) -> list[tuple[int, int, PayoutRow]]:
    """All rows of one person in the book: (entry_id, source_id, row) in the order of booking; one look at the key a source, never a scan."""
    columns, heads = law.table.c, entry.c
    source = heads[f"{law.name}_source"]
    joined = sa.join(entry, law.table, sa.and_(columns.book_id == heads.book_id, columns.source_id == source, columns.number == number))
    query = (
        sa.select(heads.entry_id, columns.source_id, *(columns[name] for name in law.columns))
        .select_from(joined)
        .where(heads.book_id == book_id, source.is_not(None))
        .order_by(heads.entry_id, *_key_order(connection, law))
    )
    return [(row[0], row[1], (row[2], row[3], row[4], row[5], row[6])) for row in connection.execute(query)]


def claims(connection: sa.Connection, law: Subledger, book_id: int) -> list[tuple[int, Claim]]:
    """What the posted entries of a book claim of one sub-ledger: (entry_id, claim) in the order of booking."""
    heads = entry.c
    wanted = [heads[f"{law.name}_{name}"] for name in ("source", "count", "fen", "digest")]
    query = sa.select(heads.entry_id, *wanted).where(heads.book_id == book_id, wanted[0].is_not(None)).order_by(heads.entry_id)
    return [(row[0], Claim(law.name, row[1], row[2], row[3], row[4])) for row in connection.execute(query)]


def _key_order(connection: sa.Connection, law: Subledger) -> list[sa.ColumnElement[object]]:
    """Key columns ordered by bytes on every database, as Python sorts text."""
    columns = law.table.c
    if connection.dialect.name == "postgresql":
        return [columns.number.collate("C"), columns[law.kind].collate("C"), columns.period]
    return [columns.number, columns[law.kind], columns.period]

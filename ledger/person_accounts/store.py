"""Batches of acts on person accounts: built, proposed and signed in the store; read back as frozen values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import sqlalchemy as sa

from ledger import bulk
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.money import Fen
from ledger.months import Month
from ledger.person_account_tables import act, batch, year

PAYOUT_SOURCES = 2**30
"""Payout sources beyond this are acts on person accounts (this + the batch's number); those below are rosters."""
KINDS = {"opening": "期初余额", "interest": "年度结息", "transfer": "转移", "one_off": "一次性支付", "correction": "更正"}
STATES = {"building": "建立中", "proposed": "待审核", "accepted": "已生效", "rejected": "已退回"}
ROW_KINDS = {
    "opening": "期初余额", "transfer_in": "转入", "transfer_out": "转出", "paid_once": "一次性支付", "cleared": "清退留基金", "interest": "终止结息",
    "correction": "更正",
}  # fmt: skip
ActRow = tuple[str, str, str, Fen]
"""(number, part, kind, fen): positive enters the account, negative leaves it."""
YearRow = tuple[str, str, Fen, Fen, Fen, Fen, Fen, Fen]
"""(number, part, opening, entered, moved, paid, interest, closing), fen."""
ACT_COLUMNS = ("book_id", "batch_id", "number", "part", "kind", "amount_fen")
YEAR_COLUMNS = ("book_id", "batch_id", "number", "part", "opening_fen", "entered_fen", "moved_fen", "paid_fen", "interest_fen", "closing_fen")


@dataclass(frozen=True, slots=True)
class Batch:
    """One act on accounts: what it is, when it counts, who proposed it and who reviewed it."""

    book_id: int
    batch_id: int
    kind: str
    state: str
    period: Month
    books: bool
    source_key: str
    key: str
    reason: str
    evidence: str
    facts: dict[str, Any]
    rows: int
    fen: Fen
    digest: str
    proposed_by: str
    proposed_at: str
    reviewed_by: str
    reviewed_at: str
    review_note: str

    @property
    def thing(self) -> str:
        """As the trail writes it."""
        return f"person-account:{self.book_id}-{self.batch_id}"

    @property
    def label(self) -> str:
        """For people: kind and number."""
        return f"{KINDS[self.kind]} {self.book_id}-{self.batch_id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A batch to be proposed. ``facts`` must hold plain JSON values; amounts in it are fen."""

    kind: str
    period: Month
    books: bool
    reason: str
    evidence: str
    key: str = ""
    facts: dict[str, Any] | None = None


def next_id(connection: sa.Connection, book_id: int) -> int:
    """The number that the next batch of a book gets."""
    return 1 + int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(batch.c.batch_id), 0)).where(batch.c.book_id == book_id)).scalar_one())


def source_key(batch_id: int) -> str:
    """The source key under which a batch is booked, once (L11)."""
    return f"person-account:{batch_id}"


def rows_digest(head: dict[str, Any], rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the head and the rows in key order, one line a row (tab-separated; no part holds a tab or a line feed)."""
    hashed = hashlib.sha256(canonical(head).encode())
    source = iter(rows)
    while chunk := list(islice(source, 20_000)):
        hashed.update(("\n" + "\n".join("\t".join(map(str, row)) for row in chunk)).encode())
    return hashed.hexdigest()


def head_of(wanted: Wanted, batch_id: int) -> dict[str, Any]:
    """What a batch says of itself, for its digest."""
    return {
        "batch": batch_id, "kind": wanted.kind, "period": wanted.period.number, "books": wanted.books, "key": wanted.key, "reason": wanted.reason,
        "evidence": wanted.evidence, "facts": wanted.facts or {},
    }  # fmt: skip


def build(work: UnitOfWork, now: str, user: str, book_id: int, wanted: Wanted, acts: Sequence[ActRow] = (), years: Sequence[YearRow] = ()) -> Batch:
    """Writes a batch with its rows (in key order) and seals it as proposed. Raises SB1426 from the database's guards."""
    batch_id = next_id(work.connection, book_id)
    acts, years = sorted(acts), years if all(a[:2] < b[:2] for a, b in pairwise(years)) else sorted(years)
    fen = sum(row[3] for row in acts) + sum(row[6] for row in years)
    digest = rows_digest(head_of(wanted, batch_id), [*acts, *years] if acts else years)
    work.connection.execute(
        batch.insert().values(
            book_id=book_id, batch_id=batch_id, kind=wanted.kind, state="building", period=wanted.period.number, books=int(wanted.books),
            source_key=source_key(batch_id), key=wanted.key, reason=wanted.reason, evidence=wanted.evidence, facts=canonical(wanted.facts or {}),
            row_count=len(acts) + len(years), fen=fen, digest=digest, proposed_by=user, proposed_at=now, reviewed_by="", reviewed_at="", review_note="",
        )
    )  # fmt: skip
    if acts:
        bulk.insert(work, act, ACT_COLUMNS, ((book_id, batch_id, *row) for row in acts))
    if years:
        bulk.insert(work, year, YEAR_COLUMNS, ((book_id, batch_id, *row) for row in years))
    move(work, book_id, batch_id, state="proposed")
    return get(work.connection, book_id, batch_id)


def move(work: UnitOfWork, book_id: int, batch_id: int, **values: object) -> None:
    """Writes columns of a batch; the callers check first and leave their record."""
    work.connection.execute(batch.update().where(batch.c.book_id == book_id, batch.c.batch_id == batch_id).values(**values))


def batches(connection: sa.Connection, book_id: int, *, batch_id: int | None = None, key: str = "", kind: str = "", state: str = "") -> list[Batch]:
    """Batches of a book in order, filtered."""
    columns = batch.c
    query = sa.select(batch).where(columns.book_id == book_id).order_by(columns.batch_id)
    for column, value in ((columns.batch_id, batch_id), (columns.key, key), (columns.kind, kind), (columns.state, state)):
        query = query.where(column == value) if value else query
    return [_batch(row._mapping) for row in connection.execute(query)]


def get(connection: sa.Connection, book_id: int, batch_id: int) -> Batch:
    """One batch; LookupError when there is none."""
    found = batches(connection, book_id, batch_id=batch_id)
    if not found:
        raise LookupError(f"{book_id}-{batch_id}")
    return found[0]


def _batch(row: sa.RowMapping) -> Batch:
    return Batch(
        row["book_id"], row["batch_id"], row["kind"], row["state"], Month.from_number(row["period"]), bool(row["books"]), row["source_key"], row["key"],
        row["reason"], row["evidence"], json.loads(row["facts"]), row["row_count"], int(row["fen"]), row["digest"], row["proposed_by"], row["proposed_at"],
        row["reviewed_by"], row["reviewed_at"], row["review_note"],
    )  # fmt: skip


def act_rows(connection: sa.Connection, book_id: int, batch_id: int) -> list[ActRow]:
    """A batch's rows in key order."""
    columns = act.c
    query = sa.select(columns.number, columns.part, columns.kind, columns.amount_fen).where(columns.book_id == book_id, columns.batch_id == batch_id)
    return [(row[0], row[1], row[2], int(row[3])) for row in connection.execute(query.order_by(columns.number, columns.part, columns.kind))]


def year_rows(connection: sa.Connection, book_id: int, batch_id: int, number: str = "") -> Iterable[YearRow]:
    """The balances that an interest batch leaves, in key order, streamed."""
    columns = year.c
    query = sa.select(*(columns[name] for name in YEAR_COLUMNS[2:])).where(columns.book_id == book_id, columns.batch_id == batch_id)
    query = query.where(columns.number == number) if number else query
    for row in connection.execute(query.order_by(columns.number, columns.part), execution_options={"yield_per": 20_000}):
        yield (row[0], row[1], int(row[2]), int(row[3]), int(row[4]), int(row[5]), int(row[6]), int(row[7]))


def proven_digest(connection: sa.Connection, found: Batch) -> str:
    """The digest of a batch as its rows stand in the store."""
    wanted = Wanted(found.kind, found.period, found.books, found.reason, found.evidence, found.key, found.facts)
    rows: Iterable[Sequence[Any]] = (
        year_rows(connection, found.book_id, found.batch_id) if found.kind == "interest" else act_rows(connection, found.book_id, found.batch_id)
    )
    return rows_digest(head_of(wanted, found.batch_id), rows)

"""Tables of the cashier's journals (日记账): written from receipts by the 出纳, never from postings. Amounts are fen, days ISO text; '' is absent text.

The guards stand in ``controls/journal_guards/*.sql``: append-only, running balance, closed days, and who may write.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Fen, Integer, Text


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _fen(name: str) -> sa.Column[int]:
    return sa.Column(name, Fen, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


def _of(parent: str, *columns: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(list(columns), [f"shebao_{parent}.{column}" for column in columns])


journal = _table(
    "journal",
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("journal_id", Integer, primary_key=True, autoincrement=False, unique=True),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('cash','income','fiscal','payment')"), nullable=False),
    _text("bank_account"),
    _text("bank"),
    _text("opened_on"),
    _fen("opening_fen"),
    _text("opened_by"),
    _text("opened_at"),
    sa.CheckConstraint("(kind = 'cash') = (bank_account = '')", name="shebao_journal_account"),
    sa.UniqueConstraint("book_id", "kind", "bank_account", name="shebao_journal_once"),
)

journal_line = _table(
    "journal_line",
    _key("book_id"),
    _key("journal_id"),
    _key("line_no"),
    _text("day"),
    _text("receipt_on"),
    sa.Column("receipt_kind", Text, sa.CheckConstraint("receipt_kind <> ''"), nullable=False),
    sa.Column("receipt_no", Text, sa.CheckConstraint("receipt_no <> ''"), nullable=False),
    sa.Column("summary", Text, sa.CheckConstraint("summary <> ''"), nullable=False),
    _text("counterpart"),
    _text("counter_account"),
    _fen("in_fen"),
    _fen("out_fen"),
    _fen("balance_fen"),
    _text("attachment"),
    sa.Column("strikes", Integer),
    _text("reason"),
    _text("source"),
    _text("entered_by"),
    _text("entered_at"),
    sa.CheckConstraint("(in_fen = 0) <> (out_fen = 0)", name="shebao_journal_line_side"),
    sa.CheckConstraint("(strikes IS NULL) = (reason = '')", name="shebao_journal_line_reason"),
    sa.UniqueConstraint("book_id", "journal_id", "strikes", name="shebao_journal_line_struck_once"),
    _of("journal", "book_id", "journal_id"),
)

sa.Index("shebao_journal_line_receipt", journal_line.c.book_id, journal_line.c.journal_id, journal_line.c.receipt_kind, journal_line.c.receipt_no)

journal_day = _table(
    "journal_day",
    _key("book_id"),
    _key("journal_id"),
    sa.Column("day", Text, primary_key=True),
    sa.Column("last_line", Integer, nullable=False),
    _fen("in_fen"),
    _fen("out_fen"),
    _fen("balance_fen"),
    _text("closed_by"),
    _text("closed_at"),
    _of("journal", "book_id", "journal_id"),
)

cash_count = _table(
    "cash_count",
    _key("book_id"),
    _key("journal_id"),
    _key("count_no"),
    _text("day"),
    _text("denominations"),
    _fen("counted_fen"),
    _fen("book_fen"),
    _text("counted_by"),
    _text("counted_at"),
    _of("journal", "book_id", "journal_id"),
)

cash_witness = _table(
    "cash_witness",
    _key("book_id"),
    _key("journal_id"),
    _key("count_no"),
    _text("witnessed_by"),
    _text("witnessed_at"),
    _of("cash_count", "book_id", "journal_id", "count_no"),
)

JOURNAL_TABLES = [journal, journal_line, journal_day, cash_count, cash_witness]

"""Tables of the ledger. Every key begins with the book; every amount is integer fen; months are ``yyyymm``.

The guards (triggers) that make the invariants hold at every door stand in ``ledger/guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import MonthNumber, metadata
from ledger.person_account_tables import PERSON_ACCOUNT_TABLES
from ledger.person_tables import PERSON_TABLES

Text = sa.Text
Integer = sa.Integer
Fen = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_entry() -> sa.ForeignKeyConstraint:
    """A row under its entry. On PostgreSQL the guards lay this key between the partitions of one book: asked of the whole of a cut table, it costs three times
    the insert of the row."""
    return sa.ForeignKeyConstraint(["book_id", "entry_id"], ["shebao_entry.book_id", "shebao_entry.entry_id"]).ddl_if(dialect="sqlite")


def _table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True, by_book: bool = False) -> sa.Table:
    """``by_book``: on PostgreSQL the table is cut by book (payouts and contributions also by year); the guards make the partitions."""
    form = "LIST (book_id)" if by_book else None
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid, postgresql_partition_by=form)


unit = _table(
    "unit",
    sa.Column("code", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("region", Text, nullable=False),
    sa.Column("tier", Text, sa.CheckConstraint("tier IN ('county','province')"), nullable=False),
)

book = _table(
    "book",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("unit_code", Text, sa.ForeignKey("shebao_unit.code"), nullable=False),
    sa.Column("fund", Text, nullable=False),
    sa.Column("chart", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("opened", MonthNumber, nullable=False),
    sa.UniqueConstraint("unit_code", "fund", name="shebao_book_once"),
)

account = _table(
    "account",
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True),
    sa.Column("code", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("full_name", Text, nullable=False),
    sa.Column("side", Text, sa.CheckConstraint("side IN ('D','C')"), nullable=False),
    sa.Column("element", Text, nullable=False),
    sa.Column("parent", Text, nullable=False),
    sa.Column("leaf", Integer, nullable=False),
    sa.Column("origin", Text, nullable=False),
    sa.Column("valid_from", Text, nullable=False),
    sa.Column("valid_to", Text, nullable=False),
)

period = _table(
    "period",
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True),
    sa.Column("period", MonthNumber, sa.CheckConstraint("period % 100 BETWEEN 1 AND 12"), primary_key=True, autoincrement=False),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('open','locked','closed')"), nullable=False),
)

entry = _table(
    "entry",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("entry_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("period", MonthNumber, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("number", Integer, nullable=False),
    sa.Column("day", Text, nullable=False),
    sa.Column("recorded_at", Text, nullable=False),
    sa.Column("event", Text, nullable=False),
    sa.Column("summary", Text, nullable=False),
    sa.Column("attachments", Integer, nullable=False),
    sa.Column("maker", Text, nullable=False),
    sa.Column("reviewer", Text, nullable=False),
    sa.Column("poster", Text, nullable=False),
    sa.Column("authority", Text, sa.CheckConstraint("authority <> ''"), nullable=False),
    sa.Column("source_key", Text, nullable=False),
    sa.Column("closing", Integer, sa.CheckConstraint("closing IN (0,1)"), nullable=False),
    sa.Column("corrects", Integer),
    sa.Column("line_count", Integer, nullable=False),
    sa.Column("debit_fen", Fen, nullable=False),
    sa.Column("payout_source", Integer),
    sa.Column("payout_count", Integer, nullable=False),
    sa.Column("payout_fen", Fen, nullable=False),
    sa.Column("payout_digest", Text, nullable=False),
    sa.Column("contribution_source", Integer),
    sa.Column("contribution_count", Integer, nullable=False),
    sa.Column("contribution_fen", Fen, nullable=False),
    sa.Column("contribution_digest", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.ForeignKeyConstraint(["book_id", "period"], ["shebao_period.book_id", "shebao_period.period"]),
    sa.ForeignKeyConstraint(
        ["book_id", "entry_id"],
        ["shebao_seal.book_id", "shebao_seal.entry_id"],
        deferrable=True,
        initially="DEFERRED",
        use_alter=False,
        name="shebao_entry_sealed",
    ),
    sa.CheckConstraint("maker <> reviewer AND poster <> reviewer", name="shebao_entry_two_people"),
    sa.UniqueConstraint("book_id", "kind", "period", "number", name="shebao_entry_number"),
    sa.UniqueConstraint("book_id", "source_key", name="shebao_entry_source_once"),
    sa.UniqueConstraint("book_id", "payout_source", name="shebao_entry_payout_once"),
    by_book=True,
)

sa.Index(
    "shebao_entry_contribution_once", entry.c.book_id, entry.c.contribution_source, unique=True,
    sqlite_where=entry.c.contribution_source.is_not(None), postgresql_where=entry.c.contribution_source.is_not(None),
)  # fmt: skip

seal = _table(
    "seal",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("entry_id", Integer, primary_key=True, autoincrement=False),
)

line = _table(
    "line",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("entry_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("line_no", Integer, primary_key=True, autoincrement=False),
    sa.Column("account", Text, nullable=False),
    sa.Column("side", Text, sa.CheckConstraint("side IN ('D','C')"), nullable=False),
    sa.Column("amount_fen", Fen, sa.CheckConstraint("amount_fen <> 0"), nullable=False),
    sa.Column("dimension", Text, nullable=False),
    sa.Column("memo", Text, nullable=False),
    _of_entry(),
    sa.ForeignKeyConstraint(["book_id", "account"], ["shebao_account.book_id", "shebao_account.code"]),
    rowid=False,
    by_book=True,
)

payout = _table(
    "payout",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("source_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("number", Text, primary_key=True),
    sa.Column("item", Text, primary_key=True),
    sa.Column("period", Integer, primary_key=True, autoincrement=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("account", Text, nullable=False),
    rowid=False,
    by_book=True,
)

contribution = _table(
    "contribution",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("source_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("number", Text, primary_key=True),
    sa.Column("part", Text, primary_key=True),
    sa.Column("period", Integer, primary_key=True, autoincrement=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("account", Text, nullable=False),
    rowid=False,
    by_book=True,
)

document = _table(
    "document",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("document", Text, primary_key=True),
    sa.Column("entry_id", Integer, nullable=False),
    _of_entry(),
    rowid=False,
    by_book=True,
)

sa.Index("shebao_document_entry", document.c.book_id, document.c.entry_id)

open_posting = _table(
    "open_posting",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("subledger", Text, sa.CheckConstraint("subledger IN ('payout','contribution')"), primary_key=True),
    sa.Column("source_id", Integer, primary_key=True, autoincrement=False),
    rowid=False,
)

sealing = _table(
    "sealing",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("first_id", Integer, nullable=False),
    sa.Column("last_id", Integer, nullable=False),
    sa.Column("first_seq", Integer, nullable=False),
    sa.Column("last_seq", Integer, nullable=False),
    rowid=False,
)
"""Entries sealed together with their chain records (SQLite): a row asks for proof and seals of all, and is gone with the statement that wrote it."""

balance = _table(
    "balance",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("account", Text, primary_key=True),
    sa.Column("period", MonthNumber, primary_key=True, autoincrement=False),
    sa.Column("dimension", Text, primary_key=True),
    sa.Column("debit_fen", Fen, nullable=False),
    sa.Column("credit_fen", Fen, nullable=False),
    sa.Column("closing_debit_fen", Fen, nullable=False),
    sa.Column("closing_credit_fen", Fen, nullable=False),
    sa.Column("lines", Integer, nullable=False),
    rowid=False,
)

chain = _table(
    "chain",
    sa.Column("seq", Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Text, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("duty", Text, nullable=False),
    sa.Column("act", Text, nullable=False),
    sa.Column("thing", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("facts", Text, nullable=False),
    sa.Column("previous", Text, nullable=False),
    sa.Column("hash", Text, nullable=False, unique=True),
    sa.Column("before", Text, nullable=False),
    sa.Column("result", Text, sa.CheckConstraint("result IN ('done','refused')"), nullable=False),
    sa.Column("reason", Text, nullable=False),
)

sa.Index("shebao_chain_thing", chain.c.thing, chain.c.seq)

chain_salt = _table(
    "chain_salt",
    sa.Column("seq", Integer, sa.ForeignKey("shebao_chain.seq"), primary_key=True, autoincrement=False),
    sa.Column("token", Text, primary_key=True),
    sa.Column("salt", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    rowid=False,
)
"""Personal texts of the trail and their salts (F16): rows are added with their record, never altered, and destroyed only by a confirmed redaction."""

chain_erasure = _table(
    "chain_erasure",
    sa.Column("seq", Integer, sa.ForeignKey("shebao_chain.seq"), primary_key=True, autoincrement=False),
    sa.Column("token", Text, primary_key=True),
    sa.Column("redaction_no", Integer, nullable=False),
    rowid=False,
)
"""Texts destroyed by law: a row here takes the text and its salt away in the same statement; ``redaction_no`` says who asked and who confirmed."""

SALT_TABLES = [chain_salt, chain_erasure]

LEDGER_TABLES = [
    unit, book, account, period, seal, entry, line, payout, contribution, document, open_posting, sealing, balance, chain, *SALT_TABLES,
    *PERSON_TABLES, *PERSON_ACCOUNT_TABLES,
]  # fmt: skip

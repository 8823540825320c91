"""Tables of person accounts (ledger.person_accounts): batches of acts two people signed, their rows, and the balances each yearly interest act leaves.

Every key begins with the book; amounts are integer fen; months are ``yyyymm``. Guards stand in ``ledger/person_account_guards``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata

Text = sa.Text
Integer = sa.Integer
Fen = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True, by_book: bool = False) -> sa.Table:
    """``by_book``: on PostgreSQL the table is cut by book (ledger.partitions)."""
    form = "LIST (book_id)" if by_book else None
    return sa.Table(f"shebao_person_account_{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid, postgresql_partition_by=form)


# state: building (rows enter) → proposed (sealed: rows and fen as announced) → accepted or rejected by another person.
# books: an entry with source_key "person-account:<batch_id>" makes it effective, in the entry's month; 0: the signature does.
batch = _table(
    "batch",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("batch_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('opening','interest','transfer','one_off','correction')"), nullable=False),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('building','proposed','accepted','rejected')"), nullable=False),
    sa.Column("period", Integer, sa.CheckConstraint("period % 100 BETWEEN 1 AND 12"), nullable=False),
    sa.Column("books", Integer, sa.CheckConstraint("books IN (0,1)"), nullable=False),
    sa.Column("source_key", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("evidence", Text, nullable=False),
    sa.Column("facts", Text, nullable=False),
    sa.Column("row_count", Integer, nullable=False),
    sa.Column("fen", Fen, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("proposed_by", Text, nullable=False),
    sa.Column("proposed_at", Text, nullable=False),
    sa.Column("reviewed_by", Text, nullable=False),
    sa.Column("reviewed_at", Text, nullable=False),
    sa.Column("review_note", Text, nullable=False),
    sa.ForeignKeyConstraint(["book_id"], ["shebao_book.book_id"]),
    sa.CheckConstraint("reviewed_by = '' OR reviewed_by <> proposed_by", name="shebao_person_account_two_people"),
    sa.UniqueConstraint("book_id", "source_key", name="shebao_person_account_batch_source"),
)

act = _table(
    "act",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("batch_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("number", Text, primary_key=True),
    sa.Column("part", Text, primary_key=True),
    sa.Column("kind", Text, primary_key=True),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.ForeignKeyConstraint(["book_id", "batch_id"], ["shebao_person_account_batch.book_id", "shebao_person_account_batch.batch_id"]),
    sa.Index("shebao_person_account_act_number", "book_id", "number"),
    rowid=False,
    by_book=True,
)

year = _table(
    "year",
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("batch_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("number", Text, primary_key=True),
    sa.Column("part", Text, primary_key=True),
    sa.Column("opening_fen", Fen, nullable=False),
    sa.Column("entered_fen", Fen, nullable=False),
    sa.Column("moved_fen", Fen, nullable=False),
    sa.Column("paid_fen", Fen, nullable=False),
    sa.Column("interest_fen", Fen, nullable=False),
    sa.Column("closing_fen", Fen, nullable=False),
    sa.ForeignKeyConstraint(["book_id", "batch_id"], ["shebao_person_account_batch.book_id", "shebao_person_account_batch.batch_id"]),
    sa.CheckConstraint(
        "closing_fen = opening_fen + entered_fen + moved_fen - paid_fen + interest_fen AND closing_fen >= 0", name="shebao_person_account_rolled"
    ),
    rowid=False,
    by_book=True,
)

PERSON_ACCOUNT_TABLES = [batch, act, year]

"""Changes of a book's accounts (科目变动): what is opened or ended from which day, by whom proposed and confirmed."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text

account_change = sa.Table(
    "shebao_account_change",
    metadata,
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("change_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('add','end')"), nullable=False),
    sa.Column("code", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("full_name", Text, nullable=False),
    sa.Column("side", Text, nullable=False),
    sa.Column("element", Text, nullable=False),
    sa.Column("parent", Text, nullable=False),
    sa.Column("origin", Text, nullable=False),
    sa.Column("day", Text, nullable=False),
    sa.Column("reason", Text, sa.CheckConstraint("reason <> ''"), nullable=False),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('proposed','confirmed','rejected')"), nullable=False),
    sa.Column("proposed_by", Text, nullable=False),
    sa.Column("proposed_at", Text, nullable=False),
    sa.Column("signed_by", Text, nullable=False),
    sa.Column("signed_at", Text, nullable=False),
    sa.CheckConstraint("signed_by = '' OR signed_by <> proposed_by", name="shebao_account_change_two_people"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

ACCOUNT_TABLES = [account_change]

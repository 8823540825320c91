"""Tables of vouchers before they are posted (凭证草稿): proposed, made, reviewed. Drafts are not in the books."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import MonthNumber, metadata
from ledger.tables import Fen, Integer, Text

voucher = sa.Table(
    "shebao_voucher",
    metadata,
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("voucher_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('proposed','made','reviewed','posted','rejected')"), nullable=False),
    sa.Column("period", MonthNumber, nullable=False),
    sa.Column("day", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("event", Text, nullable=False),
    sa.Column("summary", Text, nullable=False),
    sa.Column("attachments", Integer, nullable=False),
    sa.Column("authority", Text, nullable=False),
    sa.Column("source_key", Text, nullable=False),
    sa.Column("documents", Text, nullable=False),
    sa.Column("closing", Integer, nullable=False),
    sa.Column("corrects", Integer),
    sa.Column("payout_source", Integer),
    sa.Column("payout_count", Integer, nullable=False),
    sa.Column("payout_fen", Fen, nullable=False),
    sa.Column("payout_digest", Text, nullable=False),
    sa.Column("contribution_source", Integer),
    sa.Column("contribution_count", Integer, nullable=False),
    sa.Column("contribution_fen", Fen, nullable=False),
    sa.Column("contribution_digest", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("proposed_by", Text, nullable=False),
    sa.Column("proposed_at", Text, nullable=False),
    sa.Column("maker", Text, nullable=False),
    sa.Column("made_at", Text, nullable=False),
    sa.Column("reviewer", Text, nullable=False),
    sa.Column("reviewed_at", Text, nullable=False),
    sa.Column("reviewed_digest", Text, nullable=False),
    sa.Column("papers_digest", Text, nullable=False),
    sa.Column("cash", Integer, sa.CheckConstraint("cash IN (0,1)"), nullable=False),
    sa.Column("cashier", Text, nullable=False),
    sa.Column("cashier_at", Text, nullable=False),
    sa.Column("entry_id", Integer),
    sa.Column("note", Text, nullable=False),
    sa.CheckConstraint("maker = '' OR maker <> reviewer", name="shebao_voucher_two_people"),
    sa.CheckConstraint("cashier = '' OR (cashier <> maker AND cashier <> reviewer)", name="shebao_voucher_cashier_apart"),
    sqlite_strict=True,
)

sa.Index(
    "shebao_voucher_source_live",
    voucher.c.book_id,
    voucher.c.source_key,
    unique=True,
    sqlite_where=voucher.c.state != "rejected",
    postgresql_where=voucher.c.state != "rejected",
)

voucher_line = sa.Table(
    "shebao_voucher_line",
    metadata,
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("voucher_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("line_no", Integer, primary_key=True, autoincrement=False),
    sa.Column("account", Text, nullable=False),
    sa.Column("side", Text, sa.CheckConstraint("side IN ('D','C')"), nullable=False),
    sa.Column("amount_fen", Fen, nullable=False),
    sa.Column("dimension", Text, nullable=False),
    sa.Column("memo", Text, nullable=False),
    sa.ForeignKeyConstraint(["book_id", "voucher_id"], ["shebao_voucher.book_id", "shebao_voucher.voucher_id"]),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

attachment = sa.Table(
    "shebao_attachment",
    metadata,
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("voucher_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("place", Integer, sa.CheckConstraint("place > 0"), primary_key=True, autoincrement=False),
    sa.Column("sha256", Text, sa.CheckConstraint("length(sha256) = 64"), nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("size", Integer, sa.CheckConstraint("size > 0"), nullable=False),
    sa.Column("sheets", Integer, sa.CheckConstraint("sheets > 0"), nullable=False),
    sa.Column("kept_at", Integer),
    sa.Column("attached_by", Text, nullable=False),
    sa.Column("attached_at", Text, nullable=False),
    sa.Column("detached_by", Text, nullable=False),
    sa.Column("detached_at", Text, nullable=False),
    sa.ForeignKeyConstraint(["book_id", "voucher_id"], ["shebao_voucher.book_id", "shebao_voucher.voucher_id"]),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

sa.Index("shebao_attachment_content", attachment.c.book_id, attachment.c.sha256)

business = sa.Table(
    "shebao_voucher_business",
    metadata,
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("business_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("part", Integer, sa.CheckConstraint("part > 0"), primary_key=True, autoincrement=False),
    sa.Column("parts", Integer, sa.CheckConstraint("parts > 1"), nullable=False),
    sa.Column("voucher_id", Integer, nullable=False),
    sa.Column("declared_by", Text, nullable=False),
    sa.Column("declared_at", Text, nullable=False),
    sa.ForeignKeyConstraint(["book_id", "voucher_id"], ["shebao_voucher.book_id", "shebao_voucher.voucher_id"]),
    sa.UniqueConstraint("book_id", "voucher_id", name="shebao_voucher_business_once"),
    sa.CheckConstraint("part <= parts", name="shebao_voucher_business_part"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""同笔业务: the vouchers of one business and their fractions (分数编号法)."""

VOUCHER_TABLES = [voucher, voucher_line, attachment, business]

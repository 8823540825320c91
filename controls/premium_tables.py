"""Tables of premium claims (代缴清册): what is asked of whom for whom, and who was left out and why. Amounts are fen, days ISO text.

The guards stand in ``controls/premium_guards/*.sql``: lines enter while the claim is built and stay; a claim is prepared by one and reviewed by another.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Fen, Integer, Text


def _table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> sa.Table:
    return sa.Table(f"shebao_premium_{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, nullable=False)


def _fen(name: str) -> sa.Column[int]:
    return sa.Column(name, Fen, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


claim = _table(
    "claim",
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    _key("claim_id"),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('claim','back')"), nullable=False),
    _int("year"),
    _text("region"),
    _text("as_of"),
    _text("files"),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('building','prepared','reviewed','withdrawn')"), nullable=False),
    _int("persons"),
    _int("lines"),
    _fen("fen"),
    _int("left_out"),
    _text("digest"),
    _text("prepared_by"),
    _text("prepared_at"),
    _text("reviewed_by"),
    _text("reviewed_at"),
    _text("reason"),
    sa.CheckConstraint("reviewed_by = '' OR reviewed_by <> prepared_by", name="shebao_premium_claim_two_people"),
    sa.CheckConstraint("state <> 'withdrawn' OR reason <> ''", name="shebao_premium_claim_reason"),
)

claim_line = _table(
    "claim_line",
    _key("book_id"),
    _key("claim_id"),
    sa.Column("number", Text, primary_key=True),
    sa.Column("payer", Text, primary_key=True),
    _key("received_year"),
    _text("name"),
    _text("category"),
    _text("others"),
    _text("town"),
    _fen("tier_fen"),
    sa.Column("fen", Fen, sa.CheckConstraint("fen > 0"), nullable=False),
    sa.Column("part", Text, sa.CheckConstraint("part <> ''"), nullable=False),
    _text("note"),
    sa.ForeignKeyConstraint(["book_id", "claim_id"], ["shebao_premium_claim.book_id", "shebao_premium_claim.claim_id"]),
    rowid=False,
)

claim_left = _table(
    "claim_left",
    _key("book_id"),
    _key("claim_id"),
    sa.Column("number", Text, primary_key=True),
    _text("name"),
    _text("category"),
    _text("town"),
    sa.Column("reason", Text, sa.CheckConstraint("reason <> ''"), nullable=False),
    sa.ForeignKeyConstraint(["book_id", "claim_id"], ["shebao_premium_claim.book_id", "shebao_premium_claim.claim_id"]),
    rowid=False,
)

PREMIUM_TABLES = [claim, claim_line, claim_left]

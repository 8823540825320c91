"""Tables of awards (待遇核定): one row an award of one person under one benefit, from a month on, and what it grants by item.

``given`` is the canonical JSON of the facts as they were read; amounts are fen, months ``yyyymm``. An item that the benefit
knows and the award does not grant stands with nil, so that the newest award of an item says what is due; ``joint``: an item
that some offices pay in place of several others (基础养老金 of all levels), and that adds nothing to the sum. The guards stand
in ``controls/award_guards/*.sql``: what was assessed stays; another person reviews it or sends it back.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Fen, Integer, Text


def _text(name: str, *parts: sa.schema.SchemaItem) -> sa.Column[str]:
    return sa.Column(name, Text, *parts, nullable=False)


award = sa.Table(
    "shebao_award",
    metadata,
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("award_no", Integer, primary_key=True, autoincrement=False),
    _text("number", sa.CheckConstraint("number <> ''")),
    _text("scheme", sa.CheckConstraint("scheme <> ''")),
    _text("law"),
    sa.Column("from_month", Integer, nullable=False),
    _text("given"),
    sa.Column("fen", Fen, sa.CheckConstraint("fen >= 0"), nullable=False),
    sa.Column("items", Integer, sa.CheckConstraint("items >= 0"), nullable=False),
    _text("digest"),
    _text("content"),
    _text("state", sa.CheckConstraint("state IN ('assessed','reviewed','rejected')")),
    _text("assessed_by"),
    _text("assessed_at"),
    _text("reviewed_by"),
    _text("reviewed_at"),
    _text("note"),
    sa.CheckConstraint("reviewed_by <> assessed_by", name="shebao_award_two_people"),
    sa.CheckConstraint("(state = 'assessed') = (reviewed_by = '')", name="shebao_award_signed"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

sa.Index("shebao_award_number", award.c.book_id, award.c.number, award.c.award_no)

award_item = sa.Table(
    "shebao_award_item",
    metadata,
    sa.Column("book_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("award_no", Integer, primary_key=True, autoincrement=False),
    sa.Column("item", Text, primary_key=True),
    _text("number"),
    sa.Column("from_month", Integer, nullable=False),
    sa.Column("fen", Fen, sa.CheckConstraint("fen >= 0"), nullable=False),
    sa.Column("joint", Integer, sa.CheckConstraint("joint IN (0,1)"), nullable=False),
    sa.ForeignKeyConstraint(["book_id", "award_no"], ["shebao_award.book_id", "shebao_award.award_no"]),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

sa.Index("shebao_award_item_person", award_item.c.book_id, award_item.c.number, award_item.c.item, award_item.c.from_month, award_item.c.award_no)

AWARD_TABLES = [award, award_item]

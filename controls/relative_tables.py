"""Tables of declarations: each person's own number and those of relatives; a declaration holds at once and ends only by a reviewed step."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text

RELATIONS = ("self", "spouse", "lineal", "collateral", "inlaw", "interest")
STEPS = ("confirm", "ask_end", "end")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


relative = sa.Table(
    "shebao_relative",
    metadata,
    sa.Column("relative_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("user_id", Text, sa.ForeignKey("shebao_user.user_id"), nullable=False),
    sa.Column("relation", Text, sa.CheckConstraint(f"relation IN {RELATIONS}"), nullable=False),
    sa.Column("number", Text, sa.CheckConstraint("number <> ''"), nullable=False),
    _text("name"),
    _text("note"),
    _text("declared_by"),
    _text("declared_at"),
    sqlite_strict=True,
)

sa.Index("shebao_relative_of", relative.c.user_id, relative.c.number)

relative_step = sa.Table(
    "shebao_relative_step",
    metadata,
    sa.Column("relative_id", Integer, sa.ForeignKey("shebao_relative.relative_id"), primary_key=True, autoincrement=False),
    sa.Column("step", Text, sa.CheckConstraint(f"step IN {STEPS}"), primary_key=True),
    _text("user_id"),
    _text("note"),
    _text("at"),
    sqlite_strict=True,
)

RELATIVE_TABLES = [relative, relative_step]

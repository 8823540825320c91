"""Tables of the registers (台账、备查簿): every act as it was done, and each row as it now stands. Payloads are canonical JSON: money fen, days ISO text.

``book_id`` is 0 for a register of the unit. The guards stand in ``controls/register_guards/*.sql``: acts are only added, one after another,
each bound to the one before and one of the steps that the register's file allows; a row says what its last act says.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


register_act = _table(
    "register_act",
    _key("book_id"),
    sa.Column("register", Text, primary_key=True),
    _key("row_no"),
    _key("act_no"),
    sa.Column("batch", Integer, nullable=False),
    sa.Column("act", Text, sa.CheckConstraint("act <> ''"), nullable=False),
    _text("state"),
    _text("on_day"),
    _text("payload"),
    _text("reason"),
    _text("apart"),
    _text("duty"),
    _text("actor"),
    _text("at"),
    _text("previous"),
    _text("digest"),
    sa.CheckConstraint("(act_no = 1) = (act = 'add')", name="shebao_register_act_begins"),
    sa.CheckConstraint("act <> 'correct' OR reason <> ''", name="shebao_register_act_reason"),
)

sa.Index("shebao_register_act_batch", register_act.c.batch)

register_row = _table(
    "register_row",
    _key("book_id"),
    sa.Column("register", Text, primary_key=True),
    _key("row_no"),
    _text("row_key"),
    sa.Column("parent", Integer, nullable=False),
    _text("state"),
    _text("on_day"),
    _text("payload"),
    sa.Column("act_no", Integer, nullable=False),
    _text("digest"),
    sa.UniqueConstraint("book_id", "register", "row_key", name="shebao_register_row_once"),
    sa.ForeignKeyConstraint(
        ["book_id", "register", "row_no", "act_no"],
        ["shebao_register_act.book_id", "shebao_register_act.register", "shebao_register_act.row_no", "shebao_register_act.act_no"],
    ),
)

sa.Index("shebao_register_row_parent", register_row.c.book_id, register_row.c.register, register_row.c.parent)

register_step = _table(
    "register_step",
    sa.Column("register", Text, primary_key=True),
    sa.Column("act", Text, primary_key=True),
    sa.Column("before", Text, primary_key=True),
    sa.Column("after", Text, primary_key=True),
    sa.Column("duty", Text, primary_key=True),
    sa.Column("apart", Text, primary_key=True),
)
"""What a register's file lets people do, for the guards: the act, the state before ('' for a new row) and after, one of its duties, who must be another."""

REGISTER_TABLES = [register_act, register_row, register_step]

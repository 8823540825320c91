"""Tables of seals and online-banking keys (印鉴、U盾): each thing once, and every act on it with the second signature apart. '' is absent text.

The guards stand in ``controls/token_guards/*.sql``: acts are only added, in order; who holds one key of a pair never takes the other.
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


token = _table(
    "token",
    _key("token_no"),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('make_key','authorise_key','finance_seal','legal_seal')"), nullable=False),
    sa.Column("label", Text, sa.CheckConstraint("label <> ''"), nullable=False),
    _text("note"),
    _text("registered_by"),
    _text("registered_at"),
    sa.UniqueConstraint("kind", "label", name="shebao_token_once"),
)

token_act = _table(
    "token_act",
    sa.Column("token_no", Integer, sa.ForeignKey("shebao_token.token_no"), primary_key=True, autoincrement=False),
    _key("act_no"),
    sa.Column("act", Text, sa.CheckConstraint("act IN ('issue','hand_over','lost','destroyed')"), nullable=False),
    _text("giver"),
    _text("receiver"),
    _text("reason"),
    _text("acted_by"),
    _text("acted_at"),
    sa.CheckConstraint("(act IN ('issue','hand_over')) = (receiver <> '')", name="shebao_token_act_receiver"),
    sa.CheckConstraint("act IN ('issue','hand_over') OR reason <> ''", name="shebao_token_act_reason"),
)

token_signature = _table(
    "token_signature",
    _key("token_no"),
    _key("act_no"),
    _text("signed_by"),
    _text("signed_at"),
    sa.ForeignKeyConstraint(["token_no", "act_no"], ["shebao_token_act.token_no", "shebao_token_act.act_no"]),
)

TOKEN_TABLES = [token, token_act, token_signature]

"""Tables of requests for duties and of the steps taken on them; both are only ever added to. Times ISO text, '' is absent text.

A request is of one kind: ``grant`` 授权, ``deputy`` 代理 (``for_user`` is stood in for), ``emergency`` 应急授权, ``exemption`` 豁免 (``duty`` and
``other`` held together, ``for_user`` owns the compensating ``control``). The guards stand in ``controls/grant_guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text

KINDS = ("grant", "deputy", "emergency", "exemption")
STEPS = ("review", "approve", "grant", "refuse", "end")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


duty_request = sa.Table(
    "shebao_duty_request",
    metadata,
    sa.Column("request_id", Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", Text, sa.CheckConstraint(f"kind IN {KINDS}"), nullable=False),
    sa.Column("user_id", Text, sa.ForeignKey("shebao_user.user_id"), nullable=False),
    _text("duty"),
    _text("other"),
    _text("for_user"),
    _text("control"),
    _text("valid_from"),
    _text("valid_to"),
    sa.Column("reason", Text, sa.CheckConstraint("reason <> ''"), nullable=False),
    _text("asked_by"),
    _text("asked_at"),
    sa.CheckConstraint("valid_to > valid_from", name="shebao_duty_request_term"),
    sa.CheckConstraint("(kind = 'exemption') = (other <> '' AND control <> '')", name="shebao_duty_request_exemption"),
    sa.CheckConstraint("(kind IN ('deputy', 'exemption')) = (for_user <> '')", name="shebao_duty_request_for"),
    sqlite_strict=True,
)

duty_step = sa.Table(
    "shebao_duty_step",
    metadata,
    sa.Column("request_id", Integer, sa.ForeignKey("shebao_duty_request.request_id"), primary_key=True, autoincrement=False),
    sa.Column("step", Text, sa.CheckConstraint(f"step IN {STEPS}"), primary_key=True),
    _text("user_id"),
    _text("duty"),
    _text("note"),
    _text("at"),
    sqlite_strict=True,
)

GRANT_TABLES = [duty_request, duty_step]

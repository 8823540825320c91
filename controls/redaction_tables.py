"""Tables of redactions (依法删除): who asked that which personal texts of the trail be destroyed, on what legal ground, and who confirmed or refused.

Both are only ever added to. ``fields`` is a JSON list of (record, token); what was destroyed stands in the ledger's ``shebao_chain_erasure``.
The guards stand in ``controls/redaction_guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text


def _text(name: str, *parts: sa.schema.SchemaItem) -> sa.Column[str]:
    return sa.Column(name, Text, *parts, nullable=False)


redaction = sa.Table(
    "shebao_redaction",
    metadata,
    sa.Column("redaction_no", Integer, primary_key=True, autoincrement=False),
    _text("basis", sa.CheckConstraint("basis <> ''")),
    _text("reason", sa.CheckConstraint("reason <> ''")),
    _text("fields", sa.CheckConstraint("fields <> '[]'")),
    _text("asked_by"),
    _text("duty"),
    _text("asked_at"),
    sqlite_strict=True,
)

redaction_step = sa.Table(
    "shebao_redaction_step",
    metadata,
    sa.Column("redaction_no", Integer, sa.ForeignKey("shebao_redaction.redaction_no"), primary_key=True, autoincrement=False),
    _text("step", sa.CheckConstraint("step IN ('confirm','refuse')")),
    _text("note"),
    _text("user_id"),
    _text("at"),
    sqlite_strict=True,
)

REDACTION_TABLES = [redaction, redaction_step]

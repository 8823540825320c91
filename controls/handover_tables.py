"""Tables of hand-overs between accountants (会计工作交接书): what was handed over at that moment, and the signatures of receiver and 监交人.

``content`` is canonical JSON (money fen), ``digest`` over it binds all three signatures. The guards stand in ``controls/handover_guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text


def _text(name: str, *parts: sa.schema.SchemaItem) -> sa.Column[str]:
    return sa.Column(name, Text, *parts, nullable=False)


handover = sa.Table(
    "shebao_handover",
    metadata,
    sa.Column("handover_no", Integer, primary_key=True, autoincrement=False),
    _text("giver"),
    _text("receiver"),
    _text("reason", sa.CheckConstraint("reason <> ''")),
    _text("content"),
    _text("digest"),
    _text("made_at"),
    sa.CheckConstraint("giver <> receiver", name="shebao_handover_two"),
    sqlite_strict=True,
)

handover_signature = sa.Table(
    "shebao_handover_signature",
    metadata,
    sa.Column("handover_no", Integer, sa.ForeignKey("shebao_handover.handover_no"), primary_key=True, autoincrement=False),
    sa.Column("role", Text, sa.CheckConstraint("role IN ('receiver','supervisor')"), primary_key=True),
    _text("digest"),
    _text("signed_by"),
    _text("signed_at"),
    sqlite_strict=True,
)

HANDOVER_TABLES = [handover, handover_signature]

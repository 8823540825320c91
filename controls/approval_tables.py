"""The table of signatures in a chain (审批链): of a funding plan the 分管领导's, of a payment approval form (基金支付审批表) all four.

``number`` is the plan's or the roster's number, ``digest`` that of what was shown. The guards stand in ``controls/approval_guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text

approval = sa.Table(
    "shebao_approval",
    metadata,
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('plan','payment')"), primary_key=True),
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("number", Integer, primary_key=True, autoincrement=False),
    sa.Column("step", Integer, sa.CheckConstraint("step BETWEEN 1 AND 4"), primary_key=True, autoincrement=False),
    sa.Column(
        "duty", Text, sa.CheckConstraint("duty = CASE step WHEN 1 THEN 'BOOKKEEP' WHEN 2 THEN 'CHECK' WHEN 3 THEN 'AUTHORISE' ELSE 'HEAD' END"), nullable=False
    ),
    sa.Column("digest", Text, sa.CheckConstraint("digest <> ''"), nullable=False),
    sa.Column("note", Text, nullable=False),
    sa.Column("signed_by", Text, nullable=False),
    sa.Column("signed_at", Text, nullable=False),
    sa.CheckConstraint("kind = 'payment' OR step = 3", name="shebao_approval_plan"),
    sqlite_strict=True,
)

APPROVAL_TABLES = [approval]

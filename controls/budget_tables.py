"""Table of budgets and funding plans (预算、预算调整、用款计划、超预算支付决定): one row a document. Amounts are fen, days ISO text.

The guards stand in ``controls/budget_guards/*.sql``: what was drafted stays; three people sign one after another.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Fen, Integer, Text

budget = sa.Table(
    "shebao_budget",
    metadata,
    sa.Column("book_id", Integer, sa.ForeignKey("shebao_book.book_id"), primary_key=True, autoincrement=False),
    sa.Column("budget_no", Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('budget','adjustment','plan','exception')"), nullable=False),
    sa.Column("year", Integer, nullable=False),
    sa.Column("month", Integer, sa.CheckConstraint("month BETWEEN 0 AND 12"), nullable=False),
    sa.Column("lines", Text, nullable=False),
    sa.Column("request_fen", Fen, sa.CheckConstraint("request_fen >= 0"), nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("digest", Text, nullable=False),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('drafted','reviewed','approved','rejected')"), nullable=False),
    sa.Column("drafted_by", Text, nullable=False),
    sa.Column("drafted_at", Text, nullable=False),
    sa.Column("reviewed_by", Text, nullable=False),
    sa.Column("reviewed_at", Text, nullable=False),
    sa.Column("decided_by", Text, nullable=False),
    sa.Column("decided_at", Text, nullable=False),
    sa.Column("document", Text, nullable=False),
    sa.Column("note", Text, nullable=False),
    sa.CheckConstraint("(kind = 'plan') = (month > 0)", name="shebao_budget_month"),
    sa.CheckConstraint("kind = 'plan' OR request_fen = 0", name="shebao_budget_request"),
    sa.CheckConstraint("kind NOT IN ('adjustment','exception') OR reason <> ''", name="shebao_budget_reason"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

BUDGET_TABLES = [budget]

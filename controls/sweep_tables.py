"""Tables of sweeps (全面筛查) out of the store: each sweep, what each rule had seen, the leads kept with their whole history, and their conclusions.

All are only ever added to. A lead keeps its id while months come and go; each change of its facts is a version of its history, and one whose facts are
gone gets the version ``withdrawn`` with its ``cause``. Rules of the office's own are kept with their texts. ``content`` is the finding as canonical JSON,
``places`` the money behind it by source, file, line and month. The guards stand in ``controls/sweep_guards/*.sql``.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Fen, Integer, Text

HOW = ("run", "touched", "stood")
STATES = ("found", "changed", "withdrawn", "returned")


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True)


def _text(name: str, *parts: sa.schema.SchemaItem, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, Text, *parts, primary_key=key, nullable=False)


def _int(name: str, *parts: sa.schema.SchemaItem, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, Integer, *parts, primary_key=key, autoincrement=False, nullable=False)


sweep = _table(
    "sweep",
    _int("sweep_no", key=True),
    _text("asked"),
    _int("period"),
    _int("kept", sa.CheckConstraint("kept IN (0,1)")),
    _int("findings", sa.CheckConstraint("findings >= 0")),
    _text("csv_sha256", sa.CheckConstraint("csv_sha256 <> ''")),
    _text("population"),
    _text("swept_by"),
    _text("swept_at"),
)

sweep_rule = _table(
    "sweep_rule",
    _int("sweep_no", sa.ForeignKey("shebao_sweep.sweep_no"), key=True),
    _text("rule", key=True),
    _text("how", sa.CheckConstraint(f"how IN {HOW}")),
    _text("law"),
    _text("seen"),
    _text("asked"),
    _int("findings", sa.CheckConstraint("findings >= 0")),
    _text("told"),
)

rule_text = _table(
    "sweep_rule_text",
    _text("rule", key=True),
    _text("sha256", key=True),
    _text("described", sa.CheckConstraint("described <> ''")),
    _text("text", sa.CheckConstraint("text <> ''")),
    _text("cases"),
    _int("first_sweep", sa.ForeignKey("shebao_sweep.sweep_no")),
)

lead = _table(
    "finding",
    _text("finding_id", key=True),
    _text("rule"),
    _text("number"),
    _text("fund"),
    _text("region"),
    _text("other"),
    _int("first_sweep", sa.ForeignKey("shebao_sweep.sweep_no")),
)

lead_version = _table(
    "finding_history",
    _text("finding_id", sa.ForeignKey("shebao_finding.finding_id"), key=True),
    _int("version", key=True),
    _int("sweep_no", sa.ForeignKey("shebao_sweep.sweep_no")),
    _text("state", sa.CheckConstraint(f"state IN {STATES}")),
    _text("cause"),
    _text("severity", sa.CheckConstraint("severity IN ('high','medium','low')")),
    _text("period_from"),
    _text("period_to"),
    _int("months", sa.CheckConstraint("months >= 0")),
    sa.Column("amount_fen", Fen, nullable=False),
    _text("reason"),
    _text("facts"),
    _text("content"),
    _text("places"),
)
sa.Index("shebao_finding_history_sweep", lead_version.c.sweep_no)

conclusion = _table(
    "finding_conclusion",
    _text("finding_id", key=True),
    _int("conclusion_no", key=True),
    _int("version"),
    _text("facts"),
    _text("verdict", sa.CheckConstraint("verdict IN ('confirmed','dismissed')")),
    _text("reason", sa.CheckConstraint("reason <> ''")),
    _text("concluded_by"),
    _text("concluded_at"),
    sa.ForeignKeyConstraint(["finding_id", "version"], ["shebao_finding_history.finding_id", "shebao_finding_history.version"]),
)

conclusion_review = _table(
    "finding_review",
    _text("finding_id", key=True),
    _int("conclusion_no", key=True),
    _text("step", sa.CheckConstraint("step IN ('agree','refuse')")),
    _text("note"),
    _text("reviewed_by"),
    _text("reviewed_at"),
    sa.ForeignKeyConstraint(["finding_id", "conclusion_no"], ["shebao_finding_conclusion.finding_id", "shebao_finding_conclusion.conclusion_no"]),
)

SWEEP_TABLES = [sweep, sweep_rule, rule_text, lead, lead_version, conclusion, conclusion_review]

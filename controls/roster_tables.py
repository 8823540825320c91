"""Tables beside the roster's own: its flow and term, freeze windows, cases of held lines, supplements, and what was released once.

Days are ISO dates, '' is absent text. The guards stand in ``controls/roster_guards/*.sql``: every record is only added.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _some(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, sa.CheckConstraint(f"{name} <> ''"), nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


def _of(table: str, *columns: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(columns, [f"shebao_{table}.{name}" for name in columns])


roster_flow = _table(
    "roster_flow",
    _key("book_id"),
    _key("roster_id"),
    _some("flow"),
    sa.Column("term_on", Text, sa.CheckConstraint("length(term_on) = 10"), nullable=False),
    _of("roster", "book_id", "roster_id"),
)

roster_expiry = _table(
    "roster_expiry",
    _key("book_id"),
    _key("roster_id"),
    _some("expired_by"),
    _some("expired_at"),
    _of("roster_flow", "book_id", "roster_id"),
)

roster_freeze = _table(
    "roster_freeze",
    _key("freeze_no"),
    _text("fund"),
    _some("kind"),
    sa.Column("from_on", Text, sa.CheckConstraint("length(from_on) = 10"), nullable=False),
    sa.Column("to_on", Text, sa.CheckConstraint("length(to_on) = 10"), nullable=False),
    _some("reason"),
    _some("set_by"),
    _some("set_at"),
    sa.CheckConstraint("from_on <= to_on", name="shebao_roster_freeze_days"),
)

roster_thaw = _table(
    "roster_thaw",
    sa.Column("freeze_no", Integer, sa.ForeignKey("shebao_roster_freeze.freeze_no"), primary_key=True, autoincrement=False),
    _some("reason"),
    _some("ended_by"),
    _some("ended_at"),
)

hold_notice = _table(
    "hold_notice",
    _key("book_id"),
    _key("roster_id"),
    _key("seq"),
    _some("digest"),
    _some("delivered"),
    _some("sent_by"),
    _some("sent_at"),
    _of("hold", "book_id", "roster_id", "seq"),
)

clearing = _table(
    "clearing",
    _key("clearing_no"),
    _int("book_id"),
    _int("roster_id"),
    _int("seq"),
    _some("reason"),
    _text("note"),
    sa.Column("evidence", Text, sa.CheckConstraint("length(evidence) = 64"), nullable=False),
    _some("evidence_name"),
    _some("asked_by"),
    _some("asked_at"),
    _of("hold", "book_id", "roster_id", "seq"),
)
sa.Index("shebao_clearing_line", clearing.c.book_id, clearing.c.roster_id, clearing.c.seq)

clearing_decision = _table(
    "clearing_decision",
    sa.Column("clearing_no", Integer, sa.ForeignKey("shebao_clearing.clearing_no"), primary_key=True, autoincrement=False),
    sa.Column("decision", Text, sa.CheckConstraint("decision IN ('cleared','kept')"), nullable=False),
    _text("note"),
    _some("decided_by"),
    _some("decided_at"),
    sa.CheckConstraint("decision = 'cleared' OR note <> ''", name="shebao_clearing_decision_note"),
)

supplement_line = _table(
    "supplement_line",
    _key("book_id"),
    _key("roster_id"),
    _key("seq"),
    _int("from_roster"),
    _int("from_seq"),
    _of("roster_line", "book_id", "roster_id", "seq"),
    sa.ForeignKeyConstraint(["book_id", "from_roster", "from_seq"], ["shebao_hold.book_id", "shebao_hold.roster_id", "shebao_hold.seq"]),
    sa.UniqueConstraint("book_id", "from_roster", "from_seq", "roster_id", name="shebao_supplement_line_once"),
)

release_item = _table(
    "release_item",
    _key("book_id"),
    sa.Column("who", Text, sa.CheckConstraint("who <> ''"), primary_key=True),
    sa.Column("item", Text, primary_key=True),
    _key("period"),
    sa.Column("source", Text, primary_key=True),
    _key("again"),
    _int("roster_id"),
    _int("seq"),
    _of("release", "book_id", "roster_id"),
)
"""``who`` is the number, or what stands in its place; ``source`` the kind of roster, for 补发 with the digest of its file; ``again`` the roster whose
payment of the same failed or came back (0: the first). The primary key releases each once."""
sa.Index("shebao_release_item_roster", release_item.c.book_id, release_item.c.roster_id, release_item.c.seq, unique=True)

ROSTER_TABLES = [roster_flow, roster_expiry, roster_freeze, roster_thaw, hold_notice, clearing, clearing_decision, supplement_line, release_item]

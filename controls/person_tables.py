"""Tables of changes of the register of persons: asked for by one, decided by another, and shown at the next roster.

A change says what is to hold: ``value`` is the bank account, status, number or name; ``old_value`` what held when it was asked for.
``fund``, ``region``, ``other_person`` and ``file_id`` are '' or 0 where the kind has none. Months stand as their first day.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata
from ledger.tables import Integer, Text

KINDS = ("bank_account", "bank_accounts", "status", "number", "name", "link", "part", "doubt")


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"shebao_{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=True)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, Text, nullable=False) for name in names]


def _int(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, Integer, nullable=False) for name in names]


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


person_change = _table(
    "person_change",
    _key("change_id"),
    sa.Column("kind", Text, sa.CheckConstraint(f"kind IN {KINDS}"), nullable=False),
    *_int("person_id", "other_person", "file_id"),
    *_text("fund", "region", "value", "holder", "relation", "bank", "id_type", "old_value", "from_on", "to_on"),
    *_text("reason", "evidence", "evidence_sha256", "requested_by", "requested_duty", "requested_at", "digest"),
    sa.CheckConstraint("reason <> '' AND evidence <> ''", name="shebao_person_change_why"),
)

person_decision = _table(
    "person_decision",
    sa.Column("change_id", Integer, sa.ForeignKey("shebao_person_change.change_id"), primary_key=True, autoincrement=False),
    sa.Column("decision", Text, sa.CheckConstraint("decision IN ('accepted','refused')"), nullable=False),
    *_text("decided_by", "decided_at", "reason", "digest"),
)

roster_change = _table(
    "roster_person_change",
    _key("book_id"),
    _key("roster_id"),
    _key("check_no"),
    sa.Column("change_id", Integer, sa.ForeignKey("shebao_person_change.change_id"), primary_key=True, autoincrement=False),
    sa.ForeignKeyConstraint(["book_id", "roster_id"], ["shebao_roster.book_id", "shebao_roster.roster_id"]),
)

PERSON_CHANGE_TABLES = [person_change, person_decision, roster_change]

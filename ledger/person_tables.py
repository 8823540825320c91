"""Tables of the register of persons (登记簿). Dates are ISO text, spans half-open ``[from_on, to_on)``.

``0001-01-01`` begins a span whose beginning nobody knows, ``9999-12-31`` ends one that goes on. Every row belongs to a
*knowledge* (一次登记): a people file loaded, or one change that two people signed. Rows are only ever added; a later knowledge
lies over an earlier one and never rewrites it. ``signed`` 1 marks rows of a change by two people. Persons are not per book;
registrations and statuses are per fund and region, and their keys begin with them.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.db import metadata

Text, Integer = sa.Text, sa.Integer
STATUSES = ("enrolled", "drawing", "suspended", "ended", "dead")
RELATIONS = ("self", "guardian", "institution")


def _table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = False) -> sa.Table:
    return sa.Table(f"shebao_person{name}", metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, nullable=False)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, primary_key=True, autoincrement=False)


def _text_key(name: str) -> sa.Column[str]:
    return sa.Column(name, Text, primary_key=True)


def _in_order(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("from_on < to_on", name=f"shebao_person_{table}_in_order")


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, Integer, sa.CheckConstraint(f"{name} IN (0,1)"), nullable=False)


knowledge = _table(
    "_knowledge",
    _key("knowledge_no"),
    _text("known_on"),
    _text("recorded_at"),
    sa.Column("kind", Text, sa.CheckConstraint("kind IN ('load','change')"), nullable=False),
    _flag("signed"),
    _int("source_id"),
    _text("as_of"),
    _text("requested_by"),
    _text("reviewed_by"),
    sa.Column("state", Text, sa.CheckConstraint("state IN ('open','closed')"), nullable=False),
    _text("digest"),
    sa.CheckConstraint("(kind = 'change') = (signed = 1)", name="shebao_person_knowledge_kind"),
    sa.CheckConstraint("signed = 0 OR (requested_by <> '' AND reviewed_by <> '' AND requested_by <> reviewed_by)", name="shebao_person_two_people"),
    sa.UniqueConstraint("kind", "source_id", name="shebao_person_knowledge_once"),
)

scope = _table("_scope", _text_key("fund"), _text_key("region"), _key("knowledge_no"), _int("rows"))

# The number and name under which a person was first learned hold for all days, as far as nothing later is known.
person = _table(
    "",
    _key("person_id"),
    _text("birth"),
    _text("sex"),
    sa.Column("number", Text, nullable=False, unique=True),
    _text("id_type"),
    _flag("number_ok"),
    _text("name"),
    _text("name_norm"),
    _int("knowledge_no"),
)
sa.Index("shebao_person_by_name", person.c.name_norm)

registration = _table("_registration", _text_key("fund"), _text_key("region"), _key("person_id"), _text("town"), _text("village"), _int("knowledge_no"))
sa.Index("shebao_person_registration_of", registration.c.person_id)

number = _table(
    "_number",
    _key("person_id"),
    _key("knowledge_no"),
    _text_key("number"),
    _text("id_type"),
    _flag("number_ok"),
    _text("from_on"),
    _text("to_on"),
    _flag("signed"),
    _in_order("number"),
)
sa.Index("shebao_person_number_by", number.c.number)

name = _table(
    "_name",
    _key("person_id"),
    _key("knowledge_no"),
    _text_key("name"),
    _text("name_norm"),
    _text("from_on"),
    _text("to_on"),
    _flag("signed"),
    _in_order("name"),
)
sa.Index("shebao_person_name_by", name.c.name_norm)

status = _table(
    "_status",
    _text_key("fund"),
    _text_key("region"),
    _key("person_id"),
    _key("knowledge_no"),
    _text_key("from_on"),
    _text("to_on"),
    sa.Column("status", Text, sa.CheckConstraint(f"status IN {STATUSES}"), nullable=False),
    _flag("signed"),
    _in_order("status"),
)

bank_account = _table(
    "_bank_account",
    _text_key("fund"),
    _key("person_id"),
    _key("knowledge_no"),
    _text("bank_account"),
    _text("holder"),
    sa.Column("relation", Text, sa.CheckConstraint(f"relation IN {RELATIONS}"), nullable=False),
    _text("bank"),
    _text("from_on"),
    _text("to_on"),
    sa.Column("signed", Integer, sa.CheckConstraint("signed = 1", name="shebao_person_bank_account_signed"), nullable=False),
    _in_order("bank_account"),
)
sa.Index("shebao_person_bank_account_of", bank_account.c.person_id)
sa.Index("shebao_person_bank_account_by", bank_account.c.bank_account)

link = _table(
    "_link",
    _key("person_id"),
    _key("knowledge_no"),
    _int("same_as"),
    _flag("linked"),
    sa.Column("signed", Integer, sa.CheckConstraint("signed = 1", name="shebao_person_link_signed"), nullable=False),
    sa.CheckConstraint("person_id <> same_as", name="shebao_person_link_two"),
)

sa.Index("shebao_person_link_to", link.c.same_as)

doubt = _table(
    "_doubt",
    _key("knowledge_no"),
    _key("doubt_no"),
    _text("code"),
    _int("person_id"),
    _int("other_person"),
    _int("line"),
    _text("number"),
    _text("name"),
    _text("told"),
    _int("rows"),
)

PERSON_TABLES = [knowledge, scope, person, registration, number, name, status, bank_account, link, doubt]

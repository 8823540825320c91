"""Changes of the register that two people signed (两人变更): bank account, status, number, name, one person under two records.

Who may ask and review is the business of ``controls``; here an act needs two different names (SB1404) and the register's own
rules. Each act is one knowledge; an act that proves wrong is answered by a later one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ledger import person_tables as tables
from ledger import persons
from ledger.db import UnitOfWork
from ledger.errors_persons import BadLink, NoSuchRegistration, NumberTaken, SpanReversed
from ledger.identity import mask_number, normal_name
from ledger.person_knowledge import Entered, Rows, Source, enter, open_knowledge
from ledger.spans import FIRST, LAST


@dataclass(frozen=True, slots=True)
class Signed:
    """Who asked, who reviewed, the change's number, the day it becomes known and the time of recording (ISO)."""

    requested_by: str
    reviewed_by: str
    change_id: int
    known_on: date
    recorded_at: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account with its holder, the holder's relation (self, guardian, institution) and bank; an empty number ends the account in force."""

    bank_account: str
    holder: str
    relation: str
    bank: str


def set_bank_account(work: UnitOfWork, signed: Signed, person_id: int, fund: str, new: BankAccount, from_on: date, to_on: date = LAST) -> Entered:
    """The account to which ``fund`` pays this person in ``[from_on, to_on)``. Raises SB1402–SB1404, SB1409."""
    return set_bank_accounts(work, signed, fund, [(person_id, new)], from_on, to_on)


def set_bank_accounts(work: UnitOfWork, signed: Signed, fund: str, new: Iterable[tuple[int, BankAccount]], from_on: date, to_on: date = LAST) -> Entered:
    """The same for many persons at once, each once; set-based."""
    no = _opened(work, signed, from_on, to_on)
    columns = ("fund", "person_id", "knowledge_no", "bank_account", "holder", "relation", "bank", "from_on", "to_on", "signed")
    span = (from_on.isoformat(), to_on.isoformat(), 1)
    rows = sorted((fund, person_id, no, one.bank_account, one.holder, one.relation, one.bank, *span) for person_id, one in new)
    return enter(work, no, [Rows(tables.bank_account, columns, rows)])


def set_status(work: UnitOfWork, signed: Signed, person_id: int, fund: str, region: str, status: str, from_on: date, to_on: date = LAST) -> Entered:
    """The status of a registration in ``[from_on, to_on)``; raises SB1402–SB1404, SB1407, SB1409."""
    require_registration(work.connection, person_id, fund, region)
    return _add(work, signed, tables.status, {"fund": fund, "region": region, "person_id": person_id, "status": status}, from_on, to_on)


def require_registration(connection: sa.Connection, person_id: int, fund: str, region: str) -> None:
    """Raises SB1407 unless the person is registered in this fund and region."""
    columns = tables.registration.c
    query = sa.select(columns.person_id).where(columns.fund == fund, columns.region == region, columns.person_id == person_id)
    if connection.execute(query).first() is None:
        raise NoSuchRegistration(person=person_id, fund=fund, region=region)


def add_number(work: UnitOfWork, signed: Signed, person_id: int, number: str, id_type: str, number_ok: bool, from_on: date = FIRST) -> Entered:
    """Another number of this person from ``from_on`` on (FIRST: a correction, the old one was never right); raises SB1402, SB1404, SB1405."""
    require_free(work.connection, number, person_id)
    values = {"person_id": person_id, "number": number, "id_type": id_type, "number_ok": int(number_ok)}
    return _add(work, signed, tables.number, values, from_on, LAST)


def require_free(connection: sa.Connection, number: str, person_id: int) -> None:
    """Raises SB1405 when somebody else holds or held the number."""
    held = (sa.select(table.c.person_id).where(table.c.number == number, table.c.person_id != person_id) for table in (tables.person, tables.number))
    other = next((row.person_id for query in held for row in connection.execute(query)), None)
    if other is not None:
        raise NumberTaken(number=mask_number(number), other=other)


def add_name(work: UnitOfWork, signed: Signed, person_id: int, name: str, from_on: date) -> Entered:
    """Another name from ``from_on`` on; the earlier becomes a 曾用名. Raises SB1402–SB1404."""
    return _add(work, signed, tables.name, {"person_id": person_id, "name": name, "name_norm": normal_name(name)}, from_on, LAST)


def link_numbers(work: UnitOfWork, signed: Signed, person_id: int, same_as: int) -> Entered:
    """One person, two numbers: from now on record ``person_id`` counts as ``same_as``; raises SB1402, SB1404, SB1406."""
    require_apart(work.connection, person_id, same_as)
    return _link(work, signed, person_id, same_as, 1)


def part_numbers(work: UnitOfWork, signed: Signed, person_id: int) -> Entered:
    """Undoes the link of a record: a later record, nothing is deleted. Raises SB1402, SB1404, SB1406."""
    return _link(work, signed, person_id, require_linked(work.connection, person_id), 0)


def require_linked(connection: sa.Connection, person_id: int, same_as: int = 0) -> int:
    """The record that ``person_id`` is linked to (``same_as``, if given); raises SB1406 when it is not."""
    linked = persons.links(connection).get(person_id, 0)
    if not linked or (same_as and linked != same_as):
        raise BadLink(person=person_id, other=same_as or linked, why=f"P{person_id} 没有并入{f' P{same_as}' if same_as else '他人'}")
    return linked


def require_apart(connection: sa.Connection, person_id: int, same_as: int) -> None:
    """Raises SB1406 unless both records are there, are two, and stand at the head of their links."""
    heads = persons.links(connection)
    for one in (person_id, same_as):
        if one in heads:
            raise BadLink(person=person_id, other=same_as, why=f"P{one} 已并入 P{heads[one]}")
    if person_id == same_as:
        raise BadLink(person=person_id, other=same_as, why="是同一条记录")


def _link(work: UnitOfWork, signed: Signed, person_id: int, same_as: int, linked: int) -> Entered:
    no = _opened(work, signed, FIRST, LAST)
    return enter(work, no, [Rows(tables.link, ("person_id", "knowledge_no", "same_as", "linked", "signed"), [(person_id, no, same_as, linked, 1)])])


def _opened(work: UnitOfWork, signed: Signed, from_on: date, to_on: date) -> int:
    if from_on >= to_on:
        raise SpanReversed(from_on=from_on, to_on=to_on)
    source = Source("change", signed.change_id, signed.requested_by, signed.reviewed_by)
    return open_knowledge(work, source, known_on=signed.known_on, recorded_at=signed.recorded_at)


def _add(work: UnitOfWork, signed: Signed, table: sa.Table, values: dict[str, Any], from_on: date, to_on: date) -> Entered:
    no = _opened(work, signed, from_on, to_on)
    row = {**values, "knowledge_no": no, "from_on": from_on.isoformat(), "to_on": to_on.isoformat(), "signed": 1}
    return enter(work, no, [Rows(table, tuple(row), [tuple(row.values())])])

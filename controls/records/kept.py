"""What the registers and files of the office say of one person, by key; and the record that each reading of a personal record leaves (C6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor
from controls.register_tables import register_row
from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers.law import Register
from controls.registers.sheet import Sheet
from controls.tables import roster, source_file
from ledger import person_tables
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.person_accounts.store import PAYOUT_SOURCES

MOST = "\U0010ffff"
READ, MADE = "record.read", "record.batch"
REGISTERS = ("transfers", "recoveries")
"""Registers whose rows are one person's and enter the record."""


def register_sheets(connection: sa.Connection, book: Book, numbers: Sequence[str], as_of: date) -> list[Sheet]:
    """The person's rows of each register of a book as they stood on a day; registers without a row are left out."""
    made = []
    for name in REGISTERS:
        law = laws.get(name)
        if law.funds is not None and book.fund not in law.funds:
            continue
        if rows := _rows(connection, law, book.book_id, numbers):
            made.append(sheets.sheet(connection, law, book, as_of, today=date.max, rows=rows))
    return [one for one in made if one.rows]


def _rows(connection: sa.Connection, law: Register, book_id: int, numbers: Sequence[str]) -> list[int]:
    """Numbers of the rows whose key names the person: a look at the key for each number, not a scan of the register."""
    columns = register_row.c
    place = law.key.index("number")
    heads: list[list[str]] = [[]]
    for name in law.key[:place]:
        field = law.field(name)
        heads = [[*head, choice] for head in heads for choice in (field.choices if field is not None else ())]
    found: set[int] = set()
    for head in heads:
        for number in numbers:
            prefix = canonical([*head, number])[:-1] + ","
            asked = sa.select(columns.row_no).where(columns.book_id == book_id, columns.register == law.name)
            if connection.dialect.name == "sqlite":
                asked = asked.where(columns.row_key >= prefix, columns.row_key < prefix + MOST)
            else:
                asked = asked.where(sa.func.starts_with(columns.row_key, prefix))
            found |= set(connection.execute(asked).scalars())
    return sorted(found)


def sources(connection: sa.Connection, wanted: Iterable[int]) -> dict[int, str]:
    """Source of contribution rows → the file taken in, as people name it; a red voucher's source is the one it struck, negative."""
    known = set(wanted)
    files = {abs(one) for one in known}
    columns = source_file.c
    names = (
        {
            row[0]: row[1]
            for row in connection.execute(sa.select(columns.file_id, columns.name).where(columns.file_id.in_(files), columns.contract == "contributions"))
        }
        if files
        else {}
    )
    return {one: ("冲销" if one < 0 else "") + (f"文件 {abs(one)} {names[abs(one)]}" if abs(one) in names else f"来源 {abs(one)}") for one in known}


def rosters(connection: sa.Connection, wanted: Iterable[int]) -> dict[int, str]:
    """Source of payout rows → the roster that paid them, or the act."""
    known = set(wanted)
    columns = roster.c
    asked = sa.select(columns.roster_id, columns.file_id).where(columns.roster_id.in_({abs(one) for one in known}))
    files = {row[0]: row[1] for row in connection.execute(asked)} if known else {}
    return {one: ("冲销" if one < 0 else "") + _payer(abs(one), files) for one in known}


def _payer(source: int, files: Mapping[int, int]) -> str:
    if source in files:
        return f"花名册 {source}（文件 {files[source]}）"
    return f"个人账户事项 {source - PAYOUT_SOURCES}" if source > PAYOUT_SOURCES else f"来源 {source}"


def township(connection: sa.Connection, fund: str, town: str) -> list[int]:
    """Persons registered for ``fund`` in a township (乡镇、街道), ascending."""
    columns = person_tables.registration.c
    asked = sa.select(columns.person_id).where(columns.fund == fund, columns.town == town).distinct().order_by(columns.person_id)
    return list(connection.execute(asked).scalars())


def townships(connection: sa.Connection, fund: str) -> list[str]:
    """Townships that registrations of ``fund`` name."""
    columns = person_tables.registration.c
    return sorted(connection.execute(sa.select(columns.town).where(columns.fund == fund).distinct()).scalars())


def read(work: UnitOfWork, now: str, actor: Actor, person_id: int, copy: str, as_of: date, digest: str) -> trail.Record:
    """Records that a personal record was made for somebody to read: whose, which copy, of which day, with its digest."""
    facts = {"what": "权益记录", "copy": copy, "as_of": as_of.isoformat(), "count": 1, "duties": sorted(actor.duties)}
    return trail.record(work, now, actor, None, READ, f"person:{person_id}", digest, facts)


def made(work: UnitOfWork, now: str, actor: Actor, fund: str, town: str, copy: str, as_of: date, count: int, digest: str) -> trail.Record:
    """Records a whole batch as one act, with how many records and the digest over theirs."""
    facts = {"what": "权益记录", "copy": copy, "as_of": as_of.isoformat(), "fund": fund, "township": town, "count": count, "duties": sorted(actor.duties)}
    return trail.record(work, now, actor, None, MADE, f"persons:{fund}:{town}", digest, facts)

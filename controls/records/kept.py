"""What the registers and files of the office say of one person, by key; and the record that each reading of a personal record leaves (C6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor
from controls.premiums.contributions import CLAIM_SOURCES, SOURCES
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


def register_rows(connection: sa.Connection, books: Sequence[Book], numbers: Sequence[str]) -> dict[tuple[int, str], list[int]]:
    """(book, register) → rows whose key names the person: one query of looks at the key, never a scan of a register."""
    on_sqlite = connection.dialect.name == "sqlite"
    terms, given = list[str](), dict[str, object]()
    for law in (laws.get(name) for name in REGISTERS):
        mine = [book.book_id for book in books if law.funds is None or book.fund in law.funds]
        for prefix in (head for number in numbers for head in _prefixes(law, number)) if mine else ():
            place = len(terms)
            key = f"row_key >= :p{place} AND row_key < :q{place}" if on_sqlite else f"starts_with(row_key, :p{place})"
            terms.append(f"(book_id IN ({', '.join(map(str, mine))}) AND register = '{law.name}' AND {key})")
            given |= {f"p{place}": prefix} | ({f"q{place}": prefix + MOST} if on_sqlite else {})
    found: dict[tuple[int, str], list[int]] = {}
    if terms:
        statement = f"SELECT book_id, register, row_no FROM shebao_register_row WHERE {' OR '.join(terms)} ORDER BY 1, 2, 3"
        for book_id, register, row_no in connection.execute(sa.text(statement), given):
            found.setdefault((book_id, register), []).append(row_no)
    return found


def _prefixes(law: Register, number: str) -> list[str]:
    """How the key of such a row of this person begins, for each choice that stands before the number."""
    heads: list[list[str]] = [[]]
    for name in law.key[: law.key.index("number")]:
        field = law.field(name)
        heads = [[*head, choice] for head in heads for choice in (field.choices if field is not None else ())]
    return [canonical([*head, number])[:-1] + "," for head in heads]


def register_sheet(connection: sa.Connection, book: Book, register: str, rows: Sequence[int], as_of: date) -> Sheet:
    """Some rows of a register as they stood on a day."""
    return sheets.sheet(connection, laws.get(register), book, as_of, today=date.max, rows=rows)


def sources(connection: sa.Connection, wanted: Iterable[int]) -> dict[int, str]:
    """Source of contribution rows → the file or claim, as people name it; a red voucher's source is the one it struck, negative."""
    known = set(wanted)
    files = {abs(one) // SOURCES for one in known if abs(one) < CLAIM_SOURCES}
    columns = source_file.c
    asked = sa.select(columns.file_id, columns.name).where(columns.file_id.in_(files))
    names = {row[0]: row[1] for row in connection.execute(asked)} if files else {}
    return {one: ("冲销" if one < 0 else "") + _brought(abs(one), names) for one in known}


def _brought(source: int, names: Mapping[int, str]) -> str:
    if source >= CLAIM_SOURCES:
        return f"代缴清册 {(source - CLAIM_SOURCES) // SOURCES}"
    file_id = source // SOURCES
    return f"文件 {file_id} {names[file_id]}" if file_id in names else f"来源 {source}"


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

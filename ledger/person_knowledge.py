"""One act of the register (一次登记): opened, filled, closed. Nothing enters the register outside of one, and a closed one takes no more.

Knowledge is numbered in the order of knowing, and its dates never go back (SB1402), so that "as known on that day" has one answer for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from ledger import bulk, chain
from ledger.db import UnitOfWork
from ledger.errors_persons import KnowledgeOutOfOrder, NotTwoPeople, RegisterKept
from ledger.person_tables import PERSON_TABLES, knowledge

_PART = "\x1f"


class Rows(NamedTuple):
    """Rows of one table, cells in the order of ``columns``."""

    table: sa.Table
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


class Entered(NamedTuple):
    """An act that is closed: its number, and the SHA-256 over its head and all its rows."""

    knowledge_no: int
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where knowledge comes from: ``load`` of file ``source_id`` by one person, or ``change`` number ``source_id`` signed by two."""

    kind: str
    source_id: int
    requested_by: str
    reviewed_by: str = ""
    as_of: date | None = None

    @property
    def signed(self) -> int:
        """1 for a change by two people."""
        return int(self.kind == "change")


def open_knowledge(work: UnitOfWork, source: Source, *, known_on: date, recorded_at: str) -> int:
    """Opens an act and gives its number; raises SB1402 (dates go back, another is open), SB1404 (not two people), SB1409 (registered before)."""
    chain.lock(work)
    if source.signed and (not source.requested_by or not source.reviewed_by or source.requested_by == source.reviewed_by):
        raise NotTwoPeople(requested_by=source.requested_by or "无", reviewed_by=source.reviewed_by or "无")
    columns = knowledge.c
    last = work.connection.execute(sa.select(columns.knowledge_no, columns.known_on, columns.state).order_by(columns.knowledge_no.desc()).limit(1)).first()
    if last is not None and (last.known_on > known_on.isoformat() or last.state == "open"):
        raise KnowledgeOutOfOrder(known_on=known_on, last=last.known_on)
    if taken(work.connection, source.kind, source.source_id):
        raise RegisterKept(what=f"{'文件' if source.kind == 'load' else '变更'} {source.source_id} 已登记过")
    number = last.knowledge_no + 1 if last is not None else 1
    work.connection.execute(
        knowledge.insert().values(
            knowledge_no=number, known_on=known_on.isoformat(), recorded_at=recorded_at, kind=source.kind, signed=source.signed, source_id=source.source_id,
            as_of=source.as_of.isoformat() if source.as_of else "", requested_by=source.requested_by, reviewed_by=source.reviewed_by, state="open", digest="",
        )
    )  # fmt: skip
    return number


def enter(work: UnitOfWork, number: int, parts: Sequence[Rows]) -> Entered:
    """Writes the rows of an open act and closes it: from now on it takes no more and counts."""
    for part in parts:
        bulk.insert(work, *part)
    row = work.connection.execute(sa.select(knowledge).where(knowledge.c.knowledge_no == number)).one()
    texts = {part.table.name: as_texts(part) for part in parts}
    digest = content_digest(head_of(row), texts)
    work.connection.execute(knowledge.update().where(knowledge.c.knowledge_no == number).values(state="closed", digest=digest))
    return Entered(number, digest)


def head_of(row: sa.Row[Any]) -> tuple[Any, ...]:
    """What the digest covers of an act itself: everything but its state and the digest."""
    return tuple(value for name, value in row._mapping.items() if name not in ("state", "digest"))


def as_texts(part: Rows) -> list[str]:
    """Each row as one text, its cells in the order of the table's columns."""
    if not part.rows:
        return []
    pick = itemgetter(*(tuple(part.columns).index(column.name) for column in part.table.c))
    return [_PART.join(map(str, pick(row))) for row in part.rows]


def content_digest(head: tuple[Any, ...], texts: Mapping[str, Iterable[str]]) -> str:
    """SHA-256 over an act's head and its rows (table → texts, in any order): the same from memory and from the database."""
    sha = hashlib.sha256(_PART.join(map(str, head)).encode())
    for table in PERSON_TABLES:
        rows = sorted(texts.get(table.name, ()))
        if rows:
            sha.update(f"\n{table.name}\n".encode())
            sha.update("\n".join(rows).encode())
    return sha.hexdigest()


def taken(connection: sa.Connection, kind: str, source_id: int) -> int:
    """The number of the knowledge that came from this file or change, 0 when there is none."""
    found = connection.execute(sa.select(knowledge.c.knowledge_no).where(knowledge.c.kind == kind, knowledge.c.source_id == source_id)).scalar()
    return int(found) if found is not None else 0

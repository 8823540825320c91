"""What the accountant says in the notes (附注的文字说明): kept in the trail itself, one record a text, so nothing is ever lost or edited.

A later text to the same point takes the earlier one's place on paper; both stay, with who said them and when. The trail
masks identity and account numbers, so the notes hold none either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, require
from ledger.db import UnitOfWork
from ledger.entries import digest
from ledger.months import Month
from ledger.tables import chain as chain_table

ACT = "statements.note"


@dataclass(frozen=True, slots=True)
class Said:
    """One text: the point (一 to 六), the words ('' when ``none``), the author's user id, and when (ISO)."""

    section: str
    text: str
    none: bool
    author: str
    at: str


def thing(book_id: int, month: Month, section: str) -> str:
    """A point of a month's notes as the trail writes it."""
    return f"note:{book_id}:{month}:{section}"


def say(work: UnitOfWork, now: str, actor: Actor, book_id: int, month: Month, section: str, text: str) -> Said:
    """The 会计 says ``text`` to one point of a month's notes, or confirms with '' that there is nothing. Raises SB3001."""
    require(actor, Duty.BOOKKEEP)
    kept = str(trail.redact(text))
    facts = {"text": kept, "none": not kept}
    trail.record(work, now, actor, Duty.BOOKKEEP, ACT, thing(book_id, month, section), digest([section, kept]), facts)
    return Said(section, kept, not kept, actor.user, now)


def history(connection: sa.Connection, book_id: int, month: Month, sections: Iterable[str]) -> list[Said]:
    """Every text of a month's notes, in the order they were said."""
    columns = chain_table.c
    things = {thing(book_id, month, section): section for section in sections}
    rows = connection.execute(sa.select(chain_table).where(columns.act == ACT, columns.thing.in_(list(things))).order_by(columns.seq))
    return [_said(things[row.thing], row.facts, row.actor, row.at) for row in rows]


def _said(section: str, facts: str, author: str, at: str) -> Said:
    found = json.loads(facts)
    return Said(section, found["text"], bool(found["none"]), author, at)


def current(connection: sa.Connection, book_id: int, month: Month, sections: Iterable[str]) -> list[Said]:
    """The newest text of each point that has one."""
    newest = {said.section: said for said in history(connection, book_id, month, sections)}
    return list(newest.values())

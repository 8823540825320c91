"""Rows that are only ever added, each with a record in the trail over the whole row: what ``verify`` compares again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty
from ledger.db import UnitOfWork
from ledger.entries import digest


def lay(
    work: UnitOfWork, now: str, actor: Actor, duty: Duty | None, table: sa.Table, act: str, thing: str, row: dict[str, Any], facts: object = None
) -> trail.Record:
    """Inserts ``row`` and records ``act`` on ``thing`` with the digest of the row; ``facts`` is what a reader of the trail may see of it."""
    work.connection.execute(table.insert().values(**row))
    return trail.record(work, now, actor, duty, act, thing, digest(row), facts)

"""What the office knows for a claim or a report: the lists in use on a day, deaths that two people signed, and which files they came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from controls.intake import snapshots
from controls.intake.lists import canonical_source
from controls.intake.snapshots import SourceFile
from controls.premiums.errors import ListMissing
from controls.premiums.facts import CONTRACTS, Sources
from ledger.person_tables import number as number_table
from ledger.person_tables import person, status

CONTRACT_ZH = {"entitled": "特殊群体名单", "people": "参保人员名单", "deaths": "死亡名单"}
NEEDED = {"entitled": ("特殊群体名单（entitled）", "list of those entitled"), "people": ("参保人员名单（people）", "list of people enrolled")}


def in_use(connection: sa.Connection, on: date | None, step: str) -> list[SourceFile]:
    """The snapshots in use on a day (now when None) of all the lists compared; of a source that had none yet, its first. Raises SB3215 when none is there.

    Contributions are those known now: every row has its day of receipt, and a month's file comes in after the month.
    """
    found = [one for contract in CONTRACTS for one in _on(connection, contract, None if contract == "contributions" else on)]
    have = {one.contract for one in found}
    for contract, (zh, en) in NEEDED.items():
        if contract not in have:
            raise ListMissing(what=zh, what_en=en, step=step)
    return found


def _on(connection: sa.Connection, contract: str, on: date | None) -> list[SourceFile]:
    """What was in use on a day; where a source begins later, its first lists: their rows say from when to when they hold."""
    found = snapshots.current(connection, contract, on=on)
    if on is None:
        return found
    used = [one for one in snapshots.files(connection, contract) if snapshots.use(connection, one.file_id) is not None]
    known = {canonical_source(contract, one.source) for one in found}
    later: dict[str, str] = {}
    for one in used:
        source = canonical_source(contract, one.source)
        if source not in known:
            later[source] = min(later.get(source, one.as_of), one.as_of)
    return found + [one for source, day in sorted(later.items()) for one in snapshots.current(connection, contract, source, date.fromisoformat(day))]


def later_than(files: Sequence[SourceFile], on: date) -> tuple[str, ...]:
    """A sentence for each list that stands for a later day than ``on``."""
    late = sorted((one.contract, one.source, one.as_of) for one in files if one.contract != "contributions" and one.as_of > on.isoformat())
    return tuple(f"{CONTRACT_ZH[contract]}（{source}）截至 {day}，晚于本月末：本月没有更早的名单，按名单所写的起止日期比对" for contract, source, day in late)


def of_numbers(connection: sa.Connection, file_ids: Sequence[int]) -> list[SourceFile]:
    """The snapshots of these numbers; raises SB3023."""
    return [snapshots.file(connection, file_id) for file_id in sorted(file_ids)]


def sources(
    connection: sa.Connection, home: Path, files: Sequence[SourceFile], as_of: date, claimed: Sequence[str] = (), booked: pa.Table | None = None
) -> Sources:
    """The sources of a comparison; every snapshot is proved first (SB3022). ``booked``: money of claims (:mod:`controls.premiums.claim_money`)."""
    tables = {contract: [one.path(home) for one in files if one.contract == contract] for contract in CONTRACTS}
    return Sources(tables, signed_deaths(connection, as_of), claimed, booked)


def signed_deaths(connection: sa.Connection, as_of: date) -> dict[str, str]:
    """Number → day from which somebody counts as dead by a change that two people signed and the trail knew by ``as_of``; a later change takes it back."""
    columns = status.c
    newest = (
        sa.select(columns.person_id, sa.func.max(columns.knowledge_no).label("newest"))
        .where(columns.signed == 1, columns.from_on <= as_of.isoformat())
        .group_by(columns.person_id)
        .subquery()
    )
    dead = (
        sa.select(columns.person_id, sa.func.min(columns.from_on).label("day"))
        .join(newest, sa.and_(newest.c.person_id == columns.person_id, newest.c.newest == columns.knowledge_no))
        .where(columns.status == "dead", columns.signed == 1)
        .group_by(columns.person_id)
        .subquery()
    )
    found: dict[str, str] = {}
    for table in (person, number_table):
        for row in connection.execute(sa.select(table.c.number, dead.c.day).join(dead, dead.c.person_id == table.c.person_id)):
            found[row.number] = row.day
    return found

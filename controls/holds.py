"""Register of held payments (暂缓发放台账): which lines of which roster are not paid, why, who follows them up, until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from controls.limits import limits
from controls.roster import Roster
from controls.tables import hold, roster, roster_line
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Hold:
    """One held line. ``reason`` is the finding's explanation or the handler's own; ``due_on`` is when it must be cleared up."""

    roster_id: int
    fund: Fund
    period: Month
    seq: int
    number: str
    name: str
    item: str
    fen: int
    finding_id: str
    rule: str
    reason: str
    owner: str
    due_on: date
    held_at: str

    def overdue(self, day: date) -> bool:
        """Whether the term is over on ``day``."""
        return day > self.due_on


def put(work: UnitOfWork, made: Roster, check_no: int, now: str, owner: str, wanted: Iterable[tuple[int, str, str, str]]) -> int:
    """Holds lines given as (seq, finding id, rule, reason); those already held stay as they are. Gives how many are new."""
    held = seqs(work.connection, made)
    due = date.fromisoformat(now[:10]) + timedelta(days=limits().hold_due_days)
    fresh: dict[int, dict[str, Any]] = {}
    for seq, finding_id, rule, reason in wanted:
        if seq not in held and seq not in fresh:
            fresh[seq] = {
                "book_id": made.book_id, "roster_id": made.roster_id, "seq": seq, "check_no": check_no, "finding_id": finding_id, "rule": rule,
                "reason": reason, "owner": owner, "due_on": due.isoformat(), "held_at": now,
            }  # fmt: skip
    if fresh:
        work.connection.execute(hold.insert(), list(fresh.values()))
    return len(fresh)


def seqs(connection: sa.Connection, made: Roster) -> set[int]:
    """Line numbers of the roster that are held."""
    rows = connection.execute(sa.select(hold.c.seq).where(hold.c.book_id == made.book_id, hold.c.roster_id == made.roster_id))
    return {row.seq for row in rows}


def listed(connection: sa.Connection, *, roster_id: int | None = None, fund: Fund | None = None) -> list[Hold]:
    """The register by roster and line; rosters that were withdrawn are left out."""
    line = roster_line.c
    query = (
        sa.select(
            hold.c.roster_id, roster.c.fund, roster.c.period, hold.c.seq, line.number, line.id_raw, line.name, line.item, line.net_fen,
            hold.c.finding_id, hold.c.rule, hold.c.reason, hold.c.owner, hold.c.due_on, hold.c.held_at,
        )
        .join(roster, sa.and_(roster.c.book_id == hold.c.book_id, roster.c.roster_id == hold.c.roster_id))
        .join(roster_line, sa.and_(line.book_id == hold.c.book_id, line.roster_id == hold.c.roster_id, line.seq == hold.c.seq))
        .where(roster.c.state != "withdrawn")
        .order_by(hold.c.roster_id, hold.c.seq)
    )  # fmt: skip
    if roster_id is not None:
        query = query.where(hold.c.roster_id == roster_id)
    if fund is not None:
        query = query.where(roster.c.fund == fund.value)
    return [
        Hold(
            row.roster_id, Fund(row.fund), Month.from_number(row.period), row.seq, row.number or row.id_raw, row.name, row.item, row.net_fen,
            row.finding_id, row.rule, row.reason, row.owner, date.fromisoformat(row.due_on), row.held_at,
        )
        for row in connection.execute(query)
    ]  # fmt: skip

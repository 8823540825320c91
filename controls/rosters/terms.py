"""Flow and term of a roster (流程与期限): it keeps the flow it began with, and expires when it is not released in time (features 43, 47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from controls import roster, trail
from controls.duties import Actor, Duty, require
from controls.roster import Roster
from controls.roster_tables import roster_expiry, roster_flow
from controls.rosterlaw import flow as law
from controls.rosterlaw.errors import Expired, NoFlow
from ledger.db import UnitOfWork
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Begun:
    """The flow a roster began with, and the last day on which it may be released."""

    flow: str
    term_on: date

    @property
    def law(self) -> law.Flow:
        """That version as the file has it; raises SB2175."""
        return law.named(self.flow)


def term(period: Month, built: date, flow: law.Flow) -> date:
    """``term_days`` after the month's last day, or after the day of building where that is later."""
    return max(period.last_day, built) + timedelta(days=flow.term_days)


def begin(work: UnitOfWork, made: Roster) -> Begun:
    """Writes down the flow in force on the day of building; the caller records it with the building. Raises SB2175."""
    built = date.fromisoformat(made.built_at[:10])
    flow = law.on(built)
    begun = Begun(flow.flow, term(made.period, built, flow))
    work.connection.execute(roster_flow.insert().values(book_id=made.book_id, roster_id=made.roster_id, flow=begun.flow, term_on=begun.term_on.isoformat()))
    return begun


def of(connection: sa.Connection, made: Roster) -> Begun:
    """The roster's flow and term; raises SB2175."""
    columns = roster_flow.c
    row = connection.execute(sa.select(columns.flow, columns.term_on).where(columns.book_id == made.book_id, columns.roster_id == made.roster_id)).first()
    if row is None:
        raise NoFlow(what=f"花名册 {made.roster_id}")
    return Begun(row.flow, date.fromisoformat(row.term_on))


def require_in_term(connection: sa.Connection, made: Roster, now: str) -> Begun:
    """The flow, provided the term is not over at ``now``; raises SB2171, SB2175."""
    begun = of(connection, made)
    if date.fromisoformat(now[:10]) > begun.term_on:
        raise Expired(roster=made.roster_id, term=begun.term_on, what="已过期，不得再签字、放行", what_en="it is over, nobody signs or releases any more")
    return begun


def expire(work: UnitOfWork, actor: Actor, now: str, roster_id: int) -> Roster:
    """The handler writes off a roster whose term is over; it counts as withdrawn. Raises SB2171 (not yet), SB3001, SB3030, SB3033."""
    made = roster.locked(work, roster_id)
    roster.expect(made, "expire")
    require(actor, Duty.HANDLE_ROSTER, roster.thing(work.connection, made))
    begun = of(work.connection, made)
    if date.fromisoformat(now[:10]) <= begun.term_on:
        raise Expired(roster=roster_id, term=begun.term_on, what="尚未过期，不能作废", what_en="it is not over yet")
    work.connection.execute(roster_expiry.insert().values(book_id=made.book_id, roster_id=roster_id, expired_by=actor.user, expired_at=now))
    moved = roster.move(work, made, "expire")
    trail.record(
        work, now, actor, Duty.HANDLE_ROSTER, "roster.expire", f"roster:{roster_id}", facts={"term_on": begun.term_on.isoformat(), "state": made.state}
    )
    return moved

"""Freeze windows (冻结期): days set by the head with a reason, within which no roster is signed or released (feature 43)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls.duties import Actor, Duty, require
from controls.errors_payment import NoReason
from controls.roster_tables import roster_freeze, roster_thaw
from controls.rosterlaw import flow as law
from controls.rosterlaw.errors import BadFreeze, Frozen
from controls.rows import lay
from ledger import chain
from ledger.db import UnitOfWork
from ledger.funds import Fund


@dataclass(frozen=True, slots=True)
class Freeze:
    """One window, both days included; ``fund`` None is every fund. ``ended_by`` is '' while nobody lifted it."""

    freeze_no: int
    fund: Fund | None
    kind: str
    begin: date
    end: date
    reason: str
    set_by: str
    set_at: str
    ended_by: str
    ended_at: str
    ended_why: str

    @property
    def zh(self) -> str:
        """月结冻结."""
        kind = law.freeze_kind(self.kind)
        return kind.zh if kind else self.kind

    def in_force(self, day: date) -> bool:
        """Whether it keeps signatures out on ``day``."""
        return not self.ended_by and self.begin <= day <= self.end


def put(work: UnitOfWork, actor: Actor, now: str, kind: str, begin: date, end: date, reason: str, *, fund: Fund | None = None) -> Freeze:
    """The head sets a window; raises SB2173 (days, kind), SB3001, SB3042."""
    require(actor, Duty.HEAD)
    chain.lock(work)
    wanted = law.freeze_kind(kind)
    if wanted is None:
        raise BadFreeze(why=f"没有“{kind}”这种冻结，有 {'、'.join(one.zh for one in law.flows().freezes)}")
    if end < begin or begin < date.fromisoformat(now[:10]):
        raise BadFreeze(why=f"{begin} 至 {end} 不是今天或以后的一段日期")
    if not reason.strip():
        raise NoReason()
    number = 1 + work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(roster_freeze.c.freeze_no), 0))).scalar_one()
    row = {
        "freeze_no": number, "fund": fund.value if fund else "", "kind": wanted.kind, "from_on": begin.isoformat(), "to_on": end.isoformat(),
        "reason": reason.strip(), "set_by": actor.user, "set_at": now,
    }  # fmt: skip
    lay(
        work,
        now,
        actor,
        Duty.HEAD,
        roster_freeze,
        "roster.freeze",
        f"freeze:{number}",
        row,
        {name: row[name] for name in ("fund", "kind", "from_on", "to_on", "reason")},
    )
    return get(work.connection, number)


def lift(work: UnitOfWork, actor: Actor, now: str, freeze_no: int, reason: str) -> Freeze:
    """The head lifts a window before its end; raises SB2173 (none, lifted before), SB3001, SB3042."""
    require(actor, Duty.HEAD)
    chain.lock(work)
    found = get(work.connection, freeze_no)
    if found.ended_by:
        raise BadFreeze(why=f"第 {freeze_no} 号冻结期已于 {found.ended_at[:10]} 解除")
    if not reason.strip():
        raise NoReason()
    row = {"freeze_no": freeze_no, "reason": reason.strip(), "ended_by": actor.user, "ended_at": now}
    lay(work, now, actor, Duty.HEAD, roster_thaw, "roster.thaw", f"freeze:{freeze_no}", row, {"reason": row["reason"]})
    return get(work.connection, freeze_no)


def get(connection: sa.Connection, freeze_no: int) -> Freeze:
    """One window; raises SB2173."""
    for one in listed(connection):
        if one.freeze_no == freeze_no:
            return one
    raise BadFreeze(why=f"没有第 {freeze_no} 号冻结期")


def listed(connection: sa.Connection) -> list[Freeze]:
    """All windows by number, lifted ones too."""
    window, end = roster_freeze.c, roster_thaw.c
    query = (
        sa.select(roster_freeze, end.ended_by, end.ended_at, end.reason.label("why"))
        .outerjoin(roster_thaw, end.freeze_no == window.freeze_no)
        .order_by(window.freeze_no)
    )
    return [
        Freeze(
            row.freeze_no, Fund(row.fund) if row.fund else None, row.kind, date.fromisoformat(row.from_on), date.fromisoformat(row.to_on), row.reason,
            row.set_by, row.set_at, row.ended_by or "", row.ended_at or "", row.why or "",
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def require_open(connection: sa.Connection, fund: Fund, now: str) -> None:
    """Raises SB2172 when a window of the fund, or of all, is in force at ``now``."""
    day = date.fromisoformat(now[:10])
    for one in listed(connection):
        if one.in_force(day) and one.fund in (None, fund):
            raise Frozen(kind=one.zh, begin=one.begin, end=one.end, freeze=one.freeze_no, reason=one.reason)

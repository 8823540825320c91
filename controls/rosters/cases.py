"""The case of a held line (暂缓个案): the person is told, the handler asks to clear it with evidence, another decides (C3).

held → noticed → asked → cleared, or kept on hold. A cleared line is paid by a supplement; each step leaves one record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from controls import roster
from controls.duties import Actor, Duty, Thing, require
from controls.errors_payment import NoReason
from controls.roster_tables import clearing, clearing_decision, hold_notice, supplement_line
from controls.rosterlaw import held as law
from controls.rosterlaw.errors import WrongCase
from controls.rosterlaw.machines import Machine, steps
from controls.rows import lay
from controls.tables import hold, roster_line
from controls.tables import roster as roster_table
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month

STATE_ZH = {
    "held": "暂缓",
    "noticed": "已通知本人",
    "asked": "已申请解除，待批准",
    "cleared": "已解除，待补发",
    "supplemented": "已列入补发",
    "paid": "已补发放行",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One held line with where its case stands; ``paid_by`` is the live supplement that pays it (0: none). Amounts in fen."""

    book_id: int
    roster_id: int
    seq: int
    fund: Fund
    period: Month
    number: str
    name: str
    item: str
    fen: int
    rule: str
    finding_id: str
    reason: str
    owner: str
    due_on: date
    held_at: str
    released: bool
    noticed_at: str
    clearing_no: int
    asked_by: str
    asked_reason: str
    evidence: str
    decision: str
    decided_by: str
    paid_by: int
    paid_state: str

    @property
    def state(self) -> str:
        """held, noticed, asked, cleared; and beyond the machine: supplemented, paid."""
        if self.paid_by:
            return "paid" if self.paid_state == "released" else "supplemented"
        if self.clearing_no and not self.decision:
            return "asked"
        if self.decision == "cleared":
            return "cleared"
        return "noticed" if self.noticed_at else "held"

    def overdue(self, day: date) -> bool:
        """Whether nothing was decided in its term."""
        return day > self.due_on and self.state in ("held", "noticed", "asked")


def listed(connection: sa.Connection, *, roster_id: int | None = None, fund: Fund | None = None, seq: int | None = None) -> list[Case]:
    """The cases by roster and line, in one statement; rosters that were withdrawn are left out."""
    line, head, case, live = roster_line.c, roster_table.c, hold.c, sa.alias(roster_table)
    newest = (
        sa.select(clearing.c.book_id, clearing.c.roster_id, clearing.c.seq, sa.func.max(clearing.c.clearing_no).label("clearing_no"))
        .group_by(clearing.c.book_id, clearing.c.roster_id, clearing.c.seq)
        .subquery()
    )
    paying = (
        sa.select(
            supplement_line.c.book_id, supplement_line.c.from_roster, supplement_line.c.from_seq, live.c.roster_id.label("paid_by"),
            live.c.state.label("paid_state"),
        )
        .join(live, sa.and_(live.c.book_id == supplement_line.c.book_id, live.c.roster_id == supplement_line.c.roster_id))
        .where(live.c.state != "withdrawn")
        .subquery()
    )  # fmt: skip

    def same(other: Any, roster_name: str = "roster_id", seq_name: str = "seq") -> sa.ColumnElement[bool]:
        return sa.and_(other.book_id == case.book_id, other[roster_name] == case.roster_id, other[seq_name] == case.seq)

    query = (
        sa.select(
            case.book_id, case.roster_id, case.seq, head.fund, head.period, line.number, line.id_raw, line.name, line.item, line.net_fen, case.rule,
            case.finding_id, case.reason, case.owner, case.due_on, case.held_at, head.state, hold_notice.c.sent_at, newest.c.clearing_no,
            clearing.c.asked_by, clearing.c.reason.label("asked_reason"), clearing.c.evidence, clearing_decision.c.decision,
            clearing_decision.c.decided_by, paying.c.paid_by, paying.c.paid_state,
        )
        .join(roster_table, sa.and_(head.book_id == case.book_id, head.roster_id == case.roster_id))
        .join(roster_line, same(line))
        .outerjoin(hold_notice, same(hold_notice.c))
        .outerjoin(newest, same(newest.c))
        .outerjoin(clearing, clearing.c.clearing_no == newest.c.clearing_no)
        .outerjoin(clearing_decision, clearing_decision.c.clearing_no == newest.c.clearing_no)
        .outerjoin(paying, same(paying.c, "from_roster", "from_seq"))
        .where(head.state != "withdrawn")
        .order_by(case.roster_id, case.seq)
    )  # fmt: skip
    for column, value in ((case.roster_id, roster_id), (head.fund, fund.value if fund else None), (case.seq, seq)):
        if value is not None:
            query = query.where(column == value)
    return [_case(row) for row in connection.execute(query)]


def _case(row: Any) -> Case:
    return Case(
        row.book_id, row.roster_id, row.seq, Fund(row.fund), Month.from_number(row.period), row.number or row.id_raw, row.name, row.item, row.net_fen,
        row.rule, row.finding_id, row.reason, row.owner, date.fromisoformat(row.due_on), row.held_at, row.state == "released", row.sent_at or "",
        row.clearing_no or 0, row.asked_by or "", row.asked_reason or "", row.evidence or "", row.decision or "", row.decided_by or "",
        row.paid_by or 0, row.paid_state or "",
    )  # fmt: skip


def get(connection: sa.Connection, roster_id: int, seq: int) -> Case:
    """One held line's case; raises SB2178 when the line is not held."""
    found = listed(connection, roster_id=roster_id, seq=seq)
    if not found:
        raise WrongCase(roster=roster_id, seq=seq, state="没有暂缓", step="办理")
    return found[0]


def _expect(case: Case, step: str) -> None:
    """Raises SB2178 unless the transition ``step`` leaves from the case's state; clearing waits for the roster's release."""
    wanted = steps(Machine.CASE)[step]
    if case.state not in wanted.sources:
        raise WrongCase(roster=case.roster_id, seq=case.seq, state=STATE_ZH[case.state], step=wanted.zh)
    if step != "notify" and not case.released:
        raise WrongCase(roster=case.roster_id, seq=case.seq, state="花名册尚未放行", step=wanted.zh)


def _thing(case: Case) -> Thing:
    return Thing("hold", f"{case.roster_id}:{case.seq}", ((Duty.HANDLE_ROSTER, case.asked_by),) if case.asked_by else ())


def notify(work: UnitOfWork, actor: Actor, now: str, roster_id: int, seq: int, digest: str, delivery: str) -> Case:
    """The handler records that the notice with this ``digest`` was given to the person; raises SB2177, SB2178, SB3001, SB3030."""
    require(actor, Duty.HANDLE_ROSTER)
    made = roster.locked(work, roster_id)
    case = get(work.connection, roster_id, seq)
    _expect(case, "notify")
    way = law.delivery(delivery)
    row = {"book_id": made.book_id, "roster_id": roster_id, "seq": seq, "digest": digest, "delivered": way.code, "sent_by": actor.user, "sent_at": now}
    lay(work, now, actor, Duty.HANDLE_ROSTER, hold_notice, "hold.notify", f"hold:{roster_id}:{seq}", row, {"paper": digest, "delivered": way.code})
    return get(work.connection, roster_id, seq)


def ask(work: UnitOfWork, actor: Actor, now: str, roster_id: int, seq: int, reason: str, evidence: str, evidence_name: str, note: str = "") -> Case:
    """The handler asks to clear a held line for a ``reason`` of the list, on ``evidence`` (SHA-256 of the file); raises SB2177, SB2178, SB3001, SB3030."""
    require(actor, Duty.HANDLE_ROSTER)
    made = roster.locked(work, roster_id)
    case = get(work.connection, roster_id, seq)
    _expect(case, "ask")
    why = law.reason(reason)
    number = 1 + work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(clearing.c.clearing_no), 0))).scalar_one()
    row = {
        "clearing_no": number, "book_id": made.book_id, "roster_id": roster_id, "seq": seq, "reason": why.code, "note": note.strip(), "evidence": evidence,
        "evidence_name": evidence_name, "asked_by": actor.user, "asked_at": now,
    }  # fmt: skip
    facts = {"clearing": number, "reason": why.code, "note": note.strip(), "evidence": evidence, "fen": case.fen}
    lay(work, now, actor, Duty.HANDLE_ROSTER, clearing, "hold.ask", f"hold:{roster_id}:{seq}", row, facts)
    return get(work.connection, roster_id, seq)


def clear(work: UnitOfWork, actor: Actor, now: str, roster_id: int, seq: int, note: str = "") -> Case:
    """Another person clears the line, so that a supplement can pay it; raises SB2178, SB3001, SB3002, SB3030."""
    return _decide(work, actor, now, roster_id, seq, "clear", note)


def keep(work: UnitOfWork, actor: Actor, now: str, roster_id: int, seq: int, note: str) -> Case:
    """Another person keeps the line on hold and says why; raises SB2178, SB3001, SB3002, SB3030, SB3042."""
    if not note.strip():
        require(actor, Duty.REVIEW)
        raise NoReason()
    return _decide(work, actor, now, roster_id, seq, "keep", note)


def _decide(work: UnitOfWork, actor: Actor, now: str, roster_id: int, seq: int, step: str, note: str) -> Case:
    require(actor, Duty.REVIEW)
    roster.locked(work, roster_id)
    case = get(work.connection, roster_id, seq)
    _expect(case, step)
    require(actor, Duty.REVIEW, _thing(case))
    decision = "cleared" if step == "clear" else "kept"
    row = {"clearing_no": case.clearing_no, "decision": decision, "note": note.strip(), "decided_by": actor.user, "decided_at": now}
    facts = {"clearing": case.clearing_no, "decision": decision, "note": note.strip(), "fen": case.fen}
    lay(work, now, actor, Duty.REVIEW, clearing_decision, f"hold.{step}", f"hold:{roster_id}:{seq}", row, facts)
    return get(work.connection, roster_id, seq)


def waiting(connection: sa.Connection, fund: Fund) -> list[Case]:
    """Cleared lines of the fund that no live roster pays yet."""
    return [case for case in listed(connection, fund=fund) if case.state == "cleared"]


def cleared_findings(connection: sa.Connection, made: roster.Roster) -> dict[int, str]:
    """Line of a supplement → id of the finding that had held it and that two people cleared."""
    origin = supplement_line.c
    query = (
        sa.select(origin.seq, hold.c.finding_id)
        .join(hold, sa.and_(hold.c.book_id == origin.book_id, hold.c.roster_id == origin.from_roster, hold.c.seq == origin.from_seq))
        .where(origin.book_id == made.book_id, origin.roster_id == made.roster_id)
    )
    return {row.seq: row.finding_id for row in connection.execute(query)}

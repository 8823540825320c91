"""Findings of a roster and their answers (疑点答复): the handler answers each warning with a reason, or holds its lines.

A blocking finding cannot be answered away (C3): its lines stay in the register of held payments.
An answer binds to the facts of the finding; when they change, it no longer counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from controls import holds, roster, trail
from controls.duties import Actor, Duty, require
from controls.errors_payment import BlockingFinding, NoReason, NoSuchFinding, WrongState
from controls.roster import STATE_ZH, Roster
from controls.rosters import kept
from controls.tables import answer, finding, finding_line
from ledger.db import UnitOfWork

PAY, HOLD = "pay", "hold"


@dataclass(frozen=True, slots=True)
class RosterFinding:
    """A finding of the latest check, with its lines and its valid answer ('' when there is none). ``fen`` is the money in question."""

    finding_id: str
    rule: str
    severity: str
    blocking: bool
    number: str
    name: str
    period_from: str
    period_to: str
    fen: int
    counterpart: str
    confidence: int
    reason: str
    why: str
    evidence: str
    facts: str
    seqs: tuple[int, ...]
    action: str
    answer: str
    answered_by: str


def findings(connection: sa.Connection, made: Roster) -> list[RosterFinding]:
    """Findings of the latest check, blocking ones first, then by rule and id."""
    at = (finding.c.book_id == made.book_id, finding.c.roster_id == made.roster_id, finding.c.check_no == made.check_no)
    lines: dict[str, list[int]] = defaultdict(list)
    columns = finding_line.c
    for row in connection.execute(
        sa.select(columns.finding_id, columns.seq)
        .where(columns.book_id == made.book_id, columns.roster_id == made.roster_id, columns.check_no == made.check_no)
        .order_by(columns.seq)
    ):
        lines[row.finding_id].append(row.seq)
    given = {}
    for row in connection.execute(sa.select(answer).where(answer.c.book_id == made.book_id, answer.c.roster_id == made.roster_id).order_by(answer.c.answer_no)):
        given[row.finding_id, row.facts] = (row.action, row.reason, row.answered_by)
    return [
        RosterFinding(
            row.finding_id, row.rule, row.severity, bool(row.blocking), row.number, row.name, row.period_from, row.period_to, row.amount_fen,
            row.counterpart, row.confidence, row.reason, row.why, row.evidence, row.facts, tuple(lines[row.finding_id]),
            *given.get((row.finding_id, row.facts), ("", "", "")),
        )
        for row in connection.execute(sa.select(finding).where(*at).order_by(finding.c.blocking.desc(), finding.c.rule, finding.c.finding_id))
    ]  # fmt: skip


def unanswered(connection: sa.Connection, made: Roster) -> list[RosterFinding]:
    """Warnings that still need an answer; one whose lines are all held anyway needs none."""
    held = holds.seqs(connection, made)
    return [item for item in findings(connection, made) if not item.blocking and not item.answer and not held.issuperset(item.seqs)]


def give(work: UnitOfWork, actor: Actor, now: str, roster_id: int, reason: str, *, finding_id: str = "", rule: str = "", hold: bool = False) -> int:
    """Answers one warning, or all open ones of ``rule``; ``hold`` does not pay their lines. Gives how many were answered.

    Raises SB3001, SB3030, SB3033 (not between check and submission), SB3036 (a blocking one), SB3039, SB3042.
    """
    made = roster.locked(work, roster_id)
    require(actor, Duty.HANDLE_ROSTER, roster.thing(work.connection, made))
    if made.state != "checked":
        raise WrongState(roster=roster_id, state=STATE_ZH[made.state], step="答复")
    if not reason.strip():
        raise NoReason()
    wanted = _wanted(work.connection, made, finding_id, rule)
    number = (
        1
        + work.connection.execute(
            sa.select(sa.func.coalesce(sa.func.max(answer.c.answer_no), 0)).where(answer.c.book_id == made.book_id, answer.c.roster_id == roster_id)
        ).scalar_one()
    )
    work.connection.execute(
        answer.insert(),
        [
            {
                "book_id": made.book_id, "roster_id": roster_id, "finding_id": item.finding_id, "answer_no": number, "facts": item.facts,
                "action": HOLD if hold else PAY, "reason": reason.strip(), "answered_by": actor.user, "answered_at": now,
            }
            for item in wanted
        ],
    )  # fmt: skip
    if hold:
        holds.put(work, made, made.check_no, now, actor.user, [(seq, item.finding_id, item.rule, reason.strip()) for item in wanted for seq in item.seqs])
    facts = {"findings": [item.finding_id for item in wanted[:20]], "count": len(wanted), "action": HOLD if hold else PAY, "reason": reason.strip()}
    facts |= {"answer_no": number, "given": kept.answers_digest(work.connection, made, number), "holds": kept.holds_digest(work.connection, made)}
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "roster.answer", f"roster:{roster_id}", facts=facts)
    return len(wanted)


def _wanted(connection: sa.Connection, made: Roster, finding_id: str, rule: str) -> Sequence[RosterFinding]:
    listed = findings(connection, made)
    if finding_id:
        wanted = [item for item in listed if item.finding_id == finding_id or (len(finding_id) >= 6 and item.finding_id.startswith(finding_id))]
    else:
        wanted = [item for item in listed if item.rule == rule and not item.blocking and not item.answer]
    if not wanted:
        raise NoSuchFinding(roster=made.roster_id, finding=finding_id or rule)
    for item in wanted:
        if item.blocking:
            raise BlockingFinding(roster=made.roster_id, finding=item.finding_id, why="经办不能独自解除")
    return wanted

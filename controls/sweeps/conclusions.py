"""What two people conclude of a lead (疑点的结论): confirmed (查实) or dismissed (排除), drawn by one of the audit office, reviewed by another (A3, A6).

A dismissal binds to the facts of its time: while they are the same the lead stays dismissed, when they change it is open again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from controls import roster, rows
from controls.duties import Actor, Duty, Thing, require
from controls.errors_payment import NoReason
from controls.relatives import concerned
from controls.sweep_tables import conclusion, conclusion_review, lead
from controls.sweeps import kept, one_offs
from controls.sweeps.errors import ConcludedAlready, ConclusionOpen, ConclusionStale, LeadGone, NoSuchLead, NothingToReview, SameConcluder
from controls.sweeps.kept import GONE, Version
from ledger import chain
from ledger.db import UnitOfWork

VERDICT_ZH = {"confirmed": "查实", "dismissed": "排除"}
STATUS_ZH = {"open": "待核查", "pending": "结论待复核", "confirmed": "已查实", "dismissed": "已排除", "gone": "事实已消失"}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion with its review ('' while it awaits one)."""

    finding_id: str
    conclusion_no: int
    version: int
    facts: str
    verdict: str
    reason: str
    concluded_by: str
    concluded_at: str
    step: str = ""
    note: str = ""
    reviewed_by: str = ""
    reviewed_at: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as it stands: its last version, the sweep that first saw it, its conclusions, oldest first."""

    last: Version
    first_sweep: int
    conclusions: tuple[Conclusion, ...]

    @property
    def closed(self) -> Conclusion | None:
        """The last conclusion that two people agreed on."""
        return next((one for one in reversed(self.conclusions) if one.step == "agree"), None)

    @property
    def status(self) -> str:
        """``open``, ``pending``, ``confirmed``, ``dismissed`` or ``gone``; a dismissal on other facts is none."""
        if self.last.state == GONE:
            return "gone"
        if self.conclusions and not self.conclusions[-1].step:
            return "pending"
        closed = self.closed
        if closed is None or (closed.verdict == "dismissed" and closed.facts != self.last.finding.facts):
            return "open"
        return closed.verdict

    @property
    def changed(self) -> bool:
        """Whether the facts are no longer those of the last conclusion agreed on."""
        return self.closed is not None and self.closed.facts != self.last.finding.facts


@dataclass(frozen=True, slots=True)
class Precision:
    """Closed leads of one rule: how many were confirmed, how many dismissed."""

    confirmed: int
    dismissed: int

    @property
    def text(self) -> str:
        """Thousandths as ``0.750``, rounded down."""
        thousandths = self.confirmed * 1000 // (self.confirmed + self.dismissed)
        return f"{thousandths // 1000}.{thousandths % 1000:03d}"

    @property
    def why(self) -> str:
        return f"已办结 {self.confirmed + self.dismissed} 条：查实 {self.confirmed}，排除 {self.dismissed}"


def leads(connection: sa.Connection, rules: Iterable[str] | None = None) -> dict[str, Lead]:
    """Id → every lead kept, withdrawn ones too; of some rules if given."""
    wanted = None if rules is None else list(rules)
    first = {row.finding_id: row.first_sweep for row in connection.execute(sa.select(lead.c.finding_id, lead.c.first_sweep))}
    drawn = _drawn(connection)
    return {key: Lead(one, first[key], tuple(drawn.get(key, ()))) for key, one in sorted(kept.standing(connection, wanted).items())}


def get(connection: sa.Connection, wanted: str) -> Lead:
    """The lead whose id is or begins with ``wanted``; raises SB3365."""
    text = wanted.strip().lower()
    columns = lead.c
    found = connection.execute(sa.select(columns.finding_id, columns.first_sweep).where(columns.finding_id.startswith(text, autoescape=True)).limit(2)).all()
    if len(text) < SHORTEST or len(found) != 1:
        raise NoSuchLead(wanted=wanted)
    finding_id, first = found[0]
    return Lead(kept.history(connection, finding_id)[-1], first, tuple(_drawn(connection, finding_id).get(finding_id, ())))


SHORTEST = 4
"""Digits of an id that must be given."""


def conclude(work: UnitOfWork, now: str, actor: Actor, wanted: str, verdict: str, reason: str) -> Lead:
    """Draws a conclusion; raises SB3001, SB2116, SB2117 (own or a relative's money, or money they handled), SB3365, SB3371, SB3369, SB3370, SB3042."""
    require(actor, Duty.AUDIT)
    chain.lock(work)
    one = get(work.connection, wanted)
    found = one.last.finding
    require(actor, Duty.AUDIT, thing(work.connection, one.last))
    if one.status == "gone":
        raise LeadGone(lead=found.finding_id)
    if one.status == "pending":
        last = one.conclusions[-1]
        raise ConclusionOpen(lead=found.finding_id, verdict=VERDICT_ZH[last.verdict], by=last.concluded_by)
    if one.closed is not None and not one.changed:
        raise ConcludedAlready(lead=found.finding_id, verdict=VERDICT_ZH[one.closed.verdict])
    if not any(sign.isalnum() for sign in reason):
        raise NoReason()
    row = {
        "finding_id": found.finding_id, "conclusion_no": len(one.conclusions) + 1, "version": one.last.version, "facts": found.facts, "verdict": verdict,
        "reason": reason.strip(), "concluded_by": actor.user, "concluded_at": now,
    }  # fmt: skip
    facts = {"rule": found.rule, "verdict": verdict, "facts": found.facts, "reason": reason.strip()}
    rows.lay(work, now, actor, Duty.AUDIT, conclusion, "lead.conclude", f"lead:{found.finding_id}", row, facts)
    return get(work.connection, found.finding_id)


def review(work: UnitOfWork, now: str, actor: Actor, wanted: str, *, agreed: bool, note: str = "") -> Lead:
    """Another person agrees or sends back; raises SB3001, SB2116, SB2117, SB3365, SB3372, SB3373, SB3374."""
    require(actor, Duty.AUDIT)
    chain.lock(work)
    one = get(work.connection, wanted)
    found = one.last.finding
    require(actor, Duty.AUDIT, thing(work.connection, one.last))
    last = one.conclusions[-1] if one.conclusions else None
    if last is None or last.step or (not agreed and not any(sign.isalnum() for sign in note)):
        raise NothingToReview(lead=found.finding_id)
    if last.concluded_by == actor.user:
        raise SameConcluder(lead=found.finding_id, name=actor.name)
    if agreed and (one.last.state == GONE or last.facts != found.facts):
        raise ConclusionStale(lead=found.finding_id)
    step = "agree" if agreed else "refuse"
    row = {
        "finding_id": found.finding_id, "conclusion_no": last.conclusion_no, "step": step, "note": note.strip(), "reviewed_by": actor.user,
        "reviewed_at": now,
    }  # fmt: skip
    facts = {"rule": found.rule, "verdict": last.verdict, "step": step}
    rows.lay(work, now, actor, Duty.AUDIT, conclusion_review, f"lead.{step}", f"lead:{found.finding_id}", row, facts)
    return get(work.connection, found.finding_id)


def thing(connection: sa.Connection, version: Version) -> Thing:
    """The lead as something acted on: whose money it is (C7), and who handled the rosters or vouchers that paid it (S17)."""
    found = version.finding
    numbers = {found.id_number, *found.evidence.persons, *(one.partition(":")[2].rpartition(":")[2] for one in found.counterpart.split(";"))} - {""}
    handled: set[tuple[Duty, str]] = set()
    for key in version.places:
        if key[0] == "r":
            handled |= set(roster.thing(connection, roster.get(connection, int(key[1:]))).acted)
        elif key[0] == "v":
            handled |= one_offs.handled(connection, int(key[1:]), numbers)
    return Thing("lead", found.finding_id, history=tuple(sorted(handled)), related=concerned.by_numbers(connection, numbers))


def precision(connection: sa.Connection) -> dict[str, Precision]:
    """Rule → how many of its leads two people confirmed and dismissed, by the last conclusion they agreed on (A6); rules without any are left out."""
    of_rule = {row.finding_id: row.rule for row in connection.execute(sa.select(lead.c.finding_id, lead.c.rule))}
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"confirmed": 0, "dismissed": 0})
    for finding_id, drawn in _drawn(connection).items():
        closed = [one for one in drawn if one.step == "agree"]
        if closed:
            counts[of_rule[finding_id]][closed[-1].verdict] += 1
    return {rule: Precision(**count) for rule, count in sorted(counts.items())}


def tally(found: Mapping[str, Lead]) -> dict[str, int]:
    """Status → how many leads."""
    counts = dict.fromkeys(STATUS_ZH, 0)
    for one in found.values():
        counts[one.status] += 1
    return counts


def _drawn(connection: sa.Connection, finding_id: str = "") -> dict[str, Sequence[Conclusion]]:
    """Id → conclusions with their reviews, oldest first."""
    drawn, reviewed = conclusion.c, conclusion_review.c
    joined = sa.and_(reviewed.finding_id == drawn.finding_id, reviewed.conclusion_no == drawn.conclusion_no)
    asked = (
        sa.select(conclusion, reviewed.step, reviewed.note, reviewed.reviewed_by, reviewed.reviewed_at)
        .outerjoin(conclusion_review, joined)
        .order_by(drawn.finding_id, drawn.conclusion_no)
    )
    if finding_id:
        asked = asked.where(drawn.finding_id == finding_id)
    found: dict[str, list[Conclusion]] = defaultdict(list)
    for row in connection.execute(asked):
        told: dict[str, Any] = {name: "" if value is None else value for name, value in row._mapping.items()}
        found[row.finding_id].append(Conclusion(**told))
    return dict(found)

"""Leads that two people decided (已核实的疑点): while the same outside facts stand, a cleared lead warns at the next rosters and does not hold again.

A decision binds to person, check and facts (DOMAIN §6.3, 衰减): rule, number, what the outside sources say (source and date) and how sure the match is.
Another source, another date or another certainty is a new fact, and the line is held again; so it is where the newest decision kept the line on hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from controls.findings import Finding
from controls.roster import Roster
from controls.roster_tables import clearing, clearing_decision
from controls.rosterlaw import held as law
from controls.tables import finding, hold

Grounds = tuple[str, str, str, int]
"""Rule, number, counterpart (source and date of each outside record), confidence in thousandths."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision that stands: the held line it was taken on, who asked, who decided, when, and why."""

    roster_id: int
    seq: int
    asked_by: str
    decided_by: str
    decided_at: str
    reason: str

    def told(self) -> str:
        """As the reviewer reads it."""
        why = law.reason(self.reason).zh
        line = f"花名册 {self.roster_id} 序号 {self.seq}，{why}"
        return f"同一事实已由 {self.asked_by} 凭证据申请、{self.decided_by} 于 {self.decided_at[:10]} 批准解除（{line}）；有新的事实再拦截"


def grounds(lead: Finding) -> Grounds:
    """What a decision on the lead binds to."""
    return lead.rule, lead.id_number, lead.counterpart, lead.confidence


def standing(connection: sa.Connection, made: Roster) -> dict[Grounds, Decided]:
    """The decisions of the roster's book that still stand: by their grounds, the newest, where it cleared for a reason that outlasts its month."""
    lasting = {(one.rule, reason) for one in law.held().standing for reason in one.reasons}
    found, asked, decided = finding.c, clearing.c, clearing_decision.c
    query = (
        sa.select(
            found.rule, found.number, found.counterpart, found.confidence, asked.roster_id, asked.seq, asked.asked_by, asked.reason, decided.decision,
            decided.decided_by, decided.decided_at,
        )
        .select_from(clearing)
        .join(clearing_decision, decided.clearing_no == asked.clearing_no)
        .join(hold, sa.and_(hold.c.book_id == asked.book_id, hold.c.roster_id == asked.roster_id, hold.c.seq == asked.seq))
        .join(
            finding,
            sa.and_(
                found.book_id == hold.c.book_id, found.roster_id == hold.c.roster_id, found.check_no == hold.c.check_no, found.finding_id == hold.c.finding_id
            ),
        )
        .where(asked.book_id == made.book_id, asked.roster_id != made.roster_id, found.number != "", found.counterpart != "")
        .order_by(asked.clearing_no)
    )  # fmt: skip
    stands: dict[Grounds, Decided] = {}
    for row in connection.execute(query):
        key = (row.rule, row.number, row.counterpart, row.confidence)
        stands.pop(key, None)
        if row.decision == "cleared" and (row.rule, row.reason) in lasting:
            stands[key] = Decided(row.roster_id, row.seq, row.asked_by, row.decided_by, row.decided_at, row.reason)
    return stands

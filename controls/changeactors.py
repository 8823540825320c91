"""Who acted on whose month: rosters and changes of bank accounts that take effect in the same month keep apart (C1, dynamic half)."""

from __future__ import annotations

import sqlalchemy as sa

from controls.duties import Duty
from controls.person_tables import person_change, person_decision
from controls.tables import answer, roster, signature
from ledger.months import Month

ACCOUNT_KINDS = ("bank_account", "bank_accounts")

Acted = set[tuple[Duty, str]]


def of_accounts(connection: sa.Connection, fund: str, month: Month) -> Acted:
    """Who asked for and who reviewed the accepted account changes of ``fund`` that take effect in ``month``."""
    change, decision = person_change.c, person_decision.c
    query = (
        sa.select(change.requested_by, decision.decided_by)
        .join(person_decision, decision.change_id == change.change_id)
        .where(change.kind.in_(ACCOUNT_KINDS), change.fund == fund, change.from_on == month.first_day.isoformat(), decision.decision == "accepted")
    )
    found = list(connection.execute(query))
    return {(Duty.HANDLE_REGISTER, row.requested_by) for row in found} | {(Duty.REVIEW, row.decided_by) for row in found}


def of_rosters(connection: sa.Connection, fund: str, month: Month) -> Acted:
    """Who built, answered for or signed as 经办 any roster of ``fund`` and ``month``, withdrawn ones too."""
    mine = sa.select(roster.c.roster_id).where(roster.c.fund == fund, roster.c.period == month.number)
    built = sa.select(roster.c.built_by).where(roster.c.fund == fund, roster.c.period == month.number)
    answered = sa.select(answer.c.answered_by).where(answer.c.roster_id.in_(mine))
    signed = sa.select(signature.c.user_id).where(signature.c.roster_id.in_(mine), signature.c.duty == Duty.HANDLE_ROSTER.value)
    return {(Duty.HANDLE_ROSTER, str(row[0])) for query in (built, answered, signed) for row in connection.execute(query)}

"""Leaving out (回避暂缓): the lines of a roster that pay a handler's own or their relatives' claims are held, so that somebody else pays them later.

Holding takes nothing but from payment, so the related handler may do it; releasing the hold and the supplementary roster are for others.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls import holds, roster, trail
from controls.duties import Actor, Duty, require
from controls.errors_duties import RelativeWrong
from controls.relative_tables import relative, relative_step
from controls.rosters import kept
from controls.tables import roster_line
from ledger.db import UnitOfWork

RULE = "C7-RELATIVE"
REASON = "回避：经办人本人或其亲属、利害关系人的款项，由他人另行办理"


def leave_out(work: UnitOfWork, now: str, actor: Actor, roster_id: int) -> int:
    """Holds every line whose number ``actor`` declared and gives how many are newly held; raises SB3001, SB3030, SB3033, SB2125 when there is none."""
    made = roster.locked(work, roster_id)
    require(actor, Duty.HANDLE_ROSTER)
    roster.expect(made, "check")
    ended = sa.select(relative_step.c.relative_id).where(relative_step.c.step == "end")
    query = (
        sa.select(roster_line.c.seq)
        .join(relative, relative.c.number == roster_line.c.number)
        .where(roster_line.c.book_id == made.book_id, roster_line.c.roster_id == roster_id)
        .where(relative.c.user_id == actor.user, relative.c.relative_id.not_in(ended))
        .order_by(roster_line.c.seq)
    )
    seqs = list(dict.fromkeys(work.connection.execute(query).scalars()))
    count = holds.put(work, made, made.check_no, now, actor.user, [(seq, RULE, RULE, REASON) for seq in seqs])
    if not count:
        raise RelativeWrong(why=f"花名册 {roster_id} 没有应当回避而未暂缓的行", why_en=f"roster {roster_id} has no line to leave out")
    facts = {"lines": seqs, "holds": kept.holds_digest(work.connection, made)}
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "relative.leave_out", f"roster:{roster_id}", facts=facts)
    return count

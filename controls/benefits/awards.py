"""An award put on record (核定留痕): who assessed whom by which law and for how much; the reckoning itself is proved by its digest.

The trail holds no facts of the person. Reckoning again from the same facts under the same law gives the same digest, so that an award on
paper can be held against the trail.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, require
from ledger.benefits.award import Award
from ledger.db import UnitOfWork
from ledger.identity import mask_number, normal_number

ACT = "benefit.award"


def assess(work: UnitOfWork, now: str, actor: Actor, number: str, award: Award) -> trail.Record:
    """Records the award of the person with ``number``; raises SB3001 (needs HANDLE_ASSESS)."""
    require(actor, Duty.HANDLE_ASSESS)
    facts = {
        "person": mask_number(normal_number(number)), "scheme": award.scheme.scheme, "law": award.scheme.valid_from.isoformat(), "period": str(award.month),
        "items": dict(award.items), "fen": award.total,
    }  # fmt: skip
    return trail.record(work, now, actor, Duty.HANDLE_ASSESS, ACT, f"benefit:{award.digest[:12]}", award.digest, facts)


def recorded(connection: sa.Connection, award: Award) -> list[trail.Record]:
    """Earlier records of this very reckoning, oldest first."""
    return [one for one in trail.lines(connection, thing=f"benefit:{award.digest[:12]}") if one.act == ACT and one.digest == award.digest]

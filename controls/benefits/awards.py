"""An award put on record (核定留痕): who assessed whom by which law and for how much; the reckoning itself is proved by its digest.

A second person reckons it again and reviews it. The trail holds no facts of the person: reckoning again from the same facts under the same law
gives the same digest, so that an award on paper can be held against the trail.
"""

from __future__ import annotations

import json

import sqlalchemy as sa

from controls import trail
from controls.benefits.errors import NotAssessed
from controls.duties import Actor, Duty, Thing, require
from ledger.benefits.award import Award
from ledger.db import UnitOfWork
from ledger.identity import mask_number, normal_number

ACT, REVIEW = "benefit.award", "benefit.award.review"


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


def review(work: UnitOfWork, now: str, actor: Actor, number: str, award: Award) -> trail.Record:
    """Another person reckoned the same facts of the same person anew and came to the same digest: the award is reviewed.

    Raises SB3001 (needs REVIEW), SB3002 for whoever assessed it, SB3233 when no such award is on record.
    """
    person = mask_number(normal_number(number))
    assessed = [one for one in recorded(work.connection, award) if json.loads(one.facts).get("person") == person]
    thing = Thing("benefit", award.digest[:12], tuple((Duty.HANDLE_ASSESS, one.actor) for one in assessed))
    require(actor, Duty.REVIEW, thing)
    if not assessed:
        raise NotAssessed(scheme=award.scheme.zh, person=person, month=award.month)
    facts = {"person": person, "fen": award.total, "assessed": [one.seq for one in assessed]}
    return trail.record(work, now, actor, Duty.REVIEW, REVIEW, f"benefit:{award.digest[:12]}", award.digest, facts)


def reviewed(connection: sa.Connection, award: Award) -> list[trail.Record]:
    """Reviews of this very reckoning, oldest first."""
    return [one for one in trail.lines(connection, thing=f"benefit:{award.digest[:12]}") if one.act == REVIEW and one.digest == award.digest]

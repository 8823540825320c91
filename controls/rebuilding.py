"""Rebuilding kept balances from the lines (重算余额): an act of its own, by the 会计主管, with a reason and a record of every figure that changed."""

from __future__ import annotations

from controls import trail
from controls.duties import Actor, Duty, require
from ledger import balances, chain
from ledger.balances import Difference
from ledger.db import UnitOfWork
from ledger.entries import digest

ACT = "rebuild-balances"
MOST = 50
"""Differences written out in the record; the digest covers all of them."""


def rebuild(work: UnitOfWork, now: str, actor: Actor, book_id: int, reason: str) -> list[Difference]:
    """Makes every balance of the book the sum of its lines; returns what differed. Nothing differs: nothing is written, and no record left.

    Needs CHECK (会计主管). The database takes no other figures than the sums (SB1303), whoever writes.
    """
    require(actor, Duty.CHECK)
    chain.lock(work)
    found = balances.rebuild(work, book_id)
    if found:
        told = [[one.account, str(one.period), one.dimension, one.kept, one.summed] for one in found]
        facts = {"reason": reason, "count": len(found), "changed": told[:MOST]}
        trail.record(work, now, actor, Duty.CHECK, ACT, f"balances:{book_id}", digest(told), facts)
    return found

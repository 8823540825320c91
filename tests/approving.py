"""The four signatures of a payment approval form (基金支付审批表), for tests that need a bank file."""

from __future__ import annotations

from collections.abc import Sequence

from controls import roster
from controls.approvals import store
from controls.duties import Actor, Duty
from ledger.db import UnitOfWork

SIGNERS = (
    Actor("zhao", "赵会计", frozenset({Duty.BOOKKEEP})),
    Actor("sun", "孙主管", frozenset({Duty.CHECK})),
    Actor("wang", "王局", frozenset({Duty.AUTHORISE})),
    Actor("jin", "金主任", frozenset({Duty.HEAD})),
)


def approved(work: UnitOfWork, now: str, roster_id: int, signers: Sequence[Actor] = SIGNERS) -> None:
    """Signs what is missing on the form of a released roster; nothing on one that is not released."""
    found = roster.get(work.connection, roster_id)
    if found.state == "released":
        for actor in signers[len(store.signatures(work.connection, store.PAYMENT, found.book_id, roster_id)) :]:
            store.sign_payment(work, now, actor, roster_id)

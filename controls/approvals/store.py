"""Chains of signatures (审批链) over one digest: 会计 → 会计主管 → 分管领导 → 单位负责人, each once, four people.

A funding plan keeps three of them itself (``controls.budgets.documents``); the leader's stands here. The payment approval form
(《基金支付审批表》) of a released roster has all four, over the digest of what was released; no bank file is made before (SB2180).
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from controls import roster, trail
from controls.approval_tables import approval
from controls.approvals.errors import NotApproved, NotItsTurn
from controls.budgets import documents
from controls.duties import Actor, Duty, Thing, require
from controls.errors import SamePerson
from controls.release import authority
from controls.roster import Roster
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import digest

CHAIN = (Duty.BOOKKEEP, Duty.CHECK, Duty.AUTHORISE, Duty.HEAD)
LEADER = 3
PLAN, PAYMENT = "plan", "payment"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a chain."""

    kind: str
    book_id: int
    number: int
    step: int
    duty: str
    digest: str
    note: str
    signed_by: str
    signed_at: str


def signatures(connection: sa.Connection, kind: str, book_id: int, number: int) -> list[Signature]:
    """The signatures of one paper in order."""
    columns = approval.c
    mine = sa.and_(columns.kind == kind, columns.book_id == book_id, columns.number == number)
    return [Signature(*row) for row in connection.execute(sa.select(approval).where(mine).order_by(columns.step))]


def of_book(connection: sa.Connection, book_id: int) -> list[Signature]:
    """Every signature of a book's papers, in order."""
    columns = approval.c
    return [
        Signature(*row)
        for row in connection.execute(sa.select(approval).where(columns.book_id == book_id).order_by(columns.kind, columns.number, columns.step))
    ]


def endorse(work: UnitOfWork, now: str, actor: Actor, book_id: int, number: int) -> Signature:
    """The 分管领导 signs a reviewed funding plan over its digest. Raises SB3001, SB3002, SB3290, SB2250."""
    chain.lock(work)
    plan = documents.get(work.connection, book_id, number)
    require(actor, Duty.AUTHORISE, plan.acted())
    what = f"第 {number} 号{documents.KINDS[plan.kind]}"
    if plan.kind != "plan" or plan.state != "reviewed":
        why = f"它{documents.STATES[plan.state]}" if plan.kind == "plan" else "只有用款计划由分管领导签字"
        raise NotItsTurn(what=what, duty=Duty.AUTHORISE.zh, duty_en=Duty.AUTHORISE.value, why=why)
    if signatures(work.connection, PLAN, book_id, number):
        raise NotItsTurn(what=what, duty=Duty.AUTHORISE.zh, duty_en=Duty.AUTHORISE.value, why="已经签过")
    _another(actor, what, (plan.drafted_by, plan.reviewed_by))
    return _sign(work, now, actor, Signature(PLAN, book_id, number, LEADER, Duty.AUTHORISE.value, plan.content(), "", actor.user, now))


def sign_payment(work: UnitOfWork, now: str, actor: Actor, roster_id: int, note: str = "") -> Signature:
    """The next signature on a released roster's payment approval form. Raises SB3001, SB3002, SB3030, SB3070, SB2250."""
    made = roster.locked(work, roster_id)
    shown = payment_digest(work.connection, made)
    found = signatures(work.connection, PAYMENT, made.book_id, roster_id)
    what = f"花名册 {roster_id} 的基金支付审批表"
    if len(found) == len(CHAIN):
        raise NotItsTurn(what=what, duty="任何人", duty_en="anybody", why="四人已签完")
    duty = CHAIN[len(found)]
    require(actor, duty, Thing("payment", str(roster_id), tuple((Duty(one.duty), one.signed_by) for one in found)))
    if found and found[0].digest != shown:
        raise NotItsTurn(what=what, duty=duty.zh, duty_en=duty.value, why="内容与会计编制时不同")
    _another(actor, what, tuple(one.signed_by for one in found))
    return _sign(work, now, actor, Signature(PAYMENT, made.book_id, roster_id, len(found) + 1, duty.value, shown, note.strip(), actor.user, now))


def require_signed(connection: sa.Connection, made: Roster) -> None:
    """Passes when all four signed the payment approval form of a released roster as it stands now. Raises SB2180, SB3070."""
    shown = payment_digest(connection, made)
    found = [one for one in signatures(connection, PAYMENT, made.book_id, made.roster_id) if one.digest == shown]
    missing = [duty.zh for step, duty in enumerate(CHAIN, start=1) if all(one.step != step for one in found)]
    if missing:
        raise NotApproved(roster=made.roster_id, missing="、".join(missing))


def payment_digest(connection: sa.Connection, made: Roster) -> str:
    """What the form's signatures bind to: the roster, its release and the sums. Raises SB3070 for a roster that is not released."""
    given = authority(connection, made.roster_id)
    return digest([made.book_id, made.roster_id, made.fund.value, made.period.number, made.kind, given.digest, given.count, given.payees, given.fen])


def _another(actor: Actor, what: str, people: tuple[str, ...]) -> None:
    if actor.user in people:
        raise SamePerson(name=actor.name, thing=what, earlier="签字", duty="再次签字", why="审批链上各人只签一次")


def _sign(work: UnitOfWork, now: str, actor: Actor, made: Signature) -> Signature:
    work.connection.execute(
        approval.insert().values(
            kind=made.kind, book_id=made.book_id, number=made.number, step=made.step, duty=made.duty, digest=made.digest, note=made.note,
            signed_by=made.signed_by, signed_at=made.signed_at,
        )
    )  # fmt: skip
    thing = f"{made.kind}:{made.book_id}-{made.number}"
    trail.record(work, now, actor, Duty(made.duty), f"approval.{made.kind}", thing, made.digest, {"step": made.step, "note": made.note})
    return made

"""What the trail says of seals and keys (印鉴、U盾) and of chains of signatures (审批链): each act and signature, none gone, none by one person alone."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

from controls import roster, trail
from controls.approvals import store as approvals
from controls.budgets import documents, funding
from controls.handovers import store as handovers
from controls.tables import bank_batch
from controls.tokens import store as tokens
from controls.tokens.law import law
from controls.tokens.store import ENDED, Token
from ledger.accounts import Book
from ledger.money import show
from shebao.evidence import Broken, records_by_thing


def held(connection: sa.Connection) -> str:
    """C1, C6: the register of seals and keys equals its records; nobody ever held two that exclude one another. Raises :class:`Broken`."""
    by_thing = records_by_thing(connection)
    found = tokens.listed(connection)
    if odd := {thing for thing in by_thing if thing.startswith("token:")} ^ {f"token:{one.token_no}" for one in found}:
        raise Broken(f"印鉴、U盾与留痕对不上：{min(odd)}")
    for one in found:
        told = [(record.act, record.actor, record.at, record.told()) for record in by_thing[f"token:{one.token_no}"]]
        if sorted(told, key=str) != sorted(_wanted(one), key=str):
            raise Broken(f"{one.token_no} 号 {one.zh} 的登记与留痕不符")
    _apart(found)
    return f"{len(found)} 件印鉴、U盾的发放、交接与留痕相符，不相容的两件没有一人同时持有"


def handed(connection: sa.Connection) -> str:
    """C2, C6: hand-overs and their signatures equal their records, over the content of that moment, by three people. Raises :class:`Broken`."""
    by_thing = records_by_thing(connection)
    found = handovers.listed(connection)
    if odd := {thing for thing in by_thing if thing.startswith("handover:")} ^ {f"handover:{one.handover_no}" for one in found}:
        raise Broken(f"交接书与留痕对不上：{min(odd)}")
    for one in found:
        facts: dict[str, Any] = {"receiver": one.receiver, "reason": one.reason}
        wanted = [("handover.make", one.giver, one.made_at, one.digest, trail.redact(facts))]
        wanted += [("handover.sign", given.signed_by, given.signed_at, given.digest, {"role": given.role}) for given in one.signatures]
        told = [(record.act, record.actor, record.at, record.digest, record.told()) for record in by_thing[f"handover:{one.handover_no}"]]
        signers = [one.giver, *(given.signed_by for given in one.signatures)]
        if sorted(told, key=str) != sorted(wanted, key=str) or one.expected() != one.digest or len(set(signers)) != len(signers):
            raise Broken(f"第 {one.handover_no} 号交接书与留痕不符")
    return f"{len(found)} 份会计工作交接书与留痕相符"


def _wanted(one: Token) -> list[tuple[str, str, str, dict[str, Any]]]:
    """The records that the token's acts must have left."""
    found: list[tuple[str, str, str, dict[str, Any]]] = []
    for step in one.steps:
        facts: dict[str, Any] = {"act_no": step.act_no, "act": step.act, "giver": step.giver, "receiver": step.receiver, "reason": step.reason}
        if step.act == "issue":
            facts |= {"kind": one.kind, "label": one.label, "note": one.note}
            if (one.registered_by, one.registered_at) != (step.acted_by, step.acted_at):
                raise Broken(f"{one.token_no} 号 {one.zh} 的登记人或时间与发放不符")
        found.append((f"token.{step.act}", step.acted_by, step.acted_at, trail.redact(facts)))
        if step.signed_by:
            if step.signed_by == step.acted_by or (step.act not in ENDED and step.signed_by != step.receiver):
                raise Broken(f"{one.token_no} 号 {one.zh} 第 {step.act_no} 次办理不是由另一人签字")
            found.append(("token.sign", step.signed_by, step.signed_at, {"act_no": step.act_no, "act": step.act}))
    return found


def _apart(found: list[Token]) -> None:
    """At every moment something was received, its receiver held nothing that it is kept apart from."""
    for one in found:
        against = law().against(one.kind)
        for step in one.steps:
            if step.receiver and step.signed_by:
                both = next((other for other in found if other.kind in against and other.holder_at(step.signed_at) == step.receiver), None)
                if both is not None and one.holder_at(step.signed_at) == step.receiver:
                    raise Broken(f"{step.receiver} 于 {step.signed_at[:10]} 同时持有 {one.zh} 和 {both.zh}：{against[both.kind].why}")


def chains(connection: sa.Connection, book: Book) -> str:
    """C1, C2: signatures of plans and payment forms equal their records, in turn, by different people, over what stands. Raises :class:`Broken`."""
    by_thing = records_by_thing(connection)
    found = approvals.of_book(connection, book.book_id)
    told = sorted(
        (record.thing, record.act, record.actor, record.at, record.digest, record.told()["step"], record.told()["note"])
        for thing, records in by_thing.items()
        if thing.startswith((f"plan:{book.book_id}-", f"payment:{book.book_id}-"))
        for record in records
    )
    stored = sorted(
        (f"{one.kind}:{one.book_id}-{one.number}", f"approval.{one.kind}", one.signed_by, one.signed_at, one.digest, one.step, trail.redact(one.note))
        for one in found
    )
    if told != stored:
        odd = next(pair for pair in zip_longest(told, stored) if pair[0] != pair[1])
        raise Broken(f"审批签字与留痕不符：{(odd[1] or odd[0] or ('',))[0]}")
    for one in found:
        if one.kind == approvals.PLAN:
            right = documents.get(connection, book.book_id, one.number).content()
        else:
            right = approvals.payment_digest(connection, roster.get(connection, one.number))
        if one.digest != right or one.duty != approvals.CHAIN[one.step - 1].value:
            raise Broken(f"{one.kind} {one.number} 第 {one.step} 步签字的内容与现在的不符")
    papers = {(one.kind, one.number) for one in found}
    for kind, number in papers:
        mine = [one for one in found if (one.kind, one.number) == (kind, number)]
        if len({one.signed_by for one in mine}) != len(mine) or (kind == approvals.PAYMENT and [one.step for one in mine] != list(range(1, len(mine) + 1))):
            raise Broken(f"{kind} {number} 的签字不是依次由不同的人签的")
    for plan in documents.listed(connection, book.book_id, kind="plan", state="approved"):
        if (approvals.PLAN, plan.number) not in papers:
            raise Broken(f"第 {plan.number} 号用款计划已批准，没有分管领导签字")
    _gates(connection, book, found)
    return f"{len(papers)} 份用款计划、支付审批表的 {len(found)} 个签字与留痕相符"


def _gates(connection: sa.Connection, book: Book, found: list[approvals.Signature]) -> None:
    """No bank file without the four signatures of its form; no month's funding above its approved plans."""
    whole = {one.number for one in found if one.kind == approvals.PAYMENT and one.step == len(approvals.CHAIN)}
    made = set(connection.execute(sa.select(bank_batch.c.roster_id).where(bank_batch.c.book_id == book.book_id)).scalars())
    if odd := made - whole:
        raise Broken(f"花名册 {min(odd)} 已制作银行盘，基金支付审批表没有签完")
    months = sorted({plan.period for plan in documents.listed(connection, book.book_id, kind="plan", state="approved") if plan.period is not None})
    for month in months[1:]:
        if (paid := funding.funded(connection, book.book_id, month)) > (funding.planned(connection, book.book_id, month) or 0):
            raise Broken(f"{month} 拨款 {show(paid)} 元超过已批准的用款计划")

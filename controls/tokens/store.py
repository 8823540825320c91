"""The register of seals and keys (印鉴、U盾): register and issue, hand over, receive, report lost, destroy; who holds what now.

An act is done by one and signed by another: a hand-over by its receiver, a loss or destruction by a witness. What is reported lost
is used no more from that moment. Nothing is edited; the database keeps order, signatures and pairs by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from controls import people, trail
from controls.duties import Actor, Duty, require_any
from controls.errors import SamePerson
from controls.errors_payment import NoReason
from controls.token_tables import token, token_act, token_signature
from controls.tokens.errors import HolderConflict, NoKey, NoSuchToken, TokenWrong
from controls.tokens.law import law
from ledger import chain
from ledger.db import UnitOfWork

ACTS = {"issue": "发放", "hand_over": "交接", "lost": "挂失", "destroyed": "销毁"}
ENDED = ("lost", "destroyed")


@dataclass(frozen=True, slots=True)
class Step:
    """One act and its second signature; ``signed_by`` is '' while it waits."""

    act_no: int
    act: str
    giver: str
    receiver: str
    reason: str
    acted_by: str
    acted_at: str
    signed_by: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class Token:
    """A seal or key with its life so far."""

    token_no: int
    kind: str
    label: str
    note: str
    registered_by: str
    registered_at: str
    steps: tuple[Step, ...]

    @property
    def zh(self) -> str:
        """网银制单U盾 ABC-1."""
        found = law().kind(self.kind)
        return f"{found.zh if found else self.kind} {self.label}"

    @property
    def holder(self) -> str:
        """Who holds it now; '' for nobody."""
        return self.holder_at("9999")

    @property
    def state(self) -> str:
        """In Chinese: 待签收, 持有中, 已挂失, 已销毁."""
        last = self.steps[-1]
        if last.act in ENDED:
            return {"lost": "已挂失", "destroyed": "已销毁"}[last.act] + ("" if last.signed_by else "（待签字）")
        return "持有中" if last.signed_by else "待签收"

    def holder_at(self, at: str) -> str:
        """Who held it at the time ``at`` (ISO): the receiver of the last signed act, nobody once it was reported lost or destroyed."""
        known = [step for step in self.steps if step.acted_at <= at]
        if any(step.act in ENDED for step in known):
            return ""
        return next((step.receiver for step in reversed(known) if step.signed_by and step.signed_at <= at), "")


def add(work: UnitOfWork, now: str, actor: Actor, kind: str, label: str, receiver: str, note: str = "") -> Token:
    """Registers a seal or key and issues it to ``receiver``, who has yet to sign for it. Raises SB3001, SB2230, SB2232, SB2233, SB3007."""
    duty = require_any(actor, law().keepers)
    found = law().kind(kind)
    if found is None:
        raise NoSuchToken(token=kind)
    chain.lock(work)
    if not label.strip() or any((one.kind, one.label) == (found.code, label.strip()) for one in listed(work.connection)):
        raise TokenWrong(token=f"{found.zh} {label}", step="登记", why="没有编号，或这个编号已登记")
    number = 1 + int(work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(token.c.token_no), 0))).scalar_one())
    _fit(work.connection, now, receiver, found.code)
    _other(actor, receiver, f"{found.zh} {label}", duty)
    work.connection.execute(
        token.insert().values(token_no=number, kind=found.code, label=label.strip(), note=note.strip(), registered_by=actor.user, registered_at=now)
    )
    return _act(work, now, actor, duty, number, "issue", "", receiver, "", {"kind": found.code, "label": label.strip(), "note": note.strip()})


def hand_over(work: UnitOfWork, now: str, actor: Actor, token_no: int, receiver: str, reason: str = "") -> Token:
    """The holder gives it to ``receiver``, who has yet to sign. Raises SB2230, SB2232, SB2233, SB3001, SB3002."""
    chain.lock(work)
    found = get(work.connection, token_no)
    if found.holder != actor.user:
        raise TokenWrong(token=found.zh, step="交接", why="只有持有人可以交出")
    _in_turn(found, "交接")
    _other(actor, receiver, found.zh, None)
    _fit(work.connection, now, receiver, found.kind)
    return _act(work, now, actor, None, token_no, "hand_over", actor.user, receiver, reason, {})


def receive(work: UnitOfWork, now: str, actor: Actor, token_no: int) -> Token:
    """The receiver signs (签收). Raises SB2230, SB2232, SB2233."""
    chain.lock(work)
    found = get(work.connection, token_no)
    last = found.steps[-1]
    if last.act in ENDED or last.signed_by or last.receiver != actor.user:
        raise TokenWrong(token=found.zh, step="签收", why="没有交给您的、尚未签收的交接")
    _fit(work.connection, now, actor.user, found.kind)
    return _sign(work, now, actor, None, found, last)


def end(work: UnitOfWork, now: str, actor: Actor, token_no: int, act: str, reason: str) -> Token:
    """Reports it ``lost`` (挂失) or ``destroyed`` (销毁); it is used no more from now on. Raises SB2230, SB2232, SB3001, SB3042."""
    chain.lock(work)
    found = get(work.connection, token_no)
    duty = None if act == "lost" and found.holder == actor.user else require_any(actor, law().keepers)
    if not reason.strip():
        raise NoReason()
    if any(step.act == "destroyed" or step.act == act for step in found.steps):
        raise TokenWrong(token=found.zh, step=ACTS[act], why=found.state)
    if act == "destroyed":
        _in_turn(found, "销毁")
    return _act(work, now, actor, duty, token_no, act, found.holder, "", reason.strip(), {})


def witness(work: UnitOfWork, now: str, actor: Actor, token_no: int) -> Token:
    """Another person signs the loss or destruction. Raises SB2230, SB2232, SB3001, SB3002."""
    duty = require_any(actor, law().second)
    chain.lock(work)
    found = get(work.connection, token_no)
    last = found.steps[-1]
    if last.act not in ENDED or last.signed_by:
        raise TokenWrong(token=found.zh, step="监督签字", why="没有待签字的挂失或销毁")
    _other(actor, last.acted_by, found.zh, duty)
    return _sign(work, now, actor, duty, found, last)


def listed(connection: sa.Connection) -> list[Token]:
    """Every seal and key by number, with all its acts."""
    signed, acts = token_signature.c, token_act.c
    steps: dict[int, list[Step]] = {}
    asked = (
        sa.select(token_act, signed.signed_by, signed.signed_at)
        .outerjoin(token_signature, sa.and_(signed.token_no == acts.token_no, signed.act_no == acts.act_no))
        .order_by(acts.token_no, acts.act_no)
    )
    for row in connection.execute(asked):
        made = Step(row.act_no, row.act, row.giver, row.receiver, row.reason, row.acted_by, row.acted_at, row.signed_by or "", row.signed_at or "")
        steps.setdefault(row.token_no, []).append(made)
    return [
        Token(row.token_no, row.kind, row.label, row.note, row.registered_by, row.registered_at, tuple(steps.get(row.token_no, ())))
        for row in connection.execute(sa.select(token).order_by(token.c.token_no))
    ]


def get(connection: sa.Connection, token_no: int) -> Token:
    """One seal or key; raises SB2230."""
    found = next((one for one in listed(connection) if one.token_no == token_no), None)
    if found is None:
        raise NoSuchToken(token=token_no)
    return found


def key_of(connection: sa.Connection, actor: Actor, kind: str, step: str) -> Token:
    """The key of ``kind`` that the actor holds; raises SB2231."""
    found = next((one for one in listed(connection) if one.kind == kind and one.holder == actor.user), None)
    if found is None:
        known = law().kind(kind)
        raise NoKey(name=actor.name, kind=known.zh if known else kind, kind_en=kind.replace("_", " "), step=step)
    return found


def held_by(connection: sa.Connection, user: str) -> list[Token]:
    """What a person holds now, or has handed over without the receiver's signature."""
    return [one for one in listed(connection) if one.holder == user]


def _in_turn(found: Token, step: str) -> None:
    if not found.steps[-1].signed_by:
        raise TokenWrong(token=found.zh, step=step, why="上一次办理还没有签字")


def _other(actor: Actor, user: str, what: str, duty: Duty | None) -> None:
    if actor.user == user:
        raise SamePerson(name=actor.name, thing=what, earlier="经手", duty=duty.zh if duty else "签收", why="由两人签字")


def _fit(connection: sa.Connection, now: str, user: str, kind: str) -> None:
    """Raises SB2233 unless the person's duties may hold this kind and they hold nothing that it must be kept apart from."""
    found = law().kind(kind)
    names = people.names(connection)
    if found is None or user not in names:
        raise HolderConflict(name=user, kind=found.zh if found else kind, why="没有这个用户")
    duties = people.duties_of(connection, user, now[:10])
    if not duties & set(found.held_by):
        raise HolderConflict(name=names[user], kind=found.zh, why=f"只由{'、'.join(duty.zh for duty in found.held_by)}持有")
    against = law().against(kind)
    for one in listed(connection):
        last = one.steps[-1]
        waiting = last.receiver if not last.signed_by and last.act not in ENDED else ""
        if one.kind in against and user in (one.holder, waiting):
            raise HolderConflict(name=names[user], kind=found.zh, why=f"已持有或待签收 {one.zh}，{against[one.kind].why}")


def _act(
    work: UnitOfWork, now: str, actor: Actor, duty: Duty | None, token_no: int, act: str, giver: str, receiver: str, reason: str, more: dict[str, str]
) -> Token:
    number = 1 + len(get(work.connection, token_no).steps)
    row = {"act_no": number, "act": act, "giver": giver, "receiver": receiver, "reason": reason.strip()}
    work.connection.execute(token_act.insert().values(token_no=token_no, acted_by=actor.user, acted_at=now, **row))
    trail.record(work, now, actor, duty, f"token.{act}", f"token:{token_no}", facts={**row, **more})
    return get(work.connection, token_no)


def _sign(work: UnitOfWork, now: str, actor: Actor, duty: Duty | None, found: Token, last: Step) -> Token:
    work.connection.execute(token_signature.insert().values(token_no=found.token_no, act_no=last.act_no, signed_by=actor.user, signed_at=now))
    trail.record(work, now, actor, duty, "token.sign", f"token:{found.token_no}", facts={"act_no": last.act_no, "act": last.act})
    return get(work.connection, found.token_no)

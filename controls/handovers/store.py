"""Hand-overs (会计工作交接书): the giver draws one up over what stands at that moment; receiver and 监交人 sign its digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from controls import people, trail
from controls.duties import Actor, Duty, require_any
from controls.handover_tables import handover, handover_signature
from controls.handovers.errors import HandoverWrong, NoSuchHandover
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical, digest

GIVERS = (Duty.BOOKKEEP, Duty.CHECK, Duty.CASHIER)
SUPERVISORS = (Duty.CHECK, Duty.HEAD)


@dataclass(frozen=True, slots=True)
class Signed:
    """One of the two signatures that follow: role receiver or supervisor."""

    role: str
    digest: str
    signed_by: str
    signed_at: str


@dataclass(frozen=True, slots=True)
class Handover:
    """One hand-over: ``content`` canonical JSON of books, balances, numbers and keys at ``made_at``; the giver's act is the first signature."""

    handover_no: int
    giver: str
    receiver: str
    reason: str
    content: str
    digest: str
    made_at: str
    signatures: tuple[Signed, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """The content as values."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def whole(self) -> bool:
        """Whether all three have signed."""
        return {one.role for one in self.signatures} == {"receiver", "supervisor"}

    def expected(self) -> str:
        """The digest that its fields demand."""
        return digest([self.handover_no, self.giver, self.receiver, self.reason, self.content, self.made_at])


def make(work: UnitOfWork, now: str, actor: Actor, receiver: str, reason: str, content: Mapping[str, Any]) -> Handover:
    """The giver draws it up and signs by doing so. Raises SB3001, SB2262."""
    duty = require_any(actor, GIVERS)
    chain.lock(work)
    number = 1 + int(work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(handover.c.handover_no), 0))).scalar_one())
    if receiver == actor.user or receiver not in people.names(work.connection):
        raise HandoverWrong(number=number, why="接收人须是本单位的另一人")
    bare = Handover(number, actor.user, receiver, reason.strip(), canonical(content), "", now)
    values = {"handover_no": number, "giver": actor.user, "receiver": receiver, "reason": bare.reason, "content": bare.content, "made_at": now}
    work.connection.execute(handover.insert().values(**values, digest=bare.expected()))
    trail.record(work, now, actor, duty, "handover.make", f"handover:{number}", bare.expected(), {"receiver": receiver, "reason": bare.reason})
    return get(work.connection, number)


def sign(work: UnitOfWork, now: str, actor: Actor, number: int, role: str) -> Handover:
    """The receiver signs, or as ``supervisor`` a 会计主管 or the head who is neither of the two. Raises SB2260, SB2262, SB3001."""
    chain.lock(work)
    found = get(work.connection, number)
    duty = require_any(actor, _supervisors(work.connection, found, now)) if role == "supervisor" else None
    why = ""
    if any(one.role == role for one in found.signatures):
        why = "这一签字已签过"
    elif role == "receiver" and actor.user != found.receiver:
        why = "只有接收人可以签收"
    elif role == "supervisor" and actor.user in (found.giver, found.receiver):
        why = "移交人和接收人不能监交"
    elif found.expected() != found.digest:
        why = "内容与编制时不同"
    if why:
        raise HandoverWrong(number=number, why=why)
    work.connection.execute(handover_signature.insert().values(handover_no=number, role=role, digest=found.digest, signed_by=actor.user, signed_at=now))
    trail.record(work, now, actor, duty, "handover.sign", f"handover:{number}", found.digest, {"role": role})
    return get(work.connection, number)


def _supervisors(connection: sa.Connection, found: Handover, now: str) -> tuple[Duty, ...]:
    """The head alone where a 会计主管 hands over (会计基础工作规范 §31)."""
    return (Duty.HEAD,) if Duty.CHECK in people.duties_of(connection, found.giver, now[:10]) else SUPERVISORS


def listed(connection: sa.Connection) -> list[Handover]:
    """Every hand-over by number, with its signatures."""
    signed: dict[int, list[Signed]] = {}
    columns = handover_signature.c
    for row in connection.execute(sa.select(handover_signature).order_by(columns.handover_no, columns.role)):
        signed.setdefault(row.handover_no, []).append(Signed(row.role, row.digest, row.signed_by, row.signed_at))
    return [
        Handover(row.handover_no, row.giver, row.receiver, row.reason, row.content, row.digest, row.made_at, tuple(signed.get(row.handover_no, ())))
        for row in connection.execute(sa.select(handover).order_by(handover.c.handover_no))
    ]


def get(connection: sa.Connection, number: int) -> Handover:
    """One hand-over; raises SB2260."""
    found = next((one for one in listed(connection) if one.handover_no == number), None)
    if found is None:
        raise NoSuchHandover(number=number)
    return found

"""The three machines of a payment as data: signing (花名册签字), payment (付款) and case (暂缓个案), every transition by name.

Each transition is one function, one duty (or one of two), and one act in the trail; a test walks every state of every machine with every transition.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controls.duties import Duty


class Machine(StrEnum):
    """Which machine."""

    SIGNING = "signing"
    PAYMENT = "payment"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Transition:
    """One named step: from which states it is taken, where it leads, who may take it, its act in the trail, and ``module:function`` that takes it."""

    machine: Machine
    step: str
    zh: str
    sources: frozenset[str]
    target: str
    duties: tuple[Duty, ...]
    act: str
    function: str


def _move(machine: Machine, step: str, zh: str, sources: str, target: str, duties: tuple[Duty, ...], act: str, function: str) -> Transition:
    return Transition(machine, step, zh, frozenset(sources.split()), target, duties, act, function)


_HANDLER, _REVIEWER, _LEADER = (Duty.HANDLE_ROSTER,), (Duty.REVIEW,), (Duty.AUTHORISE,)
_SIGNED = "submitted reviewed authorised"

SIGNING = (
    _move(Machine.SIGNING, "check", "检查", "built checked", "checked", _HANDLER, "roster.check", "controls.screening:check"),
    _move(Machine.SIGNING, "submit", "提交", "checked", "submitted", _HANDLER, "roster.submit", "controls.signoff:submit"),
    _move(Machine.SIGNING, "review", "审核", "submitted", "reviewed", _REVIEWER, "roster.review", "controls.signoff:review"),
    _move(Machine.SIGNING, "authorise", "授权", "reviewed", "authorised", _LEADER, "roster.authorise", "controls.signoff:authorise"),
    _move(Machine.SIGNING, "release", "放行", "authorised", "released", _LEADER, "roster.release", "controls.release:release"),
    _move(Machine.SIGNING, "send_back", "退回", _SIGNED, "checked", (*_REVIEWER, *_LEADER), "roster.send_back", "controls.signoff:send_back"),
    _move(Machine.SIGNING, "withdraw", "撤回", "built checked", "withdrawn", _HANDLER, "roster.withdraw", "controls.signoff:withdraw"),
    _move(Machine.SIGNING, "expire", "过期作废", f"built checked {_SIGNED}", "withdrawn", _HANDLER, "roster.expire", "controls.rosters.terms:expire"),
)
PAYMENT = (
    _move(Machine.PAYMENT, "release", "放行", "none", "released", _LEADER, "roster.release", "controls.release:release"),
    _move(Machine.PAYMENT, "make", "网银制单", "released", "made", (Duty.CASHIER,), "bankfile.make", "controls.bankfile:make"),
    _move(Machine.PAYMENT, "authorise", "网银复核", "made", "sent", (Duty.CHECK,), "bankfile.authorise", "controls.bank_authorising:authorise"),
    _move(Machine.PAYMENT, "take", "接收回盘", "sent", "returned", (Duty.BOOKKEEP,), "bankfile.return", "controls.bankreturn:take"),
)
CASE = (
    _move(Machine.CASE, "notify", "通知本人", "held", "noticed", _HANDLER, "hold.notify", "controls.rosters.cases:notify"),
    _move(Machine.CASE, "ask", "申请解除", "held noticed", "asked", _HANDLER, "hold.ask", "controls.rosters.cases:ask"),
    _move(Machine.CASE, "clear", "批准解除", "asked", "cleared", _REVIEWER, "hold.clear", "controls.rosters.cases:clear"),
    _move(Machine.CASE, "keep", "继续暂缓", "asked", "held", _REVIEWER, "hold.keep", "controls.rosters.cases:keep"),
)
TRANSITIONS = (*SIGNING, *PAYMENT, *CASE)

STATES = {
    Machine.SIGNING: ("building", "built", "checked", "submitted", "reviewed", "authorised", "released", "withdrawn"),
    Machine.PAYMENT: ("none", "released", "made", "sent", "returned"),
    Machine.CASE: ("held", "noticed", "asked", "cleared"),
}
"""A roster is ``building`` only inside the transaction that makes it; a kept case that was noticed stays noticed."""


def steps(machine: Machine) -> dict[str, Transition]:
    """The transitions of one machine by name."""
    return {one.step: one for one in TRANSITIONS if one.machine is machine}

"""Duties (岗位) and the pairs that nobody may hold together: the answer to "may this person do this?", with reasons (C1, C5).

Default is deny; deny wins; every answer gives its reasons. The pairs stand in ``templates/duties.yaml``.
A *role* pair is never held by one person; a *thing* pair is never exercised by one person on one thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from controls.errors import NotAllowed, SamePerson
from ledger.errors import Refusal
from ledger.lawfile import BadLawFile, LawFile, Strict, read

DUTIES_FILE = "duties.yaml"


class Duty(StrEnum):
    """A duty; its Chinese name stands in ``templates/duties.yaml``."""

    HANDLE_REGISTER = "HANDLE_REGISTER"
    HANDLE_ASSESS = "HANDLE_ASSESS"
    HANDLE_CERTIFY = "HANDLE_CERTIFY"
    HANDLE_ROSTER = "HANDLE_ROSTER"
    REVIEW = "REVIEW"
    AUTHORISE = "AUTHORISE"
    HEAD = "HEAD"
    BOOKKEEP = "BOOKKEEP"
    CHECK = "CHECK"
    CASHIER = "CASHIER"
    AUDIT = "AUDIT"
    ARCHIVE = "ARCHIVE"
    DATA = "DATA"
    SYSADMIN = "SYSADMIN"
    SECADMIN = "SECADMIN"
    LOGADMIN = "LOGADMIN"
    AUDITOR = "AUDITOR"

    @property
    def zh(self) -> str:
        """The duty's Chinese name."""
        return rules().names[self]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: user id, name, and the duties in force at this moment."""

    user: str
    name: str
    duties: frozenset[Duty]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on; ``acted`` says who acted in which duty on this very thing."""

    kind: str
    id: str
    acted: tuple[tuple[Duty, str], ...] = ()

    @property
    def key(self) -> str:
        """``kind:id``, as the trail writes it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, always with its reasons (Chinese sentences)."""

    yes: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two duties that exclude one another, ``scope`` role or thing, and why."""

    a: Duty
    b: Duty
    scope: str
    id: str
    why: str
    reference: str

    @property
    def both(self) -> frozenset[Duty]:
        return frozenset((self.a, self.b))


class _DutyRow(Strict):
    code: str
    zh: str
    does: str


class _PairRow(Strict):
    id: str
    a: tuple[str, ...]
    b: tuple[str, ...]
    scope: Literal["role", "thing"]
    why: str
    reference: str


class _ImportRow(Strict):
    contract: str
    duties: tuple[str, ...]


class _ChangeRow(Strict):
    change: str
    duties: tuple[str, ...]


class DutiesFile(LawFile):
    """Schema of ``templates/duties.yaml``."""

    groups: dict[str, tuple[str, ...]]
    duties: tuple[_DutyRow, ...]
    pairs: tuple[_PairRow, ...]
    imports: tuple[_ImportRow, ...]
    changes: tuple[_ChangeRow, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The duties file, spelled out: names, every single pair, who takes in which contract, and who asks for which change of the register."""

    names: dict[Duty, str]
    pairs: tuple[Pair, ...]
    imports: dict[str, tuple[Duty, ...]]
    changes: dict[str, tuple[Duty, ...]]

    def between(self, one: Duty, other: Duty, *, role_only: bool = False) -> Pair | None:
        """The pair that keeps the two duties apart, or None."""
        wanted = frozenset((one, other))
        for pair in self.pairs:
            if pair.both == wanted and (pair.scope == "role" or not role_only):
                return pair
        return None

    @property
    def role_pairs(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.scope == "role")


def _spell_out(data: DutiesFile) -> Rules:
    def members(names: tuple[str, ...], where: str) -> list[Duty]:
        found: list[Duty] = []
        for name in names:
            for code in data.groups.get(name, (name,)):
                if code not in Duty.__members__:
                    raise BadLawFile(file=DUTIES_FILE, where=where, why=f"没有岗位 {code}")
                found.append(Duty(code))
        return found

    names = {members((row.code,), "duties")[0]: row.zh for row in data.duties}
    if missing := [duty.value for duty in Duty if duty not in names]:
        raise BadLawFile(file=DUTIES_FILE, where="duties", why=f"缺岗位 {'、'.join(missing)}")
    pairs: list[Pair] = []
    for row in data.pairs:
        for a in members(row.a, row.id):
            for b in members(row.b, row.id):
                if a is b:
                    raise BadLawFile(file=DUTIES_FILE, where=row.id, why=f"{a} 与自身成对")
                pairs.append(Pair(a, b, row.scope, row.id, row.why, row.reference))
    imports = {row.contract: tuple(members(row.duties, row.contract)) for row in data.imports}
    changes = {row.change: tuple(members(row.duties, row.change)) for row in data.changes}
    return Rules(names, tuple(pairs), imports, changes)


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules in ``templates/duties.yaml``; raises SB1011 when the file is wrong."""
    return _spell_out(read(DutiesFile, DUTIES_FILE))


def may(actor: Actor, duty: Duty, thing: Thing | None = None) -> Answer:
    """Whether ``actor`` may act in ``duty`` (on ``thing``): deny by default, deny wins, with every reason."""
    refusal, reasons = _judge(actor, duty, thing)
    return Answer(refusal is None, tuple(reasons))


def require(actor: Actor, duty: Duty, thing: Thing | None = None) -> None:
    """Raises SB3001 (duty not held) or SB3002 (acted in an incompatible duty on this thing) unless :func:`may` says yes."""
    refusal, _ = _judge(actor, duty, thing)
    if refusal is not None:
        raise refusal


def require_any(actor: Actor, duties: tuple[Duty, ...], thing: Thing | None = None) -> Duty:
    """The first of ``duties`` in which the actor may act on ``thing``; raises the refusal of the first one held, else SB3001."""
    held = [duty for duty in duties if duty in actor.duties]
    for duty in held:
        if may(actor, duty, thing).yes:
            return duty
    if held:
        require(actor, held[0], thing)
    raise NotAllowed(name=actor.name, duty="、".join(duty.zh for duty in duties), why=f"持有：{_held(actor)}")


def role_conflict(duties: frozenset[Duty]) -> Pair | None:
    """The first role pair that one person would hold with these duties, or None (static half of C1)."""
    for pair in rules().role_pairs:
        if pair.both <= duties:
            return pair
    return None


def _held(actor: Actor) -> str:
    return "、".join(duty.zh for duty in sorted(actor.duties)) or "无"


def _judge(actor: Actor, duty: Duty, thing: Thing | None) -> tuple[Refusal | None, list[str]]:
    law = rules()
    refusal: Refusal | None = None
    reasons: list[str] = []
    if duty not in actor.duties:
        why = f"未授予岗位“{duty.zh}”，持有：{_held(actor)}"
        reasons.append(why)
        refusal = NotAllowed(name=actor.name, duty=duty.zh, why=why)
    for other in sorted(actor.duties):
        pair = law.between(duty, other, role_only=True)
        if pair is not None:
            why = f"同时持有不相容岗位“{other.zh}”：{pair.why}（{pair.id}，{pair.reference}）"
            reasons.append(why)
            refusal = refusal or NotAllowed(name=actor.name, duty=duty.zh, why=why)
    for earlier, user in thing.acted if thing is not None else ():
        pair = law.between(duty, earlier) if user == actor.user else None
        if pair is not None and thing is not None:
            why = f"已在 {thing.key} 上履行“{earlier.zh}”：{pair.why}（{pair.id}，{pair.reference}）"
            reasons.append(why)
            refusal = refusal or SamePerson(name=actor.name, earlier=earlier.zh, duty=duty.zh, thing=thing.key, why=pair.why)
    if refusal is None:
        reasons.append(f"持有岗位“{duty.zh}”" + (f"，且未在 {thing.key} 上履行不相容岗位" if thing is not None else ""))
    return refusal, reasons

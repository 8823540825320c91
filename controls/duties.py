"""Duties (岗位) and the pairs that nobody may hold together: the answer to "may this person do this?", with reasons (C1, C5).

Default is deny; deny wins; every answer gives its reasons. The pairs stand in ``templates/duties.yaml``.
A *role* pair is never held by one person; a *thing* pair is never exercised by one person on one thing; a *history* pair keeps who
acted on what went before from what follows (S16); a *relation* keeps people from their own and their relatives' claims (C7).
What a thing knows of its history and of relatives its maker fills in (``controls.relatives``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from controls.errors import NotAllowed, SamePerson
from controls.errors_duties import ActedBefore, Related
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
    """Who acts: user id, name, the duties in force at this moment, and the pairs that an exemption lets this person hold together."""

    user: str
    name: str
    duties: frozenset[Duty]
    exempt: frozenset[frozenset[Duty]] = frozenset()
    told: Callable[[Refusal], None] | None = field(default=None, compare=False, repr=False)
    """Hears of every refusal for want of a duty: the office signs its people in so that the refusal is recorded (C6)."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What is acted on; ``acted`` says who acted in which duty on this very thing, ``history`` on what went before it, ``related`` who must
    keep away as (user, relation, what of theirs is in it)."""

    kind: str
    id: str
    acted: tuple[tuple[Duty, str], ...] = ()
    history: tuple[tuple[Duty, str], ...] = ()
    related: tuple[tuple[str, str, str], ...] = ()

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
    """Two duties that exclude one another, ``scope`` role, thing or history, why, and whether a small office may be exempted for a time."""

    a: Duty
    b: Duty
    scope: str
    id: str
    why: str
    reference: str
    exemptible: bool = False

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
    scope: Literal["role", "thing", "history"]
    why: str
    reference: str
    exemptible: bool = False


class TokenPair(Strict):
    """Two kinds of seals or tokens that nobody holds together (S11)."""

    id: str
    a: str
    b: str
    why: str
    reference: str


class Relation(Strict):
    """Which relations keep whom, acting in which duties, from a claim (S17)."""

    id: str
    relations: tuple[str, ...]
    duties: tuple[str, ...]
    why: str
    reference: str


class KinPosts(Strict):
    """Two posts that relatives do not hold beside one another (S18)."""

    id: str
    a: str
    b: str
    relations: tuple[str, ...]
    why: str
    reference: str


class Step(Strict):
    """One step of an act of several people: its Chinese name and the duties that may take it (none: anybody)."""

    step: str
    zh: str
    duties: tuple[str, ...]


class Steps(Strict):
    """An act in steps by different people (S15)."""

    id: str
    act: str
    steps: tuple[Step, ...]
    reference: str


class Joint(Strict):
    """An act that several people do together (S20); ``electronic`` joins in for electronic things."""

    id: str
    act: str
    duties: tuple[str, ...]
    electronic: tuple[str, ...]
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
    tokens: tuple[TokenPair, ...] = ()
    relations: tuple[Relation, ...] = ()
    kin_posts: tuple[KinPosts, ...] = ()
    steps: tuple[Steps, ...] = ()
    joint: tuple[Joint, ...] = ()
    imports: tuple[_ImportRow, ...]
    changes: tuple[_ChangeRow, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The duties file, spelled out: names, every single pair, who takes in which contract, and who asks for which change of the register."""

    names: dict[Duty, str]
    pairs: tuple[Pair, ...]
    imports: dict[str, tuple[Duty, ...]]
    changes: dict[str, tuple[Duty, ...]]
    does: dict[Duty, str]
    tokens: tuple[TokenPair, ...]
    relations: tuple[tuple[Relation, frozenset[Duty]], ...]
    kin_posts: tuple[KinPosts, ...]
    steps: dict[str, Steps]
    joint: dict[str, Joint]

    def between(self, one: Duty, other: Duty, *, role_only: bool = False, history: bool = False) -> Pair | None:
        """The pair that keeps the two duties apart (on one thing; as held, ``role_only``; after what went before, ``history``), or None."""
        wanted = frozenset((one, other))
        scopes = {"role"} if role_only else {"role", "thing", "history"} if history else {"role", "thing"}
        return next((pair for pair in self.pairs if pair.both == wanted and pair.scope in scopes), None)

    def relation(self, relation: str, duty: Duty) -> Relation | None:
        """What keeps somebody with this relation from acting in ``duty``, or None."""
        return next((row for row, duties in self.relations if relation in row.relations and duty in duties), None)

    def token_conflict(self, kinds: frozenset[str]) -> TokenPair | None:
        """The first pair of seals or tokens that one person would hold together, or None (S11)."""
        return next((pair for pair in self.tokens if {pair.a, pair.b} <= kinds), None)

    def step_duties(self, act: str, step: str) -> tuple[Duty, ...]:
        """The duties that may take a step of an act; none means anybody."""
        return next(tuple(Duty(code) for code in one.duties) for one in self.steps[act].steps if one.step == step)

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
                pairs.append(Pair(a, b, row.scope, row.id, row.why, row.reference, row.exemptible))
    relations = tuple((row, frozenset(members(row.duties, row.id))) for row in data.relations)
    for act in data.steps:
        for step in act.steps:
            members(step.duties, act.id)
    for kin in data.kin_posts:
        members((kin.a, kin.b), kin.id)
    for one in data.joint:
        members((*one.duties, *one.electronic), one.id)
    imports = {row.contract: tuple(members(row.duties, row.contract)) for row in data.imports}
    changes = {row.change: tuple(members(row.duties, row.change)) for row in data.changes}
    does = {members((row.code,), "duties")[0]: row.does for row in data.duties}
    steps, joint = {one.act: one for one in data.steps}, {one.act: one for one in data.joint}
    return Rules(names, tuple(pairs), imports, changes, does, data.tokens, relations, data.kin_posts, steps, joint)


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules in ``templates/duties.yaml``; raises SB1011 when the file is wrong."""
    return _spell_out(read(DutiesFile, DUTIES_FILE))


def may(actor: Actor, duty: Duty, thing: Thing | None = None) -> Answer:
    """Whether ``actor`` may act in ``duty`` (on ``thing``): deny by default, deny wins, with every reason."""
    refusal, reasons = _judge(actor, duty, thing)
    return Answer(refusal is None, tuple(reasons))


def require(actor: Actor, duty: Duty, thing: Thing | None = None) -> None:
    """Raises SB3001 (duty not held), SB3002 (acted in an incompatible duty on this thing), SB2117 (acted on what went before) or SB2116
    (own or a relative's claim) unless :func:`may` says yes."""
    refusal, _ = _judge(actor, duty, thing)
    if refusal is not None:
        raise _told(actor, refusal)


def require_any(actor: Actor, duties: tuple[Duty, ...], thing: Thing | None = None) -> Duty:
    """The first of ``duties`` in which the actor may act on ``thing``; raises the refusal of the first one held, else SB3001."""
    held = [duty for duty in duties if duty in actor.duties]
    for duty in held:
        if may(actor, duty, thing).yes:
            return duty
    if held:
        require(actor, held[0], thing)
    raise _told(actor, NotAllowed(name=actor.name, duty="、".join(duty.zh for duty in duties), why=f"持有：{_held(actor)}"))


def _told(actor: Actor, refusal: Refusal) -> Refusal:
    if actor.told is not None:
        actor.told(refusal)
    return refusal


def role_conflict(duties: frozenset[Duty], exempt: frozenset[frozenset[Duty]] = frozenset()) -> Pair | None:
    """The first role pair that one person would hold with these duties and that no exemption covers, or None (static half of C1)."""
    for pair in rules().role_pairs:
        if pair.both <= duties and not (pair.both in exempt and may_be_exempted(pair.both)):
            return pair
    return None


def may_be_exempted(both: frozenset[Duty]) -> bool:
    """Whether every role pair over these two duties allows an exemption: one statute among them is enough for no."""
    found = [pair for pair in rules().role_pairs if pair.both == both]
    return bool(found) and all(pair.exemptible for pair in found)


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
        if pair is not None and not (pair.both in actor.exempt and may_be_exempted(pair.both)):
            why = f"同时持有不相容岗位“{other.zh}”：{pair.why}（{pair.id}，{pair.reference}）"
            reasons.append(why)
            refusal = refusal or NotAllowed(name=actor.name, duty=duty.zh, why=why)
    for earlier, user in thing.acted if thing is not None else ():
        pair = law.between(duty, earlier) if user == actor.user else None
        if pair is not None and thing is not None:
            why = f"已在 {thing.key} 上履行“{earlier.zh}”：{pair.why}（{pair.id}，{pair.reference}）"
            reasons.append(why)
            refusal = refusal or SamePerson(name=actor.name, earlier=earlier.zh, duty=duty.zh, thing=thing.key, why=pair.why)
    if thing is not None:
        far, told = _kept_away(law, actor, duty, thing)
        reasons += told
        refusal = refusal or far
    if refusal is None:
        reasons.append(f"持有岗位“{duty.zh}”" + (f"，且未在 {thing.key} 上履行不相容岗位" if thing is not None else ""))
    return refusal, reasons


def _kept_away(law: Rules, actor: Actor, duty: Duty, thing: Thing) -> tuple[Refusal | None, list[str]]:
    """What history and relation say against ``actor`` on ``thing`` (S16, S17, C7)."""
    refusal: Refusal | None = None
    reasons: list[str] = []
    for earlier, user in thing.history:
        pair = law.between(duty, earlier, history=True) if user == actor.user else None
        if pair is not None:
            reasons.append(f"此前已就 {thing.key} 所涉事项履行“{earlier.zh}”：{pair.why}（{pair.id}，{pair.reference}）")
            refusal = refusal or ActedBefore(name=actor.name, earlier=earlier.zh, duty=duty.zh, thing=thing.key, why=pair.why)
    for user, relation, what in thing.related:
        row = law.relation(relation, duty) if user == actor.user else None
        if row is not None:
            reasons.append(f"{thing.key} 涉及{what}：{row.why}（{row.id}，{row.reference}）")
            refusal = refusal or Related(name=actor.name, duty=duty.zh, thing=thing.key, what=what, why=row.why)
    return refusal, reasons

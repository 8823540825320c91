"""Asking for a duty and the steps by which it is given (授权四步): 申请 → 内控审核 → 负责人批准 → 授予, each by another person (S15).

An emergency (应急授权) is asked for and approved by a second person, holds for hours, and is reviewed afterwards; an exemption (豁免) is approved by the head.
Who takes which step, and in which duty, stands in ``templates/duties.yaml`` (``steps``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from controls import people, rows, trail
from controls.duties import Actor, Duty, may_be_exempted, require_any, rules
from controls.errors import NoSuchUser
from controls.errors_duties import DeputyWrong, NoSuchRequest, NotExemptible, SameHand, TermRefused, WrongStep
from controls.errors_payment import NoReason
from controls.grant_tables import duty_request, duty_step
from controls.relatives import declared
from controls.signin.terms import terms
from controls.tables import grant, user
from ledger import chain
from ledger.db import UnitOfWork

KIND_ZH = {"grant": "授权", "deputy": "代理", "emergency": "应急授权", "exemption": "豁免"}
STATE_ZH = {
    "asked": "待内控审核", "reviewed": "待负责人批准", "approved": "待授予", "granted": "已授予", "refused": "已退回", "ended": "已终止",
    "waiting": "待批准", "in_force": "已批准", "unreviewed": "已批准，待事后审核",
}  # fmt: skip
STEP_ZH = {"ask": "申请", "review": "内控审核", "approve": "批准", "grant": "授予", "refuse": "退回", "end": "终止"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: ``user`` gets ``duty`` in ``[valid_from, valid_to)`` (ISO days; an emergency ends at an ISO time).

    ``for_user``: who is stood in for (代理), or who owns the compensating ``control`` (豁免); ``other``: the duty held together with ``duty`` (豁免).
    """

    kind: str
    user: str
    duty: Duty
    valid_from: str
    valid_to: str
    reason: str
    for_user: str = ""
    other: str = ""
    control: str = ""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step: by whom, in which duty, when (ISO), with a note."""

    step: str
    user: str
    duty: str
    note: str
    at: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request with the steps taken on it."""

    request_id: int
    wanted: Wanted
    asked_by: str
    asked_at: str
    steps: dict[str, StepTaken] = field(default_factory=dict)

    @property
    def thing(self) -> str:
        """``duty-request:3``, as the trail writes it."""
        return f"duty-request:{self.request_id}"

    @property
    def state(self) -> str:
        """Where it stands; the keys of ``STATE_ZH``."""
        done = self.steps.keys()
        if "refuse" in done or "end" in done:
            return "refused" if "refuse" in done else "ended"
        if self.wanted.kind in ("grant", "deputy"):
            return "granted" if "grant" in done else "approved" if "approve" in done else "reviewed" if "review" in done else "asked"
        if "approve" not in done:
            return "waiting"
        return "unreviewed" if self.wanted.kind == "emergency" and "review" not in done else "in_force"

    @property
    def next_step(self) -> str:
        """The step that is due, '' when none is."""
        return {"asked": "review", "reviewed": "approve", "approved": "grant", "waiting": "approve", "unreviewed": "review"}.get(self.state, "")

    def holds(self, now: str) -> bool:
        """Whether what was asked for is in force at ``now`` (ISO time)."""
        return self.state in ("granted", "in_force", "unreviewed") and self.wanted.valid_from <= now < self.wanted.valid_to

    def during(self, first: str, last: str) -> bool:
        """Whether it was in force at any time in the ISO days ``[first, last]``."""
        return self.state in ("granted", "in_force", "unreviewed", "ended") and self.wanted.valid_from <= last and self.wanted.valid_to > first


def ask(work: UnitOfWork, now: str, actor: Actor, wanted: Wanted) -> Request:
    """Anybody with an account asks, for another or for themselves. Nothing holds yet.

    Raises SB3009 (no such user), SB3042 (no reason), SB2121 (no end, too long), SB2122 (the pair cannot be exempted), SB2123 (deputy of nobody).
    """
    chain.lock(work)
    found = _users(work.connection)
    for who in (wanted.user, *([wanted.for_user] if wanted.for_user else []), actor.user):
        if who not in found:
            raise NoSuchUser(user=who)
    if not any(sign.isalnum() for sign in wanted.reason):
        raise NoReason()
    _within_terms(wanted, now)
    if wanted.kind == "exemption":
        _exemption(wanted, found)
    if wanted.kind == "deputy":
        _deputy(work.connection, wanted, found)
    number = 1 + work.connection.execute(sa.select(sa.func.count()).select_from(duty_request)).scalar_one()
    values = asdict(wanted)
    row = {"request_id": number, "user_id": values.pop("user"), **values, "duty": wanted.duty.value, "asked_by": actor.user, "asked_at": now}
    facts = {name: row[name] for name in ("kind", "user_id", "duty", "other", "for_user", "valid_from", "valid_to", "reason", "control")}
    rows.lay(work, now, actor, None, duty_request, "duty.ask", f"duty-request:{number}", row, facts)
    return get(work.connection, number)


def take(work: UnitOfWork, now: str, actor: Actor, request_id: int, step: str, note: str = "") -> Request:
    """Takes ``step`` (review, approve, grant, refuse, end) on a request; the last step puts what was asked for into force.

    Raises SB2118, SB2119 (not its turn), SB3001 (not the duty of this step), SB2120 (not another person), SB3042 (sent back without a reason),
    SB3003 (a conflict), SB2126 (relatives in posts), SB2121 (the term is over).
    """
    chain.lock(work)
    made = get(work.connection, request_id)
    act = "grant" if made.wanted.kind == "deputy" else made.wanted.kind
    duty = require_any(actor, _duties(act, step))
    _its_turn(made, step)
    _another(work.connection, made, actor, step)
    if step in ("refuse", "end") and not any(sign.isalnum() for sign in note):
        raise NoReason()
    row = {"request_id": request_id, "step": step, "user_id": actor.user, "duty": duty.value, "note": note.strip(), "at": now}
    rows.lay(work, now, actor, duty, duty_step, f"duty.{step}", made.thing, row, {"step": step, "note": note.strip()})
    done = replace(made, steps={**made.steps, step: StepTaken(step, actor.user, duty.value, note.strip(), now)})
    if (step == "grant") or (step == "approve" and made.wanted.kind == "emergency"):
        _put_into_force(work, now, actor, duty, done)
    return done


def get(connection: sa.Connection, request_id: int) -> Request:
    """One request; raises SB2118."""
    found = _read(connection, duty_request.c.request_id == request_id)
    if not found:
        raise NoSuchRequest(what="申请", what_en="request", number=request_id)
    return found[0]


def listed(connection: sa.Connection, *, kind: str = "", waiting: bool = False, at: str = "") -> list[Request]:
    """Requests by number, of one kind, those on which a step is due, as they stood ``at`` a time (ISO, '' for now)."""
    found = _read(connection, duty_request.c.kind == kind if kind else sa.true())
    if at:
        found = [replace(one, steps={name: step for name, step in one.steps.items() if step.at <= at}) for one in found if one.asked_at <= at]
    return [one for one in found if not waiting or one.next_step]


def exempt(connection: sa.Connection, user_id: str, now: str) -> frozenset[frozenset[Duty]]:
    """The pairs that exemptions in force let this person hold together."""
    found = _read(connection, sa.and_(duty_request.c.kind == "exemption", duty_request.c.user_id == user_id))
    return frozenset(frozenset((one.wanted.duty, Duty(one.wanted.other))) for one in found if one.holds(now))


def covering(connection: sa.Connection, user_id: str, valid_from: str, valid_to: str) -> frozenset[frozenset[Duty]]:
    """The pairs that exemptions let this person hold together during the whole of ``[valid_from, valid_to)``; none without an end."""
    found = _read(connection, sa.and_(duty_request.c.kind == "exemption", duty_request.c.user_id == user_id)) if valid_to else []
    return frozenset(
        frozenset((one.wanted.duty, Duty(one.wanted.other)))
        for one in found
        if one.state == "in_force" and one.wanted.valid_from <= valid_from and valid_to <= one.wanted.valid_to
    )


def _duties(act: str, step: str) -> tuple[Duty, ...]:
    """Who may take the step: the law's duties; sending back is for whoever may take any step, ending an exemption for the head."""
    law = rules().steps[act]
    if step == "end":
        return (Duty.HEAD,)
    if step == "refuse":
        return tuple(dict.fromkeys(Duty(code) for one in law.steps for code in one.duties))
    named = {one.step for one in law.steps}
    return rules().step_duties(act, step) if step in named else (Duty.SECADMIN,)


def _its_turn(made: Request, step: str) -> None:
    due = made.next_step
    back = step == "refuse" and due and made.state != "unreviewed"
    fits = step == due or back or (step == "end" and made.wanted.kind == "exemption" and made.state == "in_force")
    if not fits:
        kind = KIND_ZH[made.wanted.kind]
        raise WrongStep(what=f"{kind}申请", what_en=f"{made.wanted.kind} request", number=made.request_id, state=STATE_ZH[made.state], step=STEP_ZH[step])


def _another(connection: sa.Connection, made: Request, actor: Actor, step: str) -> None:
    if step in ("refuse", "end"):
        return
    earlier = {made.asked_by: "申请人", made.wanted.user: "被授权人", **{one.user: f"{STEP_ZH[one.step]}人" for one in made.steps.values()}}
    if actor.user in earlier:
        kind = KIND_ZH[made.wanted.kind]
        raise SameHand(
            name=actor.name, what=f"{kind}申请", what_en=f"{made.wanted.kind} request", number=made.request_id, step=STEP_ZH[step], earlier=earlier[actor.user]
        )  # fmt: skip


def _put_into_force(work: UnitOfWork, now: str, actor: Actor, duty: Duty, made: Request) -> None:
    """Enters the grant, unless it would make a conflict by duties, by relatives, or for nothing because its term is over."""
    wanted = made.wanted
    if wanted.valid_to <= now:
        raise TermRefused(why=f"已于 {wanted.valid_to} 到期", why_en=f"it ended on {wanted.valid_to}")
    declared.posts_apart(work.connection, wanted.user, wanted.duty, now)
    exempted = covering(work.connection, wanted.user, wanted.valid_from, wanted.valid_to)
    people.enter_grant(work, now, actor.user, wanted.user, wanted.duty, wanted.valid_from, wanted.valid_to, exempted)
    facts = {"duty": wanted.duty.value, "from": wanted.valid_from, "to": wanted.valid_to, "request": made.request_id, "kind": wanted.kind}
    trail.record(work, now, actor, duty, "people.grant", f"user:{wanted.user}", facts=facts)


def _within_terms(wanted: Wanted, now: str) -> None:
    law = terms()
    if wanted.kind == "emergency":
        try:
            span = datetime.fromisoformat(wanted.valid_to) - datetime.fromisoformat(now)
        except (ValueError, TypeError) as wrong:
            raise TermRefused(why=f"“{wanted.valid_to}”不是时间", why_en=f"{wanted.valid_to} is no time") from wrong
        most, text, english = timedelta(hours=law.emergency_hours), f"{law.emergency_hours} 小时", f"{law.emergency_hours} hours"
        if wanted.valid_from != now[:10]:
            raise TermRefused(why="应急授权从当日起", why_en="an emergency begins on its day")
    else:
        days = {"grant": law.grant_days, "deputy": law.deputy_days, "exemption": law.exemption_days}[wanted.kind]
        try:
            span = date.fromisoformat(wanted.valid_to) - date.fromisoformat(wanted.valid_from)
        except ValueError as wrong:
            raise TermRefused(why="起止须为日期，且必须有止期", why_en="both ends are dates and neither is left out") from wrong
        most, text, english = timedelta(days=days), f"{days} 日", f"{days} days"
    if not timedelta() < span <= most:
        raise TermRefused(why=f"{KIND_ZH[wanted.kind]}须有止期，最长 {text}", why_en=f"a {wanted.kind} ends within {english}")


def _exemption(wanted: Wanted, found: dict[str, str]) -> None:
    a, b = wanted.duty, Duty(wanted.other)
    if not may_be_exempted(frozenset((a, b))):
        pair = rules().between(a, b, role_only=True)
        raise NotExemptible(a=a.zh, b=b.zh, why=f"{pair.why}（{pair.reference}）" if pair else "两岗可以兼任，不需要豁免")
    if wanted.for_user == wanted.user:
        raise SameHand(
            name=found[wanted.user], what="豁免申请", what_en="exemption request", number="", step="补偿控制的负责人", earlier="被豁免人"
        )  # fmt: skip
    if not any(sign.isalnum() for sign in wanted.control):
        raise NoReason()


def _deputy(connection: sa.Connection, wanted: Wanted, found: dict[str, str]) -> None:
    columns = grant.c
    held = connection.execute(
        sa.select(columns.user_id).where(
            columns.user_id == wanted.for_user, columns.duty == wanted.duty.value, columns.valid_from <= wanted.valid_from,
            sa.or_(columns.valid_to == "", columns.valid_to > wanted.valid_from),
        )
    ).first()  # fmt: skip
    why = "代理人就是本人" if wanted.for_user == wanted.user else "" if held else f"在 {wanted.valid_from} 没有这一岗位"
    if why:
        raise DeputyWrong(name=found[wanted.user], other=found[wanted.for_user], duty=wanted.duty.zh, why=why)


def _users(connection: sa.Connection) -> dict[str, str]:
    return {row.user_id: row.name for row in connection.execute(sa.select(user.c.user_id, user.c.name).where(user.c.disabled_at == ""))}


def _read(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Request]:
    found: dict[int, Request] = {}
    for row in connection.execute(sa.select(duty_request).where(where).order_by(duty_request.c.request_id)):
        found[row.request_id] = Request(row.request_id, _wanted(row), row.asked_by, row.asked_at)
    query = sa.select(duty_step).join(duty_request, duty_request.c.request_id == duty_step.c.request_id).where(where)
    for row in connection.execute(query.order_by(duty_step.c.at)):
        found[row.request_id].steps[row.step] = StepTaken(row.step, row.user_id, row.duty, row.note, row.at)
    return list(found.values())


def _wanted(row: sa.Row[Any]) -> Wanted:
    return Wanted(row.kind, row.user_id, Duty(row.duty), row.valid_from, row.valid_to, row.reason, row.for_user, row.other, row.control)

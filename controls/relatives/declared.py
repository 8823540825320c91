"""Declaring relatives (回避登记): each person tells the own number and those of relatives and interests; another reviews.

A declaration keeps its owner away from the moment it is made. It ends when its owner asked for that and the audit office agreed.
Identity numbers are masked wherever they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from controls import rows
from controls.duties import Actor, Duty, KinPosts, require, rules
from controls.errors_duties import KinInPost, NoSuchRequest, RelativeWrong, SameHand
from controls.relative_tables import RELATIONS, relative, relative_step
from controls.tables import grant, user
from ledger import chain
from ledger.db import UnitOfWork
from ledger.identity import Fault, judge, mask_number

RELATION_ZH = {"self": "本人", "spouse": "配偶", "lineal": "直系亲属", "collateral": "三代以内旁系亲属", "inlaw": "近姻亲", "interest": "其他利害关系人"}
OTHER_WAY = {"self", "interest"}
"""Relations that make no kinship between two people of the office."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration; ``number`` in full (mask it), ``steps`` as step → (user, time)."""

    relative_id: int
    user: str
    relation: str
    number: str
    name: str
    note: str
    declared_at: str
    steps: dict[str, tuple[str, str]]

    @property
    def holds(self) -> bool:
        """Whether it keeps its owner away: from the first until it was ended."""
        return "end" not in self.steps

    @property
    def state(self) -> str:
        """The state in Chinese."""
        for step, zh in (("end", "已撤销"), ("ask_end", "申请撤销"), ("confirm", "已审核")):
            if step in self.steps:
                return zh
        return "待审核"

    def told(self) -> str:
        """``配偶 甲一（6208…017）``."""
        return f"{RELATION_ZH[self.relation]} {self.name}（{mask_number(self.number)}）"


def declare(work: UnitOfWork, now: str, actor: Actor, relation: str, number: str, name: str, note: str = "") -> Declaration:
    """The person signed in declares a relative, or the own number (``self``); raises SB2125."""
    if relation not in RELATIONS:
        raise RelativeWrong(why=f"没有关系“{relation}”", why_en=f"no relation {relation}")
    judged = judge(number)
    if judged.fault is not Fault.NONE or not name.strip():
        raise RelativeWrong(why="证件号码不成立，或缺姓名", why_en="the identity number is not valid, or the name is missing")
    chain.lock(work)
    whole = judged.normal
    mine = [one for one in listed(work.connection, user_id=actor.user) if one.holds]
    if any(one.number == whole for one in mine) or (relation == "self" and any(one.relation == "self" for one in mine)):
        raise RelativeWrong(why="已登记", why_en="it is declared already")
    made = 1 + work.connection.execute(sa.select(sa.func.count()).select_from(relative)).scalar_one()
    row = {
        "relative_id": made, "user_id": actor.user, "relation": relation, "number": whole, "name": name.strip(), "note": note.strip(),
        "declared_by": actor.user, "declared_at": now,
    }  # fmt: skip
    facts = {"relation": relation, "number": mask_number(whole)}
    rows.lay(work, now, actor, None, relative, "relative.declare", f"relative:{made}", row, facts)
    return get(work.connection, made)


def step(work: UnitOfWork, now: str, actor: Actor, relative_id: int, taken: str, note: str = "") -> Declaration:
    """``confirm`` or ``end`` by the audit office, ``ask_end`` by the owner; raises SB2118, SB2125, SB2120, SB3001."""
    chain.lock(work)
    made = get(work.connection, relative_id)
    duty = None
    if taken == "ask_end":
        if actor.user != made.user:
            raise RelativeWrong(why="撤销由本人申请", why_en="only its owner asks to end it")
    else:
        duty = Duty.AUDIT
        require(actor, duty)
        if actor.user == made.user:
            raise SameHand(name=actor.name, what="回避登记", what_en="declaration", number=relative_id, step="审核", earlier="登记人")
    if taken in made.steps or not made.holds or (taken == "end" and "ask_end" not in made.steps):
        raise RelativeWrong(why=f"第 {relative_id} 号{made.state}", why_en=f"declaration {relative_id} does not stand where this step begins")
    row = {"relative_id": relative_id, "step": taken, "user_id": actor.user, "note": note.strip(), "at": now}
    rows.lay(work, now, actor, duty, relative_step, f"relative.{taken}", f"relative:{relative_id}", row, {"note": note.strip()})
    return get(work.connection, relative_id)


def get(connection: sa.Connection, relative_id: int) -> Declaration:
    """One declaration; raises SB2118."""
    found = _read(connection, relative.c.relative_id == relative_id)
    if not found:
        raise NoSuchRequest(what="回避登记", what_en="declaration", number=relative_id)
    return found[0]


def listed(connection: sa.Connection, *, user_id: str = "") -> list[Declaration]:
    """Declarations by number, of one person or of all."""
    return _read(connection, relative.c.user_id == user_id if user_id else sa.true())


def undeclared(connection: sa.Connection) -> list[tuple[str, str]]:
    """Users in office (id, name) who have not declared their own number."""
    told = sa.select(relative.c.user_id).where(relative.c.relation == "self")
    query = sa.select(user.c.user_id, user.c.name).where(user.c.disabled_at == "", user.c.user_id.not_in(told)).order_by(user.c.user_id)
    return [(row.user_id, row.name) for row in connection.execute(query)]


def posts_apart(connection: sa.Connection, user_id: str, duty: Duty, now: str) -> None:
    """Passes unless a registered relative holds a post beside which ``user_id`` may not hold ``duty``; raises SB2126 (S18)."""
    for name, other, other_name, rule in kin_in_posts(connection, now, more=(user_id, duty)):
        raise KinInPost(name=name, duty=duty.zh, other=other_name, other_duty=Duty(other).zh, why=rule.why, reference=rule.reference)


def kin_in_posts(connection: sa.Connection, now: str, more: tuple[str, Duty] | None = None) -> Iterable[tuple[str, str, str, KinPosts]]:
    """Relatives in posts that S18 keeps apart, as (name, the other's duty, the other's name, rule); with ``more``, those that this grant would make."""
    kin = _kin(connection)
    if not kin:
        return
    names = {row.user_id: row.name for row in connection.execute(sa.select(user.c.user_id, user.c.name))}
    columns = grant.c
    posts = {
        (row.user_id, row.duty)
        for row in connection.execute(
            sa.select(columns.user_id, columns.duty).where(columns.valid_from <= now, sa.or_(columns.valid_to == "", columns.valid_to > now))
        )
    }
    looked = posts if more is None else {(more[0], more[1].value)}
    for rule in rules().kin_posts:
        for who, duty in sorted(looked):
            for mine, others in ((rule.b, rule.a), (rule.a, rule.b)) if more is not None else ((rule.b, rule.a),):
                if duty != mine:
                    continue
                for other, held in sorted(posts):
                    if held == others and kin.get(frozenset((who, other)), "") in rule.relations:
                        yield names[who], held, names[other], rule


def _kin(connection: sa.Connection) -> dict[frozenset[str], str]:
    """Pairs of users of whom one declared the other's number as a relative's."""
    found = [one for one in listed(connection) if one.holds]
    owners = {one.number: one.user for one in found if one.relation == "self"}
    return {frozenset((one.user, owners[one.number])): one.relation for one in found if one.relation not in OTHER_WAY and one.number in owners}


def _read(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Declaration]:
    found: dict[int, Declaration] = {}
    for row in connection.execute(sa.select(relative).where(where).order_by(relative.c.relative_id)):
        found[row.relative_id] = _declaration(row)
    query = sa.select(relative_step).join(relative, relative.c.relative_id == relative_step.c.relative_id).where(where)
    for row in connection.execute(query):
        found[row.relative_id].steps[row.step] = (row.user_id, row.at)
    return list(found.values())


def _declaration(row: sa.Row[Any]) -> Declaration:
    return Declaration(row.relative_id, row.user_id, row.relation, row.number, row.name, row.note, row.declared_at, {})

"""Everybody who exists against the rules as they stand (C1, S18): a pair that is new in ``duties.yaml`` is tested against those who hold duties already."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from controls import people
from controls.duties import Duty, may_be_exempted, rules
from controls.grants import requests
from controls.relatives import declared
from controls.tables import duty_pair, grant, user
from ledger.db import UnitOfWork


@dataclass(frozen=True, slots=True)
class Conflict:
    """One person and what they hold against the rules, with what to do (Chinese, English)."""

    user: str
    name: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


def conflicts(connection: sa.Connection, now: str) -> list[Conflict]:
    """People whose duties in force at ``now`` exclude one another and are not exempted, relatives in posts apart, exemptions that no rule allows."""
    names = {row.user_id: row.name for row in connection.execute(sa.select(user.c.user_id, user.c.name))}
    held: dict[str, set[Duty]] = defaultdict(set)
    columns = grant.c
    in_force = sa.select(columns.user_id, columns.duty).where(columns.valid_from <= now, sa.or_(columns.valid_to == "", columns.valid_to > now))
    for row in connection.execute(in_force):
        held[row.user_id].add(Duty(row.duty))
    found = []
    for who, duties in sorted(held.items()):
        exempt = requests.exempt(connection, who, now) if len(duties) > 1 else frozenset()
        for pair in rules().role_pairs:
            if pair.both <= duties and not (pair.both in exempt and may_be_exempted(pair.both)):
                found.append(
                    Conflict(
                        who, names[who], f"同时持有“{pair.a.zh}”和“{pair.b.zh}”（{pair.id}：{pair.why}）", f"holds {pair.a} and {pair.b} ({pair.id})",
                        f"终止其中一个岗位：shebao duty revoke {who} {pair.b}", f"end one of the two: shebao duty revoke {who} {pair.b}",
                    )
                )  # fmt: skip
    for name, duty, other, rule in declared.kin_in_posts(connection, now):
        zh = f"与“{Duty(duty).zh}” {other} 有已登记的亲属关系（{rule.id}：{rule.why}）"
        en = f"is a relative of {other}, who is {duty} ({rule.id})"
        found.append(Conflict("", name, zh, en, "由没有亲属关系的人任职", "let another person hold the post"))
    for one in requests.listed(connection, kind="exemption"):
        wanted = one.wanted
        if one.holds(now) and not may_be_exempted(frozenset((wanted.duty, Duty(wanted.other)))):
            zh = f"第 {one.request_id} 号豁免的两岗不能豁免（“{wanted.duty.zh}”和“{Duty(wanted.other).zh}”）"
            found.append(
                Conflict(
                    wanted.user, names[wanted.user], zh, f"exemption {one.request_id} is of a pair that no rule lets be exempted",
                    f"单位负责人终止：shebao duty end {one.request_id}", f"the head ends it: shebao duty end {one.request_id}",
                )
            )  # fmt: skip
    return found


def lay_new_pairs(work: UnitOfWork, now: str) -> int:
    """Enters pairs of ``duties.yaml`` that the store does not guard yet (after an upgrade); gives how many are new. No pair is ever taken away."""
    known = {(row.a, row.b) for row in work.connection.execute(sa.select(duty_pair.c.a, duty_pair.c.b))}
    wanted = {(a, b) for a, b in (sorted(pair.both) for pair in rules().role_pairs)}
    fresh = sorted(wanted - known)
    if fresh:
        people.lay_pairs(work, now, fresh)
    return len(fresh)


def unguarded(connection: sa.Connection) -> int:
    """How many pairs of ``duties.yaml`` the database does not guard yet."""
    known = {(row.a, row.b) for row in connection.execute(sa.select(duty_pair.c.a, duty_pair.c.b))}
    return len({tuple(sorted(pair.both)) for pair in rules().role_pairs} - known)

"""The conflict matrix (不相容岗位矩阵) and the register of posts (岗位权限台账) as data: what pages, tables and papers show."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache

import sqlalchemy as sa

from controls.duties import Duty, rules
from controls.grants.requests import KIND_ZH
from controls.tables import user
from ledger.tables import chain as chain_table

ACTS = ("people.add", "people.grant", "people.revoke", "people.disable")
MARKS = {"role": "●", "thing": "○", "history": "◇"}
"""How the matrix shows a pair: never held together, never on one thing, never after what went before."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Two duties that exclude one another: the strictest scope, the rules' ids and reasons, and whether an exemption is possible."""

    a: Duty
    b: Duty
    scope: str
    ids: tuple[str, ...]
    why: tuple[str, ...]
    references: tuple[str, ...]
    exemptible: bool

    @property
    def mark(self) -> str:
        return MARKS[self.scope]


@dataclass(frozen=True, slots=True)
class Post:
    """One duty of one person: term (ISO, '' without end), how it was given (建账, 授权, 代理 …) and by which request, whether it is in force."""

    user: str
    name: str
    duty: Duty
    valid_from: str
    valid_to: str
    how: str
    request: int
    granted_by: str
    in_force: bool
    disabled: bool


@lru_cache(maxsize=1)
def matrix() -> dict[frozenset[Duty], Cell]:
    """Every pair of duties that excludes itself, by the pair."""
    found: dict[frozenset[Duty], Cell] = {}
    for both in dict.fromkeys(pair.both for pair in rules().pairs):
        mine = [pair for pair in rules().pairs if pair.both == both]
        scope = next(scope for scope in MARKS if any(pair.scope == scope for pair in mine))
        a, b = sorted(both, key=list(Duty).index)
        roles = [pair for pair in mine if pair.scope == "role"]
        found[both] = Cell(
            a, b, scope, tuple(pair.id for pair in mine), tuple(dict.fromkeys(pair.why for pair in mine)),
            tuple(dict.fromkeys(pair.reference for pair in mine)), bool(roles) and all(pair.exemptible for pair in roles),
        )  # fmt: skip
    return found


def posts(connection: sa.Connection, at: str, head: int | None = None) -> list[Post]:
    """Every duty that was given up to ``at`` (ISO time) and record ``head`` of the trail, by person and beginning: any past moment can be made again."""
    columns = chain_table.c
    query = sa.select(columns.act, columns.thing, columns.actor, columns.at, columns.facts).where(columns.act.in_(ACTS), columns.at <= at).order_by(columns.seq)
    if head is not None:
        query = query.where(columns.seq <= head)
    names = {row.user_id: row.name for row in connection.execute(sa.select(user.c.user_id, user.c.name))}
    found: dict[tuple[str, str, str], Post] = {}
    disabled: set[str] = set()
    for row in connection.execute(query):
        who, facts = row.thing.partition(":")[2], json.loads(row.facts)
        if row.act == "people.add":
            for code in facts.get("duties", []):
                found[who, code, row.at[:10]] = Post(who, names.get(who, who), Duty(code), row.at[:10], "", "建账", 0, row.actor, True, False)
        elif row.act == "people.grant":
            key = (who, facts["duty"], facts["from"])
            how, request = KIND_ZH.get(facts.get("kind", ""), "授权"), int(facts.get("request", 0))
            found[key] = Post(who, names.get(who, who), Duty(facts["duty"]), facts["from"], facts["to"], how, request, row.actor, True, False)
        elif row.act == "people.disable":
            disabled.add(who)
        else:
            for key, one in found.items():
                if key[:2] == (who, facts["duty"]) and (not one.valid_to or one.valid_to > row.at[:10]):
                    found[key] = replace(one, valid_to=row.at[:10])
    return [
        replace(one, in_force=one.valid_from <= at and (not one.valid_to or one.valid_to > at) and one.user not in disabled, disabled=one.user in disabled)
        for _, one in sorted(found.items(), key=lambda item: (item[0][0], item[0][2], item[0][1]))
    ]

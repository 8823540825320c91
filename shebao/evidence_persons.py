"""What the trail says of the register of persons: every act of it, every change with its two signers, and spans that do not overlap.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import sqlalchemy as sa

from controls import personchanges
from controls.personchanges import Change
from ledger import person_tables as tables
from ledger.chain import Record
from shebao.evidence import Broken, records_by_thing

COUNTED = {"persons": tables.person, "registrations": tables.registration, "names": tables.name, "statuses": tables.status}
Things = dict[str, list[Record]]


def register(connection: sa.Connection) -> str:
    """C1, C6: every act of the register is in the trail with what it taught; every change was asked for by one and reviewed by another, as the trail has it."""
    things = records_by_thing(connection)
    acts = connection.execute(sa.select(tables.knowledge).order_by(tables.knowledge.c.knowledge_no)).all()
    changes = {one.change_id: one for one in personchanges.listed(connection)}
    for one in changes.values():
        _asked(one, things)
    told = {thing for thing, records in things.items() if any(record.act in ("person.request", "person.load") for record in records)}
    stored = {one.key for one in changes.values()} | {f"persons:{act.source_id}" for act in acts if act.kind == "load"}
    if odd := sorted(told ^ stored):
        raise Broken(f"登记簿与留痕对不上：{odd[0]}")
    counts = {name: _by_knowledge(connection, table) for name, table in COUNTED.items()}
    last = ""
    for place, act in enumerate(acts, 1):
        if act.knowledge_no != place or act.state != "closed" or act.known_on < last:
            raise Broken(f"第 {act.knowledge_no} 次登记没有完成，或次序不对")
        last = act.known_on
        if act.kind == "load":
            _loaded(act, things, {name: found[act.knowledge_no] for name, found in counts.items()})
        else:
            _changed(connection, act, changes.get(act.source_id), things)
    carried = {act.source_id for act in acts if act.kind == "change"}
    for one in changes.values():
        if (one.decision == "accepted" and one.wanted.kind != "doubt") != (one.change_id in carried):
            raise Broken(f"变更申请 {one.change_id} 的审核结果与登记簿不符")
    _spans(connection, {act.knowledge_no for act in acts})
    signed = sum(one.decision == "accepted" for one in changes.values())
    return f"{len(acts)} 次登记与留痕相符，{len(changes)} 份变更申请中 {signed} 份由两人签字生效"


def _by_knowledge(connection: sa.Connection, table: sa.Table) -> Counter[int]:
    rows = connection.execute(sa.select(table.c.knowledge_no, sa.func.count()).group_by(table.c.knowledge_no))
    return Counter({int(row[0]): int(row[1]) for row in rows})


def _one(things: Things, thing: str, act: str) -> Record:
    found = [record for record in things.get(thing, []) if record.act == act]
    if len(found) != 1:
        raise Broken(f"{thing} 有 {len(found)} 条 {act} 留痕")
    return found[0]


def _loaded(act: sa.Row[Any], things: Things, counts: dict[str, int]) -> None:
    record = _one(things, f"persons:{act.source_id}", "person.load")
    told = json.loads(record.facts)
    stored = {"knowledge_no": act.knowledge_no, "as_of": act.as_of, **counts}
    if {name: told.get(name) for name in stored} != stored or (record.actor, record.at) != (act.requested_by, act.recorded_at):
        raise Broken(f"第 {act.knowledge_no} 次登记（文件 {act.source_id}）的内容与留痕不符")


def _asked(one: Change, things: Things) -> None:
    """The request is what was asked for, and its decision what was decided."""
    record = _one(things, one.key, "person.request")
    told = (record.digest, record.actor, record.duty, record.at)
    if one.digest != personchanges.expected_digest(one) or told != (one.digest, one.requested_by, one.requested_duty.value, one.requested_at):
        raise Broken(f"变更申请 {one.change_id} 与留痕不符")
    reviews = [record for record in things[one.key] if record.act == "person.review"]
    decided = [(one.decision, one.decided_by, one.decided_at, one.digest)] if one.decision else []
    if [(json.loads(record.facts)["decision"], record.actor, record.at, record.digest) for record in reviews] != decided:
        raise Broken(f"变更申请 {one.change_id} 的审核与留痕不符")
    if one.decided_by == one.requested_by:
        raise Broken(f"变更申请 {one.change_id} 由申请人自己审核")


def _changed(connection: sa.Connection, act: sa.Row[Any], one: Change | None, things: Things) -> None:
    """A change entered the register as it was reviewed, with its two signers."""
    if one is None or one.decision != "accepted" or (one.requested_by, one.decided_by) != (act.requested_by, act.reviewed_by):
        raise Broken(f"第 {act.knowledge_no} 次登记没有两人签字的变更申请")
    told = json.loads(_one(things, one.key, "person.review").facts)
    if told.get("knowledge") != act.knowledge_no:
        raise Broken(f"第 {act.knowledge_no} 次登记与审核留痕不符")
    account = tables.bank_account
    found = connection.execute(sa.select(account).where(account.c.knowledge_no == act.knowledge_no)).all()
    if one.wanted.kind == "bank_accounts" and len(found) != told.get("accounts"):
        raise Broken(f"第 {act.knowledge_no} 次登记有 {len(found)} 个账户，留痕为 {told.get('accounts')} 个")
    if one.wanted.kind == "bank_account":
        wanted = one.wanted
        cells = (wanted.person_id, wanted.fund, wanted.value, wanted.holder, wanted.relation, wanted.bank, wanted.from_on.isoformat(), wanted.to_on.isoformat())
        if [(row.person_id, row.fund, row.bank_account, row.holder, row.relation, row.bank, row.from_on, row.to_on) for row in found] != [cells]:
            raise Broken(f"变更 {one.change_id} 登记的账户不是审核的账户")


def _spans(connection: sa.Connection, known: set[int]) -> None:
    """No span without its act; accounts only by changes; within one act no two spans of one registration overlap."""
    for table in (tables.person, tables.registration, tables.number, tables.name, tables.status, tables.bank_account, tables.link):
        if strays := set(connection.execute(sa.select(table.c.knowledge_no).distinct()).scalars()) - known:
            raise Broken(f"{table.name} 中有不属于任何一次登记的内容（{min(strays)}）")
    loads = sa.select(tables.knowledge.c.knowledge_no).where(tables.knowledge.c.kind == "load")
    for table in (tables.bank_account, tables.link):
        if connection.execute(sa.select(table.c.person_id).where(table.c.knowledge_no.in_(loads)).limit(1)).first() is not None:
            raise Broken(f"{table.name} 中有没有两人签字的内容")
    one, other = tables.status.alias("one"), tables.status.alias("other")
    same = sa.and_(*(one.c[name] == other.c[name] for name in ("fund", "region", "person_id", "knowledge_no")))
    query = sa.select(one.c.person_id).join(other, sa.and_(same, one.c.from_on < other.c.from_on, one.c.to_on > other.c.from_on)).limit(1)
    if (overlap := connection.execute(query).scalar()) is not None:
        raise Broken(f"P{overlap} 的状态时段在一次登记中重叠")

"""What the trail says of the register of persons: every act of it with all its rows, every change with its two signers, every list of changes.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from controls import personchanges, trail
from controls.person_tables import person_decision, roster_change
from controls.personchanges import Change
from controls.tables import roster
from ledger import person_tables as tables
from ledger.chain import Record
from ledger.person_knowledge import Rows, as_texts, content_digest, head_of
from ledger.person_load import fetched
from shebao.evidence import Broken, records_by_thing

Things = dict[str, list[Record]]
Texts = dict[int, dict[str, list[str]]]


def register(connection: sa.Connection) -> str:
    """C1, C6: every act of the register holds the rows that the trail has the digest of; every change was asked for by one and reviewed by another."""
    things = records_by_thing(connection)
    acts = connection.execute(sa.select(tables.knowledge).order_by(tables.knowledge.c.knowledge_no)).all()
    changes = {one.change_id: one for one in personchanges.listed(connection)}
    for one in changes.values():
        _asked(connection, one, things)
    told = {thing for thing, records in things.items() if any(record.act in ("person.request", "person.load") for record in records)}
    stored = {one.key for one in changes.values()} | {f"persons:{act.source_id}" for act in acts if act.kind == "load"}
    if odd := sorted(told ^ stored):
        raise Broken(f"登记簿与留痕对不上：{odd[0]}")
    texts = _contents(connection)
    last = ""
    for place, act in enumerate(acts, 1):
        if act.knowledge_no != place or act.state != "closed" or act.known_on < last:
            raise Broken(f"第 {place} 次登记没有完成，或次序不对")
        last = act.known_on
        _recorded(act, changes.get(act.source_id), things, content_digest(head_of(act), texts.pop(act.knowledge_no, {})))
    if texts:
        raise Broken(f"登记簿中有不属于任何一次登记的内容（{min(texts)}）")
    carried = {act.source_id for act in acts if act.kind == "change"}
    for one in changes.values():
        if (one.decision == "accepted" and one.wanted.kind != "doubt") != (one.change_id in carried):
            raise Broken(f"变更申请 {one.change_id} 的审核结果与登记簿不符")
    _accounts_are_signed(connection)
    _lists(connection, things)
    signed = sum(one.decision == "accepted" for one in changes.values())
    return f"{len(acts)} 次登记的内容与留痕相符，{len(changes)} 份变更申请中 {signed} 份由两人签字生效"


def _contents(connection: sa.Connection) -> Texts:
    """Knowledge number → table → its rows as texts."""
    found: Texts = defaultdict(lambda: defaultdict(list))
    for table in tables.PERSON_TABLES[1:]:
        columns = [column.name for column in table.c]
        place = columns.index("knowledge_no")
        rows = fetched(connection, sa.select(table))
        for row, text in zip(rows, as_texts(Rows(table, columns, rows)), strict=True):
            found[row[place]][table.name].append(text)
    return found


def _one(things: Things, thing: str, act: str) -> Record:
    found = [record for record in things.get(thing, []) if record.act == act]
    if len(found) != 1:
        raise Broken(f"{thing} 有 {len(found)} 条 {act} 留痕")
    return found[0]


def _asked(connection: sa.Connection, one: Change, things: Things) -> None:
    """The request is what was asked for, and its decision what was decided."""
    record = _one(things, one.key, "person.request")
    told = (record.digest, record.actor, record.duty, record.at)
    if one.digest != personchanges.expected_digest(one) or told != (one.digest, one.requested_by, one.requested_duty.value, one.requested_at):
        raise Broken(f"变更申请 {one.change_id} 与留痕不符")
    signed = connection.execute(sa.select(person_decision.c.digest).where(person_decision.c.change_id == one.change_id)).scalars().all()
    stored = [(one.decision, trail.redact(one.decided_reason), one.decided_by, one.decided_at, digest) for digest in signed]
    reviews = [(record.told(), record) for record in things[one.key] if record.act == "person.review"]
    if [(facts["decision"], facts["reason"], record.actor, record.at, record.digest) for facts, record in reviews] != stored:
        raise Broken(f"变更申请 {one.change_id} 的审核与留痕不符")
    if one.decided_by == one.requested_by:
        raise Broken(f"变更申请 {one.change_id} 由申请人自己审核")


def _recorded(act: sa.Row[Any], one: Change | None, things: Things, digest: str) -> None:
    """An act is what its record in the trail says: a file loaded by one, or a change signed by two, with exactly these rows."""
    if act.kind == "load":
        record = _one(things, f"persons:{act.source_id}", "person.load")
        told = record.told()
        stored = (told["knowledge_no"], told["digest"], record.actor, record.at)
        signers = (act.requested_by, act.recorded_at)
    else:
        if one is None or one.decision != "accepted" or (one.requested_by, one.decided_by) != (act.requested_by, act.reviewed_by):
            raise Broken(f"第 {act.knowledge_no} 次登记没有两人签字的变更申请")
        record = _one(things, one.key, "person.review")
        told = record.told()
        stored = (told.get("knowledge"), told.get("content"), record.actor, record.at)
        signers = (act.reviewed_by, act.recorded_at)
    if stored != (act.knowledge_no, digest, *signers) or act.digest != digest:
        raise Broken(f"第 {act.knowledge_no} 次登记（{'文件' if act.kind == 'load' else '变更'} {act.source_id}）的内容与留痕不符")


def _accounts_are_signed(connection: sa.Connection) -> None:
    """No account and no link but by a change."""
    loads = sa.select(tables.knowledge.c.knowledge_no).where(tables.knowledge.c.kind == "load")
    for table in (tables.bank_account, tables.link):
        if connection.execute(sa.select(table.c.person_id).where(table.c.knowledge_no.in_(loads)).limit(1)).first() is not None:
            raise Broken(f"{table.name} 中有没有两人签字的内容")


def _lists(connection: sa.Connection, things: Things) -> None:
    """The changes listed with each check of a roster are those that the check recorded."""
    stored: dict[tuple[int, int], list[int]] = defaultdict(list)
    columns = roster_change.c
    mine = sa.and_(roster.c.book_id == columns.book_id, roster.c.roster_id == columns.roster_id)
    query = sa.select(roster.c.roster_id, columns.check_no, columns.change_id).select_from(roster_change).outerjoin(roster, mine)
    for row in connection.execute(query.order_by(columns.change_id)):
        stored[row.roster_id or 0, row.check_no].append(row.change_id)
    told = {}
    for thing, records in things.items():
        for record in records:
            if record.act == "roster.check" and (ids := record.told().get("account_changes")):
                told[int(thing.partition(":")[2]), record.told()["check_no"]] = ids
    for roster_id, check_no in sorted(told.keys() | stored.keys()):
        if told.get((roster_id, check_no)) != stored.get((roster_id, check_no)):
            raise Broken(f"花名册 {roster_id} 列出的账户变更与留痕不符")

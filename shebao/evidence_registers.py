"""What the trail says of the registers (台账): every act as it was done, each bound to the one before, each row what its last act says.

The register's own file is asked too: who did an act held one of its duties, the state follows from the state before, and
where two people are asked for they are two. Raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import sqlalchemy as sa

from controls.duties import Duty
from controls.register_tables import register_act, register_row, register_step
from controls.registers import law as laws
from controls.registers.law import ADD, CORRECT, Register
from controls.registers.store import ACT_COLUMNS, Act, acts_digest, apart_text, laid, row_key, steps, steps_digest
from ledger.chain import Record
from shebao.evidence import Broken, records_by_thing


def kept(connection: sa.Connection) -> str:
    """C6: every register of every book; the trail has each step's digest, no act is missing, and each row is what its acts lead to."""
    things = {thing: list(records) for thing, records in records_by_thing(connection).items() if thing.startswith("register:")}
    recorded = [record for records in things.values() for record in records]
    owners = connection.execute(sa.select(register_act.c.book_id, register_act.c.register).distinct()).all()
    owners += [pair for pair in connection.execute(sa.select(register_row.c.book_id, register_row.c.register).distinct()).all() if pair not in owners]
    known = laws.registers()
    acts = rows = 0
    for book_id, name in sorted(tuple(pair) for pair in owners):
        if name not in known:
            raise Broken(f"台账 {name} 没有规定文件，无法核对")
        done = list(_acts(connection, book_id, name))
        _chained(known[name], book_id, done)
        _recorded(known[name], book_id, done, things)
        rows += _rows(connection, known[name], book_id, done)
        acts += len(done)
    _steps(connection, known)
    if left := sorted(thing for thing, records in things.items() if records):
        raise Broken(f"留痕中有台账里没有的办理：{left[0]}")
    _laid(connection, recorded)
    return f"{len(owners)} 本台账 {rows} 行 {acts} 次办理与留痕相符"


def _steps(connection: sa.Connection, known: Mapping[str, Register]) -> None:
    """Every step that the guards let through is one of the register's file; the file may know more, which the next act lays."""
    for row in connection.execute(sa.select(register_step)):
        law = known.get(row.register)
        if law is None or tuple(row) not in steps(law):
            raise Broken(f"守护规则放行的办理“{row.register} {row.act}”不在台账的规定之内")


def _laid(connection: sa.Connection, records: Sequence[Record]) -> None:
    """The steps let through are, register by register, those that stood when its last act was done."""
    last = {record.thing.split(":")[2]: record for record in sorted(records, key=lambda one: one.seq)}
    stored = set(connection.execute(sa.select(register_step.c.register).distinct()).scalars())
    for name in sorted(stored | last.keys()):
        if name not in last or steps_digest(laid(connection, name)) != last[name].told()["steps"]:
            raise Broken(f"守护规则放行的“{name}”各项办理与最后一次办理时不同")


def _acts(connection: sa.Connection, book_id: int, name: str) -> Iterator[Act]:
    columns = register_act.c
    wanted = sa.select(*(columns[one] for one in ACT_COLUMNS)).where(columns.book_id == book_id, columns.register == name)
    for row in connection.execute(wanted.order_by(columns.row_no, columns.act_no)):
        yield Act(*row)


def _chained(law: Register, book_id: int, done: Sequence[Act]) -> None:
    """Rows and acts are numbered without a gap; each act has its own digest, names the one before, and is one that the file allows."""
    due = 1
    for row_no, members in groupby(done, key=lambda act: act.row_no):
        if row_no != due:
            raise Broken(f"{law.zh}缺第 {due} 行")
        due += 1
        before: Act | None = None
        people: list[tuple[str, str]] = []
        for place, act in enumerate(members, start=1):
            where = f"{law.zh}第 {row_no} 行第 {place} 次办理"
            if (act.act_no, act.previous) != (place, before.digest if before else "") or act.digest != act.expected(book_id, law.name):
                raise Broken(f"{where}的内容与摘要不符，或与上一次不衔接")
            if before and (act.on_day < before.on_day or act.at < before.at):
                raise Broken(f"{where}的日期早于上一次")
            if fault := _fault(law, act, before, people):
                raise Broken(f"{where}{fault}")
            people.append((act.act, act.actor))
            before = act


def _fault(law: Register, act: Act, before: Act | None, people: Sequence[tuple[str, str]]) -> str:
    """Why the register's file does not allow an act, '' when it does."""
    if act.act in (ADD, CORRECT):
        allowed, state = law.add_duties, before.state if before else law.states[0].name
        apart: tuple[str, ...] = ()
        if (act.act == ADD) is not (before is None) or act.apart:
            return "不是首次登记"
        if before is not None and not law.state(before.state).open:
            return "更正了已办结的一行"
    else:
        rule = law.act(act.act)
        if rule is None or before is None or before.state not in rule.from_:
            return f"“{act.act}”不是这一状态可以办理的"
        allowed, state, apart = rule.duties, rule.to or before.state, rule.other_than
        if act.apart != apart_text(rule):
            return "的分离规定与台账不符"
        new, old = json.loads(act.payload), json.loads(before.payload)
        if strange := {name for name in {*new, *old} if new.get(name) != old.get(name)} - set(rule.sets):
            return f"改动了不许改的栏目 {'、'.join(sorted(strange))}"
    if act.state != state:
        return f"的状态应为 {state}"
    if act.duty not in allowed or act.duty not in Duty.__members__:
        return f"由岗位 {act.duty} 办理，不在规定之内"
    if any(done in apart and person == act.actor for done, person in people):
        return "应由另一人办理"
    return ""


def _recorded(law: Register, book_id: int, done: Sequence[Act], things: dict[str, list[Record]]) -> None:
    """Each step of acts (one batch) stands in one record, by the person, at the time and in the duty that the acts name."""
    steps = sorted(done, key=lambda act: (act.batch, act.row_no, act.act_no))
    for batch, grouped in groupby(steps, key=lambda act: act.batch):
        members = list(grouped)
        first, last = members[0], members[-1]
        thing = f"register:{book_id}:{law.name}:{first.row_no}" + (f"-{last.row_no}" if len(members) > 1 else "")
        told = next((record for record in things.get(thing, []) if record.told().get("batch") == batch), None)
        if told is None:
            raise Broken(f"{law.zh}第 {first.row_no} 行的办理没有留痕")
        signed = {(act.actor, act.at, act.duty, f"register.{act.act}") for act in members}
        if signed != {(told.actor, told.at, told.duty, told.act)} or told.digest != acts_digest(members):
            raise Broken(f"{law.zh}第 {first.row_no} 行的办理与留痕不符")
        things[thing].remove(told)


def _rows(connection: sa.Connection, law: Register, book_id: int, done: Sequence[Act]) -> int:
    """Each row is what its last act says, under the key and the parent that its payload gives."""
    last = {act.row_no: act for act in done}
    columns = register_row.c
    count = 0
    for row in connection.execute(sa.select(register_row).where(columns.book_id == book_id, columns.register == law.name).order_by(columns.row_no)):
        act = last.get(row.row_no)
        if act is None or (row.state, row.on_day, row.payload, row.act_no, row.digest) != (act.state, act.on_day, act.payload, act.act_no, act.digest):
            raise Broken(f"{law.zh}第 {row.row_no} 行与最后一次办理不符")
        payload = json.loads(row.payload)
        if (row.row_key, row.parent) != (row_key(law, payload), int(payload.get(law.parent) or 0)):
            raise Broken(f"{law.zh}第 {row.row_no} 行的编号键与内容不符")
        count += 1
    if count != len(last):
        raise Broken(f"{law.zh}有 {len(last)} 行办理记录，台账只有 {count} 行")
    return count

"""Registers in the store: rows entered, acted on and corrected by people with their duties; every act added, chained and recorded (C5, C6).

An act keeps the whole row as it stood after it, so that a register of an earlier day is read and never folded. Who may do
what stands in the register's own file: what is not named is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import sqlalchemy as sa

from controls import trail
from controls.bulk import insert
from controls.duties import Actor, Duty, require_any
from controls.errors_payment import NoReason
from controls.register_tables import register_act, register_row, register_step
from controls.registers import law as laws
from controls.registers.errors import ActRefused, ComputedRegister, FieldMissing, NoSuchRow, NotSettled, RegisterDay, RegisterScope, RowExists, SecondPerson
from controls.registers.law import ADD, CORRECT, ActLaw, Register
from controls.registers.values import Value, day_of, parse, printed
from ledger import chain
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.entries import canonical, digest
from ledger.money import show

Payload = dict[str, Value]
Settled = Callable[[sa.Connection, "Row"], Mapping[str, int]]
"""(connection, row) → its computed fen columns; ``controls.registers.sheet.computed``."""
Step = tuple[str, str, str, str, str, str]
"""Register, act, state before ('' for a new row), state after, duty, and the acts whose doers are others."""
UNIT = 0
"""Book number of the unit's own registers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands: number, state, payload, the act that made it so."""

    law: Register
    book_id: int
    row_no: int
    state: str
    on_day: str
    payload: Payload
    act_no: int
    digest: str

    @property
    def thing(self) -> str:
        """As the trail writes it."""
        return f"register:{self.book_id}:{self.law.name}:{self.row_no}"


@dataclass(frozen=True, slots=True)
class Act:
    """One act as it was done."""

    row_no: int
    act_no: int
    batch: int
    act: str
    state: str
    on_day: str
    payload: str
    reason: str
    apart: str
    duty: str
    actor: str
    at: str
    previous: str
    digest: str

    def expected(self, book_id: int, register: str) -> str:
        """The digest that its fields demand."""
        return digest([
            book_id, register, self.row_no, self.act_no, self.act, self.state, self.on_day, self.payload, self.reason, self.apart, self.duty,
            self.actor, self.at, self.previous,
        ])  # fmt: skip


ACT_COLUMNS = ("row_no", "act_no", "batch", "act", "state", "on_day", "payload", "reason", "apart", "duty", "actor", "at", "previous", "digest")


def scope(law: Register, book: Book | None) -> int:
    """The book number a register is kept under; raises SB3252."""
    if law.keyed_by == "unit":
        return UNIT
    if book is None:
        raise RegisterScope(register=law.zh, name=law.name, why="按账套设立，须写明险种")
    if law.funds is not None and book.fund not in law.funds:
        raise RegisterScope(register=law.zh, name=law.name, why=f"不适用于{book.fund.zh}")
    return book.book_id


def read_payload(law: Register, given: Mapping[str, str]) -> Payload:
    """Cells as people wrote them, by field name or Chinese name; blank ones are left out. Raises SB3241, SB3248."""
    payload: Payload = {}
    for word, text in given.items():
        field = law.field(word)
        if field is None:
            known = "、".join(one.zh for one in law.fields)
            raise FieldMissing(register=law.zh, name=law.name, fields=f"{word}（没有这一栏，现有：{known}）", act="登记")
        value = parse(law, field, text)
        if value is not None:
            payload[field.name] = value
    return payload


def add(work: UnitOfWork, now: str, actor: Actor, law: Register, book: Book | None, given: Sequence[Payload], day: date | None = None) -> list[Row]:
    """Enters rows, all or none; ``day``: from when they stand, by default the day of their own date field, else today.

    Raises SB3001, SB3241, SB3242, SB3243, SB3247, SB3248, SB3251, SB3252.
    """
    if law.source:
        raise ComputedRegister(register=law.zh)
    book_id = scope(law, book)
    duty = require_any(actor, tuple(Duty(code) for code in law.add_duties))
    chain.lock(work)
    first = 1 + last_row(work.connection, book_id, law.name)
    keys = [row_key(law, payload) for payload in given]
    _check_new(work.connection, law, book_id, given, keys)
    state, batch = law.states[0].name, _next_batch(work.connection)
    rows, acts = [], []
    for place, payload in enumerate(given):
        on_day = day.isoformat() if day else own_day(law, payload, now)
        if on_day > now[:10]:
            raise RegisterDay(register=law.zh, name=law.name, day=on_day, why="日期在将来")
        act = _act(book_id, law, None, first + place, batch, ADD, state, on_day, payload, "", "", duty, actor, now)
        acts.append(act)
        rows.append(Row(law, book_id, act.row_no, state, on_day, payload, 1, act.digest))
    if rows:
        _write(work, book_id, law, acts)
        parents = [int(payload.get(law.parent) or 0) for payload in given]
        names = ("book_id", "register", "row_no", "row_key", "parent", "state", "on_day", "payload", "act_no", "digest")
        insert(work, register_row, names, (
            (book_id, law.name, act.row_no, key, parent, act.state, act.on_day, act.payload, 1, act.digest)
            for act, key, parent in zip(acts, keys, parents, strict=True)
        ))  # fmt: skip
        _record(work, now, actor, duty, law, book_id, acts)
    return rows


def own_day(law: Register, payload: Payload, now: str) -> str:
    """From when a new row stands: the day of its own date field (a month's last), never ahead of today; today where it has none."""
    own = payload.get(law.dated_by)
    return now[:10] if own is None else min(day_of(own).isoformat(), now[:10])


def do(
    work: UnitOfWork, now: str, actor: Actor, row: Row, word: str, changes: Payload, day: date | None = None, reason: str = "", settled: Settled | None = None
) -> Row:
    """Does a named act on a row. Raises SB3001, SB3244, SB3245, SB3248, SB3251, SB3253, SB3241.

    ``settled`` computes the columns that must be nil for acts that end a row.
    """
    law = row.law
    chain.lock(work)
    row = get(work.connection, law, row.book_id, row.row_no)
    act = law.act(word)
    known = "、".join(f"{one.name}（{one.zh}）" for one in law.acts if row.state in one.from_) or "无"
    if act is None or row.state not in act.from_:
        raise ActRefused(register=law.zh, name=law.name, row=row.row_no, state=law.state(row.state).zh, act=act.zh if act else word, known=known)
    duty = require_any(actor, tuple(Duty(code) for code in act.duties))
    _another(work.connection, row, act, actor)
    if strange := [name for name in changes if name not in act.sets]:
        zh = "、".join(field.zh for field in law.fields if field.name in strange)
        raise ActRefused(register=law.zh, name=law.name, row=row.row_no, state=law.state(row.state).zh, act=f"{act.zh}时改“{zh}”", known=known)
    payload = row.payload | changes
    if missing := [field.zh for field in law.fields if field.name in act.needs and field.name not in payload]:
        raise FieldMissing(register=law.zh, name=law.name, fields="、".join(missing), act=act.zh)
    if act.zero and settled is not None:
        _nil(law, row, act, settled(work.connection, row))
    chosen = day.isoformat() if day else str(payload.get(act.dated_by) or now[:10])
    return _append(work, now, actor, duty, row, act.name, act.to or row.state, chosen, payload, reason.strip(), apart_text(act))


def correct(work: UnitOfWork, now: str, actor: Actor, row: Row, changes: Payload, reason: str, cleared: Iterable[str] = (), day: date | None = None) -> Row:
    """更正: fields of a row are set right by an act with its reason; the row's key may change as long as it stays its own.

    Raises SB3001, SB3042, SB3243, and SB3244 for a row that is ended: it is opened again first.
    """
    law = row.law
    if not reason.strip():
        raise NoReason()
    duty = require_any(actor, tuple(Duty(code) for code in law.add_duties))
    chain.lock(work)
    row = get(work.connection, law, row.book_id, row.row_no)
    if not law.state(row.state).open:
        known = "、".join(f"{one.name}（{one.zh}）" for one in law.acts if row.state in one.from_) or "无"
        raise ActRefused(register=law.zh, name=law.name, row=row.row_no, state=law.state(row.state).zh, act="更正", known=known)
    payload = {name: value for name, value in (row.payload | changes).items() if name not in set(cleared)}
    _complete(law, payload, "更正")
    key = row_key(law, payload)
    if key != row_key(law, row.payload):
        _unknown(work.connection, law, row.book_id, [key])
    if law.parent and payload.get(law.parent) != row.payload.get(law.parent):
        _parents(work.connection, law, row.book_id, [payload])
    return _append(work, now, actor, duty, row, CORRECT, row.state, day.isoformat() if day else row.on_day, payload, reason.strip(), "")


def _append(
    work: UnitOfWork, now: str, actor: Actor, duty: Duty, row: Row, act: str, state: str, on_day: str, payload: Payload, reason: str, apart: str
) -> Row:
    law = row.law
    why = "日期在将来" if on_day > now[:10] else f"早于上一次办理的 {row.on_day}" if on_day < row.on_day else ""
    if why:
        raise RegisterDay(register=law.zh, name=law.name, day=on_day, why=why)
    made = _act(row.book_id, law, row, row.row_no, _next_batch(work.connection), act, state, on_day, payload, reason, apart, duty, actor, now)
    _write(work, row.book_id, law, [made])
    columns = register_row.c
    work.connection.execute(
        register_row.update()
        .where(columns.book_id == row.book_id, columns.register == law.name, columns.row_no == row.row_no)
        .values(
            row_key=row_key(law, payload), parent=int(payload.get(law.parent) or 0), state=state, on_day=on_day, payload=made.payload, act_no=made.act_no,
            digest=made.digest,
        )
    )  # fmt: skip
    _record(work, now, actor, duty, law, row.book_id, [made])
    return Row(law, row.book_id, row.row_no, state, on_day, payload, made.act_no, made.digest)


def _act(
    book_id: int, law: Register, before: Row | None, row_no: int, batch: int, act: str, state: str, on_day: str, payload: Payload, reason: str,
    apart: str, duty: Duty, actor: Actor, now: str,
) -> Act:  # fmt: skip
    number, previous = (before.act_no + 1, before.digest) if before else (1, "")
    text = canonical(payload)
    bare = Act(row_no, number, batch, act, state, on_day, text, reason, apart, duty.value, actor.user, now, previous, "")
    return Act(row_no, number, batch, act, state, on_day, text, reason, apart, duty.value, actor.user, now, previous, bare.expected(book_id, law.name))


def steps(law: Register) -> set[Step]:
    """What the register's file lets people do, as the guards of the database ask for it."""
    found = {(law.name, ADD, "", law.states[0].name, duty, "") for duty in law.add_duties}
    found |= {(law.name, CORRECT, state.name, state.name, duty, "") for state in law.states if state.open for duty in law.add_duties}
    return found | {(law.name, act.name, state, act.to or state, duty, apart_text(act)) for act in law.acts for state in act.from_ for duty in act.duties}


def laid(connection: sa.Connection, register: str) -> set[Step]:
    """The steps of one register that the database knows."""
    rows = connection.execute(sa.select(register_step).where(register_step.c.register == register))
    return {(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows}


def steps_digest(known: set[Step]) -> str:
    """What the trail keeps of the steps that were let through when an act was done."""
    return digest([list(one) for one in sorted(known)])


def lay(work: UnitOfWork, law: Register) -> None:
    """Lays the steps of the file that the database does not know yet."""
    if missing := sorted(steps(law) - laid(work.connection, law.name)):
        insert(work, register_step, tuple(column.name for column in register_step.c), missing)


def _write(work: UnitOfWork, book_id: int, law: Register, acts: Sequence[Act]) -> None:
    lay(work, law)
    names = ("book_id", "register", *ACT_COLUMNS)
    insert(work, register_act, names, (
        (book_id, law.name, a.row_no, a.act_no, a.batch, a.act, a.state, a.on_day, a.payload, a.reason, a.apart, a.duty, a.actor, a.at, a.previous, a.digest)
        for a in acts
    ))  # fmt: skip


def _record(work: UnitOfWork, now: str, actor: Actor, duty: Duty, law: Register, book_id: int, acts: Sequence[Act]) -> None:
    """One record of the trail for the acts of one step: which rows, and the digest over theirs."""
    first, last = acts[0], acts[-1]
    thing = f"register:{book_id}:{law.name}:{first.row_no}" + (f"-{last.row_no}" if len(acts) > 1 else "")
    facts = {"act": first.act, "state": first.state, "rows": len(acts), "batch": first.batch, "steps": steps_digest(laid(work.connection, law.name))}
    facts |= {"reason": first.reason} if first.reason else {}
    trail.record(work, now, actor, duty, f"register.{first.act}", thing, acts_digest(acts), facts)


def acts_digest(acts: Sequence[Act]) -> str:
    """What the trail keeps of the acts of one step."""
    return acts[0].digest if len(acts) == 1 else digest([act.digest for act in acts])


def row_key(law: Register, payload: Payload) -> str:
    """The row's key as text: equal for the same matter."""
    return canonical([payload.get(name, "") for name in law.key])


def _check_new(connection: sa.Connection, law: Register, book_id: int, given: Sequence[Payload], keys: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for place, (payload, key) in enumerate(zip(given, keys, strict=True), start=1):
        _complete(law, payload, "登记")
        if key in seen:
            raise RowExists(register=law.zh, row=f"本次的第 {seen[key]} 项", key=_said(law, payload))
        seen[key] = place
    _unknown(connection, law, book_id, keys)
    _parents(connection, law, book_id, given)


def _complete(law: Register, payload: Payload, act: str) -> None:
    missing = [field.zh for field in law.fields if field.required and field.name not in payload]
    if missing:
        raise FieldMissing(register=law.zh, name=law.name, fields="、".join(missing), act=act)
    for field in law.fields:
        if field.not_before and field.name in payload and payload.get(field.not_before, payload[field.name]) > payload[field.name]:  # type: ignore[operator]
            other = next(one.zh for one in law.fields if one.name == field.not_before)
            raise RegisterDay(register=law.zh, name=law.name, day=payload[field.name], why=f"“{field.zh}”早于“{other}”")


def _said(law: Register, payload: Payload) -> str:
    return "、".join(printed(law.type_of(name), payload.get(name)) for name in law.key)


def _unknown(connection: sa.Connection, law: Register, book_id: int, keys: Sequence[str]) -> None:
    """Passes when no row has one of the keys; raises SB3243."""
    columns = register_row.c
    mine = sa.select(columns.row_no, columns.row_key).where(columns.book_id == book_id, columns.register == law.name)
    source = iter(keys)
    while some := list(islice(source, 500)):
        if (found := connection.execute(mine.where(columns.row_key.in_(some)).limit(1)).first()) is not None:
            raise RowExists(register=law.zh, row=found.row_no, key=_said(law, dict(zip(law.key, json.loads(found.row_key), strict=True))))


def _parents(connection: sa.Connection, law: Register, book_id: int, given: Sequence[Payload]) -> None:
    """Passes when every row that is named exists in the register it belongs to; raises SB3242."""
    for field in law.fields:
        if field.type != "row":
            continue
        parent = laws.get(field.register_)
        most = last_row(connection, book_id, parent.name)
        for payload in given:
            if field.name in payload and int(payload[field.name]) > most:
                raise NoSuchRow(register=parent.zh, row=payload[field.name], name=parent.name)


def _another(connection: sa.Connection, row: Row, act: ActLaw, actor: Actor) -> None:
    if not act.other_than:
        return
    for done in history(connection, row):
        if done.actor == actor.user and done.act in act.other_than:
            earlier = row.law.act(done.act)
            said = earlier.zh if earlier else {ADD: "登记", CORRECT: "更正"}[done.act]
            raise SecondPerson(register=row.law.zh, row=row.row_no, act=act.zh, person=actor.name, earlier=said)


def apart_text(act: ActLaw) -> str:
    """The acts whose doers may not do this one, as the guard of the database reads them; '' for none."""
    return "".join(f",{name}" for name in act.other_than) + "," if act.other_than else ""


def _nil(law: Register, row: Row, act: ActLaw, computed: Mapping[str, int]) -> None:
    for name in act.zero:
        if computed.get(name, 0):
            column = next(column for column in law.columns if column.name == name)
            amount = f"{show(computed[name])} 元" if column.type == "fen" else f"{computed[name]} 份"
            raise NotSettled(register=law.zh, row=row.row_no, act=act.zh, column=column.zh, amount=amount)


def _next_batch(connection: sa.Connection) -> int:
    return 1 + int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(register_act.c.batch), 0))).scalar_one())


def last_row(connection: sa.Connection, book_id: int, register: str) -> int:
    """The number of the last row, 0 where there is none."""
    columns = register_row.c
    asked = sa.select(sa.func.coalesce(sa.func.max(columns.row_no), 0)).where(columns.book_id == book_id, columns.register == register)
    return int(connection.execute(asked).scalar_one())


def get(connection: sa.Connection, law: Register, book_id: int, row_no: int) -> Row:
    """One row; raises SB3242, and SB3247 for a computed register."""
    if law.source:
        raise ComputedRegister(register=law.zh)
    columns = register_row.c
    found = connection.execute(sa.select(register_row).where(columns.book_id == book_id, columns.register == law.name, columns.row_no == row_no)).first()
    if found is None:
        raise NoSuchRow(register=law.zh, row=row_no, name=law.name)
    return Row(law, book_id, found.row_no, found.state, found.on_day, json.loads(found.payload), found.act_no, found.digest)


def find(connection: sa.Connection, law: Register, book_id: int, payload: Payload) -> Row | None:
    """The row of the matter that ``payload`` names by the register's key, None where there is none: what other registers and person accounts refer to."""
    columns = register_row.c
    mine = (columns.book_id == book_id, columns.register == law.name, columns.row_key == row_key(law, payload))
    found = connection.execute(sa.select(columns.row_no).where(*mine)).scalar()
    return None if found is None else get(connection, law, book_id, found)


def history(connection: sa.Connection, row: Row) -> list[Act]:
    """Every act of a row, in order."""
    columns = register_act.c
    wanted = sa.select(*(columns[name] for name in ACT_COLUMNS))
    asked = wanted.where(columns.book_id == row.book_id, columns.register == row.law.name, columns.row_no == row.row_no).order_by(columns.act_no)
    return [Act(*found) for found in connection.execute(asked)]

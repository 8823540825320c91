"""A small office for tests of registers: one book, people with one duty each, and the registers' steps as short calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import controls.tables
from controls.duties import Actor, Duty
from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers import store
from controls.registers.sheet import Sheet
from controls.registers.store import Row
from controls.tables import grant, user
from ledger.db import UnitOfWork, reading
from ledger.schema import run_guards
from tests.controls.voucher_desk import BOOK, NOW, SUN, ZHAO, Office
from tests.controls.voucher_desk import office as plain_office
from tests.laid import laid

TODAY = date.fromisoformat(NOW[:10])
AUDITOR = Actor("feng", "冯稽核", frozenset({Duty.AUDIT}))
OTHER_AUDITOR = Actor("chen", "陈稽核", frozenset({Duty.AUDIT}))
HEAD = Actor("wang", "王主任", frozenset({Duty.HEAD}))
REVIEWER = Actor("li", "李股长", frozenset({Duty.REVIEW}))
CLERK = Actor("zhang", "张登记", frozenset({Duty.HANDLE_REGISTER}))
ASSESSOR = Actor("qian", "钱核定", frozenset({Duty.HANDLE_ASSESS}))
STAFF = (AUDITOR, OTHER_AUDITOR, HEAD, REVIEWER, CLERK, ASSESSOR, ZHAO, SUN)
GUARDS = Path(controls.tables.__file__).parent / "register_guards"
NUMBER = "620821195001011017"
PAYER = "91620821MA7123456X"

CLAIM = {
    "证件号码": NUMBER, "姓名": "甲一", "多发原因": "死亡后领取", "待遇类型": "基础养老金", "所属期起": "2025-10", "所属期止": "2025-12", "原支付年度": "2025",
    "应稽核金额": "600.00", "认定日期": "2026-01-05",
}  # fmt: skip
RELIEF = {
    "单位代码": PAYER, "单位名称": "云岭砖厂", "划型": "小型企业", "所属期": "2025-12", "方式": "缓缴", "政策文件": "云人社发〔2025〕1号", "应缴金额": "1000",
    "缓缴金额": "1000", "缓缴期限": "2026-01-20",
}  # fmt: skip


@dataclass
class Desk:
    """The office with the registers' steps, each in a unit of work of its own."""

    office: Office

    @property
    def engine(self) -> sa.Engine:
        return self.office.engine

    def add(self, register: str, given: Mapping[str, str], actor: Actor, day: date | None = None, now: str = NOW) -> Row:
        law = laws.get(register)
        with UnitOfWork(self.engine) as work:
            found = store.add(work, now, actor, law, BOOK, [store.read_payload(law, given)], day)
            work.commit()
        return found[0]

    def row(self, register: str, row_no: int = 1) -> Row:
        with reading(self.engine) as connection:
            return store.get(connection, laws.get(register), 1, row_no)

    def do(self, register: str, row_no: int, act: str, actor: Actor, now: str = NOW, **given: str) -> Row:
        return self.do_on(register, row_no, act, actor, None, now, **given)

    def do_on(self, register: str, row_no: int, act: str, actor: Actor, day: date | None, now: str = NOW, **given: str) -> Row:
        law = laws.get(register)
        with UnitOfWork(self.engine) as work:
            row = store.get(work.connection, law, 1, row_no)
            made = store.do(work, now, actor, row, act, store.read_payload(law, given), day, settled=sheets.computed(BOOK, date.fromisoformat(now[:10])))
            work.commit()
        return made

    def correct(self, register: str, row_no: int, actor: Actor, reason: str, **given: str) -> Row:
        law = laws.get(register)
        with UnitOfWork(self.engine) as work:
            made = store.correct(work, NOW, actor, store.get(work.connection, law, 1, row_no), store.read_payload(law, given), reason)
            work.commit()
        return made

    def sheet(self, register: str, *columns: str, as_of: date = TODAY, today: date = TODAY) -> list[tuple[Any, ...]]:
        """Some columns of a register, row by row."""
        with reading(self.engine) as connection:
            made: Sheet = sheets.sheet(connection, laws.get(register), BOOK, as_of, today=today)
            return list(zip(*(made.column(name) for name in columns), strict=True))


def desk(url: str) -> Desk:
    """The office with its people, their grants, and the registers' guards."""
    return Desk(Office(laid(url, "registers", _desk)))


def _desk(url: str) -> sa.Engine:
    made = plain_office(url, own=STAFF)
    with UnitOfWork(made.engine) as work:
        run_guards(work.connection, GUARDS)
        for actor in STAFF:
            given = {"password_hash": "x", "created_at": NOW, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=actor.user, name=actor.name, **given))
            for duty in actor.duties:
                work.connection.execute(
                    grant.insert().values(user_id=actor.user, duty=duty.value, valid_from="2026-01-01", valid_to="", granted_by="init", granted_at=NOW)
                )
        work.commit()
    return made.engine

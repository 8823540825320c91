"""A small office for tests of vouchers and periods: one book of fund R with the chart's codes, and people with their duties."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy as sa

import controls.tables
import controls.voucher_tables
import templates
from controls import cashier, people, periods, vouchers
from controls.duties import Actor, Duty
from controls.tables import grant, user
from controls.vouchers import Draft
from ledger import accounts
from ledger.accounts import Book
from ledger.db import UnitOfWork, metadata, open_engine, reading
from ledger.entries import Entry, Line, Side
from ledger.funds import Fund
from ledger.months import Month
from ledger.schema import run_guards
from ledger.tables import LEDGER_TABLES
from tests.laid import laid

NOW = "2026-01-31T09:00:00+08:00"
JANUARY = Month(2026, 1)
FEBRUARY = Month(2026, 2)
CHART = [
    ("100301", "D", "asset"), ("1004", "D", "asset"), ("1005", "D", "asset"), ("1002", "D", "asset"), ("110105", "D", "asset"), ("3001", "C", "net_asset"),
    ("400101", "C", "income"), ("4201", "C", "income"), ("50010101", "D", "expense"),
]  # fmt: skip
ZHAO = Actor("zhao", "赵会计", frozenset({Duty.BOOKKEEP}))
QIAN = Actor("qian", "钱会计", frozenset({Duty.BOOKKEEP}))
SUN = Actor("sun", "孙主管", frozenset({Duty.CHECK}))
HAN = Actor("han", "韩出纳", frozenset({Duty.CASHIER}))
BOTH = Actor("both", "周两岗", frozenset({Duty.BOOKKEEP, Duty.CHECK}))
OTHERS = {
    duty: Actor(duty.value.lower(), duty.value, frozenset({duty}))
    for duty in (Duty.HANDLE_ROSTER, Duty.REVIEW, Duty.AUTHORISE, Duty.HEAD, Duty.CASHIER, Duty.AUDIT, Duty.DATA, Duty.SYSADMIN, Duty.LOGADMIN, Duty.AUDITOR)
}
BOOK = Book(1, "U1", "云岭县社会保险事业服务中心", Fund.R, "toy", JANUARY)


def received(fen: int = 100, source: str = "doc-1", *, account: str = "100301", income: str = "4201", month: Month = JANUARY, event: str = "I1") -> Entry:
    """Interest (event I1) or, with 1005 and 400101, premiums (C1) received."""
    lines = (Line(account, Side.D, fen), Line(income, Side.C, fen))
    return Entry(month, date(month.year, month.month, 20), "收到利息", lines, "银行回单", source, event=event, attachments=1)


@dataclass
class Office:
    """The store with the steps as short calls, each in a unit of work of its own."""

    engine: sa.Engine

    def step(self, act: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with UnitOfWork(self.engine) as work:
            result = act(work, NOW, *given, **more)
            work.commit()
        return result

    def propose(self, made: Entry, actor: Actor | None = ZHAO) -> Draft:
        found: Draft = self.step(vouchers.propose, actor, 1, made)
        return found

    def make(self, draft: Draft, actor: Actor = ZHAO) -> Draft:
        found: Draft = self.step(vouchers.make, actor, 1, draft.voucher_id)
        return found

    def review(self, draft: Draft, actor: Actor = SUN) -> Draft:
        found: Draft = self.step(vouchers.review, actor, 1, draft.voucher_id)
        return found

    def sign(self, draft: Draft, actor: Actor = HAN) -> Draft:
        """The cashier's signature."""
        found: Draft = self.step(cashier.sign, actor, 1, draft.voucher_id)
        return found

    def signed(self, draft: Draft) -> None:
        """A receipt or payment signed by the cashier, unless it is, or cannot be, signed."""
        with reading(self.engine) as connection:
            now = vouchers.get(connection, 1, draft.voucher_id)
        if now.cash and not now.cashier and now.state in cashier.STATES:
            self.sign(draft)

    def post(self, draft: Draft, actor: Actor = ZHAO) -> Any:
        self.signed(draft)
        return self.step(vouchers.post, actor, 1, draft.voucher_id)

    def reject(self, draft: Draft, actor: Actor = SUN, reason: str = "附件不全") -> Draft:
        found: Draft = self.step(vouchers.reject, actor, 1, draft.voucher_id, reason)
        return found

    def booked(self, *entries: Entry) -> None:
        """Entries carried all the way."""
        for made in entries:
            draft = self.propose(made)
            self.make(draft)
            self.review(draft)
            self.post(draft)

    def closed(self, month: Month) -> None:
        """A month proposed by the 会计 and confirmed by the 会计主管, its closing voucher posted between."""
        draft = self.step(periods.propose, ZHAO, BOOK, month)
        if draft is not None:
            self.review(draft)
            self.post(draft)
        self.step(periods.confirm, SUN, BOOK, month)

    def sql(self, *statements: str) -> None:
        with UnitOfWork(self.engine) as work:
            for statement in statements:
                work.connection.exec_driver_sql(statement)
            work.commit()


def office(url: str, *, own: Collection[Actor] = ()) -> Office:
    """An empty book of fund R, its first month January 2026 open; ``own``: people whom the caller enters in place of those of the same name here."""
    left_out = {actor.user for actor in own}
    return Office(laid(url, f"voucher desk without {sorted(left_out)}", lambda empty: _office(empty, left_out)))


def _office(url: str, left_out: set[str]) -> sa.Engine:
    engine = open_engine(url)
    rooms = Path(controls.tables.__file__).parent
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=[*LEDGER_TABLES, *controls.tables.CONTROLS_TABLES, *controls.voucher_tables.VOUCHER_TABLES])
        run_guards(work.connection)
        run_guards(work.connection, rooms / "voucher_guards")
        _granted(work, left_out)
        work.commit()
    return furnished(engine).engine


def _granted(work: UnitOfWork, left_out: set[str]) -> None:
    """Everybody's duties as rows alone: this office has neither sign-in nor the guards of grants."""
    for actor in (ZHAO, QIAN, SUN, HAN, BOTH, *OTHERS.values()):
        if actor.user in left_out:
            continue
        account = {"password_hash": "x", "created_at": NOW, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
        work.connection.execute(user.insert().values(user_id=actor.user, name=actor.name, **account))
        for duty in sorted(actor.duties):
            named = {"valid_from": "2018-01-01", "valid_to": "", "granted_by": "init", "granted_at": NOW}
            work.connection.execute(grant.insert().values(user_id=actor.user, duty=duty.value, **named))


def founded(engine: sa.Engine) -> None:
    """The people of a store that has its whole schema, entered as its founding enters them: in the trail too."""
    with UnitOfWork(engine) as work, patch("controls.people.hash_password", return_value="$argon2id$not-to-be-used"):
        everybody = (ZHAO, QIAN, SUN, HAN, *OTHERS.values())
        people.bootstrap(work, NOW, [people.NewPerson(one.user, one.name, tuple(one.duties), "correct horse battery") for one in everybody])
        work.commit()


def furnished(engine: sa.Engine) -> Office:
    """An office on a store that has its schema: unit, book and chart, in the trail too."""
    with UnitOfWork(engine) as work:
        rows = [accounts.BookAccount(code, code, code, side, element, "", True, "toy", "2018-01-01", "") for code, side, element in CHART]
        accounts.open_unit(work, BOOK.unit_code, BOOK.unit_name, "620821")
        accounts.open_book(work, 1, BOOK.unit_code, BOOK.fund, BOOK.chart, JANUARY, rows)
        accounts.record_opening(work, NOW, "init", 1)
        work.commit()
    return Office(engine)


def by_table(folder: Path, monkeypatch: pytest.MonkeyPatch, since: str) -> None:
    """An office that takes 表结法 from a day on."""
    (folder / "parameters").mkdir(exist_ok=True)
    value = f"{{name: closing_method, from: {since}, value: 表结法, reference: 本单位}}"
    (folder / "parameters" / "office.yaml").write_text(f"document: 核算办法\nvalid_from: 2018-01-01\nreference: 本单位\nvalues:\n  - {value}\n", "utf-8")
    shipped = (templates.SHIPPED / "parameters" / "accounting.yaml").read_text("utf-8")
    ended = shipped.replace("{from: 2018-01-01, value: 账结法", f"{{from: 2018-01-01, to: {since}, value: 账结法")
    (folder / "parameters" / "accounting.yaml").write_text(ended, "utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(folder))

"""A small office with a cashier: one book of fund R, people with their grants in the store, journals written step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import controls.tables
from controls import cash_counts, journal_compare, journals
from controls.duties import Actor, Duty
from controls.journal_compare import AccountComparison, Comparison
from controls.journals import Journal, Kind, Receipt
from controls.tables import grant, user
from ledger.db import UnitOfWork, reading
from ledger.months import Month
from ledger.schema import run_guards
from tests.controls.voucher_desk import BOOK, FEBRUARY, JANUARY, SUN, ZHAO, Office
from tests.controls.voucher_desk import office as plain_office
from tests.laid import laid

NOW = "2026-02-28T17:00:00+08:00"
WANG = Actor("wang", "王出纳", frozenset({Duty.CASHIER}))
GUARDS = Path(controls.tables.__file__).parent / "journal_guards"
ACCOUNT = "6200 0000 0000 1004"


@dataclass
class Desk:
    """The office with the cashier's steps as short calls, each in a unit of work of its own."""

    office: Office

    @property
    def engine(self) -> sa.Engine:
        return self.office.engine

    def step(self, act: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with UnitOfWork(self.engine) as work:
            result = act(work, NOW, *given, **more)
            work.commit()
        return result

    def opened(self, kind: Kind = Kind.PAYMENT, opening: int = 1_000, day: date = date(2026, 1, 1), bank_account: str = ACCOUNT) -> Journal:
        found: Journal = self.step(journals.open_, WANG, 1, kind, day, opening, "" if kind is Kind.CASH else bank_account, "农商行")
        return found

    def enter(self, *receipts: Receipt, journal: int = 1, actor: Actor = WANG) -> Any:
        return self.step(journals.enter, actor, journal, receipts)

    def counted(self, day: date, pieces: dict[int, int], *, journal: int = 1, witness: Actor | None = SUN) -> Any:
        made = self.step(cash_counts.count, WANG, 1, journal, day, pieces)
        return self.step(cash_counts.witness, witness, 1, journal, made.count_no) if witness else made

    def compared(self, month: Month = JANUARY) -> Comparison:
        with reading(self.engine) as connection:
            return journal_compare.compare(connection, BOOK, month)

    def account(self, month: Month = JANUARY, kind: Kind = Kind.PAYMENT) -> AccountComparison:
        return next(one for one in self.compared(month).accounts if one.kind is kind)


def receipt(day: int, number: str, into: int = 0, out: int = 0, *, month: int = 1, on: date | None = None, summary: str = "利息") -> Receipt:
    """A bank receipt of January 2026."""
    return Receipt(date(2026, month, day), "银行回单", number, summary, into, out, "农商行", "4201", on)


def desk(url: str) -> Desk:
    """The office: 会计 zhao, 会计主管 sun, 出纳 wang, their grants, and the journals' guards."""
    return Desk(Office(laid(url, "journals", _desk)))


def _desk(url: str) -> sa.Engine:
    made = plain_office(url, own=(WANG, ZHAO, SUN))
    with UnitOfWork(made.engine) as work:
        run_guards(work.connection, GUARDS)
        for actor in (WANG, ZHAO, SUN):
            given = {"password_hash": "x", "created_at": NOW, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=actor.user, name=actor.name, **given))
            for duty in actor.duties:
                work.connection.execute(
                    grant.insert().values(user_id=actor.user, duty=duty.value, valid_from="2026-01-01", valid_to="", granted_by="init", granted_at=NOW)
                )
        work.commit()
    return made.engine


__all__ = ["ACCOUNT", "BOOK", "FEBRUARY", "JANUARY", "NOW", "SUN", "WANG", "ZHAO", "Desk", "desk", "receipt"]

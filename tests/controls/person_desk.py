"""An office with a register of persons: the payment desk, its people file, a 登记经办 and a second reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

import controls.tables
from controls import people, personchanges, persons
from controls.changecontent import Wanted
from controls.duties import Actor, Duty
from controls.personchanges import Change
from ledger.months import Month
from ledger.person_load import Loaded
from ledger.schema import GUARDS, run_guards
from tests.controls.payment_desk import JANUARY, NOW, PASSWORD, Desk, _hashed_once, desk, someone
from tests.granting import given
from tests.laid import laid
from tests.ledger.person_store import row, table

MORE = {"chen": ("陈登记", Duty.HANDLE_REGISTER), "feng": ("冯副股长", Duty.REVIEW), "jiang": ("蒋稽核", Duty.AUDIT)}
EVIDENCE = "变更申请表12号"


def who(user: str) -> Actor:
    """One of the staff, the register's people included."""
    if user not in MORE:
        return someone(user)
    name, duty = MORE[user]
    return Actor(user, name, frozenset({duty}))


def roster_number(person: int) -> str:
    """The number that ``payment_desk.line`` gives synthetic person ``person``."""
    return f"62082119500101{person:03d}X"


def roster_account(person: int) -> str:
    """The bank account that ``payment_desk.line`` gives the person."""
    return f"62284800000000{person:05d}"


def account(person_id: int, number: str = "6228480000000099999", *, month: Month = JANUARY, holder: str = "", **more: Any) -> Wanted:
    """A change of bank account for fund R from a month on."""
    given = {"relation": "self", "holder": holder or f"甲{person_id}", **more}
    return Wanted("bank_account", person_id, fund="R", value=number, bank="农商行", from_on=month.first_day, **given)


def status(person_id: int, code: str, start: str) -> Wanted:
    """A change of status in fund R, region 620821."""
    return Wanted("status", person_id, fund="R", region="620821", value=code, from_on=date.fromisoformat(start))


@dataclass
class Register:
    """The office's steps around the register in short calls."""

    desk: Desk

    def load(self, *rows: dict[str, Any], name: str = "人员.csv", user: str = "chen", now: str = NOW) -> Loaded:
        """Takes a people file in and loads it: five people whose numbers are those of the roster, and ``rows``."""
        given = [*(row(n, f"甲{n}", number=roster_number(n), number_ok=True) for n in range(1, 6)), *rows]
        source = self.desk.take(table(*given), "people", name, "qian", now)
        with self.desk.unit() as work:
            done = persons.load(work, self.desk.home, who(user), now, source.file_id)
            work.commit()
        return done

    def ask(self, wanted: Wanted, user: str = "chen", now: str = NOW, reason: str = "存折遗失", evidence: str = EVIDENCE) -> Change:
        with self.desk.unit() as work:
            made = personchanges.request(work, self.desk.home, who(user), now, wanted, reason=reason, evidence=evidence)
            work.commit()
        return made

    def decide(self, change_id: int, user: str = "li", now: str = NOW, *, accept: bool = True, reason: str = "") -> Change:
        with self.desk.unit() as work:
            made = personchanges.review(work, self.desk.home, who(user), now, change_id, accept=accept, reason=reason)
            work.commit()
        return made

    def changed(self, wanted: Wanted, *, user: str = "chen", reviewer: str = "feng", now: str = NOW) -> Change:
        """A change asked for and accepted."""
        return self.decide(self.ask(wanted, user, now).change_id, reviewer, now)


def register_desk(url: str, home: Path) -> Register:
    """The payment desk with the register's guards and people."""
    home.mkdir(exist_ok=True)
    return Register(Desk(laid(url, "person desk", lambda empty: _register_desk(empty, home)), home))


def _register_desk(url: str, home: Path) -> sa.Engine:
    made = desk(url, home)
    with made.unit() as work:
        run_guards(work.connection, GUARDS.parent / "person_guards")
        run_guards(work.connection, Path(controls.tables.__file__).parent / "person_guards")
        with patch("controls.people.hash_password", return_value=_hashed_once()):
            for user, (name, duty) in MORE.items():
                people.add(work, NOW, someone("wu"), people.NewPerson(user, name, (), PASSWORD))
                given(work, NOW, user, duty, date(2026, 1, 1))
        work.commit()
    return made.engine

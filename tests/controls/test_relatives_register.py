"""Relatives and the register of persons (C7): changes of one person and whole files of accounts are asked for and decided by somebody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from controls import personchanges
from controls.changecontent import Wanted
from controls.errors_duties import Related
from controls.relative_tables import relative
from ledger.errors import DatabaseRefusal
from ledger.months import Month
from ledger.schema import run_guards
from tests.controls.payment_desk import NOW, ROSTER, five_people
from tests.controls.person_desk import Register, account, register_desk, roster_number
from tests.controls.test_personchanges import _decide_raw

FEBRUARY = Month(2026, 2)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Register:
    """An office whose register knows the five people of the roster."""
    made = register_desk(store_url, tmp_path / "home")
    made.load()
    return made


def test_a_relatives_account_is_changed_by_somebody_else(office: Register) -> None:
    """C7: whose own or relative's number is in a change or in a whole file of first accounts neither asks nor decides, in Python and in the database."""
    file = office.desk.take(pa.Table.from_pylist(five_people(), schema=ROSTER), "roster", "花名册.csv", "zhang")
    whole = Wanted("bank_accounts", 0, file_id=file.file_id, fund="R", relation="self", from_on=FEBRUARY.first_day)
    asked, single = office.ask(whole), office.ask(account(1, month=FEBRUARY))
    with office.desk.unit() as work:
        run_guards(work.connection, Path(personchanges.__file__).parent / "grant_guards")
        for number, user in enumerate(("li", "chen"), start=1):
            given = {"relation": "lineal", "number": roster_number(1), "name": "甲1", "note": "", "declared_by": user, "declared_at": NOW}
            work.connection.execute(relative.insert().values(relative_id=number, user_id=user, **given))
        work.commit()
    for wanted in (account(1, month=FEBRUARY), whole):
        with pytest.raises(Related):
            office.ask(replace(wanted, fund="R"), "chen")
    for change in (asked, single):
        with pytest.raises(Related):
            office.decide(change.change_id, "li")
    with pytest.raises(DatabaseRefusal, match="SB2116"):
        _decide_raw(office, single.change_id, "li")
    with pytest.raises(DatabaseRefusal, match="SB2116"):
        office.decide(asked.change_id, "feng")

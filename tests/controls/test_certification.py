"""资格认证: who is due, paused by two, resumed by two, and which months are then paid back; and who comes of age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow
import pytest

from controls import persons, roster, screening
from controls.beneficiaries import backpay, certification, coming_of_age, pausing
from controls.beneficiaries.certification import LATE, NOW, SOON, DueList
from controls.errors import NotAllowed
from controls.registers import law, store
from ledger import accounts
from ledger.db import reading
from ledger.funds import Fund
from ledger.months import Month
from tests.controls.payment_desk import JANUARY, someone
from tests.controls.payment_desk import NOW as JANUARY_15
from tests.controls.person_desk import Register, register_desk, roster_number, who
from tests.ledger.person_store import row, table

FEBRUARY = "2026-02-20T09:00:00+08:00"
APRIL = "2026-04-10T09:00:00+08:00"
"""1 certified two years ago, 2 to January, 3 to February, 4 lately; 5 never, and draws since 2024-12."""
CERTIFIED = {1: date(2024, 1, 5), 2: date(2025, 1, 20), 3: date(2025, 2, 3), 4: date(2025, 11, 1)}


@dataclass
class Office:
    """The register desk with its book, and five people who draw."""

    register: Register

    @property
    def book(self) -> accounts.Book:
        with reading(self.register.desk.engine) as connection:
            return accounts.book_of(connection, Fund.R)

    def due(self, month: Month = JANUARY) -> DueList:
        with reading(self.register.desk.engine) as connection:
            return certification.due(connection, self.register.desk.home, self.book, month)

    def does(self, act: Any, user: str, now: str, *given: Any, **more: Any) -> Any:
        """One act in a unit of work."""
        with self.register.desk.unit() as work:
            done = act(work, self.register.desk.home, who(user), now, self.book, *given, **more)
            work.commit()
        return done


def person(n: int, **more: Any) -> dict[str, Any]:
    """One of the five, drawing since 2020 unless said otherwise."""
    given = {"benefit_status": "正常领取", "start_month": 202001}
    return row(n, f"甲{n}", number=roster_number(n), number_ok=True, **{**given, **more})


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Office:
    """An office whose January was paid and whose register knows who draws since when."""
    made = register_desk(store_url, tmp_path / "home")
    rows = [person(n) for n in range(1, 5)] + [person(5, start_month=202412)]
    given = table(*rows).append_column("certified_on", pa.array([CERTIFIED.get(n) for n in range(1, 6)], pa.date32()))
    given = given.append_column("file", pa.array(["领取.csv"] * 5)).append_column("file_birth", pa.nulls(5, pa.date32()))
    source = made.desk.take(given.append_column("retire_kind", pa.array([""] * 5)), "people", "领取.csv", "qian")
    with made.desk.unit() as work:
        persons.load(work, made.desk.home, who("chen"), JANUARY_15, source.file_id)
        work.commit()
    made.desk.released()
    return Office(made)


def numbers(lines: list[certification.DueLine]) -> list[str]:
    return [one.number[-4:-1] for one in lines]


def test_who_is_due(office: Office) -> None:
    """A certification holds twelve months, as rule E2 counts; who was never certified holds from the first month drawn."""
    made = office.due()
    assert {state: numbers(made.of(state)) for state in (LATE, NOW, SOON)} == {LATE: ["001", "005"], NOW: ["002"], SOON: ["003"]}
    assert (made.drawing, made.unknown) == (5, ())


def test_a_certification_entered_counts(office: Office) -> None:
    """The register of certifications counts beside the people file, until it is void."""
    entered(office, 1, "2026-01-10")
    assert numbers(office.due().of(LATE)) == ["005"]


def entered(office: Office, n: int, day: str, now: str = JANUARY_15) -> None:
    """A certification of one person entered by 认证经办."""
    made = law.get("certifications")
    cells = {"证件号码": roster_number(n), "姓名": f"甲{n}", "认证日期": day, "认证方式": "窗口办理", "凭据": f"认证表{n}"}
    with office.register.desk.unit() as work:
        store.add(work, now, someone("qian"), made, office.book, [store.read_payload(made, cells)])
        work.commit()


def test_paused_and_resumed_by_two_and_paid_back(office: Office, tmp_path: Path) -> None:
    """Late people are paused only when another reviewed it; once certified they draw again, and the months between are one roster file, once."""
    with pytest.raises(NotAllowed):
        office.does(pausing.pause, "zhang", FEBRUARY, Month(2026, 1), Month(2026, 2))
    asked = office.does(pausing.pause, "qian", FEBRUARY, Month(2026, 1), Month(2026, 2))
    assert (len(asked.changes), asked.passed_over) == (2, 0)
    assert office.does(pausing.pause, "qian", FEBRUARY, Month(2026, 1), Month(2026, 2)).passed_over == 2
    assert office.due(Month(2026, 2)).drawing == 5
    with pytest.raises(NotAllowed):
        office.does(pausing.decide, "qian", FEBRUARY, accept=True)
    assert len(office.does(pausing.decide, "feng", FEBRUARY, accept=True)) == 2
    assert office.due(Month(2026, 2)).drawing == 3
    assert office.does(pausing.resume, "qian", APRIL, Month(2026, 4)).changes == ()
    entered(office, 1, "2026-04-02", APRIL)
    assert len(office.does(pausing.resume, "qian", APRIL, Month(2026, 4)).changes) == 1
    office.does(pausing.decide, "feng", APRIL, accept=True)
    with office.register.desk.unit() as work:
        made, written = backpay.write(work, APRIL, someone("zhang"), office.book, tmp_path / "out")
        work.commit()
    told = arrow.read_csv(written.path).to_pylist()
    assert (written.lines, written.persons, written.fen, made.paid_already) == (4, 1, 2 * 18301, 0)
    assert [(one["待遇类型"], str(one["所属期"])[:7]) for one in told] == [
        ("补发个人账户养老金", "2026-02"), ("补发基础养老金", "2026-02"), ("补发个人账户养老金", "2026-03"), ("补发基础养老金", "2026-03"),
    ]  # fmt: skip


def test_who_comes_of_age(store_url: str, tmp_path: Path) -> None:
    """Insured people who turn sixty in the months asked for, from the first of the month after; who draws already is not told."""
    register = register_desk(store_url, tmp_path / "home")
    born = {6: date(1966, 1, 3), 7: date(1966, 3, 31), 8: date(1966, 4, 1), 9: date(1966, 2, 1)}
    rows = [
        row(n, f"乙{n}", number=f"620821{day:%Y%m%d}{n:03d}X", number_ok=True, birth=day, **({} if n == 9 else {"benefit_status": "", "start_month": None}))
        for n, day in born.items()
    ]
    register.load(*rows)
    with reading(register.desk.engine) as connection:
        found = coming_of_age.listed(connection, accounts.book_of(connection, Fund.R), Month(2026, 1), Month(2026, 3))
    told = [(one.name, str(one.reached), str(one.first_due), one.years) for one in found]
    assert told == [("乙6", "2026-01", "2026-02", 0), ("乙7", "2026-03", "2026-04", 0)]


def test_the_check_before_payment_counts_the_register(office: Office) -> None:
    """C10, E2: who was certified too long ago is named before payment, and no more once the register has it; a voided entry counts for nothing."""
    desk = office.register.desk

    def named() -> set[str]:
        with reading(desk.engine) as connection:
            made = roster.get(connection, 1)
            return {one.finding.id_number for one in screening.new_findings(connection, desk.home, made) if one.finding.rule.startswith("E2")}

    assert named() == {roster_number(1), roster_number(5)}
    entered(office, 1, "2025-12-30")
    assert named() == {roster_number(5)}
    made = law.get("certifications")
    with desk.unit() as work:
        store.do(work, JANUARY_15, who("li"), store.get(work.connection, made, office.book.book_id, 1), "void", {}, None)
        work.commit()
    assert named() == {roster_number(1), roster_number(5)}

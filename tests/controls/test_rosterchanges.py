"""The register at the roster: changes listed once and signed, lines that differ from what is in force, and a check that goes stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from controls import roster as rosters
from controls import rosterchanges, signoff
from controls.changecontent import Wanted
from controls.errors_payment import RosterChanged, StaleCheck
from controls.screening import Outcome
from ledger.db import reading
from ledger.errors import DatabaseRefusal
from ledger.months import Month
from tests.controls.payment_desk import NOW, five_people, line
from tests.controls.person_desk import Register, account, register_desk, roster_account, status
from tests.ledger.person_store import row

FEBRUARY = Month(2026, 2)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Register:
    """An office whose register knows the five people of the roster."""
    made = register_desk(store_url, tmp_path / "home")
    made.load()
    return made


def listed(office: Register, roster_id: int) -> list[int]:
    with reading(office.desk.engine) as connection:
        return [one.change_id for one in rosterchanges.shown(connection, rosters.get(connection, roster_id))]


def rules(office: Register, roster_id: int) -> dict[str, tuple[str, bool]]:
    """Rule and number of each stored finding → its last digits and whether it blocks."""
    from controls import answers

    with reading(office.desk.engine) as connection:
        return {f"{item.rule} {item.number[-4:-1]}": (item.why, item.blocking) for item in answers.findings(connection, rosters.get(connection, roster_id))}


def test_an_empty_register_says_nothing(store_url: str, tmp_path: Path) -> None:
    """Where nobody is registered the check finds and counts nothing of the register."""
    office = register_desk(store_url, tmp_path / "home")
    found = office.desk.check(office.desk.build())
    assert (found.register, found.account_changes, found.warnings) == ({}, 0, 0)


def test_strangers_are_only_counted(office: Register) -> None:
    """Somebody on the roster whom the register does not know, or who has no account there, is a count and no finding."""
    office.changed(account(1, roster_account(1)))
    found: Outcome = office.desk.check(office.desk.build([*five_people(), line(11, 9, "基础养老金", 16300)]))
    assert (found.register, found.warnings, found.blocking) == ({"registered": 5, "unknown": 1, "no_account": 4}, 0, 0)


def test_a_line_to_another_account_is_a_warning(office: Register) -> None:
    """The account in force in the month decides: another one is a warning that names change and signers; next month's account does not count yet."""
    office.changed(account(1))
    office.changed(account(2, month=FEBRUARY))
    office.changed(account(3, roster_account(3)))
    roster_id = office.desk.build()
    assert office.desk.check(roster_id).warnings == 1
    assert rules(office, roster_id) == {"R1-ACCOUNT-DIFFERS 001": ("登记簿自 2026-01 起的账户，变更 1：chen 申请，feng 审核", False)}


def test_a_link_moves_no_money(office: Register) -> None:
    """Each number of a person is paid to its own record's account; a record without one is compared with the other's."""
    office.changed(account(2, roster_account(2)))
    office.changed(account(3, roster_account(3)))
    office.changed(Wanted("link", 2, other_person=1))
    office.changed(Wanted("link", 3, other_person=1))
    roster_id = office.desk.build()
    assert office.desk.check(roster_id).warnings == 1
    assert list(rules(office, roster_id)) == ["R1-ACCOUNT-DIFFERS 001"]


def test_a_name_the_register_does_not_know_is_a_warning(office: Register) -> None:
    """A name on the line that the number never bore is a warning; a former name is none."""
    office.changed(Wanted("name", 2, value="甲贰", from_on=date(2026, 1, 1)))
    rows = [{**one, "name": "乙", "name_norm": "乙", "holder": "乙"} if one["number"].endswith("003X") else one for one in five_people()]
    roster_id = office.desk.build(rows)
    assert office.desk.check(roster_id).warnings == 1
    assert list(rules(office, roster_id)) == ["R2-NAME-DIFFERS 003"]


def test_who_was_stopped_by_two_is_held(office: Register) -> None:
    """A status of two signatures that ended payment before the month blocks its monthly lines; one from a list warns; arrears of earlier months are due."""
    for person, start in ((1, "2026-01-01"), (2, "2026-01-02"), (3, "2025-06-01")):
        office.changed(status(person, "suspended", start), user="qian")
    lists = [row(4, "甲4", number="62082119500101004X", number_ok=True, region="620822", benefit_status="死亡", end_month=202511)]
    office.load(*lists, name="b.csv")
    rows = [*five_people(), line(11, 3, "补发", 100, item_class="arrears", period=202505), line(12, 4, "基础养老金", 100, region="620822")]
    rows.append(line(13, 1, "丧葬费", 100, item_class="funeral"))
    roster_id = office.desk.build(rows)
    found = office.desk.check(roster_id)
    assert rules(office, roster_id) == {
        "R3-STATUS 001": ("状态由两人签字", True), "R3-STATUS 003": ("状态由两人签字", True), "R3-STATUS 004": ("状态来自人员名单", False),
    }  # fmt: skip
    assert (found.blocking, found.warnings, found.newly_held) == (2, 1, 4)


def test_each_change_is_listed_at_one_roster(office: Register) -> None:
    """A change is listed at the first roster that pays under it; a withdrawn roster gives its list back; refused changes are not listed."""
    office.changed(account(1, roster_account(1)))
    office.changed(account(2, roster_account(2), month=FEBRUARY))
    office.decide(office.ask(account(3)).change_id, accept=False, reason="户名不符")
    first = office.desk.build()
    assert office.desk.check(first).account_changes == 1
    assert listed(office, first) == [1]
    with office.desk.unit() as work:
        from tests.controls.payment_desk import someone

        signoff.withdraw(work, someone("zhang"), NOW, first, "文件有误")
        work.commit()
    second = office.desk.build([*five_people(), line(11, 7, "基础养老金", 1)])
    office.desk.check(second)
    assert listed(office, second) == [1]


def test_a_change_after_the_check_makes_it_stale(office: Register) -> None:
    """An account accepted for the month after the check is not passed over: the check has to run again before anybody signs."""
    roster_id = office.desk.build()
    office.desk.check(roster_id)
    office.changed(account(1, roster_account(1)))
    with pytest.raises(StaleCheck, match="账户变更 1"):
        office.desk.sign(roster_id, "submit", "zhang")
    office.desk.check(roster_id)
    assert office.desk.sign(roster_id, "submit", "zhang").digest


def test_the_list_of_changes_is_part_of_what_is_signed(office: Register) -> None:
    """Changing who reviewed a listed change voids the signatures (C2); without a list the digest is what it was before there was a register."""
    office.changed(account(1, roster_account(1)))
    roster_id = office.desk.build()
    office.desk.check(roster_id)
    office.desk.sign(roster_id, "submit", "zhang")
    from tests.controls.test_personchanges import _unguarded

    _unguarded(office, "shebao_person_decision", "UPDATE shebao_person_decision SET decided_by = 'li'")
    with pytest.raises(RosterChanged):
        office.desk.sign(roster_id, "review", "li")


def test_changes_are_listed_only_by_the_check(office: Register) -> None:
    """The database takes a listed change only while the check is under way."""
    office.changed(account(1, roster_account(1)))
    roster_id = office.desk.build()
    office.desk.check(roster_id)
    with pytest.raises(DatabaseRefusal, match="SB3033"), office.desk.unit() as work:
        work.connection.exec_driver_sql(f"INSERT INTO shebao_roster_person_change VALUES (1, {roster_id}, 1, 1)")
    with pytest.raises(DatabaseRefusal, match="SB3113"), office.desk.unit() as work:
        work.connection.exec_driver_sql("DELETE FROM shebao_roster_person_change")


def test_three_hundred_lines_compare_as_one(office: Register) -> None:
    """The comparison is of persons, not of lines: a person's several lines to another account are one finding with all its lines."""
    office.changed(replace(account(1), value="6228480000000000009"))
    rows = [line(n, 1, f"项目{n}", 100) for n in range(1, 301)]
    with reading(office.desk.engine) as connection:
        made = rosters.get(connection, office.desk.build())
        found = rosterchanges.compare(connection, made, pa.Table.from_pylist(rows))
    assert [(one.finding.rule, len(one.seqs), one.finding.amount) for one in found.differences] == [("R1-ACCOUNT-DIFFERS", 300, 30000)]

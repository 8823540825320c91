"""Cases of held lines, supplements that pay them, what is released once, and what was removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from controls import answers, roster, rosterbuild, signoff, supplements
from controls.errors import NotAllowed, SamePerson
from controls.errors_payment import NoReason
from controls.findings import Evidence, Finding, Row, Severity
from controls.roster_tables import clearing_decision, release_item, supplement_line
from controls.rosterlaw.errors import NothingCleared, NotInList, ReleasedTwice, WrongCase
from controls.rosters import cases, removed
from controls.tables import roster as roster_table
from ledger.errors import DatabaseRefusal
from ledger.funds import Fund
from ledger.months import Month
from tests.controls.payment_desk import DEAD, JANUARY, NOW, ROSTER, STAFF, Desk, Screened, desk, five_people, line, someone
from tests.controls.person_desk import account, register_desk

PROOF = "ab" * 32


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def _asked(office: Desk, roster_id: int, seq: int) -> None:
    with office.unit() as work:
        cases.ask(work, someone("zhang"), NOW, roster_id, seq, "alive", PROOF, "户籍证明.pdf")
        work.commit()


def _cleared(office: Desk, roster_id: int, *seqs: int) -> None:
    for seq in seqs:
        _asked(office, roster_id, seq)
        with office.unit() as work:
            cases.clear(work, someone("li"), NOW, roster_id, seq)
            work.commit()


def _supplement(office: Desk, period: Month = JANUARY) -> int:
    with office.unit() as work:
        made = supplements.build(work, office.home, someone("zhang"), NOW, Fund.R, period).roster
        work.commit()
    return made.roster_id


def test_a_held_line_is_cleared_by_two_and_paid_by_a_supplement(office: Desk) -> None:
    """Notified, asked with evidence, cleared by another: one supplement pays the held lines, whose old lead only warns; then nothing waits any more."""
    first = office.released(DEAD)
    with office.unit() as work:
        assert cases.notify(work, someone("zhang"), NOW, first, 3, "cd" * 32, "village").state == "noticed"
        work.commit()
    with pytest.raises(NothingCleared):
        _supplement(office)
    _cleared(office, first, 3, 8)
    second = _supplement(office)
    with office.engine.connect() as connection:
        found = list(roster.lines(connection, roster.get(connection, second)))
        assert [(one.seq, one.item, one.net_fen, one.note) for one in found] == [
            (1, "基础养老金", 16300, f"补发花名册 {first} 序号 3 的暂缓"), (2, "个人账户养老金", 2003, f"补发花名册 {first} 序号 8 的暂缓"),
        ]  # fmt: skip
        assert {case.state for case in cases.listed(connection)} == {"supplemented"}
    again = Screened(DEAD.finding, (1, 2), True, "依据：D1-POSTHUMOUS")
    outcome = office.check(second, again)
    assert (outcome.blocking, outcome.warnings, outcome.newly_held) == (0, 1, 0)
    office.answer(second, rule="D1-POSTHUMOUS")
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(second, step, user)
    assert office.release(second).fen == 18303
    with office.engine.connect() as connection:
        assert {case.state for case in cases.listed(connection)} == {"paid"}
    with pytest.raises(NothingCleared):
        _supplement(office)


def test_another_lead_blocks_a_supplement_all_the_same(office: Desk) -> None:
    """Only the lead that two people cleared is eased; a new one on the same line holds it again."""
    first = office.released(DEAD)
    _cleared(office, first, 3, 8)
    second = _supplement(office)
    other = Screened(
        Finding(
            rule="P3-TWICE", severity=Severity.HIGH, id_number=DEAD.finding.id_number, name="甲3", fund="R", region="620821", periods=(202601,), amount=16300,
            counterpart="", confidence=1000, reason="甲3", evidence=Evidence((Row("花名册.csv", 2),), row_count=1),
        ),
        (1,), True, "重复",
    )  # fmt: skip
    assert office.check(second, other).newly_held == 1


def test_clearing_takes_two_people_a_listed_reason_and_a_release(office: Desk) -> None:
    """One alone, a reason of one's own, an unreleased roster, a second request: each is refused; kept lines may be asked for again."""
    roster_id = office.build()
    office.check(roster_id, DEAD)
    with pytest.raises(WrongCase, match="尚未放行"):
        _asked(office, roster_id, 3)
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(roster_id, step, user)
    office.release(roster_id)
    with office.unit() as work:
        with pytest.raises(NotInList, match="alive"):
            cases.ask(work, someone("zhang"), NOW, roster_id, 3, "领导同意", PROOF, "x.pdf")
        with pytest.raises(NotInList):
            cases.notify(work, someone("zhang"), NOW, roster_id, 3, PROOF, "托梦")
        with pytest.raises(WrongCase, match="没有暂缓"):
            cases.ask(work, someone("zhang"), NOW, roster_id, 4, "alive", PROOF, "x.pdf")
    _asked(office, roster_id, 3)
    with pytest.raises(WrongCase):
        _asked(office, roster_id, 3)
    both = type(someone("zhang"))("zhang", "张经办", someone("li").duties)
    with pytest.raises(SamePerson), office.unit() as work:
        cases.clear(work, both, NOW, roster_id, 3)
    with pytest.raises(DatabaseRefusal, match="SB3002"), office.unit() as work:
        row = {"clearing_no": 1, "decision": "cleared", "note": "", "decided_by": "zhang", "decided_at": NOW}
        work.connection.execute(clearing_decision.insert().values(**row))
    with office.unit() as work:
        with pytest.raises(NoReason):
            cases.keep(work, someone("li"), NOW, roster_id, 3, " ")
        assert cases.keep(work, someone("li"), NOW, roster_id, 3, "证明不足").state == "held"
        work.commit()
    _asked(office, roster_id, 3)


def test_the_database_pays_no_line_that_was_not_cleared(office: Desk) -> None:
    """A supplement's line without two people's clearing, or for another amount, is refused by the database itself."""
    first = office.released(DEAD)
    _cleared(office, first, 3)
    with office.unit() as work:
        second = supplements.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY).roster
        assert (second.line_count, second.net_fen) == (1, 16300)
        with pytest.raises(sa.exc.DBAPIError, match="SB3033"):
            key = {"book_id": 1, "roster_id": second.roster_id, "seq": 1, "from_roster": first, "from_seq": 8}
            work.connection.execute(supplement_line.insert().values(**key))


def test_one_component_of_a_month_is_released_once(office: Desk) -> None:
    """The same item of one person twice in a roster is refused at submission; the database refuses a second release by its key, and one left out."""
    roster_id = office.build([*five_people(), line(11, 1, "基础养老金", 100)])
    office.check(roster_id)
    with pytest.raises(ReleasedTwice, match="序号 11（基础养老金 2026-01）与花名册 1 序号 1"):
        office.sign(roster_id, "submit", "zhang")
    with office.unit() as work:
        signoff.withdraw(work, someone("zhang"), NOW, roster_id, "重复行")
        work.commit()
    first = office.released()
    with office.engine.connect() as connection:
        rows = connection.execute(sa.select(release_item).order_by(release_item.c.seq)).all()
    assert [(row.seq, row.source, row.again) for row in rows] == [(seq, "benefit", 0) for seq in range(1, 11)]
    with pytest.raises(DatabaseRefusal), office.unit() as work:
        work.connection.execute(release_item.insert().values(**{**rows[0]._mapping, "seq": 99}))
    with pytest.raises(DatabaseRefusal, match="SB3041"), office.unit() as work:
        work.connection.exec_driver_sql("DELETE FROM shebao_release_item")
    assert first


def test_what_failed_may_be_released_again_and_only_that(office: Desk) -> None:
    """A payment the bank refused is released once more under its roster's number; the others are not."""
    first = office.released()
    office.send(first)
    office.returned(first, office.answer_of_bank(first, 2))
    second = office.build([{**line(1, 2, "基础养老金", 16300), "note": "退票重发"}])
    office.check(second)
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(second, step, user)
    office.release(second)
    with office.engine.connect() as connection:
        row = connection.execute(sa.select(release_item).where(release_item.c.roster_id == second)).one()
        assert row.again == first
        told = {(one.kind, one.why): (one.lines, one.fen) for one in removed.counted(connection)}
    assert told == {("failed", "账户已销户"): (2, 18302)}
    with pytest.raises(DatabaseRefusal, match="SB2176"), office.unit() as work:
        key = {"book_id": 1, "who": "620821195001010011X", "item": "基础养老金", "period": 202601, "source": "benefit", "roster_id": second, "seq": 9}
        work.connection.execute(release_item.insert().values(**key, again=first))


def test_what_was_removed_is_counted_by_reason(office: Desk) -> None:
    """F19: held lines are counted by rule and month with their money, whichever roster is looked at."""
    office.released(DEAD)
    with office.engine.connect() as connection:
        (one,) = removed.counted(connection, since=JANUARY, until=JANUARY, fund=Fund.R)
        assert (one.kind_zh, one.why, one.lines, one.fen) == ("暂缓", "D1-POSTHUMOUS", 2, 18303)
        assert removed.counted(connection, since=Month(2026, 2)) == removed.counted(connection, fund=Fund.E) == []
        assert connection.execute(sa.select(sa.func.count()).select_from(roster_table)).scalar_one() == 1


@pytest.mark.parametrize("user", [user for user in STAFF if user not in ("zhang", "li")])
def test_a_case_is_handled_by_its_duties_alone(office: Desk, user: str) -> None:
    """Everybody but handler and reviewer is refused at every step of a case, before anything of it is told."""
    with office.unit() as work:
        for act in (
            lambda: cases.notify(work, someone(user), NOW, 99, 3, PROOF, "village"), lambda: cases.ask(work, someone(user), NOW, 99, 3, "alive", PROOF, "x"),
            lambda: cases.clear(work, someone(user), NOW, 99, 3), lambda: cases.keep(work, someone(user), NOW, 99, 3, "x"),
            lambda: supplements.build(work, office.home, someone(user), NOW, Fund.R, JANUARY),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()


def test_a_supplement_pays_to_the_account_in_force(store_url: str, tmp_path: Path) -> None:
    """A line held with an account that was changed since is paid to the register's, and the change is listed for those who sign, who must answer it."""
    register = register_desk(store_url, tmp_path / "home")
    register.load()
    office = register.desk
    first = office.released(DEAD)
    register.changed(account(3, month=Month(2026, 2)))
    _cleared(office, first, 3)
    second = _supplement(office, Month(2026, 2))
    with office.engine.connect() as connection:
        (paid,) = roster.lines(connection, roster.get(connection, second))
        assert (paid.account, paid.holder, paid.net_fen) == ("6228480000000099999", "甲3", 16300) and "账户由" in paid.note
    outcome = office.check(second)
    with office.engine.connect() as connection:
        (found,) = answers.findings(connection, outcome.roster)
    assert (found.rule, found.blocking) == ("R4-ACCOUNT-CURRENT", False) and "chen 申请，feng 审核" in found.why
    office.answer(second, rule="R4-ACCOUNT-CURRENT")
    office.sign(second, "submit", "zhang")


def test_a_decided_lead_warns_until_its_facts_change(office: Desk) -> None:
    """DOMAIN §6.3: the same record of the same source only warns at the next roster, naming who decided; another date, or a line kept, holds again."""
    dead = replace(DEAD, finding=replace(DEAD.finding, counterpart="公安:2025-12-01"))
    office.released(dead)
    _cleared(office, 1, 3)
    second = _next(office)
    later = replace(dead, finding=replace(dead.finding, periods=(202601, 202602), amount=32600), seqs=(1,))
    outcome = office.check(second, later)
    with office.engine.connect() as connection:
        (found,) = answers.findings(connection, outcome.roster)
    assert (found.blocking, outcome.newly_held) == (False, 0) and "zhang 凭证据申请、li 于 2026-01-15 批准解除" in found.why
    other = replace(later, finding=replace(later.finding, counterpart="公安:2025-12-01;民政:2025-11-30"))
    assert office.check(second, other).newly_held == 1


def _next(office: Desk) -> int:
    """A roster of one of the five for February."""
    rows = [line(1, 3, "基础养老金", 16300, period=202602)]
    source = office.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", "二月.csv", "zhang")
    with office.unit() as work:
        made = rosterbuild.build(work, office.home, someone("zhang"), NOW, Fund.R, Month(2026, 2), file_id=source.file_id).roster
        work.commit()
    return made.roster_id


def test_a_line_kept_on_hold_is_held_again(office: Desk) -> None:
    """The newest decision counts: a request that was refused suppresses nothing."""
    dead = replace(DEAD, finding=replace(DEAD.finding, counterpart="公安:2025-12-01"))
    office.released(dead)
    _asked(office, 1, 3)
    with office.unit() as work:
        cases.keep(work, someone("li"), NOW, 1, 3, "证明不足")
        work.commit()
    assert office.check(_next(office), replace(dead, seqs=(1,))).newly_held == 1

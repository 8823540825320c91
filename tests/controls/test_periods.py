"""Periods: checked, proposed by one, confirmed by another, and then closed for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from controls import periods, vouchers
from controls.closing_checks import Check, laws, whole
from controls.errors import NotAllowed, SamePerson
from controls.periods import NotReadyToClose
from ledger import balances, chain, posted
from ledger.db import reading
from ledger.entries import Entry, Line, Side
from ledger.errors import DatabaseRefusal, Refusal
from ledger.errors_posting import BadTransition, PeriodNotOpen
from ledger.lawfile import BadLawFile
from ledger.months import Month
from tests.controls.voucher_desk import BOOK, BOTH, FEBRUARY, JANUARY, NOW, OTHERS, QIAN, SUN, ZHAO, Office, by_table, office, received


def tax(fen: int, source: str, month: Month = JANUARY) -> Entry:
    """Premiums in the treasury (C1), not yet on the 财政专户."""
    return received(fen, source, account="1005", income="400101", month=month, event="C1")


def failing(desk: Office, month: Month = JANUARY, explained: tuple[str, ...] = ()) -> list[str]:
    with reading(desk.engine) as connection:
        return [check.code for check in periods.checklist(connection, BOOK, month, explained) if check.stops]


def states(desk: Office) -> list[str]:
    with reading(desk.engine) as connection:
        return [f"{one.month} {one.state}" for one in periods.states(connection, 1)]


def test_a_month_closes_by_two_people(store_url: str) -> None:
    """L5, C1: 会计 proposes, the closing voucher is reviewed and posted, 会计主管 confirms; results are zero and the next month is open."""
    desk = office(store_url)
    desk.booked(received(500), received(-200, "red"))
    draft = desk.step(periods.propose, ZHAO, BOOK, JANUARY)
    assert (draft.state, draft.maker, draft.entry.closing, draft.entry.debit) == ("made", "zhao", True, 300)
    assert states(desk) == ["2026-01 locked"]
    desk.review(draft)
    desk.post(draft)
    desk.step(periods.confirm, SUN, BOOK, JANUARY)
    assert states(desk) == ["2026-01 closed", "2026-02 open"]
    with reading(desk.engine) as connection:
        ends = balances.closing_balances(balances.movements(connection, 1))
        acts = [(record.act, record.actor) for record in chain.records(connection) if record.thing.startswith("period:")]
        facts = [json.loads(record.facts) for record in chain.records(connection) if record.act in {"propose-close", "close"}]
    assert {code: fen for code, fen in ends.items() if fen} == {"100301": 300, "3001": -300}
    assert acts == [("propose-close", "zhao"), ("close", "sun"), ("open-period", "sun")]
    assert all(ok for fact in facts for _, ok, _, hard, *_ in fact["checks"] if hard)


def test_the_checklist_stops_the_closing(store_url: str) -> None:
    """SB3111: K0 waits for every voucher, K10 for money still in the treasury unless its reason is written down; nothing is locked before."""
    desk = office(store_url)
    desk.booked(tax(700, "tax-1"))
    draft = desk.propose(received())
    assert failing(desk) == ["K0", "K10"]
    for step in (desk.make, desk.review):
        step(draft)
        assert failing(desk, explained=("1005",)) == ["K0"]
    with pytest.raises(NotReadyToClose, match=r"1-2（待记账）.*1005"):
        desk.step(periods.propose, ZHAO, BOOK, JANUARY)
    desk.post(draft)
    assert failing(desk) == ["K10"]
    assert states(desk) == ["2026-01 open"]
    made = desk.step(periods.propose, ZHAO, BOOK, JANUARY, {"1005": "12月30日入库，次月划转"})
    assert made.entry.debit == 800
    with reading(desk.engine) as connection:
        (record,) = [record for record in chain.records(connection) if record.act == "propose-close"]
    assert json.loads(record.facts)["explained"] == {"1005": "12月30日入库，次月划转"}


def test_a_rejected_voucher_does_not_stop_the_closing(store_url: str) -> None:
    """A voucher that was sent back waits for nobody."""
    desk = office(store_url)
    desk.reject(desk.propose(received()), ZHAO)
    assert failing(desk) == []
    assert desk.step(periods.propose, ZHAO, BOOK, JANUARY) is None


def test_months_close_in_order(store_url: str) -> None:
    """K0b: a month with results behind an unclosed one cannot be proposed; empty months before it close together with it."""
    desk = office(store_url)
    desk.booked(received(500))
    desk.step(periods.open_next, SUN, 1)
    desk.booked(received(70, "feb", month=FEBRUARY))
    assert failing(desk, FEBRUARY) == ["K0b"]
    with pytest.raises(NotReadyToClose, match="2026-01 尚未结账"):
        desk.step(periods.propose, ZHAO, BOOK, FEBRUARY)
    desk.closed(JANUARY)
    desk.step(periods.open_next, SUN, 1)
    desk.booked(received(7, "mar", month=FEBRUARY + 1))
    desk.closed(FEBRUARY)
    desk.closed(FEBRUARY + 1)
    assert states(desk) == ["2026-01 closed", "2026-02 closed", "2026-03 closed", "2026-04 open"]


def test_empty_months_close_together(store_url: str) -> None:
    """Months without results close with the next one that is confirmed, each with a record in the trail (C6)."""
    desk = office(store_url)
    desk.step(periods.open_next, SUN, 1)
    desk.booked(received(70, "feb", month=FEBRUARY))
    desk.closed(FEBRUARY)
    assert states(desk) == ["2026-01 closed", "2026-02 closed", "2026-03 open"]
    with reading(desk.engine) as connection:
        assert [record.thing for record in chain.records(connection) if record.act == "close"] == ["period:1:2026-01", "period:1:2026-02"]


def test_only_the_right_people_close(store_url: str) -> None:
    """C1, C5: only a 会计 proposes, only a 会计主管 confirms, opens or unlocks, and nobody confirms what they proposed themselves (SB3002)."""
    desk = office(store_url)
    for stranger in (*OTHERS.values(), SUN):
        with pytest.raises(NotAllowed):
            desk.step(periods.propose, stranger, BOOK, JANUARY)
    desk.step(periods.propose, BOTH, BOOK, JANUARY)
    for stranger in (*OTHERS.values(), ZHAO):
        for act in (periods.confirm, periods.unlock):
            with pytest.raises(NotAllowed):
                desk.step(act, stranger, BOOK, JANUARY, *(["x"] if act is periods.unlock else []))
        with pytest.raises(NotAllowed):
            desk.step(periods.open_next, stranger, 1)
    with pytest.raises(SamePerson):
        desk.step(periods.confirm, BOTH, BOOK, JANUARY)
    desk.step(periods.confirm, SUN, BOOK, JANUARY)
    assert states(desk) == ["2026-01 closed", "2026-02 open"]


def test_nobody_confirms_an_earlier_month_they_proposed(store_url: str) -> None:
    """C1: who proposed an empty month does not close it by confirming the next one."""
    desk = office(store_url)
    desk.step(periods.propose, BOTH, BOOK, JANUARY)
    desk.step(periods.open_next, SUN, 1)
    desk.step(periods.propose, ZHAO, BOOK, FEBRUARY)
    with pytest.raises(SamePerson):
        desk.step(periods.confirm, BOTH, BOOK, FEBRUARY)
    desk.step(periods.confirm, SUN, BOOK, FEBRUARY)
    assert states(desk) == ["2026-01 closed", "2026-02 closed", "2026-03 open"]


def test_confirming_proves_again(store_url: str) -> None:
    """SB3111: the closing voucher must be posted, nothing may lie on the desk by any door, and the statements must cross-foot."""
    desk = office(store_url)
    desk.booked(received(500))
    draft = desk.step(periods.propose, ZHAO, BOOK, JANUARY)
    with pytest.raises(NotReadyToClose, match=r"4201 余 -5\.00 元"):
        desk.step(periods.confirm, SUN, BOOK, JANUARY)
    desk.review(draft)
    desk.post(draft)
    slipped = {"voucher_id": "9", "source_key": "'late'", "state": "'proposed'", "entry_id": "NULL"}
    slipped |= dict.fromkeys(("maker", "made_at", "reviewer", "reviewed_at", "reviewed_digest"), "''")
    columns = [column.name for column in vouchers.voucher.c]
    desk.sql(f"INSERT INTO shebao_voucher SELECT {', '.join(slipped.get(name, name) for name in columns)} FROM shebao_voucher WHERE voucher_id = 1")
    copied = "SELECT book_id, 9, line_no, account, side, amount_fen, dimension, memo FROM shebao_voucher_line WHERE voucher_id = 1"
    desk.sql(f"INSERT INTO shebao_voucher_line {copied}")
    with pytest.raises(NotReadyToClose, match="1 张凭证未记账"):
        desk.step(periods.confirm, SUN, BOOK, JANUARY)
    desk.step(vouchers.reject, SUN, 1, 9, "来路不明")
    with pytest.raises(NotReadyToClose, match="资产不等于"):
        desk.step(periods.confirm, SUN, BOOK, JANUARY, [Check("K2", False, "资产不等于负债加净资产")])
    desk.step(periods.confirm, SUN, BOOK, JANUARY, [Check("K11", False, "只是提示")])
    assert states(desk)[0] == "2026-01 closed"


def test_steps_out_of_turn(store_url: str) -> None:
    """SB1308: a month that is not open is not proposed, one that is not locked is neither confirmed nor unlocked."""
    desk = office(store_url)
    for act, actor, month, more in (
        (periods.confirm, SUN, JANUARY, ()),
        (periods.unlock, SUN, JANUARY, ("x",)),
        (periods.propose, ZHAO, FEBRUARY, ()),
        (periods.confirm, SUN, FEBRUARY, ()),
    ):
        with pytest.raises(BadTransition):
            desk.step(act, actor, BOOK, month, *more)
    desk.closed(JANUARY)
    for act, actor, more in ((periods.propose, ZHAO, ()), (periods.confirm, SUN, ()), (periods.unlock, SUN, ("x",))):
        with pytest.raises(BadTransition, match="已结账"):
            desk.step(act, actor, BOOK, JANUARY, *more)


def test_a_locked_month_goes_back_with_a_reason(store_url: str) -> None:
    """会计主管 unlocks a month while its closing voucher is not posted: the voucher is sent back, the reason is in the trail, and it closes later."""
    desk = office(store_url)
    desk.booked(received(500))
    draft = desk.step(periods.propose, ZHAO, BOOK, JANUARY)
    with pytest.raises(PeriodNotOpen):
        desk.booked(received(30, "late"))
    desk.step(periods.unlock, SUN, BOOK, JANUARY, "补记利息")
    with reading(desk.engine) as connection:
        assert vouchers.get(connection, 1, draft.voucher_id).state == "rejected"
        assert [json.loads(record.facts) for record in chain.records(connection) if record.act == "unlock-period"] == [{"reason": "补记利息"}]
    desk.booked(received(30, "late"))
    again = desk.step(periods.propose, ZHAO, BOOK, JANUARY)
    assert again.entry.debit == 530
    desk.review(again)
    desk.post(again)
    with pytest.raises(BadTransition, match="结转凭证已记账"):
        desk.step(periods.unlock, SUN, BOOK, JANUARY, "x")
    with pytest.raises(DatabaseRefusal, match="SB1308"):
        desk.sql("UPDATE shebao_period SET state = 'open'")
    desk.step(periods.confirm, SUN, BOOK, JANUARY)
    assert states(desk) == ["2026-01 closed", "2026-02 open"]


HEADER = (
    "INSERT INTO shebao_entry VALUES (1, 3, 202601, '记', 2, '2026-01-05', 'now', '', 's', 0, 'a', 'b', 'a', 'x', 's', {closing}, NULL, 2, 100, "
    "NULL, 0, 0, '', NULL, 0, 0, '', 'd')"
)


def test_a_closed_month_takes_nothing(store_url: str) -> None:
    """L5: neither voucher, nor closing voucher, nor red entry, nor direct SQL brings anything into a closed month, nor opens it again."""
    desk = office(store_url)
    desk.booked(received(500))
    desk.closed(JANUARY)
    with reading(desk.engine) as connection:
        before = list(posted.entries(connection, 1))
    red = replace(received(-500, "red"), corrects=1)
    carried = Entry(JANUARY, JANUARY.last_day, "结转", (Line("4201", Side.D, 1), Line("3001", Side.C, 1)), "28号", "late", event="X1", kind="转", closing=True)
    for made in (received(source="late-1"), red, carried):
        with pytest.raises(PeriodNotOpen):
            desk.booked(made)
    doors = {
        HEADER.format(closing=0): "SB1302",
        HEADER.format(closing=1): "SB1302",
        "UPDATE shebao_period SET state = 'open' WHERE period = 202601": "SB1308",
        "UPDATE shebao_period SET state = 'locked' WHERE period = 202601": "SB1308",
        "UPDATE shebao_period SET period = 202512 WHERE period = 202601": "SB1308",
        "DELETE FROM shebao_period WHERE period = 202601": "SB1308",
        "UPDATE shebao_entry SET period = 202601": "SB1303",
        "UPDATE shebao_balance SET debit_fen = 0 WHERE period = 202601": "SB1303",
        "INSERT INTO shebao_line VALUES (1, 1, 3, '100301', 'D', 5, '', '')": "SB1309",
        "INSERT INTO shebao_payout VALUES (1, 1, '1', 'x', 202601, 5, '50010101')": "SB1309",
    }
    for statement, code in doors.items():
        with pytest.raises(Refusal, match=code):
            desk.sql(statement)
    with reading(desk.engine) as connection:
        assert list(posted.entries(connection, 1)) == before
        assert balances.prove(connection, 1) == 3


def test_proposing_stays_possible_for_another_accountant(store_url: str) -> None:
    """The closing voucher is an ordinary one: another 会计 may post it, its reviewer may not be its maker."""
    desk = office(store_url)
    desk.booked(received(500))
    draft = desk.step(periods.propose, BOTH, BOOK, JANUARY)
    with pytest.raises(SamePerson):
        desk.review(draft, BOTH)
    desk.review(draft)
    assert desk.post(draft, QIAN).entry_id == 2
    assert NOW.startswith(str(JANUARY))


def test_the_file_gives_each_check_its_level() -> None:
    """Levels and order come from templates/closing.yaml; a check nothing computed stands as not run, an unknown one is refused."""
    shown = whole([Check("K12", False, "日记账差 1.00 元"), Check("K1", True, "试算平衡", hard=False)])
    assert [check.code for check in shown] == [code for code, law in laws().items() if not law.special]
    by_code = {check.code: check for check in shown}
    assert (by_code["K1"].hard, by_code["K12"].stops, by_code["K12"].ran, by_code["K15"].ran) == (True, False, True, False)
    with pytest.raises(BadLawFile):
        whole([Check("K99", True, "不存在")])


def test_soft_checks_are_kept_and_stop_nothing(store_url: str) -> None:
    """K11 names the 财政专户 whose reconciliation is missing; the month closes, and the trail keeps what was shown."""
    desk = office(store_url)
    desk.booked(received(500))
    with reading(desk.engine) as connection:
        missing = [check for check in periods.checklist(connection, BOOK, JANUARY) if check.code == "K11"]
    assert [(check.ok, check.hard) for check in missing] == [(False, False)]
    assert "1003" in missing[0].text
    desk.step(periods.propose, ZHAO, BOOK, JANUARY)
    with reading(desk.engine) as connection:
        (record,) = [record for record in chain.records(connection) if record.act == "propose-close"]
    assert ["K11", False, missing[0].text, False, None, None] in json.loads(record.facts)["checks"]


def test_by_table_months_close_without_a_voucher(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """表结法: January closes by two people with results left in the accounts and the departure on the record; nothing else is loosened."""
    by_table(tmp_path, monkeypatch, "2026-01-01")
    desk = office(store_url)
    desk.booked(received(500))
    assert desk.step(periods.propose, ZHAO, BOOK, JANUARY) is None
    with pytest.raises(NotAllowed):
        desk.step(periods.confirm, ZHAO, BOOK, JANUARY)
    desk.step(periods.confirm, SUN, BOOK, JANUARY)
    assert states(desk) == ["2026-01 closed", "2026-02 open"]
    with reading(desk.engine) as connection:
        ends = balances.closing_balances(balances.movements(connection, 1))
        facts = [json.loads(record.facts) for record in chain.records(connection) if record.act in {"propose-close", "close"}]
    assert {code: fen for code, fen in ends.items() if fen} == {"100301": 500, "4201": -500}
    assert facts[0]["method"] == "表结法"
    assert any("偏离" in text for code, _, text, *_ in facts[1]["checks"] if code == "K10")


def test_the_method_does_not_change_within_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SB3140: a method that begins in July is refused until the next January."""
    by_table(tmp_path, monkeypatch, "2026-07-01")
    assert periods.method(Month(2026, 6)) == "账结法"
    with pytest.raises(periods.MethodChanged):
        periods.method(Month(2026, 7))
    assert periods.method(Month(2027, 1)) == "表结法"
    assert not periods.carries_over(Month(2027, 11))
    assert periods.carries_over(Month(2027, 12))


def test_a_december_without_movement_still_carries_its_year_over(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """K0b by 表结法: January is not closed before an empty December has carried the year's results over, were they even nil in sum."""
    by_table(tmp_path, monkeypatch, "2026-01-01")
    desk = office(store_url)
    november, december = Month(2026, 11), Month(2026, 12)
    for _ in range(12):
        desk.step(periods.open_next, SUN, 1)
    desk.booked(received(500, "nov", month=november), received(-500, "red", income="400101", month=november, event="C3"))
    desk.closed(november)
    january = december + 1
    assert failing(desk, january) == ["K0b"]
    desk.closed(december)
    assert failing(desk, january) == []

"""A month of 低保 in its special book, told end to end on both databases: money in by document, paid by list, returned, stated, closed, proved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from controls import comebacks
from ledger import balances
from ledger.months import Month, months
from shebao import papers, special
from shebao.store import Office
from shebao.verification import verify_paper, verify_store
from tests.controls.payment_desk import someone
from tests.special.office import CENTRAL, COUNTY, DB, JANUARY, NOW, NUMBERS, OLD, Special, legs

ROSTER = "序号,险种,证件号码,姓名,待遇类型,所属期,应发金额,实发金额,银行账号,户名"


def roster_lines() -> list[str]:
    """Four people with 低保金 of 1,500.00, the first with a 分类施保金 of 100.00 beside it."""
    rows = [f"{n},低保,{number},甲{n},低保金,2026-01,1500.00,1500.00,622848000000000000{n},甲{n}" for n, number in enumerate(NUMBERS, 1)]
    return [ROSTER, *rows, f"5,低保,{NUMBERS[0]},甲1,分类施保金,2026-01,100.00,100.00,6228480000000000001,甲1"]


@pytest.fixture
def office(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Special]:
    """An office with the book of 低保 open from January 2026."""
    monkeypatch.setattr(Office, "now", Office.now)
    made = Special(tmp_path / "office", store_url)
    made.open()
    yield made
    made.office.engine.dispose()


def test_a_month_of_subsistence_money(office: Special, tmp_path: Path) -> None:
    """Σ received = Σ paid + balance by document, township and level; lists = vouchers; L1–L11 hold; the paper proves itself; the year closes."""
    office.know_people()
    office.post(special.carry_in(office.of("zhao"), DB, [(OLD, "1000.00")]))
    office.post(office.subsidies(f"DB,中央,{CENTRAL},低保补助,5000.00,2026-01-05", f"低保,县,{COUNTY},低保配套,2500.00,2026-01-06"))
    office.post([office.enter("ZX05", "2026-01-07", "800.00", "拨款单01", town="东河镇", document=CENTRAL)])
    office.post([office.enter("ZX06", "2026-01-12", "700.00", "报账01", "paid/低保金", town="东河镇", document=CENTRAL)])
    office.post([office.enter("ZX07", "2026-01-13", "100.00", "回单88", town="东河镇", document=CENTRAL)])
    roster = office.release(office.take("roster", *roster_lines(), user="zhang"))
    office.send(roster)
    office.bank_answers(roster, 4)
    sent, returned = office.booked(roster)
    assert sorted(legs(sent)) == [("Z01", "C", 610000, "", ""), ("Z04", "D", 610000, "", "")]
    assert sorted(legs(returned)) == sorted(
        [
            ("C0101", "D", 100000, OLD, "东河镇"), ("C0101", "D", 200000, CENTRAL, "东河镇"), ("C0101", "D", 150000, CENTRAL, "西山乡"),
            ("C0103", "D", 10000, CENTRAL, "东河镇"), ("Z01", "D", 150000, "", ""), ("Z04", "C", 610000, "", ""),
        ]
    )  # fmt: skip
    office.take("bank", "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号", "6217000000000000017,2026-01-20,退票,,1500.00,1500.00,TP01")
    with office.unit() as work:
        comebacks.record(work, office.home, someone("zhao"), NOW, roster, 3, date(2026, 1, 20), "账户已冻结")
        work.commit()
    (came_back,) = office.booked(roster)
    assert sorted(legs(came_back)) == [("C0101", "C", 150000, CENTRAL, "西山乡"), ("Z01", "D", 150000, "", "")]
    office.post([special.pay(office.of("zhao"), DB, date(2026, 1, 22), "价格临时补贴", "600.00", "审批表07", {"town": "西山乡", "from": "Z01"})])
    office.post([office.enter("ZX14", "2026-01-23", "50.00", "追回01", "recovered/低保金", town="东河镇", document=CENTRAL)])
    office.post([office.enter("ZX04", "2026-01-24", "1.23", "结息单01")])
    assert [(one.document, one.free) for one in special.documents(office.of("zhao"), DB)] == [(OLD, 0), (CENTRAL, 165000), (COUNTY, 250000), ("", 123)]
    checks = special.checks(office.of("zhao"), DB, JANUARY)
    assert [(one.code, one.ok) for one in checks] == [(f"ZB{n}", n < 7) for n in range(1, 8)], checks
    _reconciled(office, tmp_path)
    _stated(office, tmp_path)
    assert office.close(JANUARY) is None
    assert [one.text for one in verify_store(office.office) if not one.ok] == []


def _reconciled(office: Special, out: Path) -> None:
    """The special account is reconciled with the bank's statement like any other, and the checklist knows."""
    with office.of("zhao").reading() as connection:
        book = office.book()
        ends = balances.closing_balances(balances.movements(connection, book.book_id, JANUARY))["Z01"]
    opening, total = 100000, ends / 100
    rows = f"6217000000000000018,2026-01-31,本月合计,,{(ends - opening) / 100:.2f},{total:.2f},HZ01"
    file = office.take("bank", "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号", rows)
    made, paper = papers.write_reconciliation(office.of("zhao"), book, "Z01", JANUARY, file, out / "papers")
    assert made.adjusted_book == made.adjusted_statement and paper.files[0].exists()
    assert [one.code for one in special.checks(office.of("zhao"), DB, JANUARY) if not one.ok] == []


def _stated(office: Special, out: Path) -> None:
    """The paper: its sums by item, document, township and level, and its proof by reprint."""
    files, _ = special.write_statement(office.of("zhao"), DB, JANUARY, out / "papers")
    lines = json.loads(files[2].read_text("utf-8"))["lines"]
    money = {row["label"]: row["values"] for row in lines if row["table"] == "money"}
    assert money["一、期初结余"]["本年累计"] == "1000.00" and money["二、收入"]["本月数"] == "7501.23" and money["五、期末结余"]["本月数"] == "4151.23"
    assert money["三、支出"]["本月数"] == "4350.00" and money["低保金"]["本月数"] == "3650.00" and money["分类施保金"]["本月数"] == "100.00"
    towns = {row["label"]: row["values"] for row in lines if row["table"] == "towns"}
    assert (towns["东河镇"]["支出合计"], towns["西山乡"]["支出合计"], towns["合计"]["支出合计"]) == ("3750.00", "600.00", "4350.00")
    levels = {row["label"]: row["values"] for row in lines if row["table"] == "levels"}
    assert levels["合计"] == {"中央": "3350.00", "上年结转": "1000.00", "支出合计": "4350.00"}
    papers = {row["label"]: row["values"] for row in lines if row["table"] == "documents"}
    assert papers[f"{CENTRAL}（中央）"]["期末结余"] == "1650.00" and papers["合计"]["期末结余"] == "4151.23"
    assert [one for one in verify_paper(office.office, files[0]) if not one.ok] == []
    assert files[1].stat().st_size > 4000
    text = files[2].read_text("utf-8")
    assert not any(number in text or f"甲{n}" in text for n, number in enumerate(NUMBERS, 1))


def test_the_year_is_carried_over_once(office: Special) -> None:
    """Months close without a voucher; December carries income and expense to 专项结余, and documents keep what they have left."""
    office.post(office.subsidies(f"DB,中央,{CENTRAL},低保补助,5000.00,2026-01-05"))
    office.post([special.pay(office.of("zhao"), DB, date(2026, 1, 22), "低保金", "600.00", "审批表07", {"from": "Z01"})])
    december = Month(2026, 12)
    for month in [Month(2025, 12), *months(JANUARY, december)]:
        made = office.close(month)
        assert (made is None) is (month != december)
    assert made is not None and sorted(legs(made)) == [
        ("C0101", "C", 60000, CENTRAL, ""), ("J01", "C", 500000, "", ""), ("J01", "D", 60000, "", ""), ("S0101", "D", 500000, CENTRAL, ""),
    ]  # fmt: skip
    assert [(one.document, one.free) for one in special.documents(office.of("zhao"), DB)] == [(CENTRAL, 440000)]
    office.post([special.pay(office.of("zhao"), DB, date(2027, 1, 8), "低保金", "40.00", "审批表08", {"from": "Z01"})])
    files, _ = special.write_statement(office.of("zhao"), DB, Month(2027, 1), office.folder / "papers")
    lines = {row["label"]: row["values"] for row in json.loads(files[2].read_text("utf-8"))["lines"] if row["table"] == "money"}
    assert lines["一、期初结余"]["本年累计"] == "4400.00" and lines["五、期末结余"]["本年累计"] == "4360.00"
    assert [one.text for one in verify_store(office.office) if not one.ok] == []

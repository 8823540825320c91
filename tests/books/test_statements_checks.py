"""Cross-foot checks K1–K11, K16 and K17 as values that explain themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from books import cross_checks
from books.cross_checks import Assertion
from books.reconcile import BookSide, StatementSide, reconcile
from books.statements import balance_sheet, balances, income_statement
from ledger.balances import Movement
from ledger.funds import Fund
from ledger.months import Month
from tests.books.paper_samples import OCTOBER, OPENING, bank, item, movements


def failed(checks: list[Assertion]) -> set[str]:
    return {check.code for check in checks if not check.ok}


def test_a_clean_month_passes_every_check() -> None:
    """K1 to K10 hold for a month that is booked and closed as the law says."""
    checks = cross_checks.for_month(Fund.R, OCTOBER, OPENING, movements())
    assert failed(checks) == set()
    assert {check.code for check in checks} == {"K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K10"}
    assert all("：" in check.explain_zh or "余额" in check.explain_zh for check in checks)


@pytest.mark.parametrize("month", [Month(2026, 9), Month(2026, 12), Month(2027, 1), Month(2027, 2)])
def test_the_checks_hold_across_the_turn_of_the_year(month: Month) -> None:
    """January starts a new year without breaking K7 or K8."""
    assert failed(cross_checks.for_month(Fund.R, month, OPENING, movements(Month(2026, 9), Month(2027, 2)))) == set()


DETAIL_OF_NO_LINE = [
    Movement("1004", OCTOBER, 0, 5),
    Movement("500109", OCTOBER, 5, 0, 0, 5),
    Movement("3001", OCTOBER, 0, 0, 5, 0),
]
OPPOSITE_SIDE = [
    Movement("100301", OCTOBER, 0, 5),
    Movement("420101", OCTOBER, 5, 0, 0, 5),
    Movement("3001", OCTOBER, 0, 0, 5, 0),
]


@pytest.mark.parametrize(
    ("extra", "codes"),
    [
        ([Movement("1004", OCTOBER, 1, 0)], {"K1", "K2"}),
        ([Movement("1202", OCTOBER, 5, 0), Movement("1004", OCTOBER, 0, 5)], {"K2", "K3"}),
        ([Movement("1004", OCTOBER, 5, 0), Movement("4501", OCTOBER, 0, 5)], {"K2", "K7", "K10"}),
        (DETAIL_OF_NO_LINE, {"K5"}),
        (OPPOSITE_SIDE, {"K7"}),
        ([Movement("1002", OCTOBER, 5, 0), Movement("1004", OCTOBER, 0, 5)], {"K10"}),
    ],
    ids=["one-sided", "account-of-no-line", "not-closed", "detail-of-no-line", "opposite-side-correction", "income-account-not-emptied"],
)
def test_each_planted_fault_is_caught_by_its_check(extra: list[Movement], codes: set[str]) -> None:
    """A fen too much, an account no line reads, an open month, a detail no line reads, a correction on the wrong side, money left in 1002."""
    checks = cross_checks.for_month(Fund.R, OCTOBER, OPENING, [*movements(), *extra])
    assert codes <= failed(checks)
    assert "K1" in codes or "K1" not in failed(checks)


def test_money_on_its_way_passes_once_explained() -> None:
    """A balance of 1005 at month end is a finding until somebody says why."""
    moves = [*movements(), Movement("1005", OCTOBER, 5, 0), Movement("1004", OCTOBER, 0, 5)]
    assert "K10" in failed(cross_checks.for_month(Fund.R, OCTOBER, OPENING, moves))
    assert failed(cross_checks.for_month(Fund.R, OCTOBER, OPENING, moves, explained={"1005": "31 日入库，次日划转"})) == set()


def test_a_cumulative_column_that_was_typed_over_fails_k8() -> None:
    """K8 compares each line with last month's cumulative."""
    income = income_statement(Fund.R, OCTOBER, OPENING, movements())
    before = income_statement(Fund.R, OCTOBER - 1, OPENING, movements())
    spoiled = replace(income, lines=tuple(replace(line, cumulative=line.cumulative + 1) if line.code == "1.4001" else line for line in income.lines))
    wrong = [check for check in cross_checks.k8(spoiled, before) if not check.ok]
    assert [check.left - check.right for check in wrong] == [1]
    assert "社会保险费收入" in wrong[0].explain_zh


def test_medical_insurance_keeps_its_three_parts() -> None:
    """K4, K6 and K9 hold for ME with unsplit income in a month before December, and K9 fails in December."""
    opening = {"100301": 1_000, "300101": -600, "300102": -400}
    moves = [Movement("1005", OCTOBER, 90, 0), Movement("4601", OCTOBER, 0, 90)]
    october = cross_checks.for_month(Fund.ME, OCTOBER, opening, moves, explained={"1005": "次日划转"})
    assert failed(october) == set()
    assert "K9" in {check.code for check in october}
    assert "K9" in failed(cross_checks.for_month(Fund.ME, Month(2026, 12), opening, moves))


def test_a_reconciliation_is_an_assertion_too() -> None:
    """K11 takes both adjusted balances."""
    made = reconcile("1004", "支出户存款", OCTOBER, BookSide(0, 5, (item(3, 5),)), StatementSide(0, 0, bank(0)))
    assert cross_checks.k11(made).ok
    broken = reconcile("1004", "支出户存款", OCTOBER, BookSide(7, 12, (item(3, 5),)), StatementSide(0, 0, bank(0)))
    assert not cross_checks.k11(broken).ok


def test_a_sub_ledger_sums_to_its_control_account() -> None:
    """K16 by counterparty."""
    held = {"110109": 30, "110105": 12}
    assert cross_checks.k16("1101", held, {"甲": 30, "乙": 12}).ok
    assert not cross_checks.k16("1101", held, {"甲": 30}).ok


def test_the_opening_column_equals_last_december() -> None:
    """K17 line by line."""
    moves = movements(Month(2026, 9), Month(2027, 1))
    january, december = (balance_sheet(Fund.R, month, OPENING, moves) for month in (Month(2027, 1), Month(2026, 12)))
    assert failed(cross_checks.k17(january, december)) == set()
    assert failed(cross_checks.k17(balance_sheet(Fund.R, Month(2027, 1), OPENING, moves, opening_of_year=balances({}, moves, OCTOBER)), december)) == {"K17"}

"""The statutory statements from movements (28号 Part 5)."""

from __future__ import annotations

import pytest

from books.statement_lines import load_statements
from books.statements import balance_sheet, balances, income_statement
from ledger.balances import Movement
from ledger.funds import Fund
from ledger.months import Month
from tests.books.paper_samples import OCTOBER, OPENING, movements


def test_closing_entries_never_count_as_income_or_expenditure() -> None:
    """The month's lines show what was booked, though the closing entry moved every account back to nothing."""
    made = income_statement(Fund.R, OCTOBER, OPENING, movements())
    shown = {line.code: (line.current, line.cumulative) for line in made.lines}
    assert shown["1.4001"] == (30_000_00, 60_000_00)
    assert shown["1"] == (70_123_45, 140_246_90)
    assert shown["2.5001"] == (55_000_00, 110_000_00)
    assert shown["3"] == (15_123_45, 30_246_90)


def test_the_balance_sheet_balances_after_closing() -> None:
    """期末 holds the closed month's result in 一般基金结余, and both sides agree in both columns."""
    made = balance_sheet(Fund.R, OCTOBER, OPENING, movements())
    assert made.line("A.total").closing == made.line("LN.total").closing == 1_030_246_90
    assert made.line("A.total").opening == made.line("LN.total").opening == 1_000_000_00
    assert made.line("A").opening is None


def test_the_year_begins_with_last_years_closing_balances() -> None:
    """年初余额 in January is the balance of December, not the opening voucher again."""
    moves = movements(Month(2026, 9), Month(2027, 1))
    january = balance_sheet(Fund.R, Month(2027, 1), OPENING, moves)
    december = balance_sheet(Fund.R, Month(2026, 12), OPENING, moves)
    assert [line.opening for line in january.lines] == [line.closing for line in december.lines]
    income = income_statement(Fund.R, Month(2027, 1), OPENING, moves)
    assert all(line.current == line.cumulative for line in income.lines)


def test_an_annual_statement_shows_this_year_and_last_year() -> None:
    """Annual columns are 本年数 and 上年数; the second equals last year's first."""
    moves = movements(Month(2025, 11), Month(2026, 12))
    this, last = (income_statement(Fund.R, Month(year, 12), OPENING, moves, annual=True) for year in (2026, 2025))
    assert this.columns == ("本年数", "上年数")
    assert [line.cumulative for line in this.lines] == [line.current for line in last.lines]
    assert this.line("1.4001").current == 12 * 30_000_00


@pytest.mark.parametrize(
    ("account", "code", "debit", "credit", "expected"),
    [
        ("420101", "1.4201", 500, 800, 800),
        ("420101", "1.4201", 0, 800 - 500, 300),
        ("40010101", "1.4001", 500, 800, 300),
        ("4202", "1.4202", 800, 500, -300),
        ("500101", "2.5001", 800, 500, 300),
        ("5401", "2.5401", 800, 500, 800),
    ],
)
def test_each_line_reads_the_side_the_law_says(account: str, code: str, debit: int, credit: int, expected: int) -> None:
    """Interest takes credits only (a red-letter credit lowers it), premiums and benefits are net, other expenditure takes debits only."""
    made = income_statement(Fund.R, OCTOBER, {}, [Movement(account, OCTOBER, debit, credit)])
    assert made.line(code).current == expected


@pytest.mark.parametrize("fund", list(Fund))
def test_every_fund_shows_every_line_of_its_form_in_order(fund: Fund) -> None:
    """Lines come as the form of the fund has them; only lines marked if_used may be absent."""
    law = load_statements()
    shown = [line.code for line in income_statement(fund, OCTOBER, {}, []).lines]
    assert shown == [line.code for line in law.income_lines(fund, month=10) if line.shown == "always"]
    sheet = [line.label for line in balance_sheet(fund, OCTOBER, {}, []).lines]
    assert sheet == [line.printed for line in law.balance_lines(fund, month=10, tier="county") if line.shown == "always"]


def test_unsplit_medical_income_is_a_balance_until_november() -> None:
    """待转基金 of ME shows the balance of 4601 and 4602 in both columns, and no line in December."""
    moves = [Movement("1005", OCTOBER, 900, 0), Movement("4601", OCTOBER, 0, 700), Movement("4602", OCTOBER, 0, 200)]
    october = income_statement(Fund.ME, OCTOBER, {}, moves)
    assert (october.line("5.46").current, october.line("5.46").cumulative) == (900, 900)
    assert balance_sheet(Fund.ME, OCTOBER, {}, moves).line("N.3001").closing == 900
    with pytest.raises(KeyError):
        income_statement(Fund.ME, Month(2026, 12), {}, moves).line("5.46")


def test_a_line_shown_only_when_used_appears_with_an_amount() -> None:
    """风险基金结余 stands on the balance sheet of MR once it holds something."""
    made = balance_sheet(Fund.MR, OCTOBER, {"100301": 500, "3101": -500}, [])
    assert made.line("N.3101").closing == 500


def test_balances_take_every_movement_up_to_the_month() -> None:
    """Closing entries count in balances, later months do not."""
    held = balances(OPENING, movements(), Month(2026, 9))
    assert held["3001"] == -(1_000_000_00 + 15_123_45)
    assert held["40010101"] == 0

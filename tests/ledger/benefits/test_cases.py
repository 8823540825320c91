"""Worked cases of benefits, and the statutory figures they rest on."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from ledger import retirement
from ledger.benefits import explain, facts
from ledger.benefits.award import compute
from ledger.benefits.cases import Outcome, read_cases, run, run_all
from ledger.benefits.scheme import scheme, schemes
from ledger.lawfile import BadLawFile
from ledger.months import Month
from ledger.parameters import Parameters

LAW = Parameters.load()
OUTCOMES = run_all(LAW)


@pytest.mark.parametrize("one", OUTCOMES, ids=lambda one: one.case.name)
def test_every_worked_case_holds(one: Outcome) -> None:
    """Each case of templates/cases/benefits gives what it says, or is refused as it says."""
    assert one.trouble == ""


def test_every_benefit_has_a_case() -> None:
    """No way to reckon a benefit is without a worked case."""
    named = {name for one in OUTCOMES for name in (one.case.scheme,)}
    assert [one.scheme for one in schemes() if not named & {one.scheme, one.zh}] == []


def test_a_statutory_table_is_proved_row_by_row() -> None:
    """The tables stand whole (31 ages; every birth month from before the delay to its end), and a wrong row is named."""
    sizes = {one.case.name: len(one.case.table.rows) for one in OUTCOMES if one.case.table is not None}
    assert sizes == {"计发月数 40岁至70岁": 31, "延迟退休 男职工 按出生年月": 146, "延迟退休 女职工55 按出生年月": 146, "延迟退休 女职工50 按出生年月": 122}
    wrong = {"each": "退休年龄", "gives": "计发月数", "rows": {60: 140, 61: 132}}
    case = {"name": "a", "scheme": "account-months", "period": "2025-01", "input": {}, "table": wrong}
    found = read_cases({"document": "x", "valid_from": date(2020, 1, 1), "reference": "x", "cases": [case]}, "x.yaml")
    assert run("x.yaml", found, found.cases[0], LAW).trouble == "退休年龄 60：计发月数 应为 140，算得 139"


def test_a_wrong_case_is_told() -> None:
    """A case whose figure is off by a fen, names nothing known, or wants another refusal does not hold, and says what was reckoned."""
    asked = {"scheme": "retirement-age", "period": "2025-01", "input": {"出生年月": "1965-01", "类别": "男职工"}}
    cases = [
        {**asked, "name": "a", "output": {"法定退休年月": "2025-03"}},
        {**asked, "name": "b", "output": {"没有的": 1}},
        {**asked, "name": "c", "refused": "SB1031"},
        {**asked, "name": "d", "input": {"出生年月": "1965-01", "类别": "男"}, "refused": "SB1031"},
    ]
    data = {"document": "x", "valid_from": date(2020, 1, 1), "reference": "x", "cases": cases}
    found = read_cases(data, "x.yaml")
    said = [run("x.yaml", found, case, LAW).trouble for case in found.cases]
    assert "2025-02" in said[0] and "没有的" in said[1] and "却算出" in said[2] and "SB1442" in said[3]


def test_a_case_says_output_or_refused() -> None:
    """A case with neither, or with both, is refused (SB1011)."""
    head = {"document": "x", "valid_from": date(2020, 1, 1), "reference": "x"}
    case = {"name": "a", "scheme": "retirement-age", "period": "2025-01", "input": {}}
    for more in ({}, {"output": {"a": 1}, "refused": "SB1031"}, {"output": {"a": [1]}}):
        with pytest.raises(BadLawFile):
            read_cases({**head, "cases": [{**case, **more}]}, "x.yaml")


@pytest.mark.parametrize("category", ["男职工", "女职工55", "女职工50"])
def test_two_reckonings_of_the_delay_agree(category: str) -> None:
    """The formula in the file and ledger.retirement give the same statutory age for every birth month of thirty years."""
    law = scheme("retirement-age", Month(2025, 1))
    for index in range(12 * 30):
        born = Month(1960, 1) + index
        award = compute(law, Month(2025, 1), facts.parse(law, {"出生年月": str(born), "类别": category}), LAW)
        at = award.line("原退休年月").value
        assert isinstance(at, Month)
        assert award.line("法定退休年龄月数").value == retirement.statutory_age(category, born, LAW, at.first_day)


def test_the_table_of_months_is_complete() -> None:
    """计发月数 stands for every age from 40 to 70 and falls from year to year."""
    table = [LAW.number("account_months", date(2020, 1, 1), age=str(age)) for age in range(40, 71)]
    assert (table[0], table[20], table[-1]) == (233, 139, 56)
    assert all(later < earlier for earlier, later in pairwise(table))


def test_the_minimum_years_rise_by_half_a_year() -> None:
    """180 months until 2029, then 6 more each year, 240 from 2039."""
    months = [LAW.number("employee_minimum_months", date(year, 6, 1)) for year in range(2029, 2042)]
    assert months == [180, *range(186, 246, 6), 240, 240]


def test_the_explanation_can_be_checked_by_hand() -> None:
    """The lines show formula, figures, rounding, parameter with dates and reference, and the sum."""
    one = next(one for one in OUTCOMES if one.case.name.startswith("职工 平均工资7000"))
    assert one.award is not None
    text = "\n".join(explain.lines(one.award))
    for wanted in (
        "(计发基数 + 指数化月平均缴费工资) ÷ 2 × 缴费年限 × 计发比例", "(7000.00 + 7000.00) ÷ 2 × 30 × 0.01 = 2,100.00 元", "120000 ÷ 139 = 863.309352… 元",
        "四舍五入到分：863.31 元　→ 个人账户养老金", "2006-01-01 起有效", "合计 2,963.31 元",
    ):  # fmt: skip
        assert wanted in text
    values = explain.as_values(one.award)
    assert values["total_fen"] == 296331 and values["steps"][-1]["exact"] == "120000/139"
    assert len(values["digest"]) == 64

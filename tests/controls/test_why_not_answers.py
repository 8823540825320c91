"""What an auditor is told: each answer that was once wrong, empty or contradicted itself."""

from __future__ import annotations

from typing import Any

import pytest

from controls.checks.why_not import WhyNot, why_not
from ledger.months import Month
from tests.controls.canonical import PEOPLE, tables

ACCOUNT = "6228480010000001"
Given = dict[str, list[dict[str, Any]]]


def months(who: str, **more: Any) -> list[dict[str, Any]]:
    """A quarter of payments."""
    return [{"id": who, "period": period, **more} for period in (202401, 202402, 202403)]


def asked(rule: str, given: Given, who: str = "A", as_of: Month | None = None) -> WhyNot:
    """The answer for a letter."""
    return why_not(PEOPLE[who][0], rule, tables(given), as_of=as_of)


ANSWERS: dict[str, tuple[str, Given, tuple[str, ...]]] = {
    "E1 long past the age": ("E1", {"payments": months("A")}, ("应领取月份：城乡居保 2010-04", "结论：不满足的条件：所属期早于应领取月份")),
    "E2 without a certificate": (
        "E2", {"payments": months("A"), "people": [{"id": "B", "start_month": 201001}]}, ("对此人没有运行", "结论：对此人没有运行（城乡居保：没有最近认证日期"),
    ),
    "E3 on probation": (
        "E3", {"payments": months("A"), "custody": [{"id": "A", "mode": "缓刑", "imprisoned_on": "2023-01-01"}]}, ("执行方式是缓刑，照发", "执行方式是缓刑"),
    ),
    "E3 released in the month of arrest": (
        "E3", {"payments": months("A"), "custody": [{"id": "A", "imprisoned_on": "2024-02-01", "released_on": "2024-02-20"}]},
        ("收监次月（2024-03）", "没有停发的月份"),
    ),
    "D1 moved away": (
        "D1", {"payments": months("A"), "deaths": [{"id": "A", "death_on": "2023-01-01", "is_death": False}]}, ("注销原因不是死亡", "注销原因不是死亡"),
    ),
    "D1 registered only": ("D1", {"payments": months("A"), "deaths": [{"id": "A"}]}, ("登记日期不能代替", "登记日期不能代替")),
    "A1 an institution": (
        "A1", {"payments": months("A", account=ACCOUNT) + months("B", account=ACCOUNT), "accounts": [{"account": ACCOUNT}]},
        ("登记为集中供养机构", "登记为集中供养机构"),
    ),
    "A2 no account": (
        "A2", {"payments": [*months("A", holder="某某"), {"id": "B", "account": ACCOUNT, "holder": "甲乙"}]}, ("没有收款账号（3 行）", "没有收款账号"),
    ),
    "P3 different items": (
        "P3", {"payments": [{"id": "A", "item": f"项目{nth}", "item_class": "pension"} for nth in range(4)]}, ("个数=1", "不满足的条件："),
    ),
    "S1 refunded": (
        "S1", {"contributions": [{"id": "A"}, {"id": "A", "amount": -10000}], "entitled": [{"id": "B"}]}, ("已全部退回，不再计为代缴", "已全部退回"),
    ),
    "S2 within the tier": ("S2", {"contributions": [{"id": "A", "tier": 10000}]}, ("累计代缴=100.00元、缴费档次=100.00元", "累计代缴超过")),
    "S4 left the list": (
        "S4", {"contributions": [{"id": "B", "year": 2025}], "entitled": [{"id": "A", "to_on": "2024-05-01"}, {"id": "B"}]},
        ("在名单的年度：没有起始 至 2024", "政府代缴"),
    ),
    "P1 one scheme": ("P1", {"payments": months("A")}, ("对得上的 0 行", "同一所属期另一险种也发养老金")),
    "P1 one after the other": (
        "P1", {"payments": [*months("A", fund="E"), {"id": "A", "fund": "R", "period": 202312}]}, ("对得上的 0 行", "同一所属期另一险种也发养老金"),
    ),
    "P2 one region": ("P2", {"payments": months("A")}, ("对得上的 0 行", "同一险种同一所属期另一地也发")),
    "P7 before the rule": (
        "P7", {"payments": [{"id": "A", "fund": "U", "item": "失业补助金", "item_class": "unemployment", "period": 201901 + nth} for nth in range(8)]},
        ("有效期：", "有效期"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_true_and_ends_with_what_decided(name: str) -> None:
    """The reason stands among the lines and in the last one, which never denies rows that were there."""
    rule, given, (said, last) = ANSWERS[name]
    lines = asked(rule, given).says()
    assert any(said in line for line in lines), lines
    assert lines[-1].startswith("结论：") and last in lines[-1], lines[-1]


def test_not_run_is_said_first_and_no_fund_is_forgotten() -> None:
    """What is missing to judge the person comes before anything else; whoever is judged is not told so."""
    given = {"payments": months("A") + months("B"), "people": [{"id": "B", "start_month": 201001}]}
    assert asked("E2", given).says()[0].startswith("规则 E2-NO-CERTIFICATE 对此人没有运行：城乡居保：没有最近认证日期")
    assert asked("E2", given, "B").unjudged == ()
    employee = {"payments": months("A", fund="E"), "people": [{"id": "A", "fund": "E"}, {"id": "B", "fund": "E", "retire_kind": "正常"}]}
    assert "职工养老" in asked("E1", employee).says()[0] and "退休类别" in asked("E1", employee).says()[0]


def test_a_finding_under_the_other_number_is_told() -> None:
    """Of a pair that has a finding the number kept is told where the finding stands, by its id, with the number masked on demand."""
    second = [{**one, "raw": _SLIP, "name": "张建国"} for one in months("A", account=ACCOUNT)]
    pair: Given = {"payments": [*months("A", account=ACCOUNT, fund="E"), *second]}
    found = why_not(_SLIP, "P4", tables(pair))
    (lead,) = found.findings
    other = asked("P4", pair)
    assert not other.findings and [one.finding_id for one in other.beside] == [lead.finding_id]
    said = other.says(lambda one: "……", lambda number: number[:6])
    assert said[0].startswith(f"疑点列在另一号码名下：{lead.finding_id}（{_SLIP[:6]}）") and said[-1] == "结论：疑点已报，列在另一号码名下。"


def test_a_term_and_a_death_need_the_name_where_the_number_fails() -> None:
    """A list's row with a failing number counts for the same name alone; the stage says so."""
    bad = "620821195003150019"
    given: Given = {"payments": [{"raw": bad, "name": "张建国"}], "deaths": [{"raw": bad, "name": "李四", "death_on": "2023-01-01"}]}
    said = why_not(bad, "D1", tables(given)).says()
    assert any("姓名又与所查数据中的不同" in line for line in said) and any("校验" in line for line in said[:1]), said


_SLIP = "620821195003150051"
"""The number of A with one digit wrong."""

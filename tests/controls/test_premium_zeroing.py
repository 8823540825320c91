"""The monthly 动态清零 report: the three lists, the identity that adds up, who moved, and last month beside this one."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import yaml

import templates
from controls.premiums import zeroing
from controls.premiums.zeroing import NOT_ENROLLED, NOT_ENTITLED, NOT_PAID, Change
from ledger.funds import Fund
from ledger.months import Month
from tests.controls.premium_people import REGION, died, entitled, numbers, paid, people, sources, table

MARCH = Month(2026, 3)


def test_three_lists_and_the_identity() -> None:
    """Everybody on the list is paid for, needs nobody to pay, or stands in a list; the sentence adds up."""
    who, old = numbers(8), numbers(1, year=1950)
    lists = sources(
        entitled=[entitled([*who[:6], *old])], people=[people([*who[:5], *who[6:], *old])],
        contributions=[paid([*who[:3], who[6]]), paid([who[7]], "个人")], deaths=[died([who[0]], "2026-02-01")],
    )  # fmt: skip
    made = zeroing.report(lists, Fund.R, MARCH, REGION)
    assert {name: made.count(name) for name in zeroing.LISTS} == {NOT_ENROLLED: 1, NOT_PAID: 2, NOT_ENTITLED: 2}
    assert dict(made.identity) == {"已代缴": 3, "已满60周岁": 1, NOT_ENROLLED: 1, NOT_PAID: 2}
    assert made.on_list == 7 and not made.zero
    reasons = {row["number"]: row["reason"] for row in made.open.to_pylist() if row["list"] == NOT_ENTITLED}
    assert reasons == {who[0]: "死亡后代缴", who[6]: "全年不在名单"}


def test_who_left_the_list_is_not_wrongly_paid() -> None:
    """Paid in a year in which the person was on the list for a while is right, though they are off it this month; nothing is asked for them."""
    one = numbers(1)
    lists = sources(entitled=[entitled(one, end="2026-02-10")], people=[people(one)], contributions=[paid(one)])
    made = zeroing.report(lists, Fund.R, MARCH, REGION)
    assert made.zero and made.on_list == 0


def test_who_cannot_be_compared_leaves_zero_unproved() -> None:
    """A number that is none, and a category nobody knows, stand apart in the sentence, and the month is not zero."""
    one = numbers(1)
    broken = table("entitled", ["62082819991301101X"], category="低保", from_on="2025-01-01", to_on=None, number_ok=False)
    strange = entitled(one, "不认识的类别")
    made = zeroing.report(sources(entitled=[broken, strange], people=[people(one)]), Fund.R, MARCH, REGION)
    assert made.on_list == made.unknown == 2 and not made.open.num_rows and not made.zero
    assert "无法比对 2 人" in made.proof() and "不需代缴 0 人" in made.proof()


def test_moves_of_the_month() -> None:
    """New, left, dead, turned 16 and turned 60 in the month are counted by category and town."""
    sixteen = [n for n in numbers(60_000, year=2010) if n[6:14] == "20100301"][:1]
    sixty = [n for n in numbers(60_000, year=1966) if n[6:14] == "19660301"][:1]
    who = numbers(3)
    lists = sources(
        entitled=[entitled(who[:1], start="2026-03-09"), entitled(who[1:2], end="2026-03-20"), entitled([who[2], *sixteen, *sixty])],
        people=[people([*who, *sixteen, *sixty])], deaths=[died([who[2]], "2026-03-05")],
    )  # fmt: skip
    made = zeroing.report(lists, Fund.R, MARCH, REGION)
    assert {move: persons for move, _, _, persons in made.moves} == {"新增": 1, "退出": 1, "死亡": 1, "年满16周岁": 1, "年满60周岁": 1}


def test_against_last_month() -> None:
    """What is new, what was settled and what is still open, list by list."""
    who = numbers(3)
    before = zeroing.report(sources(entitled=[entitled(who[:2])], people=[people(who)]), Fund.R, MARCH - 1, REGION)
    now = zeroing.report(sources(entitled=[entitled(who)], people=[people(who)], contributions=[paid(who[:1])]), Fund.R, MARCH, REGION)
    assert zeroing.against(now, before) == (Change(NOT_ENROLLED, 0, 0, 0), Change(NOT_PAID, 1, 1, 1), Change(NOT_ENTITLED, 0, 0, 0))


def test_medical_premiums_have_no_age() -> None:
    """MR: a child and an old person on the list are due like anybody; 职工医保 keeps a person out."""
    who = [*numbers(1, year=2020), *numbers(1, year=1940), *numbers(1)]
    lists = sources(entitled=[entitled(who)], people=[people(who, "MR"), people(who[2:], "ME")])
    made = zeroing.report(lists, Fund.MR, MARCH, REGION)
    assert made.count(NOT_PAID) == 2 and dict(made.identity) == {NOT_PAID: 2, "同年参加ME": 1}


def test_who_left_and_came_back_counts_in_their_own_months() -> None:
    """Two spans of one person: nothing is asked between them; coming back is new, going is gone, and a span that goes on is neither."""
    who = numbers(2)
    both = pa.concat_tables([entitled(who[:1], end="2026-02-10"), entitled(who[:1], start="2026-05-02"), entitled(who[1:], "低保", end="2026-03-31"),
                             entitled(who[1:], "特困", start="2026-04-01")])  # fmt: skip
    lists = sources(entitled=[both], people=[people(who)])
    made = {month: zeroing.report(lists, Fund.R, Month(2026, month), REGION) for month in (2, 3, 4, 5)}
    assert {month: one.count(NOT_PAID) for month, one in made.items()} == {2: 2, 3: 1, 4: 1, 5: 2}
    moved = {month: [(move, persons) for move, _, _, persons in one.moves] for month, one in made.items()}
    assert moved == {2: [("退出", 1)], 3: [], 4: [], 5: [("新增", 1)]}


def test_whose_registration_ended_is_not_enrolled() -> None:
    """A registration ended by its status, or before the month by its last month, is none; one that ends later is."""
    who = numbers(4)
    enrolled = people(who, enrol_status=["终止参保", "正常参保", "正常参保", "正常参保"], end_month=[None, 202602, 202603, None])
    made = zeroing.report(sources(entitled=[entitled(who)], people=[enrolled]), Fund.R, MARCH, REGION)
    assert [row["number"] for row in made.open.to_pylist() if row["list"] == NOT_ENROLLED] == sorted(who[:2])
    assert made.count(NOT_PAID) == 2


def test_claim_money_counts_until_a_file_tells_of_it() -> None:
    """Money of a claim is the premium of whom no file tells; the file's rows stand for it once they are in, and refunds likewise."""
    who = numbers(4)
    booked = pa.concat_tables([paid(who[:3], level="县", file="清册 1"), paid(who[2:3], level="县", amount=-10000, on="2026-03-20", file="清册 2")])
    lists = sources(entitled=[entitled(who)], people=[people(who)])
    made = zeroing.report(replace(lists, booked=booked), Fund.R, MARCH, REGION)
    assert dict(made.identity) == {"已代缴": 2, NOT_PAID: 2}
    told = sources(entitled=[entitled(who[1:])], people=[people(who)], contributions=[paid(who[:2], level="县")])
    made = zeroing.report(replace(told, booked=booked), Fund.R, MARCH, REGION)
    assert [(row["list"], row["number"], row["fen"]) for row in made.open.to_pylist() if row["list"] == NOT_ENTITLED] == [(NOT_ENTITLED, who[0], 10000)]
    struck = pa.concat_tables([paid(who[:1], file="清册 1"), paid(who[:1], amount=-10000, on="2026-03-21", file="清册 1")])
    assert zeroing.report(replace(lists, booked=struck), Fund.R, MARCH, REGION).count(NOT_PAID) == 4


def test_worked_cases_of_the_three_lists() -> None:
    """Each case that an accountant wrote gives its list and its reason."""
    for case in yaml.safe_load(templates.path("cases/premiums/zeroing.yaml").read_text(encoding="utf-8"))["cases"]:
        given, month = case["input"], Month.parse(case["period"])
        fund = Fund(given.get("fund", "R"))
        one = numbers(1, year=given.get("born", 1980))
        lists = sources(
            entitled=[entitled(one, given.get("category", "低保"), given["listed"], given.get("left"))] if "listed" in given else [],
            people=[people(one, other, enrol_status=given.get("status", "正常参保"), benefit_status=given.get("drawing", ""), start_month=given.get("since"))
                    for other in given.get("enrolled", [])],
            contributions=[paid(one, row.get("payer", "政府代缴"), fund=row.get("fund", fund.value), on=str(row["day"]), amount=row["yuan"] * 100)
                           for row in given.get("paid", [])],
            deaths=[died(one, str(given["died"]))] if "died" in given else [],
        )  # fmt: skip
        made = zeroing.report(lists, fund, month, REGION)
        found = {row["list"]: row["reason"] for row in made.open.to_pylist()}
        assert (found, made.zero) == (case["output"], not case["output"]), case["name"]

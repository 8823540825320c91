"""The monthly 动态清零 report: the three lists, the identity that adds up, who moved, and last month beside this one."""

from __future__ import annotations

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

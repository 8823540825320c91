"""Who is claimed for and who is not: the reasons, one premium a person, the shares without a lost fen, and the real figure at full size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from controls.premiums import claims, law, overlaps
from controls.premiums.errors import BadShares, ClaimEmpty
from ledger.funds import Fund
from ledger.parameters import ParameterUnset
from tests.controls.premium_people import HUNDRED, REGION, asked, died, entitled, numbers, office, paid, people, sources

CASES = Path(__file__).parents[2] / "templates" / "cases" / "premiums"


def test_the_figure_of_a_county() -> None:
    """54,064 people at the tier of 100 yuan are 5,406,400 yuan (大竹)."""
    everybody = numbers(54_064)
    drawn = claims.draw(sources(entitled=[entitled(everybody)], people=[people(everybody)]), asked(), office(*HUNDRED))
    assert (drawn.persons, drawn.fen, drawn.left.num_rows) == (54_064, 540_640_000, 0)


def test_unset_parameters_refuse() -> None:
    """Neither tier nor shares are guessed: SB1031 says who must set them."""
    one = numbers(1)
    given_ = sources(entitled=[entitled(one)], people=[people(one)])
    with pytest.raises(ParameterUnset) as refused:
        claims.draw(given_, asked())
    assert "premium_shares" in str(refused.value) or "代缴保费由谁出资" in str(refused.value)
    with pytest.raises(ParameterUnset):
        claims.draw(given_, asked(), office(HUNDRED[1]))


def test_everybody_left_out_has_a_reason() -> None:
    """Dead, under 16, 60 and over, drawing, in 职工, already paid, claimed before, student, not enrolled, of no known category: each is told."""
    adult, child, old = numbers(9), numbers(1, year=2012), numbers(1, year=1960)
    who = [*adult, *child, *old]
    enrolled = people(
        [*adult[:8], *child, *old],
        enrol_status=["正常参保"] * 5 + ["在校学生"] + ["正常参保"] * 4, benefit_status=["", "正常领取"] + [""] * 8, start_month=[None, 202501] + [None] * 8,
    )  # fmt: skip
    from controls.premiums.facts import Sources

    found = claims.draw(
        Sources(
            {
                "entitled": [entitled(who, category=["低保"] * 7 + ["某某户"] + ["低保"] * 3)], "people": [enrolled, people([adult[2]], "E")],
                "deaths": [died([adult[0]], "2026-02-03")], "contributions": [paid([adult[3]])],
            },
            claimed=[adult[4]],
        ),
        asked(), office(*HUNDRED),
    )  # fmt: skip
    assert dict(found.reasons()) == {
        "已死亡": 1, "已领取待遇": 1, "同年参加E": 1, "本年已代缴": 1, "已列入以前的清册": 1, "学生、服役或异地参保": 1, "类别未识别": 1, "未参保登记": 1,
        "未满16周岁": 1, "已满60周岁": 1,
    }  # fmt: skip
    assert found.lines.column("number").to_pylist() == [adult[6]]


def test_turning_16_or_60_in_the_year_is_claimed_and_marked() -> None:
    """Who turns 16 or 60 within the year may be due; the line says so, for somebody to look."""
    who = [*numbers(1, year=2010), *numbers(1, year=1966)]
    found = claims.draw(sources(entitled=[entitled(who)], people=[people(who)]), asked(), office(*HUNDRED))
    assert sorted(found.lines.column("note").to_pylist()) == ["本年满16周岁", "本年满60周岁"]


def test_one_premium_though_on_several_lists() -> None:
    """A person of several categories is claimed once, under the first in the order of the data; the others are shown."""
    one = numbers(1)
    lists = [entitled(one, "低保"), entitled(one, "重残"), entitled(one, "五保户")]
    found = claims.draw(sources(entitled=lists, people=[people(one)]), asked(), office(*HUNDRED))
    assert [(row["category"], row["others"], row["fen"]) for row in found.lines.to_pylist()] == [("特困", "低保、特困、重度残疾", 10000)]


def test_several_levels_share_one_premium() -> None:
    """Central, provincial and county shares of one premium add up to it to the fen; the person's own part is not claimed."""
    one = numbers(7)
    known = office(HUNDRED[0], ("premium_shares", ("省=1", "市=1", "县=1"), {"fund": "R"}))
    found = claims.draw(sources(entitled=[entitled(one)], people=[people(one)]), asked(), known)
    assert found.by("payer") == [(("县",), 7, 7 * 3333), (("市",), 7, 7 * 3333), (("省",), 7, 7 * 3334)]
    partly = office(HUNDRED[0], ("premium_shares", ("县=70", "个人=30"), {"fund": "R"}))
    assert claims.draw(sources(entitled=[entitled(one)], people=[people(one)]), asked(), partly).fen == 7 * 7000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=7), st.integers(100, 1_000_000))
def test_shares_never_lose_a_fen(weights: list[int], fen: int) -> None:
    """Whatever the weights, the payers' parts of one premium sum to the tier."""
    names = [one.payer for one in law.categories().payers][: len(weights)]
    parts = tuple(f"{name}={weight}" for name, weight in zip(names, weights, strict=False))
    known = office(("premium_lowest_tier", fen, {"fund": "R"}), ("premium_shares", parts, {"fund": "R"}))
    assert sum(part for _, part in law.split(known, Fund.R, REGION, "低保", 2026)) == fen


@pytest.mark.parametrize("parts", [("县",), ("县=0",), ("村=10",), ("县=1", "县=2"), ()])
def test_shares_that_cannot_be_used_are_refused(parts: tuple[str, ...]) -> None:
    """SB3216 says what is wrong with the parameter."""
    with pytest.raises(BadShares):
        law.split(office(HUNDRED[0], ("premium_shares", parts, {"fund": "R"})), Fund.R, REGION, "低保", 2026)


def test_own_payment_is_the_offices_choice() -> None:
    """Who paid too: claimed beside it for R; left out, or claimed and given back, where the office says so; for MR nobody has said, so it refuses."""
    one = numbers(1)
    lists = {"entitled": [entitled(one)], "people": [people(one)], "contributions": [paid(one, "个人")]}
    assert claims.draw(sources(**lists), asked(), office(*HUNDRED)).lines.column("note").to_pylist() == ["本人已缴"]
    no_more = office(*HUNDRED, ("premium_own_payment", "不再代缴", {"fund": "R"}))
    assert dict(claims.draw(sources(**lists), asked(), no_more).reasons()) == {"本人已缴费": 1}
    medical = {"entitled": [entitled(one)], "people": [people(one, "MR")], "contributions": [paid(one, "个人", fund="MR")]}
    known = office(("premium_lowest_tier", 40000, {"fund": "MR"}), ("premium_shares", ("医疗救助=1",), {"fund": "MR"}))
    with pytest.raises(ParameterUnset):
        claims.draw(sources(**medical), asked(fund=Fund.MR), known)


def test_a_claim_of_nobody_is_refused() -> None:
    """SB3220: there is nothing to ask for."""
    with pytest.raises(ClaimEmpty):
        claims.refuse_empty(claims.draw(sources(entitled=[entitled([])], people=[people(numbers(1))]), asked(), office(*HUNDRED)))


def test_what_goes_back_by_payer_and_year() -> None:
    """Beyond the tier, after death, beside 职工, off the list, twice by one level: each line with its payer, its fen and the year of its money."""
    who = numbers(6)
    rows = [
        paid(who[:1], amount=10000, level="县", tier=10000), paid(who[:1], amount=5000, level="省", tier=10000, on="2026-04-01"),
        paid(who[1:2], level="县"), paid(who[2:3], level="县", on="2025-12-20"), paid(who[3:4], level="县"), paid(who[3:4], level="县", on="2026-04-01"),
        paid(who[4:5], level="省"), paid(who[4:5], amount=-10000, level="省", on="2026-05-01"), paid(who[5:6], level="市"),
        paid(who[2:3], "单位", fund="E", amount=160000),
    ]  # fmt: skip
    lists = {"entitled": [entitled(who[:5])], "people": [people(who)], "contributions": rows, "deaths": [died(who[1:2], "2026-02-01")]}
    found = overlaps.draw(sources(**lists), asked(), office(*HUNDRED))
    told = [(who.index(r["number"]), r["payer"], r["received_year"], r["fen"], r["note"]) for r in found.lines.to_pylist()]
    assert sorted(told) == [
        (0, "省", 2026, 5000, "超过缴费档次"), (1, "县", 2026, 10000, "死亡后代缴"), (2, "县", 2025, 10000, "同年参加E"),
        (3, "县", 2026, 10000, "同一级次代缴两次"), (5, "市", 2026, 10000, "不在名单"),
    ]  # fmt: skip


def test_levels_that_share_one_premium_go_not_back() -> None:
    """Two levels that together pay one premium are no overlap."""
    one = numbers(1)
    rows = [paid(one, amount=4000, level="省", tier=10000), paid(one, amount=6000, level="县", tier=10000)]
    found = overlaps.draw(sources(entitled=[entitled(one)], people=[people(one)], contributions=rows), asked(), office(*HUNDRED))
    assert found.lines.num_rows == 0


def test_own_money_goes_back_where_the_office_says_so() -> None:
    """退还本人: the person's own payment is given back, the government's stays."""
    one = numbers(1)
    lists = {"entitled": [entitled(one)], "people": [people(one)], "contributions": [paid(one), paid(one, "个人", amount=12000)]}
    known = office(*HUNDRED, ("premium_own_payment", "退还本人", {"fund": "R"}))
    found = overlaps.draw(sources(**lists), asked(), known)
    assert [(r["payer"], r["part"], r["fen"]) for r in found.lines.to_pylist()] == [("个人", "own", 12000)]


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=case["name"]) for file in sorted(CASES.glob("claims*.yaml")) for case in yaml.safe_load(file.read_text(encoding="utf-8"))["cases"]
    ]


@pytest.mark.parametrize("case", _cases())
def test_worked_cases(case: dict[str, Any]) -> None:
    """Cases that an accountant writes: people by kind, shares and tier in yuan, and what each payer owes."""
    given_, start = case["input"], 0
    lists, enrolled, contributions = [], [], []
    for group in given_["people"]:
        who = numbers(group["count"], year=group.get("born", 1980), start=start)
        start += group["count"]
        lists.append(entitled(who, group["category"], str(group.get("from", "2025-01-01")), str(group["to"]) if group.get("to") else None))
        enrolled.append(people(who if group.get("enrolled", True) else []))
        if group.get("paid"):
            contributions.append(paid(who, year=case["period"]))
    values = [("premium_lowest_tier", given_["tier"] * 100, {"fund": "R"})]
    values += [("premium_shares", tuple(parts), {"fund": "R", "category": category}) for category, parts in given_["shares"].items()]
    found = claims.draw(sources(entitled=lists, people=enrolled, contributions=contributions), asked(case["period"]), office(*values))
    output = case["output"]
    assert found.fen == output["total"] * 100
    assert {keys[0]: fen for keys, _, fen in found.by("payer")} == {payer: yuan * 100 for payer, yuan in output["payers"].items()}
    assert dict(found.reasons()) == output.get("left_out", {})

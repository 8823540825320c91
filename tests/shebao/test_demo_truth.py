"""What the synthetic county plants is what its facts demand: each case by itself, and every background person clean."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date

import pytest

from ledger.months import Month
from shebao.demo.county import County
from shebao.demo.crowd import Crowd, Premiums
from shebao.demo.facts import REVERSED, Death, Household, Life
from shebao.demo.generate import FRIENDS, PLANTS
from shebao.demo.maker import Maker
from shebao.demo.money_out import net_rows
from shebao.demo.numbers import Numbers, credit_code, fifteen, is_valid, swapped, wrong_check
from shebao.demo.truth import proved, reckon
from shebao.demo.truth_facts import died_in, normal

Plant = Callable[[Maker, Premiums], Household]
MONTHS = ("2026-10", "2026-03", "2026-12", "2030-07")


def maker(month: str = "2026-10", seed: int = 1) -> Maker:
    """A maker of its own, as the generator makes one."""
    county = County(20_000, seed, Month.parse(month))
    return Maker(county, "test", Numbers(county.chance("numbers")), itertools.count(1))


@pytest.mark.parametrize("plant", dict.fromkeys(PLANTS), ids=lambda plant: plant.__name__)
def test_a_planted_case_yields_the_rules_it_is_made_for(plant: Plant) -> None:
    """Whatever month the story is told in, the facts of a case demand exactly the rules it was planted for, and give its reason."""
    for month in MONTHS:
        hands = maker(month)
        house = plant(hands, Premiums(hands))
        assert {t.rule for t in proved(hands.county, house, through_story=True) if t.kind == "exact"} == house.expect
        assert house.note
        assert house.expect or house.hold or house.linked


@pytest.mark.parametrize("friend", dict.fromkeys(FRIENDS), ids=lambda friend: friend.__name__)
def test_a_false_friend_yields_nothing(friend: Plant) -> None:
    """What only looks like a case is none, with the month of the story and without it."""
    for month in MONTHS:
        hands = maker(month)
        house = friend(hands, Premiums(hands))
        assert not reckon(hands.county, house, through_story=True)
        assert not reckon(hands.county, house, through_story=False)
        assert house.friend


def test_every_rule_is_planted() -> None:
    """The catalogue's exact rules all occur in the truth, and the two linked ones are marked as such."""
    hands = maker()
    found = [t for plant in dict.fromkeys(PLANTS) for t in proved(hands.county, plant(hands, Premiums(hands)), through_story=True)]
    exact = {t.rule.split("-")[0] for t in found if t.kind == "exact"}
    assert exact == {"D1", "D3", "P1", "P2", "P3", "P5", "A1", "A2", "I1", "I2", "E1", "E2", "E3", "S1", "S2", "S3", "S4", "S5"}
    assert {t.rule.split("-")[0] for t in found if t.kind == "linked"} == {"D2", "P4"}


def test_background_people_are_clean() -> None:
    """Nobody of the background yields a finding, and no two of them share a number or an account."""
    hands = maker()
    seen: set[str] = set()
    for house in Crowd(hands).households(3_000):
        assert not proved(hands.county, house, through_story=True)
        (life,) = house.lives
        assert is_valid(life.number)
        assert not {life.number, life.account} & seen
        seen |= {life.number, life.account}


def test_three_posthumous_months_by_hand() -> None:
    """Dead in May, paid through August: June, July and August are in question, with the money of these three months."""
    hands = maker()
    life = hands.life(date(1950, 1, 2))
    hands.pay_r(life, 0, 10)
    hands.register(life, "R", start=201002, certified=20250301)
    hands.death(life, "公安", date(2025, 5, 31))
    (truth,) = reckon(hands.county, hands.case(life), through_story=False)
    base = sum(hands.county.base_parts(202506))
    assert (truth.rule, truth.first, truth.last, truth.months, truth.amount) == ("D1-POSTHUMOUS", 202506, 202508, 3, 3 * (base + life.personal))


def test_net_money_follows_the_contract() -> None:
    """A reversal names its payment by serial, else by item and period; more than was paid is never taken off."""
    hands = maker()
    life = hands.life(date(1950, 1, 2))
    one = hands.pay(life, "R", "基础养老金", "pension", 14, 100)
    hands.pay(life, "R", "基础养老金", "pension", 15, 100)
    hands.pay(life, "R", "基础养老金", "pension", 14, -30, status=REVERSED, orig_serial=one.serial)
    hands.pay(life, "R", "基础养老金", "pension", 16, 500, status=REVERSED, orig_period=hands.county.periods[15])
    assert [(row.period, left) for row, left in net_rows(life.pays)] == [(one.period, 70)]


def test_the_best_source_decides_the_month_of_death() -> None:
    """民政 comes before 公安, of two equal sources the later date, and moving away is no death."""
    life = Life("620828195001010012", "甲", True, date(1950, 1, 1), "", "")

    def death(source: str, day: int, reason: str = "") -> Death:
        return Death(source, life.number, "甲", "男", life.birth, "", "", "", day, 0, 0, reason)

    life.deaths = [death("公安", 20250430), death("民政", 20250501)]
    assert died_in(life) == 202505
    life.deaths = [death("公安", 20250330), death("公安", 20250401)]
    assert died_in(life) == 202504
    life.deaths = [death("公安", 20250330, "户口迁出")]
    assert died_in(life) == 0


def test_numbers_have_right_check_digits() -> None:
    """Resident numbers are valid and unused once given, 15 digits come back as 18, and spoilt ones are not valid."""
    numbers = Numbers(maker().chance)
    first, second = (numbers.resident("620828", date(1950, 2, 3), True) for _ in range(2))
    assert first != second and is_valid(first) and is_valid(second)
    assert normal(fifteen(first)) == first
    assert not is_valid(wrong_check(first)) and not is_valid(swapped(first)) and not is_valid(first[:17])
    assert int(first[16]) % 2 == 1
    assert wrong_check("62083119570527900X").endswith("1") and wrong_check("620831195705279010").endswith("1")
    assert is_valid("11010519491231002X")
    assert len(credit_code("620828", 7)) == 18

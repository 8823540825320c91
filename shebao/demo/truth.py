"""The truth about a household (真值): which exact findings its facts demand, reckoned from first principles.

Independent of the product: nothing of ``controls`` or ``audit`` is imported, and no file is read. Each reckoning
follows the wording of the rule catalogue in FORMATS.md. A plant also says beforehand which rules it is made for, and
:func:`proved` refuses a household where the two disagree.
"""

from __future__ import annotations

from shebao.demo import truth_money, truth_premium, truth_status
from shebao.demo.county import COUNTY_CODE, HISTORY, County, paid_day
from shebao.demo.facts import Household, Life
from shebao.demo.money_out import as_pay, by_fund_region, last_name, months_of
from shebao.demo.truth_facts import Person, Truth, truths

RULES = (*truth_money.RULES, *truth_status.RULES, *truth_premium.RULES)


def reckon(county: County, house: Household, *, through_story: bool) -> list[Truth]:
    """Every finding the household's facts demand; with the month of the story counted when its roster has been paid."""
    people = [_person(county, life, house, through_story) for life in house.lives]
    found = [truth for person in people for rule in RULES for truth in rule(county, person)]
    found += truth_money.shared_accounts(house, people)
    for linked in house.linked:
        person = next(p for p in people if p.life is linked.life)
        months = [m for m in person.months if m.period in set(linked.periods)]
        found += truths(linked.rule, person, by_fund_region(months), kind="linked")
    return found


def proved(county: County, house: Household, *, through_story: bool) -> list[Truth]:
    """:func:`reckon`, checked against what the household was made for; ValueError names a plant that went wrong."""
    found = reckon(county, house, through_story=through_story)
    rules = {truth.rule for truth in found if truth.kind == "exact"}
    if through_story and rules != house.expect:
        number = house.lives[0].number
        raise ValueError(f"{number} ({house.note or house.friend or 'background'}): reckoned {sorted(rules)}, made for {sorted(house.expect)}")
    return found


def _person(county: County, life: Life, house: Household, through_story: bool) -> Person:
    pays = list(life.pays)
    period = county.periods[HISTORY]
    if not through_story:
        pays = [row for row in pays if row.period < period]
    elif not house.hold:
        pays += [as_pay(line, COUNTY_CODE, period, paid_day(line.fund, period)) for line in life.roster]
    return Person(life, pays, months_of(pays), last_name(life, pays), house)

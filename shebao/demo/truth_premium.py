"""What the premiums paid by the state demand (真值：代缴): S1 to S5, one year, the year of the story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shebao.demo.county import COUNTY_CODE, County
from shebao.demo.facts import PENSION, Premium
from shebao.demo.truth_facts import Person, Truth, birthday, died_in

ELSEWHERE = ("学生", "现役", "异地")


def _truth(rule: str, county: County, person: Person, amount: int) -> Truth:
    first, last = county.year * 100 + 1, county.year * 100 + 12
    return Truth(rule, person.life.number, person.life.name, "R", COUNTY_CODE, first, last, 12, amount, "exact", person.house.note)


def _state(person: Person) -> list[Premium]:
    return [p for p in person.life.premiums if p.payer == "政府代缴"]


def _listed(county: County, person: Person) -> bool:
    """On some list on some day of the year."""
    return any(row.start <= county.year * 10_000 + 1231 and (not row.end or row.end >= county.year * 10_000 + 101) for row in person.life.listings)


def _age_on_new_year(county: County, person: Person) -> int:
    born = birthday(person.life.number) or person.life.birth
    return county.year - born.year - (born.month > 1 or born.day > 1)


def s1(county: County, person: Person) -> Iterator[Truth]:
    """Paid by the state for somebody who stood on no list on any day of the year."""
    if sum(p.amount for p in _state(person)) > 0 and not _listed(county, person):
        yield _truth("S1-SUBSIDY-NOT-ENTITLED", county, person, sum(p.amount for p in _state(person)))


def s2(county: County, person: Person) -> Iterator[Truth]:
    """More than the tier, or beside employees' contributions of the same year."""
    rows = _state(person)
    total = sum(p.amount for p in rows)
    if total <= 0:
        return
    if any(p.fund in ("E", "G") and p.period // 100 == county.year for p in person.life.premiums):
        yield _truth("S2-SUBSIDY-DOUBLE", county, person, total)
    elif total > max(p.tier for p in rows):
        yield _truth("S2-SUBSIDY-DOUBLE", county, person, total - max(p.tier for p in rows))


def s3(county: County, person: Person) -> Iterator[Truth]:
    """The state's money came in a month later than the month of death."""
    died = died_in(person.life)
    late = [p for p in _state(person) if died and p.received // 100 > died]
    if sum(p.amount for p in late) > 0:
        yield _truth("S3-SUBSIDY-AFTER-DEATH", county, person, sum(p.amount for p in late))


def s4(county: County, person: Person) -> Iterator[Truth]:
    """On a list, of age, alive, not drawing, not enrolled elsewhere, and nothing paid by the state."""
    life = person.life
    if not _listed(county, person) or sum(p.amount for p in _state(person)) > 0 or died_in(life):
        return
    born = birthday(life.number) or life.birth
    of_age = county.year - born.year >= 16 and _age_on_new_year(county, person) < 60
    elsewhere = any(word in row.enrolled for row in life.registers for word in ELSEWHERE)
    employed = any(p.fund in ("E", "G") and p.period // 100 == county.year for p in life.premiums)
    if of_age and not elsewhere and not employed and not _draws(person, date(county.year, 12, 31)):
        yield _truth("S4-ENTITLED-NOT-PAID", county, person, 0)


def _draws(person: Person, by: date) -> bool:
    return any(m.kind == PENSION and m.period <= by.year * 100 + by.month for m in person.months)


def s5(county: County, person: Person) -> Iterator[Truth]:
    """Paid by the state for a child, for somebody 60 or older on 1 January, or for somebody drawing already."""
    rows = [p for p in _state(person) if p.amount > 0]
    if not rows or sum(p.amount for p in _state(person)) <= 0:
        return
    born = birthday(person.life.number) or person.life.birth
    received = max(p.received for p in rows)
    draws = _draws(person, date(received // 10_000, received // 100 % 100, 1))
    if county.year - born.year < 16 or _age_on_new_year(county, person) >= 60 or draws:
        yield _truth("S5-SUBSIDY-WRONG-AGE", county, person, sum(p.amount for p in _state(person)))


RULES = (s1, s2, s3, s4, s5)

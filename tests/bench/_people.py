"""Made-up people with known truth for linkage, from a seed (人造人口). Nobody is real; the truth is kept apart from what the linkers read.

Names come from the invented county (``shebao.demo.names``) with its frequencies, numbers from regions assigned to nobody. Errors of
names come from ``_name_pairs`` (homophones by GB 2312's order, look-alikes by pictures), not from the tables that the scorer reads.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ledger.identity.numbers import CHECKS, check_digit, judge
from shebao.demo.names import person_name
from tests.bench._name_pairs import same_shape, same_sound

REGIONS = ("620828", "620829", "620831", "610888")
FIRST_DAY, DAYS = date(1926, 1, 1), 365 * 80
HOUSES = 3


@dataclass(frozen=True, slots=True)
class Person:
    """One record as the linkers read it: ``birth`` ``YYYYMMDD``, ``address`` a household, ``sex`` 男 or 女; '' unknown."""

    key: str
    number: str
    number_ok: bool
    name_norm: str
    birth: str
    region: str
    account: str
    address: str
    sex: str


@dataclass(slots=True)
class People:
    """The records in no order of sense, and which pairs of keys are one person, with the kind planted; ``friends``: pairs that are two persons."""

    records: list[Person] = field(default_factory=list)
    truth: dict[tuple[str, str], str] = field(default_factory=dict)
    friends: dict[tuple[str, str], str] = field(default_factory=dict)


def _holds(number: str) -> bool:
    return bool(number) and judge(number).ok


def _birth(dice: random.Random) -> str:
    return (FIRST_DAY + timedelta(days=dice.randrange(DAYS))).strftime("%Y%m%d")


def _number(dice: random.Random, birth: str, male: bool, region: str) -> str:
    """A valid number whose order digits nobody of the population needs to have for himself (namesakes may even share sixteen digits)."""
    first = f"{region}{birth}{dice.randrange(100):02d}{dice.randrange(5) * 2 + male}"
    return first + check_digit(first)


def _account(dice: random.Random) -> str:
    return f"62284{dice.randrange(10**14):014d}"


def one_person(dice: random.Random, household: int) -> Person:
    """Somebody living in a household; half of the accounts are known to be one's own, some are not known."""
    male, birth, region = dice.random() < 0.5, _birth(dice), dice.choice(REGIONS)
    number = _number(dice, birth, male, region)
    return Person(
        "", number, True, person_name(dice, male).replace("·", ""), birth, region, _account(dice) if dice.random() < 0.97 else "",
        f"{region}-{household:07d}" if dice.random() < 0.95 else "", "男" if male else "女",
    )  # fmt: skip


def wrong_digit(dice: random.Random, number: str, places: range = range(17)) -> str:
    """Another digit at one place."""
    place = dice.choice(places)
    return number[:place] + dice.choice([digit for digit in "0123456789" if digit != number[place]]) + number[place + 1 :]


def swap(dice: random.Random, number: str) -> str:
    """Two unequal neighbours the other way round."""
    places = [place for place in range(17) if number[place] != number[place + 1]]
    place = dice.choice(places)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _digit(dice: random.Random, one: Person) -> Person:
    return replace(one, number=wrong_digit(dice, one.number))


def _check(dice: random.Random, one: Person) -> Person:
    return replace(one, number=one.number[:17] + dice.choice([c for c in CHECKS if c != one.number[17]]))


def _spoiled(dice: random.Random, one: Person) -> Person:
    """Three places wrong and failing."""
    number = one.number
    while _holds(number) or sum(a != b for a, b in zip(number, one.number, strict=True)) < 3:
        number = wrong_digit(dice, number, range(14, 17)) if dice.random() < 0.7 else wrong_digit(dice, number, range(6))
    return replace(one, number=number)


def _turned(dice: random.Random, one: Person) -> Person:
    return replace(_digit(dice, one), birth=one.birth[:4] + one.birth[6:] + one.birth[4:6])


def _year(dice: random.Random, one: Person) -> Person:
    return replace(_digit(dice, one), birth=f"{int(one.birth[:4]) + dice.choice((-1, 1))}{one.birth[4:]}")


def _double(dice: random.Random, one: Person) -> Person:
    return replace(one, number=_number(dice, one.birth, one.sex == "男", dice.choice(REGIONS)))


def _moved(dice: random.Random, one: Person) -> Person:
    """Another account or another address, seldom both known to be the same."""
    roll = dice.random()
    if roll < 0.35:
        return replace(one, account=_account(dice))
    return replace(one, address="") if roll < 0.6 else one


def _apart(dice: random.Random, one: Person) -> Person:
    return replace(one, account=_account(dice), address="")


Make = Callable[[random.Random, Person], Person]
KINDS: dict[str, tuple[int, Make]] = {
    "one wrong digit": (20, lambda dice, one: _moved(dice, _digit(dice, one))),
    "one wrong digit, nothing shared": (8, lambda dice, one: _apart(dice, _digit(dice, one))),
    "two digits swapped": (12, lambda dice, one: _moved(dice, replace(one, number=swap(dice, one.number)))),
    "wrong check digit": (10, lambda dice, one: _moved(dice, _check(dice, one))),
    "number missing": (10, lambda dice, one: _moved(dice, replace(one, number=""))),
    "number spoiled at three places": (5, lambda dice, one: _moved(dice, _spoiled(dice, one))),
    "homophone and wrong digit": (8, lambda dice, one: _moved(dice, replace(_digit(dice, one), name_norm=same_sound(one.name_norm, dice)))),
    "look-alike and wrong digit": (5, lambda dice, one: _moved(dice, replace(_digit(dice, one), name_norm=same_shape(one.name_norm, dice)))),
    "month and day turned, wrong digit": (3, lambda dice, one: _moved(dice, _turned(dice, one))),
    "birth year off, wrong digit": (3, lambda dice, one: _moved(dice, _year(dice, one))),
    "only the birth year, wrong digit": (3, lambda dice, one: _moved(dice, replace(_digit(dice, one), birth=one.birth[:4]))),
    "double registration, account shared": (5, lambda dice, one: replace(_double(dice, one), address="")),
    "double registration, address shared": (4, lambda dice, one: replace(_double(dice, one), account=_account(dice))),
    "double registration, nothing shared": (4, lambda dice, one: _apart(dice, _double(dice, one))),
}
"""Kind → parts of a hundred, and what the second record is."""

DOUBLE = "double registration"


def _twin(dice: random.Random, one: Person) -> Person:
    """Same day, house and often account of the family; the next number, a name of the same surname."""
    other = person_name(dice, one.sex == "男")
    name = one.name_norm[0] + other[1:] if dice.random() < 0.6 or len(one.name_norm) < 3 else one.name_norm[:2] + dice.choice("兰芳国军梅霞龙平")
    name = same_sound(one.name_norm, dice) if dice.random() < 0.1 else name
    twin = replace(one, number=_number(dice, one.birth, one.sex == "男", one.number[:6]), name_norm=name)
    twin = twin if dice.random() < 0.3 else replace(twin, account=_account(dice))
    return _digit(dice, twin) if dice.random() < 0.03 else twin


def _namesake(dice: random.Random, one: Person) -> Person:
    """Another person of the same name and birthday, in the same region as often as chance has it."""
    region = dice.choice(REGIONS)
    other = replace(
        one, number=_number(dice, one.birth, one.sex == "男", region), region=region, account=_account(dice), address=f"{region}-n{dice.randrange(10**8):08d}"
    )
    return _digit(dice, other) if dice.random() < 0.01 else other


FRIENDS: dict[str, Make] = {"twins": _twin, "namesakes with the same birthday": _namesake}


def people(count: int, seed: int) -> People:
    """``count`` records: two in a hundred are a second record of somebody, one in two hundred a twin, as many a namesake with the same birthday."""
    dice = random.Random(seed)
    made = People()
    pairs: list[tuple[int, int, str, bool]] = []
    planted, false = count // 50, count // 200
    for place in range(count - planted - 2 * false):
        made.records.append(one_person(dice, place // HOUSES))
    firsts = dice.sample(range(len(made.records)), planted + 2 * false)
    kinds = dice.choices(list(KINDS), [parts for parts, _ in KINDS.values()], k=planted)
    others = [*((kind, True) for kind in kinds), *((kind, False) for kind in FRIENDS for _ in range(false))]
    for first, (kind, same) in zip(firsts, others, strict=True):
        make = KINDS[kind][1] if same else FRIENDS[kind]
        pairs.append((first, len(made.records), kind, same))
        made.records.append(make(dice, made.records[first]))
    keys = [f"{place:07d}" for place in range(len(made.records))]
    dice.shuffle(keys)
    for first, second, kind, same in pairs:
        one, two = sorted((keys[first], keys[second]))
        (made.truth if same else made.friends)[one, two] = kind
    made.records = sorted((replace(one, key=key, number_ok=_holds(one.number)) for key, one in zip(keys, made.records, strict=True)), key=lambda one: one.key)
    return made

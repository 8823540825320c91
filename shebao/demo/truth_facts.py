"""What a truth is, and the few readings of the facts that every reckoning shares (真值的公用部分)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shebao.demo.facts import Household, Life, Pay
from shebao.demo.money_out import Month
from shebao.demo.numbers import check_digit, is_valid

SOURCES = ("卫健", "民政", "公安", "法院", "村级", "其他")
NO_DEATH = ("迁出", "重户", "出国")


@dataclass(frozen=True, slots=True)
class Truth:
    """One finding that must come out: periods are ``yyyymm``, amount is fen."""

    rule: str
    number: str
    name: str
    fund: str
    region: str
    first: int
    last: int
    months: int
    amount: int
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Person:
    """A life with its payments up to the month that is judged."""

    life: Life
    pays: list[Pay]
    months: list[Month]
    name: str
    house: Household


def normal(number: str) -> str:
    """The normal form of a resident number: half width, no blanks, upper case, 15 digits become 18."""
    text = unicodedata.normalize("NFKC", number).replace(" ", "").upper()
    if len(text) == 15 and text.isdigit():
        body = text[:6] + "19" + text[6:]
        return body + check_digit(body)
    return text


def plain(name: str) -> str:
    """A name without blanks and dots, upper case."""
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c not in " ·•．‧.").upper()


def truths(rule: str, person: Person, groups: dict[tuple[str, str], list[Month]], *, kind: str = "exact") -> Iterator[Truth]:
    """One truth for each fund and region with money in question."""
    for (fund, region), months in sorted(groups.items()):
        yield one(rule, person, fund, region, {m.period for m in months}, sum(m.amount for m in months), kind)


def one(rule: str, person: Person, fund: str, region: str, periods: set[int], amount: int, kind: str = "exact") -> Truth:
    return Truth(rule, person.life.number, person.name, fund, region, min(periods), max(periods), len(periods), amount, kind, person.house.note)


def joined(rule: str, person: Person, rows: list[Month]) -> Iterator[Truth]:
    """One truth for a number, several funds or regions joined."""
    if rows:
        fund, region = ";".join(sorted({m.fund for m in rows})), ";".join(sorted({m.region for m in rows}))
        yield one(rule, person, fund, region, {m.period for m in rows}, sum(m.amount for m in rows))


def birthday(number: str) -> date | None:
    """The birth date a valid resident number carries."""
    text = normal(number)
    return date(int(text[6:10]), int(text[10:12]), int(text[12:14])) if is_valid(text) else None


def died_in(life: Life) -> int:
    """Month of death by the best source (equal sources: the latest), or 0; matched by equal number alone."""
    best: list[tuple[int, int]] = []
    for death in life.deaths:
        day = death.died or death.cremated
        if day and normal(death.number) == life.number and not any(word in death.reason for word in NO_DEATH):
            best.append((SOURCES.index(death.source), -(day if day > 999_999 else day * 100 + 99)))
    return -min(best)[1] // 100 if best else 0

"""Which benefits may be drawn together (待遇并行享受), as data: ``templates/benefits/concurrent.yaml``, each rule with dates and legal basis.

A pair that no rule names is answered 没有规定, never judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Literal

from pydantic import Field

import templates
from ledger.benefits.errors import UnknownBenefit
from ledger.identity import clean
from ledger.lawfile import BadLawFile, LawFile, Strict, in_force, order_faults, read
from ledger.months import Month

FILE = "benefits/concurrent.yaml"
SILENT = "没有规定"
LAWFUL = "可以同领"


class Drawn(Strict):
    """A benefit somebody may draw, and its other names."""

    name: str
    aliases: tuple[str, ...] = ()


class Rule(Strict):
    """What holds of each pair of ``a`` and ``b`` in ``[from, to)``."""

    code: str
    a: tuple[str, ...]
    b: tuple[str, ...]
    valid_from: date = Field(alias="from")
    valid_to: date | None = Field(default=None, alias="to")
    verdict: Literal["不得同领", "选领一项", "补差", "可以同领"]
    keep: str
    money: str
    reference: str

    def pairs(self) -> set[frozenset[str]]:
        """Every pair it speaks of."""
        return {frozenset((one, other)) for one in self.a for other in self.b}


class ConcurrentFile(LawFile):
    """``templates/benefits/concurrent.yaml``."""

    benefits: tuple[Drawn, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of two benefits in a month; ``rule`` None: nothing."""

    one: str
    other: str
    rule: Rule | None

    @property
    def verdict(self) -> str:
        """不得同领, 选领一项, 补差, 可以同领 or 没有规定."""
        return self.rule.verdict if self.rule else SILENT


def law() -> ConcurrentFile:
    """The rules; raises SB1011 for unknown or repeated names and for two rules on one pair and day."""
    return _law(tuple(str(root) for root in templates.roots()))


@lru_cache(maxsize=4)
def _law(roots: tuple[str, ...]) -> ConcurrentFile:
    found = read(ConcurrentFile, FILE)
    names = [name for one in found.benefits for name in (one.name, *one.aliases)]
    if len(set(names)) != len(names):
        raise BadLawFile(file=FILE, where="benefits", why="名称重复")
    by_pair: dict[frozenset[str], list[Rule]] = {}
    known = {one.name for one in found.benefits}
    for rule in found.rules:
        if odd := sorted({*rule.a, *rule.b} - known):
            raise BadLawFile(file=FILE, where=rule.code, why=f"没有待遇“{odd[0]}”")
        for pair in rule.pairs():
            by_pair.setdefault(pair, []).append(rule)
    for pair, rules in by_pair.items():
        if fault := order_faults(rules, gaps=False):
            raise BadLawFile(file=FILE, where="、".join(sorted(pair)), why=fault)
    return found


def named(text: str) -> str:
    """The benefit's name in the file; raises SB1448."""
    for one in law().benefits:
        if clean(text) in {clean(name) for name in (one.name, *one.aliases)}:
            return one.name
    raise UnknownBenefit(benefit=text, known="、".join(one.name for one in law().benefits))


def judge(benefits: Sequence[str], month: Month) -> list[Verdict]:
    """Every pair among ``benefits`` under the rules of ``month``, in the order given. Raises SB1448."""
    names = list(dict.fromkeys(named(text) for text in benefits))
    found = []
    for one, other in combinations(names, 2):
        rule = next((rule for rule in law().rules if frozenset((one, other)) in rule.pairs() and in_force(rule, month.first_day)), None)
        found.append(Verdict(one, other, rule))
    return found

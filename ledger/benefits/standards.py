"""The standard (标准) of a benefit item for many people and months: each distinct set of facts is reckoned once, under the law of each month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.benefits.award import Reckoning
from ledger.benefits.errors import NotOneStandard
from ledger.benefits.formula import Value
from ledger.benefits.scheme import PERIOD, Scheme, scheme
from ledger.months import Month
from ledger.parameters import Parameters

Ints = npt.NDArray[np.int64]
UNKNOWN = -1
"""The code of a person whose fact is not known, and the profile of a person who lacks a needed one."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of every person: ``codes`` (one a person, :data:`UNKNOWN` where not known) into ``values``."""

    codes: Ints
    values: tuple[Value, ...]

    @classmethod
    def same(cls, value: Value, persons: int) -> Fact:
        """The same value for everybody."""
        return cls(np.zeros(persons, np.int64), (value,))


@dataclass(frozen=True, slots=True)
class Standard:
    """Fen of one item by profile (row) and month (column); ``profile`` gives each person's row, :data:`UNKNOWN` where facts are missing."""

    item: str
    first: Month
    profile: Ints
    fen: Ints

    def of(self, person: Ints, month: Ints) -> Ints:
        """The standard for persons and month indices, row by row; 0 where the profile is unknown."""
        rows = self.profile[person]
        found = self.fen[np.maximum(rows, 0), month - self.first.index]
        return np.where(rows == UNKNOWN, 0, found)


def needed(law: Scheme, item: str) -> frozenset[str]:
    """The inputs that the item's formulas rest on; raises SB1445 for an item the scheme does not pay."""
    steps = law.paying(item)
    if not steps:
        paid = "、".join(dict.fromkeys(step.item for step in law.steps if step.item))
        raise NotOneStandard(item=item, why=f"{law.zh}的办法中没有这个项目（有：{paid}）")
    return law.needs([step.name for step in steps]) & {one.name for one in law.inputs}


def standard(name: str, item: str, first: Month, last: Month, facts: Mapping[str, Fact], persons: int, parameters: Parameters) -> Standard:
    """The standard of ``item`` by scheme ``name`` for every month of the range and every distinct set of the facts it needs.

    Inputs that nobody gives take their default; one without a default raises SB1445. Raises SB1031, SB1441, SB1444.
    """
    span = [first + offset for offset in range(last.index - first.index + 1)]
    laws = [scheme(name, month) for month in span]
    wanted = sorted(frozenset().union(*(needed(law, item) for law in laws)) & set(facts))
    for law in laws:
        if missing := sorted(one.name for one in law.inputs if one.name in needed(law, item) and one.name not in facts and one.default is None):
            raise NotOneStandard(item=item, why=f"公式要用到“{'、'.join(missing)}”，没有给出")
    profile, given = _profiles([facts[one] for one in wanted], persons)
    fen = np.zeros((max(1, len(given)), len(span)), np.int64)
    cache: dict[Any, Any] = {}
    for row, values in enumerate(given):
        known: dict[str, Value] = dict(zip(wanted, values, strict=True))
        for column, (month, law) in enumerate(zip(span, laws, strict=True)):
            if column and not _by_month(law, item) and laws[column - 1] is law and _same_law(law, item, span[column - 1], month, parameters):
                fen[row, column] = fen[row, column - 1]
                continue
            run = reckoning(law, month, known, parameters, cache)
            fen[row, column] = sum(_paid(run, step.name) for step in law.paying(item))
    return Standard(item, first, profile, fen)


def reckoning(law: Scheme, month: Month, known: Mapping[str, Value], parameters: Parameters, cache: dict[Any, Any] | None = None) -> Reckoning:
    """A reckoning with the facts known and the defaults of the others."""
    from ledger.benefits.facts import parse

    optional = frozenset(one.name for one in law.inputs if one.default is not None and one.name not in known)
    return Reckoning(law, month, {**parse(law, {}, only=optional), **known}, parameters, cache)


def _paid(run: Reckoning, name: str) -> int:
    run.value(name)
    return run.fen.get(name, 0)


def _by_month(law: Scheme, item: str) -> bool:
    """Whether a formula itself uses the month the benefit is for (an age, say), not only the law of that month."""
    from ledger.benefits import formula

    reached = law.needs([step.name for step in law.paying(item)])
    texts = [text for step in law.steps if step.name in reached for text in (step.formula, step.when) if text]
    return any(PERIOD in formula.read(text).names for text in texts)


def _same_law(law: Scheme, item: str, earlier: Month, later: Month, parameters: Parameters) -> bool:
    """Whether no value of any parameter that the item may look up begins or ends between two months."""
    reached = law.needs([step.name for step in law.paying(item)])
    names = {one.parameter for one in law.parameters if one.name in reached} | {"benefit_rounding"}
    for name in names:
        for value in parameters.parameter(name).values:
            if earlier.first_day < value.valid_from <= later.first_day or (value.valid_to and earlier.first_day < value.valid_to <= later.first_day):
                return False
    return True


def _profiles(facts: Sequence[Fact], persons: int) -> tuple[Ints, list[tuple[Value, ...]]]:
    """Each person's profile, and the values of each profile."""
    key, missing, size = np.zeros(persons, np.int64), np.zeros(persons, np.bool_), 1
    for fact in facts:
        missing |= fact.codes == UNKNOWN
        key += np.maximum(fact.codes, 0) * size
        size *= max(1, len(fact.values))
    if size >= 2**62:
        raise NotOneStandard(item="", why="情况的组合过多")
    distinct, profile = np.unique(key[~missing], return_inverse=True)
    found = np.full(persons, UNKNOWN, np.int64)
    found[~missing] = profile
    given = []
    for code in distinct.tolist():
        values = []
        for fact in facts:
            code, place = divmod(code, max(1, len(fact.values)))
            values.append(fact.values[place])
        given.append(tuple(values))
    return found, given

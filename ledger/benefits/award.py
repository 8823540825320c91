"""One award (待遇核定): a scheme reckoned for one person under the law of one month, every step with its inputs, parameters and references.

A past month is reckoned by passing that month: the scheme's file, the parameters and their values are those in force then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from ledger.benefits import formula
from ledger.benefits.errors import ImpossibleFigure, NotEntitled
from ledger.benefits.facts import shown
from ledger.benefits.formula import Unfit, Value
from ledger.benefits.rounding import PARAMETER, round_by
from ledger.benefits.scheme import PERIOD, REGION, Binding, Condition, Scheme, Step
from ledger.money import Fen
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.parameters import Value as Stored

Result = TypeVar("Result")

_DIVISORS = {"分": 100, "百分之一": 100, "千分之一": 1000, "万分之一": 10_000}
"""What a parameter's whole number is divided by, by its unit: money becomes yuan, rates become numbers."""


@dataclass(frozen=True, slots=True)
class Used:
    """A parameter as it was used: its value as stored, in which dates it holds, and why."""

    name: str
    parameter: str
    zh: str
    unit: str
    value: str
    on: str
    valid_from: str
    valid_to: str
    reference: str


@dataclass(frozen=True, slots=True)
class Line:
    """One step as reckoned. ``value`` is exact; ``fen`` the paid amount where the step is rounded; ``notes`` tell segments and grades."""

    name: str
    zh: str
    unit: str
    formula: str
    filled: str
    value: Value
    shown: str
    fen: Fen | None
    item: str
    rounding: str
    used: tuple[Used, ...]
    notes: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Award:
    """The whole reckoning: what is paid by item, and each step that leads there."""

    scheme: Scheme
    month: Month
    given: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    items: tuple[tuple[str, Fen], ...]

    @property
    def total(self) -> Fen:
        """Fen, the sum of what is paid."""
        return sum(fen for _, fen in self.items)

    def line(self, name: str) -> Line:
        """The step of that name; KeyError when it was left out."""
        for line in self.lines:
            if line.name == name:
                return line
        raise KeyError(name)

    @property
    def digest(self) -> str:
        """SHA-256 over scheme, month, facts and every step: the same facts under the same law give the same digest."""
        facts = {
            "scheme": self.scheme.scheme, "valid_from": self.scheme.valid_from.isoformat(), "month": str(self.month), "given": list(self.given),
            "lines": [[line.name, line.filled, line.shown, line.rounding, [[one.parameter, one.value, one.on] for one in line.used]] for line in self.lines],
        }  # fmt: skip
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


class Reckoning:
    """Values by name for one person and month, reckoned when first asked for; parameters nobody asks for are not looked up."""

    def __init__(self, scheme: Scheme, month: Month, facts: Mapping[str, Value], parameters: Parameters, cache: dict[Any, Any] | None = None) -> None:
        self.scheme, self.month, self.parameters = scheme, month, parameters
        self._values: dict[str, Value] = {PERIOD: month, **facts}
        self._bindings = {one.name: one for one in scheme.parameters}
        self._steps = {one.name: one for one in scheme.steps}
        self._cache: dict[Any, Any] = {} if cache is None else cache
        self.exact: dict[str, Value] = {}
        self.fen: dict[str, Fen] = {}
        self.notes: dict[str, list[str]] = {}
        self.used: dict[str, Used] = {}
        self.left_out: set[str] = set()

    def value(self, name: str) -> Value:
        """The value of an input, parameter or step; raises SB1031, SB1444."""
        found = self._values.get(name)
        if found is None:
            found = self._parameter(self._bindings[name]) if name in self._bindings else self._step(self._steps[name])
            self._values[name] = found
        return found

    def holds(self, condition: Condition) -> bool:
        """Whether a condition is met; raises SB1444."""
        return self._run(condition.name, lambda: formula.truth(formula.read(condition.formula).run(self.value, lambda text: None)))

    def filled(self, name: str) -> str:
        """A name in a formula as its value, or the name itself where nobody needed its value."""
        if name in self.used:
            return shown(self.value(name), "元" if self.used[name].unit == "分" else "").replace(",", "")
        if name not in self._values:
            return name
        step = self._steps.get(name)
        return shown(self.value(name), step.unit if step else "").replace(",", "")

    def _run(self, name: str, act: Callable[[], Result]) -> Result:
        try:
            return act()
        except Unfit as wrong:
            raise ImpossibleFigure(scheme_zh=self.scheme.zh, name=name, why=str(wrong)) from wrong

    def _step(self, step: Step) -> Value:
        if step.when and not self._run(step.name, lambda: formula.truth(formula.read(step.when).run(self.value, lambda text: None))):
            self.left_out.add(step.name)
            return Fraction(0)
        notes: list[str] = []
        value: Value = self._run(step.name, lambda: formula.read(step.formula).run(self.value, notes.append))
        self.exact[step.name], self.notes[step.name] = value, notes
        if not step.rounded:
            return value
        fen = round_by(self.rounding(), self._run(step.name, lambda: formula.number(value)))
        self.fen[step.name] = fen
        return Fraction(fen, 100)

    def rounding(self) -> str:
        """The office's rule for rounding this benefit; raises SB1031."""
        keys = {"fund": self.scheme.fund.value}
        if any(one.name == REGION for one in self.scheme.inputs):
            keys["region"] = str(self.value(REGION))
        return str(self._looked_up("取整办法", PARAMETER, self.month, keys))

    def _parameter(self, binding: Binding) -> Value:
        keys = {key: self._key(value) for key, value in binding.keys.items()}
        month = self.value(binding.at)
        if not isinstance(month, Month):
            raise ImpossibleFigure(scheme_zh=self.scheme.zh, name=binding.name, why=f"“{binding.at}”不是年月")
        return self._looked_up(binding.name, binding.parameter, month, keys)

    def _key(self, value: str) -> str:
        return shown(self.value(value[1:])) if value.startswith("=") else value

    def _looked_up(self, name: str, parameter: str, month: Month, keys: dict[str, str]) -> Value:
        """The value of a parameter, with what is said of it; remembered, because a set of people asks for the same again and again."""
        key = (parameter, month.index, tuple(sorted(keys.items())))
        if key not in self._cache:
            found = self.parameters.dated(parameter, month.first_day, **keys)
            law = self.parameters.parameter(parameter)
            told = "、".join(found.value) if isinstance(found.value, tuple) else str(found.value)
            until = found.valid_to.isoformat() if found.valid_to else ""
            used = Used("", parameter, law.zh, law.unit, told, month.first_day.isoformat(), found.valid_from.isoformat(), until, found.reference)
            self._cache[key] = (_exact(found.value, law.unit), used)
        value, used = self._cache[key]
        self.used[name] = Used(name, *(getattr(used, field) for field in Used.__slots__[1:]))
        result: Value = value
        return result


def _exact(value: Stored, unit: str) -> Value:
    """A stored value as formulas take it: whole numbers by their unit (fen as yuan, rates as numbers), the rest as they are."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return Fraction(value, _DIVISORS.get(unit, 1))


def compute(scheme: Scheme, month: Month, facts: Mapping[str, Value], parameters: Parameters) -> Award:
    """The award of a person with ``facts`` (:func:`ledger.benefits.facts.parse`) for ``month``.

    Raises SB1031 (a parameter nobody set), SB1443 (a condition not met), SB1444 (cannot be reckoned).
    """
    run = Reckoning(scheme, month, facts, parameters)
    for condition in scheme.conditions:
        if not run.holds(condition):
            told = formula.read(condition.formula).substituted(run.filled)
            reference = condition.reference or scheme.reference
            raise NotEntitled(scheme_zh=scheme.zh, name=condition.name, why=condition.why, reckoned=told, reference=reference)
    for step in scheme.steps:
        run.value(step.name)
    lines = tuple(line_of(run, step) for step in scheme.steps if step.name not in run.left_out)
    items: dict[str, Fen] = {}
    for line in lines:
        if line.item and line.fen:
            items[line.item] = items.get(line.item, 0) + line.fen
    given = tuple((one.name, shown(facts[one.name], one.kind)) for one in scheme.inputs if one.name in facts)
    return Award(scheme, month, given, lines, tuple(items.items()))


def line_of(run: Reckoning, step: Step) -> Line:
    """A step that was reckoned, as a line to be shown."""
    law = formula.read(step.formula)
    seen = [run.used[name] for name in law.names if name in run.used]
    rounding = ""
    if step.rounded:
        rounding = run.rounding()
        seen.append(run.used["取整办法"])
    return Line(
        step.name, step.zh or step.name, step.unit, law.substituted(lambda name: name), law.substituted(run.filled),
        run.exact[step.name], shown(run.exact[step.name], step.unit), run.fen.get(step.name), step.item, rounding, tuple(seen),
        tuple(run.notes[step.name]), step.reference or run.scheme.reference,
    )  # fmt: skip

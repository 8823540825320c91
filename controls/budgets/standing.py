"""What stands (现行预算): the approved budget of a year with its approved adjustments, line by line, and how far a line is used.

The stop level and the warning level are dated parameters, per mille of the year's budget. An unset warning level warns of nothing
and is said to be unset; an unset stop level refuses (SB1031).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controls.budgets.documents import Document
from controls.budgets.errors import OverBudget
from ledger.money import Fen, show
from ledger.months import Month
from ledger.parameters import Parameters, ParameterUnset

THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """A year's budget: line → fen as first approved, by adjustments, and allowed beyond by decisions."""

    year: int
    first: Mapping[str, Fen]
    adjusted: Mapping[str, Fen]
    exceptions: Mapping[str, Fen]

    @property
    def approved(self) -> bool:
        """Whether a budget is approved at all."""
        return bool(self.first)

    def line(self, code: str) -> Fen:
        """The budget of a line, adjustments included."""
        return self.first.get(code, 0) + self.adjusted.get(code, 0)


def standing(documents: Iterable[Document], year: int, until: str = "") -> Standing:
    """The budget of ``year`` from its documents, those approved up to the time ``until`` (ISO; empty: all)."""
    sums: dict[str, Counter[str]] = {kind: Counter() for kind in ("budget", "adjustment", "exception")}
    for one in documents:
        if one.year == year and one.kind in sums and one.state == "approved" and (not until or one.decided_at <= until):
            for code, fen in one.lines:
                sums[one.kind][code] += fen
    return Standing(year, sums["budget"], sums["adjustment"], sums["exception"])


@dataclass(frozen=True, slots=True)
class Execution:
    """One line of the execution table: fen of the budget (first, adjusted), of the month, of the year so far and of last year's same months."""

    code: str
    label: str
    level: int
    first: Fen
    adjusted: Fen
    current: Fen
    cumulative: Fen
    last_year: Fen
    income: bool
    total: bool
    warn: bool = False
    stop: bool = False

    @property
    def budget(self) -> Fen:
        """Adjustments included."""
        return self.first + self.adjusted

    @property
    def mark(self) -> str:
        """超预算, 预警 or nothing, as people read it."""
        return "超预算" if self.stop else "预警" if self.warn else ""

    @property
    def per_mille(self) -> int | None:
        """Of the budget carried out, half up; None without a budget."""
        return None if self.budget <= 0 else (2 * self.cumulative * THOUSAND + self.budget) // (2 * self.budget)


def levels(month: Month) -> tuple[int | None, int]:
    """(warning level or None where unset, stop level) in force, per mille; raises SB1031 for the stop level."""
    known = Parameters.load()
    try:
        warning: int | None = known.number("budget_warning", month.last_day)
    except ParameterUnset:
        warning = None
    return warning, known.number("budget_stop", month.last_day)


def flagged(line: Execution, warning: int | None, stop: int) -> tuple[bool, bool]:
    """Whether an expenditure line is to be warned of, and whether it is above the stop level. Income is never too much."""
    if line.income or line.cumulative <= 0:
        return False, False
    above = line.cumulative * THOUSAND > line.budget * stop
    return above or (warning is not None and line.cumulative * THOUSAND >= line.budget * warning), above


def check_plan(plan: Document, year: Standing, spent: Mapping[str, Fen], earlier: Iterable[Document], labels: Mapping[str, str], stop: int) -> None:
    """Passes when every line of a plan stays within the budget, what was spent before its month and planned for it counted. Raises SB3294.

    ``spent``: fen by line from January to the month before; ``earlier``: other approved plans of the same month.
    """
    planned: Counter[str] = Counter()
    for one in earlier:
        planned.update(dict(one.lines))
    for code, fen in plan.lines:
        allowed = year.line(code) * stop // THOUSAND + year.exceptions.get(code, 0)
        used = spent.get(code, 0) + planned[code]
        if fen and used + fen > allowed:
            raise OverBudget(
                month=plan.when, line=labels.get(code, code), budget=show(year.line(code)), used=show(used), wanted=show(fen), over=show(used + fen - allowed)
            )

"""Worked cases of the entry templates (分录用例): what a fund accountant writes down to check a template against its paragraph.

A case names the event, the fund, amounts in fen, details, and either the legs expected (``D 1005 20000``: side, leaf
account, fen) or the code that refuses. A closing (X1) is given by ``balances`` instead of amounts: leaf account → fen,
debit positive. ``paragraph`` ties a case to one entry of the standard; without it the case
stands for every treatment of which its template books one single entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pydantic import Field, model_validator

import templates
from ledger.chart import STANDARD, Chart
from ledger.chart_file import Tier
from ledger.entries import Line, check_balance
from ledger.errors import Refusal
from ledger.events import build, closing_lines
from ledger.lawfile import BadLawFile, LawFile, Strict, read
from ledger.money import Fen

FOLDER = "standard/cases"


class Case(Strict):
    """One worked case; ``legs`` or ``refuses``, never both."""

    name: str
    event: str
    fund: str
    amounts: Mapping[str, Fen] = Field(default_factory=dict)
    balances: Mapping[str, Fen] = Field(default_factory=dict)
    details: Mapping[str, str] = Field(default_factory=dict)
    legs: tuple[str, ...] = ()
    refuses: str = ""
    paragraph: tuple[str, ...] = ()
    tier: Tier | None = None

    @model_validator(mode="after")
    def _one_outcome(self) -> Case:
        if bool(self.legs) == bool(self.refuses):
            raise ValueError(f"{self.name}: legs or refuses")
        return self

    def lines(self) -> list[Line]:
        """What the templates make of the case; raises what they raise."""
        if self.balances:
            return closing_lines(self.fund, self.balances)
        return build(self.event, self.fund, self.amounts, self.details, chart=Chart.load(STANDARD, self.fund, tier=self.tier) if self.tier else None)

    def trouble(self) -> str:
        """'' where the case holds, else what came instead."""
        try:
            lines = self.lines()
            check_balance(lines)
        except Refusal as refusal:
            return "" if refusal.code == self.refuses else f"{refusal.code} {refusal}"
        made = tuple(f"{line.side.value} {line.account} {line.amount}" for line in lines)
        return "" if made == self.legs else "，".join(made)


class CaseFile(LawFile):
    """One file of cases."""

    cases: tuple[Case, ...]


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> tuple[Case, ...]:
    found: dict[tuple[str, str], Case] = {}
    for file in templates.names(FOLDER, ".yaml"):
        for case in read(CaseFile, file).cases:
            if (case.event, case.name) in found:
                raise BadLawFile(file=file, where=case.name, why="用例名称重复")
            found[case.event, case.name] = case
    return tuple(found.values())


def load_cases() -> tuple[Case, ...]:
    """Every case, in the order of files and lines; raises SB1011."""
    return _load(tuple(str(root) for root in templates.roots()))

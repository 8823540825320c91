"""Lists that come again and again (名单): how two of them are compared, and whether a newer one replaces the older.

The data stand in ``templates/intake/lists.yaml``; an office lays its own file over it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from controls.intake.canonical import SHAPES
from controls.intake.contracts import choices, fold
from ledger import lawfile
from ledger.lawfile import LawFile, Strict

FILE = "intake/lists.yaml"
PERSON = "person"
FULL: Literal["full"] = "full"
INCREMENT: Literal["increment"] = "increment"
KIND_ZH = {FULL: "全量", INCREMENT: "增量"}

Kind = Literal["full", "increment"]


class Habit(Strict):
    """What a source sends: ``source`` '' stands for any; ``most_gone_permille`` of the rows may be gone unasked."""

    source: str
    kind: Kind
    most_gone_permille: int = Field(ge=0, le=1000)
    valid_from: date
    valid_to: date | None
    reference: str = Field(min_length=1)


class ListRule(Strict):
    """How files of a contract are compared: ``key`` and ``compared`` are columns of the canonical table, ``person`` is whoever the row is about.

    ``outside``: a list that comes from elsewhere again and again, so that every issue is compared with the one before.
    """

    contract: str
    outside: bool
    key: tuple[str, ...] = Field(min_length=1)
    compared: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[Habit, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.contract not in SHAPES:
            raise ValueError(f"unknown contract {self.contract}")
        odd = {*self.key, *self.compared} - {*SHAPES[self.contract], PERSON}
        if odd:
            raise ValueError(f"{self.contract} has no columns {sorted(odd)}")
        for source in {habit.source for habit in self.kinds}:
            if fault := lawfile.order_faults([habit for habit in self.kinds if habit.source == source], gaps=False):
                raise ValueError(f"{self.contract} {source}: {fault}")
        return self


class Lists(LawFile):
    """``templates/intake/lists.yaml``."""

    scope_permille: int = Field(ge=0, le=1000)
    lists: tuple[ListRule, ...]

    @model_validator(mode="after")
    def _once(self) -> Self:
        named = [rule.contract for rule in self.lists]
        if len(set(named)) != len(named):
            raise ValueError("a contract stands twice")
        return self


def lists() -> Lists:
    """The file as it stands; raises SB1011."""
    return lawfile.read(Lists, FILE)


def rule(contract: str) -> ListRule | None:
    """How files of the contract are compared; None where nothing is said."""
    return next((one for one in lists().lists if one.contract == contract), None)


def habit(contract: str, source: str, day: date) -> Habit:
    """What ``source`` sends on ``day``: its own entry before the one for any source; a contract that is not listed sends increments."""
    known = rule(contract)
    given = [one for one in known.kinds if lawfile.in_force(one, day)] if known else []
    for wanted in (canonical_source(contract, source), ""):
        for one in given:
            if canonical_source(contract, one.source) == wanted:
                return one
    return Habit(source="", kind=INCREMENT, most_gone_permille=0, valid_from=date.min, valid_to=None, reference="default")


def canonical_source(contract: str, source: str) -> str:
    """One spelling a source: 公安局 and 公安 are the same sender of death lists; white space and width aside elsewhere."""
    folded = fold(source)
    return choices("death_sources").get(folded, folded) if contract == "deaths" else folded

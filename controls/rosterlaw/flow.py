"""The flow of signing by date (签字流程), from ``templates/flows-of-signing.yaml``: steps and duties, the term, where newer data count, kinds of freezes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise

from pydantic import Field, model_validator

from controls.duties import Duty
from controls.rosterlaw.errors import NoFlow
from ledger.lawfile import LawFile, Strict, read

FILE = "flows-of-signing.yaml"
SIGNATURES = (("submit", Duty.HANDLE_ROSTER), ("review", Duty.REVIEW), ("authorise", Duty.AUTHORISE))
"""What every flow asks for, and what the database demands of a release: three signatures by three people (C1-C3)."""


class FlowStep(Strict):
    """One signature and the duty it needs."""

    step: str
    duty: str


class Flow(Strict):
    """One version: ``term_days`` after the month's end (or the day of building, if later) until the release; ``recheck`` names the steps."""

    flow: str
    valid_from: date
    valid_to: date | None = None
    reference: str
    term_days: int = Field(ge=1, le=366)
    steps: tuple[FlowStep, ...]
    recheck: tuple[str, ...]

    @model_validator(mode="after")
    def _whole(self) -> Flow:
        if tuple((one.step, one.duty) for one in self.steps) != tuple((step, duty.value) for step, duty in SIGNATURES):
            raise ValueError("a flow has the three signatures of handler, reviewer and leader in this order")
        if unknown := set(self.recheck) - {"submit", "review", "authorise", "release"}:
            raise ValueError(f"unknown steps {sorted(unknown)}")
        if not {"submit", "release"} <= set(self.recheck):
            raise ValueError("newer data always count at submission and release")
        return self


class FreezeKind(Strict):
    """A kind of freeze window."""

    kind: str
    zh: str
    reference: str


class FlowsFile(LawFile):
    """Schema of ``templates/flows-of-signing.yaml``; versions follow one another without gap or overlap."""

    flows: tuple[Flow, ...] = Field(min_length=1)
    freezes: tuple[FreezeKind, ...]

    @model_validator(mode="after")
    def _one_at_a_time(self) -> FlowsFile:
        if len({one.flow for one in self.flows}) != len(self.flows):
            raise ValueError("a flow's name is used twice")
        if any(earlier.valid_to != later.valid_from for earlier, later in pairwise(self.flows)):
            raise ValueError("flows overlap or leave a gap")
        return self


@lru_cache(maxsize=1)
def flows() -> FlowsFile:
    """The flows; raises SB1011."""
    return read(FlowsFile, FILE)


def on(day: date) -> Flow:
    """The flow that a roster built on ``day`` begins with; raises SB2175."""
    for one in flows().flows:
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to):
            return one
    raise NoFlow(what=day.isoformat())


def named(name: str) -> Flow:
    """A version by its name, in force or not; raises SB2175 when the file lost it."""
    for one in flows().flows:
        if one.flow == name:
            return one
    raise NoFlow(what=name)


def freeze_kind(word: str) -> FreezeKind | None:
    """A kind of freeze by its code or Chinese name."""
    return next((one for one in flows().freezes if word in (one.kind, one.zh)), None)

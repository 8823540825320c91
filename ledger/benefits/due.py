"""In which months a person's payment is due (应发月份): deaths, prison, missed certification and the like, by ``templates/benefits/due.yaml``.

An event has the month it happened and, where it ended, the month it ended. Of several effects on one month the gravest counts:
停发 (never paid), 暂停 (not now; paid back once the pause ended), 不调整 (paid, but takes part in no rise), none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

import templates
from ledger.benefits.errors import UnknownEvent
from ledger.funds import Fund
from ledger.lawfile import LawFile, Strict, read
from ledger.months import Month, months

FILE = "benefits/due.yaml"
STOPPED, PAUSED, FROZEN = "停发", "暂停", "不调整"
LAST = Month(2999, 12)
_GRAVITY = {STOPPED: 3, PAUSED: 2, FROZEN: 1, "": 0}


class DueRule(Strict):
    """What an event does to the payments of some funds; see the head of the file."""

    code: str
    event: str
    funds: tuple[Annotated[Fund, BeforeValidator(Fund)], ...]
    items: tuple[str, ...] = ()
    effect: Literal["停发", "暂停", "不调整"]
    first: int = Field(alias="from", ge=0, le=1)
    until: int = Field(ge=-1, le=0)
    reference: str


class DueFile(LawFile):
    """``templates/benefits/due.yaml``."""

    rules: tuple[DueRule, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a person: ``kind`` as the file names it, its month, and the month it ended (None: it goes on)."""

    kind: str
    start: Month
    end: Month | None = None


@dataclass(frozen=True, slots=True)
class Barred:
    """Months, both included, on which an event bears; ``last`` None has no end. ``back_paid``: a pause that ended."""

    first: Month
    last: Month | None
    effect: str
    back_paid: bool
    event: Event
    reference: str

    @property
    def reason(self) -> str:
        """死亡 2025-03."""
        end = f"～{self.event.end}" if self.event.end else ""
        return f"{self.event.kind} {self.event.start}{end}"


@dataclass(frozen=True, slots=True)
class MonthDue:
    """One month: whether it is due now, the effect that bears on it ('' none), and why."""

    month: Month
    due: bool
    effect: str
    why: str


def rules() -> tuple[DueRule, ...]:
    """Every rule; raises SB1011."""
    return _rules(tuple(str(root) for root in templates.roots()))


@lru_cache(maxsize=4)
def _rules(roots: tuple[str, ...]) -> tuple[DueRule, ...]:
    return read(DueFile, FILE).rules


def barred(fund: Fund, events: Iterable[Event], item: str = "") -> list[Barred]:
    """The months on which the events bear, for an item of a fund; an event that concerns another fund bears on none. Raises SB1446."""
    found = []
    for event in events:
        named = [rule for rule in rules() if rule.event == event.kind]
        if not named:
            raise UnknownEvent(event=event.kind, known="、".join(dict.fromkeys(rule.event for rule in rules())))
        for rule in named:
            if fund not in rule.funds or (rule.items and item not in rule.items):
                continue
            first, last = event.start + rule.first, event.end + rule.until if event.end else None
            if last is None or first <= last:
                found.append(Barred(first, last, rule.effect, rule.effect == PAUSED and event.end is not None, event, rule.reference))
    return found


def due_months(fund: Fund, events: Iterable[Event], first: Month, last: Month, item: str = "") -> Iterator[MonthDue]:
    """Every month from ``first`` to ``last`` with whether it is due, and why not. Raises SB1446."""
    spans = barred(fund, events, item)
    for month in months(first, last):
        bearing = [span for span in spans if span.first <= month and (span.last is None or month <= span.last)]
        gravest = max(bearing, key=lambda span: (_GRAVITY[span.effect], not span.back_paid), default=None)
        if gravest is None:
            yield MonthDue(month, True, "", "")
        else:
            due = gravest.effect == FROZEN or gravest.back_paid
            yield MonthDue(month, due, gravest.effect, gravest.reason + ("，恢复后补发" if gravest.back_paid else ""))

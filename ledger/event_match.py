"""Which business event lines speak of (反推业务): vouchers from another system say accounts and amounts, never the event. Pure.

A template fits when every line lies on one of its legs (account, side, red where the leg allows it), every leg of a
required amount has a line, and its money moves along the flow whitelist (L7).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import product

from ledger import flows
from ledger.chart import STANDARD, Chart, UnknownAccount
from ledger.entries import Line
from ledger.errors import Refusal
from ledger.event_file import EventTemplate, Leg, load_events
from ledger.funds import Fund

_HOLE = re.compile(r"\{([a-z_]+)\??\}")


def fitting(fund: Fund, lines: Sequence[Line], day: date) -> list[EventTemplate]:
    """The templates that fit the lines, those with the fewest legs first, else in the order of the law; empty when none does."""
    found = [law for law in load_events().values() if fund in law.funds and law.legs and _fits(law, fund, lines, day)]
    return sorted(found, key=lambda law: len(law.legs))


def _fits(law: EventTemplate, fund: Fund, lines: Sequence[Line], day: date) -> bool:
    chart = Chart.load(STANDARD, fund, tier=law.tier or "county")
    reach = [(leg, _prefixes(law, leg, fund, chart, day)) for leg in law.legs]
    used: set[int] = set()
    for line in lines:
        mine = [place for place, (leg, codes) in enumerate(reach) if _lies_on(line, leg, codes)]
        if not mine:
            return False
        used |= set(mine)
    needed = {place for place, leg in enumerate(law.legs) if any(not law.amounts[name].optional for _, name in leg.terms)}
    if not needed <= used:
        return False
    try:
        flows.check(law.code, lines)
    except flows.FlowRefused:
        return False
    return True


def _lies_on(line: Line, leg: Leg, codes: tuple[str, ...]) -> bool:
    if not line.account.startswith(codes):
        return False
    if leg.side is not line.side:
        return leg.flip and line.amount > 0
    return leg.red or (line.amount < 0) == (leg.sign < 0)


def _prefixes(law: EventTemplate, leg: Leg, fund: Fund, chart: Chart, day: date) -> tuple[str, ...]:
    """The accounts a leg can reach, as prefixes of codes: its holes filled with every choice, and left open where any value goes."""
    expression = leg.expression(fund)
    if expression.startswith("benefit:"):
        return ("5001",)
    hole = _HOLE.fullmatch(expression)
    if hole is not None and (pattern := law.details[hole.group(1)].pattern):
        return tuple(account.code for account in chart.leaves(day) if re.fullmatch(pattern, account.code))
    codes: set[str] = set()
    for path in product(*(_choices(law, fund, part) for part in expression.split("/"))):
        steps = [step for step in path if step]
        if "*" in steps:
            steps = steps[: steps.index("*")]
        if code := _reached(chart, steps, day, under_any=expression.startswith("/")):
            codes.add(code)
    return tuple(sorted(codes))


def _choices(law: EventTemplate, fund: Fund, part: str) -> tuple[str, ...]:
    hole = _HOLE.fullmatch(part)
    if hole is None:
        return ("*",) if _HOLE.search(part) else (part,)
    spec = law.details[hole.group(1)]
    if not spec.applies(fund):
        return ("",)
    return spec.choices or ("*",)


def _reached(chart: Chart, steps: list[str], day: date, *, under_any: bool) -> str:
    """The code that a path leads to, '' where this fund has no such account or the path says nothing."""
    if not steps:
        return ""
    prefix, names = ("", steps) if under_any else (steps[0], steps[1:])
    try:
        return chart.named(prefix, "/".join(names), day).code if names else chart.account(prefix, day).code
    except UnknownAccount:
        return ""


def refusal_of(fund: Fund, lines: Sequence[Line]) -> Refusal | None:
    """Why lines that fit no event cannot be booked without one: SB1041 where they touch a money account, None where they need no event."""
    try:
        flows.check("", lines)
    except flows.FlowRefused as refused:
        return refused
    return None

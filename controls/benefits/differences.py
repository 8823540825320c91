"""The act of re-rating past months (补发提标): standards under the law of each month, what was paid, which months are due, the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.benefits import happened, paid
from controls.benefits.errors import ArrearsUnderWay, NothingPaid, WrongSpan
from controls.benefits.happened import Happened
from controls.duties import Actor, Duty, require
from controls.roster import STATE_ZH
from ledger import accounts
from ledger.benefits.award import line_of
from ledger.benefits.difference import Bar, Difference, difference
from ledger.benefits.due import Event, barred
from ledger.benefits.errors import NotOneStandard
from ledger.benefits.explain import step_lines
from ledger.benefits.facts import parse
from ledger.benefits.formula import Value
from ledger.benefits.scheme import REGION, Scheme, scheme
from ledger.benefits.standards import UNKNOWN, Fact, Standard, needed, reckoning, standard
from ledger.chart import Chart
from ledger.funds import Fund
from ledger.identity.columns import judge_many
from ledger.items import benefit_code
from ledger.money import Fen
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.tables import unit

BORN = "出生年月"
LONGEST_SPAN = 600
"""Months that one reckoning may take in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be re-rated: the items of a scheme for months ``first`` to ``last``; ``facts``: further facts by number (SB1442 as in a case)."""

    scheme: str
    items: tuple[str, ...]
    first: Month
    last: Month
    facts: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Rerated:
    """The reckoning with what it rests on. ``unbooked``: rosters of those months whose payments are not booked, and so not seen."""

    asked: Asked
    fund: Fund
    book_id: int
    made: Difference
    standards: Mapping[str, Standard]
    known: Mapping[str, Fact]
    happened: Happened
    others: tuple[str, ...]
    unbooked: tuple[int, ...]

    def explained(self, number: str, parameters: Parameters) -> Iterator[str]:
        """How one person's new standards come about: each distinct one once, at the first month that has it."""
        index = list(self.made.paid.numbers).index(number) if number in self.made.paid.numbers else -1
        told: set[tuple[str, Fen]] = set()
        for item, month, due, *_ in self.made.rows_of(number):
            if (item, due) in told:
                continue
            told.add((item, due))
            law = scheme(self.asked.scheme, month)
            known = {name: fact.values[int(fact.codes[index])] for name, fact in self.known.items() if fact.codes[index] != UNKNOWN}
            run = reckoning(law, month, {name: value for name, value in known.items() if name in needed(law, item)}, parameters)
            reached = law.needs([step.name for step in law.paying(item)])
            yield f"{item} {month} 起的标准："
            for step in law.steps:
                if step.name in reached:
                    run.value(step.name)
            lines = [line_of(run, step) for step in law.steps if step.name in reached and step.name not in run.left_out]
            seen: set[tuple[str, str]] = set()
            for place, line in enumerate(lines, start=1):
                yield from step_lines(place, line, seen, law.reference)


def rerate(connection: sa.Connection, home: Path, actor: Actor, asked: Asked, parameters: Parameters) -> Rerated:
    """Reckons the difference of every person and month.

    Raises SB3001 (needs HANDLE_ROSTER), SB3230–SB3232, SB1031 (a standard nobody set), SB1441, SB1442, SB1445, SB1204 (no book).
    """
    require(actor, Duty.HANDLE_ROSTER)
    if asked.last < asked.first or asked.last.index - asked.first.index >= LONGEST_SPAN:
        raise WrongSpan(first=asked.first, last=asked.last, why="终止月早于起始月" if asked.last < asked.first else f"超过 {LONGEST_SPAN} 个月")
    law = scheme(asked.scheme, asked.last)
    items = asked.items or tuple(dict.fromkeys(step.item for step in law.steps if step.item))
    for item in items:
        needed(law, item)
    fund, book = law.fund, accounts.book_of(connection, law.fund)
    waiting = paid.under_way(connection, book.book_id, fund, items, asked.first, asked.last)
    if waiting is not None:
        roster_id, state, item, period = waiting
        raise ArrearsUnderWay(roster=roster_id, state=STATE_ZH[state], item=item, period=Month.from_number(period))
    codes = sorted({leaf for item in items for leaf in _leaves(fund, item, asked.first, asked.last)})
    found = paid.read(connection, book.book_id, fund, codes, items, asked.first, asked.last)
    if not found.rows.person.size:
        raise NothingPaid(fund=fund.short, first=asked.first, last=asked.last, items="、".join(items), others="、".join(found.others) or "无")
    numbers = found.rows.numbers
    known = facts(law, numbers, _region(connection, book.unit_code), asked.facts)
    rates = {item: standard(asked.scheme, item, asked.first, asked.last, known, len(numbers), parameters) for item in items}
    what = happened.read(connection, home, fund, numbers, parameters)
    made = difference(found.rows, rates, bars(fund, numbers, what.events))
    open_rosters = tuple(paid.unbooked(connection, book.book_id, asked.first, asked.last))
    return Rerated(asked, fund, book.book_id, made, rates, known, what, found.others, open_rosters)


def _leaves(fund: Fund, item: str, first: Month, last: Month) -> set[str]:
    """The accounts an item was booked to on the first and the last day: those it may have had in between, as far as the chart changes once."""
    chart = Chart.load(fund=fund)
    return {chart.posting_leaf(benefit_code(fund, item), day).code for day in (first.first_day, last.last_day)}


def _region(connection: sa.Connection, unit_code: str) -> str:
    return str(connection.execute(sa.select(unit.c.region).where(unit.c.code == unit_code)).scalar_one())


def bars(fund: Fund, numbers: Sequence[str], events: Mapping[str, Sequence[Event]]) -> list[Bar]:
    """Months that are not due or not adjusted, by person; a pause that ended is paid back and bars nothing."""
    place = {number: index for index, number in enumerate(numbers)}
    return [Bar(place[number], span) for number, told in events.items() if number in place for span in barred(fund, told) if not span.back_paid]


def facts(law: Scheme, numbers: Sequence[str], region: str, given: Mapping[str, Mapping[str, str]]) -> dict[str, Fact]:
    """What is known of everybody: the office's region, the month of birth from the number, and what the list of facts says (it goes before)."""
    inputs = {one.name for one in law.inputs}
    known: dict[str, Fact] = {}
    if REGION in inputs:
        known[REGION] = Fact.same(region, len(numbers))
    if BORN in inputs:
        known[BORN] = _births(numbers)
    listed = sorted({name for told in given.values() for name in told} & inputs)
    for name in listed:
        known[name] = _listed(law, name, numbers, given, known.get(name))
    return known


def _births(numbers: Sequence[str]) -> Fact:
    """Month of birth from each resident number; not known where it is none."""
    judged = judge_many(list(numbers))
    index = pc.fill_null(pc.add(pc.multiply(pc.year(judged.birth), 12), pc.subtract(pc.month(judged.birth), 1)), UNKNOWN).to_numpy(zero_copy_only=False)
    index = np.where(judged.ok, index, UNKNOWN)
    distinct, codes = np.unique(index, return_inverse=True)
    shift = int(distinct.size > 0 and distinct[0] == UNKNOWN)
    return Fact((codes - shift).astype(np.int64), tuple(Month(place // 12, place % 12 + 1) for place in distinct[shift:].tolist()))


def _listed(law: Scheme, name: str, numbers: Sequence[str], given: Mapping[str, Mapping[str, str]], before: Fact | None) -> Fact:
    """One input as the list has it; who is not on the list keeps what was known, else is not known."""
    values: dict[Value, int] = {}
    codes = np.full(len(numbers), UNKNOWN, np.int64)
    texts: dict[str, int] = {}
    for index, number in enumerate(numbers):
        text = given.get(number, {}).get(name)
        if text is not None:
            if text not in texts:
                value = parse(law, {name: text}, where=f"情况表 {number[:6]}…", only=frozenset({name}))[name]
                texts[text] = values.setdefault(value, len(values))
            codes[index] = texts[text]
        elif before is not None and before.codes[index] != UNKNOWN:
            codes[index] = values.setdefault(before.values[int(before.codes[index])], len(values))
    if not values:
        raise NotOneStandard(item=name, why="情况表中没有领取人")
    return Fact(codes, tuple(values))

"""Arrears after a new standard (补发提标差额): what each month is worth under its own law, less what was paid, month by month.

Columns of numpy integers, one row a person, item and month; amounts in fen. Only months that were paid and are due count; a month that is
not due, was returned or is paused is listed with its reason, and an amount above the new standard is listed, never deducted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.benefits.due import FROZEN, PAUSED, Barred
from ledger.benefits.standards import UNKNOWN, Ints, Standard
from ledger.money import Fen
from ledger.months import Month

PAY, SAME, LESS, STOPPED_, PAUSED_, FROZEN_, UNPAID, NO_FACTS = range(8)
STATE_ZH = {
    PAY: "补发", SAME: "已按新标准", LESS: "已付高于新标准，不扣", STOPPED_: "停发月份", PAUSED_: "暂停月份，恢复后补发", FROZEN_: "期间不参加调整",
    UNPAID: "当月未付或已退回", NO_FACTS: "缺少情况",
}  # fmt: skip
LISTED = (LESS, STOPPED_, PAUSED_, FROZEN_, UNPAID, NO_FACTS)
"""States that are listed one by one for a person to look at."""


@dataclass(frozen=True, slots=True)
class PaidRows:
    """What was paid, net, one row a person (place in ``numbers``), item (place in ``items``) and month (``Month.index``), by person, item, month."""

    numbers: Sequence[str]
    items: tuple[str, ...]
    person: Ints
    item: Ints
    month: Ints
    fen: Ints


@dataclass(frozen=True, slots=True)
class Bar:
    """Months in which a person's payment is not due or not adjusted."""

    person: int
    barred: Barred


@dataclass(frozen=True, slots=True)
class Total:
    """Rows of one state, item and month; ``fen`` is the difference (what would be due for rows that are not paid)."""

    state: int
    item: str
    month: Month
    rows: int
    fen: Fen


@dataclass(frozen=True, slots=True)
class Simple:
    """The simple reckoning 人数 × 差额 × 月 of one item and month, and what makes the difference to the exact one.

    ``simple - exact = not_paid + left_out + otherwise``: people not paid that month, rows left out, other differences than the usual one.
    """

    item: str
    month: Month
    persons: int
    usual: Fen
    simple: Fen
    exact: Fen
    not_paid: Fen
    left_out: Fen
    otherwise: Fen


@dataclass(frozen=True, slots=True)
class Difference:
    """The reckoning: ``due`` is the new standard, ``state`` as in :data:`STATE_ZH`; ``why`` the place in ``reasons`` for months barred (-1 none)."""

    paid: PaidRows
    due: Ints
    state: Ints
    why: Ints
    reasons: tuple[Barred, ...]

    @property
    def fen(self) -> Ints:
        """New standard less paid, row by row."""
        return self.due - self.paid.fen

    @property
    def total(self) -> Fen:
        """Fen to be paid."""
        return int(self.fen[self.state == PAY].sum())

    @property
    def persons(self) -> int:
        """People who are paid something."""
        return int(np.unique(self.paid.person[self.state == PAY]).size)

    def totals(self) -> list[Total]:
        """Sums by state, item and month, in that order."""
        first = int(self.paid.month.min()) if self.paid.month.size else 0
        width = int(self.paid.month.max()) - first + 1 if self.paid.month.size else 1
        key = (self.state * len(self.paid.items) + self.paid.item) * width + (self.paid.month - first)
        sums, counts = np.zeros(len(STATE_ZH) * len(self.paid.items) * width, np.int64), np.bincount(key, minlength=1)
        np.add.at(sums, key, self.fen)
        found = []
        for place in np.flatnonzero(counts).tolist():
            rest, month = divmod(place, width)
            state, item = divmod(rest, len(self.paid.items))
            found.append(Total(state, self.paid.items[item], _month(month + first), int(counts[place]), int(sums[place])))
        return found

    def rows_of(self, number: str) -> list[tuple[str, Month, Fen, Fen, int, str]]:
        """(item, month, new standard, paid, state, reason) of one person, by item and month."""
        if number not in self.paid.numbers:
            return []
        rows = np.flatnonzero(self.paid.person == list(self.paid.numbers).index(number))
        return [self._row(int(row)) for row in rows]

    def _row(self, row: int) -> tuple[str, Month, Fen, Fen, int, str]:
        paid = self.paid
        why = self.reasons[int(self.why[row])].reason if self.why[row] >= 0 else ""
        return paid.items[int(paid.item[row])], _month(int(paid.month[row])), int(self.due[row]), int(paid.fen[row]), int(self.state[row]), why

    def listed(self, most: int) -> list[tuple[str, str, Month, Fen, Fen, int, str]]:
        """The first ``most`` rows that are not paid, for people to look at: number, then as :meth:`rows_of`."""
        rows = np.flatnonzero(np.isin(self.state, LISTED))[:most]
        return [(self.paid.numbers[int(self.paid.person[row])], *self._row(int(row))) for row in rows]


def _month(index: int) -> Month:
    return Month(index // 12, index % 12 + 1)


def gather(numbers: Sequence[str], items: tuple[str, ...], person: Ints, item: Ints, month: Ints, fen: Ints) -> PaidRows:
    """Payments summed to one row a person, item and month (返销 rows are negative), in that order."""
    if not person.size:
        return PaidRows(numbers, items, person, item, month, fen)
    first = int(month.min())
    width = int(month.max()) - first + 1
    key = (person * len(items) + item) * width + (month - first)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    one = ordered[starts]
    rest, months = np.divmod(one, width)
    persons, kinds = np.divmod(rest, len(items))
    return PaidRows(numbers, items, persons, kinds, months + first, np.add.reduceat(fen[order], starts))


def difference(paid: PaidRows, standards: Mapping[str, Standard], bars: Sequence[Bar]) -> Difference:
    """The reckoning of every row; ``standards`` holds one for each item of ``paid``."""
    rows = paid.person.size
    due, unknown = np.zeros(rows, np.int64), np.zeros(rows, np.bool_)
    for place, item in enumerate(paid.items):
        here = paid.item == place
        due[here] = standards[item].of(paid.person[here], paid.month[here])
        unknown[here] = standards[item].profile[paid.person[here]] == UNKNOWN
    state = np.where(due > paid.fen, PAY, np.where(due == paid.fen, SAME, LESS)).astype(np.int64)
    why = np.full(rows, -1, np.int64)
    reasons: list[Barred] = []
    for bar in sorted(bars, key=lambda bar: _gravity(bar.barred)):
        low, high = np.searchsorted(paid.person, [bar.person, bar.person + 1])
        last = bar.barred.last.index if bar.barred.last else np.iinfo(np.int64).max
        hit = np.flatnonzero((paid.month[low:high] >= bar.barred.first.index) & (paid.month[low:high] <= last)) + low
        if hit.size:
            state[hit] = _state(bar.barred)
            why[hit] = len(reasons)
            reasons.append(bar.barred)
    state[unknown] = NO_FACTS
    state[paid.fen <= 0] = UNPAID
    return Difference(paid, due, state, why, tuple(reasons))


def _gravity(barred: Barred) -> int:
    return {FROZEN: 0, PAUSED: 1}.get(barred.effect, 2)


def _state(barred: Barred) -> int:
    return {FROZEN: FROZEN_, PAUSED: PAUSED_}.get(barred.effect, STOPPED_)


def simple(made: Difference) -> list[Simple]:
    """人数 × 差额 × 月 beside the exact reckoning, item by item and month by month; the usual difference is the most frequent one that is paid."""
    found, paid, fen = [], made.paid, made.fen
    for place, item in enumerate(paid.items):
        of_item = paid.item == place
        persons = int(np.unique(paid.person[of_item]).size)
        for index in np.unique(paid.month[of_item]).tolist():
            here = of_item & (paid.month == index)
            given = fen[here & (made.state == PAY)]
            values, counts = np.unique(given, return_counts=True)
            usual = int(values[counts.argmax()]) if values.size else 0
            kept = here & np.isin(made.state, (PAY, SAME))
            exact = int(given.sum())
            left_out = int(np.count_nonzero(here) - np.count_nonzero(kept)) * usual
            not_paid = (persons - int(np.count_nonzero(here))) * usual
            found.append(Simple(item, _month(index), persons, usual, persons * usual, exact, not_paid, left_out, int(np.count_nonzero(kept)) * usual - exact))
    return found

"""Which book items and statement rows are the same money: exact amounts only, and no guess between equal candidates.

Rules in order, each on what the earlier ones left open:
1. a red-letter entry (红字冲销) with the entry it reverses;
2. the same reference: equal amounts, then equal sums;
3. equal amounts at the smallest distance in days, up to the window; several equal ones only as a whole set;
4. equal sums within one day: the items of one voucher, of one text, or all of that day and direction, against one.
What stays open carries its reason.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ledger.money import Fen


class Item(Protocol):
    """What both sides have: day, signed fen (money in is positive), reference, a text, and a label for people."""

    @property
    def on(self) -> date: ...
    @property
    def amount(self) -> Fen: ...
    @property
    def ref(self) -> str: ...
    @property
    def memo(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def corrects(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pairing:
    """Positions of book items and statement rows that belong together, and the rule that says so."""

    book: tuple[int, ...]
    statement: tuple[int, ...]
    by: str


RULES = {
    "reversal": "红字冲销",
    "reference": "凭据号与金额相同",
    "reference_sum": "凭据号相同、合计相等",
    "amount": "金额相同、日期相同或相近",
    "set": "同额同日成组相等",
    "day_sum": "同日合计相等",
}


def _reference(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


class Matcher:
    """Matches one month of one account; make it, call :meth:`run`, then ask :meth:`reason` of what stayed open."""

    def __init__(self, book: Sequence[Item], statement: Sequence[Item], window: int) -> None:
        self.sides: tuple[Sequence[Item], Sequence[Item]] = (book, statement)
        self.window = window
        self.open: tuple[set[int], set[int]] = (set(range(len(book))), set(range(len(statement))))
        self.pairings: list[Pairing] = []

    def run(self) -> list[Pairing]:
        """Every pairing, in the order of the rules."""
        self._reversals()
        self._references()
        for distance in range(self.window + 1):
            self._amounts(distance)
        for key in (_voucher, _text, _direction):
            self._sums(key)
        return self.pairings

    def _take(self, book: Iterable[int], statement: Iterable[int], by: str) -> None:
        mine, theirs = tuple(sorted(book)), tuple(sorted(statement))
        self.open[0].difference_update(mine)
        self.open[1].difference_update(theirs)
        self.pairings.append(Pairing(mine, theirs, by))

    def _grouped(self, side: int, key: Callable[[Item], Hashable]) -> dict[Hashable, list[int]]:
        """Open positions of one side by a key, in order; items without a key (None or '') are left out."""
        made: dict[Hashable, list[int]] = defaultdict(list)
        for position in sorted(self.open[side]):
            value = key(self.sides[side][position])
            if value not in (None, ""):
                made[value].append(position)
        return made

    def _sum(self, side: int, positions: Iterable[int]) -> Fen:
        return sum(self.sides[side][position].amount for position in positions)

    def _reversals(self) -> None:
        """A reversal and the entry it names cancel when they add up to nothing."""
        items = self.sides[0]
        by_label = self._grouped(0, lambda item: item.label)
        for label, reversals in self._grouped(0, lambda item: item.corrects).items():
            originals = by_label.get(label, [])
            if originals and self._sum(0, originals) + self._sum(0, reversals) == 0 and all(items[i].label == label for i in originals):
                self._take([*originals, *reversals], (), RULES["reversal"])

    def _references(self) -> None:
        def key(item: Item) -> str:
            return _reference(item.ref)

        theirs = self._grouped(1, key)
        for reference, mine in self._grouped(0, key).items():
            other = theirs.get(reference, [])
            for amount in sorted({self.sides[0][i].amount for i in mine} & {self.sides[1][i].amount for i in other}):
                left = [i for i in mine if self.sides[0][i].amount == amount]
                right = [i for i in other if self.sides[1][i].amount == amount]
                if len(left) == len(right):
                    self._take(left, right, RULES["reference"])
            left, right = [i for i in mine if i in self.open[0]], [i for i in other if i in self.open[1]]
            if left and right and self._sum(0, left) == self._sum(1, right):
                self._take(left, right, RULES["reference_sum"])

    def _near(self, side: int, position: int, others: Iterable[int], distance: int) -> list[int]:
        day = self.sides[side][position].on
        return [other for other in others if abs((self.sides[1 - side][other].on - day).days) <= distance]

    def _amounts(self, distance: int) -> None:
        """Equal amounts within ``distance`` days: one and one, or a set where everyone is near everyone and the numbers agree."""
        theirs = self._grouped(1, lambda item: item.amount)
        for amount, mine in self._grouped(0, lambda item: item.amount).items():
            for left, right in self._components(mine, theirs.get(amount, []), distance):
                whole = all(len(self._near(0, i, right, distance)) == len(right) for i in left)
                if len(left) == len(right) and whole:
                    self._take(left, right, RULES["amount"] if len(left) == 1 else RULES["set"])

    def _components(self, mine: list[int], theirs: list[int], distance: int) -> Iterator[tuple[list[int], list[int]]]:
        """Groups of positions that hang together by nearness; only those with both sides."""
        seen: set[int] = set()
        for start in mine:
            if start in seen:
                continue
            left, right, queue = {start}, set[int](), [start]
            while queue:
                for other in self._near(0, queue.pop(), theirs, distance):
                    if other not in right:
                        right.add(other)
                        fresh = set(self._near(1, other, mine, distance)) - left
                        left |= fresh
                        queue.extend(sorted(fresh))
            seen |= left
            if right:
                yield sorted(left), sorted(right)

    def _sums(self, key: Callable[[Item], Hashable]) -> None:
        """Several of one side against one of the other within a day; two groups or two rows of that sum are no match."""
        for side in (0, 1):
            groups: dict[tuple[date, Fen], list[list[int]]] = defaultdict(list)
            for positions in self._grouped(side, key).values():
                if len(positions) > 1:
                    groups[self.sides[side][positions[0]].on, self._sum(side, positions)].append(positions)
            singles: dict[tuple[date, Fen], list[int]] = defaultdict(list)
            for position in sorted(self.open[1 - side]):
                other = self.sides[1 - side][position]
                singles[other.on, other.amount].append(position)
            for where, found in groups.items():
                one = singles.get(where, [])
                if len(found) == 1 and len(one) == 1:
                    self._take(*((found[0], one) if side == 0 else (one, found[0])), RULES["day_sum"])

    def reason(self, side: int, position: int) -> str:
        """Why a position of ``side`` (0 book, 1 statement) stayed open, in Chinese."""
        item, other = self.sides[side][position], ("对账单", "账面")[side]
        rivals = [i for i in sorted(self.open[1 - side]) if self.sides[1 - side][i].amount == item.amount]
        near = self._near(side, position, rivals, self.window)
        if near:
            mine = len([i for i in self._near(1 - side, near[0], sorted(self.open[side]), self.window) if self.sides[side][i].amount == item.amount])
            return f"{other}有 {len(near)} 笔同额记录，本方有 {mine} 笔，无法确定对应关系，请人工核对"
        if rivals:
            days = min(abs((self.sides[1 - side][i].on - item.on).days) for i in rivals)
            return f"{other}有同额记录，但日期相差 {days} 天，超过 {self.window} 天"
        return f"{other}无同额记录"


def _voucher(item: Item) -> Hashable:
    return (item.on, item.label) if item.label else None


def _text(item: Item) -> Hashable:
    return (item.on, item.memo.strip(), item.amount > 0) if item.memo.strip() else None


def _direction(item: Item) -> Hashable:
    return (item.on, item.amount > 0)

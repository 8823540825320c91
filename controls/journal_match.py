"""Matching a journal with the ledger (账账核对), pure: what pairs, what only one side has, what differs, and what nobody may guess.

The order: what one side itself took back (red lines, red vouchers) · the same document number · equal amounts at the smallest
distance in days, several equal ones only as a whole set · several lines of one voucher, with its corrections, as one sum.
Equal candidates in unequal numbers are never paired; they stand as a difference of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.entries import digest
from ledger.money import Fen

WINDOW = 10
"""Days that a receipt and its voucher may lie apart."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of either side: where it stands, its day, fen (into the account positive), its document numbers.

    ``root`` is the voucher it belongs to or corrects (ledger), or the line it takes back (journal); ``red`` is what takes back.
    """

    place: str
    day: date
    signed: Fen
    references: frozenset[str] = frozenset()
    summary: str = ""
    root: Hashable = None
    red: bool = False


class DifferenceKind(StrEnum):
    """What a difference is."""

    OPENING = "opening"
    JOURNAL_ONLY = "journal"
    LEDGER_ONLY = "ledger"
    AMOUNT = "amount"
    EQUAL = "equal"

    @property
    def zh(self) -> str:
        """As it is printed."""
        return {"opening": "期初不符", "journal": "日记账有、总账无", "ledger": "总账有、日记账无", "amount": "金额不符", "equal": "同额多笔，无法判断"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the lines of both sides it is about, and why they do not pair."""

    kind: DifferenceKind
    journal: tuple[Item, ...]
    ledger: tuple[Item, ...]
    why: str
    opening: Fen = 0

    @property
    def amount(self) -> Fen:
        """By how much the journal is above the ledger, fen."""
        return self.opening + sum(one.signed for one in self.journal) - sum(one.signed for one in self.ledger)

    @property
    def key(self) -> str:
        """Its number: by content, so that an explanation never serves another difference."""
        sides = [sorted([one.place, one.day.isoformat(), one.signed] for one in side) for side in (self.journal, self.ledger)]
        return digest([self.kind.value, sides, self.opening])[:10]


@dataclass(frozen=True, slots=True)
class Result:
    """What was matched, as (journal lines, ledger lines), and what was not."""

    matches: tuple[tuple[tuple[Item, ...], tuple[Item, ...]], ...]
    differences: tuple[Difference, ...]


def match(journal: Sequence[Item], ledger: Sequence[Item], window: int = WINDOW) -> Result:
    """Both sides of one account against each other; every item ends in exactly one match, difference, or pair that cancels itself."""
    run = _Run(_without_reds(journal), _without_reds(ledger), window)
    run.by_reference()
    for distance in range(window + 1):
        run.by_amount(distance)
    run.by_voucher()
    run.leftovers()
    return Result(tuple(run.matches), tuple(sorted(run.differences, key=lambda one: (min(item.day for item in one.journal + one.ledger), one.key))))


def _without_reds(items: Sequence[Item]) -> list[Item]:
    """Items less those that one side itself took back: a red one and an equal one of the same voucher or line."""
    left = list(items)
    for red in [item for item in items if item.red]:
        taken = next((one for one in left if one.root == red.root and one.signed == -red.signed and not one.red), None)
        if taken is not None and red in left:
            left.remove(taken)
            left.remove(red)
    return left


class _Run:
    """The pools that are left, and what was found so far."""

    def __init__(self, journal: list[Item], ledger: list[Item], window: int) -> None:
        self.journal, self.ledger, self.window = journal, ledger, window
        self.matches: list[tuple[tuple[Item, ...], tuple[Item, ...]]] = []
        self.differences: list[Difference] = []

    def _take(self, journal: Iterable[Item], ledger: Iterable[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        mine, theirs = tuple(journal), tuple(ledger)
        gone = {id(one) for one in mine + theirs}
        self.journal = [one for one in self.journal if id(one) not in gone]
        self.ledger = [one for one in self.ledger if id(one) not in gone]
        return mine, theirs

    def by_reference(self) -> None:
        """What shares a document number, as a whole: equal sums pair, unequal ones are a difference of amount."""
        for mine, theirs in _groups(self.journal, self.ledger, lambda one, other: not one.references.isdisjoint(other.references), _by_references):
            pair = self._take(mine, theirs)
            apart = sum(one.signed for one in mine) - sum(one.signed for one in theirs)
            if apart == 0:
                self.matches.append(pair)
            else:
                shared = "、".join(sorted(frozenset().union(*(one.references for one in mine)) & frozenset().union(*(one.references for one in theirs))))
                self.differences.append(Difference(DifferenceKind.AMOUNT, *pair, f"单据 {shared} 两边金额不同"))

    def by_amount(self, distance: int) -> None:
        """Equal amounts within ``distance`` days: one and one, or a set where everyone is near everyone and the numbers agree."""
        for mine, theirs in self._equal(distance):
            near = all(abs((one.day - other.day).days) <= distance for one in mine for other in theirs)
            if len(mine) == len(theirs) and near:
                self.matches.append(self._take(mine, theirs))

    def _equal(self, distance: int) -> list[tuple[list[Item], list[Item]]]:
        def near(one: Item, other: Item) -> bool:
            return one.signed == other.signed and abs((one.day - other.day).days) <= distance

        return list(_groups(self.journal, self.ledger, near, _by_signed))

    def by_voucher(self) -> None:
        """The lines of one voucher, with its corrections, against the one journal line of their sum."""
        families: dict[Hashable, list[Item]] = defaultdict(list)
        for item in self.ledger:
            families[item.root].append(item)
        wanted: dict[Fen, list[list[Item]]] = defaultdict(list)
        for family in families.values():
            if len(family) > 1 and sum(one.signed for one in family) != 0:
                wanted[sum(one.signed for one in family)].append(family)
        for fen, found in wanted.items():
            near = [one for one in self.journal if one.signed == fen and any(abs((one.day - leg.day).days) <= self.window for leg in found[0])]
            if len(found) == 1 and len(near) == 1:
                self.matches.append(self._take(near, found[0]))

    def leftovers(self) -> None:
        """Equal candidates in unequal numbers, and what only one side has."""
        for mine, theirs in self._equal(self.window):
            why = f"同额 {len(mine)} 笔对 {len(theirs)} 笔，须按单据号指明"
            self.differences.append(Difference(DifferenceKind.EQUAL, *self._take(mine, theirs), why))
        self.differences += [Difference(DifferenceKind.JOURNAL_ONLY, (one,), (), "总账没有同额的记录") for one in self.journal]
        self.differences += [Difference(DifferenceKind.LEDGER_ONLY, (), (one,), "日记账没有同额的登记") for one in self.ledger]


def _by_references(one: Item) -> Iterable[Hashable]:
    return one.references


def _by_signed(one: Item) -> Iterable[Hashable]:
    return (one.signed,)


def _groups(
    journal: Sequence[Item], ledger: Sequence[Item], linked: Callable[[Item, Item], bool], buckets: Callable[[Item], Iterable[Hashable]]
) -> Iterator[tuple[list[Item], list[Item]]]:
    """Connected groups with both sides in them; ``buckets`` names where a partner can lie."""
    shelves: tuple[dict[Hashable, list[Item]], dict[Hashable, list[Item]]] = (defaultdict(list), defaultdict(list))
    for shelf, items in zip(shelves, (journal, ledger), strict=True):
        for item in items:
            for bucket in buckets(item):
                shelf[bucket].append(item)
    seen: set[int] = set()
    for start in journal:
        if id(start) in seen:
            continue
        seen.add(id(start))
        group: tuple[list[Item], list[Item]] = ([start], [])
        waiting: list[tuple[int, Item]] = [(0, start)]
        while waiting:
            side, item = waiting.pop()
            for bucket in buckets(item):
                for other in shelves[1 - side].get(bucket, ()):
                    if id(other) not in seen and linked(item, other):
                        seen.add(id(other))
                        group[1 - side].append(other)
                        waiting.append((1 - side, other))
        if group[1]:
            yield group

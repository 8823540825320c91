"""Which sign of one name stands against which of another (对位), and what the differences take from a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ledger.names import tables
from ledger.names.likeness import DIFFERENT, SAME, Alike, Likeness, likeness

Signs = tuple[str, ...]

LONGEST = 40
"""Signs up to which the cheapest alignment is looked for; longer names stand side by side from the front."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Places (1 = first) in the two names and the likeness of what stands there; place 0: nothing stands against the other's sign."""

    one: int
    two: int
    alike: Likeness


@lru_cache(maxsize=64)
def penalty(kind: Alike, surname: bool, longest: int) -> int:
    """Thousandths that one sign of that kind takes off a name of ``longest`` signs."""
    if kind is Alike.SAME:
        return 0
    table = tables.weights()
    rows = table.surname if surname else table.given
    percent = table.length[min(max(longest, min(table.length)), max(table.length))]
    return rows[kind.value] * percent // 100


def beside(one: Signs, two: Signs, surname: int) -> list[Pair]:
    """Names of equal length, sign by sign."""
    return [Pair(place, place, likeness(sign, other, place <= surname)) for place, (sign, other) in enumerate(zip(one, two, strict=True), 1)]


def aligned(one: Signs, two: Signs, surname: int) -> list[Pair]:
    """The cheapest alignment of two names; a wildcard ``?n`` may stand against up to ``n`` signs. Of equal ones that which leaves out the later signs."""
    if len(one) == len(two):
        return beside(one, two, surname)
    if max(len(one), len(two)) > LONGEST:
        common = min(len(one), len(two))
        rest = range(common + 1, max(len(one), len(two)) + 1)
        tail = [Pair(place, 0, DIFFERENT) if len(one) > common else Pair(0, place, DIFFERENT) for place in rest]
        return [*beside(one[:common], two[:common], surname), *tail]
    if abs(len(one) - len(two)) == 1 and all(len(sign) == 1 or sign[1:] == "1" for sign in (*one, *two)):
        return _one_left_out(one, two, surname)
    longest, gap = max(len(one), len(two)), tables.weights().whole["one_more"]
    best: dict[tuple[int, int], tuple[int, tuple[Pair, ...]]] = {(0, 0): (0, ())}
    for row in range(len(one) + 1):
        for column in range(len(two) + 1):
            if row or column:
                best[row, column] = min(_ways(best, one, two, row, column, surname, longest, gap), key=lambda way: way[0])
    return list(best[len(one), len(two)][1])


def _one_left_out(one: Signs, two: Signs, surname: int) -> list[Pair]:
    """Names of which one has a sign more: the place where leaving it out costs least, the last of equal ones."""
    long, short = (one, two) if len(one) > len(two) else (two, one)
    before = beside(long[:-1], short, surname)
    after = [Pair(place + 1, place, likeness(long[place], sign, place < surname)) for place, sign in enumerate(short, 1)]
    cost = sum(penalty(pair.alike.kind, pair.one <= surname, len(long)) for pair in after)
    least, at = cost, 0
    for place in range(len(short)):
        cost += penalty(before[place].alike.kind, place < surname, len(long)) - penalty(after[place].alike.kind, place + 1 < surname, len(long))
        if cost <= least:
            least, at = cost, place + 1
    pairs = [*before[:at], Pair(at + 1, 0, DIFFERENT), *after[at:]]
    return pairs if long is one else [Pair(pair.two, pair.one, pair.alike) for pair in pairs]


def _ways(
    best: dict[tuple[int, int], tuple[int, tuple[Pair, ...]]], one: Signs, two: Signs, row: int, column: int, surname: int, longest: int, gap: int
) -> list[tuple[int, tuple[Pair, ...]]]:
    found = []
    if row:
        cost, pairs = best[row - 1, column]
        found.append((cost + _gap(one, two, row, column, gap), (*pairs, Pair(row, 0, DIFFERENT))))
    if column:
        cost, pairs = best[row, column - 1]
        found.append((cost + _gap(two, one, column, row, gap), (*pairs, Pair(0, column, DIFFERENT))))
    if row and column:
        alike = likeness(one[row - 1], two[column - 1], row <= surname and column <= surname)
        cost, pairs = best[row - 1, column - 1]
        found.append((cost + penalty(alike.kind, row <= surname, longest), (*pairs, Pair(row, column, alike))))
    return found


def _gap(with_it: Signs, without: Signs, place: int, other: int, gap: int) -> int:
    if len(with_it[place - 1]) > 1:
        return penalty(Alike.WILDCARD, False, max(len(with_it), len(without)))
    # A run of lost bytes that stands for several characters swallows the next one at no further cost.
    swallowed = 0 < other <= len(without) and len(without[other - 1]) > 1 and without[other - 1][1:] != "1"
    return 0 if swallowed else gap


def swapped(one: Signs, two: Signs) -> str:
    """How the same signs stand in another order: ``surname_last`` (伟张, 相如司马), ``order`` (张国建), '' when they do not."""
    if one == two or len(one) != len(two) or sorted(one) != sorted(two) or any(len(sign) > 1 for sign in one):
        return ""
    for name, other in ((one, two), (two, one)):
        for length in (1, 2) if "".join(name[:2]) in tables.surname_table().compounds else (1,):
            if name[length:] + name[:length] == other:
                return "surname_last"
    differing = [place for place, (sign, turned) in enumerate(zip(one, two, strict=True)) if sign != turned]
    return "order" if len(differing) == 2 else ""


def cut(long: Signs, short: Signs) -> bool:
    """Whether ``short`` is the beginning of ``long``: at least two signs, none of them different."""
    return 2 <= len(short) < len(long) and all(
        likeness(sign, other, place == 0) in (SAME,) or likeness(sign, other, place == 0).kind is Alike.VARIANT
        for place, (sign, other) in enumerate(zip(long, short, strict=False))
    )

"""Sets of months (月份集合) as sorted half-open intervals ``[start, end)`` of month indices: exact, small, and closed under ∪, ∩ and −.

Numbers are ``yyyymm`` as stored. Intervals that touch are one; months that merely touch share no month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Interval = tuple[int, int]
"""``[start, end)`` in month indices (:attr:`ledger.months.Month.index`), start < end."""


def index_of(number: int) -> int:
    """``yyyymm`` → months since year 0."""
    return number // 100 * 12 + number % 100 - 1


def number_at(index: int) -> int:
    """Months since year 0 → ``yyyymm``."""
    return index // 12 * 100 + index % 12 + 1


@dataclass(frozen=True, slots=True)
class MonthSet:
    """A finite set of months. Build it by :meth:`of` or :meth:`between`; equal sets are equal values."""

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, numbers: Iterable[int]) -> MonthSet:
        """The set of the months given as ``yyyymm``, in any order, repeated or not."""
        return cls.joined((index, index + 1) for index in map(index_of, numbers))

    @classmethod
    def between(cls, first: int, last: int) -> MonthSet:
        """The months from ``first`` to ``last``, both included; empty when ``last`` lies before ``first``."""
        start, end = index_of(first), index_of(last) + 1
        return cls(((start, end),)) if start < end else cls()

    @classmethod
    def joined(cls, intervals: Iterable[Interval]) -> MonthSet:
        """The union of half-open intervals; empty ones are dropped, touching ones become one."""
        made: list[Interval] = []
        for start, end in sorted(one for one in intervals if one[0] < one[1]):
            if made and start <= made[-1][1]:
                made[-1] = (made[-1][0], max(made[-1][1], end))
            else:
                made.append((start, end))
        return cls(tuple(made))

    def __len__(self) -> int:
        return sum(end - start for start, end in self.intervals)

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, number: int) -> bool:
        return any(start <= index_of(number) < end for start, end in self.intervals)

    def __iter__(self) -> Iterator[int]:
        """The months as ``yyyymm``, ascending."""
        return (number_at(index) for start, end in self.intervals for index in range(start, end))

    def __or__(self, other: MonthSet) -> MonthSet:
        return MonthSet.joined((*self.intervals, *other.intervals))

    def __and__(self, other: MonthSet) -> MonthSet:
        return MonthSet.joined((max(a, c), min(b, d)) for a, b in self.intervals for c, d in other.intervals)

    def __sub__(self, other: MonthSet) -> MonthSet:
        left = list(self.intervals)
        for start, end in other.intervals:
            left = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]]
        return MonthSet(tuple(left))

    def runs(self) -> list[tuple[int, int]]:
        """Each run of months as its first and last ``yyyymm``, ascending."""
        return [(number_at(start), number_at(end - 1)) for start, end in self.intervals]

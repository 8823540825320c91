"""Half-open spans of days over one another (双时态): what later knowledge says lies over what earlier knowledge said.

An assertion says: from ``from_on`` until before ``to_on`` the value holds. Assertions come in the order in which they
became known; :func:`overlay` gives what holds when all of them are known, as spans that never overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

FIRST, LAST = date.min, date.max
"""A beginning that nobody knows, and an end that has not come."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Piece(Generic[Value]):
    """``value`` holds on every day of ``[from_on, to_on)``."""

    from_on: date
    to_on: date
    value: Value

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < self.to_on


def overlay(assertions: Iterable[Piece[Value]]) -> tuple[Piece[Value], ...]:
    """The pieces that hold, in order of time, without overlap; of two assertions for one day the later in the sequence wins.

    >>> from datetime import date as d
    >>> [p.value for p in overlay([Piece(d(2020, 1, 1), LAST, "参保"), Piece(d(2024, 1, 1), LAST, "领取")])]
    ['参保', '领取']
    """
    held: list[Piece[Value]] = []
    for said in assertions:
        if not held or held[-1].to_on <= said.from_on:
            held.append(said)
            continue
        left = [Piece(old.from_on, min(old.to_on, said.from_on), old.value) for old in held if old.from_on < said.from_on]
        right = [Piece(max(old.from_on, said.to_on), old.to_on, old.value) for old in held if old.to_on > said.to_on]
        held = [*left, said, *right]
    return tuple(held)


def on(pieces: Sequence[Piece[Value]], day: date) -> Value | None:
    """The value on one day, None when nothing is known of it."""
    return next((piece.value for piece in pieces if day in piece), None)

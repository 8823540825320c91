"""Sets of months: the algebra of sets holds, and months that merely touch do not overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.month_sets import MonthSet, index_of, number_at

NUMBERS = st.integers(min_value=1990 * 12, max_value=1994 * 12 - 1).map(number_at)
SETS = st.sets(NUMBERS, max_size=30)


@given(SETS, SETS)
def test_the_algebra_is_that_of_plain_sets(a: set[int], b: set[int]) -> None:
    """Union, intersection, difference, length, membership and order agree with Python's sets; equal sets are equal values."""
    one, two = MonthSet.of(a), MonthSet.of(b)
    for made, plain in ((one | two, a | b), (one & two, a & b), (one - two, a - b)):
        assert list(made) == sorted(plain) and len(made) == len(plain) and made == MonthSet.of(plain) and bool(made) == bool(plain)
        assert all(number in made for number in plain)
    assert not any(number in one for number in b - a)


@given(SETS)
def test_runs_are_apart_and_cover_the_set(a: set[int]) -> None:
    """Intervals are ascending, none is empty, and between two of them lies at least one month."""
    made = MonthSet.of(a)
    assert all(start < end for start, end in made.intervals)
    assert all(before[1] < after[0] for before, after in zip(made.intervals, made.intervals[1:], strict=False))
    assert {number for first, last in made.runs() for number in MonthSet.between(first, last)} == a


def test_boundaries() -> None:
    """December joins January, touching spans share no month, a span turned round is empty."""
    assert MonthSet.of([202312, 202401]).runs() == [(202312, 202401)]
    assert not MonthSet.between(202401, 202403) & MonthSet.between(202404, 202406)
    assert not MonthSet.between(202404, 202403) and number_at(index_of(202412)) == 202412

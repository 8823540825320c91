"""Months as values: written forms, arithmetic, spans and runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.months import BadMonth, Month, Span, months, show_runs
from tests.ledger.strategies import MONTH


@pytest.mark.parametrize("text", ["2024-03", "2024-3", "2024/3", "2024.03", "202403", "2024年3月", "2024年03月份", " 2024-03 "])
def test_months_as_people_write_them(text: str) -> None:
    """Every usual way to write a month gives the same value."""
    assert Month.parse(text) == Month(2024, 3)


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-00", "20240", "2024-03-01", "24-03", "三月", "1899-12", "3000-01", "2024年3"])
def test_what_is_no_month_is_refused(text: str) -> None:
    """SB1002: a date, a year, a month that does not exist or a year out of all reason is refused."""
    with pytest.raises(BadMonth):
        Month.parse(text)


@given(MONTH)
def test_months_keep_their_forms(month: Month) -> None:
    """Text, stored number and Chinese form lead back to the month; its days lie in it, and the days around it do not."""
    assert Month.parse(str(month)) == Month.parse(month.zh()) == Month.from_number(month.number) == month
    assert Month.of(month.first_day) == Month.of(month.last_day) == month
    assert Month.of(month.first_day - timedelta(days=1)) == month - 1
    assert Month.of(month.last_day + timedelta(days=1)) == month + 1


@given(MONTH, st.integers(-300, 300), st.integers(-300, 300))
def test_months_add_up(month: Month, one: int, two: int) -> None:
    """Adding months is adding, across years too; order and stored numbers agree with it."""
    assert month + one + two == month + (one + two)
    assert month + one - one == month
    assert (month + one).index - month.index == one
    assert (month + one < month + two) == (one < two) == ((month + one).number < (month + two).number)


def test_a_month_is_no_number() -> None:
    """A month does not compare with what is no month."""
    with pytest.raises(TypeError):
        _ = Month(2024, 1) < 202402
    assert Month(2024, 1) != 202401


@given(MONTH, MONTH, st.integers(0, 30), st.integers(0, 30))
def test_spans_overlap_when_a_month_lies_in_both(one: Month, two: Month, length: int, other: int) -> None:
    """Half-open spans share a month exactly when they overlap; an open end reaches everything later."""
    left, right = Span(one, one + length), Span(two, two + other)
    shared = {month for month in months(one, one + (length - 1)) if month in right}
    assert (left.overlaps(right) and length > 0 and other > 0) == bool(shared)
    assert Span(one).overlaps(Span(two))
    assert (one in Span(two)) == (two <= one)


def test_runs_of_months() -> None:
    """Months are listed once, and in runs where they follow one another."""
    wanted = [Month(2025, 9), Month(2025, 4), Month(2025, 6), Month(2025, 5), Month(2025, 4), Month(2025, 12), Month(2026, 1)]
    assert show_runs(wanted) == "2025-04～2025-06、2025-09、2025-12～2026-01"
    assert show_runs([]) == ""


def test_february_knows_leap_years() -> None:
    """The last day of February follows the calendar."""
    assert [Month(year, 2).last_day for year in (2023, 2024, 2100)] == [date(2023, 2, 28), date(2024, 2, 29), date(2100, 2, 28)]

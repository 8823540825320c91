"""Two numbers beside each other: equal, one in 15 and 18 digits, or one slip apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.identity.sameness import Likeness, one_digit, same, swapped
from tests.ledger.identity_numbers import RESIDENT

OLD = RESIDENT.filter(lambda number: number[6:8] == "19")


@given(OLD)
def test_fifteen_and_eighteen_digits_are_one_number(number: str) -> None:
    """15 and 18 digits are the same; the same twice is equal; what is wrong in 15 digits is one digit, though the check digit moves too."""
    short = number[:6] + number[8:17]
    assert same(short, number).kind is Likeness.FIFTEEN and same(short, number).same
    assert same(number.lower(), number).kind is same(short, short).kind is Likeness.EQUAL
    slip = short[:-1] + str((int(short[-1]) + 1) % 10)
    if slip[12:] not in ("996", "997", "998", "999"):
        assert same(slip, number).kind is Likeness.ONE_DIGIT and same(slip, number).place == 17


@given(RESIDENT, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_slip_is_near(number: str, place: int, digit: str) -> None:
    """One digit, two neighbours, one lacking are near and name their place; the order does not matter."""
    other = number[:place] + digit + number[place + 1 :]
    if digit != number[place]:
        found = same(number, other)
        assert (found.kind, found.place) == (Likeness.ONE_DIGIT, place + 1) and found.near and not found.same
        assert one_digit(number, other) and not swapped(number, other)
    turned = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if turned != number:
        assert same(number, turned) == same(turned, number) and same(number, turned).kind is Likeness.SWAPPED
        assert swapped(number, turned) and not one_digit(number, turned)
    assert same(number, number[:place] + number[place + 1 :]).kind is Likeness.ONE_MISSING


def test_the_check_digit_alone_and_strangers() -> None:
    """Only the check digit, nothing in common, and a blank are told apart, in words."""
    assert same("11010519491231002X", "110105194912310021").zh == "仅末位校验码不同"
    assert same("110105491231002", "110105194912310021").kind is Likeness.CHECK_ONLY
    assert same("11010519491231002X", "34052419800101001X").en == "different numbers"
    assert same("", "34052419800101001X").kind is Likeness.MISSING
    assert same("A1234563", "A1234573").kind is Likeness.ONE_DIGIT
    assert same("12", "123").kind is Likeness.FAR


@pytest.mark.parametrize(("one", "two"), [("12", "123"), ("12", "12"), ("1234", "4321")])
def test_no_slip_is_no_slip(one: str, two: str) -> None:
    """Other lengths, equal texts and two differences are neither one digit nor a swap."""
    assert not one_digit(one, two) and not swapped(one, two)

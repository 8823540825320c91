"""What a failing number may have been: the truth is among the suggestions, and none is ever applied."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings

from ledger.identity import Document, check_digit, judge
from ledger.identity.repairs import Grade, Slip, repairs, suggestion
from tests.ledger.identity_numbers import RESIDENT, slipped


@settings(deadline=None)
@given(slipped())
def test_the_truth_is_among_the_suggestions(pair: tuple[str, str]) -> None:
    """After one slip the right number is suggested; all suggestions pass; the failing number itself stays what it was."""
    right, wrong = pair
    assume(not judge(wrong).ok)
    found = repairs(wrong)
    assert right in [repair.number for repair in found]
    assert all(judge(repair.number).ok for repair in found) and len(found) <= 40
    assert [repair.grade for repair in found] == sorted(repair.grade for repair in found)
    assert not judge(wrong).ok


@settings(deadline=None)
@given(RESIDENT)
def test_a_number_that_passes_needs_no_repair(number: str) -> None:
    """Nothing is suggested for a number that passes, or for none."""
    assert repairs(number) == () and repairs("") == () and suggestion(number) == ""


@settings(deadline=None)
@given(RESIDENT)
def test_a_wrong_check_digit_names_the_right_one_first(number: str) -> None:
    """The check digit that fits comes first and is the sentence of the warning."""
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    first = repairs(wrong)[0]
    assert (first.number, first.slip, first.grade, first.place) == (number, Slip.CHECK_DIGIT, Grade.LIKELY, 18)
    assert suggestion(wrong) == f"按前 17 位，校验码应为 {number[17]}"


@settings(deadline=None)
@given(slipped())
def test_birth_and_sex_of_other_columns_only_move_the_grades(pair: tuple[str, str]) -> None:
    """What contradicts the other columns is far, and the suggestions stay the same."""
    right, wrong = pair
    assume(not judge(wrong).ok)
    truth = judge(right)
    found = repairs(wrong, birth=truth.birth, sex=truth.sex)
    assert {repair.number for repair in found} == {repair.number for repair in repairs(wrong)}
    for repair in found:
        candidate = judge(repair.number)
        assert repair.grade is Grade.FAR or (candidate.birth == truth.birth and candidate.sex == truth.sex)


@pytest.mark.parametrize(
    ("wrong", "slip", "right"),
    [
        ("11O1O5194912310O2x", Slip.WRITING, "11010519491231002X"),
        ("11010519491231002×", Slip.WRITING, "11010519491231002X"),
        ("l1010519491231002X", Slip.WRITING, "11010519491231002X"),
        ("11010519491231002", Slip.NO_CHECK_DIGIT, "11010519491231002X"),
        ("110105194912310021", Slip.CHECK_DIGIT, "11010519491231002X"),
    ],
)
def test_the_likeliest_slip_comes_first(wrong: str, slip: Slip, right: str) -> None:
    """Letters for digits, a missing and a wrong check digit are the first suggestion, with a sentence in both languages."""
    first = repairs(wrong)[0]
    assert (first.slip, first.number, first.grade) == (slip, right, Grade.LIKELY)
    assert first.zh and first.en and first.grade.zh == "很可能"


def test_swapped_neighbours_name_their_places() -> None:
    """The two places are named, counted from one."""
    (swap,) = (repair for repair in repairs("11010519941231002X") if repair.number == "11010519491231002X")
    assert (swap.slip, swap.place, swap.zh) == (Slip.SWAPPED, 9, "第 9、10 位互换后相符")


def test_a_date_that_does_not_exist_shows_where_the_wrong_digit_stands() -> None:
    """With an impossible date a digit of the date is more likely wrong than another."""
    found = {repair.number: repair for repair in repairs("11010519491331002X")}
    assert found["11010519491231002X"].grade is Grade.POSSIBLE
    assert all(repair.grade is Grade.FAR for repair in found.values() if repair.slip is Slip.ONE_DIGIT and not 7 <= repair.place <= 14)


def test_nobody_is_suggested_who_is_not_born_yet() -> None:
    """With a day given, suggestions born after it are left out, and a number born after it fails."""
    body = "62082120250101001"
    assert judge(body + check_digit(body), on=date(2024, 12, 31)).fault.zh == "出生日期晚于核对日期"
    assert all(
        (born := judge(repair.number).birth) is not None and born <= date(2024, 12, 31) for repair in repairs(body + check_digit(body), on=date(2024, 12, 31))
    )


def test_fifteen_digits_without_a_date_are_tried_by_swaps() -> None:
    """A number of 15 digits has no check digit; neighbours swapped in the date are tried, nothing else."""
    found = repairs("110105491321002")
    assert found and all(repair.slip is Slip.SWAPPED and 7 <= repair.place <= 12 for repair in found)


def test_other_documents_get_their_own_check_character() -> None:
    """Cards of Hong Kong and Taiwan get theirs; kinds without one get nothing."""
    assert [repair.number for repair in repairs("A123456(4)", Document.HK_ID)] == ["A1234563"]
    assert [repair.number for repair in repairs("A123456788", Document.TW_ID)] == ["A123456789"]
    assert repairs("A12", Document.HK_ID) == () and repairs("H1", Document.HM_PERMIT) == ()
    body = "81000019900101001"
    assert repairs(body + "0", Document.HMT_RESIDENCE)[0].number == body + check_digit(body)


def test_a_warning_always_names_the_check_digit_that_fits() -> None:
    """Where no repair is likely, a number whose check alone fails still gets its check digit; a wrong date gets nothing."""
    assert suggestion("620829195502187235") == "按前 17 位，校验码应为 7"
    assert suggestion("110105194913310021") == ""
    assert suggestion("11010519491231002X") == ""

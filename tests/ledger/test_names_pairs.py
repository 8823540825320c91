"""Names: what must hold of `compare` on made-up pairs by definition, whatever the weights."""

from __future__ import annotations

import random

import pytest

from ledger.name_compare import Grade, compare
from tests.bench._name_pairs import Made, dressed, pairs, person, traditional

COUNT = 2000


@pytest.fixture(scope="module")
def made() -> list[Made]:
    """Two thousand pairs, of the channels used for the weights and of those held out."""
    return [*pairs(COUNT * 3 // 4, 11), *pairs(COUNT // 4, 12, held_out=True)]


def test_the_same_seed_makes_the_same_pairs() -> None:
    """A population can be made again from its seed."""
    assert pairs(200, 5) == pairs(200, 5)
    assert pairs(200, 5) != pairs(200, 6)


def test_every_answer_is_within_bounds_and_says_why(made: list[Made]) -> None:
    """Scores lie in 0..1000, only what is equal as written scores 1000, and everything else has a reason in Chinese."""
    for pair in made:
        found = compare(pair.one, pair.two)
        assert 0 <= found.score <= 1000
        assert (found.score == 1000) == (found.grade is Grade.EQUAL)
        assert found.grade is Grade.EQUAL or (found.reasons and all(reason.zh for reason in found.reasons)), pair


def test_answers_do_not_depend_on_the_order_of_the_pair(made: list[Made]) -> None:
    """Exchanging the two names of a pair changes neither grade nor score."""
    for pair in made:
        there, back = compare(pair.one, pair.two), compare(pair.two, pair.one)
        assert (there.grade, there.score) == (back.grade, back.score), pair


def test_two_different_plain_names_are_never_equal(made: list[Made]) -> None:
    """Two persons whose names differ in a character are never told equal."""
    for pair in made:
        if not pair.same:
            assert compare(pair.one, pair.two).grade not in (Grade.EQUAL, Grade.NORMALISED), pair


def test_blanks_dots_and_notes_never_make_another_name() -> None:
    """A name with blanks, other dots, invisible signs or a note is equal after normalisation."""
    dice = random.Random(3)
    for _ in range(300):
        name = person(dice)
        assert compare(name, dressed(name, dice)).grade in (Grade.EQUAL, Grade.NORMALISED), name


def test_traditional_forms_never_make_another_name() -> None:
    """A name in traditional or variant forms of the tables is equal or a variant."""
    dice = random.Random(4)
    for _ in range(300):
        name = person(dice)
        assert compare(name, traditional(name, dice)).grade in (Grade.EQUAL, Grade.NORMALISED, Grade.VARIANT), name

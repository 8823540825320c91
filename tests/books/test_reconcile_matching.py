"""Matching without guessing: references, nearness, sets and sums, and what must stay open."""

from __future__ import annotations

import random

import pytest

from books.matching import Matcher
from tests.books.paper_samples import bank, item

Found = list[tuple[tuple[int, ...], tuple[int, ...], str]]


def run(items: list[object], rows: tuple[object, ...], window: int = 7) -> tuple[Found, Matcher]:
    matcher = Matcher(items, rows, window)  # type: ignore[arg-type]
    return [(one.book, one.statement, one.by) for one in matcher.run()], matcher


def test_a_reference_finds_its_row_among_equal_amounts() -> None:
    """The reference decides where amount and day cannot; full-width and case do not matter."""
    found, _ = run([item(1, 100, "ab１"), item(1, 100, "AB2")], bank(0, (1, 100, "AB2"), (1, 100, "AB1")))
    assert [(book, rows) for book, rows, _ in found] == [((0,), (1,)), ((1,), (0,))]


def test_one_reference_may_cover_several_lines() -> None:
    """A batch of two vouchers against one debit of the same reference."""
    found, matcher = run([item(1, -60, "B1"), item(2, -40, "B1")], bank(500, (9, -100, "B1")))
    assert found == [((0, 1), (0,), "凭据号相同、合计相等")]
    assert not matcher.open[0]


def test_the_nearest_day_wins_and_a_tie_stays_open() -> None:
    """Same day before next day; one row a day earlier and one a day later are equal candidates."""
    near, _ = run([item(10, 100)], bank(0, (10, 100, ""), (11, 100, "")))
    assert [rows for _, rows, _ in near] == [(0,)]
    tie, matcher = run([item(10, 100)], bank(0, (9, 100, ""), (11, 100, "")))
    assert tie == []
    assert matcher.reason(0, 0) == "对账单有 2 笔同额记录，本方有 1 笔，无法确定对应关系，请人工核对"


def test_equal_candidates_match_only_as_a_whole_set() -> None:
    """Two against two on one day are the same money whoever is whose; two against one are not decided."""
    whole, _ = run([item(5, 100, entry="甲"), item(5, 100, entry="乙")], bank(0, (5, 100, ""), (5, 100, "")))
    assert whole == [((0, 1), (0, 1), "同额同日成组相等")]
    short, matcher = run([item(5, 100, entry="甲"), item(5, 100, entry="乙")], bank(0, (5, 100, "")))
    assert short == []
    assert "本方有 2 笔" in matcher.reason(0, 0)
    assert "账面有 2 笔" in matcher.reason(1, 0)


def test_a_day_outside_the_window_is_no_match() -> None:
    """Seven days are, eight are not."""
    inside, _ = run([item(1, 100)], bank(0, (8, 100, "")))
    outside, _ = run([item(1, 100)], bank(0, (9, 100, "")))
    assert len(inside) == 1 and outside == []


def test_several_lines_of_one_day_match_one_sum_both_ways() -> None:
    """Returned payments one by one at the bank against one voucher, and vouchers one by one against one bank row."""
    at_bank, _ = run([item(15, 1_234)], bank(0, (15, 1_000, ""), (15, 234, "")))
    assert at_bank == [((0,), (0, 1), "同日合计相等")]
    in_book, _ = run([item(15, -60), item(15, -40)], bank(500, (15, -100, "")))
    assert in_book == [((0, 1), (0,), "同日合计相等")]


def test_sums_are_taken_of_whole_groups_only() -> None:
    """No search for a subset that happens to fit: 60 + 40 of three lines does not match 100."""
    found, _ = run([item(15, -60), item(15, -40), item(15, -7)], bank(500, (15, -100, "")))
    assert found == []


def test_the_lines_of_one_voucher_are_a_group() -> None:
    """A voucher with two lines matches its one bank row though other vouchers stand on that day."""
    found, _ = run([item(15, -60, entry="记-1"), item(15, -40, entry="记-1"), item(15, -7, entry="记-2")], bank(500, (15, -100, "")))
    assert found == [((0, 1), (0,), "同日合计相等")]


def test_a_reversal_cancels_with_the_entry_it_names() -> None:
    """A red entry and its original need no bank row."""
    found, matcher = run([item(3, 100, entry="记-3"), item(8, -100, entry="记-8", corrects="记-3")], bank(0))
    assert found == [((0, 1), (), "红字冲销")]
    assert matcher.open == (set(), set())


@pytest.mark.parametrize("seed", range(20))
def test_every_pairing_is_equal_money_and_takes_each_line_once(seed: int) -> None:
    """Whatever the lines, matched sides have equal sums, no line is used twice, and order does not change what matches."""
    dice = random.Random(seed)
    items = [item(dice.randint(1, 28), dice.choice((-1, 1)) * dice.randint(1, 6), dice.choice(("", "R1", "R2")), entry=f"记-{n // 2}") for n in range(24)]
    rows = bank(1_000, *((dice.randint(1, 28), dice.choice((-1, 1)) * dice.randint(1, 6), dice.choice(("", "R1", "R2"))) for _ in range(24)))
    found, matcher = run(list(items), rows)
    for book, statement, _ in found:
        assert sum(items[i].amount for i in book) == sum(rows[i].amount for i in statement)
    used = [i for book, _, _ in found for i in book]
    assert len(used) == len(set(used)) and set(used) | matcher.open[0] == set(range(24))
    again, _ = run(list(reversed(items)), tuple(reversed(rows)))
    as_set = {(frozenset(book), frozenset(statement)) for book, statement, _ in found}
    assert {(frozenset(23 - i for i in book), frozenset(23 - i for i in statement)) for book, statement, _ in again} == as_set

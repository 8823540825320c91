"""Arrears in columns beside the plain reckoning, person by person and month by month."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.benefits.award import compute
from ledger.benefits.difference import LESS, NO_FACTS, PAY, SAME, STOPPED_, UNPAID, Bar, difference, gather, simple
from ledger.benefits.due import Event, barred
from ledger.benefits.errors import NotOneStandard
from ledger.benefits.scheme import scheme
from ledger.benefits.standards import UNKNOWN, Fact, standard
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters

FIRST, LAST = Month(2024, 11), Month(2025, 4)
BASE, MORE = "基础养老金(中央)", "加发基础养老金"


def value(name: str, value: Any, start: date = date(2009, 1, 1), **keys: str) -> OfficeValue:
    """A figure assumed for these tests."""
    return OfficeValue.model_validate({"name": name, "from": start, "value": value, "keys": keys, "reference": "测试"})


LAW = Parameters.load().overlaid(
    [
        value("benefit_rounding", "四舍五入到分"), value("resident_addition_ages", ("65", "70")), value("resident_addition_amounts", ("5", "10")),
        value("resident_long_addition", 200), *(value("resident_base_pension", 0, level=level) for level in ("省", "市", "县")),
        value("resident_base_pension", 12800, date(2025, 3, 1), level="中央"),
    ],
    "x",
)  # fmt: skip


def ints(*values: int) -> np.ndarray:
    """A column."""
    return np.array(values, np.int64)


def reckoned(rows: list[tuple[int, int, int, int]], born: list[Month | None], bars: list[Bar] = []) -> Any:  # noqa: B006
    """Rows (person, item, month index from FIRST, fen) re-rated."""
    columns = [np.array(column, np.int64) for column in zip(*rows, strict=True)] if rows else [ints()] * 4
    numbers = [f"n{place}" for place in range(len(born))]
    paid = gather(numbers, (BASE, MORE), columns[0], columns[1], columns[2] + FIRST.index, columns[3])
    values = tuple(dict.fromkeys(month for month in born if month is not None))
    births = Fact(np.array([UNKNOWN if month is None else values.index(month) for month in born], np.int64), values)
    known = {"统筹区": Fact.same("620821", len(born)), "出生年月": births, "缴费月数": Fact.same(scheme_months(), len(born))}
    rates = {item: standard("resident-pension", item, FIRST, LAST, known, len(born), LAW) for item in (BASE, MORE)}
    return difference(paid, rates, bars)


def scheme_months() -> Any:
    """200 months of contributions: one whole year beyond the least."""
    from fractions import Fraction

    return Fraction(200)


def test_the_law_of_each_month_counts() -> None:
    """123.00 until December 2024, 143.00 from January 2025, 128.00 by the later paper from March."""
    made = reckoned([(0, 0, offset, 12300) for offset in range(6)], [Month(1960, 1)])
    assert [fen for _, _, fen, *_ in made.rows_of("n0")] == [12300, 12300, 14300, 14300, 12800, 12800]
    assert made.state.tolist() == [SAME, SAME, PAY, PAY, PAY, PAY]
    assert (made.total, made.persons) == (2 * 2000 + 2 * 500, 1)


def test_an_item_by_age_changes_in_the_month_of_the_birthday() -> None:
    """高龄加发 with the addition for long contribution: 5 + 2 yuan, from the month of the seventieth birthday 10 + 2."""
    made = reckoned([(0, 1, offset, 0) for offset in range(6)] + [(0, 0, 0, 1)], [Month(1955, 2)])
    assert [fen for item, _, fen, *_ in made.rows_of("n0") if item == MORE] == [700, 700, 700, 1200, 1200, 1200]


def test_what_is_not_paid_says_why() -> None:
    """Returned months, months after death, amounts above the standard and people whose facts are unknown are listed, never deducted."""
    death = Bar(2, barred(Fund.R, [Event("死亡", FIRST)])[0])
    rows = [(0, 0, 2, 12300), (0, 0, 2, -12300), (1, 0, 2, 15000), (2, 0, 0, 100), (2, 0, 1, 100), (3, 1, 0, 100)]
    made = reckoned(rows, [Month(1960, 1), Month(1960, 1), Month(1960, 1), None], [death])
    assert made.state.tolist() == [UNPAID, LESS, PAY, STOPPED_, NO_FACTS]
    assert [(row[0], row[5], row[6]) for row in made.listed(9)] == [
        ("n0", UNPAID, ""),
        ("n1", LESS, ""),
        ("n2", STOPPED_, "死亡 2024-11"),
        ("n3", NO_FACTS, ""),
    ]
    assert made.total == 12200 and len(made.listed(1)) == 1 and made.rows_of("n9") == []


def test_an_item_without_a_standard_is_refused() -> None:
    """SB1445: an item the scheme does not pay, or whose formula needs what nobody gave."""
    for item, facts in (("丧葬补助金", {}), (MORE, {}), ("个人账户养老金", {})):
        with pytest.raises(NotOneStandard):
            standard("resident-pension", item, FIRST, LAST, facts, 1, LAW)


def test_nothing_paid_is_nothing_due() -> None:
    """An empty set gives an empty reckoning."""
    made = reckoned([], [])
    assert (made.total, made.persons, made.totals(), simple(made)) == (0, 0, [], [])


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 5), st.sampled_from([-500, 0, 500, 700, 12300, 14300, 20000])), min_size=1, max_size=40
)


@settings(max_examples=60, deadline=None)
@given(
    PAYMENTS, st.lists(st.sampled_from([Month(1954, 12), Month(1955, 2), Month(1959, 12), None]), min_size=6, max_size=6), st.integers(0, 5), st.integers(0, 5)
)
def test_columns_agree_with_the_plain_reckoning(rows: list[tuple[int, int, int, int]], born: list[Month | None], dead: int, month: int) -> None:
    """Every row is what reckoning that person's month alone gives; sums by state, item and month add up; the simple reckoning is explained to the fen."""
    death = barred(Fund.R, [Event("死亡", FIRST + month)])[0]
    made = reckoned(rows, born, [Bar(dead, death)])
    plain: dict[tuple[int, int, int], int] = {}
    for person, item, offset, fen in rows:
        plain[person, item, offset] = plain.get((person, item, offset), 0) + fen
    want = 0
    for (person, item, offset), fen in sorted(plain.items()):
        birth = born[person]
        due = alone(birth, FIRST + offset)[item] if item == 0 or birth is not None else 0
        if fen > 0 and (item == 0 or birth is not None) and not (person == dead and FIRST + offset >= death.first):
            want += max(0, due - fen)
    assert made.total == want
    totals = made.totals()
    assert sum(one.rows for one in totals) == len(plain) and sum(one.fen for one in totals if one.state == PAY) == want
    for one in simple(made):
        assert one.simple == one.persons * one.usual == one.exact + one.not_paid + one.left_out + one.otherwise


_ALONE: dict[tuple[Month | None, Month], tuple[int, int]] = {}


def alone(birth: Month | None, month: Month) -> tuple[int, int]:
    """The base and the additions of one person for one month, by the whole award."""
    from ledger.benefits.facts import parse

    if (birth, month) not in _ALONE:
        law = scheme("resident-pension", month)
        given = {"出生年月": str(birth or Month(1950, 1)), "缴费月数": "200", "账户储存额": "139", "统筹区": "620821"}
        items = dict(compute(law, month, parse(law, given), LAW).items)
        _ALONE[birth, month] = items[BASE], items.get(MORE, 0)
    return _ALONE[birth, month]

"""The small language of formulas: what it reckons, and what it refuses."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.benefits.errors import BadFormula
from ledger.benefits.formula import FUNCTIONS, LONGEST, Unfit, Value, plain_number, read
from ledger.benefits.rounding import METHODS, round_by
from ledger.months import Month

NAMES: dict[str, Value] = {
    "甲": Fraction(7), "乙": Fraction(1, 3), "是的": True, "名": "养老", "生": Month(1963, 12), "表": ("0", "10", "20.5"), "率": ("80", "85", "92.5"),
    "坏表": ("a",), "倒表": ("5", "1", "2"),
}  # fmt: skip


def value(text: str) -> Value:
    """A formula's value over NAMES; a name that is not there fails the test."""
    return read(text).run(NAMES.__getitem__, lambda note: None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(甲 + 乙) × 3 ÷ 2", Fraction(11)), ("-甲 - 1", Fraction(-8)), ("甲 ≥ 7", True), ("甲 < 7", False), ("甲 = 7", True), ("名 ≠ \"养老\"", False),
        ("最小(甲，3，9)", Fraction(3)), ("最大(甲, 乙)", Fraction(7)), ("向上取整(乙)", Fraction(1)), ("向下取整(0 - 乙)", Fraction(-1)),
        ("生 + 1", Month(1964, 1)), ("生 - 12", Month(1962, 12)), ("生 + 720 - 生", Fraction(720)), ("年(生) × 100 + 月(生)", Fraction(196312)),
        ("最大(生，生 + 3)", Month(1964, 3)), ("最小(生，生 + 3)", Month(1963, 12)), ("生 ≤ 生", True), ("不是(是的)", False),
        ("如果(是的，1，没有的)", Fraction(1)), ("如果(不是(是的)，没有的，2)", Fraction(2)), ("或者(是的，没有的)", True), ("并且(不是(是的)，没有的)", False),
        ("档次(甲，表，率)", Fraction(80)), ("档次(甲 + 3，表，率)", Fraction(85)), ("档次(0 - 1，表，率)", Fraction(0)),
        ("分段(30，表，率)", 8 + Fraction(21, 2) * 85 / 100 + Fraction(19, 2) * Fraction(185, 2) / 100),
        ("（甲）＋１", Fraction(8)),
    ],
)  # fmt: skip
def test_formulas_reckon_exactly(text: str, wanted: Value) -> None:
    """Arithmetic is exact, months are months, and what does not decide is not looked at."""
    assert value(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "甲.名", "甲[0]", "1.5 × 甲", "lambda: 1", "没有(1)", "甲 if 是的 else 乙", "f'{甲}'", "甲 ** 9", "甲 %% 2",
     "(" * 90, "最小(1)", "如果(1, 2)",
     "甲 < 乙 < 3", "max(甲)", "最小(*表)", "not 甲", "甲; 乙", "", "甲 := 2", "[甲]", "True + 1", "b'x'", "1" * (LONGEST + 1)],
)  # fmt: skip
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    """SB1440: nothing but the listed functions, names, whole numbers and texts; no Python gets through."""
    with pytest.raises(BadFormula):
        read(text)


@pytest.mark.parametrize("text", ["甲 ÷ 0", "甲 + 名", "甲 = 名", "生 × 2", "生 + 乙", "如果(甲，1，2)", "是的 + 1", "年(甲)", "月(名)", "档次(甲，表，坏表)",
                                  "档次(甲，倒表，率)", "分段(甲，甲，率)", "档次(名，表，率)", "生 < 甲"])  # fmt: skip
def test_values_of_the_wrong_kind_do_not_mix(text: str) -> None:
    """A division by zero, or a text or month taken for a number, is told and never guessed."""
    with pytest.raises(Unfit):
        value(text)


@given(st.text(max_size=40))
def test_no_text_crashes_the_reader(text: str) -> None:
    """Whatever is written, it is a formula or SB1440."""
    try:
        read(text)
    except BadFormula as refused:
        assert refused.code == "SB1440"


def test_names_are_replaced_where_they_were_used() -> None:
    """The filled formula shows each name's figure, with the signs people write."""
    law = read("如果(甲 ≥ 乙，甲 × 2，没有的)")
    shown = {"甲": "7", "乙": "1"}
    assert law.substituted(lambda name: shown.get(name, name)) == "如果(7 ≥ 1，7 × 2，没有的)"
    assert law.names == ("甲", "乙", "没有的")
    assert all(name.isidentifier() for name in FUNCTIONS)


@given(st.fractions(min_value=-(10**6), max_value=10**6), st.sampled_from(METHODS))
def test_rounding_stays_within_its_unit(exact: Fraction, method: str) -> None:
    """Each way of rounding moves an amount by less than its unit (and half a fen first), half up and down alike about zero."""
    unit = {"分": 1, "角": 10, "元": 100}[method[-1]]
    fen = round_by(method, exact)
    assert fen % unit == 0
    assert abs(Fraction(fen) - exact * 100) < unit + Fraction(1, 2)
    if method == "四舍五入到分":
        assert round_by(method, -exact) == -fen


@given(st.fractions(max_denominator=10**4))
def test_numbers_are_shown_as_they_are(exact: Fraction) -> None:
    """A number of up to six places is shown exactly, a longer one with …."""
    shown = plain_number(exact)
    assert shown.endswith("…") or Fraction(shown) == exact

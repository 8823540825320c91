"""Linking two numbers: what counts, what contradicts, and that each step is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.checks.linkage import Kind, Record, link, one_digit, swapped, weights
from controls.findings import Severity

DIGITS = st.text("0123456789X", min_size=18, max_size=18)


def record(number: str, *, ok: bool = True, name: str = "甲", birth: str = "19500315", regions: str = "") -> Record:
    """A record born on 15 March 1950 unless said."""
    return Record(number, ok, name, birth, frozenset({regions} - {""}))


def test_each_step_is_shown_with_its_weight_and_they_sum_to_the_confidence() -> None:
    """The steps explain the number."""
    made = link(record("620821195003150017", regions="620821"), record("620821195003150011", ok=False, regions="620821"))
    assert made is not None and made.severity is Severity.HIGH
    assert made.steps == ("姓名相同 +300", "出生日期相同 +300", "统筹区相同 +100", "号码只差一位 +250")
    assert made.confidence == 950


@pytest.mark.parametrize(
    ("two", "severity"),
    [
        (record("620821195003150107"), Severity.HIGH),
        (record("620821195003159999", ok=False), Severity.HIGH),
        (record("", ok=False), Severity.HIGH),
        (record("620821195003157778"), Severity.LOW),
        (record("620821195003150011", birth=""), Severity.MEDIUM),
    ],
    ids=["swapped", "check-fails", "missing", "far", "one-digit-birth-unknown"],
)
def test_the_grade_follows_the_numbers(two: Record, severity: Severity) -> None:
    """One digit, a swap, a failing or missing number are high with the birth date; two valid numbers further apart are low."""
    made = link(record("620821195003150017"), two)
    assert made is not None and made.severity is severity and made.confidence < 1000


@pytest.mark.parametrize(
    "two",
    [
        record("620821195003150017"),
        record("", birth=""),
        record("620821195003159999", ok=False, birth="19500316"),
        record("620821195003150011", name="乙"),
        record("620821195003150011", regions="620822"),
    ],
    ids=["same-number", "name-alone", "birth-differs", "name-differs", "region-differs"],
)
def test_contradictions_and_thin_evidence_link_nobody(two: Record) -> None:
    """The same number is another rule; name alone, another birth date, name or region is nothing."""
    assert link(record("620821195003150017", regions="620821"), two) is None


@given(DIGITS, DIGITS)
def test_linking_knows_no_direction(one: str, two: str) -> None:
    """Both ways round the link is the same, and the two slips exclude one another."""
    assert link(record(one), record(two)) == link(record(two), record(one))
    assert not (one_digit(one, two) and swapped(one, two))


def test_every_weight_has_its_sentence() -> None:
    """What is weighed is also said."""
    assert weights().weights.keys() == weights().steps_zh.keys()


def test_a_common_name_is_told_as_a_step_after_the_name() -> None:
    """The step says how common the name is and takes its weight off; the severity stays, and the rarer of the two counts decides."""
    one, two = record("620821195003150017"), record("620821195003150107")
    plain, common = link(one, two), link(replace(one, bearers=300), replace(two, bearers=60))
    assert plain is not None and common is not None
    assert common.steps[:2] == ("姓名相同 +300", "姓名常见，每十万人中约60人同名 -50")
    assert (common.confidence, common.severity) == (plain.confidence - 50, plain.severity)


def test_double_registration_is_told_apart_and_never_high() -> None:
    """Two valid numbers far apart are a double registration only where an account or address is shared, else a mere lead; both are low."""
    one, two = record("620821195003150017"), record("620821195003157778")
    lead, double = link(one, two), link(replace(one, address="某村一号"), replace(two, address="某村一号"))
    assert lead is not None and (lead.kind, lead.severity) == (Kind.LEAD, Severity.LOW)
    assert double is not None and (double.kind, double.severity, double.kind.zh) == (Kind.DOUBLE, Severity.LOW, "疑似双重户籍")

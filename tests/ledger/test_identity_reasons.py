"""A number explains itself, and a missing kind of document is suggested with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.identity import Document, check_digit, judge
from ledger.identity.documents import passport_issue
from ledger.identity.guessing import guess
from ledger.identity.reasons import Weight, explain

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "identity.yaml").read_text(encoding="utf-8"))


def _number(text: str) -> str:
    return text[:-1] + check_digit(text[:-1]) if text.endswith("#") else text


@pytest.mark.parametrize("case", CASES["numbers"], ids=lambda case: f"{case['document']}-{case['number']}")
def test_published_examples_and_forms(case: dict[str, str]) -> None:
    """Every example of the standards and of DOMAIN §7 is judged as published (# stands for the check digit computed)."""
    judged = judge(_number(case["number"]), Document(case["document"]))
    assert (judged.normal if case["normal"] else "", judged.fault.value) == (_number(case["normal"] or ""), case["fault"] or "")


@pytest.mark.parametrize("case", CASES["explained"], ids=lambda case: case["number"])
def test_a_number_explains_itself(case: dict[str, object]) -> None:
    """Region, birth, age, sex and check digit are told in sentences; the fault is among them exactly where the number fails."""
    judged = judge(_number(str(case["number"])), Document(str(case["document"])))
    found = explain(judged, date(2024, 6, 30))
    assert [f"{reason.weight.value} {reason.zh}" for reason in found] == case["zh"]
    assert all(reason.en for reason in found)


@settings(deadline=None)
@given(st.text(max_size=24), st.sampled_from(Document))
def test_the_fault_is_explained_whatever_was_written(text: str, document: Document) -> None:
    """Every failing number has one fault at least among its reasons, and a passing one none."""
    judged = judge(text, document)
    assert any(reason.weight is Weight.FAULT for reason in explain(judged)) is not judged.ok


def test_a_region_never_judges() -> None:
    """A code that never existed is a warning beside a number that passes, an abolished one is only told."""
    body = "99999919500101001"
    judged = judge(body + check_digit(body))
    assert judged.ok and [reason.weight for reason in explain(judged) if reason.part == "region"] == [Weight.WARN]


def test_age_is_counted_in_full_years() -> None:
    """Birthdays count on the day; before the birth there is no age; 29 February counts on 1 March."""
    number = judge("11010519491231002X")
    assert number.age(date(2009, 12, 30)) == 59 and number.age(date(2009, 12, 31)) == 60 and number.age(date(1949, 1, 1)) is None
    assert judge(_number("62082120000229001#")).age(date(2018, 2, 28)) == 17
    assert number.region == "110105" and judge("H12345678", Document.HM_PERMIT).region == ""


@pytest.mark.parametrize("case", CASES["guessed"], ids=lambda case: str(case["number"]))
def test_a_missing_kind_is_suggested(case: dict[str, str]) -> None:
    """Form, first digits and check digit say which kind a number may be, with a reason."""
    found = guess(_number(case["number"]))
    assert found.document.value == case["document"] and found.zh and found.en


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_guess(text: str) -> None:
    """No text breaks the suggestion."""
    assert guess(text).zh


def test_chinese_passports_are_told_from_others() -> None:
    """Issuing forms are told; another country's passport has none, and is no worse for it."""
    issue = passport_issue("G12345678")
    assert issue is not None and issue.en == "ordinary passport without chip"
    assert passport_issue("X1") is None and judge("AB12345", Document.PASSPORT).ok
    assert all(kind.zh and kind.en for kind in Document)

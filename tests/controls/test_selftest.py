"""The self-test of the rules (F18): planted leads found, false friends left alone, a broken rule caught."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import templates
from controls.checks import cases as cases_module
from controls.checks.cases import Cases, number_of
from controls.checks.catalogue import codes
from controls.checks.selftest import self_test
from ledger.identity import Document, judge
from ledger.lawfile import BadLawFile, read


@pytest.fixture
def rules_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the shipped templates' rules that a test may spoil."""
    shutil.copytree(templates.SHIPPED / "rules", tmp_path / "rules")
    for other in ("intake", "parameters"):
        shutil.copytree(templates.SHIPPED / other, tmp_path / other)
    monkeypatch.setattr(templates, "_searched", lambda name: [tmp_path, templates.SHIPPED])
    cases_module.cases.cache_clear()
    yield tmp_path / "rules"
    cases_module.cases.cache_clear()


def test_every_rule_ships_cases_and_passes_them() -> None:
    """Each rule of the catalogue has planted leads and false friends, finds all of the first and none of the second."""
    told = self_test()
    assert set(told) == set(codes())
    assert {code: test.says for code, test in told.items() if not test.trusted or not test.planted or not test.friends} == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.period > d.death_month", "p.period >= d.death_month"),
        ("p.period > d.death_month", "p.period > d.death_month + 1"),
        ("paid_months p", "paid_monthz p"),
    ],
    ids=["month-of-death", "a-month-late", "no-sql"],
)
def test_a_broken_rule_is_caught(rules_folder: Path, old: str, new: str) -> None:
    """A rule that takes the month of death, comes a month late or cannot run is not trusted; its neighbours are."""
    path = rules_folder / "D1-POSTHUMOUS.sql"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = self_test(["D1", "P1"])
    assert not told["D1-POSTHUMOUS"].trusted and "未通过" in told["D1-POSTHUMOUS"].says
    assert told["P1-TWO-SCHEMES"].trusted


@pytest.mark.parametrize("spoil", [{"payments": [{"id": "A", "perod": 1}]}, {"expect": [{"severty": "high"}]}], ids=["row", "expect"])
def test_a_case_with_an_unknown_column_is_refused(rules_folder: Path, spoil: dict[str, object]) -> None:
    """A column that no contract or finding has is refused with its name."""
    path = rules_folder / "cases" / "D1-POSTHUMOUS.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told["cases"][0] |= spoil
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BadLawFile):
        read(Cases, "rules/cases/D1-POSTHUMOUS.yaml")


def test_the_people_of_two_cases_are_never_the_same() -> None:
    """Letters keep birth date and sex in every case, with valid numbers of their own."""
    numbers = [number_of(letter, case) for letter in "ABCDEFGHYK" for case in range(150)]
    assert len(set(numbers)) == len(numbers)
    assert all(judge(number, Document.RESIDENT).ok for number in numbers)
    assert {number[6:14] for number in numbers[:150]} == {"19500315"}

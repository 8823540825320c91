"""Boundary sentences of FORMATS.md as cases: a few rows in, the findings out (``cases/checks-*.yaml``). Those that a rule ships with it (its planted leads and
false friends, ``templates/rules/cases``) are run by the self-test and not again here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from controls.checks.runner import run
from ledger.months import Month
from tests.controls.canonical import CLASSES, PEOPLE, tables

CASES = Path(__file__).parent / "cases"
CONTRACTS = ("payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries")


def load() -> list[Any]:
    """The cases of every file, each with a name that says what it shows."""
    return [
        pytest.param(case, id=f"{path.stem}-{case['case']}")
        for path in sorted(CASES.glob("checks-*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def person(text: str) -> str:
    """Letters between ``<`` and ``>`` as numbers: ``E:620821:<A>``."""
    for letter, (number, _) in PEOPLE.items():
        text = text.replace(f"<{letter}>", number)
    return text


@pytest.mark.parametrize("hurry", [True, False], ids=["candidates", "every-row"])
@pytest.mark.parametrize("case", load())
def test_case(case: dict[str, Any], hurry: bool) -> None:
    """The case yields exactly the findings it names, read through the candidates and from every row alike."""
    given = {contract: [spread for row in case[contract] for spread in months(row)] for contract in CONTRACTS if contract in case}
    as_of = Month.from_number(case["as_of"]) if "as_of" in case else None
    result = run(tables(given), rules=case["rules"], as_of=as_of, threads=1, hurry=hurry)
    assert len(result.findings) == len(case["expect"]), [(found.rule, found.row()) for found in result.findings]
    left = [found.row() | {"counterpart_": found.counterpart} for found in result.findings]
    for wanted in case["expect"]:
        text = {key: person(str(value)) for key, value in wanted.items()}
        same = [row for row in left if all(row[key] == value for key, value in text.items())]
        assert same, (text, left)
        left.remove(same[0])


def months(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A payments row with ``periods: [first, last]`` stands for one row a month."""
    if "periods" not in row:
        return [row]
    first, last = row["periods"]
    rest = {key: value for key, value in row.items() if key != "periods"}
    span = range(Month.from_number(first).index, Month.from_number(last).index + 1)
    return [rest | {"period": index // 12 * 100 + index % 12 + 1} for index in span]


def test_the_classes_of_the_cases_cover_the_contract() -> None:
    """The short item names of the cases reach every class a rule treats apart."""
    assert {"pension", "arrears", "funeral", "lump_sum", "allowance", "unemployment", "disability", "survivor"} == set(CLASSES.values())

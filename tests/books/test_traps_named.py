"""Each trap and each real figure of the standard has a case named for it (tests/books/cases/traps.yaml), and the case is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.standard_cases import load_cases

CASES = Path(__file__).parent / "cases"
ROOT = Path(__file__).parents[2]
TABLE: dict[str, Any] = yaml.safe_load((CASES / "traps.yaml").read_text(encoding="utf-8"))
STATEMENTS = {case["name"] for case in yaml.safe_load((CASES / "statement_traps.yaml").read_text(encoding="utf-8"))["cases"]}
STANDARD = {case.name for case in load_cases()}


@pytest.mark.parametrize("row", [*TABLE["traps"], *TABLE["figures"]], ids=lambda row: row.get("trap") or row.get("figure"))
def test_a_trap_has_the_cases_it_names(row: dict[str, Any]) -> None:
    """The statement cases, the cases of the standard and the tests that the table names exist, at least one for each trap."""
    statements, standard, tests = row.get("statement", []), row.get("standard", []), row.get("test", [])
    assert set(statements) <= STATEMENTS and set(standard) <= STANDARD
    for test in tests:
        file, _, name = test.partition("::")
        assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8"), test
    assert statements or standard or tests


def test_every_statement_trap_is_in_the_table() -> None:
    """No case of statement_traps.yaml stands outside the table of traps."""
    assert {name for row in TABLE["traps"] for name in row.get("statement", [])} == STATEMENTS

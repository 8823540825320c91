"""The product over the county's files: every file is taken in whole, the roster screening holds whom it must, the sweep finds the truth."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.inputs import Given
from audit.sweep import sweep
from controls.checks.screening import screen
from controls.intake.reader import Taken, read
from ledger.months import Month
from shebao.demo.county import County
from shebao.demo.generate import generate
from shebao.demo.score import score

CHECKED = ("payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of 1,500 people."""
    out = tmp_path_factory.mktemp("county")
    generate(County(1_500, 3, Month.parse("2026-10")), out)
    return out


@pytest.fixture(scope="module")
def plan(county: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((county / "plan.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def taken(county: Path, plan: dict[str, Any]) -> dict[str, Taken]:
    """Every file of the county as the intake takes it."""
    values = {file["name"]: {key: value for key, value in file["values"].items() if file["contract"] in CHECKED} for file in plan["files"]}
    return {file["name"]: read(county / "files" / file["name"], file["contract"], values=values[file["name"]]) for file in plan["files"]}


def test_every_file_is_taken_in_whole(plan: dict[str, Any], taken: dict[str, Taken]) -> None:
    """No row is rejected, rows and fen are those the generator wrote, and each total line was checked."""
    for file in plan["files"]:
        one = taken[file["name"]]
        assert not one.rejects, (file["name"], one.rejects[:3])
        assert one.table.num_rows == file["rows"], file["name"]
        if file["contract"] in ("payments", "contributions", "roster", "tax", "subsidies"):
            assert one.control[1] == file["fen"], file["name"]
    assert sum(len(one.totals) for one in taken.values()) > 10


@pytest.mark.parametrize("fund", ["R", "E"])
def test_the_screening_holds_whom_it_must(plan: dict[str, Any], taken: dict[str, Taken], fund: str) -> None:
    """Blocked before payment are exactly the people the plan names, by exactly the rules it names."""
    tables: dict[str, list[pa.Table]] = defaultdict(list)
    lines = None
    for file in plan["files"]:
        one = taken[file["name"]]
        if file["contract"] in ("payments", "deaths", "people", "accounts"):
            tables[file["contract"]].append(one.table)
        elif file["contract"] == "roster" and {"R": "居保", "E": "企业"}[fund] in file["name"]:
            lines = one.table
    assert lines is not None
    found = screen(lines, tables, as_of=Month.parse(plan["month"]))
    blocked = {(one.finding.id_number, one.finding.rule) for one in found if one.blocking}
    assert blocked == {(held["id_number"], held["rule"]) for held in plan["held"] if held["fund"] == fund}
    assert fund == "E" or {one.finding.rule for one in found if not one.blocking} >= {"A1-SHARED-ACCOUNT", "I1-BAD-NUMBER", "D1-POSTHUMOUS"}


@pytest.mark.parametrize(("truth", "paid"), [("truth.csv", True), ("truth-earlier.csv", False)], ids=["25 months", "24 months"])
def test_the_sweep_finds_the_truth(county: Path, plan: dict[str, Any], tmp_path: Path, truth: str, paid: bool) -> None:
    """Over the files as they came, every exact rule that runs has precision and recall of 100 %, with the month paid and without."""
    given = [Given(file["contract"], county / "files" / file["name"], file["values"]) for file in plan["files"] if file["contract"] in CHECKED]
    if paid:
        given.append(Given("payments", county / "truth" / plan["expected_payments"]))
    sweep(given, tmp_path, as_of=None if paid else Month.parse("2026-09"))
    result = score(county / "truth" / truth, tmp_path / "findings.csv")
    assert result.perfect, (result.missing, result.extra)
    assert {rule.rule for rule in result.rules if rule.run} >= {"D1-POSTHUMOUS", "P1-TWO-SCHEMES", "P3-TWICE", "A1-SHARED-ACCOUNT", "I1-BAD-NUMBER"}

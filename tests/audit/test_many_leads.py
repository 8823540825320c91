"""The papers of a check with many leads: written a lead at a time, and what they say is the same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyarrow import parquet

from audit import lead_workbook
from audit.inputs import Given
from audit.sweep import FINDINGS, WORKBOOK, Swept, sweep
from controls.checks import found, leads
from controls.checks.found import Found
from controls.checks.room import Room
from tests.controls.canonical import table

RULES = ["A1", "I1", "P3"]


@pytest.fixture(scope="module")
def payments(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A snapshot in which forty failing numbers are paid twice, pairs of them on one account."""
    rows = [
        {"id": f"6208211950{nth:07d}Z", "account": f"6228{nth // 2:012d}", "name": f"张{nth}", "amount": 10000 + nth % 7, "period": 202401 + nth // 2 % 2}
        for nth in range(40)
        for _ in range(2)
    ]
    path = tmp_path_factory.mktemp("snapshot") / "发放.parquet"
    parquet.write_table(table("payments", rows), path)
    return Given("payments", path)


def _swept(payments: Given, out: Path, **more: Any) -> Swept:
    return sweep([payments], out, rules=RULES, threads=1, **more)


def _cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path).worksheets}


def test_many_leads_make_the_same_papers(payments: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put away and read one at a time, the leads make the same findings.csv to the byte, the same summary and cells, and nothing stays in the folder."""
    few = _swept(payments, tmp_path / "few")
    monkeypatch.setattr(found, "FEW", 10)
    monkeypatch.setattr(lead_workbook, "FEW", 10)
    monkeypatch.setattr(leads, "AT_ONCE", 16)
    (tmp_path / "temp").mkdir()
    many = _swept(payments, tmp_path / "many", room=Room(512, tmp_path / "temp"))
    assert isinstance(many.result.findings, Found) and isinstance(few.result.findings, tuple) and len(few.result.findings) == 100
    first, second = ((tmp_path / name / FINDINGS).read_bytes() for name in ("few", "many"))
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest() == many.summary["sha256"][FINDINGS]  # type: ignore[index]
    told = [{key: value for key, value in one.summary.items() if not key.startswith("seconds")} for one in (few, many)]
    assert told[0] == told[1]
    assert _cells(tmp_path / "few" / WORKBOOK) == _cells(tmp_path / "many" / WORKBOOK)
    assert not list((tmp_path / "temp").iterdir())


def test_a_sheet_that_cannot_hold_every_lead_says_so(payments: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a rule has more leads than a sheet takes, the heaviest stand on it, and its title tells how many there are and where the rest lies."""
    monkeypatch.setattr(lead_workbook, "MOST", 12)
    _swept(payments, tmp_path / "out")
    sheets = _cells(tmp_path / "out" / WORKBOOK)
    (name,) = (title for title in sheets if title.startswith("I1 "))
    assert "共 40 条，本表为最重的 12 条，其余见 findings.csv" in str(sheets[name][0][0]) and len(sheets[name]) == 2 + 12
    amounts = [row[9] for row in sheets[name][2:]]
    assert amounts == sorted(amounts, reverse=True)  # type: ignore[type-var]
    assert sheets["汇总"][-2][2] == 100, "the totals count every lead"

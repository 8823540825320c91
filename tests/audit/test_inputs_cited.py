"""A sweep cites its files: whose they are, what they cover, to which day they can be trusted; another file is another citation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from audit.inputs import Given, read_all
from audit.sweep import sweep
from controls.intake.reader import read
from tests.controls.intake_files import NUMBERS, payment, payments

DEATHS = "证件号码,姓名,死亡日期,数据来源,统筹区\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Payments of March and May 2024, and a death list of 公安."""
    paid = payments(tmp_path, payment(0), payment(1, 所属期="2024-05", 发放日期="2024-05-15"))
    deaths = tmp_path / "死亡.csv"
    deaths.write_text(DEATHS + f"{NUMBERS[0]},甲0,2024-01-09,公安,620821\n", encoding="utf-8")
    return paid, deaths


def _told(files: tuple[Path, Path], out: Path) -> list[dict[str, Any]]:
    sweep([Given("payments", files[0]), Given("deaths", files[1])], out)
    told: list[dict[str, Any]] = json.loads((out / "summary.json").read_text(encoding="utf-8"))["inputs"]
    return told


def test_the_summary_says_what_each_file_covers(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Source, months with their gaps, days of the events and what may be concluded stand beside the digest."""
    paid, deaths = _told(files, tmp_path / "out")
    assert (paid["snapshot"]["first"], paid["snapshot"]["last"], paid["snapshot"]["gaps"]) == ("2024-03", "2024-05", "R 620821 2024-04")
    assert (deaths["snapshot"]["source"], deaths["snapshot"]["until"]) == ("公安", "2024-01-09") and len(deaths["sha256"]) == 64
    assert any("不等于健在" in said for said in deaths["snapshot"]["says"])


def test_another_file_is_another_citation(files: tuple[Path, Path], tmp_path: Path) -> None:
    """One more death changes digest, coverage and the day to which the list can be trusted; the payments' citation stays."""
    before = _told(files, tmp_path / "before")
    with files[1].open("a", encoding="utf-8") as handle:
        handle.write(f"{NUMBERS[1]},甲1,2024-02-20,公安,620821\n")
    after = _told(files, tmp_path / "after")
    assert before[0] == after[0]
    for name in ("coverage_sha256", "until"):
        assert before[1]["snapshot"][name] != after[1]["snapshot"][name]
    assert before[1]["sha256"] != after[1]["sha256"] and after[1]["snapshot"]["until"] == "2024-02-20"


def test_a_snapshot_is_cited_like_its_file(files: tuple[Path, Path], tmp_path: Path) -> None:
    """A canonical Parquet file scanned where it lies covers and sums up to what the CSV it was made from does."""
    pq.write_table(read(files[1], "deaths").table, tmp_path / "死亡.parquet")
    pq.write_table(read(files[0], "payments").table, tmp_path / "发放.parquet")
    for contract, one, name in (("deaths", files[1], "死亡.parquet"), ("payments", files[0], "发放.parquet")):
        plain, snapshot = read_all([Given(contract, one), Given(contract, tmp_path / name)], strict=True)
        assert (plain.coverage, plain.senders, plain.amount) == (snapshot.coverage, snapshot.senders, snapshot.amount)


def test_the_workbook_has_a_sheet_of_coverage(files: tuple[Path, Path], tmp_path: Path) -> None:
    """People read there to which day each list can be trusted."""
    _told(files, tmp_path / "out")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "疑点清单.xlsx")["数据覆盖"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[2] for row in rows if row[0] == "死亡信息"] == ["公安"] and [row[6] for row in rows if row[0] == "死亡信息"] == ["2024-01-09"]

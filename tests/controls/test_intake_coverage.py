"""What a file covers: funds, regions, months and their gaps, days of its events, and what may be concluded from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from controls.intake import coverage
from controls.intake.coverage import Cell, Days
from tests.controls.intake_lists import death, deaths


def _payments(*rows: tuple[str, str, int, int]) -> pa.Table:
    funds, regions, periods, fen = zip(*rows, strict=True)
    paid = [date(period // 100, period % 100, 15) for period in periods]
    return pa.table(
        {"line": range(2, 2 + len(rows)), "fund": funds, "region": regions, "period": pa.array(periods, pa.int32()), "amount": fen, "paid_on": paid}
    )


def test_rows_and_fen_are_counted_by_fund_region_and_month() -> None:
    """Each fund, region and month has its rows and its sum; together they are the whole file."""
    covered = coverage.of("payments", _payments(("R", "620821", 202501, 100), ("R", "620821", 202501, 50), ("E", "620822", 202502, 7)))
    assert covered.cells == (Cell("E", "620822", 202502, 1, 7), Cell("R", "620821", 202501, 2, 150))
    assert (covered.rows, covered.fen, covered.periods) == (3, 157, (202501, 202502))
    assert covered.events["paid_on"] == Days("2025-01-15", "2025-02-15", 0)


def test_a_snapshot_covers_what_its_table_covers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read back from Parquet in several groups, a file covers the same as in memory."""
    monkeypatch.setattr(coverage, "BATCH", 2)
    table = _payments(*(("R", "620821", 202501 + month, month) for month in range(7)))
    parquet.write_table(table, tmp_path / "p.parquet", row_group_size=2)
    assert coverage.of("payments", tmp_path / "p.parquet") == coverage.of("payments", table)


def test_months_without_rows_are_gaps() -> None:
    """Between the first and the last month of a fund and region every month without a row is named, months before and after are not."""
    covered = coverage.of("payments", _payments(("R", "620821", 202411, 1), ("R", "620821", 202503, 1), ("R", "620821", 202505, 1), ("E", "620821", 202301, 1)))
    assert covered.gaps == (("R", "620821", 202412, 202502), ("R", "620821", 202504, 202504))
    assert coverage.gaps_text(covered.gaps) == "R 620821 2024-12 至 2025-02、R 620821 2025-04"
    assert any("2024-12 至 2025-02" in said and "不能当作没有" in said for said in covered.says("2025-06-30", True))


def test_premium_years_have_gaps_of_years() -> None:
    """A premium year is one period; a year missing between two is a gap, its months are not."""
    table = pa.table({"line": [2, 3], "fund": ["R", "R"], "region": ["620821"] * 2, "period": pa.array([202200, 202400], pa.int32()), "amount": [1, 1]})
    covered = coverage.of("contributions", table)
    assert covered.gaps == (("R", "620821", 202300, 202300),) and coverage.gaps_text(covered.gaps) == "R 620821 2023"
    assert covered.until("2025-01-01", False) == "2024-12-31"


def test_a_few_stray_rows_do_not_widen_the_scope() -> None:
    """Funds and regions below the share of lists.yaml are counted, but they are not what the list stands for."""
    rows = [death(person) for person in range(39)] + [death(99, region="510107")]
    covered = coverage.of("deaths", deaths(*rows), scope_permille=50)
    assert covered.regions == ("620821",) and {cell.region for cell in covered.cells} == {"620821", "510107"}
    assert coverage.of("deaths", deaths(*rows)).regions == ("510107", "620821")


def test_a_death_list_says_to_which_day_it_can_be_trusted() -> None:
    """With an as-of date the list is complete to that day, without one only to its last death; nobody missing from it is thereby alive."""
    covered = coverage.of("deaths", deaths(death(1, "2025-03-02"), death(2, "2025-04-30")))
    assert covered.until("2026-01-10", True) == "2026-01-10" and covered.until("2026-01-10", False) == "2025-04-30"
    said = covered.says("2026-01-10", True)
    assert "2025-03-02 至 2025-04-30" in said[0] and "2026-01-10" in said[0] and "不等于健在" in said[1]
    assert not any("晚于截至日期" in each for each in said)


def test_events_after_the_as_of_date_are_named() -> None:
    """A death later than the day the list is said to stand for puts that day in doubt; a release that lies ahead does not."""
    said = coverage.of("deaths", deaths(death(1, "2026-02-03"))).says("2026-01-10", True)
    assert any("死亡日期最晚 2026-02-03，晚于截至日期 2026-01-10" in each for each in said)
    table = pa.table({"line": [2], "imprisoned_on": [date(2025, 1, 1)], "released_on": [date(2030, 1, 1)]})
    custody = coverage.of("custody", table)
    assert not any("晚于" in each for each in custody.says("2026-01-10", True)) and custody.events["released_on"].last == "2030-01-01"


def test_a_list_without_dates_lets_nothing_be_concluded() -> None:
    """Deaths without a date, and files without months, say so."""
    covered = coverage.of("deaths", deaths(death(1, death_on=None, death_month=None)))
    assert covered.says("2026-01-10", True) == ["名单上没有一个死亡日期，据此查不出死亡后领取"]
    assert covered.until("", False) == "" and covered.events["death_on"] == Days("", "", 1)
    assert coverage.of("accounts", pa.table({"line": [2], "account": ["1"]})).says("", False) == ["数据月份 没有写明月份"]


@pytest.mark.parametrize("contract", ["people", "entitled", "custody", "payments", "bank", "recoveries"])
def test_every_kind_of_file_says_something(contract: str) -> None:
    """Each contract has at least one sentence about what it covers."""
    name = coverage.MONTH.get(contract, "")
    column = {name: pa.array([202501], pa.int32()) if name == "period" else [date(2025, 1, 2)]} if name else {}
    assert all(coverage.of(contract, pa.table({"line": [2], **column})).says("2026-01-10", True))


CELLS = st.lists(st.tuples(st.sampled_from("REG"), st.sampled_from(["620821", "620822"]), st.integers(1, 12), st.integers(-(10**9), 10**9)), min_size=1)


@given(CELLS)
def test_no_row_and_no_fen_is_lost(rows: list[tuple[str, str, int, int]]) -> None:
    """Whatever the file, its cells add up to its rows and its fen, and the digest changes with every fen."""
    table = _payments(*((fund, region, 202500 + month, fen) for fund, region, month, fen in rows))
    covered = coverage.of("payments", table)
    assert (covered.rows, covered.fen) == (len(rows), sum(row[3] for row in rows))
    more = table.set_column(table.column_names.index("amount"), "amount", [[row[3] + (place == 0) for place, row in enumerate(rows)]])
    assert coverage.of("payments", more).digest() != covered.digest()

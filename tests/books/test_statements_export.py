"""The same numbers in XLSX, CSV and JSON as in the statement (B4)."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from books.export import as_json, write_all, write_csv, write_json, write_reconciliation_xlsx, write_statements_xlsx
from books.views import digest
from ledger.money import show, yuan
from tests.books.paper_samples import balance_paper, income_paper, reconciliation_paper


def test_json_lines_carry_the_contract_fields(tmp_path: Path) -> None:
    """``code, label, level, opening, closing`` for 01 and ``current, cumulative`` for 02; a heading has no amount."""
    write_json(balance_paper(), tmp_path / "01.json")
    made = json.loads((tmp_path / "01.json").read_text(encoding="utf-8"))
    assert made["form"] == "会社保01表" and made["digest"] == digest(balance_paper())
    assert made["lines"][0] == {"code": "A", "label": "一、资产：", "level": 0, "opening": None, "closing": None}
    assert {"code": "A.1004", "label": "支出户存款", "level": 1, "opening": "100000.00", "closing": "90246.90"} in made["lines"]
    income = as_json(income_paper())
    assert list(income["lines"][0]) == ["code", "label", "level", "current", "cumulative"]
    assert income["lines"][0]["cumulative"] == "140246.90"


def test_csv_has_the_same_lines_as_json(tmp_path: Path) -> None:
    """One row a line, codes as text."""
    write_csv(income_paper(), tmp_path / "02.csv")
    with (tmp_path / "02.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows == [{key: str(value) for key, value in line.items()} for line in as_json(income_paper())["lines"]]


def test_the_workbook_shows_every_figure_of_the_form(tmp_path: Path) -> None:
    """Two worksheets laid out as on paper; numbers are numbers, equal to the fen."""
    write_statements_xlsx([balance_paper(), income_paper()], tmp_path / "报表.xlsx")
    book = load_workbook(tmp_path / "报表.xlsx")
    assert book.sheetnames == ["城乡居保资产负债表", "城乡居保收支表"]
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    found = {str(label).strip("　"): (current, cumulative) for label, current, cumulative in rows[4:]}
    for line in income_paper().statement.lines:
        assert [Decimal(str(value)).quantize(Decimal("0.01")) for value in found[line.label]] == [yuan(line.current), yuan(line.cumulative)]
    last = list(book.worksheets[0].iter_rows(values_only=True))[-1]
    assert (last[0], last[3]) == ("资产总计", "负债与净资产总计")
    assert last[1:3] == last[4:6]
    book.close()


def test_the_reconciliation_workbook_has_both_balances_and_the_open_items(tmp_path: Path) -> None:
    """Four lines of the form, and one row an open item with its reason."""
    paper = reconciliation_paper(3)
    write_reconciliation_xlsx(paper, tmp_path / "调节表.xlsx")
    book = load_workbook(tmp_path / "调节表.xlsx")
    rows = list(book["余额调节表"].iter_rows(values_only=True))
    assert rows[-1][0] == "调节后余额" and rows[-1][1] == rows[-1][3]
    assert show(paper.statement.adjusted_book) == f"{rows[-1][1]:.2f}"
    assert len(list(book["未达账项"].iter_rows())) == 1 + len(paper.statement.differences)
    book.close()


def test_one_call_writes_every_form(tmp_path: Path) -> None:
    """XLSX, CSV and JSON beside each other, dots in the name kept."""
    files = write_all(balance_paper(), tmp_path / "R-2026.10-会社保01")
    assert [file.name for file in files] == ["R-2026.10-会社保01.xlsx", "R-2026.10-会社保01.csv", "R-2026.10-会社保01.json"]
    assert all(file.stat().st_size for file in files)

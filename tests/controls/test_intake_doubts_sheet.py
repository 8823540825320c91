"""Doubts about workbooks: hidden rows, columns and sheets, formulas, errors, macros, numbers as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import xlsxwriter

from controls.intake import doubts
from controls.intake.doubts import Doubt
from controls.intake.reader import read
from ledger.sheets import SheetFacts, open_source
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment


def book(folder: Path, change: Any = lambda workbook, sheet: None, rows: int = 6, **how: Any) -> Path:
    """A payments workbook; ``change`` may do to it what people do."""
    path = folder / "发放.xlsx"
    workbook = xlsxwriter.Workbook(path, how)
    sheet = workbook.add_worksheet("明细")
    sheet.write_row(0, 0, PAYMENTS)
    for at in range(rows):
        for place, text in enumerate(payment(at % 4, 姓名="王小明", 户名="王小明")):
            sheet.write_number(at + 1, place, float(text)) if PAYMENTS[place] == "金额" else sheet.write_string(at + 1, place, text)
    change(workbook, sheet)
    workbook.close()
    return path


def find(path: Path, **facts: Any) -> tuple[Doubt, ...]:
    """The doubts of a workbook, with the facts of its sheet (some changed)."""
    taken = read(path, "payments")
    return doubts.find(taken, facts=replace(open_source(path).facts(taken.sheet), **facts))


def one(found: tuple[Doubt, ...], code: str, part: str = "") -> Doubt:
    """The one doubt of a code whose sentence holds a part."""
    mine = [doubt for doubt in found if doubt.code == code and part in doubt.zh]
    assert len(mine) == 1, [(doubt.code, doubt.zh) for doubt in found]
    return mine[0]


def test_hidden_rows_with_data_are_asked_about(tmp_path: Path) -> None:
    """They were read all the same; their lines are named."""

    def hide(workbook: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})

    asked = one(find(book(tmp_path, hide)), "SB2042")
    assert (asked.level, asked.line, asked.count) == ("ask", 3, 2) and "第 3、5 行" in asked.zh


def test_hidden_rows_without_data_are_told(tmp_path: Path) -> None:
    """A hidden note is no question; a filter is named."""
    assert one(find(book(tmp_path), hidden_rows=(99,)), "SB2042").level == "tell"
    assert "A1:L7" in one(find(book(tmp_path), hidden_rows=(3,), filtered="A1:L7"), "SB2042").zh


def test_hidden_columns(tmp_path: Path) -> None:
    """One that is read is asked about by its letter; others are told."""

    def hide(workbook: Any, sheet: Any) -> None:
        sheet.set_column(7, 7, 10, None, {"hidden": True})
        sheet.write(0, 12, "备忘")
        sheet.write(1, 12, "x")
        sheet.set_column(12, 12, 10, None, {"hidden": True})

    found = find(book(tmp_path, hide))
    asked = one(found, "SB2042", "金额")
    assert (asked.level, asked.cell, asked.column) == ("ask", "H1", "金额") and one(found, "SB2042", "M").level == "tell"


def test_hidden_sheets_are_told(tmp_path: Path) -> None:
    """Sheets that nobody sees are named; a hidden one that was read is asked about."""

    def hide(workbook: Any, sheet: Any) -> None:
        workbook.add_worksheet("底稿").hide()

    path = book(tmp_path, hide)
    assert one(find(path), "SB2043").level == "tell" and "底稿" in one(find(path), "SB2043").zh
    assert one(find(path, hidden_sheets=("明细",), very_hidden_sheets=("库",)), "SB2043", "所读的").level == "ask"


def test_formulas_and_errors(tmp_path: Path) -> None:
    """Stored results are read and said; without one, or with an error, a cell of a column that is read is asked about."""

    def compute(workbook: Any, sheet: Any) -> None:
        sheet.write_formula(1, 7, "=100+39", None, 139)
        sheet.write_formula(2, 20, "=NA()", None, "#N/A")

    found = find(book(tmp_path, compute))
    assert one(found, "SB2044", "是公式").level in ("tell", "warn") and "H2" in one(found, "SB2044", "是公式").zh
    found = find(book(tmp_path), formulas=2, formula_cells=("H2", "H3"), valueless=1, formula_without_value=("H3",), errors=2,
                 error_cells=(("C4", "#REF!"), ("Z9", "#N/A")))  # fmt: skip
    assert (one(found, "SB2044", "没有存下结果").level, one(found, "SB2044", "没有存下结果").cell) == ("ask", "H3")
    assert "C4（#REF!）" in one(found, "SB2044", "错误值").zh
    found = find(book(tmp_path), formulas=1, formula_cells=("Z3",), valueless=1, formula_without_value=("Z3",), errors=1, error_cells=(("Z9", "#N/A"),))
    assert {doubt.level for doubt in found if doubt.code == "SB2044"} == {"tell"}
    assert one(find(book(tmp_path), formulas=1, formula_cells=("H2",), uncalculated=True), "SB2044").level == "warn"


def test_what_would_run_or_fetch_is_told(tmp_path: Path) -> None:
    """Macros, links, programs, embedded files and comments are named; none was run."""
    found = find(book(tmp_path), macros=True, external_links=("file:///别处.xlsx",), dde=True, embedded=2, commented=1, comments=("D2",))
    assert [doubt.level for doubt in found if doubt.code == "SB2045"] == ["warn", "tell", "tell", "tell"]
    assert "别处.xlsx" in one(found, "SB2045", "取自").zh and "D2" in one(found, "SB2153").zh


def test_numbers_as_text_and_text_as_numbers(tmp_path: Path) -> None:
    """Amounts stored as text are told of; identity numbers and accounts stored as numbers are warned of, with their cells."""

    def store(workbook: Any, sheet: Any) -> None:
        sheet.write_string(2, 7, "139.00")
        sheet.write_number(3, 8, 621700001)
        sheet.write_number(4, 2, float(NUMBERS[0][:14]))

    found = find(book(tmp_path, store))
    assert one(found, "SB2150", "“金额”").level == "tell" and one(found, "SB2150", "“金额”").cell == "H3"
    assert (one(found, "SB2150", "“银行账号”").level, one(found, "SB2150", "“银行账号”").cell) == ("warn", "I4")
    assert one(found, "SB2150", "“证件号码”").cell == "C5"


def test_damaged_cells_of_a_table_that_starts_further_right(tmp_path: Path) -> None:
    """Addresses are those people see, blank columns in front and all."""
    path = tmp_path / "右.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    for place, head in enumerate(PAYMENTS):
        sheet.write_string(2, place + 2, head)
        for at in range(2):
            sheet.write_string(at + 3, place + 2, payment(at)[place])
    sheet.write_number(4, 4, 620821195001010017)
    workbook.close()
    assert one(find(path), "SB2131").cell == "E5"


def test_blank_rows_amid_the_data(tmp_path: Path) -> None:
    """They are told, since people end a table with one; what follows was read."""

    def gap(workbook: Any, sheet: Any) -> None:
        for place, text in enumerate(payment(1)):
            sheet.write_string(9, place, text)

    told = one(find(book(tmp_path, gap)), "SB2151", "空行")
    assert told.level == "tell" and told.count == 2 and "第 8" in told.zh


def test_no_facts_no_doubts(tmp_path: Path) -> None:
    """Without facts nothing is said of hiding and computing."""
    taken = read(book(tmp_path), "payments")
    assert [doubt for doubt in doubts.find(taken, facts=SheetFacts()) if doubt.code in ("SB2042", "SB2043", "SB2044", "SB2045")] == []

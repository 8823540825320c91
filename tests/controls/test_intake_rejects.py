"""The rejects workbook: the layout of the file, reasons in front, ready to be mended and sent again."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from controls.intake.heads import REJECT_HEADS
from controls.intake.reader import read, write_rejects
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments


def test_rejects_have_the_layout_of_the_file(tmp_path: Path) -> None:
    """Titles, unit line and header stay; each bad row carries its line, columns, values, codes and reasons."""
    above = [["某县发放表"], ["单位：万元"]]
    rows = [payment(金额="0.0139"), payment(1, 险种="Z", 金额="壹"), payment(2, 金额="=1+1"), [*payment(3), "多"]]
    taken = read(payments(tmp_path, *rows, above=above), "payments")
    out = tmp_path / "发放.rejects.xlsx"
    write_rejects(taken, out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    cells = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert cells[0][5] == "某县发放表" and cells[1][5] == "单位：万元" and cells[2][:6] == [*REJECT_HEADS, "险种"]
    assert cells[3][:4] == ["5", "险种;金额", "Z;壹", "SB1003;SB2102"] and cells[3][7] == NUMBERS[1]
    assert cells[4][12] == "=1+1" and cells[5][3] == "SB2108" and cells[5][17] == "多"
    assert sheet["M5"].data_type == "s" and sheet["H4"].number_format == "@"


def test_a_mended_rejects_workbook_is_taken(tmp_path: Path) -> None:
    """Mended in place, the workbook reads as the rest of the file; its own columns in front are not unknown."""
    taken = read(payments(tmp_path, payment(), payment(1, 金额="x"), above=[["单位：万元"]]), "payments")
    out = tmp_path / "a.rejects.xlsx"
    write_rejects(taken, out)
    book = openpyxl.load_workbook(out)
    sheet = book.active
    assert sheet is not None
    place = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == "x" and cell.column > len(REJECT_HEADS))
    sheet.cell(row=sheet.max_row, column=place, value="0.0139")
    book.save(out)
    mended = read(out, "payments")
    assert mended.table["amount"].to_pylist() == [13900] and mended.table["number"].to_pylist() == [NUMBERS[1]]
    assert mended.header.unknown == [] and mended.header.units == {"金额": "万元"}


def test_rejects_of_a_clean_file_hold_the_header_alone(tmp_path: Path) -> None:
    """Nothing in error: only the layout."""
    out = tmp_path / "a.rejects.xlsx"
    write_rejects(read(payments(tmp_path, payment()), "payments"), out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None and [cell.value for cell in sheet[1]] == [*REJECT_HEADS, *PAYMENTS] and sheet.max_row == 1

"""The rejects workbook: the layout of the file, reasons in front, cells marked, ready to be mended and sent again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from controls.intake.heads import REJECT_HEADS
from controls.intake.reader import read, write_rejects
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv

AHEAD = len(REJECT_HEADS)


def opened(path: Path) -> Any:
    """The one sheet of a rejects workbook."""
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return sheet


def mend(path: Path, changes: dict[str, str]) -> None:
    """Puts other values into the cells that hold these, right of the columns in front, as somebody in a spreadsheet would."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    for line in sheet.iter_rows(min_col=AHEAD + 1):
        for cell in line:
            if cell.value in changes:
                cell.value = changes.pop(cell.value)
    assert not changes
    book.save(path)


def test_rejects_have_the_layout_of_the_file(tmp_path: Path) -> None:
    """Titles, unit line and header stay; each bad row carries its line, columns, values, codes and reasons."""
    above = [["某县发放表"], ["单位：万元"]]
    rows = [payment(金额="0.0139"), payment(1, 险种="Z", 金额="壹"), payment(2, 金额="=1+1"), [*payment(3), "多"]]
    taken = read(payments(tmp_path, *rows, above=above), "payments")
    out = tmp_path / "发放.rejects.xlsx"
    write_rejects(taken, out)
    sheet = opened(out)
    cells = [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert cells[0][5] == "某县发放表" and cells[1][5] == "单位：万元" and cells[2][:6] == [*REJECT_HEADS, "险种"]
    assert cells[3][:4] == ["5", "险种;金额", "Z;壹", "SB1003;SB2102"] and cells[3][7] == NUMBERS[1]
    assert cells[4][12] == "=1+1" and cells[5][3] == "SB2108" and cells[5][17] == "多"
    assert sheet["M5"].data_type == "s" and sheet["H4"].number_format == "@"


def test_cells_in_error_are_coloured_and_say_why(tmp_path: Path) -> None:
    """The cell in error is red and carries code and reason as a comment, blank ones too; a row wrong as a whole is marked at its line."""
    rows = [payment(金额="x"), payment(1, 姓名=""), [*payment(2), "多"]]
    out = tmp_path / "a.rejects.xlsx"
    write_rejects(read(payments(tmp_path, *rows), "payments"), out)
    sheet = opened(out)
    marked = {cell.coordinate: cell.comment.text for line in sheet.iter_rows() for cell in line if cell.comment is not None}
    assert marked == {"M2": "[SB2102] “x”不是金额。", "I3": "[SB2101] “姓名”是空的。", "A4": "[SB2108] 这一行有 13 格，与表头不同，列可能错位。"}
    assert {cell.coordinate for line in sheet.iter_rows() for cell in line if cell.fill.fgColor.rgb == "FFFFC7CE"} == set(marked)
    assert sheet.freeze_panes == "A2" and sheet["M2"].number_format == "@"


def test_a_mended_rejects_workbook_is_taken(tmp_path: Path) -> None:
    """Mended in place, the workbook reads as the rest of the file; its own columns in front are not unknown."""
    taken = read(payments(tmp_path, payment(), payment(1, 金额="x"), above=[["单位：万元"]]), "payments")
    out = tmp_path / "a.rejects.xlsx"
    write_rejects(taken, out)
    mend(out, {"x": "0.0139"})
    mended = read(out, "payments")
    assert mended.table["amount"].to_pylist() == [13900] and mended.table["number"].to_pylist() == [NUMBERS[1]]
    assert mended.header.unknown == [] and mended.header.units == {"金额": "万元"}


def test_a_header_of_two_lines_in_wan_with_totals_comes_back(tmp_path: Path) -> None:
    """Title and unit merged, a header of two lines, amounts in 万元, subtotals: the mended rows read as they would have in the file."""
    path = tmp_path / "双层.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("1月")
    sheet.merge_range(0, 0, 0, 6, "某县2026年1月发放表")
    sheet.merge_range(1, 0, 1, 6, "单位：万元")
    for column, name in enumerate(("险种", "统筹区")):
        sheet.merge_range(2, column, 3, column, name)
    sheet.merge_range(2, 2, 2, 3, "领取人员")
    sheet.merge_range(2, 4, 2, 5, "发放情况")
    sheet.merge_range(2, 6, 3, 6, "备注")
    rows = [["", "", "姓名", "证件号码", "所属期", "金额"]]
    rows += [["R", "620821", "甲0", NUMBERS[0], "2026-01", "0.0203"], ["R", "620821", "甲1", NUMBERS[1], "正月", "0.0218"]]
    rows += [["小计", "", "", "", "", "0.0421"], ["R", "620821", "甲2", "", "2026-01", "0.02305"], ["合计", "", "", "", "", "0.06515"]]
    for line, row in enumerate(rows, start=3):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(line, column, value)
    book.close()
    taken = read(path, "payments")
    assert (taken.rows_read, taken.table.num_rows, len(taken.totals)) == (3, 1, 2)
    out = tmp_path / "双层.rejects.xlsx"
    write_rejects(taken, out)
    back = opened(out)
    assert back.max_row == 6 and back["F1"].value == "某县2026年1月发放表" and "F1:L1" in {str(area) for area in back.merged_cells.ranges}
    mend(out, {"正月": "2026-01"})
    book = openpyxl.load_workbook(out)
    book.active["I6"] = NUMBERS[2]  # type: ignore[index]
    book.save(out)
    mended = read(out, "payments")
    assert mended.table["amount"].to_pylist() == [21800, 23050] and mended.table["number"].to_pylist() == [NUMBERS[1], NUMBERS[2]]
    assert mended.table["period"].to_pylist() == [202601, 202601] and not mended.rejects
    assert mended.header.recognised == taken.header.recognised and mended.header.unknown == taken.header.unknown


def test_text_stays_text(tmp_path: Path) -> None:
    """Numbers, accounts and codes with zeros in front are text cells, so that a spreadsheet keeps them whole."""
    header = [*PAYMENTS[:8], "银行账号", "户名", "发放状态", "流水号"]
    path = write_csv(tmp_path / "a.csv", [header, payment(银行账号="0012345678901234567", 流水号="000123", 金额="x")])
    out = tmp_path / "a.rejects.xlsx"
    write_rejects(read(path, "payments"), out)
    sheet = opened(out)
    found = {str(cell.value): (cell.data_type, cell.number_format) for cell in sheet[2] if cell.value is not None and cell.column > AHEAD}
    assert set(found) >= {"0012345678901234567", "000123", NUMBERS[0]} and set(found.values()) == {("s", "@")}


def test_rejects_of_a_clean_file_hold_the_header_alone(tmp_path: Path) -> None:
    """Nothing in error: only the layout."""
    out = tmp_path / "a.rejects.xlsx"
    write_rejects(read(payments(tmp_path, payment()), "payments"), out)
    sheet = opened(out)
    assert [cell.value for cell in sheet[1]] == [*REJECT_HEADS, *PAYMENTS] and sheet.max_row == 1

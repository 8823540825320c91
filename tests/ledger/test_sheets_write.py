"""Writing sheets: text stays text, same content gives the same bytes, nothing half-written is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ledger.sheets import Cell, Sheet, escape_cell, write_contract_csv, write_people_csv, write_rows, write_workbook
from ledger.sheets.errors import SheetTooLong

ROWS: list[list[Cell]] = [
    ["证件号码", "金额", "日期", "备注"],
    ["11010519491231002X", Decimal("139.50"), date(2024, 3, 1), "=1+1"],
    ["0012", 7, None, "http://x.example"],
]


def test_text_stays_text(tmp_path: Path) -> None:
    """Formulas, links and numbers in text cells are written as strings with the text format."""
    path = tmp_path / "a.xlsx"
    write_rows(path, {"明细": ROWS})
    sheet = openpyxl.load_workbook(path)["明细"]
    assert [cell.value for cell in sheet[2]][:2] == ["11010519491231002X", 139.5]
    assert sheet["D2"].value == "=1+1" and sheet["D2"].data_type == "s"
    assert sheet["D3"].hyperlink is None
    assert sheet["A3"].value == "0012" and sheet["A3"].number_format == "@"
    assert sheet["B2"].number_format == "#,##0.00" and sheet["B3"].value == 7


def test_same_content_same_bytes(tmp_path: Path) -> None:
    """Two writings of one content are equal byte for byte."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_rows(tmp_path / name / "x.xlsx", {"s": ROWS}, titles={"s": ["某县", "单位：元"]})
    assert (tmp_path / "a/x.xlsx").read_bytes() == (tmp_path / "b/x.xlsx").read_bytes()


def test_titles_and_merges(tmp_path: Path) -> None:
    """Titles are merged over the whole width; a merged cell keeps its first text."""
    path = tmp_path / "a.xlsx"
    rows: list[list[Cell]] = [["人员", "", "金额"], ["证件号码", "姓名", ""], ["1", "甲", Decimal(1)]]
    write_workbook(path, {"s": Sheet(rows, titles=["表一"], head_rows=2, merges=[(1, 0, 1, 1), (1, 2, 2, 2)])})
    sheet = openpyxl.load_workbook(path)["s"]
    assert sorted(str(area) for area in sheet.merged_cells.ranges) == ["A1:C1", "A2:B2", "C2:C3"]
    assert (sheet["A1"].value, sheet["A2"].value, sheet["C2"].value) == ("表一", "人员", "金额")


def test_rows_put_aside_make_the_same_sheet(tmp_path: Path) -> None:
    """Written row by row with the folder for what lies aside, a workbook has the same cells, titles and widths, and the folder is empty afterwards."""
    rows: list[list[Cell]] = [["号码", "金额"], *([f"{nth:018d}", Decimal(nth).scaleb(-2)] for nth in range(50))]
    aside = tmp_path / "aside"
    aside.mkdir()
    books = []
    for name, folder in (("held", None), ("aside", aside)):
        sheets = {"s": Sheet(iter(rows), titles=["表一", "说明"], widths=(20, 9), filter=True), "blank": Sheet(iter([]), titles=["无"])}
        write_workbook(tmp_path / f"{name}.xlsx", sheets, aside=folder)
        books.append(openpyxl.load_workbook(tmp_path / f"{name}.xlsx"))
    told = [
        [(sheet.title, list(sheet.values), str(sheet.merged_cells), sheet.auto_filter.ref, sheet.column_dimensions["A"].width) for sheet in book]
        for book in books
    ]
    assert told[0] == told[1] and told[0][0][1][2] == ("号码", "金额") and not list(aside.iterdir())


def test_sheet_names_are_made_valid(tmp_path: Path) -> None:
    """Forbidden characters, long and repeated names become valid, distinct names."""
    path = tmp_path / "a.xlsx"
    write_rows(path, {"a/b": ROWS, "a:b": ROWS, "长" * 40: ROWS})
    assert openpyxl.load_workbook(path).sheetnames == ["a b", "a b (2)", "长" * 31]


def test_binary_floating_point_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    """A float in a cell is a TypeError, and no file, whole or half, stays behind."""
    with pytest.raises(TypeError, match="float"):
        write_rows(tmp_path / "a.xlsx", {"s": [["a"], [1.5]]})  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    """SB2011: more rows than a worksheet holds."""

    def rows() -> Iterator[list[Cell]]:
        for _ in range(1_048_577):
            yield []

    with pytest.raises(SheetTooLong):
        write_rows(tmp_path / "a.xlsx", {"s": rows()})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "+86"),
        ("-3.50", "-3.50"),
        ("@a", "'@a"),
        ("-a", "'-a"),
        (Decimal("-3.50"), "-3.50"),
        (-3, "-3"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        (None, ""),
    ],
)
def test_what_a_spreadsheet_would_run_is_escaped(cell: Cell, text: str) -> None:
    """CSV for people escapes text that begins with = + - @, never numbers."""
    assert escape_cell(cell) == text


def test_contract_csv_is_never_escaped(tmp_path: Path) -> None:
    """Contract files are UTF-8 with LF and keep every cell as it is; files for people are escaped."""
    path = tmp_path / "a.csv"
    write_contract_csv(path, [["备注", "金额"], ["=1+1", Decimal("1.50")], ['a,"b"', None]])
    assert path.read_bytes() == '备注,金额\n=1+1,1.50\n"a,""b""",\n'.encode()
    write_people_csv(path, [["=1+1", Decimal("-1.50")]])
    assert path.read_bytes() == b"'=1+1,-1.50\n"
    write_contract_csv(path, [["姓名"], ["张三"]], encoding="gb18030", line_end="\r\n")
    assert path.read_bytes() == "姓名\r\n张三\r\n".encode("gb18030")

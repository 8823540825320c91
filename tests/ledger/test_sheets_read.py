"""Reading files as they come: kinds and encodings are detected, lines are true, what is half-written is refused."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from ledger.sheets import Body, number_text, open_source, write_rows
from ledger.sheets import package as package_module
from ledger.sheets.errors import (
    BadWorkbook,
    EmptyFile,
    FileUnreadable,
    HalfWritten,
    NoSuchSheet,
    NulBytes,
    TooLarge,
    UnknownEncoding,
    UnknownKind,
    WrongEncoding,
)
from ledger.sheets.text import TextSource


def rows(body: Body) -> list[tuple[int, list[str]]]:
    """Line and texts of every row."""
    columns = [column.cast(pa.string()).to_pylist() for column in body.columns]
    return [(line, [column[row] for column in columns]) for row, line in enumerate(body.lines.to_pylist())]


def read(path: Path, head_line: int = 1, width: int = 2) -> list[tuple[int, list[str]]]:
    """Rows of a file's first sheet below the head."""
    source = open_source(path)
    return rows(source.body(source.sheets[0], head_line, width))


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030")])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(tmp_path: Path, encoding: str, shown: str, delimiter: str, end: str) -> None:
    """Every mixture of encoding, delimiter and line end gives the same rows."""
    path = tmp_path / "a.csv"
    text = end.join([f"姓名{delimiter}金额", f"张三{delimiter}1.00", "", f"李四{delimiter}2.00", ""])
    path.write_bytes(text.encode(encoding))
    source = open_source(path)
    assert (source.kind, source.encoding, source.delimiter) == ("csv", shown, delimiter)
    assert [row.cells for row in source.top("")] == [("姓名", "金额"), ("张三", "1.00"), ("李四", "2.00")]
    assert rows(source.body("", 1, 2)) == [(2, ["张三", "1.00"]), (4, ["李四", "2.00"])]


def test_an_encoding_may_be_forced(tmp_path: Path) -> None:
    """A forced encoding is used; one that does not fit, or that nobody knows, is refused."""
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,金额\n张三,1\n".encode("gb18030"))
    assert open_source(path, encoding="GBK").encoding == "gb18030"
    with pytest.raises(WrongEncoding):
        open_source(path, encoding="utf-8")
    with pytest.raises(UnknownEncoding):
        open_source(path, encoding="latin-1")


def test_broken_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    """A UTF-8 file with spoilt bytes is refused with its line, not read as garbage in another encoding."""
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,金额\n张三,1\n李".encode() + b"\xff\xfe\xfd" + "四,2\n王五,3\n".encode())
    with pytest.raises(WrongEncoding) as refused:
        open_source(path)
    assert refused.value.facts["line"] == 3 and refused.value.status == 2


def test_bytes_of_neither_encoding_are_refused(tmp_path: Path) -> None:
    """Bytes that are neither UTF-8 nor GB18030 are refused."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\xff\xff\xff,1\n2,3\n")
    with pytest.raises(WrongEncoding):
        open_source(path)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_within_a_character_is_half_written(tmp_path: Path, encoding: str) -> None:
    """A file that ends in the middle of a Chinese character is cut off."""
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,备注\n张三,全部都是汉字\n".encode(encoding) + "李四,汉".encode(encoding)[:-1])
    with pytest.raises(HalfWritten):
        open_source(path)


def test_zero_bytes_are_refused(tmp_path: Path) -> None:
    """NUL bytes, and so UTF-16, are refused with the line."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,\x002\n")
    with pytest.raises(NulBytes) as refused:
        open_source(path)
    assert refused.value.facts["line"] == 2
    path.write_bytes("姓名,金额\n".encode("utf-16"))
    with pytest.raises(NulBytes):
        open_source(path)


def test_empty_absent_and_foreign_files(tmp_path: Path) -> None:
    """Nothing, blanks, absent files, web pages, archives and PDF are refused."""
    path = tmp_path / "a.csv"
    for content in (b"", b" \r\n,,,\n"):
        path.write_bytes(content)
        with pytest.raises(EmptyFile):
            open_source(path)
    for content in (b"<html><table>", b"%PDF-1.7\n", b"\x1f\x8b\x08"):
        path.write_bytes(content)
        with pytest.raises(UnknownKind):
            open_source(path)
    with pytest.raises(FileUnreadable):
        open_source(tmp_path / "none.csv")
    with pytest.raises(FileUnreadable):
        open_source(tmp_path)


def test_lines_are_physical(tmp_path: Path) -> None:
    """Blank lines and line ends within quotes count: a row carries the line on which it begins."""
    path = tmp_path / "a.csv"
    path.write_text('标题\n\n姓名,备注\n张三,x\n\n李四,"两\n行"\n王五,"a,""b"""\n', newline="")
    assert read(path, 3) == [(4, ["张三", "x"]), (6, ["李四", "两\n行"]), (8, ["王五", 'a,"b"'])]


def test_an_open_quote_is_half_written(tmp_path: Path) -> None:
    """A quote that is never closed cuts the file off, and the line where it opens is named."""
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n3,"4\n5,6\n')
    with pytest.raises(HalfWritten, match="第 3 行"):
        read(path)


def test_ragged_rows_are_kept_and_marked(tmp_path: Path) -> None:
    """Rows with too few or too many cells come with their count; blank surplus cells do not matter."""
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1\n1,2,3\n1,2,,\n,\n4,5")
    body = open_source(path).body("", 1, 2)
    assert rows(body) == [(2, ["1", ""]), (3, ["1", "2"]), (4, ["1", "2"]), (5, ["", ""]), (6, ["4", "5"])]
    assert body.wrong_count == {0: 1, 1: 3} and body.extra == {1: ("3",)} and body.unfinished


def test_wrong_quotes_in_one_line(tmp_path: Path) -> None:
    """A line whose quotes are wrong is marked; the others are read."""
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"2"x,"3\n"y"z"\n4,5\n')
    body = next(TextSource(path).bodies("", 1, 2, at_once=False))
    assert body.broken_quotes and rows(body)[-1] == (4, ["4", "5"])


cell = st.text(st.sampled_from('ab汉,;"\n\r\t 0．'), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=8), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_both_ways_of_reading_agree(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], always: bool, end: str) -> None:
    """The fast way gives what the row-by-row way gives, or leaves the block to it; in blocks of a few bytes too."""
    text = io.StringIO(newline="")
    always = always or any("\r" in text for row in table for text in row)
    csv.writer(text, quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL, lineterminator=end).writerows([["甲", "乙", "丙"], *table])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(text.getvalue().encode())
    source = TextSource(path)
    source.delimiter = ","
    slow = next(source.bodies("", 1, 3, at_once=False))
    assert [cells for _, cells in rows(slow)] == table
    assert rows(source.body("", 1, 3)) == rows(slow)
    assert [row for body in source.bodies("", 1, 3, block=16, step=8) for row in rows(body)] == rows(slow)


def test_workbook_cells_as_text(tmp_path: Path) -> None:
    """Whole numbers show no point, dates are ISO, noise of binary fractions is gone, long numbers are marked as damaged."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["B3"], sheet["C3"] = "证件号码", "金额"
    sheet["B4"], sheet["C4"] = 621082199001011234, 139.0
    sheet["B5"], sheet["C5"] = "0012", 0.1 + 0.2
    sheet["B7"], sheet["C7"] = 12, True
    made.save(tmp_path / "a.xlsx")
    source = open_source(tmp_path / "a.xlsx")
    assert next((row.line, row.cells) for row in source.top(source.sheets[0])) == (3, ("", "证件号码", "金额"))
    body = source.body(source.sheets[0], 3, 3)
    assert rows(body) == [(4, ["", "621082199001011000", "139"]), (5, ["", "0012", "0.3"]), (7, ["", "12", "TRUE"])]
    assert {column: list(found) for column, found in body.damaged.items()} == {1: [0]}


@pytest.mark.parametrize(("value", "text"), [(1e-05, "0.00001"), (1e15, "1000000000000000"), (2.675, "2.675"), (float("nan"), ""), (-0.5, "-0.5")])
def test_numbers_never_show_in_scientific_form(value: float, text: str) -> None:
    """A workbook's number shows as it does there, never as 1E-05."""
    assert number_text(value) == text


def test_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    """A cell merged downwards fills its rows in the columns asked for, and in no other."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["姓名", "金额"], ["张三", 1], [None, None], [None, 3], ["李四", 4]):
        sheet.append(row)
    sheet["B3"] = None
    sheet["C3"] = "x"
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B2:B3")
    made.save(tmp_path / "a.xlsx")
    body = open_source(tmp_path / "a.xlsx").body("Sheet", 1, 2, fill=frozenset({0}))
    assert rows(body) == [(2, ["张三", "1"]), (3, ["张三", ""]), (4, ["张三", "3"]), (5, ["李四", "4"])]


def test_hidden_sheets_are_not_offered(tmp_path: Path) -> None:
    """Hidden sheets are left aside unless asked for by name; an unknown name is refused."""
    made = openpyxl.Workbook()
    made.create_sheet("隐").sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    source = open_source(tmp_path / "a.xlsx")
    assert source.sheets == ["Sheet"]
    assert source.top("隐") == []
    with pytest.raises(NoSuchSheet):
        source.top("无")


def test_cut_off_and_foreign_workbooks(tmp_path: Path) -> None:
    """A truncated workbook is half-written; an archive without a workbook, or rubbish in its place, is refused."""
    path = tmp_path / "a.xlsx"
    write_rows(path, {"s": [["a", "b"], *([str(n), "x" * 50] for n in range(500))]})
    whole = path.read_bytes()
    for size in (200, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:size])
        with pytest.raises(HalfWritten):
            open_source(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(BadWorkbook):
        open_source(path)
    path.write_bytes(b"\0" * 100)
    with pytest.raises(HalfWritten):
        open_source(path)


def test_a_corrupt_part_is_half_written(tmp_path: Path) -> None:
    """A part that does not unpack to its checksum is refused."""
    path = tmp_path / "a.xlsx"
    write_rows(path, {"s": [["a", "b"], *([str(n), str(n * 7919)] for n in range(3000))]})
    content = bytearray(path.read_bytes())
    at = content.find(b"xl/worksheets/sheet1.xml") + 2000
    content[at : at + 20] = b"\0" * 20
    path.write_bytes(content)
    with pytest.raises((HalfWritten, BadWorkbook)):
        read(path)


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many bytes unpacked, or a cell in a column far off, is refused; a far-off row costs nothing and is read."""
    path = tmp_path / "a.xlsx"
    for corner, refused in (("XFD1048576", True), ("C1048576", False)):
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet is not None
        sheet["A1"], sheet[corner] = "a", "b"
        made.save(path)
        if refused:
            with pytest.raises(TooLarge):
                read(path)
        else:
            assert read(path, width=3) == [(1_048_576, ["", "", "b"])]
    write_rows(path, {"s": [["a" * 1000] * 50] * 50})
    monkeypatch.setattr(package_module, "MOST_BYTES", 1000)
    with pytest.raises(TooLarge):
        open_source(path)


def test_a_text_file_may_have_the_wrong_name(tmp_path: Path) -> None:
    """The kind is what the content says: tab-separated text under .xls is read as text."""
    path = tmp_path / "a.xls"
    path.write_bytes("姓名\t金额\n张三\t1\n".encode("gb18030"))
    assert open_source(path).kind == "csv"
    assert read(path) == [(2, ["张三", "1"])]


def test_parquet_reads_like_the_csv(tmp_path: Path) -> None:
    """Parquet columns, text or typed, give the texts and the lines a CSV would give."""
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "文": pa.array(["a", None, "c"]),
            "典": pa.array(["a", None, "c"]).dictionary_encode(),
            "整": pa.array([1, None, 202403], pa.int64()),
            "浮": pa.array([1.0, None, 6.2e17]),
            "十": pa.array([None, None, 1], pa.int64()).cast(pa.decimal128(21, 2)),
            "日": pa.array([0, None, 19787], pa.int32()).cast(pa.date32()),
            "空": pa.nulls(3),
        }
    )
    parquet.write_table(table, path)
    body = open_source(path).body("", 1, 7)
    assert rows(body) == [
        (2, ["a", "a", "1", "1", "", "1970-01-01", ""]),
        (3, ["", "", "", "", "", "", ""]),
        (4, ["c", "c", "202403", "620000000000000000", "1.00", "2024-03-05", ""]),
    ]
    assert list(body.damaged[3]) == [2]
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(HalfWritten):
        open_source(path)


def test_the_kind_may_be_forced(tmp_path: Path) -> None:
    """A forced kind is used where the content allows it, and refused where it does not."""
    path = tmp_path / "a.txt"
    path.write_text("<html>,b\n1,2\n")
    assert open_source(path, kind="csv").kind == "csv"
    for kind in ("xlsx", "ods"):
        with pytest.raises(UnknownKind):
            open_source(path, kind=kind)

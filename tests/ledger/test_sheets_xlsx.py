"""XLSX as programs write it: whole arrays, the slow parser and calamine read the same; what is hidden or computed is told."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
import python_calamine
from openpyxl.comments import Comment

from ledger.sheets import cell_text, open_source, tags, write_rows
from ledger.sheets.errors import BadWorkbook, TooLarge
from tests.ledger import packages
from tests.ledger.packages import MAIN, parts, shared, sheet, styles, write


def texts(path: Path, name: str = "", width: int = 6) -> list[tuple[int, list[str]]]:
    """Line and texts of every row of a sheet."""
    source = open_source(path)
    body = source.body(name or source.sheets[0], 0, width)
    columns = [column.cast(pa.string()).to_pylist() for column in body.columns]
    return [(line, [column[row] for column in columns]) for row, line in enumerate(body.lines.to_pylist())]


def one(folder: Path, rows: str, before: str = "", after: str = "", **more: str) -> Path:
    """A workbook of one sheet with these rows."""
    return write(folder / "a.xlsx", parts(sheet(rows, before, after)) | more)


def by_calamine(path: Path) -> list[list[str]]:
    """The first sheet as calamine reads it."""
    found = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    left = [""] * (found.start[1] if found.start else 0)
    return [left + [cell_text(cell) for cell in row] for row in found.iter_rows()]


def random_workbook(path: Path, seed: int) -> None:
    """Text, numbers, dates, truth and blanks, in shared or inline strings."""
    chance = random.Random(seed)
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    values = [
        "张三", " 两边 ", "a&b<c>", "第一行\n第二行", "0012", 12, 12.5, 0.1 + 0.2, -3, 1e-7, 123456789012345, 621082199001011234, date(2024, 3, 5),
        datetime(2024, 3, 5, 13, 1, 2), time(8, 30), True, False, None, None, "_x000D_", "=", "𠮷",
    ]  # fmt: skip
    for _ in range(chance.randint(1, 60)):
        page.append([chance.choice(values) for _ in range(chance.randint(0, 6))])
    page["C70"] = "末"
    made.save(path)


@pytest.mark.parametrize("seed", range(8))
def test_three_ways_read_the_same(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole arrays, the slow parser and calamine give the same texts of workbooks made at random (seeded)."""
    path = tmp_path / "a.xlsx"
    random_workbook(path, seed)
    fast = texts(path)
    assert [cells[:3] for _, cells in fast][-1] == ["", "", "末"]
    wanted = [(line, (cells + [""] * 6)[:6]) for line, cells in enumerate(by_calamine(path), start=1) if any(cells)]
    assert fast == wanted
    monkeypatch.setattr(tags, "take_apart", lambda block, prefix: None)
    monkeypatch.setattr(tags, "shared_strings", lambda block, prefix: None)
    assert texts(path) == fast


def test_the_usual_form_is_read_by_whole_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the common writers write never needs the slow parser for its rows."""
    from ledger.sheets import markup

    write_rows(tmp_path / "a.xlsx", {"s": [["姓名", "金额"], ["张三", 1], ["李四", None]]})
    random_workbook(tmp_path / "b.xlsx", 3)

    def refused(self: object, name: str, attributes: object) -> None:
        assert name != "row"

    monkeypatch.setattr(markup.SheetScan, "_start", refused)
    assert len(texts(tmp_path / "a.xlsx")) == 3 and texts(tmp_path / "b.xlsx")


CELLS = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1.50</v></c></row>'
WANTED = [(2, ["甲&乙", "1.5", "", "", "", ""])]


@pytest.mark.parametrize(
    "rows",
    [
        CELLS,
        CELLS.replace('"', "'"),
        CELLS.replace(' r="A2"', "").replace(' r="B2"', ""),
        CELLS.replace('<c r="A2" t="s">', '<c t="s" r="A2">'),
        CELLS.replace("<row ", "<!-- x <row r='9'> --><row "),
        CELLS.replace("<v>0</v>", "<v><![CDATA[0]]></v>"),
        CELLS.replace("<v>0</v>", "\n<v>0</v>\n"),
        CELLS.replace("<c ", "<c\n").replace("</c>", "</c >"),
        CELLS.replace("<v>1.50</v>", "<f>IF(1>0,1,2)</f><v>1.50</v>"),
        CELLS.replace("<v>1.50</v>", '<f t="shared" si="0"/><v>1.50</v><extLst><ext/></extLst>'),
        CELLS.replace('<c r="A2" t="s"><v>0</v></c>', '<c r="A2" t="inlineStr"><is><r><t>甲</t></r><r><t>&amp;乙</t></r><rPh><t>x</t></rPh></is></c>'),
        CELLS.replace('<c r="A2" t="s"><v>0</v></c>', '<c r="A2" t="inlineStr" cm="1" s="0"><is><t xml:space="preserve">甲&#38;乙</t></is></c>'),
        CELLS.replace('<c r="A2" t="s"><v>0</v></c>', '<c r="A2" t="str"><f>A1</f><v>甲&amp;乙</v></c>'),
        '<row r="1" spans="1:2"/>' + CELLS + '<row r="3"><c r="A3" s="1"/><c r="B3"><v/></c></row>',
        "".join(f'<row r="{line}"><c r="A{line}" s="1"/></row>' for line in range(3, 400)) + CELLS,
    ],
)
def test_every_way_of_writing_a_row(tmp_path: Path, rows: str) -> None:
    """Quotes, order, prefixes, comments, rich text and missing addresses change nothing in what is read."""
    path = one(tmp_path, rows, **{"xl/sharedStrings.xml": shared("<t>甲&amp;乙</t>")})
    assert texts(path) == WANTED


def test_names_with_a_prefix(tmp_path: Path) -> None:
    """Elements may carry a prefix, in sheets and in shared strings (as .NET programs write them), and be read as fast."""
    rows = CELLS.replace("<", "<x:").replace("<x:/", "</x:")
    made = parts(f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>')
    made["xl/sharedStrings.xml"] = f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>甲&amp;乙</x:t></x:si></x:sst>'
    assert texts(write(tmp_path / "a.xlsx", made)) == WANTED
    assert tags.take_apart(rows.encode(), 2) is not None


def test_shared_strings_of_every_form(tmp_path: Path) -> None:
    """Rich text is joined, phonetic hints and empty strings are nothing, escapes are undone."""
    rows = '<row r="1">' + "".join(f'<c r="{letter}1" t="s"><v>{at}</v></c>' for at, letter in enumerate("ABCDE")) + "</row>"
    strings = shared("<r><t>李</t></r><r><rPr><b/></rPr><t>四</t></r>", "<t>王</t><rPh sb='0' eb='1'><t>wang</t></rPh>", "<t/>", "", "<t>a_x000A_b&lt;</t>")
    assert texts(one(tmp_path, rows, **{"xl/sharedStrings.xml": strings})) == [(1, ["李四", "王", "", "", "a\nb<", ""])]


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "45356", "2024-03-05"),
        ("[$-804]yyyy/m/d;@", "45356.5", "2024-03-05 12:00:00"),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", "45356", "45356"),
        ("0.00&quot;天d&quot;", "45356", "45356"),
        ("General", "45356", "45356"),
        ("[h]:mm", "1.25", "1 day, 6:00:00"),
        ("h:mm", "0.25", "06:00:00"),
        ("yyyy-mm-dd", "59", "1900-02-28"),
        ("yyyy-mm-dd", "61", "1900-03-01"),
        ("yyyy-mm-dd", "-5", "-5"),
        ("yyyy-mm-dd", "9999999", "9999999"),
    ],
)
def test_dates_by_their_format(tmp_path: Path, style: str, number: str, text: str) -> None:
    """A number is a date where its format shows one, and stays a number where no date is so early or so late."""
    path = one(tmp_path, f'<row r="1"><c r="A1" s="1"><v>{number}</v></c></row>', **{"xl/styles.xml": styles(style)})
    assert texts(path, width=1) == [(1, [text])]


def test_days_counted_from_1904(tmp_path: Path) -> None:
    """A workbook that counts its days from 1904 gives the day it shows."""
    made = parts(sheet('<row r="1"><c r="A1" s="1"><v>43894</v></c></row>'), settings='<workbookPr date1904="1"/>') | {"xl/styles.xml": styles("yyyy-mm-dd")}
    assert texts(write(tmp_path / "a.xlsx", made), width=1) == [(1, ["2024-03-05"])]


def test_errors_stay_and_are_named(tmp_path: Path) -> None:
    """A cell in error is read as it shows (#REF!), never as a blank, and named."""
    rows = '<row r="1"><c r="A1" t="e"><f>B9</f><v>#REF!</v></c><c r="B1" t="e"><v>#N/A</v></c></row>'
    path = one(tmp_path, rows)
    assert texts(path, width=2) == [(1, ["#REF!", "#N/A"])]
    facts = open_source(path).facts("表1")
    assert (facts.errors, facts.error_cells) == (2, (("A1", "#REF!"), ("B1", "#N/A")))


def test_what_a_workbook_hides(tmp_path: Path) -> None:
    """Hidden rows and columns are read and told, hidden sheets are told; so are filters, comments and protection."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for row in (["姓名", "金额", "备注"], ["张三", 1, "a"], ["李四", 2, "b"], ["王五", 3, "c"]):
        page.append(row)
    page.row_dimensions[3].hidden = True
    page.row_dimensions[99].hidden = True
    page.column_dimensions["C"].hidden = True
    page.auto_filter.ref = "A1:C4"
    page.auto_filter.add_filter_column(0, ["张三"])
    page["B2"].comment = Comment("问", "甲")
    page.protection.sheet = True
    made.create_sheet("藏").sheet_state = "hidden"
    made.create_sheet("深藏").sheet_state = "veryHidden"
    made.save(tmp_path / "a.xlsx")
    assert [cells[0] for _, cells in texts(tmp_path / "a.xlsx")] == ["姓名", "张三", "李四", "王五"]
    facts = open_source(tmp_path / "a.xlsx").facts("Sheet")
    assert (facts.hidden_rows, facts.hidden_columns, facts.hidden_letters, facts.filtered) == ((3,), (2,), ("C",), "A1:C4")
    assert (facts.hidden_sheets, facts.very_hidden_sheets, facts.commented, facts.comments) == (("藏",), ("深藏",), 1, ("B2",))
    assert facts.sheet_protected and not facts.book_protected


def test_what_a_workbook_computes(tmp_path: Path) -> None:
    """Formulas are counted, and those whose value was never stored are named; an empty text is a value."""
    rows = (
        '<row r="17" hidden="1"><c r="D17"><f>SUM(A1:A9)</f></c><c r="E17"><f t="shared" si="0"/><v>5</v></c><c r="F17" t="str"><f>""</f><v></v></c></row>'
        '<row r="18" ht="0" customHeight="1"><c r="D18"><f>1+1</f><v/></c><c r="E18"><v>1</v></c></row>'
    )
    made = parts(sheet(rows, '<cols><col min="5" max="16384" hidden="1"/></cols>'), settings='<calcPr fullCalcOnLoad="1"/>')
    facts = open_source(write(tmp_path / "a.xlsx", made)).facts("表1")
    assert (facts.formulas, facts.formula_cells) == (4, ("D17", "E17", "F17", "D18"))
    assert (facts.valueless, facts.formula_without_value, facts.uncalculated) == (2, ("D17", "D18"), True)
    assert (facts.hidden_rows, facts.hidden_letters) == ((17, 18), ("E",))


def test_how_a_column_is_stored(tmp_path: Path) -> None:
    """Numbers stored as text, and text stored as numbers, are counted, and the rows of the minority known."""
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for row in (["金额", "日期"], [1, date(2024, 3, 5)], ["2.00", "2024-03-06"], [3, date(2024, 3, 7)]):
        page.append(row)
    made.save(tmp_path / "a.xlsx")
    body = open_source(tmp_path / "a.xlsx").body("Sheet", 1, 2)
    assert [(each.text, each.numbers, each.days) for each in body.mixed.values()] == [(1, 2, 0), (1, 0, 2)]
    assert body.mixed[0].text_rows == (1,) and body.mixed[0].number_rows == ()


def test_outside_links_macros_and_programs(tmp_path: Path) -> None:
    """External links, programs called by DDE, macros and embedded files are told; none is followed or run."""
    made: dict[str, str | bytes] = dict(parts(sheet('<row r="1"><c r="A1"><f>[1]表!A1</f><v>7</v></c></row>')))
    made["xl/externalLinks/externalLink1.xml"] = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    made["xl/externalLinks/_rels/externalLink1.xml.rels"] = packages.relations(("r1", "externalLinkPath", "file:///c:/别的.xlsx"))
    made["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    made["xl/embeddings/oleObject1.bin"] = b"x"
    path = write(tmp_path / "a.xlsm", made)
    facts = open_source(path).facts("表1")
    assert (facts.external_links, facts.dde, facts.macros, facts.embedded) == (("cmd|/c calc", "file:///c:/别的.xlsx"), True, True, 1)
    assert texts(path, width=1) == [(1, ["7"])]


def test_rows_out_of_order_and_cells_twice(tmp_path: Path) -> None:
    """Rows come in the order of their lines, and of a cell written twice the later one counts."""
    rows = '<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c><c r="B2"><v>3</v></c></row>'
    assert texts(one(tmp_path, rows), width=2) == [(2, ["1", "3"]), (5, ["5", ""])]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2" t="s"><v>9</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>x</v></c></row>',
        '<row r="2000000"><c r="A2000000"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></row>',
        '<row r="2"><c r="A2" t="str"><v>&unknown;</v></c></row>',
        '<row r="2"><c r="A2" t="str"><v>&#xD800;</v></c></row>',
        "<row",
    ],
)
def test_broken_sheets_are_refused(tmp_path: Path, rows: str) -> None:
    """Strings that are not there, rows beyond the last, open elements and characters that are none are refused in words."""
    with pytest.raises(BadWorkbook):
        texts(one(tmp_path, rows))


def test_columns_and_cells_have_their_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many columns, cells, sheets and parts are refused."""
    from ledger.sheets import package, worksheet

    with pytest.raises(TooLarge):
        texts(one(tmp_path, '<row r="1"><c r="ALM1"><v>1</v></c></row>'))
    monkeypatch.setattr(worksheet, "MOST_CELLS", 3)
    with pytest.raises(TooLarge):
        texts(one(tmp_path, '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="C1"><v>1</v></c><c r="D1"><v>1</v></c></row>'))
    monkeypatch.setattr(package, "MOST_SHEETS", 2)
    with pytest.raises(TooLarge):
        open_source(write(tmp_path / "b.xlsx", parts(*[sheet("")] * 3)))
    monkeypatch.setattr(package, "MOST_PARTS", 3)
    with pytest.raises(TooLarge):
        open_source(write(tmp_path / "c.xlsx", parts(sheet(""))))


def test_parts_that_play_tricks(tmp_path: Path) -> None:
    """A part twice, parts that lie over one another, one part as two sheets, and a binary workbook are refused."""
    made = parts(sheet(CELLS))
    with zipfile.ZipFile(write(tmp_path / "twice.xlsx", made), "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", "x")
    same = parts(sheet(CELLS), sheet(CELLS))
    same["xl/_rels/workbook.xml.rels"] = same["xl/_rels/workbook.xml.rels"].replace("sheet2", "sheet1")
    write(tmp_path / "same.xlsx", same)
    write(tmp_path / "binary.xlsx", {"xl/workbook.bin": "x"})
    whole = bytearray(write(tmp_path / "over.xlsx", made).read_bytes())
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        first, second = archive.infolist()[:2]
        at = whole.find(b"PK\x01\x02")
        second_at = whole.find(b"PK\x01\x02", at + 4)
        whole[second_at + 42 : second_at + 46] = (second.header_offset - 10).to_bytes(4, "little")
    assert first.header_offset == 0
    (tmp_path / "over.xlsx").write_bytes(whole)
    for name in ("twice", "same", "binary", "over"):
        with pytest.raises(BadWorkbook):
            texts(tmp_path / f"{name}.xlsx")

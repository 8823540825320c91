"""Old workbooks: what they claim is checked before anything is allocated by it."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.errors import Refusal
from ledger.sheets import open_source
from ledger.sheets.biff import BadRecord, _Strings, read_book
from ledger.sheets.errors import BadWorkbook, HalfWritten, TooLarge

WHOLE = (Path(__file__).parent.parent / "controls" / "data" / "payments.xls").read_bytes()


def changed(at: int, form: str, *values: int) -> Callable[[bytearray], None]:
    """Overwrites numbers at an offset."""
    return lambda data: struct.pack_into(form, data, at, *values)


def record(kind: int, change: Callable[[int], tuple[int, bytes]]) -> Callable[[bytearray], None]:
    """Overwrites bytes in the first record of a kind; ``change`` gets its offset and gives where and what."""

    def edit(data: bytearray) -> None:
        at = data.index(struct.pack("<HH", 0x0809, 0x10))
        while struct.unpack_from("<H", data, at)[0] != kind:
            at += 4 + struct.unpack_from("<H", data, at + 2)[0]
        place, content = change(at)
        data[place : place + len(content)] = content

    return edit


def renamed(data: bytearray) -> None:
    """The workbook's stream under the name of an encrypted package."""
    at = data.index("Workbook".encode("utf-16-le"))
    data[at : at + 34] = "EncryptedPackage\0".encode("utf-16-le")
    struct.pack_into("<H", data, at + 64, 34)


@pytest.mark.parametrize(
    ("edit", "refusal"),
    [
        (changed(30, "<H", 31), HalfWritten),
        (changed(44, "<I", 0x7FFFFFFF), HalfWritten),
        (changed(64, "<I", 0x7FFFFFFF), HalfWritten),
        (changed(72, "<I", 0x7FFFFFFF), HalfWritten),
        (changed(48, "<I", 0x00FFFFFF), HalfWritten),
        (changed(76, "<I", 0xFFFFFFFF), HalfWritten),
        (record(0x0200, lambda at: (at + 8, b"\xff\xff\xff\x7f")), TooLarge),
        (record(0x00FC, lambda at: (at + 4, b"\xff\xff\xff\x7f")), HalfWritten),
        (record(0x00FD, lambda at: (at + 6, b"\xff\xff")), TooLarge),
        (record(0x0042, lambda at: (at, b"\x2f\x00")), BadWorkbook),
        (renamed, BadWorkbook),
        (lambda data: data.__delitem__(slice(-600, None)), HalfWritten),
        (lambda data: data.__delitem__(slice(600, None)), HalfWritten),
    ],
)
def test_false_claims_are_refused(tmp_path: Path, edit: Callable[[bytearray], None], refusal: type[Refusal]) -> None:
    """Impossible sector counts, table sizes, dimensions and columns, protection and missing ends are refused in words."""
    data = bytearray(WHOLE)
    edit(data)
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    with pytest.raises(refusal):
        open_source(path)


def test_a_container_of_something_else(tmp_path: Path) -> None:
    """A compound file without a workbook (a Word document) is refused."""
    path = tmp_path / "a.xls"
    path.write_bytes(WHOLE.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")))
    with pytest.raises(BadWorkbook):
        open_source(path)


def strings(*parts: bytes) -> list[str]:
    """The shared strings of a record and its continuations."""
    return list(_Strings([struct.pack("<II", 9, 2) + parts[0], *parts[1:]]).all())


def test_strings_over_several_records() -> None:
    """A string may go on in the next record, there in letters of another width; formatting and phonetics are passed over."""
    wide = "甲乙丙".encode("utf-16-le")
    plain = struct.pack("<HB", 2, 0) + b"ab"
    assert strings(struct.pack("<HB", 3, 1) + wide + plain) == ["甲乙丙", "ab"]
    assert strings(struct.pack("<HB", 3, 1) + wide[:4], b"\1" + wide[4:] + plain) == ["甲乙丙", "ab"]
    assert strings(struct.pack("<HB", 3, 1) + wide[:4], b"\0c" + plain) == ["甲乙c", "ab"]
    assert strings(struct.pack("<HB", 3, 1) + wide + plain[:1], plain[1:]) == ["甲乙丙", "ab"]
    assert strings(struct.pack("<HBHI", 3, 13, 1, 5) + wide + b"1234" + b"12345" + plain) == ["甲乙丙", "ab"]
    for cut in (struct.pack("<HB", 3, 1) + wide[:4], struct.pack("<HB", 3, 1) + wide[:3], struct.pack("<HBI", 3, 5, 1 << 31) + wide):
        with pytest.raises(BadRecord):
            strings(cut)


def test_links_and_macros_of_an_old_workbook() -> None:
    """A linked file is named, the workbook itself is none; a project of programs and sheets of macros are told."""
    book, end = struct.pack("<HHHHHH", 0x0809, 8, 0x0600, 5, 0, 0), struct.pack("<HH", 0x000A, 0)
    path = "\1别处\3表.xls"
    outside = struct.pack("<HHB", 1, len(path), 1) + path.encode("utf-16-le")
    itself = struct.pack("<HH", 1, 0x0401)
    links = b"".join(struct.pack("<HH", 0x01AE, len(body)) + body for body in (itself, outside))
    assert read_book(book + links + end, frozenset()).links == ["别处/表.xls"]
    macros = struct.pack("<HHIBBBB", 0x0085, 9, 0, 0, 1, 1, 0) + b"m"
    assert [read_book(book + more + end, frozenset(names)).macros for more, names in ((b"", []), (macros, []), (b"", ["_VBA_PROJECT"]))] == [False, True, True]


def test_an_older_workbook_has_a_code_page(tmp_path: Path) -> None:
    """Strings of Excel 95 are bytes of the code page that the workbook names, Chinese where it names none."""
    book = struct.pack("<HHHHHH", 0x0809, 8, 0x0500, 5, 0, 0)
    listed = struct.pack("<HHIBB", 0x0085, 11, 0, 0, 0) + b"\4" + "表单".encode("gbk")
    end = struct.pack("<HH", 0x000A, 0)
    for page, name in (
        (struct.pack("<HHH", 0x0042, 2, 936), "表单"),
        (b"", "表单"),
        (struct.pack("<HHH", 0x0042, 2, 1252), "±íµ¥"),
        (struct.pack("<HHH", 0x0042, 2, 9), "表单"),
    ):
        assert [sheet.name for sheet in read_book(book + page + listed + end, frozenset()).sheets] == [name]


def test_spoilt_bytes_never_break_the_reader(tmp_path: Path) -> None:
    """Any bytes changed, and a refusal or a table comes, never another error (seeded)."""
    chance = random.Random(7)
    path = tmp_path / "a.xls"
    for _ in range(150):
        data = bytearray(WHOLE)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            source = open_source(path)
            for sheet in source.sheets:
                source.body(sheet, 3, 7)
        except Refusal as refused:
            assert refused.status == 2


def test_what_an_old_workbook_hides_and_computes() -> None:
    """Hidden rows, columns and sheets, errors, formulas and protection are found in the records; all rows are read, and errors stay."""
    source = open_source(Path(__file__).parent / "data" / "hidden.xls")
    facts = source.facts("明细")
    assert (facts.hidden_rows, facts.hidden_columns, facts.hidden_letters) == ((3,), (2,), ("C",))
    assert (facts.hidden_sheets, facts.very_hidden_sheets, facts.sheet_protected) == (("藏",), ("深藏",), True)
    assert (facts.errors, facts.error_cells, facts.formulas, facts.formula_cells) == (1, (("D3", "#N/A"),), 1, ("D4",))
    assert not facts.macros and facts.external_links == ()
    assert [row.cells for row in source.top("明细")][:3] == [("", "姓名", "金额", "备注"), ("", "张三", "1", "a"), ("", "李四", "2", "#N/A")]
    body = source.body("明细", 1, 4)
    assert [column.to_pylist()[1] for column in body.columns] == ["", "李四", "2", "#N/A"]

"""Writing sheets: XLSX for people and for sending, CSV for contracts and CSV for people.

Same content, same bytes: creation date and ZIP times are fixed. Text is written as text (never a formula, a
link or a number), with the text format ``@``, so that an identity number stays whole when people edit it.
Files appear whole or not at all: they are written beside their place and moved there.
"""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from ledger.sheets.errors import SheetTooLong

Cell = str | int | Decimal | date | bool | None
Rows = Iterable[Sequence[Cell]]
Merge = tuple[int, int, int, int]

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
_UPRIGHT = 8
_CHARACTERS = 190
_LINE = 16
_MOST_LINES = 27
FIXED_DATE = datetime(2020, 1, 1)

_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter", "num_format": "@"},
    "header": {"bold": True, "bg_color": "#DDE7F0", "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "num_format": "@"},
    "text": {"num_format": "@", "valign": "top"},
    "wrap": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "amount": {"num_format": "#,##0.00", "valign": "top"},
    "whole": {"num_format": "0", "valign": "top"},
    "date": {"num_format": "yyyy-mm-dd", "valign": "top"},
    "merged": {"num_format": "@", "align": "center", "valign": "vcenter"},
    "marked": {"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006"},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet to write.

    ``titles``: lines above the head, each merged over the whole width. ``rows``: head first (``head_rows`` of
    them), then the data. ``merges``: zero-based ``(first row, first column, last row, last column)`` of the
    sheet as written, titles included; the merged cell keeps the text of its first cell. ``widths``: of the
    columns in characters; measured from the first rows when absent. ``wrap``: zero-based columns whose text is
    folded. ``filter`` puts a filter on the head; ``freeze`` keeps titles and head in sight. ``marks``: cells of the sheet
    as written, zero-based ``(row, column)`` → comment ('' for none): they are coloured, the comment stands on the cell.
    """

    rows: Rows
    titles: Sequence[str] = ()
    head_rows: int = 1
    merges: Sequence[Merge] = ()
    widths: Sequence[int] | None = None
    wrap: frozenset[int] = frozenset()
    filter: bool = False
    freeze: bool = True
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)


def write_workbook(path: Path, sheets: Mapping[str, Sheet], *, aside: Path | None = None) -> None:
    """Writes an XLSX with the sheets in the order given; raises SB2011 when a sheet would be too long.

    ``str`` cells are text, ``int`` whole numbers, ``Decimal`` two decimals with separators, ``date`` dates,
    ``bool`` 是/否, ``None`` blank. Binary floating point is refused (TypeError). ``aside``: a folder in which the rows lie meanwhile, each put there as soon
    as it is written, so that memory does not grow with them; such sheets have no merges and no marks.
    """
    import xlsxwriter

    with _whole(path) as target:
        options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": aside is not None}
        if aside is not None:
            options["tmpdir"] = str(aside)
        book = xlsxwriter.Workbook(str(target), options)
        try:
            book.set_properties({"created": FIXED_DATE, "title": path.stem, "author": "shebao"})
            formats = {name: book.add_format({"font_name": "SimSun", **style}) for name, style in _FORMATS.items()}
            taken: set[str] = set()
            for name, sheet in sheets.items():
                _fill(book.add_worksheet(_sheet_name(name, taken)), name, sheet, formats, in_order=aside is not None)
        finally:
            book.close()


def write_rows(
    path: Path,
    sheets: Mapping[str, Rows],
    *,
    titles: Mapping[str, Sequence[str]] | None = None,
    merges: Mapping[str, Sequence[Merge]] | None = None,
    widths: Mapping[str, Sequence[int]] | None = None,
) -> None:
    """:func:`write_workbook` for plain rows, head first; titles, merges and widths by sheet name."""
    titles, merges, widths = titles or {}, merges or {}, widths or {}
    write_workbook(path, {name: Sheet(rows, titles.get(name, ()), merges=merges.get(name, ()), widths=widths.get(name)) for name, rows in sheets.items()})


def _fill(worksheet: Any, name: str, sheet: Sheet, formats: Mapping[str, Any], *, in_order: bool) -> None:
    """``in_order``: what is written must not lie above what was written before."""
    head = len(sheet.titles)
    rows = iter(sheet.rows)
    if in_order:
        first = next(rows, None)
        _title(worksheet, sheet.titles, 1 if first is None else len(first), formats["title"])
        rows = rows if first is None else chain([first], rows)
    widths: list[int] = []
    merged = {(first, left): (last, right) for first, left, last, right in sheet.merges}
    writers = {"str": worksheet.write_string, "number": worksheet.write_number, "date": worksheet.write_datetime}
    line = head
    for line, row in enumerate(rows, start=head):
        if line >= MOST_ROWS:
            raise SheetTooLong(sheet=name, limit=MOST_ROWS)
        style = "header" if line < head + sheet.head_rows else ""
        folded = sheet.wrap if not style else frozenset(range(len(row)))
        if sheet.wrap and sheet.widths and (lines := _height(row, folded, sheet.widths)) > 1:
            worksheet.set_row(line, lines * _LINE)
        for column, value in enumerate(row):
            if merged and (line, column) in merged:
                last, right = merged[(line, column)]
                worksheet.merge_range(line, column, last, right, "", formats[style or "merged"])
            own = "marked" if (line, column) in sheet.marks else "wrap" if column in sheet.wrap else ""
            _put(writers, formats, line, column, value, style or own)
        if line < head + 200:
            _measure(widths, row)
    _mark(worksheet, sheet.marks, formats["marked"])
    width = max(len(widths), 1)
    if not in_order:
        _title(worksheet, sheet.titles, width, formats["title"])
    for column, characters in enumerate(sheet.widths or widths):
        worksheet.set_column(column, column, characters)
    if sheet.freeze:
        worksheet.freeze_panes(head + sheet.head_rows, 0)
    _printed(worksheet, max(head + sheet.head_rows - 1, 0), sheet.widths or widths)
    if sheet.filter and widths:
        worksheet.autofilter(head + sheet.head_rows - 1, 0, max(line, head), width - 1)


def _printed(worksheet: Any, last_head: int, widths: Sequence[int]) -> None:
    """On A4 with the head on every page; upright up to eight columns; as many pages wide as can be read, the first column on each."""
    wide = -(-sum(widths) // _CHARACTERS) or 1
    worksheet.set_paper(9)
    if len(widths) > _UPRIGHT or wide > 1:
        worksheet.set_landscape()
    worksheet.fit_to_pages(wide, 0)
    worksheet.repeat_rows(0, last_head)
    if wide > 1:
        worksheet.repeat_columns(0)


def _height(row: Sequence[Cell], wrap: frozenset[int], widths: Sequence[int]) -> int:
    """How many lines the folded texts of a row take."""
    most = 1
    for column in wrap:
        if column < min(len(row), len(widths)) and isinstance(text := row[column], str) and text:
            most = max(most, sum(-(-_characters(line) // max(widths[column] - 1, 1)) or 1 for line in text.split("\n")))
    return min(most, _MOST_LINES)


def _title(worksheet: Any, titles: Sequence[str], width: int, style: Any) -> None:
    """The lines above the head, each over the whole width."""
    for number, title in enumerate(titles):
        if width > 1:
            worksheet.merge_range(number, 0, number, width - 1, "", style)
        worksheet.write_string(number, 0, title, style)


def _mark(worksheet: Any, marks: Mapping[tuple[int, int], str], style: Any) -> None:
    """Comments on the marked cells, and colour on those that hold nothing."""
    for (line, column), comment in marks.items():
        if worksheet.table.get(line, {}).get(column) is None:
            worksheet.write_blank(line, column, None, style)
        if comment:
            worksheet.write_comment(line, column, comment, {"author": "shebao", "x_scale": 2, "font_size": 9})


def _put(writers: Mapping[str, Any], formats: Mapping[str, Any], line: int, column: int, value: Cell, style: str) -> None:
    if isinstance(value, str):
        if value:
            text = value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 1] + "…"
            writers["str"](line, column, text, formats[style or "text"])
    elif value is None:
        return
    elif isinstance(value, bool):
        writers["str"](line, column, "是" if value else "否", formats[style or "text"])
    elif isinstance(value, int):
        writers["number"](line, column, value, formats[style if style in ("header", "marked") else "whole"])
    elif isinstance(value, Decimal):
        writers["number"](line, column, value, formats["amount"])
    elif isinstance(value, date):
        writers["date"](line, column, value, formats["date"])
    else:
        raise TypeError(f"a sheet takes text, whole numbers, Decimal, dates and blanks, not {type(value).__name__}")


def _characters(text: str) -> int:
    """The width of a text in half-width characters."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _measure(widths: list[int], row: Sequence[Cell]) -> None:
    for column, value in enumerate(row):
        text = f"{value:,}" if isinstance(value, Decimal) else "" if value is None else str(value)
        need = min(60, 2 + max(map(_characters, text.split("\n")), default=0))
        if column == len(widths):
            widths.append(max(8, need))
        elif need > widths[column]:
            widths[column] = need


def _sheet_name(name: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\]", " ", name).strip("'")[:31] or "Sheet"
    unique, number = base, 2
    while unique.lower() in taken:
        suffix = f" ({number})"
        unique, number = base[: 31 - len(suffix)] + suffix, number + 1
    taken.add(unique.lower())
    return unique


_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


def escape_cell(value: Cell) -> str:
    """Text of a cell for a CSV that people open: what a spreadsheet would run gets a leading apostrophe.

    >>> escape_cell("=1+1"), escape_cell("-3.50"), escape_cell(Decimal("-3.50"))
    ("'=1+1", '-3.50', '-3.50')
    """
    text = plain_cell(value)
    if isinstance(value, str) and text.startswith(_RUNS) and _NUMBER.fullmatch(text) is None:
        return "'" + text
    return text


def plain_cell(value: Cell) -> str:
    """Text of a cell for a contract file: dates as ``YYYY-MM-DD``, Decimal and whole numbers plainly, nothing escaped."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a sheet takes text, whole numbers, Decimal, dates and blanks, not {type(value).__name__}")


def write_contract_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", line_end: str = "\n") -> None:
    """CSV that machines read (FORMATS.md contract files): UTF-8 with LF unless said, never escaped; head first."""
    _write_csv(path, rows, plain_cell, encoding, delimiter, line_end)


def write_contract_table(path: Path, table: Any) -> None:
    """An Arrow table as :func:`write_contract_csv` would have it (texts in quotes), for millions of rows."""
    from pyarrow import csv as arrow

    with _whole(path) as target:
        arrow.write_csv(table, str(target))


def write_people_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", line_end: str = "\n") -> None:
    """CSV that people open in a spreadsheet: text that would run as a formula is escaped, numbers never."""
    _write_csv(path, rows, escape_cell, encoding, delimiter, line_end)


def _write_csv(path: Path, rows: Rows, show: Any, encoding: str, delimiter: str, line_end: str) -> None:
    with _whole(path) as target, target.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle, delimiter=delimiter, lineterminator=line_end)
        writer.writerows([show(cell) for cell in row] for row in rows)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path``, moved there at the end; removed when the writing fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    target = Path(name)
    try:
        yield target
        target.chmod(0o666 & ~_umask())
        target.replace(path)
    finally:
        target.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

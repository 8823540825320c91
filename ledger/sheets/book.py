"""Reading workbooks (XLSX, XLS) through calamine: bounded before they are opened, cells as text with their damage kept."""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.sheets import ole
from ledger.sheets.body import CHUNK_ROWS, EXACT_DIGITS, MOST_COLUMNS, TOP_ROWS, Body, Collector, TopRow, cell_text, number_text
from ledger.sheets.errors import BadWorkbook, HalfWritten, NoSuchSheet, TooLarge
from ledger.sheets.facts import SheetFacts
from ledger.sheets.package import Package

MOST_BYTES = 3 << 30
MOST_CELLS = 80_000_000
MOST_PARTS = 5_000
MOST_CACHED = 200_000
_WIDE = re.compile(rb' r="([A-Z]{2,3})[0-9]')
_ROW = re.compile(rb'<row [^>]*?\br="([0-9]{1,9})"')


class BookSource:
    """A workbook. ``sheets`` are the visible worksheets in order."""

    encoding = ""
    delimiter = ""

    def __init__(self, path: Path, kind: str) -> None:
        import python_calamine as calamine

        self.path = path
        self.kind = kind
        bound(path) if kind == "xlsx" else ole.bound(path)
        with _read(path):
            self._book = calamine.CalamineWorkbook.from_path(path)
            listed = self._book.sheets_metadata
        visible = calamine.SheetVisibleEnum.Visible
        self.all_sheets = [sheet.name for sheet in listed]
        self.sheets = [sheet.name for sheet in listed if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == visible]
        self._loaded: tuple[str, Any] = ("", None)
        self._facts: dict[str, SheetFacts] = {}

    def _sheet(self, name: str) -> Any:
        if name not in self.all_sheets:
            raise NoSuchSheet(file=self.path.name, sheet=name, sheets="、".join(self.all_sheets))
        if self._loaded[1] is None or self._loaded[0] != name:
            with _read(self.path):
                self._loaded = (name, self._book.get_sheet_by_name(name))
        return self._loaded[1]

    def top(self, sheet: str) -> list[TopRow]:
        rows = []
        loaded = self._sheet(sheet)
        if loaded.width > MOST_COLUMNS:
            raise TooLarge(file=self.path.name, what="列数", found=loaded.width, limit=MOST_COLUMNS)
        for index, cells in enumerate(loaded.iter_rows()):
            texts = tuple(cell_text(cell) for cell in cells)
            if any(text.strip() for text in texts):
                rows.append(TopRow(index + 1, texts))
            if len(rows) >= TOP_ROWS:
                break
        return rows

    def merged_heads(self, sheet: str) -> list[tuple[int, int, int, int]]:
        loaded = self._sheet(sheet)
        left = self.left(sheet)
        return [(top + 1, first - left, bottom + 1, last - left) for (top, first), (bottom, last) in loaded.merged_cell_ranges or []]

    def facts(self, sheet: str) -> SheetFacts:
        """What the sheet hides and computes; raises SB2007, SB2009."""
        if self._facts.get(sheet) is None:
            loaded = self._sheet(sheet)
            left = loaded.start[1] if loaded.start else 0
            merged = tuple(self.merged_heads(sheet))
            self._facts[sheet] = Package(self.path).facts(sheet, left, merged) if self.kind == "xlsx" else SheetFacts(sheet, merged=merged)
        return self._facts[sheet]

    def left(self, sheet: str) -> int:
        loaded = self._sheet(sheet)
        return loaded.start[1] if loaded.start else 0

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        body = Body([], None)
        collector = Collector(width)
        texts = _Texts(width, self._merged_rows(sheet, head_line, fill), body.damaged)
        chunk: list[list[Any]] = []
        lines: list[int] = []
        for index, cells in enumerate(self._sheet(sheet).iter_rows()):
            if index < head_line or cells.count("") == len(cells):
                continue
            chunk.append(cells)
            lines.append(index + 1)
            if len(chunk) >= CHUNK_ROWS:
                collector.add_columns(lines, texts.columns(chunk, lines, collector.count))
                chunk, lines = [], []
        if chunk:
            collector.add_columns(lines, texts.columns(chunk, lines, collector.count))
        body.columns, body.lines = collector.finish()
        return body

    def _merged_rows(self, sheet: str, head_line: int, fill: frozenset[int]) -> dict[int, list[tuple[int, bool]]]:
        """Line → (column, whether it is the first line) of the merged areas of one column below the head."""
        lines: dict[int, list[tuple[int, bool]]] = {}
        for first, left, last, right in self.merged_heads(sheet):
            if left == right and left in fill and first > head_line and last - first < 100_000:
                for line in range(first, last + 1):
                    lines.setdefault(line, []).append((left, line == first))
        return lines


@contextmanager
def _read(path: Path) -> Iterator[None]:
    """Turns whatever the reader makes of a damaged workbook into SB2007."""
    import python_calamine as calamine

    try:
        yield
    except calamine.PasswordError as error:
        raise BadWorkbook(file=path.name, why="有密码保护") from error
    except (calamine.CalamineError, OSError, ValueError, MemoryError) as error:
        raise BadWorkbook(file=path.name, why="文件损坏，或不是工作簿") from error
    except BaseException as error:
        # A panic in the reader's Rust code comes as a BaseException of no importable type.
        if type(error).__name__ != "PanicException":
            raise
        raise BadWorkbook(file=path.name, why="文件损坏，读不下去") from error


class _Texts:
    """Turns chunks of workbook cells into columns of text; notes damaged numbers, and lets merged cells hold for all their rows."""

    def __init__(self, width: int, merged: Mapping[int, list[tuple[int, bool]]], damaged: dict[int, array[int]]) -> None:
        self._width, self._merged, self._damaged = width, merged, damaged
        self._caches: list[dict[float, str]] = [{} for _ in range(width)]
        self._held: dict[int, str] = {}

    def columns(self, rows: Sequence[Sequence[Any]], lines: Sequence[int], before: int) -> list[Any]:
        """Columns of text of one chunk; ``before``: rows already given."""
        columns: list[Any] = [self._column(place, values, before) for place, values in zip(range(self._width), zip(*rows, strict=True), strict=False)]
        for at, line in enumerate(lines if self._merged else ()):
            for place, first in self._merged.get(line, ()):
                column = columns[place] = columns[place] if isinstance(columns[place], list) else list(columns[place])
                if first:
                    self._held[place] = column[at]
                elif not column[at]:
                    column[at] = self._held.get(place, "")
        return columns

    def _column(self, place: int, values: Sequence[Any], before: int) -> Sequence[str]:
        kinds = set(map(type, values))
        if kinds == {str}:
            return values
        if kinds & {int, float}:
            large = [at for at, value in enumerate(values) if type(value) in (int, float) and abs(value) >= EXACT_DIGITS]
            if large:
                self._damaged.setdefault(place, array("q")).extend(before + at for at in large)
        cache = self._caches[place]
        if len(cache) > MOST_CACHED:
            cache.clear()
        return [value if type(value) is str else _cached(cache, value) if type(value) is float else cell_text(value) for value in values]


def _cached(cache: dict[float, str], value: float) -> str:
    text = cache.get(value)
    if text is None:
        text = cache[value] = number_text(value)
    return text


def bound(path: Path) -> None:
    """Refuses a workbook that is cut off, or would grow beyond the limits when opened (SB2006, SB2007, SB2008).

    Every part is unpacked once in blocks, so that a false size in the directory does not help; the last row and
    the widest column of each sheet bound the cells, because the reader lays sheets out densely.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist() and not any(part.filename.endswith("workbook.bin") for part in parts):
                raise BadWorkbook(file=path.name, why="压缩包里没有工作簿")
            declared = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or declared > MOST_BYTES:
                raise TooLarge(file=path.name, what="展开后字节数", found=declared, limit=MOST_BYTES)
            room = MOST_BYTES
            for part in parts:
                room -= _unpack(path, archive, part, room)
    except zipfile.BadZipFile as error:
        raise HalfWritten(file=path.name, why="压缩结构残缺，没有写完") from error
    except (zlib.error, EOFError, OSError) as error:
        raise HalfWritten(file=path.name, why="压缩内容残缺") from error
    except (NotImplementedError, RuntimeError) as error:
        raise BadWorkbook(file=path.name, why="有密码保护，或压缩方式不支持") from error


def _unpack(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    size, last_row, widest, tail = 0, 0, 26, b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            size += len(block)
            if size > room:
                raise TooLarge(file=path.name, what="展开后字节数", found=size, limit=MOST_BYTES)
            if not is_sheet:
                continue
            text = tail + block
            for letters in set(_WIDE.findall(text)):
                widest = max(widest, _column_number(letters))
            if (at := text.rfind(b"<row ")) >= 0 and (row := _ROW.match(text, at)):
                last_row = max(last_row, int(row.group(1)))
            tail = text[-200:]
            if widest > MOST_COLUMNS or last_row * widest > MOST_CELLS:
                raise TooLarge(file=path.name, what="单元格数", found=last_row * widest, limit=MOST_CELLS)
    return size


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

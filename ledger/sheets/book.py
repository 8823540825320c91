"""Reading old workbooks (XLS) through calamine: proved by ``ledger.sheets.ole`` before they are opened, cells as text with their damage kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from ledger.sheets import ole
from ledger.sheets.biff import OldBook
from ledger.sheets.body import CHUNK_ROWS, EXACT_DIGITS, TOP_ROWS, Body, Collector, Mixed, TopRow, cell_text, number_text
from ledger.sheets.errors import BadWorkbook, NoSuchSheet
from ledger.sheets.facts import SheetFacts

MOST_CACHED = 200_000


class BookSource:
    """A workbook. ``sheets`` are the visible worksheets in order."""

    encoding = ""
    delimiter = ""

    kind = "xls"

    def __init__(self, path: Path) -> None:
        import python_calamine as calamine

        self.path = path
        self._old = OldBook(*ole.bound(path))
        with _read(path):
            self._book = calamine.CalamineWorkbook.from_path(path)
            listed = self._book.sheets_metadata
        visible = calamine.SheetVisibleEnum.Visible
        self.all_sheets = [sheet.name for sheet in listed]
        self.sheets = [sheet.name for sheet in listed if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == visible]
        self._loaded: tuple[str, Any] = ("", None)

    def _sheet(self, name: str) -> Any:
        if name not in self.all_sheets:
            raise NoSuchSheet(file=self.path.name, sheet=name, sheets="、".join(self.all_sheets))
        if self._loaded[1] is None or self._loaded[0] != name:
            with _read(self.path):
                self._loaded = (name, self._book.get_sheet_by_name(name))
        return self._loaded[1]

    def top(self, sheet: str) -> list[TopRow]:
        rows = []
        for index, cells in self._rows(sheet):
            texts = tuple(cell_text(cell) for cell in cells)
            if any(text.strip() for text in texts):
                rows.append(TopRow(index + 1, texts))
            if len(rows) >= TOP_ROWS:
                break
        return rows

    def _rows(self, sheet: str) -> Iterator[tuple[int, list[Any]]]:
        """Rows from column A on; errors, which calamine gives as blanks, as they show (#N/A)."""
        loaded = self._sheet(sheet)
        left = [""] * (loaded.start[1] if loaded.start else 0)
        wrong: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in self._old.sheets[self.all_sheets.index(sheet)].errors.items() if len(self._old.sheets) == len(self.all_sheets) else ():
            wrong.setdefault(row, []).append((column, text))
        for index, cells in enumerate(loaded.iter_rows()):
            row = left + cells
            for column, text in wrong.get(index, ()):
                if column < len(row) and row[column] == "":
                    row[column] = text
            yield index, row

    def merged_heads(self, sheet: str) -> list[tuple[int, int, int, int]]:
        return [(top + 1, first, bottom + 1, last) for (top, first), (bottom, last) in self._sheet(sheet).merged_cell_ranges or []]

    def left(self, sheet: str) -> int:
        return 0

    def facts(self, sheet: str) -> SheetFacts:
        """What the sheet hides and computes; raises SB2009."""
        return self._old.facts(self.all_sheets, sheet, tuple(self.merged_heads(sheet)))

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        body = Body([], None)
        collector = Collector(width)
        texts = _Texts(width, self._merged_rows(sheet, head_line, fill), body.damaged)
        chunk: list[list[Any]] = []
        lines: list[int] = []
        for index, cells in self._rows(sheet):
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
        body.mixed = texts.mixed()
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
        self._stored: list[tuple[list[int], list[int], list[int]]] = [([], [], []) for _ in range(width)]

    def mixed(self) -> dict[int, Mixed]:
        """How each column is stored, after all chunks."""
        return {place: Mixed.of(*stored) for place, stored in enumerate(self._stored)}

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
        texts, numbers, days = self._stored[place]
        texts += [before + at for at, value in enumerate(values) if type(value) is str and value]
        numbers += [before + at for at, value in enumerate(values) if type(value) in (int, float)]
        days += [before + at for at, value in enumerate(values) if isinstance(value, date)]
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

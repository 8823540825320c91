"""What every reader gives: the kind of a file, its top rows, and the rows below the head as columns of text."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ledger.sheets.facts import MOST_NAMED, SheetFacts

if TYPE_CHECKING:
    import pyarrow as pa

TOP_ROWS = 60
MOST_COLUMNS = 1_000
MOST_ROWS = 50_000_000
CHUNK_ROWS = 20_000
BLOCK = 1 << 27
"""Bytes of a file that are read as one block."""

EXACT_DIGITS = 10**15


@dataclass(frozen=True, slots=True)
class TopRow:
    """One of the first rows: its physical line (from 1) and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mixed:
    """How one column of a workbook is stored: cells as text, as numbers and as dates, and the first rows (body indices) of each kind in the minority."""

    text: int
    numbers: int
    days: int
    text_rows: tuple[int, ...] = ()
    number_rows: tuple[int, ...] = ()
    day_rows: tuple[int, ...] = ()

    @classmethod
    def of(cls, texts: Any, numbers: Any, days: Any) -> Mixed:
        """From the rows (int sequences) of each kind; nobody names half a column, so the rows of a majority are left out."""
        most = (len(texts) + len(numbers) + len(days)) // 2
        named = (tuple(int(row) for row in rows[:MOST_NAMED]) if len(rows) <= most else () for rows in (texts, numbers, days))
        return cls(len(texts), len(numbers), len(days), *named)


@dataclass(slots=True)
class Body:
    """Rows below the head. ``columns``: one chunked array of text a column (plain or dictionary encoded), '' for blank.

    ``lines``: int32, physical line of each row, rising. ``wrong_count``: row index → cells found, where it is not the
    head's number. ``extra``: row index → cells beyond the head. ``damaged``: column → row indices of numeric cells
    with more than 15 digits. ``unfinished``: the last line has no line end. ``broken_quotes``: row indices whose
    quotes are wrong. ``mixed``: column → how its cells are stored, for workbooks. ``coded``: '' where columns are
    text, else the encoding in which they still are bytes. ``position``: offset in the file behind the last row, where there is one.
    """

    columns: list[pa.ChunkedArray]
    lines: pa.Array
    wrong_count: dict[int, int] = field(default_factory=dict)
    extra: dict[int, tuple[str, ...]] = field(default_factory=dict)
    damaged: dict[int, array[int]] = field(default_factory=dict)
    unfinished: bool = False
    broken_quotes: list[int] = field(default_factory=list)
    mixed: dict[int, Mixed] = field(default_factory=dict)
    coded: str = ""
    position: int = 0

    def __len__(self) -> int:
        return len(self.lines)

    def decoded(self) -> Body:
        """The same with its columns as text; raises UnicodeDecodeError."""
        if self.coded:
            import pyarrow as pa

            self.columns = [pa.chunked_array([decoded(chunk, self.coded) for chunk in column.chunks], pa.string()) for column in self.columns]
            self.coded = ""
        return self


class Source(Protocol):
    """A file opened for reading. ``sheets`` holds the visible sheets ('' for files without sheets)."""

    kind: str
    encoding: str
    delimiter: str
    sheets: list[str]

    def top(self, sheet: str) -> list[TopRow]:
        """The first rows that have content, at most ``TOP_ROWS``."""

    def merged_heads(self, sheet: str) -> list[tuple[int, int, int, int]]:
        """Merged areas as (first line, first column, last line, last column): lines from 1, columns from 0 as in ``top``."""

    def facts(self, sheet: str) -> SheetFacts:
        """What the sheet hides and computes; empty for files without sheets."""

    def left(self, sheet: str) -> int:
        """Blank columns before the first one of ``top``: a cell's address counts them."""

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        """The rows below ``head_line``. ``plain``: columns not worth a dictionary; ``fill``: columns in which a merged cell holds for all its rows."""


@runtime_checkable
class Blocks(Protocol):
    """A source that gives its rows block by block, so that files larger than memory can be read."""

    def bodies(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), block: int = BLOCK) -> Iterator[Body]:
        """The rows below ``head_line`` in order, in blocks of about ``block`` bytes; at least one, be it empty."""


def decoded(column: Any, encoding: str) -> Any:
    """An Arrow array of bytes as an array of strings; plain ASCII is not copied. Raises UnicodeDecodeError."""
    import pyarrow as pa
    import pyarrow.compute as pc

    distinct = column.view(pa.string())
    if pc.all(pc.string_is_ascii(distinct)).as_py() is not False:
        return distinct
    encoded = column.dictionary_encode()
    texts = [value.decode(encoding) for value in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def number_text(value: float) -> str:
    """A workbook's number as it shows there: at most 15 digits, whole numbers without a point, never in scientific form.

    >>> number_text(139.0), number_text(0.1 + 0.2), number_text(1e-05)
    ('139', '0.3', '0.00001')
    """
    if not math.isfinite(value):
        return ""
    if value.is_integer() and abs(value) < EXACT_DIGITS:
        return f"{value:.0f}"
    return f"{Decimal(format(value, '.15g')):f}"


def cell_text(value: Any) -> str:
    """Any workbook cell as text: dates as ``YYYY-MM-DD``, with the time only where there is one; blank is ''."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (time, timedelta)):
        return str(value)
    return str(value)


class Collector:
    """Gathers rows of text into chunked Arrow columns, a chunk at a time, so that no row outlives its chunk."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._chunks: list[list[Any]] = [[] for _ in range(width)]
        self._lines = array("i")
        self._rows: list[Sequence[str]] = []
        self.count = 0

    def add(self, line: int, row: Sequence[str]) -> None:
        """Takes a row that has exactly ``width`` cells."""
        self._rows.append(row)
        self._lines.append(line)
        self.count += 1
        if len(self._rows) >= CHUNK_ROWS:
            self._flush()

    def add_columns(self, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> None:
        """Takes many rows at once, column by column."""
        import pyarrow as pa

        for chunks, texts in zip(self._chunks, columns, strict=True):
            chunks.append(pa.array(texts, pa.string()))
        self._lines.extend(lines)
        self.count += len(lines)

    def _flush(self) -> None:
        import pyarrow as pa

        for chunks, cells in zip(self._chunks, zip(*self._rows, strict=True), strict=True):
            chunks.append(pa.array(cells, pa.string()))
        self._rows = []

    def finish(self) -> tuple[list[Any], Any]:
        """Columns as chunked arrays of strings, and the lines as int32."""
        import pyarrow as pa

        if self._rows:
            self._flush()
        columns = [pa.chunked_array(chunks, pa.string()) for chunks in self._chunks]
        return columns, pa.array(memoryview(self._lines), pa.int32()) if self.count else pa.array([], pa.int32())

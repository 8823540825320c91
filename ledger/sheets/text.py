"""Reading CSV: encoding and delimiter detected and shown, true line numbers, half-written files refused.

Two ways to one result, block by block, so that a file of any length takes the same memory. Where the rows of a block are plain, Arrow reads
its bytes at once; where a value holds a line end, quotes are odd or cell counts differ, Python's ``csv`` goes row by row. The bytes are
not decoded before they are cut into cells: comma, tab, semicolon, quote and line ends are never part of a character in either encoding.
Line numbers are physical: line 1 is the first of the file.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.sheets import encodings
from ledger.sheets.body import BLOCK, MOST_COLUMNS, MOST_ROWS, TOP_ROWS, Body, TopRow
from ledger.sheets.errors import EmptyFile, HalfWritten, TooLarge
from ledger.sheets.facts import SheetFacts
from ledger.sheets.plain import Plain
from ledger.sheets.records import LONGEST_LINE, Records

DELIMITERS = (",", "\t", ";")
STEP = 1 << 23
"""Bytes that are cut into cells at a time: few enough to stay near the processor."""

TOP_BYTES = 1 << 20


class TextSource:
    """A CSV file. ``encoding`` is ``utf-8``, ``utf-8-sig`` (with BOM) or ``gb18030``; ``delimiter`` is one of comma, tab, semicolon."""

    kind = "csv"

    def __init__(self, path: Path, encoding: str | None = None, delimiter: str | None = None) -> None:
        self.path = path
        self.sheets = [""]
        self.size = path.stat().st_size
        if self.size == 0:
            raise EmptyFile(file=path.name)
        self.encoding, self._start = encodings.detect(path, encoding)
        with path.open("rb") as handle:
            handle.seek(self._start)
            head = handle.read(TOP_BYTES).decode("gb18030" if self.encoding == "gb18030" else "utf-8", "ignore")
            handle.seek(-1, io.SEEK_END)
            self._ends_open = handle.read(1) not in (b"\n", b"\r")
        if not head.strip(" \t\r\n,;"):
            raise EmptyFile(file=path.name)
        self._head = head
        self.delimiter = delimiter or _delimiter(head)

    def top(self, sheet: str = "") -> list[TopRow]:
        rows: list[TopRow] = []
        csv.field_size_limit(LONGEST_LINE)
        reader = csv.reader(io.StringIO(self._head, newline=""), delimiter=self.delimiter)
        before = 0
        try:
            for cells in reader:
                if len(cells) > MOST_COLUMNS:
                    if rows:
                        break
                    raise TooLarge(file=self.path.name, what="列数", found=len(cells), limit=MOST_COLUMNS)
                if any(cell.strip() for cell in cells):
                    rows.append(TopRow(before + 1, tuple(cells)))
                before = reader.line_num
                if len(rows) >= TOP_ROWS:
                    break
        except csv.Error as error:
            raise HalfWritten(file=self.path.name, why=f"第 {before + 1} 行的引号没有配对") from error
        return rows

    def merged_heads(self, sheet: str = "") -> list[tuple[int, int, int, int]]:
        return []

    def facts(self, sheet: str = "") -> SheetFacts:
        return SheetFacts()

    def left(self, sheet: str = "") -> int:
        return 0

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        try:
            return next(self.bodies(sheet, head_line, width, plain=plain, block=self.size + 1)).decoded()
        except UnicodeDecodeError as error:
            raise encodings.undecodable(self.path) from error

    def bodies(
        self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), block: int = BLOCK, step: int = STEP, at_once: bool = True
    ) -> Iterator[Body]:
        """The rows below the head in blocks of about ``block`` bytes of the file, read ``step`` bytes at a time; at least one, be it empty.

        ``at_once`` False goes row by row throughout: slower, same rows. Raises SB2003, SB2006 and SB2008 as it goes.
        """
        position, line = self._below(head_line)
        rows = 0
        # Behind a pipe the second half of a character may hide.
        at_once = at_once and (self.encoding != "gb18030" or self.delimiter in DELIMITERS)
        while True:
            gather = _Gather(width, self.encoding == "gb18030")
            goal = position + block
            while position < min(goal, self.size):
                found = self._at_once(position, line, width, min(step, block)) if at_once else None
                if found is None:
                    position, line = self._row_by_row(gather, position, line, min(step, block))
                else:
                    gather.add(found.columns, found.lines, ends_with_row=bool(len(found.lines)) and int(found.lines[-1]) == found.line)
                    position, line = found.position, found.line
                if rows + gather.rows > MOST_ROWS:
                    raise TooLarge(file=self.path.name, what="行数", found=rows + gather.rows, limit=MOST_ROWS)
            rows += gather.rows
            body = gather.body()
            body.unfinished = position >= self.size and self._ends_open and gather.ends_with_row
            body.position = position
            yield body
            if position >= self.size:
                return

    def _below(self, head_line: int) -> tuple[int, int]:
        """Where the record that begins on ``head_line`` ends: offset, and physical lines up to there."""
        records = Records(self.path, self.encoding, self.delimiter, self._start, 0)
        position, line = self._start, 0
        for first, _ in records:
            if first > head_line:
                break
            position, line = records.position, records.line
            if line >= head_line:
                break
        return position, line

    def _at_once(self, position: int, line: int, width: int, step: int) -> Plain | None:
        with self.path.open("rb", buffering=0) as handle:
            handle.seek(position)
            found = handle.read(step)
            while found and len(found) < step and (more := handle.read(step - len(found))):
                found += more
        cut = len(found) if position + len(found) >= self.size else found.rfind(b"\n") + 1
        return Plain.read(found, cut, position, line, width, self.delimiter) if cut else None

    def _row_by_row(self, gather: _Gather, position: int, line: int, step: int) -> tuple[int, int]:
        """Takes records until ``step`` bytes are behind; gives the position and the lines up to there."""
        records = Records(self.path, self.encoding, self.delimiter, position, line)
        for first, cells in records:
            gather.record(first, cells)
            if records.position >= position + step:
                return records.position, records.line
        return self.size, records.line


class _Gather:
    """The rows of one block, by whichever way they were read. ``coded``: the cells are bytes in GB18030."""

    def __init__(self, width: int, coded: bool) -> None:
        import pyarrow as pa

        self._width, self._coded = width, coded
        self._kind = pa.binary() if coded else pa.string()
        self._chunks: list[list[Any]] = [[] for _ in range(width)]
        self._lines: list[Any] = []
        self._records: list[list[str]] = []
        self._firsts: list[int] = []
        self._body = Body([], None, coded="gb18030" if coded else "")
        self.rows = 0
        self.ends_with_row = False

    def add(self, columns: list[Any], lines: Any, *, ends_with_row: bool) -> None:
        """Whole columns as bytes, as Arrow cut them. ``ends_with_row``: the last line is a row and not blank."""
        self._flush()
        self.ends_with_row = ends_with_row
        for chunks, column in zip(self._chunks, columns, strict=True):
            chunks += [chunk if self._coded else chunk.view(self._kind) for chunk in column.chunks]
        self._lines.append(lines)
        self.rows += len(lines)

    def record(self, line: int, cells: list[str] | None) -> None:
        """One record with its first line; blank ones are dropped, one of another number of cells is noted."""
        self.ends_with_row = False
        if cells is None:
            self._body.broken_quotes.append(self.rows)
            cells = [""] * self._width
        elif not cells:
            return
        if len(cells) > self._width and not any(cell.strip() for cell in cells[self._width :]):
            cells = cells[: self._width]
        if len(cells) != self._width:
            if not any(cell.strip() for cell in cells):
                return
            self._body.wrong_count[self.rows] = len(cells)
            if len(cells) > self._width:
                self._body.extra[self.rows] = tuple(cells[self._width : MOST_COLUMNS])
            cells = (cells + [""] * self._width)[: self._width]
        self._records.append(cells)
        self._firsts.append(line)
        self.rows += 1
        self.ends_with_row = True
        if len(self._records) >= 20_000:
            self._flush()

    def _flush(self) -> None:
        import numpy as np
        import pyarrow as pa

        if self._records:
            for chunks, cells in zip(self._chunks, zip(*self._records, strict=True), strict=True):
                chunks.append(pa.array([cell.encode("gb18030") for cell in cells] if self._coded else cells, self._kind))
            self._lines.append(np.array(self._firsts, np.int32))
            self._records, self._firsts = [], []

    def body(self) -> Body:
        """The block."""
        import numpy as np
        import pyarrow as pa

        self._flush()
        self._body.columns = [pa.chunked_array(chunks, self._kind) for chunks in self._chunks]
        self._body.lines = pa.array(np.concatenate(self._lines) if self._lines else np.array([], np.int32), pa.int32())
        return self._body


def _delimiter(head: str) -> str:
    """The delimiter that splits most lines into one and the same number of cells; comma when none does."""
    csv.field_size_limit(LONGEST_LINE)
    lines = [line for line in head.splitlines()[:TOP_ROWS] if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        counts = Counter(len(cells) - 1 for cells in csv.reader(lines, delimiter=delimiter) if len(cells) > 1)
        score = max((cells * rows for cells, rows in counts.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best

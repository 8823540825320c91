"""Reading CSV: encoding and delimiter detected and shown, true line numbers, half-written files refused.

Two ways to one result. Where the rows are plain, Arrow reads the bytes at once; where a value holds a line end or
cell counts differ, Python's ``csv`` goes row by row. Line numbers are physical: line 1 is the first of the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.sheets.body import MOST_COLUMNS, MOST_ROWS, TOP_ROWS, Body, Collector, TopRow
from ledger.sheets.errors import EmptyFile, HalfWritten, NulBytes, TooLarge, UnknownEncoding, WrongEncoding
from ledger.sheets.facts import SheetFacts

DELIMITERS = (",", "\t", ";")
BLOCK = 1 << 24
TOP_BYTES = 1 << 20
ENCODINGS = {"utf8": "utf-8", "utf8sig": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "936": "gb18030"}


class TextSource:
    """A CSV file. ``encoding`` is ``utf-8``, ``utf-8-sig`` (with BOM) or ``gb18030``; ``delimiter`` is one of comma, tab, semicolon."""

    kind = "csv"

    def __init__(self, path: Path, encoding: str | None = None, delimiter: str | None = None) -> None:
        self.path = path
        self.sheets = [""]
        with path.open("rb") as handle:
            if handle.seek(0, io.SEEK_END) == 0:
                raise EmptyFile(file=path.name)
            raw = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        _refuse_nul(path, raw)
        self.encoding, self._data, start = _decoded(path, raw, encoding)
        self._start = start
        self._quotes = self._data.find(b'"', start) >= 0
        head = bytes(self._data[start : start + TOP_BYTES]).decode("utf-8", "ignore")
        if not head.strip(" \t\r\n,;"):
            raise EmptyFile(file=path.name)
        self._head = head
        self.delimiter = delimiter or _delimiter(head)

    def top(self, sheet: str = "") -> list[TopRow]:
        rows = []
        reader = csv.reader(io.StringIO(self._head, newline=""), delimiter=self.delimiter)
        before = 0
        try:
            for cells in reader:
                if len(cells) > MOST_COLUMNS:
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
        found = self._at_once(head_line, width, plain)
        return self._row_by_row(head_line, width) if found is None else found

    def _ends_open(self) -> bool:
        return self._data[len(self._data) - 1 :] not in (b"\n", b"\r")

    def _at_once(self, head_line: int, width: int, plain: frozenset[int]) -> Body | None:
        """The body by Arrow, or None where a value may hold a line end or the number of cells differs."""
        import pyarrow as pa
        from pyarrow import csv as arrow

        offset = _after_line(self._data, self._start, head_line)
        if offset is None or _has_lone_return(self._data, offset):
            return None
        names = [str(column) for column in range(width)]
        encoded = pa.dictionary(pa.int32(), pa.string())
        try:
            table = arrow.read_csv(
                pa.BufferReader(pa.py_buffer(self._data).slice(offset)),
                read_options=arrow.ReadOptions(column_names=names, block_size=BLOCK // 2),
                parse_options=arrow.ParseOptions(delimiter=self.delimiter, quote_char='"' if self._quotes else False),
                convert_options=arrow.ConvertOptions(
                    column_types={name: pa.string() if column in plain else encoded for column, name in enumerate(names)},
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None
        lines = _line_numbers(self._data, offset, head_line, table.num_rows)
        if lines is None:
            return None
        if table.num_rows > MOST_ROWS:
            raise TooLarge(file=self.path.name, what="行数", found=table.num_rows, limit=MOST_ROWS)
        columns = [column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column for column in table.columns]
        return Body(columns, lines, unfinished=self._ends_open())

    def _row_by_row(self, head_line: int, width: int) -> Body:
        collector = Collector(width)
        body = Body([], None)
        for line, cells in self._records(head_line):
            if cells is None:
                body.broken_quotes.append(collector.count)
                cells = [""] * width
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                cells = cells[:width]
            if len(cells) != width:
                if not any(cell.strip() for cell in cells):
                    continue
                body.wrong_count[collector.count] = len(cells)
                if len(cells) > width:
                    body.extra[collector.count] = tuple(cells[width:])
                cells = (cells + [""] * width)[:width]
            collector.add(line, cells)
            if collector.count > MOST_ROWS:
                raise TooLarge(file=self.path.name, what="行数", found=collector.count, limit=MOST_ROWS)
        body.columns, body.lines = collector.finish()
        body.unfinished = self._ends_open()
        return body

    def _records(self, head_line: int) -> Iterator[tuple[int, list[str] | None]]:
        """Records below the head with their first physical line; None where the quotes of one line are wrong."""
        stream = io.TextIOWrapper(io.BytesIO(self._data[self._start :]), encoding="utf-8", newline="")
        reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error) or "field larger" in str(error):
                    raise HalfWritten(file=self.path.name, why=f"第 {line} 行起的引号没有配对") from error
                if line > head_line:
                    yield line, None
                continue
            if line > head_line and cells:
                yield line, cells


def _refuse_nul(path: Path, raw: mmap.mmap) -> None:
    at = raw.find(b"\0")
    if at >= 0:
        raise NulBytes(file=path.name, line=raw[:at].count(b"\n") + 1)


def _decoded(path: Path, raw: mmap.mmap, forced: str | None) -> tuple[str, Any, int]:
    """Encoding, the content as UTF-8 bytes, and where it starts behind a byte order mark."""
    marked = raw[:3] == codecs.BOM_UTF8
    if forced is not None:
        wanted = ENCODINGS.get(forced.lower().replace("-", "").replace("_", ""))
        if wanted is None:
            raise UnknownEncoding(encoding=forced)
        if wanted == "gb18030":
            return "gb18030", _transcoded(path, raw, "gb18030"), 0
    bad = _first_bad_utf8(raw)
    if bad is None:
        return ("utf-8-sig", raw, 3) if marked else ("utf-8", raw, 0)
    if len(raw) - bad < 4 and _cut_character(raw[bad:]) and _is_chinese(raw[:bad]):
        raise HalfWritten(file=path.name, why="最后一个汉字只写了一半")
    if forced is not None or marked or _is_chinese(raw[:bad]):
        raise WrongEncoding(file=path.name, encoding="utf-8", line=raw[:bad].count(b"\n") + 1, offset=bad)
    return "gb18030", _transcoded(path, raw, "gb18030"), 0


def _first_bad_utf8(raw: mmap.mmap) -> int | None:
    import pyarrow as pa

    offsets = pa.py_buffer(memoryview(len(raw).to_bytes(8, "little").rjust(16, b"\0")))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(raw)).validate(full=True)
    except pa.ArrowInvalid:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(raw), BLOCK):
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(raw[start : start + BLOCK], final=start + BLOCK >= len(raw))
            except UnicodeDecodeError as error:
                return start - pending + error.start
    return None


def _cut_character(rest: bytes) -> bool:
    try:
        rest.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _is_chinese(before: bytes) -> bool:
    """Whether bytes that are sound UTF-8 hold Chinese: then the file is a broken UTF-8 file, not one in GB18030."""
    text = before[-TOP_BYTES:].decode("utf-8", "ignore")
    return sum("\u4e00" <= char <= "\u9fff" for char in text[:100_000]) >= 2


def _transcoded(path: Path, raw: mmap.mmap, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    parts = []
    for start in range(0, len(raw), BLOCK):
        pending = len(decoder.getstate()[0])
        block = raw[start : start + BLOCK]
        try:
            parts.append(decoder.decode(block, final=start + BLOCK >= len(raw)).encode("utf-8"))
        except UnicodeDecodeError as error:
            at = start - pending + error.start
            if error.reason == "incomplete multibyte sequence" and len(raw) - at < 4:
                raise HalfWritten(file=path.name, why="最后一个汉字只写了一半") from error
            raise WrongEncoding(file=path.name, encoding=encoding, line=raw[:at].count(b"\n") + 1, offset=at) from error
    return b"".join(parts)


def _delimiter(head: str) -> str:
    """The delimiter that splits most lines into one and the same number of cells; comma when none does."""
    lines = [line for line in head.splitlines()[:TOP_ROWS] if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        counts = Counter(len(cells) - 1 for cells in csv.reader(lines, delimiter=delimiter) if len(cells) > 1)
        score = max((cells * rows for cells, rows in counts.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _after_line(data: Any, start: int, lines: int) -> int | None:
    """Offset behind the given number of lines ending in LF; None when there are fewer or one ends in a lone CR."""
    offset = start
    for _ in range(lines):
        end = data.find(b"\n", offset)
        if end < 0 or b"\r" in data[offset : max(offset, end - 1)]:
            return None
        offset = end + 1
    return offset if offset < len(data) else None


def _has_lone_return(data: Any, offset: int) -> bool:
    import numpy as np

    if data.find(b"\r", offset) < 0:
        return False
    view = np.frombuffer(data, np.uint8, offset=offset)
    if view[-1] == 13:
        return True
    for start in range(0, len(view) - 1, BLOCK):
        block = view[start : start + BLOCK + 1]
        if np.any((block[:-1] == 13) & (block[1:] != 10)):
            return True
    return False


def _line_numbers(data: Any, offset: int, head_line: int, rows: int) -> Any:
    """Physical line of each row, int32; None when rows and lines with content do not correspond one to one."""
    import numpy as np
    import pyarrow as pa

    view = np.frombuffer(data, np.uint8, offset=offset)
    ends = sum(int(np.count_nonzero(view[start : start + BLOCK] == 10)) for start in range(0, len(view), BLOCK))
    physical = ends + (1 if view[-1] != 10 else 0)
    if physical == rows:
        return pa.array(np.arange(head_line + 1, head_line + 1 + rows, dtype=np.int32))
    newline = np.concatenate([np.flatnonzero(view[start : start + BLOCK] == 10) + start for start in range(0, len(view), BLOCK)])
    if view[-1] != 10:
        newline = np.append(newline, len(view))
    starts = np.concatenate([[0], newline[:-1] + 1])
    length = newline - starts
    blank = (length == 0) | ((length == 1) & (view[np.minimum(starts, len(view) - 1)] == 13))
    kept = np.flatnonzero(~blank)
    return pa.array((kept + head_line + 1).astype(np.int32)) if len(kept) == rows else None

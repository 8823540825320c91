"""Plain stretches of a text file (整块): one line a row, every row with all its cells, read by Arrow at once; anything else is told, and left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.sheets.records import LONGEST_LINE

INNER = 1 << 21


@dataclass(frozen=True, slots=True)
class Plain:
    """``columns``: chunked arrays of bytes. ``lines``: physical line of each row, int32. ``position``, ``line``: where the next stretch begins,
    and the lines before it."""

    columns: list[Any]
    lines: Any
    position: int
    line: int

    @classmethod
    def read(cls, data: bytes, cut: int, position: int, line: int, width: int, delimiter: str) -> Plain | None:
        """The first ``cut`` bytes of ``data``, which begin a record; None where they are not plain.

        They are plain when quotes only enclose whole cells, every line end is LF or CR LF, and rows and lines with content are equal in number.
        """
        import pyarrow as pa
        from pyarrow import csv as arrow

        quotes = data.find(b'"', 0, cut) >= 0
        returns = data.find(b"\r", 0, cut) >= 0
        if (quotes and not _enclosing(data, cut, delimiter)) or (returns and _lone_return(data, cut)) or _long_line(data, cut):
            return None
        names = [str(column) for column in range(width)]
        try:
            table = arrow.read_csv(
                pa.BufferReader(pa.py_buffer(data).slice(0, cut)),
                read_options=arrow.ReadOptions(column_names=names, block_size=INNER),
                parse_options=arrow.ParseOptions(delimiter=delimiter, quote_char='"' if quotes else False),
                convert_options=arrow.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.binary()), check_utf8=False, null_values=[], strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None
        physical = data.count(b"\n", 0, cut) + (0 if data[cut - 1 : cut] == b"\n" else 1)
        lines = _lines(data, cut, line, physical, table.num_rows)
        return None if lines is None else cls(table.columns, lines, position + cut, line + physical)


def _enclosing(data: bytes, cut: int, delimiter: str) -> bool:
    """Whether every quote opens a cell, closes one, or is doubled within one; where not, the reading is left to ``csv``."""
    import numpy as np

    view = np.frombuffer(data, np.uint8, cut)
    at = np.flatnonzero(view == ord('"'))
    if len(at) % 2:
        return False
    opening, closing = at[0::2], at[1::2]
    before = np.where(opening > 0, view[opening - 1], ord("\n"))
    after = np.where(closing + 1 < cut, view[np.minimum(closing + 1, cut - 1)], ord("\n"))
    mark = ord(delimiter)
    # A pair right behind another is one doubled quote within a cell.
    opens = (before == mark) | (before == ord("\n")) | (before == ord('"'))
    closes = (after == mark) | (after == ord("\n")) | (after == ord("\r")) | (after == ord('"'))
    return bool(opens.all() and closes.all())


def _lone_return(data: bytes, cut: int) -> bool:
    return data.count(b"\r", 0, cut) != data.count(b"\r\n", 0, cut)


def _long_line(data: bytes, cut: int) -> bool:
    """Whether a line might be longer than allowed; then it is measured by those who go line by line."""
    half = LONGEST_LINE // 2
    return any(data.find(b"\n", start, start + half) < 0 for start in range(0, cut - half, half))


def _lines(data: bytes, cut: int, before: int, physical: int, rows: int) -> Any:
    """Physical line of each row; None when rows and lines with content do not correspond one to one."""
    import numpy as np

    if physical == rows:
        return np.arange(before + 1, before + 1 + rows, dtype=np.int32)
    view = np.frombuffer(data, np.uint8, cut)
    ends = np.flatnonzero(view == ord("\n"))
    if view[-1] != ord("\n"):
        ends = np.append(ends, cut)
    starts = np.concatenate([[0], ends[:-1] + 1])
    length = ends - starts
    blank = (length == 0) | ((length == 1) & (view[np.minimum(starts, cut - 1)] == ord("\r")))
    kept = np.flatnonzero(~blank)
    return (kept + before + 1).astype(np.int32) if len(kept) == rows else None

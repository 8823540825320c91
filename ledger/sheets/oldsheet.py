"""The cells of one sheet of an old workbook, from its records, and what it hides and computes.

Source: [MS-XLS] 2.4 records LabelSst, Label, Number, RK, MulRk, BoolErr, Formula, String, Row, ColInfo, MergeCells, Note, FilterMode.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from ledger.sheets.biff import BadRecord, OldBook, records
from ledger.sheets.markup import About
from ledger.sheets.tags import Batch

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}
AT_ONCE = 20_000
_Cell = tuple[int, int, int, str, bool, bool]


class OldScan:
    """Reads a sheet's records: cells go to ``take`` in batches, the rest to ``about`` and ``notes`` (line, column from 0)."""

    def __init__(self, book: OldBook, take: Callable[[Batch], None]) -> None:
        self._book, self._take = book, take
        self.about = About()
        self.notes: list[tuple[int, int]] = []
        self._cells: list[_Cell] = []
        self._looks: dict[tuple[str, int], int] = {}
        self._hidden: list[int] = []
        self._waiting: tuple[int, int, int] | None = None
        self._filtered = False
        self._readers: dict[int, Callable[[bytes], None]] = {
            0x00FD: self._shared, 0x0204: self._label, 0x00D6: self._label, 0x0203: self._number, 0x027E: self._rk, 0x00BD: self._many, 0x0205: self._judged,
            0x0006: self._formula, 0x0207: self._string, 0x0208: self._row, 0x007D: self._columns, 0x00E5: self._merged, 0x001C: self._note,
            0x009B: self._filter, 0x0012: self._protect,
        }  # fmt: skip

    def run(self, stream: bytes, place: int) -> None:
        """All records of the sheet. Raises :class:`BadRecord`, struct.error."""
        for kind, body in records(stream, place):
            reader = self._readers.get(kind)
            if reader is not None:
                reader(body)
            if len(self._cells) >= AT_ONCE:
                self._flush()
        self._flush()

    def _add(self, row: int, column: int, look: int, kind: str, text: str, *, computed: bool = False) -> None:
        number = self._looks.setdefault((kind, look), len(self._looks))
        self._cells.append((row + 1, column, number, text, computed, bool(text)))

    def _shared(self, body: bytes) -> None:
        row, column, look, number = struct.unpack_from("<HHHI", body)
        self._add(row, column, look, "s", str(number))

    def _label(self, body: bytes) -> None:
        row, column, look = struct.unpack_from("<HHH", body)
        self._add(row, column, look, "str", self._book.text(body, 6, 2))

    def _number(self, body: bytes) -> None:
        row, column, look, value = struct.unpack_from("<HHHd", body)
        self._add(row, column, look, "n", repr(value))

    def _rk(self, body: bytes) -> None:
        row, column, look, packed = struct.unpack_from("<HHHI", body)
        self._add(row, column, look, "n", unpacked(packed))

    def _many(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        for step, (look, packed) in enumerate(struct.iter_unpack("<HI", body[4 : len(body) - 2 - (len(body) - 6) % 6])):
            self._add(row, column + step, look, "n", unpacked(packed))

    def _judged(self, body: bytes) -> None:
        row, column, look, value, wrong = struct.unpack_from("<HHHBB", body)
        self._add(row, column, look, *(("e", ERRORS.get(value, "#?")) if wrong else ("b", str(value))))

    def _formula(self, body: bytes) -> None:
        """The stored result of a formula; a text follows in a record of its own."""
        row, column, look = struct.unpack_from("<HHH", body)
        self._waiting = None
        if body[12:14] != b"\xff\xff":
            self._add(row, column, look, "n", repr(struct.unpack_from("<d", body, 6)[0]), computed=True)
        elif body[6] == 0:
            self._waiting = (row, column, look)
        elif body[6] == 1:
            self._add(row, column, look, "b", str(body[8]), computed=True)
        elif body[6] == 2:
            self._add(row, column, look, "e", ERRORS.get(body[8], "#?"), computed=True)
        else:
            self._add(row, column, look, "str", "", computed=True)

    def _string(self, body: bytes) -> None:
        if self._waiting is not None:
            self._add(*self._waiting, "str", self._book.text(body, 0, 2), computed=True)
            self._waiting = None

    def _row(self, body: bytes) -> None:
        if struct.unpack_from("<H", body, 12)[0] & 0x20:
            self._hidden.append(struct.unpack_from("<H", body)[0] + 1)

    def _columns(self, body: bytes) -> None:
        first, last = struct.unpack_from("<HH", body)
        if struct.unpack_from("<H", body, 8)[0] & 1:
            self.about.hidden.append((first, min(last, 255)))

    def _merged(self, body: bytes) -> None:
        for first, last, left, right in struct.iter_unpack("<4H", body[2 : len(body) - (len(body) - 2) % 8]):
            self.about.merged.append((first + 1, left, last + 1, right))

    def _note(self, body: bytes) -> None:
        self.notes.append(struct.unpack_from("<HH", body))

    def _filter(self, body: bytes) -> None:
        self.about.filtered = "A1:IV65536"

    def _protect(self, body: bytes) -> None:
        self.about.protected = body[:2] == b"\1\0"

    def _flush(self) -> None:
        import numpy as np
        import pyarrow as pa

        if any(column > 255 for _, column, *_ in self._cells):
            raise BadRecord("a column beyond the last")
        lines, columns, looks, texts, formulas, valued = zip(*self._cells, strict=True) if self._cells else ((),) * 6
        hidden: Any = self._hidden
        self._take(
            Batch(
                np.array(lines, np.int32), np.array(columns, np.int32), pa.array(texts, pa.string()), np.array(looks, np.int64), list(self._looks),
                np.array(formulas, bool), np.array(valued, bool), hidden, plain=True,
            )
        )  # fmt: skip
        self._cells, self._hidden = [], []


def unpacked(packed: int) -> str:
    """A number packed into 30 bits (RK): whole or binary, perhaps in hundredths.

    >>> unpacked(13900 << 2 | 3), unpacked(0x3FF00000)
    ('139', '1.0')
    """
    if packed & 2:
        whole = (packed >> 2) - (1 << 30 if packed & 0x8000_0000 else 0)
        return f"{whole // 100}" if packed & 1 and whole % 100 == 0 else repr(whole / 100) if packed & 1 else str(whole)
    (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFF_FFFC) << 32))
    return repr(value / 100 if packed & 1 else value)

"""The smallest old workbook (XLS, BIFF8 in a compound file) that holds texts and numbers: for tests only."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def write_xls(path: Path, sheets: Mapping[str, Sequence[Sequence[str | int | float]]]) -> None:
    """Writes the sheets in order; '' leaves a cell blank."""
    bodies = [_sheet(rows) for rows in sheets.values()]
    bounds = [_record(0x0085, b"\0\0\0\0\0\0" + _text(name, 1)) for name in sheets]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + _record(0x0042, struct.pack("<H", 1200))
    at = len(head) + sum(map(len, bounds)) + 4
    globals_ = head
    for bound, body in zip(bounds, bodies, strict=True):
        globals_ += bound[:4] + struct.pack("<I", at) + bound[8:]
        at += len(body)
    path.write_bytes(_compound(globals_ + _record(0x000A, b"") + b"".join(bodies)))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _text(value: str, size: int) -> bytes:
    return struct.pack("<BB" if size == 1 else "<HB", len(value), 1) + value.encode("utf-16-le")


def _sheet(rows: Sequence[Sequence[str | int | float]]) -> bytes:
    width = max(map(len, rows))
    made = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if value == "":
                continue
            place = struct.pack("<HHH", line, column, 0)
            made += _record(0x0204, place + _text(value, 2)) if isinstance(value, str) else _record(0x0203, place + struct.pack("<d", value))
    return made + _record(0x000A, b"")


def _compound(stream: bytes) -> bytes:
    """The stream under the name Workbook in a compound file of one FAT sector."""
    size = max(len(stream), 4096)
    count = -(-size // SECTOR)
    chain = [FAT, END, *range(3, count + 2), END]
    fat = struct.pack(f"<{SECTOR // 4}I", *(chain + [FREE] * (SECTOR // 4 - len(chain))))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    entries = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, size) + bytes(2 * 128)
    return head + fat + entries + stream.ljust(count * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII16xI16xIQ", spelled, len(spelled), kind, 1, FREE, FREE, child, 0, start, size)

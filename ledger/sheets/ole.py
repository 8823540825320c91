"""Bounds of old workbooks (XLS): the container and its records are walked before the reader allocates by what they claim.

Source: [MS-CFB] compound file header, FAT and directory; [MS-XLS] records DIMENSIONS, SST, FILEPASS and cells.
"""

from __future__ import annotations

import struct
from pathlib import Path

from ledger.sheets.errors import BadWorkbook, HalfWritten, TooLarge

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES = 1 << 29
MOST_COLUMNS = 256
END, FREE = 0xFFFFFFFE, 0xFFFFFFFF
FILEPASS, SST, DIMENSIONS = 0x002F, 0x00FC, 0x0200
CELLS = frozenset((0x02, 0x03, 0x04, 0x05, 0x06, 0x7E, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x206, 0x207, 0x27E, 0x406))


def bound(path: Path) -> tuple[bytes, frozenset[str]]:
    """The workbook's stream and the names of all streams. Refuses an XLS that is cut off or damaged (SB2006), protected
    (SB2007), or claims more than it can hold (SB2008)."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooLarge(file=path.name, what="字节数", found=size, limit=MOST_BYTES)
    data = path.read_bytes()
    try:
        streams = _Container(data).streams()
    except (struct.error, ValueError, IndexError) as error:
        raise HalfWritten(file=path.name, why="工作簿的内部结构残缺") from error
    if "EncryptedPackage" in streams:
        raise BadWorkbook(file=path.name, why="有密码保护")
    book = streams.get("Workbook", streams.get("Book"))
    if book is None:
        raise BadWorkbook(file=path.name, why="里面没有工作簿")
    _check_records(path, book)
    return book, frozenset(streams)


class _Container:
    """A compound file: sectors in chains, named streams in a directory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if data[:8] != MARK:
            raise ValueError("no compound file")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sector size")
        self._sector = 1 << shift
        counts = struct.unpack_from("<6I", data, 40)
        self._sectors = max(0, len(data) // self._sector)
        directories, fats, self._root, _, self._cutoff = counts[0], counts[1], counts[2], counts[3], counts[4]
        mini_start, minis, more_start, more = struct.unpack_from("<4I", data, 60)
        if max(directories, fats, minis, more) > self._sectors:
            raise ValueError("more sectors claimed than there are")
        self._fat = self._read_fat(fats, more_start, more)
        self._mini_fat = self._numbers(self._chain(mini_start)) if minis else ()

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        block = self._data[start : start + self._sector]
        if not block:
            raise ValueError("a sector beyond the end")
        return block

    def _numbers(self, block: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])

    def _read_fat(self, fats: int, more: int, blocks: int) -> tuple[int, ...]:
        places = [place for place in struct.unpack_from("<109I", self._data, 76) if place < END]
        for _ in range(blocks):
            listed = self._numbers(self._at(more))
            places += [place for place in listed[:-1] if place < END]
            more = listed[-1]
        if len(places) < fats:
            raise ValueError("the table of sectors is short")
        return tuple(number for place in places[:fats] for number in self._numbers(self._at(place)))

    def _chain(self, sector: int) -> bytes:
        parts = []
        while sector < END:
            parts.append(self._at(sector))
            if len(parts) > self._sectors:
                raise ValueError("a chain runs in a circle")
            sector = self._fat[sector]
        return b"".join(parts)

    def _mini_chain(self, sector: int, room: bytes) -> bytes:
        parts: list[bytes] = []
        while sector < END:
            parts.append(room[sector * 64 : sector * 64 + 64])
            if not parts[-1] or len(parts) > len(room):
                raise ValueError("a small chain is broken")
            sector = self._mini_fat[sector]
        return b"".join(parts)

    def streams(self) -> dict[str, bytes]:
        """Name → content of the streams; ValueError where a chain is broken or shorter than its stream claims."""
        listing = self._chain(self._root)
        if len(listing) % 128:
            raise ValueError("the directory is cut off")
        found: dict[str, bytes] = {}
        room = b""
        for at in range(0, len(listing) - 127, 128):
            length, kind = struct.unpack_from("<HB", listing, at + 64)
            start, size = struct.unpack_from("<II", listing, at + 116)
            name = listing[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")
            if kind == 5:
                room = self._chain(start) if size else b""
            elif kind == 2 and size:
                if size > len(self._data):
                    raise ValueError("a stream larger than the file")
                content = self._mini_chain(start, room) if size < self._cutoff else self._chain(start)
                if len(content) < size:
                    raise ValueError("a stream is cut off")
                found[name] = content[:size]
        return found


def _check_records(path: Path, book: bytes) -> None:
    at = 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == 0 and length == 0 and not any(book[at : at + 64]):
            break
        body = book[at + 4 : at + 4 + length]
        if len(body) < length:
            raise HalfWritten(file=path.name, why="工作簿的记录残缺")
        if kind == FILEPASS:
            raise BadWorkbook(file=path.name, why="有密码保护")
        if kind == SST and length >= 8 and max(struct.unpack_from("<II", body)) > len(book):
            raise HalfWritten(file=path.name, why="工作簿的文字表残缺")
        if kind == DIMENSIONS:
            _check_dimensions(path, body)
        if kind in CELLS and length >= 4 and (column := struct.unpack_from("<H", body, 2)[0]) >= MOST_COLUMNS:
            raise TooLarge(file=path.name, what="列号", found=column + 1, limit=MOST_COLUMNS)
        at += 4 + length


def _check_dimensions(path: Path, body: bytes) -> None:
    form = "<IIHH" if len(body) >= 14 else "<HHHH"
    if len(body) < struct.calcsize(form):
        raise HalfWritten(file=path.name, why="工作簿的记录残缺")
    first_row, past_row, first_column, past_column = struct.unpack_from(form, body)
    if past_row > 65_536 or past_column > MOST_COLUMNS or first_row > past_row or first_column > past_column:
        raise TooLarge(file=path.name, what="行列数", found=f"{past_row} 行 {past_column} 列", limit="65536 行 256 列")

"""The records of an old workbook (XLS): strings, formats and sheets, cells as batches; ``ledger.sheets.ole`` has proved the container.

Source: [MS-XLS] 2.1.7 substreams, 2.4 records, 2.5 structures; the older BIFF5 differs only in its strings (a code page).
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.sheets.facts import MOST_NAMED
from ledger.sheets.styles import shown

BOF, EOF, CONTINUE, CODEPAGE, DATEMODE, BOUNDSHEET, FORMAT, XF, SST = 0x0809, 0x000A, 0x003C, 0x0042, 0x0022, 0x0085, 0x041E, 0x00E0, 0x00FC
SUPBOOK, OBPROJ, PROTECT, WINDOW_PROTECT = 0x01AE, 0x00D3, 0x0012, 0x0019
BIFF8 = 0x0600
STATES = ("visible", "hidden", "veryHidden")


class BadRecord(Exception):
    """A record that cannot be what it says it is."""


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, from its BOF to its EOF; those of substreams within it (charts) are left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4 + length
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at - length : at]


@dataclass(frozen=True, slots=True)
class OldSheet:
    """A sheet as the workbook lists it; ``place``: where its records begin."""

    name: str
    state: str
    place: int


@dataclass(slots=True)
class OldBook:
    """What holds for the whole workbook. ``dates``: XF → ``date`` or ``duration``; ``encoding`` of strings of 8 bits, '' in BIFF8."""

    encoding: str = ""
    since_1904: bool = False
    shared: list[str] = field(default_factory=list)
    dates: dict[int, str] = field(default_factory=dict)
    sheets: list[OldSheet] = field(default_factory=list)
    macros: bool = False
    links: list[str] = field(default_factory=list)
    protected: bool = False

    def text(self, body: bytes, at: int, size: int) -> str:
        """A string whose length has ``size`` bytes at ``at``."""
        count = int.from_bytes(body[at : at + size], "little")
        at += size
        if self.encoding:
            return body[at : at + count].decode(self.encoding, "replace")
        wide = body[at : at + 1] == b"\1" or (len(body) > at and bool(body[at] & 1))
        return body[at + 1 : at + 1 + count * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def read_book(stream: bytes, streams: frozenset[str]) -> OldBook:
    """The first substream. Raises :class:`BadRecord`, struct.error."""
    found = OldBook(macros=any(name.upper() in ("_VBA_PROJECT", "VBA") for name in streams))
    formats: dict[int, str] = {}
    looks: list[int] = []
    strings: list[bytes] = []
    last = 0
    for kind, body in records(stream, 0):
        last = kind if kind != CONTINUE else last
        match kind:
            case 0x0809 if struct.unpack_from("<H", body)[0] < BIFF8:
                found.encoding = "gb18030"
            case 0x0042 if found.encoding:
                found.encoding = _code_page(struct.unpack_from("<H", body)[0])
            case 0x0022:
                found.since_1904 = struct.unpack_from("<H", body)[0] == 1
            case 0x0085:
                if body[5] == 0:
                    found.sheets.append(OldSheet(found.text(body, 6, 1), STATES[min(body[4] & 3, 2)], struct.unpack_from("<I", body)[0]))
                found.macros = found.macros or body[5] == 1
            case 0x041E:
                formats[struct.unpack_from("<H", body)[0]] = found.text(body, 2, 1 if found.encoding else 2)
            case 0x00E0:
                looks.append(struct.unpack_from("<H", body, 2)[0])
            case 0x00FC:
                strings = [body]
            case 0x003C if last == SST and strings:
                strings.append(body)
            case 0x01AE if len(body) > 4 and len(found.links) < MOST_NAMED:
                found.links.append(_path(found.text(body, 2, 2)))
            case 0x00D3:
                found.macros = True
            case 0x0012 | 0x0019:
                found.protected = found.protected or body[:2] == b"\1\0"
    found.dates = {place: what for place, number in enumerate(looks) if (what := shown(number, formats.get(number, "")))}
    found.shared = list(_Strings(strings).all()) if strings else []
    return found


def _path(encoded: str) -> str:
    """A linked file's path as people write it: the control letters of [MS-XLS] 2.5.277 stand for drives and folders."""
    return encoded.lstrip("\1").replace("\1", "").replace("\2", "/").replace("\3", "/").replace("\4", "../").replace("\5", "")[:200]


def _code_page(number: int) -> str:
    """Python's name of a Windows code page; Chinese where it says nothing that is known."""
    name = "gb18030" if number in (936, 54936) else f"cp{number}"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"


class _Strings:
    """The table of shared strings, spread over a record and its continuations: each of these may change the width of letters."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts
        self._part, self._at = 0, 8

    def all(self) -> Iterator[str]:
        """The strings in order."""
        (count,) = struct.unpack_from("<I", self._parts[0], 4)
        for _ in range(count):
            yield self._string()

    def _take(self, count: int) -> bytes:
        """Bytes that may run over the end of a part."""
        pieces = []
        while count:
            part = self._parts[self._part] if self._part < len(self._parts) else None
            if part is None:
                raise BadRecord("the table of strings is cut off")
            piece = part[self._at : self._at + count]
            if not piece:
                self._part, self._at = self._part + 1, 0
                continue
            pieces.append(piece)
            self._at += len(piece)
            count -= len(piece)
        return b"".join(pieces)

    def _string(self) -> str:
        count, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        more = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        if more > sum(map(len, self._parts)):
            raise BadRecord("a string with endless extras")
        pieces: list[str] = []
        wide = flags & 1
        while count:
            room = len(self._parts[self._part]) - self._at
            if room <= 0:
                self._part, self._at = self._part + 1, 0
                wide = self._take(1)[0] & 1
                continue
            letters = min(count, room >> 1 if wide else room)
            if not letters:
                raise BadRecord("half a letter")
            pieces.append(self._take(letters * (1 + wide)).decode("utf-16-le" if wide else "latin-1", "replace"))
            count -= letters
        self._take(4 * runs + more)
        return "".join(pieces)

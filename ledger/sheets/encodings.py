"""Which encoding a text file is in (编码): told in one pass over its bytes, which are never all in memory.

UTF-8 with or without BOM is proved from end to end; GB18030 is proved as far as :data:`PROVED`, and beyond that as the cells are read.
"""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import Any

from ledger.errors import Refusal
from ledger.sheets.errors import HalfWritten, NulBytes, UnknownEncoding, WrongEncoding

BLOCK = 1 << 24
PROVED = 1 << 24
LOOKED_AT = 1 << 20
ENCODINGS = {"utf8": "utf-8", "utf8sig": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "936": "gb18030"}


def detect(path: Path, forced: str | None) -> tuple[str, int]:
    """The encoding (``utf-8``, ``utf-8-sig``, ``gb18030``) and where the text starts. Raises SB2003 to SB2006."""
    wanted = None if forced is None else ENCODINGS.get(forced.lower().replace("-", "").replace("_", ""))
    if forced is not None and wanted is None:
        raise UnknownEncoding(encoding=forced)
    with path.open("rb", buffering=0) as handle:
        bad = _first_bad(path, handle, utf8=wanted != "gb18030")
        if wanted == "gb18030":
            prove_gb18030(path, PROVED)
            return "gb18030", 0
        marked = _piece(handle, 0, 3) == codecs.BOM_UTF8
        if bad is None:
            return ("utf-8-sig", 3) if marked else ("utf-8", 0)
        before, size = _piece(handle, max(0, bad - LOOKED_AT), min(bad, LOOKED_AT)), handle.seek(0, io.SEEK_END)
        if size - bad < 4 and _cut_character(_piece(handle, bad, 4)) and _is_chinese(before):
            raise HalfWritten(file=path.name, why="最后一个汉字只写了一半")
        if wanted is not None or marked or _is_chinese(before):
            raise WrongEncoding(file=path.name, encoding="utf-8", line=_line(handle, bad), offset=bad)
    prove_gb18030(path, PROVED)
    return "gb18030", 0


def prove_gb18030(path: Path, most: int | None = None) -> None:
    """Raises SB2003 at the first bytes that are no GB18030, SB2006 where the file ends within a character. ``most``: so many bytes only."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    with path.open("rb", buffering=0) as handle:
        size, start = handle.seek(0, io.SEEK_END), 0
        while start < size and (most is None or start < most):
            pending = len(decoder.getstate()[0])
            block = _piece(handle, start, BLOCK)
            try:
                decoder.decode(block, final=start + len(block) >= size)
            except UnicodeDecodeError as error:
                at = start - pending + error.start
                if error.reason == "incomplete multibyte sequence" and size - at < 4:
                    raise HalfWritten(file=path.name, why="最后一个汉字只写了一半") from error
                raise WrongEncoding(file=path.name, encoding="gb18030", line=_line(handle, at), offset=at) from error
            start += len(block)


def undecodable(path: Path) -> Refusal:
    """Why cells of a file in GB18030 could not be decoded: SB2003 or SB2006, with the place."""
    try:
        prove_gb18030(path)
    except (HalfWritten, WrongEncoding) as refusal:
        return refusal
    return WrongEncoding(file=path.name, encoding="gb18030", line=1, offset=0)


def _first_bad(path: Path, handle: Any, *, utf8: bool) -> int | None:
    """Offset of the first byte that is no UTF-8; zero bytes anywhere are refused (SB2005)."""
    bad: int | None = None
    start, tail = 0, b""
    while block := _piece(handle, start, BLOCK):
        if (nul := block.find(b"\0")) >= 0:
            raise NulBytes(file=path.name, line=_line(handle, start + nul))
        if utf8 and bad is None:
            tail, bad = _bad_within(tail + block, start - len(tail), last=len(block) < BLOCK)
        start += len(block)
    return bad


def _bad_within(block: bytes, start: int, *, last: bool) -> tuple[bytes, int | None]:
    """What must wait for the next block because a character is cut in two, and the offset of the first bad byte."""
    import pyarrow as pa

    cut = len(block) if last else len(block) - _unfinished(block)
    offsets = pa.py_buffer((0).to_bytes(8, "little") + cut.to_bytes(8, "little"))
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(block)).validate(full=True)
    except pa.ArrowInvalid:
        try:
            block[:cut].decode("utf-8")
        except UnicodeDecodeError as error:
            return b"", start + error.start
    return block[cut:], None


def _unfinished(block: bytes) -> int:
    """Bytes at the end that begin a character without ending it."""
    for back in range(1, min(4, len(block) + 1)):
        byte = block[-back]
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if needed > back else 0
    return 0


def _piece(handle: Any, start: int, length: int) -> bytes:
    handle.seek(start)
    parts, left = [], length
    while left and (part := handle.read(left)):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _line(handle: Any, offset: int) -> int:
    line, start = 1, 0
    while start < offset:
        block = _piece(handle, start, min(BLOCK, offset - start))
        if not block:
            break
        line += block.count(b"\n")
        start += len(block)
    return line


def _cut_character(rest: bytes) -> bool:
    try:
        rest.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _is_chinese(before: bytes) -> bool:
    """Whether bytes that are sound UTF-8 hold Chinese: then the file is a broken UTF-8 file, not one in GB18030."""
    text = before.decode("utf-8", "ignore")
    return sum("\u4e00" <= char <= "\u9fff" for char in text[:100_000]) >= 2

"""A large part of a package cut into runs of whole items (rows, shared strings), with what stands before and after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

BLOCK = 1 << 21
MOST_HEAD = 1 << 23
MOST_TAIL = 1 << 26
LONGEST_ITEM = 1 << 25
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")


class Odd(Exception):
    """The part is not written in the usual way: only the parser can read it."""


class ItemTooLong(Exception):
    """One row or one string is longer than any can be."""


class Stretches:
    """``container`` and ``item``: names of the elements, ``sheetData`` and ``row`` or ``sst`` and ``si``.

    ``blocks`` gives the runs; afterwards ``around`` is the part without them, and ``prefix`` the length of the names'
    prefix with its colon. Raises :class:`Odd` where there is anything but UTF-8 without comments and document types.
    """

    def __init__(self, stream: IO[bytes], container: str, item: str) -> None:
        self._stream = stream
        self._item = item.encode()
        self._opening = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)" + container.encode() + rb"(?:\s[^<>]*?)?(/?)>")
        self._container = container.encode()
        self.around = b""
        self.prefix = 0

    def blocks(self) -> Iterator[bytes]:
        """Runs of whole items, none longer than ``LONGEST_ITEM`` and a block."""
        head = b""
        while (opening := self._opening.search(head)) is None:
            more = self._stream.read(BLOCK)
            head += more
            if not more or len(head) > MOST_HEAD:
                raise Odd("no such container")
        self._check_head(head[: opening.end()])
        prefix = opening.group(1)
        self.prefix = len(prefix)
        begin, rest = head[: opening.end()], head[opening.end() :]
        if opening.group(2):
            self.around = begin + self._tail(rest)
            return
        end, start = b"</" + prefix + self._container + b">", b"<" + prefix + self._item
        looked = 0
        while (last := rest.find(end, looked)) < 0:
            more = self._stream.read(BLOCK)
            if not more:
                raise Odd("the container does not end")
            cut = _last_item(rest, start)
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            looked = max(0, len(rest) - len(end))
            rest += more
            if len(rest) > LONGEST_ITEM:
                raise ItemTooLong
        if last:
            yield rest[:last]
        self.around = begin + self._tail(rest[last:])

    def _check_head(self, head: bytes) -> None:
        encoding = _ENCODING.search(head)
        if b"\0" in head or b"<!" in head or (encoding is not None and encoding.group(1).lower() not in (b"utf-8", b"utf8")):
            raise Odd("another encoding, a comment or a document type")

    def _tail(self, begun: bytes) -> bytes:
        pieces, size = [begun], len(begun)
        while more := self._stream.read(BLOCK):
            pieces.append(more)
            size += len(more)
            if size > MOST_TAIL:
                raise ItemTooLong
        return b"".join(pieces)


def _last_item(block: bytes, start: bytes) -> int:
    """Where the last item of a block begins; -1 when none does."""
    at = block.rfind(start)
    while at >= 0 and block[at + len(start) : at + len(start) + 1] not in (b" ", b">", b"/"):
        at = block.rfind(start, 0, at)
    return at

"""How much memory a run may use, and where what does not fit lies meanwhile (内存上限与临时目录)."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from controls.checks.errors import NoRoomToSpill, NotAnAmountOfMemory, OutOfRoom

LEAST = 512
"""MB below which nothing is checked."""
RESERVE = 340
"""MB that the process needs beside its engine: the program with what it loads 235 (measured), the rest a stretch of rows with its findings, findings before
they are written off, and names. None of it grows with the rows; docs/performance.md has the figures."""
UNRECKONED = 10
"""The engine takes more than the memory it reckons with, the more the more it writes out: by measurement less than this part of the limit."""

_AMOUNT = re.compile(r"([1-9][0-9]{0,8})\s*(MB|GB|M|G)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Room:
    """``memory``: limit of the whole process in MB, None for the engine's own (four fifths of the machine's); ``temp``: where what does not fit is kept."""

    memory: int | None = None
    temp: Path | None = None

    @classmethod
    def parse(cls, memory: str | None, temp: Path | None) -> Room:
        """The room told as ``800MB`` or ``4GB`` and an existing folder. Raises SB3390, SB3391."""
        if temp is not None and not (temp.is_dir() and os.access(temp, os.W_OK | os.X_OK)):
            raise NoRoomToSpill(folder=temp, why="不能写入" if temp.is_dir() else "没有这个目录")
        return cls(None if memory is None else megabytes(memory), temp)

    @property
    def engine(self) -> int | None:
        """MB that the embedded engine may use: the limit without what the process needs beside it."""
        if self.memory is None:
            return None
        limit = max(self.memory, LEAST)
        return limit - RESERVE - limit // UNRECKONED

    def folder(self) -> Path:
        """A new folder of the run's own, readable by its owner alone: it may hold full numbers. Whoever asked removes it."""
        return Path(tempfile.mkdtemp(prefix="shebao-", dir=self.temp))

    def exceeded(self) -> OutOfRoom:
        """The refusal of a run that needed more."""
        folder = self.temp or Path(tempfile.gettempdir())
        free = f"{shutil.disk_usage(folder).free // 1_000_000}MB"
        return OutOfRoom(memory="不限" if self.memory is None else f"{self.memory}MB", folder=folder, free=free)


class Aside:
    """A file without a name in the folder of a room, for what is put aside for a while: it is gone with this object, however the program ends."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._handle: IO[bytes] = tempfile.TemporaryFile(dir=room.temp, prefix="shebao-", buffering=0)  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._handle.close)
        self.end = 0

    def append(self, told: bytes | bytearray) -> int:
        """Where it lies now. Raises SB3392 when the folder is full."""
        start, left = self.end, memoryview(told)
        try:
            self._handle.seek(start)
            while left:
                done = self._handle.write(left)
                left, self.end = left[done:], self.end + done
        except OSError as wrong:
            if full(wrong):
                raise self._room.exceeded() from wrong
            raise
        return start

    def read(self, start: int, length: int) -> bytes:
        """What was put there."""
        self._handle.seek(start)
        return self._handle.read(length)


def machine() -> int | None:
    """Four fifths of this machine's memory in MB, which an engine without a limit uses; None where it cannot be told."""
    if not hasattr(os, "sysconf"):
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 4 // 5_000_000


def full(wrong: OSError) -> bool:
    """Whether writing failed because the disk, or the owner's share of it, is full."""
    return wrong.errno in (errno.ENOSPC, errno.EDQUOT)


def megabytes(text: str) -> int:
    """``4GB`` as 4000. Raises SB3390."""
    found = _AMOUNT.fullmatch(text.strip())
    amount = int(found[1]) * (1000 if found[2][0] in "gG" else 1) if found else 0
    if amount < LEAST:
        raise NotAnAmountOfMemory(given=text, least=LEAST)
    return amount

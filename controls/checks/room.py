"""How much memory a run may use, and where what does not fit lies meanwhile (内存上限与临时目录)."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from controls.checks.errors import NoRoomToSpill, NotAnAmountOfMemory, OutOfRoom

LEAST = 256
"""MB below which nothing is checked."""

_AMOUNT = re.compile(r"([1-9][0-9]{0,8})\s*(MB|GB|M|G)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Room:
    """``memory``: limit in MB, None for the engine's own (four fifths of the machine's); ``temp``: the folder in which what does not fit is kept."""

    memory: int | None = None
    temp: Path | None = None

    @classmethod
    def parse(cls, memory: str | None, temp: Path | None) -> Room:
        """The room told as ``800MB`` or ``4GB`` and an existing folder. Raises SB3390, SB3391."""
        if temp is not None and not (temp.is_dir() and os.access(temp, os.W_OK | os.X_OK)):
            raise NoRoomToSpill(folder=temp, why="不能写入" if temp.is_dir() else "没有这个目录")
        return cls(None if memory is None else megabytes(memory), temp)

    def folder(self) -> Path:
        """A new folder of the run's own, readable by its owner alone: it may hold full numbers. Whoever asked removes it."""
        return Path(tempfile.mkdtemp(prefix="shebao-", dir=self.temp))

    def exceeded(self) -> OutOfRoom:
        """The refusal of a run that needed more."""
        folder = self.temp or Path(tempfile.gettempdir())
        free = f"{shutil.disk_usage(folder).free // 1_000_000}MB"
        return OutOfRoom(memory="不限" if self.memory is None else f"{self.memory}MB", folder=folder, free=free)


def megabytes(text: str) -> int:
    """``4GB`` as 4000. Raises SB3390."""
    found = _AMOUNT.fullmatch(text.strip())
    amount = int(found[1]) * (1000 if found[2][0] in "gG" else 1) if found else 0
    if amount < LEAST:
        raise NotAnAmountOfMemory(given=text, least=LEAST)
    return amount

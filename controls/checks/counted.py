"""Each payment counted once though rules overlap (去重合计): where the money of every finding lies, and the sum of the greatest fen at each place.

Few places stand in memory; many lie in a file without a name, in parts by a hash of the place, of which one at a time is summed.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.checks.room import Aside, Room
from ledger.money import Fen

Rows: TypeAlias = "np.ndarray[Any, Any]"

FEW = 400_000
"""So many places (some 13 MB) stand in memory before any is written off."""
_PARTS = 64
_PLACE = np.dtype([("where", np.int32), ("line", np.int64), ("time", np.int32), ("fen", np.int64)])


class Counted:
    """Takes the rows that rules yield, a table at a time. ``few``: how many places stand in memory."""

    def __init__(self, room: Room | None = None, *, few: int = FEW) -> None:
        self._room, self._few = room or Room(), few
        self._held: list[Rows] = []
        self._count = 0
        self._where: dict[tuple[bool, int, str], int] = {}
        self._aside: Aside | None = None
        self._parts: list[list[tuple[int, int]]] = [[] for _ in range(_PARTS)]

    def add(self, table: pa.Table, *, yearly: bool) -> None:
        """Takes rows with ``part``, ``file``, ``line``, ``fen`` and ``period`` or ``year``; those of yearly rules lie in a table of their own.

        Raises SB3392 when the folder is full.
        """
        if not table.num_rows:
            return
        made = np.empty(table.num_rows, _PLACE)
        made["where"], made["line"], made["time"], made["fen"] = self._wheres(table, yearly), _numbers(table, "line"), _times(table), _numbers(table, "fen")
        self._held.append(made)
        self._count += len(made)
        if self._count > self._few:
            self._put_away()

    def total(self) -> Fen:
        """Fen in question, each place once."""
        if self._aside is None:
            return _sum(self._held)
        self._put_away()
        return sum(_sum([np.frombuffer(self._aside.read(*lies), _PLACE) for lies in part]) for part in self._parts)

    def _wheres(self, table: pa.Table, yearly: bool) -> Rows:
        """A number for each table and file."""
        files = _column(table, "file", "", pa.string()).dictionary_encode()
        names, parts = files.dictionary.to_pylist(), _numbers(table, "part")
        both, which = np.unique(parts * max(len(names), 1) + files.indices.to_numpy(), return_inverse=True)
        slots = [self._where.setdefault((yearly, one // len(names), names[one % len(names)]), len(self._where)) for one in both.tolist()]
        return np.array(slots, np.int32)[which]

    def _put_away(self) -> None:
        rows = np.concatenate(self._held or [np.empty(0, _PLACE)])
        self._held, self._count = [], 0
        self._aside = self._aside or Aside(self._room)
        belongs = (rows["line"] * 31 + rows["time"] * 7 + rows["where"]) % _PARTS
        for nth, part in enumerate(self._parts):
            mine = rows[belongs == nth].tobytes()
            part.append((self._aside.append(mine), len(mine)))


def _column(table: pa.Table, name: str, blank: Any, kind: pa.DataType) -> pa.Array:
    if name not in table.column_names:
        return pa.repeat(pa.scalar(blank, kind), table.num_rows)
    return pc.fill_null(pc.cast(table.column(name), kind).combine_chunks(), blank)


def _numbers(table: pa.Table, name: str, blank: int = 0) -> Rows:
    return np.asarray(_column(table, name, blank, pa.int64()))


def _times(table: pa.Table) -> Rows:
    """The period, or the year as ``yyyy00``."""
    years = _numbers(table, "year")
    return np.where(years > 0, years * 100, _numbers(table, "period"))


def _sum(held: list[Rows]) -> Fen:
    """The greatest fen of each place, added up."""
    if not held:
        return 0
    rows = np.concatenate(held)
    # Whose mark comes once stands alone; only the others are compared place by place.
    mark = (rows["where"].astype(np.uint64) << np.uint64(56)) ^ (rows["line"].astype(np.uint64) << np.uint64(24)) ^ rows["time"].astype(np.uint64)
    order = np.argsort(mark, kind="stable")
    again = mark[order][1:] == mark[order][:-1]
    several = np.zeros(len(rows), bool)
    several[1:] |= again
    several[:-1] |= again
    alone, rows = rows["fen"][order[~several]].sum(), rows[order[several]]
    rows = rows[np.lexsort((-rows["fen"], rows["time"], rows["line"], rows["where"]))]
    first = np.zeros(len(rows), bool)
    first[:1] = True
    for name in ("where", "line", "time"):
        first[1:] |= rows[name][1:] != rows[name][:-1]
    return int(alone) + int(rows["fen"][first].sum())

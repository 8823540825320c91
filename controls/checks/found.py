"""What a run found (查出的疑点), in order of id: few findings stand in memory, many lie in a file without a name and are read one at a time.

The file is in the folder of the run's room, has no name in it, and is gone with the last who reads it, however the program ends.
Of each finding that lies there twenty-three bytes stay in memory: where it lies, its rule, how sharp it is and its money.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

import numpy as np

from controls.checks.room import Aside, Room
from controls.findings import Evidence, Finding, Row, Severity, in_order

FEW = 10_000
"""So many findings (some 25 MB) stand in memory before any is written off."""

_LEVELS = tuple(sorted(Severity, key=lambda level: level.rank))
_ID = 20
_SHARES = ("base", "account", "other", "recoverable", "unsplit", "recovered", "open", "known_before", "known_after")


class Gathering:
    """Takes the findings of a run as they come. ``few``: how many stand in memory; None for all."""

    def __init__(self, room: Room | None = None, *, few: int | None = FEW) -> None:
        self._room, self._few = room or Room(), few
        self._held: list[Finding] = []
        self._file: _File | None = None

    def add(self, findings: Iterable[Finding]) -> None:
        """Takes more. Raises SB3392 when the folder is full."""
        self._held += findings
        if self._few is not None and len(self._held) > self._few:
            self._file = self._file or _File(self._room)
            self._file.add(self._held)
            self._held = []

    def done(self) -> Sequence[Finding]:
        """All of them in order of id: a tuple, or a :class:`Found` where they were too many."""
        if self._file is None:
            return tuple(in_order(self._held))
        self._file.add(self._held)
        self._held = []
        return Found(self._file)


class _File:
    """The findings written off, and what is known of each without reading it."""

    def __init__(self, room: Room) -> None:
        self._lies = Aside(room)
        self._slots: dict[str, int] = {}
        self.ids, self.starts, self.lengths = bytearray(), array("Q"), array("I")
        self.rules, self.ranks, self.amounts = array("H"), array("B"), array("q")

    def add(self, findings: Iterable[Finding]) -> None:
        written, start = bytearray(), self._lies.end
        for one in findings:
            told = pickle.dumps(_plain(one), protocol=5)
            self.ids += one.finding_id.encode("ascii")
            self.starts.append(start + len(written))
            self.lengths.append(len(told))
            self.rules.append(self._slots.setdefault(one.rule, len(self._slots)))
            self.ranks.append(one.severity.rank)
            self.amounts.append(int(one.amount))
            written += told
        self._lies.append(written)

    def slot(self, rule: str) -> int | None:
        return self._slots.get(rule)

    def read(self, start: int, length: int) -> Finding:
        # Only this process wrote there, and nobody else can: the file has no name.
        return _made(pickle.loads(self._lies.read(start, length)))


class Found(Sequence[Finding]):
    """Findings in order of id that lie in a file; equal to any sequence of equal findings."""

    def __init__(self, file: _File) -> None:
        self._file = file
        order = np.argsort(np.frombuffer(file.ids, dtype=f"S{_ID}"), kind="stable")
        self._starts, self._lengths, self._rules, self._ranks, self._amounts = (
            np.asarray(column)[order] for column in (file.starts, file.lengths, file.rules, file.ranks, file.amounts)
        )
        file.ids, file.starts, file.lengths, file.rules, file.ranks, file.amounts = (
            bytearray(), array("Q"), array("I"), array("H"), array("B"), array("q")
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Finding]: ...
    def __getitem__(self, place: int | slice) -> Finding | Sequence[Finding]:
        if isinstance(place, slice):
            return tuple(self._at(one) for one in range(*place.indices(len(self))))
        nth = place + len(self) if place < 0 else place
        if not 0 <= nth < len(self):
            raise IndexError("no such finding")
        return self._at(nth)

    def __iter__(self) -> Iterator[Finding]:
        return (self._at(nth) for nth in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} findings>"

    def heaviest(self, rule: str) -> Iterator[Finding]:
        """Those of one rule, the sharpest first, then the largest, then by id."""
        slot = self._file.slot(rule)
        mine = np.flatnonzero(self._rules == (len(self) if slot is None else slot))
        return (self._at(nth) for nth in mine[np.lexsort((-self._amounts[mine], self._ranks[mine]))])

    def _at(self, nth: int) -> Finding:
        return self._file.read(int(self._starts[nth]), int(self._lengths[nth]))


def heaviest(findings: Sequence[Finding], rule: str) -> Iterator[Finding]:
    """The findings of one rule, the sharpest first, then the largest, then by id; read one at a time where they lie in a file."""
    if isinstance(findings, Found):
        return findings.heaviest(rule)
    mine = (one for one in findings if one.rule == rule)
    return iter(sorted(mine, key=lambda one: (one.severity.rank, -one.amount, one.finding_id)))


def _plain(one: Finding) -> tuple[Any, ...]:
    """A finding as values that are quickly written."""
    told = one.evidence
    rows = tuple((row.file, row.line) for row in told.rows)
    shares = tuple(getattr(told, name) for name in _SHARES)
    return (
        one.rule, one.severity.rank, one.id_number, one.name, one.fund, one.region, one.periods, one.amount, one.counterpart, one.confidence, one.reason,
        one.other, one.fact, rows, told.row_count, shares, told.steps, told.persons,
    )  # fmt: skip


def _made(told: tuple[Any, ...]) -> Finding:
    rule, rank, number, name, fund, region, periods, amount, counterpart, confidence, reason, other, fact, rows, count, shares, steps, persons = told
    fen = dict(zip(_SHARES, shares, strict=True))
    evidence = Evidence(rows=tuple(Row(file, line) for file, line in rows), row_count=count, steps=steps, persons=persons, **fen)
    return Finding(rule, _LEVELS[rank], number, name, fund, region, periods, amount, counterpart, confidence, reason, evidence, other, fact)

"""Snapshots in the register (快照): the files taken in, which of them are in use, and how a check cites them.

A full list (全量) replaces the earlier lists of its source whose funds and regions it shares, by as-of date and not by the day it
came; increments (增量) stand beside one another, and so do lists of different sources. Nothing replaced is lost: it is used no more.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from controls.errors import NoSuchFile, SnapshotChanged
from controls.intake import coverage, lists
from controls.intake.coverage import Coverage
from controls.tables import source_coverage, source_file, source_use
from ledger.funds import Fund
from ledger.months import Month

FOLDER = "snapshots"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file taken in: ``control_fen`` is the sum of its amounts, ``fund`` and ``period`` are '' and None when it holds several.

    ``stated`` is 1 where somebody said the as-of date, 0 where the day of import stands for it. ``kind`` is ``full`` or
    ``increment``; ``coverage`` is the head of its coverage as JSON (:meth:`controls.intake.coverage.Coverage.head`).
    """

    file_id: int
    contract: str
    name: str
    sha256: str
    parquet_sha256: str
    source: str
    as_of: str
    stated: int
    kind: str
    fund: str
    period: Month | None
    rows: int
    rejected: int
    control_fen: int
    coverage: str
    taken_at: str
    taken_by: str

    def path(self, home: Path) -> Path:
        """The Parquet snapshot; raises SB3022 when it is missing or not what was taken in."""
        found = place(home, self.contract, self.sha256)
        if not found.exists():
            raise SnapshotChanged(file_id=self.file_id, path=found.name, why="不存在")
        with found.open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() != self.parquet_sha256:
                raise SnapshotChanged(file_id=self.file_id, path=found.name, why="与导入时不同")
        return found

    def table(self, home: Path) -> pa.Table:
        """The canonical table, proved; raises SB3022."""
        from pyarrow import parquet

        return parquet.read_table(self.path(home))

    @property
    def scope(self) -> tuple[frozenset[str], frozenset[str]]:
        """Funds and regions that hold a good part of the rows."""
        told = json.loads(self.coverage)
        return frozenset(told["funds"]), frozenset(told["regions"])

    @property
    def order(self) -> tuple[str, int]:
        """What makes one list newer than another: the day it stands for, then its number."""
        return self.as_of, self.file_id


@dataclass(frozen=True, slots=True)
class Citation:
    """How a check names a snapshot: what it was, whose, for which day (``stated`` 0: the day it came), its digests, and to which day it can be trusted."""

    file_id: int
    contract: str
    name: str
    source: str
    as_of: str
    stated: int
    until: str
    sha256: str
    parquet_sha256: str

    def facts(self) -> dict[str, Any]:
        """The citation as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Use:
    """When a file came into use, by whom, which files it was compared with or replaced, and the counts shown ('' for a first list)."""

    file_id: int
    used_at: str
    used_by: str
    against: tuple[int, ...]
    differences: str


def place(home: Path, contract: str, sha256: str) -> Path:
    """Where the snapshot of a file with this content lies."""
    return home / FOLDER / contract / f"{sha256[:12]}.parquet"


def files(connection: sa.Connection, contract: str = "", *, fund: str | None = None) -> list[SourceFile]:
    """Files taken in, oldest first; of one contract, and of one fund (those that hold several funds are left out)."""
    query = sa.select(source_file).order_by(source_file.c.file_id)
    if contract:
        query = query.where(source_file.c.contract == contract)
    if fund is not None:
        query = query.where(source_file.c.fund == str(fund))
    return [_file(row) for row in connection.execute(query)]


def every(connection: sa.Connection) -> list[SourceFile]:
    """All files taken in, oldest first."""
    return files(connection)


def file(connection: sa.Connection, file_id: int) -> SourceFile:
    """One file by number; raises SB3023."""
    row = connection.execute(sa.select(source_file).where(source_file.c.file_id == file_id)).first()
    if row is None:
        raise NoSuchFile(wanted=f"编号 {file_id}")
    return _file(row)


def latest(connection: sa.Connection, contract: str, fund: Fund, period: Month) -> SourceFile:
    """The file of this fund and month taken in last, one that holds nothing else before a mixed one; raises SB3023."""
    found = [item for item in files(connection, contract) if item.fund in ("", fund.value) and item.period in (None, period)]
    if not found:
        raise NoSuchFile(wanted=f"{contract} {fund.short} {period}")
    return max(found, key=lambda item: (item.fund == fund.value and item.period == period, item.file_id))


def newest(connection: sa.Connection, contracts: Sequence[str]) -> int:
    """Number of the latest file among ``contracts``, 0 when there is none: has anything come in since?"""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(source_file.c.file_id), 0)).where(source_file.c.contract.in_(contracts))).scalar_one())


def current(connection: sa.Connection, contract: str, source: str | None = None, on: date | None = None) -> list[SourceFile]:
    """The snapshots of a contract in use, oldest first: of one source if given, as they stood for the day ``on`` if given.

    For a full list that is the one with the newest as-of date (per funds and regions) and the increments after it.
    """
    used = set(connection.execute(sa.select(source_use.c.file_id)).scalars())
    found = [one for one in files(connection, contract) if one.file_id in used and (on is None or one.as_of <= on.isoformat())]
    if source is not None:
        wanted = lists.canonical_source(contract, source)
        found = [one for one in found if lists.canonical_source(contract, one.source) == wanted]
    return [one for one in found if not replacing(one, found)]


def replacing(one: SourceFile, others: Iterable[SourceFile]) -> list[SourceFile]:
    """The full lists among ``others`` that are newer than ``one`` and stand for the same source, funds and regions.

    An increment is replaced only by a full list that came after it and is in use: added to a list in use it is used, whatever its as-of date.
    """
    known = list(others)
    newer = [other for other in known if other.kind == lists.FULL and other.order > one.order and same_list(one, other)]
    return newer if one.kind == lists.FULL else [other for other in newer if other.file_id > one.file_id and not replacing(other, known)]


def same_list(one: SourceFile, other: SourceFile) -> bool:
    """Whether two files are issues of one list: contract, source, and funds and regions in common (a list that names none has all)."""
    if one.contract != other.contract or lists.canonical_source(one.contract, one.source) != lists.canonical_source(one.contract, other.source):
        return False
    return all(not mine or not theirs or mine & theirs for mine, theirs in zip(one.scope, other.scope, strict=True))


def cells(connection: sa.Connection, file_id: int) -> list[coverage.Cell]:
    """Rows and fen of the file by fund, region and month, as they were counted when it was taken in."""
    columns = source_coverage.c
    rows = connection.execute(
        sa.select(columns.fund, columns.region, columns.period, columns.rows, columns.fen)
        .where(columns.file_id == file_id)
        .order_by(columns.fund, columns.region, columns.period)
    )
    return [coverage.Cell(row.fund, row.region, row.period, row.rows, int(row.fen)) for row in rows]


def stored_coverage(connection: sa.Connection, one: SourceFile) -> Coverage:
    """The coverage of a file as the register has it."""
    told = json.loads(one.coverage)
    events = {name: coverage.Days(*days) for name, days in told["events"].items()}
    return Coverage(one.contract, tuple(cells(connection, one.file_id)), events, told["scope_permille"])


def recomputed(one: SourceFile, home: Path) -> Coverage:
    """The coverage of a file computed again from its snapshot, which is proved first; raises SB3022."""
    return coverage.of(one.contract, one.path(home), scope_permille=json.loads(one.coverage)["scope_permille"])


def use(connection: sa.Connection, file_id: int) -> Use | None:
    """When and by whom a file was put to use; None when it was taken in only."""
    row = connection.execute(sa.select(source_use).where(source_use.c.file_id == file_id)).first()
    return Use(row.file_id, row.used_at, row.used_by, tuple(json.loads(row.against)), row.differences) if row else None


def cite(one: SourceFile) -> Citation:
    """The citation of a snapshot."""
    told = json.loads(one.coverage)
    days = {name: coverage.Days(*span) for name, span in told["events"].items()}
    periods = [coverage.Cell("", "", period, 1, 0) for period in (told["first"], told["last"]) if period]
    until = Coverage(one.contract, tuple(periods), days).until(one.as_of, bool(one.stated))
    return Citation(one.file_id, one.contract, one.name, one.source, one.as_of, one.stated, until, one.sha256, one.parquet_sha256)


def probe(taken: Any, source: str, as_of: str, kind: str, scope_permille: int) -> SourceFile:
    """A file that was read as if it had been taken in last: to see what it would replace."""
    covered = coverage.of(taken.contract, taken.rows.source, scope_permille=scope_permille)
    return SourceFile(
        file_id=sys.maxsize, contract=taken.contract, name=taken.path.name, sha256=taken.sha256, parquet_sha256="", source=source, as_of=as_of, stated=1,
        kind=kind, fund="", period=None, rows=covered.rows, rejected=0, control_fen=covered.fen, coverage=covered.head(), taken_at="", taken_by="",
    )  # fmt: skip


def recorded(made: SourceFile, covered: Coverage, using: Use | None) -> dict[str, Any]:
    """What the trail record of an import says of a file: verify compares it with the register."""
    return {
        "name": made.name, "source": made.source, "as_of": made.as_of, "stated": made.stated, "kind": made.kind, "fund": made.fund,
        "period": str(made.period or ""), "rows": made.rows, "rejected": made.rejected, "control_fen": made.control_fen, "parquet": made.parquet_sha256,
        "coverage": covered.digest(), "against": list(using.against) if using else [],
        "differences": json.loads(using.differences) if using and using.differences else {},
    }  # fmt: skip


def values(made: SourceFile) -> dict[str, Any]:
    """The row of a file, as the table has it."""
    row = {name: getattr(made, name) for name in SourceFile.__slots__}
    row["period"] = made.period.number if made.period else None
    return row


def month(number: Any) -> Month | None:
    """``yyyymm`` as a month; None for a bare year and for nothing."""
    return Month.from_number(number) if isinstance(number, int) and 1 <= number % 100 <= 12 else None


def _file(row: sa.Row[Any]) -> SourceFile:
    found = dict(row._mapping)
    found["period"] = month(found["period"])
    return SourceFile(**found)

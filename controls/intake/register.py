"""Register of files taken in (导入登记): each file once, as a canonical Parquet snapshot and one row in the store.

Snapshots lie in ``<home>/snapshots/<contract>/<sha12>.parquet``, readable by their owner alone; their SHA-256
is recorded and proved again whenever one is read.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, Thing, require_any, rules
from controls.errors import AlreadyTaken, NoSuchFile, NothingTaken, NotImportable, RowsWithErrors, SnapshotChanged
from controls.tables import source_file
from ledger import chain
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month

if TYPE_CHECKING:
    from controls.intake.reader import Taken

REJECTS = "rejects"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file taken in: ``control_fen`` is the sum of its amounts, ``fund`` and ``period`` are '' and None when it holds several."""

    file_id: int
    contract: str
    name: str
    sha256: str
    parquet_sha256: str
    source: str
    as_of: str
    fund: str
    period: Month | None
    rows: int
    rejected: int
    control_fen: int
    taken_at: str
    taken_by: str

    def path(self, home: Path) -> Path:
        """The Parquet snapshot; raises SB3022 when it is missing or not what was taken in."""
        found = home / "snapshots" / self.contract / f"{self.sha256[:12]}.parquet"
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


def duty_for(actor: Actor, contract: str, thing: Thing | None = None) -> Duty:
    """The duty in which ``actor`` may take in files of ``contract``; raises SB3001, SB3002, SB3024."""
    allowed = rules().imports.get(contract)
    if allowed is None:
        raise NotImportable(contract=contract, known="、".join(sorted(rules().imports)))
    return require_any(actor, allowed, thing)


def take(
    work: UnitOfWork,
    home: Path,
    taken: Taken,
    actor: Actor,
    now: str,
    *,
    source: str,
    as_of: date | None,
    accept_valid: bool = False,
    thing: Thing | None = None,
) -> SourceFile:
    """Takes a file in, whole or not at all: snapshot, row, trail record with its control totals.

    ``source`` says whose file it is (公安, 银行 …), ``as_of`` the day its content stands for (None: the day it came).
    Raises SB3001, SB3002 and SB3024 (who takes in what), SB3020 (the same content), SB3021 (rows in error without
    ``accept_valid``) and SB3025 (no usable row).
    """
    duty = duty_for(actor, taken.contract, thing)
    chain.lock(work)
    refuse_twice(work.connection, taken)
    if taken.rejects and not accept_valid:
        raise RowsWithErrors(name=taken.path.name, rejected=rejected_rows(taken), rejects=f"{REJECTS}/{rejects_name(taken)}")
    if not taken.table.num_rows:
        raise NothingTaken(name=taken.path.name)
    rows, fen = taken.control
    made = SourceFile(
        file_id=work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(source_file.c.file_id), 0) + 1)).scalar_one(),
        contract=taken.contract,
        name=taken.path.name,
        sha256=taken.sha256,
        parquet_sha256=_snapshot(home, taken),
        source=source,
        as_of=(as_of.isoformat() if as_of else now[:10]),
        fund=str(_single(taken.table, "fund") or ""),
        period=_month(_single(taken.table, "period")),
        rows=rows,
        rejected=rejected_rows(taken),
        control_fen=fen,
        taken_at=now,
        taken_by=actor.user,
    )
    work.connection.execute(source_file.insert().values(**_values(made)))
    facts = {
        "name": made.name, "source": source, "as_of": made.as_of, "fund": made.fund, "period": str(made.period or ""), "rows": rows,
        "rejected": made.rejected, "control_fen": fen, "encoding": taken.encoding, "parquet": made.parquet_sha256,
    }  # fmt: skip
    trail.record(work, now, actor, duty, f"import.{made.contract}", f"file:{made.file_id}", made.sha256, facts)
    return made


def refuse_twice(connection: sa.Connection, taken: Taken) -> None:
    """Raises SB3020 when this content was taken in before, whatever its name."""
    earlier = connection.execute(sa.select(source_file).where(source_file.c.sha256 == taken.sha256)).first()
    if earlier is not None:
        raise AlreadyTaken(name=taken.path.name, at=earlier.taken_at, by=earlier.taken_by, file_id=earlier.file_id, earlier=earlier.name)


def write_rejects(home: Path, taken: Taken) -> Path:
    """Writes the rows in error to ``<home>/rejects/`` in the layout of the file, ready to be mended; gives the path."""
    from controls.intake import reader

    folder = home / REJECTS
    _private(folder)
    path = folder / rejects_name(taken)
    reader.write_rejects(taken, path)
    path.chmod(0o600)
    return path


def rejects_name(taken: Taken) -> str:
    """``<name>.<sha8>.rejects.xlsx``: two files of one name do not overwrite one another."""
    return f"{taken.path.stem}.{taken.sha256[:8]}.rejects.xlsx"


def rejected_rows(taken: Taken) -> int:
    """How many rows are in error and were left out."""
    return int(taken.rows_read - taken.table.num_rows)


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


def _snapshot(home: Path, taken: Taken) -> str:
    """Writes the snapshot beside its place, then moves it there; content-addressed, so a repeat after a rollback is harmless."""
    from pyarrow import parquet

    folder = home / "snapshots" / taken.contract
    _private(folder)
    place = folder / f"{taken.sha256[:12]}.parquet"
    part = folder / f".{place.name}.{secrets.token_hex(4)}"
    try:
        parquet.write_table(taken.table, part, compression="zstd", row_group_size=262_144)
        part.chmod(0o600)
        with part.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            os.fsync(handle.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    return digest


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    folder.parent.chmod(0o700)


def _single(table: pa.Table, column: str) -> Any:
    """The one value of a column, None when it is absent or holds several."""
    if column not in table.column_names:
        return None
    values = pc.unique(table.column(column))
    return values[0].as_py() if len(values) == 1 else None


def _month(number: Any) -> Month | None:
    return Month.from_number(number) if isinstance(number, int) and 1 <= number % 100 <= 12 else None


def _values(made: SourceFile) -> dict[str, Any]:
    values = {name: getattr(made, name) for name in SourceFile.__slots__}
    values["period"] = made.period.number if made.period else None
    return values


def _file(row: sa.Row[Any]) -> SourceFile:
    values = dict(row._mapping)
    values["period"] = _month(values["period"])
    return SourceFile(**values)

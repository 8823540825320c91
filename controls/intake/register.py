"""Register of files taken in (导入登记): each file once, as a canonical Parquet snapshot, one row in the store and its coverage.

Snapshots lie in ``<home>/snapshots/<contract>/<sha12>.parquet``, readable by their owner alone; their SHA-256
is recorded and proved again whenever one is read. A newer issue of a full list replaces the older one in use; what changed is
counted first and stands in the trail (:func:`preview` shows it before).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, Thing, require_any, rules
from controls.errors import AlreadyTaken, NothingTaken, NotImportable, RowsWithErrors
from controls.intake import coverage, lists, snapshots
from controls.intake.coverage import Coverage
from controls.intake.differences import Differences, list_source, preview, stated_kind
from controls.intake.errors_lists import ListLate, ListShrank
from controls.intake.snapshots import SourceFile, current, every, file, files, latest, newest
from controls.tables import source_coverage, source_file, source_use
from ledger import chain
from ledger.db import UnitOfWork

if TYPE_CHECKING:
    from controls.intake.reader import Taken
    from controls.intake.spool import Canonical

__all__ = [
    "REJECTS", "Differences", "SourceFile", "current", "duty_for", "every", "file", "files", "latest", "newest", "preview", "refuse_twice", "rejected_rows",
    "rejects_name", "rejects_path", "take", "write_rejects",
]  # fmt: skip

REJECTS = "rejects"
LONGEST_STEM = 180
"""Bytes of a file's name that its rejects workbook keeps."""


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
    kind: str = "",
) -> SourceFile:
    """Takes a file in, whole or not at all, and puts it to use: snapshot, row, coverage, trail record with its control totals.

    ``source`` says whose file it is (公安, 银行 …; '' takes the one 数据来源 of its rows), ``as_of`` the day its content stands for (None:
    the day it came), ``kind`` what the user says of a list: ``full`` replaces the older one, ``increment`` stands beside it, '' leaves it to
    lists.yaml. Raises SB3001, SB3002 and SB3024 (who takes in what), SB3020 (the same content), SB3021 (rows in error without
    ``accept_valid``), SB3025 (no usable row), SB2060 and SB2063 (a full list that lost too much, or
    comes late with rows the newer one lacks, unless ``kind`` is said) and SB2062.
    """
    duty = duty_for(actor, taken.contract, thing)
    chain.lock(work)
    refuse_twice(work.connection, taken)
    if taken.rejects and not accept_valid:
        raise RowsWithErrors(name=taken.path.name, rejected=rejected_rows(taken), rejects=f"{REJECTS}/{rejects_name(taken)}")
    if not taken.rows.num_rows:
        raise NothingTaken(name=taken.path.name)
    sender, day = list_source(taken, source), as_of or date.fromisoformat(now[:10])
    found = preview(work.connection, home, taken, source=source, as_of=day, kind=kind)
    if found is not None:
        _refuse_doubtful(taken, sender, day, found)
    rows, fen = taken.control
    digest = _snapshot(home, taken)
    covered = coverage.of(taken.contract, taken.rows.source, scope_permille=lists.lists().scope_permille)
    made = SourceFile(
        file_id=work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(source_file.c.file_id), 0) + 1)).scalar_one(),
        contract=taken.contract,
        name=taken.path.name,
        sha256=taken.sha256,
        parquet_sha256=digest,
        source=sender,
        as_of=day.isoformat(),
        stated=int(as_of is not None),
        kind=_kind(taken.contract, sender, day, kind),
        fund=str(_single(taken.rows, "fund") or ""),
        period=snapshots.month(_single(taken.rows, "period")),
        rows=rows,
        rejected=rejected_rows(taken),
        control_fen=fen,
        coverage=covered.head(),
        taken_at=now,
        taken_by=actor.user,
    )
    _register(work, made, covered, found)
    facts = {**snapshots.recorded(made, covered, _use(made, found)), "encoding": taken.encoding}
    trail.record(work, now, actor, duty, f"import.{made.contract}", f"file:{made.file_id}", made.sha256, facts)
    return made


def _kind(contract: str, sender: str, day: date, said: str) -> lists.Kind:
    """Full or increment: as said at import, else as lists.yaml has it; a list of no source replaces nothing unasked."""
    return stated_kind(said) or (lists.habit(contract, sender, day).kind if sender else "increment")


def _refuse_doubtful(taken: Taken, sender: str, day: date, found: Differences) -> None:
    """Raises SB2060 for a full list that lost too much and SB2063 for a late one that holds what the newer one lacks."""
    counts, limit = found.counts, f"{found.most_gone_permille / 10:.1f} %"
    facts = {"name": taken.path.name, "source": sender or "来源未说明", "as_of": day, "against": "、".join(map(str, found.against)), "limit": limit}
    facts |= {"new": counts["new"], "different": counts["different"], "same": counts["unchanged"], "rows": counts["new_rows"]}
    if found.too_much_unused:
        raise ListLate(**facts)
    if found.too_much_gone:
        raise ListShrank(**facts, old=counts["old_rows"], gone=counts["gone"], share=f"{found.gone_permille / 10:.1f} %")


def _use(made: SourceFile, found: Differences | None) -> snapshots.Use:
    """The record that a file came into use, with what was shown of the differences."""
    differences = json.dumps(found.counts, sort_keys=True, separators=(",", ":")) if found else ""
    return snapshots.Use(made.file_id, made.taken_at, made.taken_by, found.against if found else (), differences)


def _register(work: UnitOfWork, made: SourceFile, covered: Coverage, found: Differences | None) -> None:
    """The rows of a file: itself, what it covers, and its coming into use."""
    work.connection.execute(source_file.insert().values(**snapshots.values(made)))
    work.connection.execute(
        source_coverage.insert(),
        [
            {"file_id": made.file_id, "fund": cell.fund, "region": cell.region, "period": cell.period, "rows": cell.rows, "fen": cell.fen}
            for cell in covered.cells
        ],
    )
    using = _use(made, found)
    work.connection.execute(
        source_use.insert().values(
            file_id=using.file_id, used_at=using.used_at, used_by=using.used_by, against=json.dumps(list(using.against)), differences=using.differences
        )
    )


def refuse_twice(connection: sa.Connection, taken: Taken) -> None:
    """Raises SB3020 when this content was taken in before, whatever its name."""
    earlier = connection.execute(sa.select(source_file).where(source_file.c.sha256 == taken.sha256)).first()
    if earlier is not None:
        raise AlreadyTaken(name=taken.path.name, at=earlier.taken_at, by=earlier.taken_by, file_id=earlier.file_id, earlier=earlier.name)


def write_rejects(home: Path, taken: Taken) -> Path:
    """Writes the rows in error to ``<home>/rejects/`` in the layout of the file, ready to be mended; gives the path."""
    from controls.intake import reader

    path = rejects_path(home, taken)
    _private(path.parent)
    reader.write_rejects(taken, path)
    path.chmod(0o600)
    return path


def rejects_name(taken: Taken) -> str:
    """``<name>.<sha8>.rejects.xlsx``: two files of one name do not overwrite one another. A long name is cut, since a name has 255 bytes at most."""
    stem = taken.path.stem.encode(errors="surrogateescape")[:LONGEST_STEM].decode(errors="ignore")
    return f"{stem}.{taken.sha256[:8]}.rejects.xlsx"


def rejects_path(home: Path, taken: Taken) -> Path:
    """Where the rejects workbook of a file stands."""
    return home / REJECTS / rejects_name(taken)


def rejected_rows(taken: Taken) -> int:
    """How many rows are in error and were left out."""
    return int(taken.rejected.num_rows)


def _snapshot(home: Path, taken: Taken) -> str:
    """Writes the snapshot beside its place, then moves it there; content-addressed, so a repeat after a rollback is harmless."""
    folder = home / "snapshots" / taken.contract
    _private(folder)
    place = snapshots.place(home, taken.contract, taken.sha256)
    part = folder / f".{place.name}.{secrets.token_hex(4)}"
    try:
        taken.rows.save(part)
        with part.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            os.fsync(handle.fileno())
        part.replace(place)
        taken.rows.moved(place)
    finally:
        part.unlink(missing_ok=True)
    return digest


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    folder.parent.chmod(0o700)


def _single(table: Canonical, column: str) -> Any:
    """The one value of a column, None when it is absent or holds several."""
    if column not in table.column_names:
        return None
    values = pc.unique(table.column(column))
    return values[0].as_py() if len(values) == 1 else None

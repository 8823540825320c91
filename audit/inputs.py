"""The files a sweep is given (稽核数据): each read by the intake, its digest taken, its bad rows kept apart.

A Parquet file that already is a canonical snapshot is not read into memory at all; the engine scans it where it lies.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import BadFileValue, SameFileTwice, StrictRows
from controls.checks.views import CONTRACT_ZH
from ledger.money import Fen

if TYPE_CHECKING:
    import pyarrow as pa

    from controls.intake.reader import Taken

FileValues = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """One input as named on the command line: its contract, its path, and values that hold for the whole file."""

    contract: str
    path: Path
    values: FileValues = field(default_factory=dict)

    @classmethod
    def parse(cls, contract: str, text: str) -> Given:
        """``FILE`` or ``FILE::险种=R,统筹区=620821``; raises SB5003."""
        name, marked, rest = text.partition("::")
        values: dict[str, str] = {}
        for pair in rest.replace("，", ",").split(",") if marked else []:
            key, equals, value = pair.partition("=")
            if not equals or not key.strip() or not value.strip():
                raise BadFileValue(text=text, why=f"“{pair}”不是“列=值”")
            if key.strip() in values:
                raise BadFileValue(text=text, why=f"“{key.strip()}”给了两次")
            values[key.strip()] = value.strip()
        return cls(contract, Path(name), values)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A cell that made its row unusable, or a warning: where, what, which code and why."""

    file: str
    line: int
    column: str
    value: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Input:
    """One file as read: digest, what was recognised, control totals (rows, fen), rows left out and warnings."""

    contract: str
    file: str
    sha256: str
    encoding: str
    sheet: str
    header_line: int
    recognised: Mapping[str, str]
    unused: tuple[str, ...]
    unknown: tuple[str, ...]
    rows_read: int
    rows_good: int
    amount: Fen | None
    rejects: tuple[BadRow, ...]
    warnings: tuple[BadRow, ...]
    source: pa.Table | Path

    @property
    def rows_rejected(self) -> int:
        """Rows left out, each counted once however many cells were bad."""
        return len({bad.line for bad in self.rejects})

    def warned(self) -> Counter[tuple[str, str]]:
        """How often each warning (code, reason) came up."""
        return Counter((bad.code, bad.reason) for bad in self.warnings)


def read_all(given: Sequence[Given], *, strict: bool, step: Callable[[str], None] = lambda _: None) -> list[Input]:
    """Every file, in the order given; raises what the intake raises, SB5001 for the same content twice, SB5002."""
    inputs: list[Input] = []
    seen: dict[tuple[str, str], str] = {}
    for one in given:
        step(f"读取{CONTRACT_ZH[one.contract]} {one.path.name}")
        read = _snapshot(one) or _taken(one)
        key = (one.contract, read.sha256)
        if key in seen:
            raise SameFileTwice(contract=CONTRACT_ZH[one.contract], file=one.path.name, other=seen[key])
        seen[key] = one.path.name
        if strict and read.rejects:
            first = read.rejects[0]
            raise StrictRows(file=read.file, rows=read.rows_rejected, line=first.line, column=first.column, reason=first.reason)
        inputs.append(read)
    return inputs


def by_contract(inputs: Iterable[Input]) -> dict[str, list[pa.Table | Path]]:
    """Tables and snapshots as the checks take them."""
    tables: dict[str, list[pa.Table | Path]] = {}
    for one in inputs:
        tables.setdefault(one.contract, []).append(one.source)
    return tables


def _taken(one: Given) -> Input:
    from controls.intake.reader import read

    taken: Taken = read(one.path, one.contract, values=dict(one.values))
    table = taken.table
    amount = _total(table)
    file = taken.path.name
    return Input(
        contract=one.contract, file=file, sha256=taken.sha256, encoding=taken.encoding or "", sheet=taken.sheet or "",
        header_line=taken.header.header_line, recognised=dict(taken.header.recognised), unused=tuple(map(str, taken.header.unused)),
        unknown=tuple(map(str, taken.header.unknown)), rows_read=taken.rows_read, rows_good=table.num_rows, amount=amount,
        rejects=tuple(BadRow(file, bad.line, bad.column, bad.value, bad.code, bad.reason_zh) for bad in taken.rejects),
        warnings=tuple(BadRow(file, bad.line, bad.column, bad.value, bad.code, bad.reason_zh) for bad in taken.warnings), source=table,
    )  # fmt: skip


def _total(table: pa.Table) -> Fen | None:
    import pyarrow.compute as pc

    if "amount" not in table.column_names:
        return None
    return int(pc.sum(table.column("amount")).as_py() or 0)


def _snapshot(one: Given) -> Input | None:
    """The input as a canonical snapshot scanned in place; None when the file is something else."""
    if one.path.suffix.lower() != ".parquet" or one.values or not one.path.is_file():
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    from controls.checks.schema import OPTIONAL, columns

    try:
        parquet = pq.ParquetFile(one.path)
    except pa.ArrowInvalid:
        return None
    names = set(parquet.schema_arrow.names)
    wanted = set(columns(one.contract)) - OPTIONAL
    if not wanted <= names:
        return None
    with one.path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    amount = _total(pq.read_table(one.path, columns=["amount"])) if "amount" in names else None
    rows = parquet.metadata.num_rows
    return Input(
        contract=one.contract, file=one.path.name, sha256=digest, encoding="", sheet="", header_line=0, recognised={}, unused=(), unknown=(),
        rows_read=rows, rows_good=rows, amount=amount, rejects=(), warnings=(), source=one.path,
    )  # fmt: skip

"""The files a sweep is given (稽核数据): each read by the intake, its digest taken, its bad rows kept apart.

A Parquet file that already is a canonical snapshot is not read into memory at all; the engine scans it where it lies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import SameFileTwice
from controls.checks.coverage import CONTRACT_ZH
from ledger.errors import REGISTRY
from ledger.identity import mask_number
from ledger.money import Fen

if TYPE_CHECKING:
    import pyarrow as pa

    from controls.intake.coverage import Coverage
    from controls.intake.reader import CellError, Taken


@dataclass(frozen=True, slots=True)
class Given:
    """One input as named on the command line: its contract, its path, values that hold for the whole file, and the file of a saved mapping."""

    contract: str
    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    mapping: str = ""

    @classmethod
    def parse(cls, contract: str, text: str) -> Given:
        """``FILE``, ``FILE::险种=R,统筹区=620821`` or ``FILE::@读法.yaml``; raises SB2026."""
        from controls.intake.mapping import split

        path, values, mapping = split(text)
        return cls(contract, Path(path), values, mapping)


@dataclass(frozen=True, slots=True)
class Warned:
    """One kind of warning in a file: code, the first sentence (numbers and accounts masked), how often, and the line of the first."""

    code: str
    reason: str
    count: int
    line: int


@dataclass(frozen=True, slots=True)
class Input:
    """One file as read: digest, control totals (rows, fen), rows left out, warnings, what it covers; ``taken`` None for a snapshot.

    ``senders``: the 数据来源 of its rows, in order; empty for kinds of files that name none.
    """

    contract: str
    file: str
    sha256: str
    rows_read: int
    rows_good: int
    amount: Fen | None
    rows_rejected: int
    warnings: tuple[Warned, ...]
    source: pa.Table | Path
    coverage: Coverage
    senders: tuple[str, ...] = ()
    taken: Taken | None = None

    @property
    def kind(self) -> str:
        """Kind, encoding or sheet for people: ``GB18030``, ``xlsx:明细``, ``Parquet 快照``."""
        if self.taken is None:
            return "Parquet 快照"
        return self.taken.encoding or (f"{self.taken.kind}:{self.taken.sheet}" if self.taken.sheet else self.taken.kind)


def read_all(given: Sequence[Given], *, strict: bool, step: Callable[[str], None] = lambda _: None) -> list[Input]:
    """Every file, in the order given; raises what the intake raises, and SB5001 for the same content twice."""
    inputs: list[Input] = []
    seen: dict[tuple[str, str], str] = {}
    for one in given:
        step(f"读取{CONTRACT_ZH[one.contract]} {one.path.name}")
        read = _snapshot(one) or _taken(one, strict)
        key = (one.contract, read.sha256)
        if key in seen:
            raise SameFileTwice(contract=CONTRACT_ZH[one.contract], file=one.path.name, other=seen[key])
        seen[key] = one.path.name
        inputs.append(read)
    return inputs


def by_contract(inputs: Iterable[Input]) -> dict[str, list[pa.Table | Path]]:
    """Tables and snapshots as the checks take them."""
    tables: dict[str, list[pa.Table | Path]] = {}
    for one in inputs:
        tables.setdefault(one.contract, []).append(one.source)
    return tables


def names_apart(inputs: Iterable[Input]) -> list[str]:
    """The base name of each input; the second of one contract with the same name (another folder) is ``发放.csv (2)``."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for one in inputs:
        seen[one.contract, one.file] = nth = seen.get((one.contract, one.file), 0) + 1
        names.append(one.file if nth == 1 else f"{one.file} ({nth})")
    return names


def _taken(one: Given, strict: bool) -> Input:
    from controls.intake.mapping import read_by
    from controls.intake.reader import read

    if one.mapping:
        taken = read_by(one.path, Path(one.mapping), one.contract, one.values, strict=strict)
    else:
        taken = read(one.path, one.contract, values=dict(one.values), strict=strict, unknown="other")
    first = {code: taken.warnings.first(code) for code in taken.warnings.counts()}
    return Input(
        contract=one.contract, file=taken.path.name, sha256=taken.sha256, rows_read=taken.rows_read, rows_good=taken.rows.num_rows,
        amount=taken.control[1] if "amount" in taken.rows.column_names else None, rows_rejected=taken.rejected.num_rows,
        warnings=tuple(Warned(code, _sentence(first[code]), count, first[code].line) for code, count in taken.warnings.counts().items()),
        source=taken.rows.source, coverage=_covered(one.contract, taken.rows.source), senders=_senders(one.contract, taken.rows.source), taken=taken,
    )  # fmt: skip


def _sentence(warning: CellError) -> str:
    """What a warning says, shown on screens and in papers for people: the number or account it speaks of is masked, in whatever form it was written."""
    from controls.intake.errors import DamagedNumber, NumberFails
    from controls.trail import redact

    if warning.code in (DamagedNumber.code, NumberFails.code):
        return REGISTRY[warning.code].zh.format(column=warning.column, value=mask_number(warning.value))
    return str(redact(warning.reason_zh))


def _covered(contract: str, given: pa.Table | Path) -> Coverage:
    from controls.intake import coverage, lists

    return coverage.of(contract, given, scope_permille=lists.lists().scope_permille)


def _senders(contract: str, given: pa.Table | Path) -> tuple[str, ...]:
    if contract not in ("deaths", "custody", "entitled", "absences", "holdings"):
        return ()
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    names = pq.read_schema(given).names if isinstance(given, Path) else given.column_names
    if "source" not in names:
        return ()
    column = (pq.read_table(given, columns=["source"]) if isinstance(given, Path) else given).column("source")
    return tuple(sorted(word for word in pc.unique(column).to_pylist() if word))


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
    if not set(columns(one.contract)) - OPTIONAL <= names:
        return None
    with one.path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    covered = _covered(one.contract, one.path)
    amount = covered.fen if "amount" in names else None
    rows = parquet.metadata.num_rows
    return Input(
        contract=one.contract, file=one.path.name, sha256=digest, rows_read=rows, rows_good=rows, amount=amount, rows_rejected=0, warnings=(), source=one.path,
        coverage=covered, senders=_senders(one.contract, one.path),
    )  # fmt: skip

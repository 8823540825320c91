"""``findings.csv``: one finding per row, in the columns and order of FORMATS.md (UTF-8, LF, sorted by id)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from controls.checks.found import Found
from controls.findings import COLUMNS, Finding, in_order
from ledger.sheets import write_contract_csv


def rows(findings: Iterable[Finding]) -> Iterable[Sequence[str]]:
    """Head and rows as text; findings that lie in a file, in order already, are read one at a time."""
    yield COLUMNS
    for finding in findings if isinstance(findings, Found) else in_order(findings):
        row = finding.row()
        yield [row[column] for column in COLUMNS]


def write(path: Path, findings: Iterable[Finding]) -> Path:
    """Writes the file whole or not at all; the head stands even without findings."""
    write_contract_csv(path, rows(findings))
    return path


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

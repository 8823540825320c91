"""``rejects.xlsx``: every row of the inputs that could not be used, with column, value, code and reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from audit.inputs import Input
from controls.checks.views import CONTRACT_ZH
from ledger.sheets import Sheet, write_workbook

HEAD = ("文件", "行", "列", "值", "代码", "原因")
MOST = 1_000_000


def write(path: Path, inputs: Sequence[Input]) -> Path:
    """One sheet for each input with bad rows."""
    sheets = {f"{CONTRACT_ZH[one.contract]} {one.file}": Sheet(list(_rows(one)), filter=True) for one in inputs if one.rejects}
    write_workbook(path, sheets)
    return path


def _rows(one: Input) -> Iterable[Sequence[str | int]]:
    yield HEAD
    for bad in one.rejects[:MOST]:
        yield bad.file, bad.line, bad.column, bad.value, bad.code, bad.reason

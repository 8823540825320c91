"""``rejects.xlsx``: the rows of every input that could not be used, in the layout they came in, with code and reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from audit.inputs import Input, names_apart
from controls.checks.coverage import CONTRACT_ZH
from controls.intake import rejects
from ledger.sheets import write_workbook


def write(path: Path, inputs: Sequence[Input]) -> Path:
    """One sheet for each input with bad rows; mended, each can be given to the check again."""
    named = zip(inputs, names_apart(inputs), strict=True)
    sheets = {f"{CONTRACT_ZH[one.contract]} {name}": rejects.sheet(one.taken) for one, name in named if one.taken is not None and one.rows_rejected}
    write_workbook(path, sheets)
    return path

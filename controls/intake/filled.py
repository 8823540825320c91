"""Blank cells that take a value (补空): the one given with the file, or in vouchers (凭证) the one that stands above."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from controls.intake import cells, judges
from controls.intake.texts import Cells

DOWN = ("on", "kind", "number", "attachments", "maker", "reviewer")
"""Columns of a voucher that its first line says for all of them."""


def with_value(given: str, texts: pa.Array) -> pa.Array:
    """The texts, blank ones replaced by the value given with the file."""
    return pa.array([value if cells.squash(value) else given for value in texts.to_pylist()], pa.string())


class Above:
    """What stands above the next row of a voucher file, carried from block to block."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._lines: Any = None
        self._starts: Any = None
        self._line: int | None = None
        self._number = ""

    def fill(self, name: str, found: Cells, lines: Any, numbers: Cells | None) -> Cells:
        """Blank cells of a voucher's later lines take what stands above them, up to the line that starts the voucher."""
        if not len(found):
            return found
        starts = self._voucher_starts(lines, numbers)
        blank = found.flags("blank", judges.is_blank, judges.maybe_blank)
        rows = np.arange(len(found))
        source = np.maximum.accumulate(np.where(~blank | starts, rows, -1))
        indices = found.indices[np.maximum(source, 0)]
        if source[0] < 0 and name in self._texts:
            indices[source < 0] = found.texts.code(self._texts[name])
        self._texts[name] = str(found.texts.array[int(indices[-1])].as_py())
        return Cells(found.texts, indices)

    def _voucher_starts(self, lines: Any, numbers: Cells | None) -> Any:
        """Rows that begin a voucher: after a blank line, or where another number stands."""
        if self._lines is lines:
            return self._starts
        at = np.asarray(lines)
        starts = np.diff(at, prepend=at[0] if self._line is None else self._line) > 1
        if numbers is not None:
            for row, index in enumerate(numbers.indices):
                text = cells.squash(str(numbers.texts.array[int(index)].as_py()))
                self._number = "" if starts[row] else self._number
                starts[row] |= bool(text) and bool(self._number) and text != self._number
                self._number = text or self._number
        self._lines, self._starts, self._line = lines, starts, int(at[-1])
        return starts

"""The rejects workbook (退回表): the rows in error in the layout of the file, ready to be mended and sent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from controls.intake.heads import REJECT_HEADS
from controls.intake.taken import Taken
from ledger.sheets import Cell, Sheet, write_workbook

SHEET = "退回"


def write(taken: Taken, path: Path) -> None:
    """Writes :func:`sheet` of one file."""
    write_workbook(path, {SHEET: sheet(taken)})


def sheet(taken: Taken) -> Sheet:
    """Title rows and header as they came, then the rows in error; five columns in front say line, columns, values, codes and reasons."""
    return Sheet(list(_rows(taken)), head_rows=len(taken.top), wrap=frozenset({4}), freeze=True)


def _rows(taken: Taken) -> Iterator[list[Cell]]:
    for row in taken.top:
        front: list[Cell] = list(REJECT_HEADS) if row.line == taken.header.header_line else [""] * len(REJECT_HEADS)
        yield [*front, *row.cells]
    errors = iter(taken.rejects)
    error = next(errors, None)
    for batch in taken.rejected.to_batches(max_chunksize=10_000):
        for line, *texts in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            mine = []
            while error is not None and error.line <= line:
                mine.append(error)
                error = next(errors, None)
            said = [";".join(dict.fromkeys(getattr(each, name) for each in mine)) for name in ("column", "value", "code", "reason_zh")]
            yield [line, *said, *texts]

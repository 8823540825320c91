"""The rejects workbook (退回表): the rows in error in the layout of the file, ready to be mended and sent again.

Five columns in front say line, columns, values, codes and reasons; the offending cells are coloured and carry the reason
as a comment. Every cell is text, so that numbers stay whole. The reader leaves the five columns out of account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from controls.intake.heads import REJECT_HEADS
from controls.intake.taken import Taken
from controls.intake.trouble import WHOLE_ROW, CellError
from ledger.sheets import Cell, Sheet, write_workbook

SHEET = "退回"
AHEAD = len(REJECT_HEADS)
MOST_COMMENTS = 5_000
_WIDTHS = (8, 14, 20, 12, 40)


def write(taken: Taken, path: Path) -> None:
    """Writes :func:`sheet` of one file."""
    write_workbook(path, {SHEET: sheet(taken)})


def sheet(taken: Taken) -> Sheet:
    """Title rows and header as they came, then the rows in error, marked."""
    marks: dict[tuple[int, int], str] = {}
    rows = list(_rows(taken, marks))
    last = AHEAD + len(taken.columns) - 1
    titles = [at for at, row in enumerate(taken.top) if row.line < taken.header.header_line and any(row.cells[:1]) and not any(row.cells[1:])]
    merges = [(at, AHEAD, at, last) for at in titles if last > AHEAD]
    return Sheet(rows, head_rows=len(taken.top), merges=merges, widths=_widths(taken), wrap=frozenset({AHEAD - 1}), freeze=True, marks=marks)


def _rows(taken: Taken, marks: dict[tuple[int, int], str]) -> Iterator[list[Cell]]:
    for row in taken.top:
        front: list[Cell] = list(REJECT_HEADS) if row.line == taken.header.header_line else [""] * AHEAD
        yield [*front, *row.cells]
    places = {label: place for place, label in reversed(list(enumerate(taken.columns)))}
    errors = iter(taken.rejects)
    error = next(errors, None)
    at = len(taken.top)
    for batch in taken.rejected.to_batches(max_chunksize=10_000):
        for line, *texts in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            mine = []
            while error is not None and error.line <= line:
                mine.append(error)
                error = next(errors, None)
            _mark(at, mine, places, marks)
            said = [";".join(dict.fromkeys(getattr(each, name) for each in mine)) for name in ("column", "value", "code", "reason_zh")]
            yield [line, *said, *texts]
            at += 1


def _mark(row: int, troubles: Sequence[CellError], places: dict[str, int], marks: dict[tuple[int, int], str]) -> None:
    """Marks the cells of one row: the column in error, or the line number where the whole row is."""
    said: dict[int, list[str]] = {}
    for trouble in troubles:
        column = 0 if trouble.column == WHOLE_ROW or trouble.column not in places else AHEAD + places[trouble.column]
        said.setdefault(column, []).append(f"[{trouble.code}] {trouble.reason_zh}")
    for column, reasons in said.items():
        marks[(row, column)] = "\n".join(dict.fromkeys(reasons)) if len(marks) < MOST_COMMENTS else ""


def _widths(taken: Taken) -> list[int]:
    """Columns as wide as their header needs, and wide enough for an identity number where the cells are long."""
    longest = [0] * len(taken.columns)
    for batch in taken.rejected.slice(0, 200).to_batches():
        for place in range(len(taken.columns)):
            longest[place] = max(longest[place], *(_width(text or "") for text in batch.column(place + 1).to_pylist()), 0)
    return [*_WIDTHS, *(max(8, min(40, 2 + max(_width(label), long))) for label, long in zip(taken.columns, longest, strict=True))]


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)

"""One worksheet read (工作表): its cells as codes of the lexicon, and what it hides and computes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from ledger.sheets.body import MOST_COLUMNS, TOP_ROWS, Body, Mixed, TopRow
from ledger.sheets.errors import TooLarge
from ledger.sheets.facts import MOST_NAMED, SheetFacts, address, letters
from ledger.sheets.lexicon import DAMAGED, DAY, NUMBER, TEXT, Lexicon
from ledger.sheets.markup import About, BadMarkup
from ledger.sheets.tags import Batch

MOST_LINES = 1_048_576
MOST_CELLS = 40_000_000


@dataclass(frozen=True, slots=True)
class Around:
    """What holds for the whole workbook, by the names of :class:`SheetFacts`."""

    hidden_sheets: tuple[str, ...] = ()
    very_hidden_sheets: tuple[str, ...] = ()
    uncalculated: bool = False
    external_links: tuple[str, ...] = ()
    dde: bool = False
    macros: bool = False
    embedded: int = 0
    book_protected: bool = False


class Worksheet:
    """Takes batches of cells, then gives rows. ``file`` is only for messages."""

    def __init__(self, file: str, lexicon: Lexicon) -> None:
        self._file, self._lexicon = file, lexicon
        self._pieces: list[tuple[Any, Any, Any]] = []
        self.count = 0
        self.about = About()
        self._hidden: list[int] = []
        self.formulas = self.valueless = self.errors = 0
        self.formula_cells: list[str] = []
        self.formula_without_value: list[str] = []
        self.error_cells: list[tuple[str, str]] = []

    def take(self, batch: Batch) -> None:
        """One batch of cells; raises SB2008, and :class:`BadMarkup` for cells where none can be."""
        self._hidden += batch.hidden
        if not len(batch.lines):
            return
        if int(batch.lines.max()) > MOST_LINES or int(batch.lines.min()) < 1:
            raise BadMarkup("a row beyond the last")
        if (widest := int(batch.columns.max())) >= MOST_COLUMNS:
            raise TooLarge(file=self._file, what="列数", found=widest + 1, limit=MOST_COLUMNS)
        self.count += len(batch.lines)
        if self.count > MOST_CELLS:
            raise TooLarge(file=self._file, what="单元格数", found=self.count, limit=MOST_CELLS)
        codes = self._lexicon.codes(batch)
        self._note(batch, codes)
        kept = codes > 0
        self._pieces.append((batch.lines[kept], batch.columns[kept].astype(np.int16), codes[kept]))

    def _note(self, batch: Batch, codes: Any) -> None:
        kinds = np.array([kind == "e" for kind, _ in batch.kinds], bool)
        wrong = np.flatnonzero(kinds[batch.looks] & batch.valued) if kinds.any() else ()
        self.errors += len(wrong)
        for at in wrong[: max(0, MOST_NAMED - len(self.error_cells))]:
            self.error_cells.append((_cell(batch, at), self._lexicon.texts([int(codes[at])])[0]))
        if not batch.formulas.any():
            return
        computed = np.flatnonzero(batch.formulas)
        texts = np.array([kind == "str" for kind, _ in batch.kinds], bool)
        without = computed[~batch.valued[computed] & ~texts[batch.looks[computed]]]
        self.formulas += len(computed)
        self.valueless += len(without)
        self.formula_cells += [_cell(batch, at) for at in computed[: max(0, MOST_NAMED - len(self.formula_cells))]]
        self.formula_without_value += [_cell(batch, at) for at in without[: max(0, MOST_NAMED - len(self.formula_without_value))]]

    def close(self, about: About) -> None:
        """Everything was taken: puts rows in order."""
        self.about = about
        none = (np.array([], np.int32), np.array([], np.int16), np.array([], np.int32))
        lines, columns, codes = (np.concatenate(each) for each in zip(*(self._pieces or [none]), strict=True))
        self._pieces = []
        if (lines[1:] < lines[:-1]).any():
            order = np.argsort(lines, kind="stable")
            lines, columns, codes = lines[order], columns[order], codes[order]
        self._lines, self._columns, self._codes = lines, columns, codes
        starts = np.flatnonzero(np.diff(lines, prepend=-1))
        self._rows = lines[starts]
        self._starts = np.append(starts, len(lines))
        self.first = int(columns.min()) if len(columns) else -1
        self.last = int(columns.max()) if len(columns) else -1

    @property
    def hidden_rows(self) -> list[int]:
        """Lines with content that are not shown."""
        return sorted(set(self._hidden).intersection(self._rows.tolist())) if self._hidden else []

    def facts(self, sheet: str, around: Around, notes: Sequence[tuple[int, int]]) -> SheetFacts:
        """Facts of the sheet named; ``notes``: (row, column) from 0 of its comments."""
        inside = range(max(self.first, 0), self.last + 1)
        hidden = sorted({column for first, last in self.about.hidden for column in range(max(first, inside.start), min(last + 1, inside.stop))})
        return SheetFacts(
            sheet=sheet,
            hidden_rows=tuple(self.hidden_rows),
            hidden_columns=tuple(hidden),
            hidden_letters=tuple(letters(column) for column in hidden),
            filtered=self.about.filtered,
            hidden_sheets=around.hidden_sheets,
            very_hidden_sheets=around.very_hidden_sheets,
            formulas=self.formulas,
            formula_cells=tuple(self.formula_cells),
            valueless=self.valueless,
            formula_without_value=tuple(self.formula_without_value),
            errors=self.errors,
            error_cells=tuple(self.error_cells),
            uncalculated=self.formulas > 0 and around.uncalculated,
            external_links=around.external_links,
            dde=around.dde,
            macros=around.macros,
            embedded=around.embedded,
            commented=len(notes),
            comments=tuple(address(row + 1, column) for row, column in notes[:MOST_NAMED]),
            merged=tuple(self.about.merged),
            sheet_protected=self.about.protected,
            book_protected=around.book_protected,
        )

    def top(self) -> list[TopRow]:
        """The first rows with content, all of one width."""
        found = []
        for row, line in enumerate(self._rows[: TOP_ROWS * 4].tolist()):
            at = slice(self._starts[row], self._starts[row + 1])
            cells = [""] * (self.last + 1)
            for column, text in zip(self._columns[at].tolist(), self._lexicon.texts(self._codes[at].tolist()), strict=True):
                cells[column] = text
            if any(cell.strip() for cell in cells):
                found.append(TopRow(line, tuple(cells)))
            if len(found) >= TOP_ROWS:
                break
        return found

    def body(self, head_line: int, width: int, plain: frozenset[int], fill: frozenset[int]) -> Body:
        """The rows below a head, see ``Source.body``."""
        skip = int(np.searchsorted(self._rows, head_line, side="right"))
        rows = self._rows[skip:]
        begin = int(self._starts[skip])
        of_row = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(self._starts[skip:]))
        columns, codes = self._columns[begin:], self._codes[begin:]
        order = np.argsort(columns, kind="stable")
        bounds = np.searchsorted(columns[order], np.arange(width + 1))
        body = Body([], pa.array(rows, pa.int32()))
        kinds = self._lexicon.kinds()
        for column in range(width):
            mine = order[bounds[column] : bounds[column + 1]]
            cells = np.zeros(len(rows), np.int32)
            cells[of_row[mine]] = codes[mine]
            if column in fill:
                self._fill(column, head_line, rows, cells)
            self._kinds(body, column, kinds[cells])
            body.columns.append(self._lexicon.column(cells, plain=column in plain))
        return body

    def _fill(self, column: int, head_line: int, rows: Any, cells: Any) -> None:
        """Merged cells of one column hold for all their rows; of areas that overlap, the upper one."""
        done = head_line
        for first, left, last, right in sorted(self.about.merged):
            if left == right == column and first > done and last - first < 100_000:
                begin, end = np.searchsorted(rows, [first, last + 1])
                if begin < end and rows[begin] == first:
                    cells[begin:end] = np.where(cells[begin:end] == 0, cells[begin], cells[begin:end])
                done = last

    @staticmethod
    def _kinds(body: Body, column: int, kinds: Any) -> None:
        counted = np.bincount(kinds, minlength=DAMAGED + 1)
        if counted[DAMAGED]:
            body.damaged[column] = array("q", np.flatnonzero(kinds == DAMAGED).tolist())
        body.mixed[column] = Mixed.of(*(np.flatnonzero(mask) for mask in (kinds == TEXT, (kinds == NUMBER) | (kinds == DAMAGED), kinds == DAY)))


def _cell(batch: Batch, at: int) -> str:
    return address(int(batch.lines[at]), int(batch.columns[at]))

"""Whole columns: a cell's reading is applied to the distinct values, and taken to the rows by index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import cells
from controls.intake.cells import Bad
from controls.intake.contracts import Column, choices, fold, local_names
from controls.intake.errors import CellBlank, CellTooLong, ChoiceBad, DamagedNumber, NumberFails, UnknownChoice
from controls.intake.trouble import Troubles
from ledger import identity
from ledger.identity import Document

LONGEST = 2_000
_TRIM = " \t\r\n\u3000\xa0\ufeff\u200b"


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of the data rows: distinct texts, and for each row the index of its text."""

    values: list[str]
    indices: Any

    def __len__(self) -> int:
        return len(self.indices)

    def flags(self, test: Callable[[str], bool]) -> Any:
        """Per row, whether its text passes."""
        if not self.values:
            return np.zeros(len(self.indices), bool)
        return np.fromiter((test(value) for value in self.values), bool, len(self.values))[self.indices]

    def texts(self, rows: Any) -> Any:
        """The texts of some rows."""
        if not len(rows):
            return np.array([], object)
        return np.array(self.values, object)[self.indices[rows]]

    def take(self, results: pa.Array) -> pa.Array:
        """Results of the distinct values, taken to the rows."""
        return results.take(pa.array(self.indices))


def encode(column: pa.ChunkedArray, rows: Any) -> Cells:
    """Distinct texts of a column's rows (``rows``: indices of the body, None for all)."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
        column = column.unify_dictionaries() if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if column.num_chunks == 0:
        return Cells([], np.array([], np.int32))
    indices = np.concatenate([np.asarray(chunk.indices) for chunk in column.chunks])
    return Cells(column.chunk(0).dictionary.to_pylist(), indices if rows is None else indices[rows])


def constant(value: str, rows: int) -> Cells:
    """A column whose value was given with the file."""
    return Cells([value], np.zeros(rows, np.int32))


def filled(given: str, column: Cells) -> Cells:
    """The column with its blank cells holding the value given with the file."""
    return Cells([value if cells.squash(value) else given for value in column.values], column.indices)


class Reading:
    """Reads the columns of one file: collects errors and warnings by body row.

    ``rows``: body index of each data row, so that troubles name the right line.
    """

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.errors = Troubles()
        self.warnings = Troubles()
        self.unknown: dict[str, dict[str, int]] = {}

    def scalar(self, column: Column, found: Cells, parse: Callable[[str], Any], kind: pa.DataType, *, label: str) -> pa.Array:
        """A typed column by ``parse``; blank cells are null, or in error where the cell is needed."""
        results: list[Any] = []
        bad: dict[int, Any] = {}
        for place, value in enumerate(found.values):
            results.append(None)
            if not cells.squash(value) or (not column.cell_needed and _says_nothing(column, value)):
                if column.cell_needed:
                    bad[place] = CellBlank
                continue
            try:
                results[place] = parse(value)
            except Bad as error:
                bad[place] = error.trouble
        self._report(self.errors, found, bad, label)
        return found.take(pa.array(results, kind))

    def text(self, column: Column, found: Cells, *, label: str) -> pa.Array:
        """Text without white space at its ends."""
        trimmed = [value.strip(_TRIM) for value in found.values]
        bad: dict[int, Any] = {place: CellTooLong for place, value in enumerate(trimmed) if len(value) > LONGEST}
        if column.cell_needed:
            bad |= {place: CellBlank for place, value in enumerate(trimmed) if not value}
        self._report(self.errors, found, bad, label)
        return found.take(pa.array(trimmed, pa.string()))

    def long_text(self, column: Column, texts: pa.ChunkedArray, *, label: str) -> pa.Array:
        """Text of a column with hardly a value twice (serials), without a dictionary."""
        trimmed = pc.utf8_trim(texts, characters=_TRIM)
        self._flag(pc.greater(pc.utf8_length(trimmed), LONGEST), trimmed, CellTooLong, label)
        if column.cell_needed:
            self._flag(pc.equal(trimmed, ""), trimmed, CellBlank, label)
        return trimmed

    def _flag(self, mask: Any, texts: Any, trouble: Any, label: str) -> None:
        at = np.flatnonzero(np.asarray(mask))
        if len(at):
            self.errors.add(self.rows[at], label, trouble, texts.take(pa.array(at)).to_pylist())

    def choice(self, column: Column, found: Cells, *, label: str) -> pa.Array:
        """The canonical word of a list; a blank cell is the column's default."""
        words = choices(column.choices)
        results: list[str] = []
        bad: dict[int, Any] = {}
        odd: dict[int, Any] = {}
        for place, value in enumerate(found.values):
            key = fold(value)
            results.append(column.default)
            if not key or (not column.cell_needed and key not in words and cells.is_filler(value)):
                if column.cell_needed:
                    bad[place] = CellBlank
            elif key in words:
                results[place] = words[key]
            elif column.open:
                results[place] = column.otherwise or value.strip(_TRIM)
                odd[place] = UnknownChoice
            else:
                bad[place] = ChoiceBad
        self._report(self.errors, found, bad, label)
        self._report(self.warnings, found, odd, label)
        return found.take(pa.array(results, pa.string()))

    def named(self, column: Column, found: Cells, words: Mapping[str, str], blank: str, trouble: Any, blank_trouble: Any, *, label: str) -> pa.Array:
        """Class of a local name; an unknown one is ``other``, warned of and counted."""
        results: list[str] = []
        odd: dict[int, Any] = {}
        bad: dict[int, Any] = {}
        for place, value in enumerate(found.values):
            key = fold(value)
            results.append(words.get(key, "other") if key else blank)
            if not key and column.cell_needed:
                bad[place] = CellBlank
            elif not key and blank_trouble is not None:
                odd[place] = blank_trouble
            elif key and key not in words:
                odd[place] = trouble
        strange = [place for place, why in odd.items() if why is trouble]
        if strange:
            counts = np.bincount(found.indices, minlength=len(found.values))
            self.unknown[column.header] = {found.values[place].strip(_TRIM): int(counts[place]) for place in strange if counts[place]}
        self._report(self.errors, found, bad, label)
        self._report(self.warnings, found, odd, label)
        return found.take(pa.array(results, pa.string()))

    def number(self, column: Column, found: Cells, kinds: Cells | None, damaged_cells: Any, *, label: str) -> dict[str, pa.Array]:
        """``number, number_ok, damaged, id_raw``. ``damaged_cells``: data rows whose workbook cell was a number of more than 15 digits."""
        documents = _documents(kinds)
        if kinds is None:
            distinct, places = np.arange(len(found.values)), found.indices
        else:
            pairs = found.indices.astype(np.int64) * len(documents) + kinds.indices
            distinct, places = np.unique(pairs, return_inverse=True)
        normal, good, spoilt = [], [], []
        for pair in distinct:
            raw, document = found.values[pair // len(documents)], documents[pair % len(documents)]
            judged = identity.judge(raw, document)
            hurt = identity.looks_damaged(raw) or identity.lost_digits(judged)
            normal.append(judged.normal)
            good.append(judged.ok and not hurt)
            spoilt.append(hurt)
        ok = np.array(good, bool)[places] if len(distinct) else np.array([], bool)
        hurt_rows = np.array(spoilt, bool)[places] if len(distinct) else np.array([], bool)
        if len(damaged_cells):
            hurt_rows[damaged_cells] = True
            ok[damaged_cells] = False
        blank = found.flags(lambda value: not cells.squash(value))
        self._warn(hurt_rows, found, DamagedNumber, label)
        self._warn(~ok & ~hurt_rows & ~blank, found, NumberFails, label)
        if column.cell_needed:
            self._report(self.errors, found, {place: CellBlank for place, value in enumerate(found.values) if not cells.squash(value)}, label)
        return {
            "number": pa.array(normal, pa.string()).take(pa.array(places)),
            "number_ok": pa.array(ok),
            "damaged": pa.array(hurt_rows),
            "id_raw": found.take(pa.array([value.strip(_TRIM) for value in found.values], pa.string())),
        }

    def account(self, column: Column, found: Cells, damaged_cells: Any, *, label: str) -> pa.Array:
        """Bank account; one spoilt by a spreadsheet is '' (it matches nothing) with a warning that shows it."""
        hurt = found.flags(identity.looks_damaged)
        if len(damaged_cells):
            hurt[damaged_cells] = True
        self._warn(hurt, found, DamagedNumber, label)
        bad: dict[int, Any] = {place: CellTooLong for place, value in enumerate(found.values) if len(value) > LONGEST}
        if column.cell_needed:
            bad |= {place: CellBlank for place, value in enumerate(found.values) if not cells.squash(value)}
        self._report(self.errors, found, bad, label)
        texts = found.take(pa.array([cells.account(value) for value in found.values], pa.string()))
        return pc.if_else(pa.array(hurt), "", texts) if hurt.any() else texts

    def _warn(self, mask: Any, found: Cells, trouble: Any, label: str) -> None:
        at = np.flatnonzero(mask)
        self.warnings.add(self.rows[at], label, trouble, found.texts(at))

    def _report(self, troubles: Troubles, found: Cells, bad: Mapping[int, Any], label: str) -> None:
        if not bad:
            return
        for trouble in dict.fromkeys(bad.values()):
            places = np.array([place for place, why in bad.items() if why is trouble])
            at = np.flatnonzero(np.isin(found.indices, places))
            troubles.add(self.rows[at], label, trouble, found.texts(at))

    def flag(self, mask: Any, label: str, trouble: Any, texts: Sequence[str] | Any) -> None:
        """An error found across columns: ``mask`` over the data rows, ``texts`` one a row."""
        at = np.flatnonzero(mask)
        self.errors.add(self.rows[at], label, trouble, np.asarray(texts, object)[at])


def _says_nothing(column: Column, value: str) -> bool:
    return cells.is_filler(value) or (column.kind in ("day", "day_or_month", "month") and cells.is_no_day(value))


def _documents(kinds: Cells | None) -> list[Document]:
    if kinds is None or not kinds.values:
        return [Document.RESIDENT]
    known = local_names("documents")
    return [Document(known.get(fold(value), "other")) if cells.squash(value) else Document.RESIDENT for value in kinds.values]


def parser(column: Column, scale: int, year: int | None = None) -> tuple[Callable[[str], Any], pa.DataType]:
    """How the cells of a plain typed column are read, and its Arrow type. ``year``: the one the title names, for months written without."""
    if column.kind == "amount":
        return partial(cells.amount, wan=scale != 1), pa.int64()
    if column.kind == "month":
        return partial(cells.month, year_ok=column.year, title_year=year), pa.int32()
    readers: dict[str, tuple[Callable[[str], Any], pa.DataType]] = {
        "fund": (cells.fund, pa.string()),
        "region": (cells.region, pa.string()),
        "day": (cells.day, pa.date32()),
        "day_or_month": (cells.day_or_month, pa.date32()),
        "integer": (cells.integer, pa.int32()),
    }
    return readers[column.kind]

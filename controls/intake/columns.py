"""Whole columns of one block: the judgements of distinct texts taken to the rows, with every error and warning at its row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import judges
from controls.intake.contracts import Column
from controls.intake.errors import CellBlank, CellTooLong, DamagedNumber, NumberFails
from controls.intake.mixing import hash_values
from controls.intake.numbers import Numbers
from controls.intake.texts import Cells, Judge, Results
from controls.intake.trouble import Troubles

__all__ = ["Cells", "Reading"]

MOST_UNKNOWN = 20_000
"""So many unknown local names are listed; further ones are only warned of."""


class Reading:
    """Reads the columns of one block: collects errors and warnings by row, and a hash of what each row says.

    ``rows``: body index of each data row, so that troubles name the right line. ``unknown``: header → local name → rows, of the whole file.
    """

    def __init__(self, rows: Any, unknown: dict[str, dict[str, int]]) -> None:
        self.rows = rows
        self.errors = Troubles()
        self.warnings = Troubles()
        self.unknown = unknown
        self.hashes = np.zeros(len(rows), np.uint64)

    def read(self, name: str, found: Cells, judge: Judge, kind: pa.DataType, *, label: str, told: bool = True) -> pa.Array:
        """A column by a judge: texts as a dictionary array, other types plain. ``told`` False for what only follows from a column read already."""
        results = found.texts.judged(f"{name}/{label}", judge, kind)
        if told:
            self.hashes += results.hashes(name)[found.indices]
        self._report(self.errors, found, results, results.errors if results.any_error else None, label)
        self._report(self.warnings, found, results, results.warnings if results.any_warning else None, label)
        return _taken(found.indices, results.values)

    def plain(self, column: Column, texts: pa.ChunkedArray, *, label: str) -> pa.ChunkedArray:
        """Text of a column with hardly a value twice (serials), without a dictionary."""
        trimmed = pc.utf8_trim(texts, characters=judges.TRIM)
        self._flag(pc.greater(pc.utf8_length(trimmed), judges.LONGEST), trimmed, CellTooLong, label)
        if column.cell_needed:
            self._flag(pc.equal(trimmed, ""), trimmed, CellBlank, label)
        if len(trimmed):
            self.hashes += np.concatenate([hash_values(chunk, column.id) for chunk in trimmed.chunks])
        return trimmed

    def named(self, column: Column, found: Cells, judge: Judge, trouble: Any, *, label: str, told: bool = True) -> pa.Array:
        """Classes of local names; the unknown ones (warned of with ``trouble``) are counted."""
        classes = self.read(f"{column.id}/class", found, judge, pa.string(), label=label, told=told)
        results = found.texts.judged(f"{column.id}/class/{label}", judge, pa.string())
        if trouble in results.troubles:
            strange = np.flatnonzero(results.warnings == results.troubles.index(trouble) + 1)
            counts = np.bincount(found.indices, minlength=len(results.warnings))[strange]
            names = self.unknown.setdefault(column.header, {}) if counts.any() else {}
            for name, count in zip(found.texts.array.take(pa.array(strange)).to_pylist(), counts.tolist(), strict=True):
                shown = name.strip(judges.TRIM)
                if count and (shown in names or len(names) < MOST_UNKNOWN):
                    names[shown] = names.get(shown, 0) + count
        return classes

    def number(self, column: Column, found: Cells, kinds: Cells | None, damaged_cells: Any, *, label: str) -> dict[str, pa.Array]:
        """``number, number_ok, damaged, id_raw``. ``damaged_cells``: data rows whose workbook cell was a number of more than 15 digits."""
        judged: Numbers = found.texts.keep("numbers", Numbers)
        places = judged.places(found, kinds)
        ok, hurt = judged.ok[places], judged.hurt[places]
        if len(damaged_cells):
            hurt[damaged_cells] = True
            ok[damaged_cells] = False
        blank = found.flags("blank", judges.is_blank, judges.maybe_blank)
        self._warn(hurt, found, DamagedNumber, label)
        self._warn(~ok & ~hurt & ~blank, found, NumberFails, label)
        if column.cell_needed and blank.any():
            at = np.flatnonzero(blank)
            self.errors.add(self.rows[at], label, CellBlank, found.shown(at))
        return {
            "number": pa.DictionaryArray.from_arrays(pa.array(places), judged.normal, safe=False),
            "number_ok": pa.array(ok),
            "damaged": pa.array(hurt),
            "id_raw": self.read("id_raw", found, judges.trimmed, pa.string(), label=label),
        }

    def account(self, column: Column, found: Cells, damaged_cells: Any, *, label: str) -> pa.Array:
        """Bank account; ``damaged_cells`` as in :meth:`number`, they read as ''."""
        texts = self.read(column.id, found, judges.account(column), pa.string(), label=label)
        if not len(damaged_cells):
            return texts
        told = found.texts.judged(f"{column.id}/{label}", judges.account(column), pa.string()).warnings
        fresh = damaged_cells[told[found.indices[damaged_cells]] == 0]
        self.warnings.add(self.rows[fresh], label, DamagedNumber, found.shown(fresh))
        codes = np.array(texts.indices)
        codes[damaged_cells] = len(texts.dictionary)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.concat_arrays([texts.dictionary, pa.array([""])]), safe=False)

    def flag(self, mask: Any, label: str, trouble: Any, texts: Sequence[str] | Any) -> None:
        """An error found across columns: ``mask`` over the data rows, ``texts`` one a row."""
        at = np.flatnonzero(mask)
        if len(at):
            self.errors.add(self.rows[at], label, trouble, np.asarray(texts, object)[at])

    def _flag(self, mask: Any, texts: Any, trouble: Any, label: str) -> None:
        at = np.flatnonzero(np.asarray(mask))
        if len(at):
            self.errors.add(self.rows[at], label, trouble, texts.take(pa.array(at)))

    def _warn(self, mask: Any, found: Cells, trouble: Any, label: str) -> None:
        at = np.flatnonzero(mask)
        if len(at):
            self.warnings.add(self.rows[at], label, trouble, found.shown(at))

    def _report(self, troubles: Troubles, found: Cells, results: Results, marks: Any, label: str) -> None:
        if marks is None:
            return
        of_rows = marks[found.indices]
        for place in np.unique(of_rows):
            if place:
                at = np.flatnonzero(of_rows == place)
                troubles.add(self.rows[at], label, results.troubles[place - 1], found.shown(at))


def _taken(codes: Any, values: pa.Array) -> pa.Array:
    if pa.types.is_string(values.type):
        return pa.DictionaryArray.from_arrays(pa.array(codes), values, safe=False)
    return values.take(pa.array(codes))

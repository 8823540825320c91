"""Canonical columns for looking over (逐列查看): distinct texts with their codes, so that seven million rows are judged by what they say, not one by one.

A big file's rows lie on disk; a column is read when it is asked for, and the last few stay at hand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from controls.intake.spool import Canonical

HELD, HELD_CODES = 2, 8
"""So many columns of a big file stay in memory at once, plain and as codes (four bytes a row)."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Distinct texts of a column (``values``, a string array) and for each row the index of its text."""

    values: pa.Array
    indices: Any

    def take(self, results: Any) -> Any:
        """Results of the distinct texts (numpy or Arrow), taken to the rows."""
        return np.asarray(results)[self.indices] if len(self.values) else np.zeros(len(self.indices), bool)


class Columns:
    """The columns of one file's canonical rows. Masks are numpy arrays of bool, one a row."""

    def __init__(self, rows: Canonical) -> None:
        self._rows = rows
        self._columns: OrderedDict[str, pa.ChunkedArray] = OrderedDict()
        self._codes: OrderedDict[str, Codes] = OrderedDict()
        self.num_rows = rows.num_rows
        self.column_names = rows.column_names

    def column(self, name: str) -> pa.ChunkedArray:
        """A column as it is."""
        if name not in self._columns:
            self._columns[name] = self._rows.column(name)
            self._drop(self._columns, HELD)
        self._columns.move_to_end(name)
        return self._columns[name]

    def codes(self, name: str) -> Codes:
        """A text column as distinct texts and codes."""
        if name not in self._codes:
            self._codes[name] = self._encoded(name)
            self._drop(self._codes, HELD_CODES)
        self._codes.move_to_end(name)
        return self._codes[name]

    def _encoded(self, name: str) -> Codes:
        """From disk the texts come as the dictionaries they were written with; those of several groups of rows are made one."""
        if self._rows.path is None:
            encoded = self.column(name).dictionary_encode()
        else:
            encoded = parquet.read_table(self._rows.path, columns=[name], read_dictionary=[name], pre_buffer=False).column(name).unify_dictionaries()
        if not encoded.num_chunks:
            return Codes(pa.array([], pa.string()), np.zeros(0, np.int32))
        return Codes(encoded.chunk(0).dictionary, np.concatenate([np.asarray(chunk.indices) for chunk in encoded.chunks]))

    def by(self, name: str, test: Callable[[pa.Array], Any]) -> Any:
        """Rows whose text passes; ``test`` is put to the array of distinct texts and gives a boolean array."""
        codes = self.codes(name)
        return codes.take(pc.fill_null(test(codes.values), False))

    def passing(self, name: str, test: Callable[[str], bool]) -> Any:
        """Rows whose text passes; ``test`` is put to each distinct text."""
        return self.by(name, lambda values: pa.array([test(text) for text in values.to_pylist()], pa.bool_()))

    def matching(self, name: str, pattern: str) -> Any:
        """Rows whose text matches a regular expression."""
        return self.by(name, lambda values: pc.match_substring_regex(values, pattern))

    def equal(self, name: str, value: str) -> Any:
        """Rows whose text is ``value``."""
        return self.by(name, lambda values: pc.equal(values, value))

    def flags(self, name: str) -> Any:
        """A boolean column as a mask; null is false."""
        return flat(self.column(name))

    def counts(self, name: str, mask: Any = None) -> dict[Any, int]:
        """Value → rows, most frequent first; blanks and nulls are left out."""
        if pa.types.is_string(self.column(name).type):
            codes = self.codes(name)
            numbers = np.bincount(codes.indices if mask is None else codes.indices[mask], minlength=len(codes.values))
            found = {value: int(number) for value, number in zip(codes.values.to_pylist(), numbers, strict=True) if number}
        else:
            column = self.column(name) if mask is None else self.column(name).filter(pa.array(mask))
            found = {row["values"]: row["counts"] for row in column.value_counts().to_pylist()}
        return {value: found[value] for value in sorted(found, key=lambda value: (-found[value], str(value))) if value not in (None, "")}

    def groups(self, names: Sequence[str]) -> list[tuple[tuple[str, ...], Any]]:
        """The rows of each combination of texts: the texts and their mask."""
        if not names:
            return [((), np.ones(self.num_rows, bool))]
        every = [self.codes(name) for name in names]
        joined = np.zeros(self.num_rows, np.int64)
        for codes in every:
            joined = joined * max(1, len(codes.values)) + codes.indices
        found = []
        for number in np.unique(joined):
            mask = joined == number
            first = int(np.argmax(mask))
            found.append((tuple(codes.values[int(codes.indices[first])].as_py() for codes in every), mask))
        return found

    def hits(self, mask: Any) -> tuple[Any, Any]:
        """Lines of the rows where the mask is true, each once and rising, and the first row of each."""
        at = np.flatnonzero(flat(mask))
        if not len(at):
            return at, at
        lines, first = np.unique(np.asarray(self.column("line"))[at], return_index=True)
        return lines, at[first]

    def texts(self, name: str, at: Any) -> list[str]:
        """The values at some rows, as text."""
        return ["" if value is None else str(value) for value in self.column(name).take(pa.array(at, pa.int64())).to_pylist()]

    def _drop(self, held: OrderedDict[str, Any], most: int) -> None:
        while self._rows.path is not None and len(held) > most:
            held.popitem(last=False)


def flat(column: Any) -> Any:
    """A mask or a column of whole numbers as a numpy array; null is false, or 0."""
    if isinstance(column, np.ndarray):
        return column
    return np.asarray(pc.fill_null(column, False) if pa.types.is_boolean(column.type) else pc.fill_null(column, 0))

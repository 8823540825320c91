"""The distinct texts of a column (各不相同的文字), met block by block. A row carries the code of its text; what follows from a text is found once.

That is what makes seven million rows fast with one definition of every rule: a rule is applied to texts, never to rows. Codes hold until
:meth:`Texts.codes` is called again; past :data:`MOST` texts all are forgotten, so that memory stays bounded where hardly a text comes twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.mixing import hash_values
from ledger.errors import Refusal

MOST = 1 << 20


@dataclass(slots=True)
class Judged:
    """What follows from some texts: one value a text, and the place of each text in error or in doubt → why."""

    values: pa.Array
    errors: dict[int, type[Refusal]] = field(default_factory=dict)
    warnings: dict[int, type[Refusal]] = field(default_factory=dict)


Judge = Callable[[pa.Array], Judged]


class Kept(Protocol):
    """Something that is derived from texts and grows with them."""

    def catch_up(self, texts: pa.Array) -> None:
        """Takes the texts it has not seen yet."""


class Results:
    """The judgements of all texts so far. ``errors`` and ``warnings``: uint8 a text, 0 for none, else one more than the index into ``troubles``."""

    def __init__(self, judge: Judge, kind: pa.DataType) -> None:
        self._judge = judge
        self._done = 0
        self._hashes = np.zeros(0, np.uint64)
        self.values = pa.array([], kind)
        self.troubles: list[type[Refusal]] = []
        self.errors = np.zeros(0, np.uint8)
        self.warnings = np.zeros(0, np.uint8)
        self.any_error = self.any_warning = False

    def catch_up(self, texts: pa.Array) -> None:
        """Judges what is new."""
        if self._done == len(texts):
            return
        fresh = self._judge(texts.slice(self._done))
        self.values = pa.concat_arrays([self.values, fresh.values]) if len(self.values) else fresh.values
        self.errors = np.concatenate([self.errors, self._marks(fresh.errors, len(fresh.values))])
        self.warnings = np.concatenate([self.warnings, self._marks(fresh.warnings, len(fresh.values))])
        self.any_error |= bool(fresh.errors)
        self.any_warning |= bool(fresh.warnings)
        self._done = len(texts)

    def _marks(self, found: dict[int, type[Refusal]], count: int) -> Any:
        marks = np.zeros(count, np.uint8)
        if found:
            known = {trouble: place + 1 for place, trouble in enumerate(self.troubles)}
            for trouble in found.values():
                if trouble not in known:
                    self.troubles.append(trouble)
                    known[trouble] = len(self.troubles)
            marks[np.fromiter(found, np.int64, len(found))] = [known[trouble] for trouble in found.values()]
        return marks

    def hashes(self, name: str) -> Any:
        """64 bits a value, equal for equal values of the column of this name."""
        if len(self._hashes) < len(self.values):
            self._hashes = np.concatenate([self._hashes, hash_values(self.values.slice(len(self._hashes)), name)])
        return self._hashes


class _Flags:
    def __init__(self, test: Callable[[str], bool], some: Callable[[pa.Array], Any]) -> None:
        self._test, self._some = test, some
        self.flags = np.zeros(0, bool)

    def catch_up(self, texts: pa.Array) -> None:
        """Only texts among which ``some`` finds any reason are tested one by one."""
        fresh = texts.slice(len(self.flags))
        flags = np.zeros(len(fresh), bool)
        at = np.flatnonzero(np.asarray(self._some(fresh)))
        if len(at):
            flags[at] = [self._test(value) for value in fresh.take(pa.array(at)).to_pylist()]
        self.flags = np.concatenate([self.flags, flags])


class Texts:
    """The distinct texts of one column. ``array``: text by code. ``coded``: the encoding of cells that still are bytes, '' for text."""

    def __init__(self, coded: str = "") -> None:
        self.array = pa.array([], pa.string())
        self._coded = coded
        self._keys = pa.array([], pa.binary())
        self._kept: dict[str, Kept] = {}

    @classmethod
    def of(cls, text: str) -> Texts:
        """One text, with code 0: a value given for a whole file."""
        made = cls()
        made.codes(pa.chunked_array([[text]], pa.string()))
        return made

    def __len__(self) -> int:
        return len(self.array)

    def codes(self, column: pa.ChunkedArray) -> Any:
        """The code of each cell, int32; new texts get new codes. Raises UnicodeDecodeError."""
        if len(self._keys) > MOST:
            self.array, self._keys, self._kept = pa.array([], pa.string()), pa.array([], pa.binary()), {}
        return self._encoded(column)

    def _encoded(self, column: pa.ChunkedArray) -> Any:
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        cells = pa.chunked_array([chunk.view(pa.binary()) for chunk in column.chunks], pa.binary())
        found = pc.index_in(cells, value_set=self._keys)
        codes = np.concatenate([np.asarray(pc.fill_null(chunk, -1)) for chunk in found.chunks]) if found.num_chunks else np.zeros(0, np.int32)
        if found.null_count:
            codes[codes < 0] = len(self._keys) + self._add(cells if found.null_count == len(found) else cells.filter(pc.is_null(found)))
        return codes

    def _add(self, cells: pa.ChunkedArray) -> Any:
        encoded = cells.dictionary_encode()
        fresh = encoded.chunk(0).dictionary
        texts = pa.array([key.decode(self._coded) for key in fresh.to_pylist()], pa.string()) if self._coded else _proved(fresh.view(pa.string()))
        self._keys = pa.concat_arrays([self._keys, fresh]) if len(self._keys) else fresh
        self.array = pa.concat_arrays([self.array, texts]) if len(self.array) else texts
        return np.concatenate([np.asarray(chunk.indices) for chunk in encoded.chunks])

    def code(self, text: str) -> int:
        """The code of one text; codes already given stay."""
        return int(self._encoded(pa.chunked_array([pa.array([text.encode(self._coded)], pa.binary()) if self._coded else pa.array([text])]))[0])

    def keep(self, key: str, make: Callable[[], Any]) -> Any:
        """What is kept under ``key`` (made the first time), caught up with the texts."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = make()
        kept.catch_up(self.array)
        return kept

    def judged(self, key: str, judge: Judge, kind: pa.DataType) -> Results:
        """The texts judged; ``key`` names the judgement."""
        results: Results = self.keep(key, lambda: Results(judge, kind))
        return results

    def flags(self, key: str, test: Callable[[str], bool], some: Callable[[pa.Array], Any]) -> Any:
        """Per text, whether it passes ``test``; ``some`` marks those that may, by a quick look at all."""
        return self.keep(key, lambda: _Flags(test, some)).flags

    def mapped(self, key: str, change: Callable[[pa.Array], pa.Array]) -> Texts:
        """Other texts under the same codes."""
        mapped: _Mapped = self.keep(key, lambda: _Mapped(change))
        return mapped


def _proved(texts: pa.Array) -> pa.Array:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid as error:
        raise UnicodeDecodeError("utf-8", b"", 0, 0, str(error)) from error
    return texts


class _Mapped(Texts):
    def __init__(self, change: Callable[[pa.Array], pa.Array]) -> None:
        super().__init__()
        self._change = change

    def catch_up(self, texts: pa.Array) -> None:
        """Changes what is new."""
        if len(self.array) < len(texts):
            fresh = self._change(texts.slice(len(self.array)))
            self.array = pa.concat_arrays([self.array, fresh]) if len(self.array) else fresh


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of some rows: its texts, and the code of each row's."""

    texts: Texts
    indices: Any

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def values(self) -> list[str]:
        """All texts, by code."""
        values: list[str] = self.texts.array.to_pylist()
        return values

    def rows(self, rows: Any) -> Cells:
        """Some rows."""
        return Cells(self.texts, self.indices[rows])

    def flags(self, key: str, test: Callable[[str], bool], some: Callable[[pa.Array], Any]) -> Any:
        """Per row, whether its text passes; see :meth:`Texts.flags`."""
        flags = self.texts.flags(key, test, some)
        return flags[self.indices] if flags.any() else np.zeros(len(self.indices), bool)

    def shown(self, rows: Any) -> pa.Array:
        """The texts of some rows."""
        return self.texts.array.take(pa.array(self.indices[rows]))

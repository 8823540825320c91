"""Troubles of cells (单元格错误, 提示) kept as columns: a whole file in error costs no Python object a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ledger.errors import REGISTRY, Refusal
from ledger.identity.repairs import suggestion

SHOWN = 60
NUMBER_FAILS = "SB2132"
WHOLE_ROW = "整行"


NOTHING = pa.table({"line": pa.array([], pa.int32()), **{name: pa.array([], pa.string()) for name in ("column", "value", "code")}})


@dataclass(frozen=True, slots=True)
class CellError:
    """One trouble: physical line, header as found, value as given, stable code, and the Chinese sentence."""

    line: int
    column: str
    value: str
    code: str
    reason_zh: str


class Troubles:
    """Collects the troubles of one block while its columns are read: many rows at a time."""

    def __init__(self) -> None:
        self._rows: list[Any] = []
        self._said: list[tuple[str, str, Any]] = []

    def add(self, rows: Any, column: str, trouble: type[Refusal], values: Sequence[str] | Any) -> None:
        """``rows``: indices of body rows; ``values``: one text a row, a sequence or an Arrow array."""
        if len(rows) == 0:
            return
        texts = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values, pa.string())
        self._rows.append(np.asarray(rows, np.int64))
        self._said.append((column, trouble.code, texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts))

    def rows(self) -> Any:
        """Indices of body rows in trouble, each once, rising."""
        return np.unique(np.concatenate(self._rows)) if self._rows else np.array([], np.int64)

    def table(self, lines: Any, without: Any = None) -> pa.Table:
        """``line, column, value, code`` by line, in order of the columns within one. Rows in ``without`` are dropped.

        A row that could not be split has that one trouble.
        """
        if not self._rows:
            return NOTHING
        rows = np.concatenate(self._rows)
        lengths = [len(each) for each in self._rows]
        order = np.argsort(rows, kind="stable")
        whole = np.repeat([column == WHOLE_ROW for column, _, _ in self._said], lengths)
        if whole.any():
            order = order[whole[order] | ~np.isin(rows[order], rows[whole])]
        if without is not None and len(without):
            order = order[~np.isin(rows[order], without)]
        at = pa.array(order)
        spread = pa.array(np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)).take(at)
        columns = {name: pa.array([said[place] for said in self._said], pa.string()).take(spread) for place, name in ((0, "column"), (1, "code"))}
        values = pa.concat_arrays([texts for _, _, texts in self._said]).take(at)
        return pa.table({"line": lines.take(pa.array(rows[order])), "column": columns["column"], "value": values, "code": columns["code"]})


def merged(table: pa.Table, more: pa.Table) -> pa.Table:
    """Two tables of troubles as one by line, those of the first before those of the second."""
    if not more.num_rows:
        return table if table.num_columns else NOTHING
    both = pa.concat_tables([table, more])
    return both.take(pa.array(np.argsort(np.asarray(both.column("line")), kind="stable")))


class CellErrors(Sequence[CellError]):
    """Read-only sequence of :class:`CellError` over an Arrow table ``line, column, value, code``."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, index: int) -> CellError: ...

    @overload
    def __getitem__(self, index: slice) -> list[CellError]: ...

    def __getitem__(self, index: int | slice) -> CellError | list[CellError]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return _error(*(self.table.column(name)[place].as_py() for name in ("line", "column", "value", "code")))

    def __iter__(self) -> Iterator[CellError]:
        for batch in self.table.to_batches(max_chunksize=10_000):
            for row in zip(*(batch.column(name).to_pylist() for name in ("line", "column", "value", "code")), strict=True):
                yield _error(*row)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def first(self, code: str) -> CellError:
        """The first with this code."""
        return self[int(np.flatnonzero(np.asarray(pc.equal(self.table.column("code"), code)))[0])]

    def lines(self) -> set[int]:
        """The lines in trouble."""
        return set(self.table.column("line").unique().to_pylist())

    def counts(self) -> dict[str, int]:
        """Code → how many, most frequent first."""
        found = self.table.column("code").value_counts().to_pylist()
        return {row["values"]: row["counts"] for row in sorted(found, key=lambda row: (-row["counts"], row["values"]))}


def _error(line: int, column: str, value: str, code: str) -> CellError:
    shown = value if len(value) <= SHOWN else value[:SHOWN] + "…"
    said = REGISTRY[code].zh.format(column=column, value=shown)
    # What the number may have been is said and never applied.
    hint = suggestion(value) if code == NUMBER_FAILS else ""
    return CellError(line, column, value, code, f"{said.removesuffix('。')}；{hint}。" if hint else said)

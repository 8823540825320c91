"""Reading Parquet with the same column names as the CSV. The names stand for line 1, so rows carry the lines they would have in a CSV."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.sheets.body import BLOCK, EXACT_DIGITS, MOST_COLUMNS, MOST_ROWS, Body, TopRow, cell_text
from ledger.sheets.errors import BadWorkbook, HalfWritten, TooLarge
from ledger.sheets.facts import SheetFacts

_BATCH = 131_072
_CELL = 12


class ParquetSource:
    """A Parquet file of text or typed columns (whole numbers, decimals, dates, dictionaries)."""

    kind = "parquet"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        self.path = path
        self.sheets = [""]
        try:
            self._file = parquet.ParquetFile(path, page_checksum_verification=True, buffer_size=1 << 20, pre_buffer=False)
        except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
            raise HalfWritten(file=path.name, why="Parquet 尾部残缺，没有写完") from error
        found = self._file.metadata.num_rows
        if found > MOST_ROWS:
            raise TooLarge(file=path.name, what="行数", found=found, limit=MOST_ROWS)
        if len(self._file.schema_arrow) > MOST_COLUMNS:
            raise TooLarge(file=path.name, what="列数", found=len(self._file.schema_arrow), limit=MOST_COLUMNS)

    def top(self, sheet: str = "") -> list[TopRow]:
        return [TopRow(1, tuple(self._file.schema_arrow.names))]

    def merged_heads(self, sheet: str = "") -> list[tuple[int, int, int, int]]:
        return []

    def facts(self, sheet: str = "") -> SheetFacts:
        return SheetFacts()

    def left(self, sheet: str = "") -> int:
        return 0

    def body(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), fill: frozenset[int] = frozenset()) -> Body:
        return next(self.bodies(sheet, head_line, width, plain=frozenset(range(width)), block=1 << 62))

    def bodies(self, sheet: str, head_line: int, width: int, *, plain: frozenset[int] = frozenset(), block: int = BLOCK) -> Iterator[Body]:
        """The rows in blocks of about ``block`` bytes of text; at least one, be it empty. Raises SB2006 and SB2007.

        Of texts that are not ``plain`` the bytes are not proved to be UTF-8: that is left to whoever looks at each distinct text.
        """
        import pyarrow as pa

        wanted = self._rows_of(block)
        gathered: list[Any] = []
        count, before = 0, 0
        whole = max(1, self._file.metadata.num_rows)
        for batch in self._batches(wanted, plain):
            gathered.append(batch)
            count += batch.num_rows
            if count >= wanted:
                yield self._block(pa.Table.from_batches(gathered), before, before + count, whole)
                before, count, gathered = before + count, 0, []
        if gathered or not before:
            table = pa.Table.from_batches(gathered) if gathered else self._file.schema_arrow.empty_table()
            yield self._block(table, before, before + count, whole)

    def _rows_of(self, block: int) -> int:
        """Rows that take about ``block`` bytes when they are laid out."""
        found = self._file.metadata
        unpacked = sum(found.row_group(number).total_byte_size for number in range(found.num_row_groups))
        return int(max(1, min(found.num_rows or 1, block // max(1, unpacked // max(1, found.num_rows), _CELL * found.num_columns))))

    def _batches(self, rows: int, plain: frozenset[int]) -> Iterator[Any]:
        import pyarrow as pa

        try:
            for batch in self._file.iter_batches(batch_size=min(rows, _BATCH)):
                batch.validate()
                for number, column in enumerate(batch.columns):
                    if number in plain or not pa.types.is_string(column.type):
                        column.validate(full=True)
                yield batch
        except (pa.ArrowException, OSError, MemoryError, ValueError) as error:
            raise HalfWritten(file=self.path.name, why="Parquet 内容残缺") from error

    def _block(self, table: Any, first: int, last: int, whole: int) -> Body:
        import numpy as np
        import pyarrow as pa

        body = Body([], pa.array(np.arange(first + 2, last + 2, dtype=np.int32)), position=self.path.stat().st_size * last // whole)
        for number, column in enumerate(table.columns):
            text, damaged = _as_text(self.path, table.column_names[number], column)
            body.columns.append(text)
            if len(damaged):
                body.damaged[number] = array("q", damaged.tolist())
        return body


def _as_text(path: Path, name: str, column: Any) -> tuple[Any, Any]:
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute as pc

    none = np.array([], np.int64)
    kind = column.type
    if pa.types.is_dictionary(kind) and (pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind):
        return (pc.fill_null(column, "") if column.null_count else column), none
    if pa.types.is_nested(kind):
        raise BadWorkbook(file=path.name, why=f"列“{name}”是嵌套结构")
    if pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return pc.fill_null(column.cast(pa.string()), ""), none
    damaged = none
    if pa.types.is_floating(kind):
        large = pc.fill_null(pc.greater_equal(pc.abs(column), pa.scalar(EXACT_DIGITS, kind)), False)
        damaged = np.flatnonzero(large.to_numpy())
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    texts = pa.array([cell_text(value) for value in encoded.dictionary.to_pylist()], pa.string())
    if len(texts) == 0:
        return pa.chunked_array([pa.repeat("", len(column)).cast(pa.string())]), damaged
    return pa.chunked_array([pc.fill_null(texts.take(encoded.indices), "")]), damaged

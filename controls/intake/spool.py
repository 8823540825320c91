"""What is read and must not stay in memory (暂存): canonical rows as a Parquet file, troubles and rejected cells as a mapped Arrow file.

Small files stay in memory. The files are readable by their owner alone and vanish with the object, or when the program ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

HELD_ROWS = 1 << 18
HELD_BYTES = 1 << 26
GROUP = 1 << 20
_STATISTICS = frozenset(("fund", "region", "item_class", "period", "paid_month", "paid_on", "status", "year", "level"))


def _private(suffix: str, folder: Path | None) -> Path:
    handle, name = tempfile.mkstemp(prefix=".shebao-", suffix=suffix, dir=folder)
    os.close(handle)
    return Path(name)


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)


class Canonical:
    """The canonical rows of one file, laid down block by block, then read as often as wanted. Raises OSError where nothing can be written.

    ``path``: the Parquet file, None while the rows are few and stay in memory. ``folder``: where it is put (the system's folder for
    temporary files by default); :meth:`save` moves it to its place.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: list[pa.Table] = []
        self._writer: Any = None
        self._pool: ThreadPoolExecutor | None = None
        self._pending: Future[None] | None = None
        self._table: pa.Table | None = None
        self._end: Any = None
        self.path: Path | None = None
        self.num_rows = 0
        self.schema = pa.schema([])

    @classmethod
    def of(cls, table: pa.Table) -> Canonical:
        """Rows that are in memory already."""
        made = cls()
        made.add(table)
        made.finish()
        return made

    def add(self, table: pa.Table) -> None:
        """Lays down the rows of the next block; texts may be dictionary arrays. Writing goes on beside the reader, one block at a time."""
        if not self._held and not self.num_rows:
            self.schema = pa.schema([pa.field(field.name, _plain(field.type)) for field in table.schema])
        self.num_rows += table.num_rows
        if self._writer is None and self.num_rows <= HELD_ROWS:
            self._held.append(table)
            return
        if self._writer is None:
            self._open(table.schema)
        for each in (*self._held, table):
            if each.num_rows:
                self._wait()
                assert self._pool is not None
                self._pending = self._pool.submit(self._write, each)
        self._held = []

    def _open(self, schema: pa.Schema) -> None:
        self.path = _private(".parquet", self._folder)
        self._end = weakref.finalize(self, _discard, self.path)
        self._writer = parquet.ParquetWriter(self.path, schema, **options(schema))
        self._pool = ThreadPoolExecutor(1, "spool")

    def _write(self, table: pa.Table) -> None:
        self._writer.write_table(table, row_group_size=GROUP)

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None

    def finish(self) -> None:
        """Closes the file; nothing more is added."""
        if self._writer is None:
            self._table = pa.concat_tables([_decoded(table) for table in self._held]) if self._held else pa.table({})
            self._held = []
        else:
            self.close()

    def discard(self) -> None:
        """Removes what was written, when the reading failed."""
        # What could not be written is not wanted any more.
        with suppress(OSError):
            self.close()
        if self._end is not None:
            self._end()

    def close(self) -> None:
        """Ends the writing, whether or not all is written; the file itself goes with the object."""
        if self._pool is not None:
            try:
                self._wait()
            finally:
                self._pool.shutdown()
                self._pool = None
                self._writer.close()

    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""
        names: list[str] = self.schema.names
        return names

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """All rows, of some columns: a big file's do not belong in memory all at once."""
        if self._table is not None:
            return self._table if columns is None else self._table.select(list(columns))
        return parquet.read_table(self._place(), columns=None if columns is None else list(columns), pre_buffer=False).cast(
            self.schema if columns is None else pa.schema([self.schema.field(name) for name in columns])
        )

    def column(self, name: str) -> pa.ChunkedArray:
        """One column."""
        return self.table([name]).column(name)

    def slice(self, first: int, length: int) -> pa.Table:
        """Some rows, the first being 0; few of them."""
        if self._table is not None:
            return self._table.slice(first, length)
        parts, before = [], 0
        for batch in self.batches(rows=max(1_000, length)):
            if before + batch.num_rows > first and before < first + length:
                low = max(0, first - before)
                parts.append(batch.slice(low, first + length - before - low))
            before += batch.num_rows
            if before >= first + length:
                break
        return pa.Table.from_batches(parts, self.schema)

    def batches(self, columns: Sequence[str] | None = None, rows: int = HELD_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows in order, some at a time."""
        if self._table is not None:
            yield from (self._table if columns is None else self._table.select(list(columns))).to_batches(max_chunksize=rows)
            return
        with parquet.ParquetFile(self._place(), buffer_size=1 << 20, pre_buffer=False) as file:
            yield from file.iter_batches(batch_size=rows, columns=None if columns is None else list(columns))

    def _place(self) -> Path:
        if self.path is None:
            raise ValueError("nothing was laid down")
        return self.path

    def save(self, place: Path) -> None:
        """The rows as a Parquet snapshot at ``place``, readable by its owner alone. A big file's is moved there and read from there ever after."""
        if self.path is None:
            assert self._table is not None
            parquet.write_table(self._table, place, row_group_size=GROUP, **options(self._table.schema))
        elif self._end.alive:
            try:
                os.replace(self.path, place)
            except OSError:
                shutil.copyfile(self.path, place)
                self.path.unlink()
            self._end.detach()
            self.path = place
        else:
            # Saved before: that place is not ours to empty.
            shutil.copyfile(self.path, place)
        place.chmod(0o600)

    def moved(self, place: Path) -> None:
        """Says that whoever saved the rows has moved them on to ``place``."""
        if self.path is not None:
            self.path = place

    @property
    def source(self) -> pa.Table | Path:
        """The table of a small file, the Parquet file of a big one: as checks and coverage take it."""
        return self._table if self._table is not None else self._place()


def options(schema: pa.Schema) -> dict[str, Any]:
    """How canonical Parquet is written: the same rows always give the same bytes. Texts that hardly repeat (codes) get no dictionary."""
    coded = any(pa.types.is_dictionary(kind) for kind in schema.types)
    repeating = [field.name for field in schema if field.name != "line" and not (coded and pa.types.is_string(field.type))]
    return {
        "compression": "zstd", "compression_level": 1, "store_schema": False, "use_dictionary": repeating,
        "column_encoding": {"line": "DELTA_BINARY_PACKED"} if "line" in schema.names else None,
        "write_statistics": [name for name in schema.names if name in _STATISTICS],
    }  # fmt: skip


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _decoded(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([pa.field(field.name, _plain(field.type)) for field in table.schema]))


class Pile:
    """Tables of one shape that come one after another: in memory while they are small, else in an Arrow file that is mapped, not loaded."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: list[pa.Table] = []
        self._bytes = 0
        self._writer: Any = None
        self._end: Any = None
        self._path: Path | None = None

    def add(self, table: pa.Table) -> None:
        """Takes the next rows."""
        if not table.num_rows and self._held:
            return
        if self._writer is not None:
            self._writer.write_table(table)
            return
        self._held.append(table)
        self._bytes += table.nbytes
        if self._bytes > HELD_BYTES:
            self._path = _private(".arrow", self._folder)
            self._writer = pa.ipc.new_file(str(self._path), table.schema)
            for each in self._held:
                self._writer.write_table(each)
            self._held = [table.slice(0, 0)]

    def finish(self) -> pa.Table:
        """All rows."""
        if self._writer is None:
            return pa.concat_tables(self._held) if self._held else pa.table({})
        self._writer.close()
        mapped = pa.memory_map(str(self._path))
        found = pa.ipc.open_file(mapped).read_all()
        # A mapped file stays readable after its name is gone, except on Windows, where it goes when the program ends.
        if os.name == "nt":
            weakref.finalize(mapped, _discard, Path(str(self._path)))
        else:
            _discard(Path(str(self._path)))
        return found

    def discard(self) -> None:
        """Removes what was written, when the reading failed."""
        if self._writer is not None and self._path is not None:
            self._writer.close()
            _discard(self._path)


def piled(tables: Iterable[pa.Table]) -> pa.Table:
    """Tables of one shape as one."""
    pile = Pile()
    for table in tables:
        pile.add(table)
    return pile.finish()

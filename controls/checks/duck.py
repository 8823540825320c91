"""The embedded engine: DuckDB over canonical tables and Parquet snapshots, nothing copied before it must be.

The only module beside :mod:`controls.checks.candidates` that speaks DuckDB's own dialect; the rules do not.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from controls.checks.engine import Source, arm, like_any
from controls.checks.errors import NotCanonical
from controls.checks.room import Room, full, machine
from controls.checks.schema import empty

if TYPE_CHECKING:
    import duckdb

__all__ = ["Duck", "Source", "like_any"]

_GROUP = 150
"""Bytes of one group of payments: its number as text, a dozen whole numbers, its place in the table of groups (134 by measurement)."""
_IN_MEMORY = 150_000
"""So many rows of a rule (some 30 MB) come over without being put away."""
_SIFTED = 400_000
"""So many rows sifted out of all payments (some 90 MB) stay where they came over, unless memory is limited."""

_TYPES = {"string": "VARCHAR", "int32": "INTEGER", "int64": "BIGINT", "bool": "BOOLEAN", "date32": "DATE"}


def sql_error() -> type[Exception]:
    """What this engine raises when a query is wrong or the data cannot be reckoned so."""
    import duckdb

    return duckdb.Error


class Duck:
    """One session of the engine. Use as a context manager; nothing is written to disk but what does not fit in memory, in a folder of the session's own."""

    name = "duckdb"

    def __init__(self, *, threads: int | None = None, room: Room | None = None) -> None:
        import duckdb

        self._room = room or Room()
        self._folder = self._room.folder()

        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "temp_directory": str(self._folder),
        }  # fmt: skip
        if threads is not None:
            settings["threads"] = str(threads)
        if self._room.engine is not None:
            settings["memory_limit"] = f"{self._room.engine}MB"
        self._duck: duckdb.DuckDBPyConnection = duckdb.connect(":memory:", config=settings)
        self._duck.execute("SET preserve_insertion_order = false")
        # The snapshots stand still while a session reads them; their footers are asked for by every query.
        self._duck.execute("SET parquet_metadata_cache = true")
        self._names = 0
        self._sifted: dict[str, str] = {}
        self._files: set[str] = set()

    def __enter__(self) -> Duck:
        return self

    def __exit__(self, *_: object) -> None:
        self._duck.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def _within(self) -> Iterator[None]:
        """Says in words of this office that the room did not suffice. Raises SB3392."""
        import duckdb

        try:
            yield
        except duckdb.OutOfMemoryException as wrong:
            raise self._room.exceeded() from wrong
        except duckdb.IOException as wrong:
            if "No space left" in str(wrong):
                raise self._room.exceeded() from wrong
            raise
        except OSError as wrong:
            if full(wrong):
                raise self._room.exceeded() from wrong
            raise

    def run(self, sql: str) -> None:
        """Executes a statement that yields nothing. Raises SB3392, as all that reads."""
        with self._within():
            self._duck.execute(sql)

    def table(self, name: str, *queries: str) -> None:
        """Keeps the rows of queries under ``name``."""
        self.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {queries[0]}")
        for query in queries[1:]:
            self.run(f"INSERT INTO {name} {query}")

    def parts(self, groups: int) -> int:
        """In how many parts so many groups are made: each is to fit in a third of the memory there is.

        Groups that do not fit would be written out row for row as they come, and what the engine keeps of each stretch written out grows with the rows.
        """
        memory = self._room.engine or machine()
        return 1 if memory is None else max(1, -(-groups * _GROUP * 3 // (memory * 1_000_000)))

    def sifted(self, name: str, query: str, *, again: bool) -> None:
        """Keeps the few rows that a query takes out of very many, until ``name`` stands for something else; a few at a time they are slow to keep."""
        kept, lies = f"sifted_{name}", self._folder / "sifted.arrow"
        most = _SIFTED if self._room.engine is None else _IN_MEMORY
        with self._within():
            first, more = self._streamed(query, lies, most)
            self.register(kept, first)
            self.view(name, f"SELECT * FROM {kept}")
            if not more:
                self._sifted[name] = f"DROP VIEW {kept}"
                return
            self.table(f"{kept}_table", f"SELECT * FROM {kept}")
            del first
            for batch in _lying(lies):
                self.register(kept, batch)
                self.run(f"INSERT INTO {kept}_table SELECT * FROM {kept}")
        self.view(name, f"SELECT * FROM {kept}_table")
        self.run(f"DROP VIEW {kept}")
        self._sifted[name] = f"DROP TABLE {kept}_table"

    def view(self, name: str, query: str) -> None:
        """Lets ``name`` stand for a query."""
        self._duck.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")
        if name in self._sifted:
            self._duck.execute(self._sifted.pop(name))

    def fetch(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table."""
        with self._within():
            relation: Any = self._duck.sql(sql)
            table: pa.Table = relation.to_arrow_table() if hasattr(relation, "to_arrow_table") else relation.fetch_arrow_table()
        return table

    def ordered(self, sql: str, by: Sequence[str], most: int) -> Iterator[pa.Table]:
        """The rows of a query in order, ``most`` at a time; those after the first lie in the session's folder, so that others may be asked meanwhile."""
        rest = self._folder / "ordered.arrow"
        with self._within():
            first, more = self._streamed(f"SELECT * FROM ({sql}\n) q ORDER BY COLUMNS('^({'|'.join(by)})$')", rest, _IN_MEMORY, most)
        yield from (first.slice(start, most) for start in range(0, max(first.num_rows, 1), most))
        if more:
            del first
            yield from _lying(rest)

    def _streamed(self, sql: str, rest: Path, first: int, most: int | None = None) -> tuple[pa.Table, bool]:
        """The ``first`` rows of a query, and whether there are more: those lie in a file, ``most`` at a time."""
        rows: Any = self._duck.sql(sql)
        reader = rows.to_arrow_reader(first) if hasattr(rows, "to_arrow_reader") else rows.fetch_arrow_reader(first)
        head = next(reader, None)
        return pa.Table.from_batches([] if head is None else [head], reader.schema), head is not None and _put_away(reader, rest, most or first)

    def values(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a small query as tuples."""
        with self._within():
            return self._duck.execute(sql).fetchall()

    def whole(self, amount: str, by: str) -> str:
        """The SQL of a whole quotient."""
        return f"({amount} // {by})"

    def bit(self, place: str) -> str:
        """The SQL of a word with one bit set."""
        return f"(CAST(1 AS BIGINT) << {place})"

    def mark(self, columns: str) -> str:
        """The SQL of a number of 64 bits that stands for the values of columns."""
        return f"hash({columns})"

    def register(self, name: str, table: pa.Table) -> None:
        """Makes an Arrow table readable under ``name`` without copying it."""
        self._duck.register(name, table)

    def register_sources(self, contract: str, sources: Sequence[Source], *, planned: pa.Table | None = None) -> None:
        """The view ``contract`` over tables and Parquet snapshots; ``part`` numbers them from 0.

        A ``planned`` payments table (roster lines as payments, with ``seq``) becomes the last part.
        """
        arms = self._arms(contract, list(sources) or [empty(contract)])
        if contract == "payments":
            arms = [(f"{head}, FALSE AS planned, 0 AS seq", tail) for head, tail in arms]
            if planned is not None:
                ((head, tail),) = self._arms(contract, [planned], first=max(len(sources), 1))
                arms.append((f"{head}, TRUE AS planned, CAST(seq AS INTEGER) AS seq", tail))
        self.view(contract, " UNION ALL ".join(head + tail for head, tail in arms))

    def seal(self) -> None:
        """From here on only the snapshots given and the session's own folder can be read or written, whatever a query says; it cannot be undone."""
        files = ", ".join(sorted(self._files))
        self._duck.execute(f"SET allowed_paths = [{files}]")
        self._duck.execute("SET enable_external_access = false")
        self._duck.execute("SET lock_configuration = true")

    def _arms(self, contract: str, sources: Sequence[Source], *, first: int = 0) -> list[tuple[str, str]]:
        """A SELECT for each source, or for a run of Parquet files with the same columns: one reader over all of them, else each would keep its own memory."""
        runs: list[tuple[int, dict[str, str], list[str]]] = []
        for part, source in enumerate(sources, start=first):
            relation = self._relation(source)
            have = {str(row[0]): str(row[1]) for row in self.values(f"DESCRIBE SELECT * FROM {relation}")}
            if runs and isinstance(source, Path) and isinstance(sources[part - first - 1], Path) and list(runs[-1][1].items()) == list(have.items()):
                runs[-1][2].append(relation)
            else:
                runs.append((part, have, [relation]))
        return [self._arm(contract, *run) for run in runs]

    def _relation(self, source: Source) -> str:
        if isinstance(source, Path):
            self._files.add(_quoted(source))
            return f"read_parquet([{_quoted(source)}])"
        self._names += 1
        self.register(f"given_{self._names}", source)
        return f"given_{self._names}"

    def _arm(self, contract: str, part: int, have: dict[str, str], relations: list[str]) -> tuple[str, str]:
        head, missing = arm(contract, part, have, _TYPES)
        if missing:
            raise NotCanonical(contract=contract, missing="、".join(missing))
        if len(relations) == 1:
            return head, f" FROM {relations[0]}"
        files = ", ".join(one.removeprefix("read_parquet([").removesuffix("])") for one in relations)
        return head.replace(f"CAST({part} AS INTEGER)", f"CAST(file_index + {part} AS INTEGER)", 1), f" FROM read_parquet([{files}])"


def _put_away(reader: pa.RecordBatchReader, path: Path, most: int) -> bool:
    """Writes what is left to a file, ``most`` rows at a time; False when nothing is."""
    batch = next(reader, None)
    if batch is None:
        return False
    with pa.OSFile(str(path), "wb") as lies, pa.ipc.new_stream(lies, reader.schema) as kept:
        while batch is not None:
            for start in range(0, batch.num_rows, most):
                kept.write_batch(batch.slice(start, most))
            batch = next(reader, None)
    return True


def _lying(path: Path) -> Iterator[pa.Table]:
    """What :func:`_put_away` wrote, a stretch at a time; then the file is gone."""
    with pa.OSFile(str(path)) as lies, pa.ipc.open_stream(lies) as kept:
        for batch in kept:
            yield pa.Table.from_batches([batch])
    path.unlink()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"

"""The cluster engine: Apache Spark over the same canonical tables and Parquet snapshots, with the same SQL texts as on one machine.

Needs the extra ``shebao[spark]`` and a Java runtime (17). Only what the driver must see is brought to it: reversals, deaths and terms of people who are paid,
and the rows of the findings. What Java has to say of a failure is put in words of this office (:mod:`audit.spark_failures`).
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from audit.errors import EngineNotReady
from audit.spark_failures import refusal, said
from audit.spark_watch import Watch
from controls.checks.engine import Source, arm
from controls.checks.errors import NotCanonical
from controls.checks.room import Room
from controls.checks.schema import empty

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
_TYPES = {"string": "STRING", "int32": "INT", "int64": "BIGINT", "bool": "BOOLEAN", "date32": "DATE"}
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.maxPlanStringLength": "10000",
}
_ALONE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "16"}
"""What counts where driver and workers are one process."""


class Spark:
    """One session. Use as a context manager; ``master`` is Spark's (``local[2]``, ``spark://…``, ``yarn``).

    ``room``: the memory of the driver, and the folder in which the rest lies. On a cluster the rows that are kept go there when it is told: a folder that every
    worker sees, so that the loss of one costs nothing but time. ``settings``: further ones of Spark's, by their names. Raises SB5016.
    """

    name = "spark"

    def __init__(self, *, master: str | None = None, room: Room | None = None, settings: Mapping[str, str] | None = None) -> None:
        try:
            with _quiet():
                from pyspark.sql import SparkSession
        except ImportError as missing:
            raise EngineNotReady(engine="spark", why="没有安装 pyspark（pip install 'shebao[spark]'）") from missing
        told, self._room = master or LOCAL, room or Room()
        alone = told.startswith("local")
        self._shared = not alone and self._room.temp is not None
        self._running = SparkSession.getActiveSession()
        if self._running is not None and self._running.sparkContext.master != told:
            raise EngineNotReady(engine="spark", why=f"本进程已有 {self._running.sparkContext.master} 上的会话")
        self._folder = self._room.folder()
        chosen = {**_SETTINGS, **(_ALONE | {"spark.local.dir": str(self._folder)} if alone else {}), **(settings or {})}
        memory = self._room.memory or (_most() if alone else None)
        if memory:
            chosen["spark.driver.memory"] = f"{memory}m"
        builder: Any = SparkSession.builder
        for name, value in chosen.items():
            builder = builder.config(name, value)
        try:
            with _java_apart(self._folder / "java.log"):
                self._spark: SparkSession = builder.master(told).appName("shebao").getOrCreate()
        except Exception as wrong:
            why = _first_error(self._folder / "java.log") or said(wrong)
            shutil.rmtree(self._folder, ignore_errors=True)
            raise EngineNotReady(engine="spark", why=f"不能启动：{why}") from wrong
        if self._shared:
            self._spark.sparkContext.setCheckpointDir(self._folder.as_uri())
        self._names = 0
        self._watch = None if alone else Watch(self._spark.sparkContext)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        from py4j.protocol import Py4JError

        try:
            if self._watch is not None:
                self._watch.close()
            if self._running is None:
                self._spark.stop()
        except (Py4JError, OSError):
            pass  # It went away by itself; that was said where it was noticed.
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def table(self, name: str, *queries: str) -> None:
        """Works the rows of queries out now and keeps them in memory, what does not fit on disk.

        How they came about is forgotten, so that the plans of what reads them stay small.
        """
        with _translated(self._room):
            rows = self._spark.sql(" UNION ALL ".join(queries))
            (rows.checkpoint(eager=True) if self._shared else rows.localCheckpoint(eager=True)).createOrReplaceTempView(name)

    def parts(self, groups: int) -> int:
        """One: the workers share the groups among themselves."""
        return 1

    def sifted(self, name: str, query: str, *, again: bool) -> None:
        """Keeps the rows of a query only when they are read more than once."""
        (self.table if again else self.view)(name, query)

    def view(self, name: str, query: str) -> None:
        """Lets ``name`` stand for a query."""
        with _translated(self._room):
            self._spark.sql(query).createOrReplaceTempView(name)

    def fetch(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table. Raises SB5020 to SB5023, as all that reads."""
        with _translated(self._room):
            found: pa.Table = self._spark.sql(sql).toArrow()
        return found

    def ordered(self, sql: str, by: Sequence[str], most: int) -> Iterator[pa.Table]:
        """The rows of a query in order, ``most`` at a time out of all that came over."""
        found = self.fetch(sql)
        named = [(name, "ascending") for name in by if name in found.column_names]
        rows = found.sort_by(named) if named else found
        yield from (rows.slice(start, most) for start in range(0, max(rows.num_rows, 1), most))

    def values(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a small query as tuples."""
        with _translated(self._room):
            return [tuple(row) for row in self._spark.sql(sql).collect()]

    def whole(self, amount: str, by: str) -> str:
        """The SQL of a whole quotient."""
        return f"({amount} DIV {by})"

    def bit(self, place: str) -> str:
        """The SQL of a word with one bit set."""
        return f"SHIFTLEFT(CAST(1 AS BIGINT), CAST({place} AS INT))"

    def mark(self, columns: str) -> str:
        """The SQL of a number of 64 bits that stands for the values of columns."""
        return f"XXHASH64({columns})"

    def register(self, name: str, table: pa.Table) -> None:
        """Sends an Arrow table to the workers under ``name``."""
        with _quiet(), _translated(self._room):
            self._spark.createDataFrame(_plain(table)).createOrReplaceTempView(name)

    def register_sources(self, contract: str, sources: Sequence[Source], *, planned: pa.Table | None = None) -> None:
        """The view ``contract`` over tables and Parquet snapshots; ``part`` numbers them from 0. Raises SB3203 for a source without its columns.

        Snapshots with the same columns are read as one, so that a file a month does not make every plan as wide as there are months.
        """
        arms: list[tuple[str, str]] = []
        alike: dict[Any, dict[Path, int]] = {}
        for part, source in enumerate(sources or [empty(contract)]):
            if isinstance(source, Path):
                alike.setdefault(_columns(source), {})[source] = part
            else:
                arms.append(self._arm(contract, str(part), self._sent(source)))
        arms += [self._arm(contract, *self._scanned(parts)) for parts in alike.values()]
        if contract == "payments":
            arms = [(f"{head}, FALSE AS planned, 0 AS seq", tail) for head, tail in arms]
            if planned is not None:
                head, tail = self._arm(contract, str(len(sources or [contract])), self._sent(planned))
                arms.append((f"{head}, TRUE AS planned, CAST(seq AS INTEGER) AS seq", tail))
        self.view(contract, " UNION ALL ".join(head + tail for head, tail in arms))

    def seal(self) -> None:
        """Nothing: Spark knows no such limit. What a rule may name is held to its list before it runs (:mod:`controls.checks.portable`)."""

    def _called(self) -> str:
        self._names += 1
        return f"given_{self._names}"

    def _sent(self, table: pa.Table) -> str:
        name = self._called()
        self.register(name, table)
        return name

    def _scanned(self, parts: Mapping[Path, int]) -> tuple[str, str]:
        """The SQL of ``part`` and the name of the relation over snapshots with the same columns."""
        name = self._called()
        with _translated(self._room):
            rows = self._spark.read.parquet(*(str(path) for path in parts))
            if len(parts) > 1:
                rows = rows.selectExpr("*", "_metadata.file_path AS file_path_")
            rows.createOrReplaceTempView(name)
            if len(parts) == 1:
                return str(next(iter(parts.values()))), name
            lies = ", ".join(f"{_text(self._address(path))}, {part}" for path, part in parts.items())
        return f"COALESCE(ELEMENT_AT(MAP({lies}), file_path_), CAST(RAISE_ERROR('a file without its part') AS INTEGER))", name

    def _address(self, path: Path) -> str:
        """The file's address as the engine tells it."""
        context: Any = self._spark.sparkContext
        place = context._jvm.org.apache.hadoop.fs.Path(str(path))
        address: str = place.getFileSystem(context._jsc.hadoopConfiguration()).makeQualified(place).toUri().toString()
        return address.replace("file:///", "file:/", 1)

    def _arm(self, contract: str, part: str, relation: str) -> tuple[str, str]:
        have = {field.name: field.dataType.simpleString().upper() for field in self._spark.table(relation).schema.fields}
        head, missing = arm(contract, part, have, _TYPES)
        if missing:
            raise NotCanonical(contract=contract, missing="、".join(missing))
        return head, f" FROM {relation}"


def _text(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _columns(path: Path) -> tuple[tuple[str, str], ...]:
    from pyarrow import parquet

    return tuple((field.name, str(field.type)) for field in parquet.read_schema(path))


@contextmanager
def _translated(room: Room) -> Iterator[None]:
    """Puts in words what fails within. Raises SB5020 (it went away), SB5021 (no room), SB5022 (a file), SB5023 (anything else of Spark's)."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError, EOFError) as wrong:
        raise refusal(wrong, room) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """The library warns of a version of pandas, which has no part in what goes over as Arrow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


@contextmanager
def _java_apart(log: Path) -> Iterator[None]:
    """What Java writes on its standard error from its start goes to ``log``: it is no language of this office."""
    before, apart = os.dup(2), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.dup2(apart, 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(apart)


def _most() -> int | None:
    """Six tenths of this machine's memory in MB, for the one process that is driver and worker; None where it cannot be told."""
    if not hasattr(os, "sysconf"):
        return None
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 6 // 10_000_000


_MAIN = 'Exception in thread "main" '


def _first_error(log: Path) -> str:
    """What Java says was wrong where it did not even start."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return next((said(ValueError(line.removeprefix(_MAIN))) for line in lines if line.startswith((_MAIN, "Error:"))), "")


def _plain(table: pa.Table) -> pa.Table:
    """The same table without coded texts, which the engine does not take."""
    fields = [pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type) for field in table.schema]
    return table.cast(pa.schema(fields))

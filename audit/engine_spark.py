"""The cluster engine: Apache Spark over the same canonical tables and Parquet snapshots, with the same SQL texts as on one machine.

Needs the extra ``shebao[spark]`` and a Java runtime (17). Only what the driver must see is brought to it: reversals, deaths and terms of people who are paid,
and the rows of the findings.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from audit.errors import EngineNotReady
from controls.checks.engine import Source, arm
from controls.checks.errors import NotCanonical
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
_ALONE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.sql.shuffle.partitions": "8"}
"""What counts where driver and workers are one process."""


class Spark:
    """One session. Use as a context manager; ``master`` is Spark's (``local[2]``, ``spark://…``, ``yarn``), ``memory`` of the driver."""

    name = "spark"

    def __init__(self, *, master: str | None = None, memory: str | None = None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError as missing:
            raise EngineNotReady(engine="spark", why="没有安装 pyspark（pip install 'shebao[spark]'）") from missing
        told = master or LOCAL
        self._running = SparkSession.getActiveSession()
        builder: Any = SparkSession.builder
        for name, value in {**_SETTINGS, **(_ALONE if told.startswith("local") else {}), **({"spark.driver.memory": memory} if memory else {})}.items():
            builder = builder.config(name, value)
        try:
            self._spark: SparkSession = builder.master(told).appName("shebao").getOrCreate()
        except Exception as wrong:
            raise EngineNotReady(engine="spark", why=f"不能启动：{str(wrong).splitlines()[0] if str(wrong) else type(wrong).__name__}") from wrong
        self._spark.sparkContext.setLogLevel("ERROR")
        self._names = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running is None:
            self._spark.stop()

    def table(self, name: str, query: str) -> None:
        """Works the rows of a query out now and keeps them in memory, what does not fit on disk.

        How they came about is forgotten, so that the plans of what reads them stay small.
        """
        self._spark.sql(query).localCheckpoint(eager=True).createOrReplaceTempView(name)

    def view(self, name: str, query: str) -> None:
        """Lets ``name`` stand for a query."""
        self._spark.sql(query).createOrReplaceTempView(name)

    def fetch(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table."""
        found: pa.Table = self._spark.sql(sql).toArrow()
        return found

    def values(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a small query as tuples."""
        return [tuple(row) for row in self._spark.sql(sql).collect()]

    def whole(self, amount: str, by: str) -> str:
        """The SQL of a whole quotient."""
        return f"({amount} DIV {by})"

    def bit(self, place: str) -> str:
        """The SQL of a word with one bit set."""
        return f"SHIFTLEFT(CAST(1 AS BIGINT), CAST({place} AS INT))"

    def register(self, name: str, table: pa.Table) -> None:
        """Sends an Arrow table to the workers under ``name``."""
        with warnings.catch_warnings():
            # The table goes over as Arrow; pandas, of which the library warns, has no part in it.
            warnings.simplefilter("ignore", FutureWarning)
            self._spark.createDataFrame(_plain(table)).createOrReplaceTempView(name)

    def register_sources(self, contract: str, sources: Sequence[Source], *, planned: pa.Table | None = None) -> None:
        """The view ``contract`` over tables and Parquet snapshots. Raises SB3203 for a source without its columns."""
        arms = [self._arm(contract, part, source) for part, source in enumerate(sources or [empty(contract)])]
        if contract == "payments":
            arms = [(f"{head}, FALSE AS planned, 0 AS seq", tail) for head, tail in arms]
            if planned is not None:
                head, tail = self._arm(contract, len(arms), planned)
                arms.append((f"{head}, TRUE AS planned, CAST(seq AS INTEGER) AS seq", tail))
        self.view(contract, " UNION ALL ".join(head + tail for head, tail in arms))

    def _arm(self, contract: str, part: int, source: Source) -> tuple[str, str]:
        self._names += 1
        relation = f"given_{self._names}"
        if isinstance(source, Path):
            self._spark.read.parquet(str(source)).createOrReplaceTempView(relation)
        else:
            self.register(relation, source)
        have = {field.name: field.dataType.simpleString().upper() for field in self._spark.table(relation).schema.fields}
        head, missing = arm(contract, part, have, _TYPES)
        if missing:
            raise NotCanonical(contract=contract, missing="、".join(missing))
        return head, f" FROM {relation}"


def _plain(table: pa.Table) -> pa.Table:
    """The same table without coded texts, which the engine does not take."""
    fields = [pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type) for field in table.schema]
    return table.cast(pa.schema(fields))

"""The same rules on Apache Spark: findings equal to the byte, failures in words of this office. Skipped where pyspark or Java is not installed."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from audit import findings_file
from audit.engine_spark import Spark
from audit.errors import ClusterFailed, ClusterLacksFile, ClusterLost, ClusterOutOfRoom, EngineNotReady
from audit.spark_failures import refusal, said
from audit.spark_watch import Watch
from controls.checks.errors import NotCanonical
from controls.checks.room import Room
from controls.checks.runner import run

installed = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
cluster = pytest.mark.skipif(not installed, reason="needs pyspark (extra spark) and Java 17")

MASTER = "local[2]"
TINY = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:MetaspaceSize=256m -Xverify:none",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.maxResultSize": "4m",
}
"""For a few thousand rows: nothing is compiled that runs once. What a query means does not hang on these."""


@pytest.fixture(scope="module")
def session() -> Iterator[Spark]:
    """One session for the module; the sessions of the tests ride on it."""
    with Spark(master=MASTER, room=Room(memory=1000), settings=TINY) as spark:
        yield spark


def test_an_engine_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """SB5016 says what is lacking; the other engine is not taken in its place."""
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineNotReady, match=r"shebao\[spark\]"):
        Spark()


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("Py4JError: Answer from Java side is empty", ClusterLost),
        ("[CIRCULAR REFERENCE: org.apache.spark.SparkException: Checkpoint block rdd_7_0 not found!", ClusterLost),
        ("Job aborted due to stage failure: ExecutorLostFailure (executor 1 exited caused by one of the running tasks)", ClusterLost),
        ("ExecutorLostFailure (executor 3 exited) Container killed by YARN. exit code 137", ClusterOutOfRoom),
        ("org.apache.spark.SparkException: x\n\tat org.apache.spark.A.b(A.scala:1)\nCaused by: java.lang.OutOfMemoryError: Java heap space", ClusterOutOfRoom),
        (": [SPARK_JOB_CANCELLED] Job 7 cancelled as part of cancellation of all jobs", ClusterLost),
        ("java.io.IOException: No space left on device", ClusterOutOfRoom),
        ("java.io.FileNotFoundException: File file:/d/发放.parquet does not exist", ClusterLacksFile),
        ("[INTERNAL_ERROR] The Spark SQL phase optimization failed", ClusterFailed),
    ],
)  # fmt: skip
def test_what_java_says_becomes_a_refusal_without_a_trace(told: str, kind: type[Exception]) -> None:
    """SB5020 to SB5023: one sentence, no class of Java's before it, no line of a trace."""
    found = refusal(RuntimeError(told), Room(memory=800))
    assert type(found) is kind
    assert "\n" not in str(found) and "at org.apache" not in str(found)
    assert not re.search(r"^\W*:|java\.|org\.|CIRCULAR", said(RuntimeError(told)))


def test_a_run_without_workers_is_given_up() -> None:
    """Whoever waits for workers that do not come back is told after a while; a cluster that has one is left alone."""
    pytest.importorskip("py4j")
    given_up = threading.Event()
    for workers, ends in ((1, False), (0, True)):
        status = SimpleNamespace(size=lambda workers=workers: workers + 1)
        java = SimpleNamespace(sc=lambda status=status: SimpleNamespace(getExecutorMemoryStatus=lambda: status))
        watch = Watch(SimpleNamespace(_jsc=java, cancelAllJobs=given_up.set), patience=0.02, every=0.01)
        assert given_up.wait(5 if ends else 0.2) is ends
        watch.close()


@cluster
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_master_that_does_not_answer_is_refused() -> None:
    """SB5016 names what is wrong with the master."""
    with pytest.raises(EngineNotReady, match="Master"):
        run({}, engine=Spark(master="nowhere", settings=TINY))


@cluster
def test_every_rule_finds_the_same_to_the_byte(tmp_path: Path, session: Spark) -> None:
    """All rules of the full catalogue over a small county, payments in two files: the file of findings and all counts are the same on both engines."""
    from tests.bench._county_files import generate

    county = tmp_path / "县 100%"
    county.mkdir()
    generate(county, 210)
    given = {path.stem: [path] for path in sorted(county.glob("*.parquet"))}
    paid = parquet.read_table(county / "payments.parquet")
    given["payments"] = [county / "上半 1.parquet", county / "下半#2.parquet"]
    for path, start in zip(given["payments"], (0, paid.num_rows // 2), strict=True):
        parquet.write_table(paid.slice(start, paid.num_rows // 2 if start == 0 else None), path)
    here, there = run(given, rules=["all"], threads=1), run(given, rules=["all"], engine=Spark(master=MASTER))
    assert len({finding.rule for finding in here.findings}) >= 14
    assert len(here.rules_run) > 30
    assert (here.engine, there.engine) == ("duckdb", "spark")
    files = [findings_file.write(tmp_path / f"{one.engine}.csv", one.findings).read_bytes() for one in (here, there)]
    assert files[0] == files[1]
    for name in ("rules_run", "not_run", "left_out", "unmatched", "bad_numbers", "distinct_amount", "as_of", "rows_read"):
        assert getattr(here, name) == getattr(there, name), name


@cluster
def test_files_of_different_columns_keep_their_parts(tmp_path: Path, session: Spark) -> None:
    """Snapshots alike are read as one and a table beside them; each row keeps the number of its source. SB3203 for one without its columns."""
    from controls.checks.schema import empty

    blank = empty("recoveries")
    fields: list[Any] = [pa.array([1 if pa.types.is_integer(one.type) else None], one.type) for one in blank.schema]
    row = pa.table(fields, schema=blank.schema)
    for name in ("一月#1", "二 月%20"):
        parquet.write_table(row, tmp_path / f"{name}.parquet")
    parquet.write_table(row.select(list(reversed(row.column_names))), tmp_path / "其他.parquet")
    session.register_sources("recoveries", [tmp_path / "一月#1.parquet", row, tmp_path / "其他.parquet", tmp_path / "二 月%20.parquet"])
    assert sorted(session.values("SELECT part FROM recoveries")) == [(0,), (1,), (2,), (3,)]
    parquet.write_table(pa.table({"file": ["a"]}), tmp_path / "payments.parquet")
    with pytest.raises(NotCanonical, match="number"):
        run({"payments": [tmp_path / "payments.parquet"]}, engine=Spark(master=MASTER))


@cluster
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_failures_in_the_middle_are_refusals(tmp_path: Path, session: Spark) -> None:
    """A file gone, more rows than the driver holds, an error of the engine, and Java itself gone: SB5022, SB5021, SB5023, SB5020, and the end is quiet."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    parquet.write_table(pa.table({"file": ["a"]}), tmp_path / "gone.parquet")
    session._spark.read.parquet(str(tmp_path / "gone.parquet")).createOrReplaceTempView("gone")
    (tmp_path / "gone.parquet").unlink()
    with pytest.raises(ClusterLacksFile, match=r"gone\.parquet"):
        session.values("SELECT file FROM gone")
    with pytest.raises(ClusterOutOfRoom):
        session.fetch("SELECT UUID() AS word FROM RANGE(300000)")
    with pytest.raises(ClusterFailed, match="nothing doing"):
        session.values("SELECT RAISE_ERROR('nothing doing')")
    with pytest.raises(EngineNotReady, match="已有"):
        Spark(master="local[1]")
    context: Any = SparkContext
    os.kill(context._gateway.proc.pid, signal.SIGKILL)
    context._gateway.proc.wait()
    try:
        with pytest.raises(ClusterLost):
            session.values("SELECT 1")
        session._running = None
        session.__exit__(None, None, None)
    finally:
        context._gateway = context._jvm = context._active_spark_context = None
        SparkSession._instantiatedSession = None

"""The same rules on Apache Spark: findings equal to the byte. Skipped where pyspark or Java is not installed."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from audit import findings_file
from audit.engine_spark import Spark
from audit.errors import EngineNotReady
from controls.checks.errors import NotCanonical
from controls.checks.runner import run

here = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
cluster = pytest.mark.skipif(not here, reason="needs pyspark (extra spark) and Java")


def test_an_engine_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """SB5016 says what is lacking; the other engine is not taken in its place."""
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineNotReady, match=r"shebao\[spark\]"):
        Spark()


@cluster
def test_findings_are_equal_to_the_byte(tmp_path: Path) -> None:
    """Every rule over a small county with planted cases: the file of findings and all counts are the same on both engines."""
    from tests.bench._county_files import generate

    generate(tmp_path, 700)
    given = {path.stem: [path] for path in sorted(tmp_path.glob("*.parquet"))}
    here, there = run(given, threads=1), run(given, engine=Spark(master="local[2]"))
    assert len({finding.rule for finding in here.findings}) >= 14
    assert (here.engine, there.engine) == ("duckdb", "spark")
    files = [findings_file.write(tmp_path / f"{one.engine}.csv", one.findings).read_bytes() for one in (here, there)]
    assert files[0] == files[1]
    for name in ("rules_run", "not_run", "left_out", "unmatched", "bad_numbers", "distinct_amount", "as_of", "rows_read"):
        assert getattr(here, name) == getattr(there, name), name


@cluster
def test_a_source_without_its_columns_is_refused_there_too(tmp_path: Path) -> None:
    """SB3203 on the cluster as on one machine."""
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"file": ["a"]}), tmp_path / "payments.parquet")
    with pytest.raises(NotCanonical, match="number"):
        run({"payments": [tmp_path / "payments.parquet"]}, engine=Spark(master="local[2]"))


@cluster
def test_a_master_that_does_not_answer_is_refused() -> None:
    """SB5016 names what is wrong with the master."""
    with pytest.raises(EngineNotReady):
        run({}, engine=Spark(master="nowhere"))

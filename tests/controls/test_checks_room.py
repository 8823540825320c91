"""The memory a check may use and the folder for what does not fit (controls.checks.room)."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from controls.checks.duck import Duck, sql_error
from controls.checks.errors import NoRoomToSpill, NotAnAmountOfMemory, OutOfRoom
from controls.checks.room import RESERVE, Room, megabytes
from controls.checks.runner import Sweep
from tests.controls.canonical import table


def test_amounts_of_memory_are_whole_numbers_with_a_unit() -> None:
    """MB and GB in either case, with or without the B; anything else, and too little, is refused with SB3390."""
    assert [megabytes(text) for text in ("800MB", "4GB", "4g", " 512 m ")] == [800, 4000, 4000, 512]
    for text in ("", "4", "4.5GB", "80%", "-1GB", "0GB", "511MB", "4TB", "四GB"):
        with pytest.raises(NotAnAmountOfMemory) as refused:
            Room.parse(text, None)
        assert refused.value.code == "SB3390"


def test_the_folder_must_be_there(tmp_path: Path) -> None:
    """A folder that does not exist is refused with SB3391 before anything is read."""
    with pytest.raises(NoRoomToSpill) as refused:
        Room.parse(None, tmp_path / "没有")
    assert refused.value.code == "SB3391"
    assert Room.parse("600MB", tmp_path) == Room(600, tmp_path)


def test_the_limit_is_that_of_the_whole_process() -> None:
    """The engine gets what is left of the limit beside what the process itself needs; without a limit it keeps its own."""
    assert Room.parse("512MB", None).engine == 512 - RESERVE - 51 and Room(4000).engine == 4000 - RESERVE - 400 and Room().engine is None


def test_what_is_spilled_is_the_owners_alone_and_goes_away(tmp_path: Path) -> None:
    """The session's own folder has mode 700 and is gone when the session is closed."""
    with Duck(threads=1, room=Room(512, tmp_path)) as duck:
        (folder,) = tmp_path.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        duck.table("many", "SELECT range AS i, hash(range) AS h FROM range(20000000)")
        assert any(folder.iterdir()), "what does not fit is written out"
        assert duck.values("SELECT COUNT(*), MAX(i) FROM many") == [(20_000_000, 19_999_999)]
    assert not list(tmp_path.iterdir())


def test_too_little_room_is_said(tmp_path: Path) -> None:
    """Where neither memory nor disk suffice, SB3392 names the limit and the folder."""
    with Duck(threads=1, room=Room(512, tmp_path)) as duck:
        duck.run("SET max_temp_directory_size = '1MB'")
        for ask in (duck.values, duck.fetch, lambda sql: duck.table("kept", sql)):
            with pytest.raises(OutOfRoom) as refused:
                ask("SELECT range AS i, hash(range) AS h, uuid() AS u FROM range(20000000) ORDER BY h")
            assert refused.value.code == "SB3392"
            assert "512MB" in refused.value.cause() and str(tmp_path) in refused.value.cause()
        duck.register("small", pa.table({"a": [1]}))
        assert duck.values("SELECT a FROM small") == [(1,)]


def test_files_read_together_are_told_apart(tmp_path: Path) -> None:
    """Parquet files with the same columns have one reader; their rows, one file name in all, stay those of their own parts, a planned part after them."""
    from pyarrow import parquet

    from controls.checks.runner import run

    rows = [{"id": "A", "period": 202401, "account": "6228480000000001"}, {"id": "A", "period": 202402, "status": "reversed", "orig_period": 202401}]
    given = [table("payments", [{**row, "line": 2} for _ in range(nth + 1)]) for nth, row in enumerate([rows[0], rows[1], rows[0]])]
    given[2] = given[2].drop_columns(["serial"])
    paths = [tmp_path / f"{nth}.parquet" for nth in range(3)]
    for path, one in zip(paths, given, strict=True):
        parquet.write_table(one, path)
    with Duck(threads=1) as duck:
        duck.register_sources("payments", paths, planned=given[0].append_column("seq", pa.array([1], pa.int32())))
        parts = duck.values("SELECT part, planned, COUNT(*) FROM payments GROUP BY part, planned ORDER BY part")
        assert parts == [(0, False, 1), (1, False, 2), (2, False, 3), (3, True, 1)]
    read, held = run({"payments": list(paths)}, threads=1), run({"payments": given}, threads=1)
    assert (read.findings, read.unmatched, read.distinct_amount) == (held.findings, held.unmatched, held.distinct_amount)


def test_groups_that_do_not_fit_are_made_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shared pass is made in as many parts as its groups need of the memory there is; the findings are those of one pass."""
    from controls.checks.runner import run

    rows = [{"id": who, "period": month, "account": f"6228{who}"} for who in "ABCDEFGH" for month in (202401, 202401, 202402)]
    given = {"payments": [table("payments", rows)]}
    whole = run(given, rules=["P3", "A1", "I2"], threads=1)
    with Duck(threads=1, room=Room(1000)) as duck:
        assert [duck.parts(groups) for groups in (0, 1, 1_000_000, 10_000_000)] == [1, 1, 1, 9]
    asked: list[str] = []
    table_ = Duck.table
    monkeypatch.setattr(Duck, "parts", lambda _, groups: 3)
    monkeypatch.setattr(Duck, "table", lambda duck, name, *queries: (asked.extend([name] * len(queries)), table_(duck, name, *queries))[1])
    assert run(given, rules=["P3", "A1", "I2"], threads=1).findings == whole.findings and len(whole.findings) == 8
    assert asked.count("profile") == 3


def test_rows_sifted_out_of_many_are_all_there_however_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few stay as they came over, many go into a table a stretch at a time; both are gone when the name stands for something else."""
    query = "SELECT range AS line, CAST(range % 7 AS VARCHAR) AS number FROM range(10000)"
    for most, kept in ((10_000, 0), (3_000, 1)):
        monkeypatch.setattr("controls.checks.duck._SIFTED", most)
        with Duck(threads=1) as duck:
            duck.sifted("rows_taken", query, again=True)
            assert duck.values("SELECT COUNT(*), SUM(line), COUNT(DISTINCT number) FROM rows_taken") == [(10_000, 49_995_000, 7)]
            tables = "SELECT COUNT(*) FROM duckdb_tables() WHERE table_name LIKE 'sifted%'"
            views = "SELECT COUNT(*) FROM duckdb_views() WHERE view_name LIKE 'sifted%'"
            assert duck.values(tables) == [(kept,)]
            duck.view("rows_taken", "SELECT 1 AS line")
            assert duck.values(tables) == duck.values(views) == [(0,)]
            assert duck.values("SELECT line FROM rows_taken") == [(1,)]
            duck.sifted("rows_taken", f"{query} WHERE range < 0", again=True)
            assert duck.values("SELECT COUNT(*) FROM rows_taken") == [(0,)]


def test_a_session_reads_nothing_but_the_snapshots_it_was_given(tmp_path: Path) -> None:
    """Once its sources stand no query opens another file, writes one or loosens a setting; what does not fit still goes to the session's folder."""
    given, other = tmp_path / "发放's.parquet", tmp_path / "other.parquet"
    rows = table("payments", [{"id": "A", "period": 202401}])
    pq.write_table(rows, given)
    pq.write_table(rows, other)
    with Duck(threads=1, room=Room(600, tmp_path)) as duck:
        Sweep(duck, {"payments": [given]}, [], None)
        assert duck.values("SELECT COUNT(*) FROM payments") == [(1,)]
        hostile = (
            f"SELECT * FROM '{other}'", f"SELECT * FROM read_csv('{other}')", f"COPY (SELECT 1) TO '{tmp_path / 'x'}'", f"ATTACH '{tmp_path / 'x'}'",
            "SET enable_external_access = true", "SET allowed_paths = []", "SET memory_limit = '1TB'", "INSTALL httpfs", "SELECT * FROM glob('*')",
        )  # fmt: skip
        for query in hostile:
            with pytest.raises(sql_error()):
                duck.values(query)
        duck.table("large", "SELECT range AS n, CAST(hash(range) AS VARCHAR) || CAST(hash(range + 1) AS VARCHAR) AS text FROM range(6000000) ORDER BY text")
        assert duck.values("SELECT COUNT(*) FROM large") == [(6_000_000,)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.parquet", "发放's.parquet"]

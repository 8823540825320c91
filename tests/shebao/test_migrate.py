"""The store's schema: what migrations lay is what tables and guards say, on both databases, and nothing works on another one."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

import controls.tables
import controls.voucher_tables
from controls.account_changes.tables import ACCOUNT_TABLES
from ledger.db import UnitOfWork, metadata, open_engine, reading
from ledger.schema import run_guards
from shebao import migrate
from shebao.cli import run
from shebao.store import Office, write_settings
from tests.house.tree import ROOT

Seen = dict[tuple[str, ...], str]


def freezer() -> ModuleType:
    """The script that freezes the schema."""
    spec = importlib.util.spec_from_file_location("freeze_schema", ROOT / "scripts" / "freeze_schema.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _postgresql_schema(connection: sa.Connection) -> Seen:
    def rows(query: str) -> list[tuple[str, ...]]:
        return [tuple(str(value) for value in row) for row in connection.exec_driver_sql(query)]

    spaces = "nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    relation = f"pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {spaces}"
    parts = {
        "column": f"""SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || a.attnotnull || COALESCE(pg_get_expr(d.adbin, d.adrelid), '')
            FROM {relation} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relkind IN ('r', 'p')""",
        "partition": f"SELECT c.relname, '', pg_get_partkeydef(c.oid) FROM {relation} WHERE c.relkind = 'p'",
        "constraint": f"SELECT c.relname, o.conname, pg_get_constraintdef(o.oid) FROM {relation} JOIN pg_constraint o ON o.conrelid = c.oid",
        "index": f"SELECT c.relname, i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) FROM {relation} JOIN pg_index i ON i.indrelid = c.oid",
        "trigger": f"SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM {relation} JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal",
        "function": f"SELECT '', p.proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND {spaces}",
    }
    return {(kind, table, name): _flat(text) for kind, query in parts.items() for table, name, text in rows(query) if table != migrate.VERSION_TABLE}


def schema(connection: sa.Connection) -> Seen:
    """Everything the database has been told to keep: (kind, table, name) → its definition, spaces aside."""
    if connection.dialect.name == "postgresql":
        return _postgresql_schema(connection)
    rows = connection.exec_driver_sql("SELECT type, tbl_name, name, sql FROM sqlite_master WHERE tbl_name <> ?", (migrate.VERSION_TABLE,))
    return {(kind, table, name): _flat(text or "") for kind, table, name, text in rows}


def test_migrations_lay_what_tables_and_guards_say(store_url: str) -> None:
    """An upgraded empty database equals the metadata and the guard files: tables, columns, constraints, indexes, triggers, functions."""
    engine = open_engine(store_url)
    with UnitOfWork(engine) as work:
        tables = [*freezer().LEDGER_TABLES, *controls.tables.CONTROLS_TABLES, *controls.voucher_tables.VOUCHER_TABLES, *ACCOUNT_TABLES]
        metadata.create_all(work.connection, tables=tables)
        for folder in [folder for _, folders in freezer().ROOMS.values() for folder in folders]:
            run_guards(work.connection, ROOT / folder)
        wanted = schema(work.connection)
    assert migrate.current(engine) == frozenset(), "the unit of work was not committed, so nothing stays"
    migrate.upgrade(engine)
    with reading(engine) as connection:
        found = schema(connection)
    assert {key for key in wanted if key[0] == "trigger"} > {
        ("trigger", "shebao_seal", "shebao_seal_enter"),
        ("trigger", "shebao_voucher", "shebao_voucher_move"),
    }
    assert found == wanted


def test_frozen_files_are_fresh() -> None:
    """The SQL of the first revision is what scripts/freeze_schema.py gives now; after a change of tables or guards, run it."""
    stale = [path.name for path, text in freezer().files().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: .venv/bin/python scripts/freeze_schema.py"


def test_every_table_of_the_house_is_frozen() -> None:
    """No table of any room is left out of the migrations."""
    named = {table.name for tables, _ in freezer().ROOMS.values() for table in tables}
    assert {table.name for table in metadata.sorted_tables} == named


def test_heads_are_the_rooms_newest_revisions() -> None:
    """The constant that opening a store compares with is what an upgrade really leaves in the version table, and every room's folder counts."""
    script = migrate._script()
    assert {step.revision for step in script.walk_revisions()} >= migrate.HEADS
    assert migrate._missing(script, frozenset()) == ["ledger_0001", "controls_0001"]
    assert migrate._missing(script, migrate.HEADS) == []


@pytest.mark.usefixtures("product_tuning")
def test_an_upgrade_runs_once_and_keeps_the_tuning(store_url: str) -> None:
    """A second upgrade finds nothing to do; SQLite stays in WAL mode with foreign keys on and every write synced."""
    engine = open_engine(store_url)
    assert migrate.pending(engine) == ["ledger_0001", "controls_0001"]
    assert migrate.upgrade(engine) == ["ledger_0001", "controls_0001"]
    assert (migrate.upgrade(engine), migrate.pending(engine), migrate.current(engine)) == ([], [], migrate.HEADS)
    migrate.check(engine)
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys", "synchronous")] == ["wal", 1, 2]


def test_an_upgrade_that_fails_leaves_nothing(store_url: str) -> None:
    """A revision that breaks half-way undoes the ones before it too: the upgrade is one transaction."""
    engine = open_engine(store_url)
    with UnitOfWork(engine) as work:
        work.connection.exec_driver_sql("CREATE TABLE shebao_voucher (x INTEGER)")
        work.commit()
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(engine)
    assert sa.inspect(engine).get_table_names() == ["shebao_voucher"]


def _set_revisions(engine: sa.Engine, *revisions: str) -> None:
    with UnitOfWork(engine) as work:
        work.connection.exec_driver_sql(f"DELETE FROM {migrate.VERSION_TABLE}")
        for revision in revisions:
            work.connection.exec_driver_sql(f"INSERT INTO {migrate.VERSION_TABLE} VALUES ('{revision}')")
        work.commit()


def _office(home: Path, url: str) -> Office:
    write_settings(home, url, code="U1", name="云岭县社会保险事业服务中心", region="620821")
    return Office(home)


@pytest.mark.parametrize(
    ("revisions", "refusal"),
    [
        (("ledger_0001",), migrate.SchemaBehind),
        (("controls_0001", "ledger_0999"), migrate.SchemaAhead),
        (("controls_9999",), migrate.SchemaAhead),
        ((), migrate.NoSchema),
    ],
)
def test_a_store_of_another_schema_is_refused(store_url: str, tmp_path: Path, revisions: tuple[str, ...], refusal: type[Exception]) -> None:
    """SB6003, SB6004, SB6005: nothing is read from or written to a store whose schema is older, newer or unknown."""
    office = _office(tmp_path / "office", store_url)
    migrate.upgrade(office.engine)
    _set_revisions(office.engine, *revisions)
    with pytest.raises(refusal), reading(office.store):
        pass
    with pytest.raises(refusal):
        office.unit()
    _set_revisions(office.engine, *migrate.HEADS)
    with reading(office.store) as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM shebao_book").scalar() == 0


def _said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ending:
        run(arguments)
    told = capsys.readouterr()
    return int(ending.value.code or 0), told.out + told.err


def test_the_command_upgrades(store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`shebao upgrade` lists what is pending, runs it, and says when there is nothing; an empty database is refused (SB6005)."""
    office = _office(tmp_path / "office", store_url)
    with reading(office.engine) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    home = ["--home", str(tmp_path / "office")]
    status, said = _said([*home, "upgrade"], capsys)
    assert status == 3 and "SB6005" in said
    migrate.upgrade(office.engine)
    status, said = _said([*home, "upgrade"], capsys)
    assert status == 0 and "新增不相容岗位" in said, "an office that was not founded by init gets its pairs"
    assert _said([*home, "upgrade"], capsys) == (0, "数据库结构已是最新，未作改动。\n")
    assert _said([*home, "upgrade", "--dry-run"], capsys)[0] == 0
    _set_revisions(office.engine, "ledger_0001")
    status, said = _said([*home, "upgrade", "--dry-run"], capsys)
    assert status == 1 and "controls_0001" in said
    status, said = _said([*home, "verify"], capsys)
    assert status == 3 and "SB6003" in said and "shebao upgrade" in said


def test_a_lost_sqlite_file_is_not_made_anew(tmp_path: Path) -> None:
    """SB1201: an office whose database file is gone says so instead of working on an empty one."""
    office = _office(tmp_path / "office", f"sqlite:///{(tmp_path / 'gone.db').as_posix()}")
    with pytest.raises(Exception, match="文件不存在"), reading(office.store):
        pass
    assert not (tmp_path / "gone.db").exists()

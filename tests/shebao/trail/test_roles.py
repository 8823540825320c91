"""On PostgreSQL the role that works owns nothing: it writes a month of books and can rewrite none of it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from controls.errors_trail import BadRole
from ledger.db import open_engine, reading
from shebao import migrate
from shebao.cli import run
from shebao.store import Office, write_settings
from shebao.trails import roles
from shebao.verification import verify_store
from tests.controls.voucher_desk import founded, furnished
from tests.private_postgres import Cluster
from tests.shebao.test_verification import work_a_month


def test_a_role_s_name_is_no_door() -> None:
    """The script takes plain names alone, and owner and worker are two (SB2291)."""
    for owner, app in (("o", "a; DROP TABLE x"), ("same", "same"), ("Öwner", "app")):
        with pytest.raises(BadRole, match="不能作角色名"):
            list(roles.script(owner, app))


def test_every_table_is_for_ever_but_where_a_guard_names_a_transition() -> None:
    """C6: the trail and what is posted take no change at all; months, vouchers and sessions move on."""
    assert roles.changing("shebao_chain") == roles.changing("shebao_entry") == roles.changing("shebao_line") == ()
    assert roles.changing("shebao_period") == ("UPDATE",)
    assert set(roles.tables()) >= {"shebao_chain", "shebao_voucher", "shebao_roster", "shebao_account_change"}


@pytest.fixture
def working(postgres: Cluster) -> tuple[str, str]:
    """Addresses of one new database for its owner and for the role that works there."""
    postgres.run("CREATE DATABASE roles_test TEMPLATE template1")
    postgres.run("DO $$ BEGIN CREATE ROLE shebao_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    owner = postgres.url("roles_test")
    return owner, owner.replace("shebao@", "shebao_app@")


def test_the_working_role_books_a_month_and_rewrites_nothing(working: tuple[str, str], tmp_path: Path) -> None:
    """C6, L3: a month is proposed, reviewed, posted and closed by the application role; UPDATE, DELETE, TRUNCATE, DROP TRIGGER, ALTER and DROP are not its."""
    owner, app = working
    engine = open_engine(owner)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        for statement in roles.script("shebao", "shebao_app"):
            connection.exec_driver_sql(statement)
    founded(open_engine(app))
    work_a_month(furnished(open_engine(app)))
    write_settings(tmp_path / "office", app, code="U1", name="云岭县", region="620821")
    assert [result for result in verify_store(Office(tmp_path / "office")) if not result.ok] == []
    with reading(engine) as connection:
        given = roles.granted(connection, "shebao_app")
        named = connection.execute(sa.text("SELECT tgrelid::regclass::text, min(tgname) FROM pg_trigger WHERE NOT tgisinternal GROUP BY 1")).all()
        triggers: dict[str, str] = {table: name for table, name in named}
        kept = connection.execute(sa.text("SELECT relname FROM pg_class WHERE relkind IN ('r','p') AND relname LIKE 'shebao%'")).scalars().all()
    went = []
    with psycopg.connect(app.replace("postgresql+psycopg", "postgresql"), autocommit=True) as database:
        for table in kept:
            column = database.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", (table,)).fetchone()
            tries = ["TRUNCATE {t} CASCADE", "ALTER TABLE {t} ADD COLUMN x int", "ALTER TABLE {t} DISABLE TRIGGER ALL", "DROP TABLE {t} CASCADE"]
            tries += [f"DROP TRIGGER {triggers[table]} ON {{t}}"] if table in triggers else []
            rights = given.get(table, set())
            tries += [f"{act} {'FROM ' if act == 'DELETE' else ''}{{t}}" + (f" SET {column[0]} = {column[0]}" if act == "UPDATE" else "")
                      for act in ("UPDATE", "DELETE") if act not in rights and column is not None]  # fmt: skip
            for statement in (text.format(t=table) for text in tries):
                try:
                    database.execute(statement.encode())
                    went.append(statement)
                except psycopg.errors.InsufficientPrivilege:
                    continue
    assert went == []
    assert not any("TRUNCATE" in rights or "REFERENCES" in rights or "TRIGGER" in rights for rights in given.values())
    changing = {table for table, rights in given.items() if rights & {"UPDATE", "DELETE"}}
    assert changing.isdisjoint({"shebao_chain", "shebao_entry", "shebao_line", "shebao_payout"})


def test_the_command_prints_the_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`shebao trail roles` prints SQL for every table of the code's own list, and needs no office."""
    with pytest.raises(SystemExit) as ending:
        run(["--home", str(tmp_path), "trail", "roles", "--owner", "shebao_owner", "--app", "shebao_app"])
    out = capsys.readouterr().out
    assert ending.value.code == 0
    assert all(f"GRANT SELECT, INSERT ON {table} TO shebao_app;" in out for table in roles.tables())

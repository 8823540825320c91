"""The door of direct SQL: every table × INSERT, UPDATE and DELETE, past the program, on a store at work; what the database says by name.

On SQLite whoever has the file, with a connection as sqlite3 opens it (no foreign keys); on PostgreSQL the application role of
``shebao trail roles``. Run as a module it writes ``sql_matrix.yaml``. What a cell lets in, test_tamper.py shows ``shebao verify`` to find and name.
"""

from __future__ import annotations

import itertools
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa
import yaml

from ledger.db import metadata
from ledger.schema import run_guards, statements
from shebao.evidence import GUARDS
from shebao.migrate import HOUSE, VERSION_TABLE
from shebao.trails import roles
from tests.private_postgres import Cluster, cluster
from tests.shebao.trail.samples import SAMPLES, Store
from tests.shebao.trail.tamper_spec import EMPTY, SPECS
from tests.shebao.trail.tampering import tampers

FILE = Path(__file__).with_name("sql_matrix.yaml")
HEAD = """# What the database says to INSERT, UPDATE and DELETE on each table, past the program (asserted by test_sql_matrix.py): the guards' codes;
# "right": the application role has no right to it; "shape": a key or a CHECK; "verify": let in, and then found and named by `shebao verify`
# (test_tamper.py).
"""
BY_URL = ("awards", "books", "journals", "papers", "people", "persons", "premiums", "registers", "rosters", "swept")
"""Samples that can be made on PostgreSQL."""
APP = "shebao_app"
Cells = dict[str, dict[str, str]]
_CODE = re.compile(r"SB\d{4}")


def at_work(sample: str, url: str, folder: Path) -> Store:
    """The sample with every table and every guard of the program (some desks lay only their own), and with tokens that are the same each time."""
    tokens = (f"{place:043d}" for place in itertools.count())
    with patch("controls.sessions.secrets.token_urlsafe", side_effect=lambda size: next(tokens)):
        store = SAMPLES[sample](url, folder)
    with store.engine.begin() as connection:
        metadata.create_all(connection)
        there = _triggers(connection)
        for name in GUARDS:
            text = (HOUSE / name / f"{connection.dialect.name}.sql").read_text(encoding="utf-8")
            first = re.search(r"CREATE TRIGGER (\w+)", text)
            if statements(text) and first and first.group(1) not in there:
                run_guards(connection, HOUSE / name)
    return store


def _triggers(connection: sa.Connection) -> set[str]:
    sqlite = connection.dialect.name == "sqlite"
    text = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if sqlite else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.exec_driver_sql(text).scalars())


def answers(store: Store, tables: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Table → how each kind of statement ends, for those tables that hold rows."""
    postgresql = store.engine.dialect.name == "postgresql"
    engine = store.engine if postgresql else sa.create_engine(store.engine.url)
    if postgresql:
        with engine.begin() as owner:
            owner.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {VERSION_TABLE} (version_num text)")
            for statement in roles.script("shebao", APP):
                owner.exec_driver_sql(statement)
    with engine.connect() as connection:
        for name in tables:
            table = metadata.tables[f"shebao_{name}"]
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
                yield name, _of_table(connection, table, postgresql)
            connection.rollback()
    if not postgresql:
        engine.dispose()
    store.engine.dispose()


def _of_table(connection: sa.Connection, table: sa.Table, postgresql: bool) -> dict[str, str]:
    found: dict[str, set[str]] = {"INSERT": set(), "UPDATE": set(), "DELETE": set()}
    for forgery in list(tampers(connection, table)):
        if forgery.what == "rows swapped":
            continue
        act = {"row removed": "DELETE", "row put in": "INSERT"}.get(forgery.what, "UPDATE")
        connection.rollback()
        if postgresql:
            connection.exec_driver_sql(f"SET ROLE {APP}")
        found[act].add(_said(connection, forgery.statements[0]))
        connection.rollback()
        if postgresql:
            connection.exec_driver_sql("RESET ROLE")
    return {act: " ".join(sorted(said)) for act, said in found.items()}


def _said(connection: sa.Connection, statement: sa.Executable) -> str:
    try:
        connection.execute(statement)
    except sa.exc.DBAPIError as refused:
        if code := _CODE.search(str(refused.orig)):
            return code.group()
        return "right" if getattr(refused.orig, "sqlstate", "") == "42501" else "shape"
    return "verify"


def tables_of(sample: str) -> list[str]:
    """The tables that are tried in this sample."""
    return [name for name, spec in SPECS.items() if spec.sample == sample and name not in EMPTY]


def on_sqlite(sample: str, folder: Path) -> Cells:
    """The cells of one sample in a file."""
    return dict(answers(at_work(sample, f"sqlite:///{(folder / 'store.db').as_posix()}", folder), tables_of(sample)))


def on_postgresql(sample: str, server: Cluster, folder: Path) -> Cells:
    """The cells of one sample for the application role: every table in which it has rows."""
    database = f"matrix_{sample}"
    server.run(f"CREATE DATABASE {database} TEMPLATE template1")
    server.run(f"DO $$ BEGIN CREATE ROLE {APP} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    return dict(answers(at_work(sample, server.url(database), folder), [name for name in SPECS if name not in EMPTY]))


def expected() -> dict[str, Cells]:
    """Sample on its database → cells, as the file says."""
    found: dict[str, Cells] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Writes the file."""
    told: dict[str, Cells] = {}
    with tempfile.TemporaryDirectory() as place, cluster() as server:
        for sample in sorted({spec.sample for spec in SPECS.values()}):
            folder = Path(place) / sample
            folder.mkdir()
            told[f"sqlite {sample}"] = on_sqlite(sample, folder)
        for sample in BY_URL:
            folder = Path(place) / f"pg-{sample}"
            folder.mkdir()
            told[f"postgresql {sample}"] = on_postgresql(sample, server, folder)
    FILE.write_text(HEAD + yaml.safe_dump(told, allow_unicode=True, width=400, default_flow_style=None), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What was recorded of files, people and payments is not replaced: INSERT OR REPLACE and UPDATE OR REPLACE on SQLite, plain UPDATE on both."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from controls import comebacks, sessions
from controls.approval_tables import APPROVAL_TABLES
from controls.award_tables import AWARD_TABLES
from controls.budget_tables import BUDGET_TABLES
from controls.grant_tables import GRANT_TABLES
from controls.handover_tables import HANDOVER_TABLES
from controls.journal_tables import JOURNAL_TABLES
from controls.person_tables import PERSON_CHANGE_TABLES
from controls.premium_tables import PREMIUM_TABLES
from controls.redaction_tables import REDACTION_TABLES
from controls.register_tables import REGISTER_TABLES
from controls.relative_tables import RELATIVE_TABLES
from controls.roster_tables import ROSTER_TABLES
from controls.signin_tables import SIGNIN_TABLES
from controls.sweep_tables import SWEEP_TABLES
from controls.tables import CONTROLS_TABLES
from ledger.db import sqlite_url
from ledger.errors import DatabaseRefusal
from tests.controls.payment_desk import BANK, DEAD, NOW, PASSWORD, SHARED, Desk, desk, someone

OTHERS = (
    *GRANT_TABLES, *RELATIVE_TABLES, *SIGNIN_TABLES, *PERSON_CHANGE_TABLES, *JOURNAL_TABLES, *REGISTER_TABLES, *PREMIUM_TABLES, *BUDGET_TABLES, *AWARD_TABLES,
    *ROSTER_TABLES, *APPROVAL_TABLES, *HANDOVER_TABLES, *REDACTION_TABLES, *SWEEP_TABLES,
)  # fmt: skip
ELSEWHERE = {table.name for table in OTHERS}
"""Tables whose own tests try the same."""
TABLES = {table.name: table for table in CONTROLS_TABLES if table.name not in ELSEWHERE}


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of an office in which every table of people and of the payment chain holds something."""
    folder = tmp_path_factory.mktemp("worked")
    file = folder / "shebao.db"
    office = desk(sqlite_url(file), folder / "home")
    with office.unit() as work:
        sessions.sign_in(work, NOW, "zhao", PASSWORD)
        work.commit()
    office.take(pa.table({"line": pa.array([2], pa.int32()), "period": pa.array([202601]), "number": ["620821195001010090"]}), "deaths", "死亡.csv", "qian")
    roster_id = office.released(DEAD, SHARED)
    office.send(roster_id)
    office.returned(roster_id, office.answer_of_bank(roster_id, 2))
    row = {"file": "对账单.csv", "line": 2, "on": date(2026, 1, 20), "credit": 18301, "debit": 0, "serial": "T1"}
    office.take(pa.Table.from_pylist([row], schema=BANK), "bank", "对账单.csv", "zhao")
    with office.unit() as work:
        comebacks.record(work, office.home, someone("zhao"), NOW, roster_id, 1, date(2026, 1, 20), "账户已销户")
        work.commit()
    office.engine.dispose()
    with sqlite3.connect(file) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.close()
    return file


def _refused(worked: Path, statement: str, values: tuple[object, ...] = ()) -> str:
    """What the guards say to a statement; nothing stays of it, and '' means that it went through."""
    database = sqlite3.connect(worked, isolation_level=None)
    try:
        database.execute("BEGIN")
        database.execute(statement, values)
    except sqlite3.IntegrityError as refusal:
        return str(refusal)
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")
        database.close()
    return ""


def _row(worked: Path, table: str) -> list[object]:
    database = sqlite3.connect(worked)
    row = database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    database.close()
    assert row is not None, f"{table} is empty"
    return list(row)


def unique(table: sa.Table) -> list[tuple[str, ...]]:
    """The keys of a table: the primary one, every unique constraint and every unique index."""
    keys = [tuple(column.name for column in table.primary_key)]
    keys += sorted(tuple(column.name for column in rule.columns) for rule in table.constraints if isinstance(rule, sa.UniqueConstraint))
    return keys + [tuple(str(column.name) for column in index.columns) for index in table.indexes if index.unique]


KEYS = [(name, key) for name, table in TABLES.items() for key in unique(table)]


@pytest.mark.parametrize(("table", "key"), KEYS, ids=[f"{name[7:]}-{'.'.join(key)}" for name, key in KEYS])
def test_a_row_is_not_replaced_through_any_of_its_keys(worked: Path, table: str, key: tuple[str, ...]) -> None:
    """C6: a second row with one key of the first, and everything else other, is refused where REPLACE would delete the first."""
    columns = TABLES[table].c
    number = sa.Integer
    changed = tuple(
        value if column.name in key else value + 1 if isinstance(value, int) and isinstance(column.type.as_generic(), number) else f"{value}x"
        for column, value in zip(columns, _row(worked, table), strict=True)
    )
    said = _refused(worked, f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(columns))})", changed)
    assert said[:2] == "SB"


@pytest.mark.parametrize("table", TABLES)
def test_a_row_is_not_put_in_again(worked: Path, table: str) -> None:
    """C6: the very same row is refused too, by a guard and not by the key alone."""
    row = _row(worked, table)
    assert "SB" in _refused(worked, f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", tuple(row))


MOVED = [
    "UPDATE OR REPLACE shebao_user SET user_id = 'wang' WHERE user_id = 'zhang'",
    "UPDATE OR REPLACE shebao_user SET password_hash = (SELECT password_hash FROM shebao_user WHERE user_id = 'wang') || 'x' WHERE user_id = 'zhang'",
    "UPDATE shebao_user SET name = '别人'",
    "UPDATE OR REPLACE shebao_grant SET user_id = 'wang' WHERE user_id = 'zhang'",
    "UPDATE OR REPLACE shebao_session SET user_id = 'wang'",
    "UPDATE shebao_session SET expires_at = '2099-01-01T00:00:00+08:00'",
    "UPDATE OR REPLACE shebao_source_file SET parquet_sha256 = 'x'",
    "UPDATE OR REPLACE shebao_roster SET file_id = 3",
    "DELETE FROM shebao_session",
]


@pytest.mark.parametrize("statement", MOVED)
def test_a_row_is_not_moved_over_another(worked: Path, statement: str) -> None:
    """C6: keys of people, grants, sessions, files and rosters stay; UPDATE OR REPLACE finds nothing to delete."""
    assert "SB3041" in _refused(worked, statement)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shebao_user SET password_hash = 'x'",
        "UPDATE shebao_user SET user_id = 'x' WHERE user_id = 'wu'",
        "UPDATE shebao_session SET expires_at = '2099-01-01'",
        "UPDATE shebao_session SET user_id = 'wang'",
        "DELETE FROM shebao_session",
    ],
)
def test_people_and_sessions_keep_what_they_are(office: Desk, statement: str) -> None:
    """C6: on both databases nobody's password or session is rewritten; a session is closed once, and stays closed."""
    with office.unit() as work:
        sessions.sign_in(work, NOW, "zhao", PASSWORD)
        work.commit()
    with pytest.raises(DatabaseRefusal, match="SB3041"), office.unit() as work:
        work.connection.exec_driver_sql(statement)
    with office.unit() as work:
        work.connection.exec_driver_sql("UPDATE shebao_session SET closed_at = 'then'")
        work.commit()
    with pytest.raises(DatabaseRefusal, match="SB3041"), office.unit() as work:
        work.connection.exec_driver_sql("UPDATE shebao_session SET closed_at = ''")

"""Requests for duties, relatives and proofs of identity: every column flipped, every row removed or put in is found and named."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from controls import sessions
from controls.duties import Duty
from controls.grant_tables import GRANT_TABLES
from controls.relative_tables import RELATIVE_TABLES
from controls.relatives import declared
from controls.signin import passwords, totp
from controls.signin_tables import SIGNIN_TABLES
from ledger.db import sqlite_url
from shebao import evidence_people
from shebao.evidence import Broken
from tests.controls.payment_desk import NOW, PASSWORD, desk, someone
from tests.granting import STEPS, given
from tests.ledger.tamper import disarm

TABLES = (*GRANT_TABLES, *RELATIVE_TABLES, *SIGNIN_TABLES)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without guards in which each of these tables holds something."""
    folder = tmp_path_factory.mktemp("people")
    office = desk(sqlite_url(folder / "store.db"), folder / "home")
    start = datetime.fromisoformat(NOW)
    later = start + timedelta(seconds=90)
    with office.unit() as work:
        given(work, NOW, "li", Duty.HEAD, date(2026, 1, 15))
        made = declared.declare(work, NOW, someone("li"), "lineal", "11010519491231002X", "甲二")
        declared.step(work, NOW, STEPS[0][1], made.relative_id, "confirm")
        passwords.change(work, NOW, someone("zhang"), PASSWORD, "another horse entirely")
        clock = pyotp.parse_uri(totp.enrol(work, NOW, someone("wang")))
        assert isinstance(clock, pyotp.TOTP)
        codes = totp.confirm(work, NOW, someone("wang"), clock.at(start))
        sessions.sign_in(work, later.isoformat(timespec="seconds"), "wang", PASSWORD, clock.at(later))
        opened = sessions.sign_in(work, (later + timedelta(seconds=1)).isoformat(timespec="seconds"), "wang", PASSWORD, codes[0])
        work.commit()
    sessions.write_file(office.home, opened)
    with office.unit() as work:
        again = later + timedelta(seconds=120)
        sessions.prove(work, again.isoformat(timespec="seconds"), office.home, someone("wang"), clock.at(again))
        work.commit()
    office.engine.dispose()
    with sqlite3.connect(folder / "store.db") as database:
        disarm(database)
    database.close()
    return folder / "store.db"


def proved(connection: sa.Connection) -> str:
    """'' when the proof holds, else what it says."""
    try:
        evidence_people.kept(connection)
    except Broken as wrong:
        return str(wrong)
    return ""


def test_every_column_and_row_is_proved(worked: Path) -> None:
    """C6: with the guards out of the way, one value changed, one row gone or one row doubled in any of the eleven tables is found, and its kind is named."""
    engine, missed, tried = sa.create_engine(sqlite_url(worked)), [], 0
    with engine.connect() as connection:
        for pragma in ("ignore_check_constraints = ON", "foreign_keys = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        assert proved(connection) == ""
        for table in TABLES:
            row = connection.execute(sa.select(table).limit(1)).mappings().one()
            where = sa.and_(*(key == row[key.name] for key in table.primary_key))
            number = {column.name for column in table.c if isinstance(column.type.as_generic(), sa.Integer)}
            changes = [table.update().where(where).values({name: (row[name] or 0) + 1000 if name in number else f"{row[name]}x"}) for name in row]
            key = next(iter(table.primary_key)).name
            planted = dict(row) | {key: row[key] + 1000 if key in number else f"{row[key]}x"}
            for statement in (*changes, table.delete().where(where), table.insert().values(planted)):
                connection.execute(statement)
                tried += 1
                if evidence_people.WHAT[table.name] not in proved(connection):
                    missed.append(str(statement))
                connection.rollback()
    engine.dispose()
    assert missed == [] and tried == sum(len(table.c) + 2 for table in TABLES)

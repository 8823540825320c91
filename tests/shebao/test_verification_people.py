"""Requests for duties, relatives and proofs of identity prove themselves, and no column or row of theirs changes behind the trail's back."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from controls import sessions
from controls.duties import Duty
from controls.grant_tables import GRANT_TABLES
from controls.grants import requests
from controls.grants.requests import Wanted
from controls.relative_tables import RELATIVE_TABLES
from controls.relatives import declared
from controls.signin import passwords, totp
from controls.signin_tables import SIGNIN_TABLES
from ledger.db import reading
from ledger.schema import run_guards
from shebao import evidence_people
from shebao.evidence import Broken
from tests.controls.payment_desk import NOW, PASSWORD, desk, someone
from tests.controls.test_replace import unique
from tests.granting import STEPS, given
from tests.ledger.tamper import opened_copy

TABLES = (*GRANT_TABLES, *RELATIVE_TABLES, *SIGNIN_TABLES)
GUARDS = Path(requests.__file__).parent.parent / "grant_guards"
OTHER = {"kind": "'emergency'", "step": "'end'", "relation": "'inlaw'", "how": "'recovery'", "valid_from": "'2025-01-01'", "valid_to": "'2029-01-01'"}
KEYS = [(table.name, key) for table in TABLES for key in unique(table)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office in which every one of these tables holds something."""
    folder = tmp_path_factory.mktemp("people")
    file = folder / "store.sqlite"
    office = desk(f"sqlite:///{file.as_posix()}", folder / "home")
    later = (datetime.fromisoformat(NOW) + timedelta(seconds=90)).isoformat()
    with office.unit() as work:
        run_guards(work.connection, GUARDS)
        given(work, NOW, "li", Duty.HEAD, date(2026, 1, 15), date(2026, 7, 1))
        more = Wanted("exemption", "qian", Duty.HANDLE_CERTIFY, "2026-01-15", "2026-07-01", "编制不足", "tao", "HANDLE_ASSESS", "每月复查")
        requests.take(work, NOW, STEPS[1][1], requests.ask(work, NOW, someone("zhang"), more).request_id, "approve")
        mine = declared.declare(work, NOW, someone("li"), "lineal", "11010519491231002X", "甲二")
        declared.step(work, NOW, STEPS[0][1], mine.relative_id, "confirm")
        passwords.change(work, NOW, someone("wang"), PASSWORD, "another horse entirely")
        clock = pyotp.parse_uri(totp.enrol(work, NOW, someone("wang")))
        assert isinstance(clock, pyotp.TOTP)
        codes = totp.confirm(work, NOW, someone("wang"), clock.at(datetime.fromisoformat(NOW)))
        opened = sessions.sign_in(work, later, "wang", "another horse entirely", codes[0])
        work.commit()
    sessions.write_file(office.home, opened)
    with office.unit() as work:
        sessions.prove(work, later, office.home, someone("wang"), "another horse entirely")
        work.commit()
        assert evidence_people.kept(work.connection).startswith("授权申请、回避登记和身份鉴别 15 行")
        assert evidence_people.apart(work.connection, NOW) == "没有人持有不相容的岗位"
    office.engine.dispose()
    return file


def test_who_holds_what_excludes_itself_is_named(store: Path, tmp_path: Path) -> None:
    """C1: a duty put in beside one that excludes it is named with the person and with what to do."""
    row = "INSERT INTO shebao_grant VALUES ('zhao', 'CASHIER', '2026-01-15', '', 'x', 'x')"
    engine = opened_copy(store, tmp_path / "copy.sqlite", row)
    with reading(engine) as connection, pytest.raises(Broken, match=r"赵会计.*shebao duty revoke zhao"):
        evidence_people.apart(connection, NOW)


def test_no_row_is_replaced_through_any_of_its_keys(store: Path) -> None:
    """C6: INSERT OR REPLACE of a row, or of another with one of its keys, is refused by a guard while SQLite would delete the first."""
    database = sqlite3.connect(store, isolation_level=None)
    for name, key in KEYS:
        columns = next(table for table in TABLES if table.name == name).c
        row = database.execute(f"SELECT * FROM {name} LIMIT 1").fetchone()
        changed = [
            value if column.name in key else value + 1 if isinstance(value, int) else f"{value}x" for column, value in zip(columns, row, strict=True)
        ]
        for values in (changed, list(row)):
            database.execute("BEGIN")
            with pytest.raises(sqlite3.IntegrityError):
                database.execute(f"INSERT OR REPLACE INTO {name} VALUES ({', '.join('?' * len(row))})", values)
            database.execute("ROLLBACK")
    database.close()

"""Every row around a roster is proved: with the guards out of the way, each column flipped and each row removed is found; with them, none can be."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from controls import signoff, supplements
from controls.roster_tables import ROSTER_TABLES
from controls.rosters import cases, freezes, terms
from ledger.db import open_engine, reading, sqlite_url
from ledger.funds import Fund
from tests.controls.payment_desk import DEAD, JANUARY, NOW, Desk, desk, five_people, line, someone

LATE = "2026-04-20T09:00:00+08:00"


def work_all(url: str, home: Path) -> Desk:
    """A store in which each of the tables holds something: a held line cleared and supplemented, a failed payment released again, a roster expired."""
    office = desk(url, home)
    first = office.released(DEAD)
    office.send(first)
    office.returned(first, office.answer_of_bank(first, 2))
    with office.unit() as work:
        cases.notify(work, someone("zhang"), NOW, first, 3, "cd" * 32, "village")
        cases.ask(work, someone("zhang"), NOW, first, 3, "alive", "ab" * 32, "户籍证明.pdf")
        cases.clear(work, someone("li"), NOW, first, 3)
        work.commit()
    with office.unit() as work:
        supplements.build(work, office.home, someone("zhang"), NOW, Fund.R, JANUARY)
        made = freezes.put(work, someone("jin"), NOW, "audit", date(2026, 2, 1), date(2026, 2, 2), "审计")
        freezes.lift(work, someone("jin"), NOW, made.freeze_no, "结束")
        work.commit()
    again = office.build([{**line(1, 2, "基础养老金", 16300), "note": "退票重发"}])
    office.check(again)
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        office.sign(again, step, user)
    office.release(again)
    late = office.build([{**row, "item": "丧葬补助金"} for row in five_people()[:5]])
    with office.unit() as work:
        terms.expire(work, someone("zhang"), LATE, late)
        work.commit()
    return office


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of that store."""
    folder = tmp_path_factory.mktemp("rosters")
    file = folder / "shebao.db"
    work_all(sqlite_url(file), folder / "home").engine.dispose()
    with sqlite3.connect(file) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.close()
    return file


def test_every_row_stays_as_it_was_written(worked: Path) -> None:
    """The guards refuse UPDATE, DELETE, INSERT OR REPLACE and UPDATE OR REPLACE on each of the nine tables."""
    database = sqlite3.connect(worked, isolation_level=None)
    said = {}
    for table in ROSTER_TABLES:
        names = ", ".join(column.name for column in table.c)
        first = next(iter(table.c)).name
        for statement in (
            f"UPDATE {table.name} SET {first} = {first}", f"UPDATE OR REPLACE {table.name} SET {first} = {first}", f"DELETE FROM {table.name}",
            f"INSERT OR REPLACE INTO {table.name} ({names}) SELECT {names} FROM {table.name}",
        ):  # fmt: skip
            database.execute("BEGIN")
            try:
                database.execute(statement)
                said[statement] = "went through"
            except sqlite3.IntegrityError as refused:
                assert "SB" in str(refused), statement
            database.execute("ROLLBACK")
    database.close()
    assert said == {}


def test_signing_holds_after_it_all(worked: Path) -> None:
    """C2: the same store's rosters are what was signed."""
    engine = open_engine(sqlite_url(worked))
    with reading(engine) as connection:
        from controls import roster

        for made in roster.listed(connection):
            signoff.same_as_signed(connection, made)
    engine.dispose()

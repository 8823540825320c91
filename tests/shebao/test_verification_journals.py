"""The cashier's journals prove themselves from the store, and no column of theirs can be changed behind the trail's back."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from controls import journals
from controls.journal_tables import JOURNAL_TABLES
from controls.journals import Kind
from ledger.db import reading
from shebao.evidence_journals import kept
from tests.controls.journal_desk import BOOK, WANG, Desk, desk, receipt
from tests.controls.test_replace import unique

JAN_5 = date(2026, 1, 5)


def work(url: str) -> Desk:
    """A bank journal with a struck line and a closed day, and a cash journal counted, witnessed and closed."""
    at = desk(url)
    at.opened()
    at.enter(receipt(5, "001", into=500), receipt(6, "002", out=100))
    at.step(journals.strike, WANG, 1, 2, date(2026, 1, 6), "重复")
    at.step(journals.close_day, WANG, 1, date(2026, 1, 6))
    at.opened(Kind.CASH, 100, JAN_5)
    at.counted(JAN_5, {100: 1}, journal=2)
    at.step(journals.close_day, WANG, 2, JAN_5)
    with reading(at.engine) as connection:
        assert kept(connection, BOOK) == "2 本日记账 3 笔登记、日结和盘点与留痕相符"
    return at


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of those journals."""
    file = tmp_path_factory.mktemp("journals") / "store.sqlite"
    work(f"sqlite:///{file.as_posix()}").engine.dispose()
    return file


KEYS = [(table.name, key) for table in JOURNAL_TABLES for key in unique(table)]


@pytest.mark.parametrize(("table", "key"), KEYS, ids=[f"{name[7:]}-{'.'.join(key)}" for name, key in KEYS])
def test_no_row_is_replaced_through_any_of_its_keys(store: Path, table: str, key: tuple[str, ...]) -> None:
    """C6: INSERT OR REPLACE with one key of a row, or with the very same row, is refused by a guard while SQLite would delete the first."""
    columns = next(one for one in JOURNAL_TABLES if one.name == table).c
    database = sqlite3.connect(store, isolation_level=None)
    row = database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    other = tuple(
        value if column.name in key else value + 1 if isinstance(value, int) else f"{value}x" if isinstance(value, str) else value
        for column, value in zip(columns, row, strict=True)
    )
    for values in (other, tuple(row)):
        database.execute("BEGIN")
        with pytest.raises(sqlite3.IntegrityError, match="SB3"):
            database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", values)
        database.execute("ROLLBACK")
    database.close()

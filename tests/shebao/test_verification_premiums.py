"""Claims prove themselves from the store, and no column of theirs can be changed behind the trail's back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from controls.premium_tables import PREMIUM_TABLES
from controls.premiums import claim_store
from ledger.db import reading
from shebao.evidence import Broken
from shebao.evidence_premiums import kept
from tests.controls.premium_claim_desk import LI, MA, Desk, desk
from tests.controls.test_replace import unique
from tests.controls.voucher_desk import BOOK
from tests.ledger.tamper import opened_copy

OTHER = {"state": "'prepared'", "kind": "'back'", "files": "'[1,2,3]'", "as_of": "'2026-06-29'"}
COLUMNS = [(table.name, column.name) for table in PREMIUM_TABLES for column in table.columns if column.name != "book_id"]


def worked(url: str) -> Desk:
    """One claim withdrawn after its review, one reviewed."""
    at = desk(url)
    for _ in range(2):
        made = at.prepared()
        at.step(claim_store.review, LI, BOOK.book_id, made.claim_id)
        if made.claim_id == 1:
            at.step(claim_store.withdraw, MA, BOOK.book_id, 1, "名单有更新")
    with reading(at.engine) as connection:
        assert kept(connection, BOOK) == "2 号代缴清册、12 行明细与留痕相符"
    return at


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of those claims."""
    file = tmp_path_factory.mktemp("premiums") / "store.sqlite"
    worked(f"sqlite:///{file.as_posix()}").engine.dispose()
    return file


def _last(table: str) -> str:
    keys = {one.name: [key.name for key in one.primary_key] for one in PREMIUM_TABLES}[table]
    return f"({', '.join(keys)}) = (SELECT {', '.join(keys)} FROM {table} ORDER BY {', '.join(f'{key} DESC' for key in keys)} LIMIT 1)"


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_column_is_proved(store: Path, tmp_path: Path, table: str, column: str) -> None:
    """C6: whoever changes one value with every guard out of the way is found out."""
    new = OTHER.get(column, f"CASE WHEN typeof({column}) = 'integer' THEN {column} + 1 ELSE {column} || 'x' END")
    engine = opened_copy(store, tmp_path / "copy.sqlite", f"UPDATE {table} SET {column} = {new} WHERE {_last(table)}")
    with reading(engine) as connection, pytest.raises((Broken, ValueError, KeyError)):
        kept(connection, BOOK)


@pytest.mark.parametrize("table", [table.name for table in PREMIUM_TABLES])
def test_every_row_is_proved(store: Path, tmp_path: Path, table: str) -> None:
    """C6: a row that is taken away is missed."""
    engine = opened_copy(store, tmp_path / "copy.sqlite", f"DELETE FROM {table} WHERE {_last(table)}")
    with reading(engine) as connection, pytest.raises(Broken):
        kept(connection, BOOK)


KEYS = [(table.name, key) for table in PREMIUM_TABLES for key in unique(table)]


@pytest.mark.parametrize(("table", "key"), KEYS, ids=[f"{name[7:]}-{'.'.join(key)}" for name, key in KEYS])
def test_no_row_is_replaced_through_any_of_its_keys(store: Path, table: str, key: tuple[str, ...]) -> None:
    """C6: INSERT OR REPLACE with one key of a row, or with the very same row, is refused by a guard while SQLite would delete the first."""
    columns = next(one for one in PREMIUM_TABLES if one.name == table).c
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

"""Claims prove themselves from the store, and no column of theirs can be changed behind the trail's back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from controls.premium_tables import PREMIUM_TABLES
from controls.premiums import claim_store
from ledger.db import reading
from shebao.evidence_premiums import kept
from tests.controls.premium_claim_desk import LI, MA, Desk, desk
from tests.controls.test_replace import unique
from tests.controls.voucher_desk import BOOK


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

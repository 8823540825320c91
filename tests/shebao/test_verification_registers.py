"""The registers prove themselves from the store, and no column of theirs can be changed behind the trail's back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from controls.register_tables import REGISTER_TABLES
from controls.registers import law as laws
from controls.registers import store as registers
from ledger.db import UnitOfWork, reading
from ledger.errors import DatabaseRefusal
from shebao.evidence import Broken
from shebao.evidence_registers import kept
from tests.controls.register_desk import AUDITOR, BOOK, CLAIM, HEAD, NOW, OTHER_AUDITOR, Desk, desk
from tests.controls.test_replace import unique
from tests.ledger.tamper import opened_copy

KEYS = [(table.name, key) for table in REGISTER_TABLES for key in unique(table)]


def worked(url: str) -> Desk:
    """A claim entered, decided on, written off, corrected and closed, and three more entered in one step."""
    at = desk(url)
    at.add("recoveries", CLAIM, AUDITOR)
    at.do("recoveries", 1, "notify", HEAD, notice="1", notified_on="2026-01-08", due_on="2026-02-08")
    at.do("recoveries", 1, "write_off", HEAD, written_off="600", write_off_document="批1")
    at.correct("recoveries", 1, AUDITOR, "补备注", note="x")
    at.do("recoveries", 1, "close", OTHER_AUDITOR)
    law = laws.get("recoveries")
    with UnitOfWork(at.engine) as work:
        registers.add(work, NOW, AUDITOR, law, BOOK, [registers.read_payload(law, CLAIM | {"所属期起": f"2025-0{n}"}) for n in (1, 2, 3)])
        work.commit()
    with reading(at.engine) as connection:
        assert kept(connection) == "1 本台账 4 行 8 次办理与留痕相符"
    return at


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of those registers."""
    file = tmp_path_factory.mktemp("registers") / "store.sqlite"
    worked(f"sqlite:///{file.as_posix()}").engine.dispose()
    return file


def test_a_whole_register_is_missed(store: Path, tmp_path: Path) -> None:
    """C6: with all its acts and rows gone the trail still knows of them."""
    engine = opened_copy(store, tmp_path / "copy.sqlite", *(f"DELETE FROM {table.name}" for table in reversed(REGISTER_TABLES)))
    with reading(engine) as connection, pytest.raises(Broken, match="台账里没有"):
        kept(connection)


@pytest.mark.parametrize(("table", "key"), KEYS, ids=[f"{name[7:]}-{'.'.join(key)}" for name, key in KEYS])
def test_no_row_is_replaced_through_any_of_its_keys(store: Path, table: str, key: tuple[str, ...]) -> None:
    """C6: INSERT OR REPLACE with one key of a row, or with the very same row, is refused by a guard while SQLite would delete the first."""
    columns = next(one for one in REGISTER_TABLES if one.name == table).c
    database = sqlite3.connect(store, isolation_level=None)
    row = database.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
    other = tuple(
        value if column.name in key else value + 1 if isinstance(value, int) else f"{value}x" for column, value in zip(columns, row, strict=True)
    )
    for values in (other, tuple(row)):
        database.execute("BEGIN")
        with pytest.raises(sqlite3.IntegrityError, match="SB3"):
            database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", values)
        database.execute("ROLLBACK")
    database.close()


FORGED = {
    "another's duty": {"duty": "HEAD", "actor": "wang"},
    "a state out of order": {"state": "closed"},
    "an unknown act": {"act": "vanish"},
}


@pytest.mark.parametrize("case", FORGED)
def test_an_act_that_the_file_does_not_allow_is_found(tmp_path: Path, case: str) -> None:
    """C5, C6: an act with digests, row and record in order, put in past the program, is refused by the guards, and past them found by the file."""
    file = tmp_path / "store.sqlite"
    at = desk(f"sqlite:///{file.as_posix()}")
    row = at.add("recoveries", CLAIM, AUDITOR)
    changed = FORGED[case]
    text = registers.canonical(row.payload)
    values = {"act": "correct", "state": "open", "duty": "AUDIT", "actor": "feng"} | changed
    bare = registers.Act(
        1, 2, 2, values["act"], values["state"], row.on_day, text, "x", "", values["duty"], values["actor"], NOW, row.digest, "",
    )  # fmt: skip
    made = registers.Act(*(getattr(bare, name) for name in registers.ACT_COLUMNS[:-1]), bare.expected(1, "recoveries"))
    law = laws.get("recoveries")
    actor = HEAD if values["actor"] == "wang" else AUDITOR

    def forge() -> None:
        with UnitOfWork(at.engine) as work:
            registers._write(work, 1, law, [made])
            work.connection.exec_driver_sql("UPDATE shebao_register_row SET act_no = 2, state = ?, digest = ? WHERE row_no = 1", (made.state, made.digest))
            registers._record(work, NOW, actor, registers.Duty(values["duty"]), law, 1, [made])
            work.commit()

    with pytest.raises(DatabaseRefusal, match="SB3244"):
        forge()
    with UnitOfWork(at.engine) as work:
        work.connection.exec_driver_sql("DROP TRIGGER shebao_register_act_enter")
        work.commit()
    forge()
    with reading(at.engine) as connection, pytest.raises(Broken):
        kept(connection)

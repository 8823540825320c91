"""The chain: whoever changes, drops, inserts, swaps or rebuilds records is found out, the last by the head kept elsewhere."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ledger import chain
from ledger.chain import Act, ChainBroken, Record
from ledger.db import UnitOfWork, open_engine, reading, sqlite_url
from ledger.tables import chain as chain_table
from tests.ledger.store import fresh
from tests.ledger.tamper import opened_copy

AT = "2026-01-31T09:00:00+08:00"
RECORDS = 6
COPIED = "at, actor, duty, act, thing, digest, facts, hash, 'x', digest, result, reason"
COLUMNS = [column.name for column in chain_table.c]


def act(number: int) -> Act:
    return Act(f"u{number}", "CHECK", "review", f"voucher:1-{number}", "d" * 64, {"fen": number, "why": "喆"})


def filled(url: str) -> tuple[int, str]:
    """A store with six records; the head."""
    engine = fresh(url)
    with UnitOfWork(engine) as work:
        made = [chain.append(work, AT, act(number)) for number in range(1, RECORDS + 1)]
        work.commit()
    engine.dispose()
    return made[-1].seq, made[-1].hash


def broken(tmp_path: Path, *statements: str, witness: bool = False) -> str:
    """What the proof says of a copy in which the statements were run."""
    head = filled(sqlite_url(tmp_path / "store.db"))
    engine = opened_copy(tmp_path / "store.db", tmp_path / "copy.db", *statements)
    with reading(engine) as connection, pytest.raises(ChainBroken) as refused:
        chain.verify(connection, witness=head if witness else None)
    return str(refused.value)


def test_records_follow_one_another(store_url: str) -> None:
    """C6: records are numbered from one, each carries the hash before it, and the chain proves itself with and without a witness."""
    head = filled(store_url)
    engine = open_engine(store_url)
    with reading(engine) as connection:
        found = list(chain.records(connection))
        assert [record.seq for record in found] == list(range(1, RECORDS + 1))
        assert [record.previous for record in found] == ["", *(record.hash for record in found[:-1])]
        assert found[2] == Record(3, AT, "u3", "CHECK", "review", "voucher:1-3", "d" * 64, '{"fen":3,"why":"喆"}', found[1].hash, found[2].expected())
        assert [record.seq for record in chain.records(connection, after=4)] == [5, 6]
        assert chain.head(connection) == head == (found[-1].seq, found[-1].hash)
        assert chain.verify(connection) == chain.verify(connection, witness=head) == chain.verify(connection, witness=(2, found[1].hash)) == RECORDS
        assert chain.verify(connection, witness=(0, "")) == RECORDS


def test_an_empty_chain_proves_itself(store_url: str) -> None:
    """An empty chain has length zero and no head; a witness of a record tells that it was cut."""
    engine = fresh(store_url)
    with reading(engine) as connection:
        assert (chain.verify(connection), chain.head(connection)) == (0, (0, ""))
        with pytest.raises(ChainBroken, match="尾部缺失"):
            chain.verify(connection, witness=(1, "x"))


@pytest.mark.parametrize("seq", [1, 3, RECORDS])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_in_any_column_is_found(tmp_path: Path, column: str, seq: int) -> None:
    """C6: with the guards gone, one changed column of a first, middle or last record breaks the chain at that record or the one after."""
    value = f"{column} + 100" if column == "seq" else f"{column} || 'x'"
    said = broken(tmp_path, f"UPDATE shebao_chain SET {column} = {value} WHERE seq = {seq}")
    assert f"第 {seq} 条" in said


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (("DELETE FROM shebao_chain WHERE seq = 3",), "第 3 条"),
        (("DELETE FROM shebao_chain WHERE seq = 1",), "第 1 条"),
        (("DELETE FROM shebao_chain WHERE seq = 3", "UPDATE shebao_chain SET seq = seq - 1 WHERE seq > 3"), "第 3 条"),
        ((f"INSERT INTO shebao_chain SELECT 7, {COPIED} FROM shebao_chain WHERE seq = 6",), "第 7 条"),
        (
            (
                "UPDATE shebao_chain SET seq = seq + 100 WHERE seq > 2",
                f"INSERT INTO shebao_chain SELECT 3, {COPIED} FROM shebao_chain WHERE seq = 2",
                "UPDATE shebao_chain SET seq = seq - 99 WHERE seq > 100",
            ),
            "第 3 条",
        ),
        (
            (
                "UPDATE shebao_chain SET seq = -2 WHERE seq = 2",
                "UPDATE shebao_chain SET seq = 2 WHERE seq = 4",
                "UPDATE shebao_chain SET seq = 4 WHERE seq = -2",
            ),
            "第 2 条",
        ),
    ],
    ids=["removed", "first removed", "removed and renumbered", "appended", "inserted", "swapped"],
)
def test_a_record_removed_inserted_or_swapped_is_found(tmp_path: Path, statements: tuple[str, ...], said: str) -> None:
    """C6: a record removed (even with the rest renumbered), put in, put at the end or swapped is named by its number."""
    assert said in broken(tmp_path, *statements)


def test_a_tail_cut_off_is_found_by_the_witness(tmp_path: Path) -> None:
    """C6: a chain whose last records are gone proves itself, but not against the head that stands on paper."""
    assert "尾部缺失" in broken(tmp_path, "DELETE FROM shebao_chain WHERE seq > 4", witness=True)
    engine = open_engine(sqlite_url(tmp_path / "copy.db"))
    with reading(engine) as connection:
        assert chain.verify(connection) == 4


def rebuild(path: Path) -> None:
    """What a thorough forger does: changes the second record and hashes everything after it anew."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("UPDATE shebao_chain SET actor = 'forger' WHERE seq = 2")
    previous = ""
    for row in database.execute("SELECT seq, at, actor, duty, act, thing, digest, facts, before, result, reason FROM shebao_chain ORDER BY seq").fetchall():
        record = Record(*row[:8], previous, "", *row[8:])
        previous_of_next = record.expected()
        database.execute("UPDATE shebao_chain SET previous = ?, hash = ? WHERE seq = ?", (previous, previous_of_next, row[0]))
        previous = previous_of_next
    database.close()


def test_a_chain_built_anew_is_found_by_the_witness(tmp_path: Path) -> None:
    """C6: a chain forged and hashed anew throughout proves itself, but not against the head that stands on paper."""
    head = filled(sqlite_url(tmp_path / "store.db"))
    engine = opened_copy(tmp_path / "store.db", tmp_path / "copy.db")
    rebuild(tmp_path / "copy.db")
    with reading(engine) as connection:
        assert chain.verify(connection) == RECORDS
        with pytest.raises(ChainBroken, match=f"第 {RECORDS} 条断开：与外部留存的链头不符"):
            chain.verify(connection, witness=head)

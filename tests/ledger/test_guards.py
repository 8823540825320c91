"""Guards twice: each rule with the database's guard gone, and with Python out of the way; and the back doors of SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import balances, chain, posted
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import Entry, Unbalanced
from ledger.errors import DatabaseRefusal, Refusal
from ledger.errors_posting import AccountNotUsable, AlreadyBooked, PeriodNotOpen
from ledger.months import Month
from ledger.posting import Signed, post
from ledger.tables import LEDGER_TABLES
from tests.ledger.store import JANUARY, opened, simple

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
HEADER = (
    "INSERT INTO shebao_entry VALUES (1, {id}, {period}, '记', {number}, '2026-01-05', 'now', '', 's', 0, 'a', 'b', 'a', 'x', '{source}', 0, NULL, 2, 100, "
    "NULL, 0, 0, '', 'd')"
)
LINES = ("INSERT INTO shebao_line VALUES (1, {id}, 1, '1003', 'D', 100, '', '')", "INSERT INTO shebao_line VALUES (1, {id}, 2, '4001', 'C', {fen}, '', '')")


def book(engine: sa.Engine, *made: Entry) -> None:
    with UnitOfWork(engine) as work:
        for entry in made:
            post(work, 1, entry, PEOPLE, NOW)
        work.commit()


def raw(engine: sa.Engine, *statements: str) -> None:
    with UnitOfWork(engine) as work:
        for statement in statements:
            work.connection.exec_driver_sql(statement)
        work.commit()


def whole(number: int = 1, fen: int = 100, period: int = 202601) -> list[str]:
    """The statements of a complete entry, its seal last."""
    return [
        HEADER.format(id=1, period=period, number=number, source="s"),
        *(line.format(id=1, fen=fen) for line in LINES),
        "INSERT INTO shebao_seal VALUES (1, 1)",
    ]


def without_guards(engine: sa.Engine) -> None:
    """Takes every trigger of the ledger away but the one that keeps balances."""
    if engine.dialect.name == "postgresql":
        raw(engine, *(f"ALTER TABLE {table.name} DISABLE TRIGGER USER" for table in LEDGER_TABLES if table.name != "shebao_line"))
        return
    with UnitOfWork(engine) as work:
        names = work.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name <> 'shebao_line_balance'").scalars().all()
        for name in names:
            work.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        work.commit()


def test_balance_by_python_alone(store_url: str) -> None:
    """L1: with the database's guards gone, an unbalanced entry still cannot be made, so nothing can be posted."""
    engine = opened(store_url)
    without_guards(engine)
    made = simple()
    with pytest.raises(Unbalanced):
        book(engine, Entry(JANUARY, made.day, "x", (made.lines[0], made.lines[0]), "test", "s"))
    raw(engine, *whole(fen=99))
    with reading(engine) as connection, pytest.raises(Unbalanced):
        list(posted.entries(connection, 1))


def test_balance_by_the_database_alone(store_url: str) -> None:
    """L1: with Python out of the way, the seal refuses what does not balance, and takes what does."""
    engine = opened(store_url)
    with pytest.raises(DatabaseRefusal, match="SB1101"):
        raw(engine, *whole(fen=99))
    raw(engine, *whole())


def test_period_by_python_alone(store_url: str) -> None:
    """L5: with the database's guards gone, a month that is closed, or not yet open, is still refused."""
    engine = opened(store_url)
    without_guards(engine)
    with pytest.raises(PeriodNotOpen):
        book(engine, simple(period=Month(2026, 2)))
    raw(engine, "UPDATE shebao_period SET state = 'closed'")
    with pytest.raises(PeriodNotOpen):
        book(engine, simple())


def test_period_by_the_database_alone(store_url: str) -> None:
    """L5: with Python out of the way, a locked or closed month takes no entry."""
    engine = opened(store_url)
    for state in ("locked", "closed"):
        raw(engine, f"UPDATE shebao_period SET state = '{state}'")
        with pytest.raises(DatabaseRefusal, match="SB1302"):
            raw(engine, *whole())


def test_numbers_by_python_alone(store_url: str) -> None:
    """L4: with the database's guards gone, entries are still numbered 1, 2, 3 within each kind and month."""
    engine = opened(store_url)
    without_guards(engine)
    book(engine, *(simple(source=f"s{number}") for number in range(3)), Entry(JANUARY, JANUARY.first_day, "转", simple().lines, "test", "t", kind="转"))
    with reading(engine) as connection:
        assert [(one.entry.kind, one.number) for one in posted.entries(connection, 1)] == [("记", 1), ("记", 2), ("记", 3), ("转", 1)]


def test_numbers_by_the_database_alone(store_url: str) -> None:
    """L4: with Python out of the way, a number left out, used twice, or an entry out of turn is refused."""
    engine = opened(store_url)
    book(engine, simple())
    for entry_id, number in ((2, 3), (2, 1), (2, 0), (3, 2), (0, 2)):
        with pytest.raises(DatabaseRefusal, match="SB1301"):
            raw(engine, HEADER.format(id=entry_id, period=202601, number=number, source="t"))


def test_accounts_and_sources_by_python_alone(store_url: str) -> None:
    """L6, L11: with the database's guards gone, an unknown account and a document booked before are still refused."""
    engine = opened(store_url)
    without_guards(engine)
    book(engine, simple())
    with pytest.raises(AccountNotUsable):
        book(engine, simple(source="t", debit="9999"))
    with pytest.raises(AlreadyBooked):
        book(engine, simple())


def test_two_people_by_the_database_alone(store_url: str) -> None:
    """L9: with Python out of the way, maker and reviewer, or poster and reviewer, cannot be one person, nor the authority empty."""
    engine = opened(store_url)
    header = whole()[0]
    for wrong in (header.replace("'a', 'b', 'a'", "'a', 'a', 'b'"), header.replace("'a', 'b', 'a'", "'a', 'b', 'b'"), header.replace("'x', 's'", "'', 's'")):
        assert wrong != header
        with pytest.raises(sa.exc.IntegrityError):
            raw(engine, wrong)


REPLACED = {
    "a book": ("shebao_book VALUES (1, 'U1', 'R', 'other', 'x', 202601)", "SB1303"),
    "a fund's book by another": ("shebao_book VALUES (2, 'U1', 'R', 'toy', 'x', 202601)", "SB1303"),
    "an account": ("shebao_account VALUES (1, '1003', 'x', 'x', 'C', 'income', '', 1, 'toy', '2018-01-01', '')", "SB1303"),
    "an entry": (HEADER.format(id=1, period=202601, number=1, source="s").removeprefix("INSERT INTO "), "SB1301"),
    "an entry by its source": (HEADER.format(id=2, period=202601, number=2, source="doc-1").removeprefix("INSERT INTO "), "SB1104"),
    "a line": ("shebao_line VALUES (1, 1, 1, '1003', 'D', 200, '', '')", "SB1309"),
    "a seal": ("shebao_seal VALUES (1, 1)", "SB1309"),
    "a paper": ("shebao_document VALUES (1, 'ticket:1', 1)", "SB1309"),
    "a balance": ("shebao_balance VALUES (1, '1003', 202601, '', 5, 0, 0, 0, 1)", "SB1303"),
    "a new balance": ("shebao_balance VALUES (1, '1004', 202601, '', 5, 0, 0, 0, 1)", "SB1303"),
    "a month": ("shebao_period VALUES (1, 202601, 'open')", "SB1308"),
    "a record": ("shebao_chain VALUES (1, 'a', 'b', 'c', 'd', 'e', 'f', 'g', '', 'i')", "SB1307"),
}


@pytest.mark.parametrize("thing", REPLACED)
def test_replacing_is_refused(tmp_path: Path, thing: str) -> None:
    """L3: SQLite's INSERT OR REPLACE, which deletes past DELETE triggers, and UPDATE of balances are refused."""
    engine = opened(sqlite_url(tmp_path / "store.db"))
    made = simple()
    book(engine, Entry(JANUARY, made.day, "收到保费", made.lines, "test", "doc-1", documents=("ticket:1",)))
    what, code = REPLACED[thing]
    with pytest.raises(DatabaseRefusal, match=code):
        raw(engine, f"INSERT OR REPLACE INTO {what}")
    with reading(engine) as connection:
        assert (balances.prove(connection, 1), chain.verify(connection), len(list(posted.entries(connection, 1)))) == (2, 1, 1)


def test_a_record_does_not_push_out_an_older_one(tmp_path: Path) -> None:
    """C6: on SQLite a next record that bears an older one's hash would push that one out; it is refused."""
    engine = opened(sqlite_url(tmp_path / "store.db"))
    book(engine, simple(), simple(source="t"))
    with reading(engine) as connection:
        first, last = (record.hash for record in chain.records(connection))
    with pytest.raises(Refusal, match="SB1307"):
        raw(engine, f"INSERT OR REPLACE INTO shebao_chain VALUES (3, 'a', 'b', 'c', 'd', 'e', 'f', 'g', '{last}', '{first}')")


@pytest.mark.parametrize("change", ["debit_fen = 1, lines = lines + 1", "period = 202602", "lines = 9"])
def test_balances_are_not_written_past_the_lines(tmp_path: Path, change: str) -> None:
    """L8: on SQLite too a balance moves only while an entry is being posted, one line at a time."""
    engine = opened(sqlite_url(tmp_path / "store.db"))
    book(engine, simple())
    with pytest.raises(DatabaseRefusal, match="SB1303"):
        raw(engine, f"UPDATE shebao_balance SET {change}")

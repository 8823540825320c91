"""Guards twice: each rule with the database's guard gone, and with Python out of the way; and the back doors of SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import balances, chain, posted
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import Entry, Line, PayoutRow, Side, Unbalanced, payout_digest
from ledger.errors import DatabaseRefusal, Refusal
from ledger.errors_posting import AccountNotUsable, AlreadyBooked, PeriodNotOpen, SubledgerDiffers
from ledger.months import Month
from ledger.posting import Signed, post
from ledger.tables import LEDGER_TABLES
from tests.ledger.store import JANUARY, opened, simple

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
HEADER = (
    "INSERT INTO shebao_entry VALUES (1, {id}, {period}, '记', {number}, '2026-01-05', 'now', '', 's', 0, 'a', 'b', 'a', 'x', '{source}', 0, NULL, 2, 100, "
    "NULL, 0, 0, '', NULL, 0, 0, '', 'd')"
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
        names = work.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name <> 'shebao_seal_balance'").scalars().all()
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
    "a record": ("shebao_chain VALUES (1, 'a', 'b', 'c', 'd', 'e', 'f', 'g', '', 'i', '', 'done', '')", "SB1307"),
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
        raw(engine, f"INSERT OR REPLACE INTO shebao_chain VALUES (3, 'a', 'b', 'c', 'd', 'e', 'f', 'g', '{last}', '{first}', '', 'done', '')")


@pytest.mark.parametrize("change", ["debit_fen = 1, lines = lines + 1", "period = 202602", "lines = 9"])
def test_balances_are_not_written_past_the_lines(tmp_path: Path, change: str) -> None:
    """L8: on SQLite too a balance moves only while an entry is being posted, one line at a time."""
    engine = opened(sqlite_url(tmp_path / "store.db"))
    book(engine, simple())
    with pytest.raises(DatabaseRefusal, match="SB1303"):
        raw(engine, f"UPDATE shebao_balance SET {change}")


def paid(rows: list[PayoutRow], *lines: tuple[str, Side, int]) -> Entry:
    total = sum(row[3] for row in rows)
    legs = tuple(Line(account, side, fen) for account, side, fen in lines)
    return Entry(JANUARY, JANUARY.first_day, "发放", legs, "release:1", "roster:1", payout_source=7, payout_count=len(rows), payout_fen=total,
                 payout_digest=payout_digest(rows))  # fmt: skip


UNTIED = {
    "an account without a line": [("1", "甲", 202601, 100, "500101"), ("2", "甲", 202601, 5, "500102"), ("3", "甲", 202601, -5, "500102")],
    "more on one account than on its lines": [("1", "甲", 202601, 90, "500101"), ("2", "甲", 202601, 60, "1101")],
    "an expense line without rows": [("2", "甲", 202601, 150, "1101")],
}


def test_rows_tie_to_their_control_accounts(store_url: str) -> None:
    """L10: the database ties rows and lines account by account, expense or not, even where the totals agree; what ties is booked."""
    engine = opened(store_url)
    lines = (("500101", Side.D, 100), ("1101", Side.D, 50), ("1004", Side.C, 150))
    for name, rows in UNTIED.items():
        with pytest.raises(DatabaseRefusal, match="SB1305"), UnitOfWork(engine) as work:
            post(work, 1, paid(rows, *(lines if name != "an account without a line" else (("500101", Side.D, 100), ("1004", Side.C, 100)))), PEOPLE, NOW, rows)
    good: list[PayoutRow] = [("1", "乙", 202601, 50, "1101"), ("1", "甲", 202601, 100, "500101")]
    with UnitOfWork(engine) as work:
        post(work, 1, paid(good, *lines), PEOPLE, NOW, good)
        work.commit()
    with reading(engine) as connection:
        assert len(list(posted.payouts(connection, 1, 7))) == 2


def test_rows_come_in_key_order(store_url: str) -> None:
    """L10: rows out of the order in which they read back, or twice under one key, are refused, since their digest could not be proved again."""
    engine = opened(store_url)
    first, second = ("1", "甲", 202601, 60, "500101"), ("2", "甲", 202601, 40, "500101")
    for rows in ([second, first], [first, first]):
        total = sum(row[3] for row in rows)
        with pytest.raises(SubledgerDiffers, match="排序"), UnitOfWork(engine) as work:
            post(work, 1, paid(rows, ("500101", Side.D, total), ("1004", Side.C, total)), PEOPLE, NOW, rows)


def test_odd_characters_in_rows_read_back(store_url: str) -> None:
    """L10: tabs, backslashes, carriage returns, empty and rare characters in a row go in and read back as they are."""
    engine = opened(store_url)
    texts = sorted(["", "\\N", "\\", "a\tb", "a\rb", "\\.", "𬭎", "%s", "'"])
    rows: list[PayoutRow] = [(text, text, 202601, 10, "500101") for text in texts]
    with UnitOfWork(engine) as work:
        post(work, 1, paid(rows, ("500101", Side.D, 10 * len(rows)), ("1004", Side.C, 10 * len(rows))), PEOPLE, NOW, rows)
        work.commit()
    with reading(engine) as connection:
        assert list(posted.payouts(connection, 1, 7)) == rows


def test_announced_rows_must_come(store_url: str) -> None:
    """L10: with Python out of the way, fewer rows than the header announces, all of nil, are refused by their number."""
    engine = opened(store_url)
    header = whole()[0].replace("2, 100, NULL, 0, 0", "2, 100, 7, 3, 0")
    assert header != whole()[0]
    row = "INSERT INTO shebao_payout VALUES (1, 7, '{n}', 'x', 202601, 0, '1003')"
    lines = [line.format(id=1, fen=100) for line in LINES]
    with pytest.raises(DatabaseRefusal, match="SB1305"):
        entering = ("INSERT INTO shebao_open_posting VALUES (1, 'payout', 7)", row.format(n=1), row.format(n=2))
        raw(engine, header, *lines, *entering, "INSERT INTO shebao_seal VALUES (1, 1)")

"""Kept balances: by account, month and dimension, closing apart, and proved against the lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import balances
from ledger.balances import BalanceDiffers, Movement
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import Entry, Line, Side, dimension
from ledger.errors import Refusal
from ledger.months import Month
from ledger.posting import Signed, post
from ledger.tables import period
from tests.ledger.store import JANUARY, opened, simple
from tests.ledger.tamper import opened_copy

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
FEBRUARY = Month(2026, 2)


def book(engine: sa.Engine, *made: Entry) -> None:
    with UnitOfWork(engine) as work:
        for entry in made:
            post(work, 1, entry, PEOPLE, NOW)
        work.commit()


def two_months(url: str) -> sa.Engine:
    """January with two axes and a red line, February with one entry, January's income closed."""
    engine = opened(url)
    with UnitOfWork(engine) as work:
        work.connection.execute(period.insert().values(book_id=1, period=FEBRUARY, state="open"))
        work.commit()
    bank = dimension(bank_account="01")
    closing = Entry(
        period=JANUARY, day=JANUARY.last_day, summary="结转", lines=(Line("4001", Side.D, 400), Line("3001", Side.C, 400)), authority="28号", kind="转",
        source_key="closing:1", closing=True,
    )  # fmt: skip
    with_axis = replace(simple(100, source="b"), lines=(Line("1003", Side.D, 100, bank), Line("4001", Side.C, 100)))
    book(engine, simple(500, source="a"), with_axis, simple(-200, source="c"), closing, simple(7, source="d", period=FEBRUARY))
    return engine


def test_movements_by_month_with_closing_apart(store_url: str) -> None:
    """L8: movements add all axes of an account and month, red lines on their own side, closing entries beside them."""
    engine = two_months(store_url)
    with reading(engine) as connection:
        assert balances.movements(connection, 1) == [
            Movement("1003", JANUARY, 400, 0),
            Movement("1003", FEBRUARY, 7, 0),
            Movement("3001", JANUARY, 0, 0, 0, 400),
            Movement("4001", JANUARY, 0, 400, 400, 0),
            Movement("4001", FEBRUARY, 0, 7),
        ]
        assert balances.movements(connection, 1, JANUARY) == [m for m in balances.movements(connection, 1) if m.period == JANUARY]
        assert balances.closing_balances(balances.movements(connection, 1, JANUARY)) == {"1003": 400, "3001": -400, "4001": 0}
        assert balances.closing_balances(balances.movements(connection, 1)) == {"1003": 407, "3001": -400, "4001": -7}
        assert balances.movements(connection, 2) == []
        assert balances.prove(connection, 1) == 6


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shebao_balance SET debit_fen = debit_fen + 1 WHERE account = '1003' AND period = 202601 AND dimension = ''",
        "UPDATE shebao_balance SET credit_fen = credit_fen + 1 WHERE account = '4001'",
        "UPDATE shebao_balance SET closing_debit_fen = 1 WHERE account = '1003' AND period = 202602",
        "UPDATE shebao_balance SET closing_credit_fen = 399 WHERE account = '3001'",
        "UPDATE shebao_balance SET lines = lines + 1 WHERE account = '3001'",
        "UPDATE shebao_balance SET account = '1004' WHERE account = '1003'",
        "UPDATE shebao_balance SET period = 202603 WHERE period = 202602",
        "UPDATE shebao_balance SET dimension = 'x' WHERE dimension <> ''",
        "DELETE FROM shebao_balance WHERE account = '3001'",
        "INSERT INTO shebao_balance VALUES (1, '1101', 202601, '', 0, 0, 0, 0, 0)",
        "UPDATE shebao_line SET amount_fen = amount_fen + 1 WHERE entry_id = 1",
        "UPDATE shebao_line SET side = 'D' WHERE entry_id = 1 AND side = 'C'",
        "DELETE FROM shebao_line WHERE entry_id = 5 AND line_no = 2",
        "UPDATE shebao_entry SET period = 202602 WHERE entry_id = 2",
        "UPDATE shebao_entry SET closing = 0 WHERE entry_id = 4",
    ],
)
def test_a_kept_balance_that_is_not_its_lines_is_found(tmp_path: Path, statement: str) -> None:
    """L8: with the guards gone, any change of a balance, of a line or of its month makes the proof name the account (SB1310)."""
    two_months(sqlite_url(tmp_path / "store.db")).dispose()
    engine = opened_copy(tmp_path / "store.db", tmp_path / "copy.db", statement)
    with reading(engine) as connection, pytest.raises(BalanceDiffers):
        balances.prove(connection, 1)


def test_balances_move_only_with_lines(store_url: str) -> None:
    """L8: PostgreSQL lets nobody write a balance but the trigger on lines; neither database lets one be deleted."""
    engine = opened(store_url)
    book(engine, simple())
    doors = ["DELETE FROM shebao_balance"]
    if engine.dialect.name == "postgresql":
        doors += [
            "UPDATE shebao_balance SET debit_fen = 1",
            "INSERT INTO shebao_balance VALUES (1, '1101', 202601, '', 1, 0, 0, 0, 1)",
            "TRUNCATE shebao_balance",
        ]
    for door in doors:
        with pytest.raises(Refusal, match="SB1303"), UnitOfWork(engine) as work:
            work.connection.exec_driver_sql(door)
    with reading(engine) as connection:
        assert balances.prove(connection, 1) == 2

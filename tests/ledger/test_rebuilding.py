"""Kept balances rebuilt from lines: what differs is found, what is rebuilt is exactly what the lines sum to, and the database takes nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from controls import rebuilding
from controls.duties import Actor, Duty
from controls.errors import NotAllowed
from ledger import balances, chain
from ledger.balances import BalanceDiffers
from ledger.db import UnitOfWork, reading
from ledger.entries import Entry, Line, Side, dimension
from ledger.errors import Refusal
from ledger.posting import Signed, post_many
from tests.ledger.store import JANUARY, opened

NOW = "2026-01-31T09:00:00+08:00"
SUN = Actor("sun", "孙主管", frozenset({Duty.CHECK}))
AXES = dimension(bank_account="01")


def booked(url: str) -> sa.Engine:
    """A book of three vouchers: two axes on 1003, a closing voucher on 4001."""
    engine = opened(url)
    people = Signed("zhang", "li", "zhang")
    legs = [
        ((Line("1003", Side.D, 500, AXES), Line("4001", Side.C, 500)), False),
        ((Line("1003", Side.D, 70), Line("4201", Side.C, 70)), False),
        ((Line("4001", Side.D, 500), Line("3001", Side.C, 500)), True),
    ]
    many = [(Entry(JANUARY, JANUARY.last_day, "业务", lines, "依据", f"doc:{n}", closing=closing), people) for n, (lines, closing) in enumerate(legs)]
    with UnitOfWork(engine) as work:
        post_many(work, 1, many, NOW)
        work.commit()
    return engine


@contextmanager
def unguarded(work: UnitOfWork) -> Iterator[None]:
    """The guards of balances out of the way, and back."""
    run = work.connection.exec_driver_sql
    if not work.is_sqlite:
        run("ALTER TABLE shebao_balance DISABLE TRIGGER USER")
        yield
        run("ALTER TABLE shebao_balance ENABLE TRIGGER USER")
        return
    guards = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'shebao_balance'").all()
    for name, _ in guards:
        run(f"DROP TRIGGER {name}")
    yield
    for _, text in guards:
        run(text)


FORGED = {
    "another figure": "UPDATE shebao_balance SET debit_fen = debit_fen + 1 WHERE account = '1003' AND dimension <> ''",
    "a figure moved to closing": "UPDATE shebao_balance SET closing_credit_fen = credit_fen, credit_fen = 0 WHERE account = '4201'",
    "another number of lines": "UPDATE shebao_balance SET lines = 9 WHERE account = '3001'",
    "one gone": "DELETE FROM shebao_balance WHERE account = '4001'",
    "one that never was": "INSERT INTO shebao_balance VALUES (1, '1004', 202601, '', 5, 5, 0, 0, 1)",
    "an empty one": "INSERT INTO shebao_balance VALUES (1, '1004', 202601, '', 0, 0, 0, 0, 0)",
    "another axis": "UPDATE shebao_balance SET dimension = 'x' WHERE account = '1003' AND dimension = ''",
}


def kept(connection: sa.Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(sa.text("SELECT * FROM shebao_balance ORDER BY account, dimension"))]


@pytest.mark.parametrize("forgery", FORGED)
def test_what_differs_is_found_and_rebuilt(store_url: str, forgery: str) -> None:
    """L8: a forged balance is named, rebuilding writes what the lines sum to under the guards, leaves one record, proves; then there is nothing."""
    engine = booked(store_url)
    with reading(engine) as connection:
        right = kept(connection)
        assert balances.prove(connection, 1) == len(right) and balances.differences(connection, 1) == []
    with UnitOfWork(engine) as work:
        with unguarded(work):
            work.connection.exec_driver_sql(FORGED[forgery])
        work.commit()
    with reading(engine) as connection:
        found = balances.differences(connection, 1)
        assert len(found) == (2 if forgery == "another axis" else 1) and found[0].kept_text != found[0].summed_text
        with pytest.raises(BalanceDiffers):
            balances.prove(connection, 1)
    for left in (found, []):
        with UnitOfWork(engine) as work:
            assert rebuilding.rebuild(work, NOW, SUN, 1, "恢复备份后核对") == left
            work.commit()
    with reading(engine) as connection:
        assert kept(connection) == right and balances.prove(connection, 1) == len(right)
        assert [record.act for record in chain.records(connection)].count(rebuilding.ACT) == 1 and chain.verify(connection) == 4


@pytest.mark.parametrize("forgery", FORGED)
def test_no_other_figure_is_taken(store_url: str, forgery: str) -> None:
    """L8: with Python out of the way the database refuses every figure that is not what the lines sum to; the very sums it takes."""
    engine = booked(store_url)
    with pytest.raises(Refusal, match="SB1303"), UnitOfWork(engine) as work:
        work.connection.exec_driver_sql(FORGED[forgery])
    with UnitOfWork(engine) as work:
        work.connection.exec_driver_sql("UPDATE shebao_balance SET debit_fen = 70 WHERE account = '1003' AND dimension = ''")
        work.commit()


def test_only_the_chief_accountant_rebuilds(store_url: str) -> None:
    """C1: rebuilding needs CHECK; whoever books cannot, and nothing is written."""
    engine = booked(store_url)
    with pytest.raises(NotAllowed), UnitOfWork(engine) as work:
        rebuilding.rebuild(work, NOW, Actor("zhao", "赵会计", frozenset({Duty.BOOKKEEP})), 1, "核对")
    with reading(engine) as connection:
        assert chain.verify(connection) == 3

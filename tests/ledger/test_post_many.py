"""Many vouchers posted together leave the same book, byte for byte, as the same vouchers posted one by one, and are refused alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import balances, chain, posted, posting
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import Entry, Line, Side, dimension
from ledger.errors import Refusal
from ledger.errors_posting import SubledgerDiffers
from ledger.posting import Signed, post, post_many
from ledger.tables import balance, document, entry, line, seal
from ledger.tables import chain as chain_table
from tests.ledger.store import JANUARY, opened, simple
from tests.private_postgres import Cluster

NOW = "2026-01-31T09:00:00+08:00"
PEOPLE = st.sampled_from([Signed("zhang", "li", "zhang"), Signed("wang", "li", "zhang")])
AXES = st.sampled_from([(), dimension(bank_account="01"), dimension(bank_account="02", level="县")])
NUMBERS = itertools.count(1)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """A legal entry now and then illegal: an account too many, a month not open, a source or a paper used again."""
    legs = draw(st.lists(st.tuples(st.sampled_from(("1003", "1004", "4201", "500101")), st.integers(-500, 500).filter(bool), AXES), min_size=1, max_size=3))
    lines = [Line(account, Side.D, fen, axes, "备注") for account, fen, axes in legs]
    total = sum(leg.amount for leg in lines)
    lines.append(Line(draw(st.sampled_from(("4001", "4001", "4001", "9999"))), Side.C, total or 1))
    if not total:
        lines.append(Line("1002", Side.D, 1))
    month = draw(st.sampled_from((JANUARY, JANUARY, JANUARY, JANUARY, JANUARY + 1)))
    papers = draw(st.lists(st.sampled_from([f"paper:{n}" for n in range(9)]), max_size=2, unique=True))
    return Entry(
        month, date(month.year, month.month, draw(st.integers(1, 28))), "业务", tuple(lines), "依据", f"doc:{draw(st.integers(1, 40))}", event="C1",
        kind=draw(st.sampled_from(("记", "收"))), documents=tuple(papers),
    )  # fmt: skip


def content(engine: sa.Engine) -> list[list[tuple[Any, ...]]]:
    """Every row of every table that posting writes, in key order."""
    with reading(engine) as connection:
        tables = (entry, line, seal, document, balance, chain_table)
        return [[tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))] for table in tables]


def one_by_one(work: UnitOfWork, many: list[tuple[Entry, Signed]]) -> list[Any]:
    return [post(work, 1, made, people, NOW) for made, people in many]


def tried(engine: sa.Engine, act: Callable[[UnitOfWork, list[tuple[Entry, Signed]]], list[Any]], many: list[tuple[Entry, Signed]]) -> tuple[Any, ...]:
    """Receipts, or the refusal's code and facts; nothing stays of a refused batch."""
    try:
        with UnitOfWork(engine) as work:
            receipts = act(work, many)
            work.commit()
    except Refusal as refusal:
        return (refusal.code, refusal.facts)
    return ("posted", receipts)


def compared(url: Callable[[], str], batches: list[list[tuple[Entry, Signed]]]) -> None:
    alone, together = opened(url()), opened(url())
    for many in batches:
        assert tried(alone, one_by_one, many) == tried(together, lambda work, some: post_many(work, 1, some, NOW), many)
    assert content(alone) == content(together)
    with reading(together) as connection:
        balances.prove(connection, 1)
        chain.verify(connection)
    alone.dispose()
    together.dispose()


BATCHES = st.lists(st.lists(st.tuples(entries(), PEOPLE), min_size=1, max_size=8), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=BATCHES, least=st.sampled_from((1, posting.TOGETHER)))
def test_together_is_as_one_by_one(tmp_path: Path, batches: list[list[tuple[Entry, Signed]]], least: int) -> None:
    """L1, L3-L6, L8, L9, L11, C6: any batches, legal or not, leave the same rows in every table, or the same refusal, posted together or singly;
    whether they are proved row by row or all at once."""
    with patch.object(posting, "TOGETHER", least):
        compared(lambda: sqlite_url(tmp_path / f"{next(NUMBERS)}.db"), batches)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(batches=BATCHES)
def test_together_is_as_one_by_one_on_postgresql(postgres: Cluster, batches: list[list[tuple[Entry, Signed]]]) -> None:
    """The same on PostgreSQL."""
    made: list[str] = []

    def url() -> str:
        made.append(f"many_{next(NUMBERS)}")
        postgres.run(f"CREATE DATABASE {made[-1]} TEMPLATE template1")
        return postgres.url(made[-1])

    try:
        compared(url, batches)
    finally:
        for name in made:
            postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_rows_of_persons_are_posted_alone(store_url: str) -> None:
    """L10: an entry that brings sub-ledger rows is not one of many; nothing at all is no act."""
    engine = opened(store_url)
    claimed = replace(simple(), payout_source=7)
    with UnitOfWork(engine) as work:
        assert post_many(work, 1, [], NOW) == []
        with pytest.raises(SubledgerDiffers, match="单独记账"):
            post_many(work, 1, [(simple(5, source="x"), Signed("a", "b", "a")), (claimed, Signed("a", "b", "a"))], NOW)
        work.commit()
    with reading(engine) as connection:
        assert list(posted.entries(connection, 1)) == []


def test_a_thousand_vouchers_together(store_url: str) -> None:
    """More vouchers than one statement takes are numbered, balanced and chained without a gap."""
    engine = opened(store_url)
    people = Signed("zhang", "li", "zhang")
    with UnitOfWork(engine) as work:
        receipts = post_many(work, 1, [(simple(n, source=f"doc:{n}"), people) for n in range(1, 1001)], NOW)
        work.commit()
    assert [receipt.number for receipt in receipts] == list(range(1, 1001)) == [receipt.seq for receipt in receipts]
    with reading(engine) as connection:
        assert balances.prove(connection, 1) == 2 and chain.verify(connection) == 1000
        assert balances.closing_balances(balances.movements(connection, 1))["1003"] == 500500

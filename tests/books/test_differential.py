"""Three ways to the same figures: SQL over the lines, kept balances, and Beancount over the written text agree to the fen (L8, B1, B2, B4)."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from books.generation import write_books
from books.journal import read_book
from books.notes import Facts, notes
from books.statements import balance_sheet, income_statement
from books.trial_balance import trial_balance
from ledger import balances
from ledger.accounts import Book, accounts_of
from ledger.balances import Movement
from ledger.db import reading, sqlite_url
from ledger.funds import Fund
from tests.books.ledger_books import Act, acts, booked, from_beancount, from_kept, from_lines, opened, written
from tests.books.test_statements_methods import MONTHS, TIERS, WORKED, Tier

_folders = itertools.count(1)


def papers(book: Book, movements: list[Movement], names: dict[str, str], parents: dict[str, str], tier: Tier) -> list[object]:
    """Everything printed from movements: the trial balance, 会社保01, 会社保02 and 附注 of every month, and the annual forms."""
    fund = book.fund
    made: list[object] = []
    for month in MONTHS:
        made += [
            trial_balance(month, movements, names, parents),
            balance_sheet(fund, month, {}, movements, tier=tier),
            income_statement(fund, month, {}, movements),
            notes(fund, month, Facts({}, movements, names), tier=tier),
        ]
    return [*made, balance_sheet(fund, MONTHS[2], {}, movements, annual=True, tier=tier), income_statement(fund, MONTHS[2], {}, movements, annual=True)]


def agree(engine: sa.Engine, books: list[Book], tier: Tier, folder: Path) -> int:
    """Holds the three readings of every book against each other; returns how many account-months were compared."""
    count = 0
    with reading(engine) as connection:
        for book in books:
            lines, kept = from_lines(connection, book), from_kept(connection, book)
            read = from_beancount(written(connection, book, folder / book.fund.value))
            assert lines == kept == read, book.fund
            balances.prove(connection, book.book_id)
            known = accounts_of(connection, book.book_id)
            names = {code: one.full_name for code, one in known.items()}
            parents = {code: one.parent for code, one in known.items()}
            by_lines, by_kept, by_text = (papers(book, one, names, parents, tier) for one in (lines, kept, read))
            assert by_lines == by_kept == by_text
            trial = by_kept[4 * (len(MONTHS) - 1)]
            assert trial.even  # type: ignore[attr-defined]
            count += len(kept)
    return count


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])
@given(data=st.data(), tier=st.sampled_from(TIERS))
def test_any_books_read_the_same_three_ways(data: st.DataObject, tier: Tier, tmp_path: Path) -> None:
    """Random legal events of all funds over five months, red vouchers and closings: three readings, one set of figures."""
    folder = tmp_path / str(next(_folders))
    folder.mkdir()
    engine = opened(sqlite_url(folder / "store.db"), tier)
    try:
        agree(engine, booked(engine, data.draw(acts(tier))), tier, folder)
    finally:
        engine.dispose()


@pytest.mark.parametrize("tier", TIERS)
def test_every_worked_case_reads_the_same_three_ways(store_url: str, tier: Tier, tmp_path: Path) -> None:
    """Every worked case of every fund booked once, on both databases; the written book of one fund passes bean-check too."""
    done = [
        Act(fund, MONTHS[number % len(MONTHS)], tuple(lines), 1 + number, number % 7 == 0) for fund in Fund for number, lines in enumerate(WORKED[fund, tier])
    ]
    engine = opened(store_url, tier)
    try:
        books = booked(engine, done)
        assert agree(engine, books, tier, tmp_path) > 300
        with reading(engine) as connection:
            report = write_books(tmp_path / "books", read_book(connection, books[0]))
        assert (report.bean_check, report.problems) == ("", ()) and report.entries > 10
    finally:
        engine.dispose()

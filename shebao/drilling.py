"""Figures of statements and trial balances asked for at the front door: from kept balances, down to the vouchers where wanted."""

from __future__ import annotations

from typing import Any, cast

from books import drill as drills
from books.drill import Column, Drill
from books.trial_balance import TrialBalance, trial_balance
from books.views import plain as plain_value
from ledger import accounts, balances, posted
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.months import Month
from shebao import proofs
from shebao.store import Office


def drilled(office: Office, fund: Fund, month: Month, code: str, column: str | None) -> Drill:
    """A figure of a statement with its accounts and voucher lines; raises SB4061, SB6302."""
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        proofs.month_in_book(connection, book, month)
        kept = balances.movements(connection, book.book_id, month)
        reckoned = proofs.moved(connection, book, month)[len(kept) :]
        of_month = column == "current" or (column is None and not code.startswith(("A", "L", "N")))
        entries = [one for one in posted.entries(connection, book.book_id, month if of_month else None) if one.entry.period <= month]
        names = {one: account.full_name for one, account in accounts.accounts_of(connection, book.book_id).items()}
        return drills.drill(fund, month, code, cast("Column | None", column), kept, entries, names, reckoned=reckoned, tier=book.tier)


def plain(found: Drill) -> dict[str, Any]:
    """A drill as JSON values: fen as integers, with what it was asked for."""
    return {**cast("dict[str, Any]", plain_value(found)), "agrees": found.agrees}


def trial(office: Office, book: Book, month: Month) -> TrialBalance:
    """The trial balance of one book and month from kept balances only; raises SB6302."""
    with office.reading() as connection:
        proofs.month_in_book(connection, book, month)
        known = accounts.accounts_of(connection, book.book_id)
        moved = balances.movements(connection, book.book_id, month)
    return trial_balance(month, moved, {code: one.name for code, one in known.items()}, {code: one.parent for code, one in known.items()})

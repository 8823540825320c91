"""What is proved again from the store: cross-foots of the statements, and everything `shebao verify` walks through."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from books import cross_checks
from controls import periods
from controls.periods import Check
from ledger import balances
from ledger.accounts import Book
from ledger.errors import UNUSABLE, Refusal
from ledger.months import Month


class MonthNotInBook(Refusal):
    """A paper is asked for a month that the book never had."""

    code = "SB6302"
    zh = "{fund}账套没有 {period}：账从 {first} 到 {last}。"
    en = "The {fund} book has no {period}: it runs from {first} to {last}."
    cause_zh = "报表和检查只就账套里有的月份编制；没有的月份印出来是一张零表，会被误当作真账。"
    cause_en = "Papers and checks are made of months the book has; any other would print zeros that look like books."
    remedy_zh = "用 shebao period list 查看账套的月份。"
    remedy_en = "See shebao period list for the book's months."
    status = UNUSABLE


def month_in_book(connection: sa.Connection, book: Book, month: Month) -> None:
    """Passes for the month the book was opened with and each month since; raises SB6302 for any other."""
    known = [book.opened, *(state.month for state in periods.states(connection, book.book_id))]
    if month not in known:
        raise MonthNotInBook(fund=book.fund.zh, period=month, first=min(known), last=max(known))


def cross_foots(connection: sa.Connection, book: Book, month: Month, explained: Iterable[str] = ()) -> list[Check]:
    """K1-K10 (DOMAIN §1.8) of one book and month, as lines of the closing checklist."""
    reasons = dict.fromkeys(explained, "已说明")
    found = cross_checks.for_month(book.fund, month, {}, balances.movements(connection, book.book_id, month), explained=reasons)
    return [Check(a.code, a.ok, a.explain_zh) for a in found]

"""What is proved again from the store: cross-foots of the statements, and everything `shebao verify` walks through."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from books import cross_checks, statements
from controls.periods import Check
from ledger import balances
from ledger.accounts import Book
from ledger.months import Month


def movements(connection: sa.Connection, book: Book, through: Month) -> list[statements.Movement]:
    """The kept balances as the statements want them: everything posted, with the closing part named."""
    return [
        statements.Movement(m.account, m.period, m.debit + m.closing_debit, m.credit + m.closing_credit, m.closing_debit, m.closing_credit)
        for m in balances.movements(connection, book.book_id, through)
    ]


def cross_foots(connection: sa.Connection, book: Book, month: Month, explained: Iterable[str] = ()) -> list[Check]:
    """K1-K10 (DOMAIN §1.8) of one book and month, as lines of the closing checklist."""
    reasons = dict.fromkeys(explained, "已说明")
    found = cross_checks.for_month(book.fund, month, {}, movements(connection, book, month), explained=reasons)
    return [Check(a.code, a.ok, a.explain_zh) for a in found]

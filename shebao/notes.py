"""附注 at the front door: composed from the store, with what the accountant said in words."""

from __future__ import annotations

import sqlalchemy as sa

from books import notes as composed
from books import views
from books.note_lines import load_notes
from controls import notes as kept
from controls import people
from controls.registers import ties
from ledger import accounts, balances
from ledger.accounts import Book
from ledger.months import Month
from shebao import proofs
from shebao.store import Office

PARTIES = ("1101", "2001", "2101")
"""Accounts kept by counterpart (1101二, 2001二, 2101二)."""


def sheet(connection: sa.Connection, book: Book, month: Month, mark: views.Stamp, *, annual: bool = False) -> views.NotesPaper:
    """附注 of one book and month (December's words for the year when ``annual``) as the store gives it now, stamped with ``mark``."""
    names = {code: account.full_name for code, account in accounts.accounts_of(connection, book.book_id).items()}
    parties = balances.by_party(connection, book.book_id, PARTIES, month)
    facts = composed.Facts({}, proofs.moved(connection, book, month), names, parties, ties.figures(connection, book, month))
    called = people.names(connection)
    said = kept.current(connection, book.book_id, month, [section.number for section in load_notes().sections])
    texts = [composed.NoteText(one.section, one.text, called.get(one.author, one.author), one.at, one.none) for one in said]
    made = composed.notes(book.fund, month, facts, texts, annual=annual, tier=book.tier)
    return views.NotesPaper(mark, views.STATEMENT_SIGNERS, made)


def say(office: Office, book: Book, month: Month, section: str, text: str | None, none: bool) -> kept.Said:
    """Keeps one text; raises SB3001, SB4060, SB6302."""
    number = composed.section_number(section)
    words = composed.checked_text(number, text, none)
    actor = office.actor
    with office.unit() as work:
        proofs.month_in_book(work.connection, book, month)
        said = kept.say(work, office.now(), actor, book.book_id, month, number, words)
        work.commit()
    return said

"""What the trail says of a book's accounts: every change that was opened or ended was proposed by one and signed by another, over its content."""

from __future__ import annotations

import sqlalchemy as sa

from controls.account_changes.changes import listed
from ledger import accounts
from ledger.accounts import Book
from shebao.evidence import Broken, records_by_thing

ACTS = {"confirmed": "account.confirm", "rejected": "account.reject"}


def changes(connection: sa.Connection, book: Book) -> str:
    """L6, C1: changes of accounts equal their records, and confirmed ones stand in the book; raises :class:`Broken`."""
    by_thing = records_by_thing(connection)
    start = f"account-change:{book.book_id}-"
    found = listed(connection, book.book_id)
    if odd := sorted({thing for thing in by_thing if thing.startswith(start)} ^ {f"account-change:{one.label}" for one in found}):
        raise Broken(f"科目变动与留痕对不上：{odd[0]}")
    known = accounts.accounts_of(connection, book.book_id)
    for one in found:
        records = by_thing[f"account-change:{one.label}"]
        told = [(record.act, record.actor, record.at, record.digest) for record in records]
        wanted = [("account.propose", one.proposed_by, one.proposed_at, one.digest())]
        wanted += [(ACTS[one.state], one.signed_by, one.signed_at, one.digest())] if one.state in ACTS else []
        if told != wanted or one.proposed_by == one.signed_by or records[0].told()["code"] != one.code:
            raise Broken(f"科目变动 {one.label} 与留痕不符")
        if one.state == "confirmed" and (one.code not in known or (one.kind == "end" and known[one.code].valid_to != one.day)):
            raise Broken(f"科目变动 {one.label} 已确认，账套里没有")
    confirmed = sum(one.state == "confirmed" for one in found)
    return f"{len(found)} 项科目变动与留痕相符，{confirmed} 项经两人确认"

"""What a balance that should be nil still consists of (在途资金): its lines, the oldest settled first. Reads only; amounts are fen."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from ledger.balances import movements
from ledger.money import Fen
from ledger.months import Month
from ledger.tables import entry, line


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A line, or what is left of it: day, voucher number, words, and fen (debit positive)."""

    day: date
    label: str
    summary: str
    fen: Fen


def open_items(connection: sa.Connection, book_id: int, prefix: str, month: Month) -> list[OpenItem]:
    """The lines that the balance of the accounts under ``prefix`` consists of at the end of ``month``; none for a balance of nil.

    Read from the month after the last one that ended at nil, so that the cost grows with what is open, not with the book.
    """
    moved = [move for move in movements(connection, book_id, month) if move.account.startswith(prefix)]
    months = sorted({move.period for move in moved})
    held, since = 0, months[0] if months else month
    for at, one in enumerate(months):
        held += sum(move.net for move in moved if move.period == one)
        if not held:
            since = months[at + 1] if at + 1 < len(months) else month + 1
    return settled(_lines(connection, book_id, prefix, since, month)) if held else []


def settled(lines: list[OpenItem]) -> list[OpenItem]:
    """What is left of lines in their order when each settles the oldest open ones of the other sign. Pure."""
    left: deque[OpenItem] = deque()
    for one in lines:
        fen = one.fen
        while fen and left and (left[0].fen > 0) != (fen > 0):
            oldest = left.popleft()
            rest = oldest.fen + fen
            if rest and (rest > 0) == (oldest.fen > 0):
                left.appendleft(replace(oldest, fen=rest))
                fen = 0
            else:
                fen = rest
        if fen:
            left.append(replace(one, fen=fen))
    return list(left)


def _lines(connection: sa.Connection, book_id: int, prefix: str, first: Month, last: Month) -> list[OpenItem]:
    legs, heads = line.c, entry.c
    joined = sa.join(line, entry, sa.and_(legs.book_id == heads.book_id, legs.entry_id == heads.entry_id))
    rows = connection.execute(
        sa.select(heads.period, heads.day, heads.kind, heads.number, heads.summary, legs.side, legs.amount_fen)
        .select_from(joined)
        .where(heads.book_id == book_id, heads.period >= first, heads.period <= last, legs.account.startswith(prefix, autoescape=True))
        .order_by(heads.day, heads.entry_id, legs.line_no)
    )
    return [
        OpenItem(
            date.fromisoformat(row.day), f"{row.kind}-{row.period}-{row.number:04d}", row.summary, int(row.amount_fen if row.side == "D" else -row.amount_fen)
        )
        for row in rows
    ]

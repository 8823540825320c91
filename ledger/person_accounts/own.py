"""One person's rows (本人明细), each kind by one statement: what was booked in a span of months, the acts that count in it, the years that interest settled.

A page, a settlement and a personal record all rest on these, so that one person costs a handful of looks by key whatever the book holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.person_accounts.reading import CONTRIBUTIONS, COUNTING, MINE, PAYOUTS, Cells, fetch

PAID_IN, PAID_OUT = "in", "out"


@dataclass(frozen=True, slots=True)
class Own:
    """Rows of one number in months (after, through].

    ``booked``: (in or out, month booked, period of entitlement, part or item, account, fen); ``moves``: (number, part, kind of row, month, fen).
    """

    number: str
    booked: Cells
    moves: Cells

    def entered(self, after: int, through: int, weights: Sequence[int] | None) -> Cells:
        """(number, part, account, fen, fen × weight) of contributions booked in months (after, through], summed by part and account."""
        sums: dict[tuple[str, str], list[int]] = {}
        for way, month, _, part, account, fen in self.booked:
            if way == PAID_IN and after < month <= through:
                cell = sums.setdefault((part, account), [0, 0])
                cell[0] += int(fen)
                cell[1] += int(fen) * weights[month % 100 - 1] if weights is not None else 0
        return [(self.number, part, account, fen, product) for (part, account), (fen, product) in sums.items()]

    def drawn(self, accounts: tuple[str, ...], weights: Sequence[int] | None) -> Cells:
        """(number, fen, fen × weight) of payouts on ``accounts`` and below, summed; empty where there is none."""
        mine = [(month, int(fen)) for way, month, _, _, account, fen in self.booked if way == PAID_OUT and account.startswith(accounts)]
        if not mine:
            return []
        return [(self.number, sum(fen for _, fen in mine), sum(fen * weights[month % 100 - 1] for month, fen in mine) if weights is not None else 0)]


@dataclass(frozen=True, slots=True)
class Settled:
    """What one accepted interest act left this person: ``rows`` (part, opening, entered, moved, paid, interest, closing), fen; empty when nothing."""

    batch_id: int
    period: int
    rows: Cells


_BOOKED = f"""SELECT '{PAID_IN}', h.period, r.period, r.part, r.account, r.amount_fen {CONTRIBUTIONS}{MINE}
UNION ALL SELECT '{PAID_OUT}', h.period, r.period, r.item, r.account, r.amount_fen {PAYOUTS}{MINE} ORDER BY 1, 2, 3, 4, 5"""
_SETTLED = """SELECT b.batch_id, b.period, r.part, r.opening_fen, r.entered_fen, r.moved_fen, r.paid_fen, r.interest_fen, r.closing_fen
FROM shebao_person_account_batch b LEFT JOIN shebao_person_account_year r ON r.book_id = b.book_id AND r.batch_id = b.batch_id AND r.number = :number
WHERE b.book_id = :book AND b.kind = 'interest' AND b.state = 'accepted' ORDER BY b.period, r.part"""
_MOVES = f"""SELECT r.number, r.part, r.kind, c.month, SUM(r.amount_fen * c.sign)
FROM {COUNTING.format(only=" AND b.batch_id IN (SELECT batch_id FROM shebao_person_account_act WHERE book_id = :book AND number = :number)")} c
CROSS JOIN shebao_person_account_act r
WHERE c.month > :after AND c.month <= :through AND r.book_id = :book AND r.batch_id = c.batch_id{MINE}
GROUP BY 1, 2, 3, 4 HAVING SUM(r.amount_fen * c.sign) <> 0"""


def rows(connection: sa.Connection, book_id: int, number: str, after: int, through: int) -> Own:
    """Everything booked for one number in months (after, through], oldest first."""
    given = {"book": book_id, "number": number, "after": after, "through": through}
    return Own(number, fetch(connection, _BOOKED, **given), fetch(connection, _MOVES, **given))


def settled(connection: sa.Connection, book_id: int, number: str) -> list[Settled]:
    """Every accepted interest act of a book, oldest first, with what it left this number."""
    found: dict[tuple[int, int], Cells] = {}
    for batch_id, period, *row in fetch(connection, _SETTLED, book=book_id, number=number):
        found.setdefault((int(batch_id), int(period)), []).extend([tuple(row)] if row[0] is not None else [])
    return [Settled(batch_id, period, rows) for (batch_id, period), rows in found.items()]

"""How rows of persons are read: statements as text, each person looked up by key under every source of the book."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

Cells = list[tuple[Any, ...]]
_text = cache(sa.text)


def fetch(connection: sa.Connection, statement: str, **values: object) -> Cells:
    """All rows of a statement as tuples. The statements stand as text: SQLite reads CROSS JOIN in the order written, so that one person is looked
    up under each source by key instead of the whole book being read."""
    result = connection.execute(_text(statement), values)
    cursor: Any = result.cursor
    rows: Cells = cursor.fetchall()
    result.close()
    return rows


CONTRIBUTIONS = """FROM shebao_entry h CROSS JOIN shebao_contribution r
WHERE h.book_id = :book AND h.contribution_source IS NOT NULL AND h.period > :after AND h.period <= :through
AND r.book_id = h.book_id AND r.source_id = h.contribution_source"""
PAYOUTS = """FROM shebao_entry h CROSS JOIN shebao_payout r
WHERE h.book_id = :book AND h.payout_source IS NOT NULL AND h.period > :after AND h.period <= :through
AND r.book_id = h.book_id AND r.source_id = h.payout_source"""
MINE = " AND r.number = :number"
COUNTING = """(SELECT b.batch_id, b.period AS month, 1 AS sign FROM shebao_person_account_batch b
    WHERE b.book_id = :book AND b.state = 'accepted' AND b.books = 0 AND b.kind <> 'interest'{only}
  UNION ALL SELECT b.batch_id, h.period, 1 FROM shebao_person_account_batch b
    JOIN shebao_entry h ON h.book_id = b.book_id AND h.source_key = b.source_key
    WHERE b.book_id = :book AND b.state = 'accepted' AND b.books = 1{only}
  UNION ALL SELECT b.batch_id, red.period, -1 FROM shebao_person_account_batch b
    JOIN shebao_entry h ON h.book_id = b.book_id AND h.source_key = b.source_key
    JOIN shebao_entry red ON red.book_id = h.book_id AND red.source_key = 'reverse:' || h.entry_id
    WHERE b.book_id = :book AND b.state = 'accepted' AND b.books = 1{only})"""
"""Batches that count, with month and sign: what books carry in the month of its entry, and backwards in its red one's."""

"""Sums of a special book read from its entries and kept balances: money by document, by item and township, by month. Nothing here writes."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.money import Fen
from ledger.months import Month
from ledger.special.documents import Source, take_in
from ledger.tables import balance, entry, line


@dataclass(frozen=True, slots=True)
class Cell:
    """Movement (fen, debit positive, closing left out) of one account in one month by document and township."""

    account: str
    month: Month
    document: str
    town: str
    debit: Fen
    credit: Fen

    @property
    def net(self) -> Fen:
        """Debit-positive movement."""
        return self.debit - self.credit


def cells(connection: sa.Connection, book_id: int, through: Month | None = None) -> list[Cell]:
    """Every movement of the book up to and including ``through``, from kept balances; the cost grows with documents and months, not with lines."""
    columns = balance.c
    wanted = columns.book_id == book_id if through is None else sa.and_(columns.book_id == book_id, columns.period <= through)
    found = []
    for row in connection.execute(sa.select(balance).where(wanted).order_by(columns.period, columns.account, columns.dimension)):
        axes = dict(json.loads(row.dimension)) if row.dimension else {}
        if row.debit_fen or row.credit_fen:
            found.append(Cell(row.account, row.period, axes.get("document", ""), axes.get("town", ""), int(row.debit_fen), int(row.credit_fen)))
    return found


def first_days(connection: sa.Connection, book_id: int) -> dict[str, str]:
    """Document → ISO day of its first money."""
    rows = connection.execute(
        sa.select(line.c.dimension, sa.func.min(entry.c.day))
        .join(entry, sa.and_(entry.c.book_id == line.c.book_id, entry.c.entry_id == line.c.entry_id))
        .where(line.c.book_id == book_id, entry.c.closing == 0, sa.or_(line.c.account.startswith("S"), line.c.account.startswith("J")))
        .group_by(line.c.dimension)
    )
    found: dict[str, str] = {}
    for axes, day in rows:
        document = dict(json.loads(axes)).get("document", "") if axes else ""
        found[document] = min(found.get(document, day), day)
    return found


def sources(connection: sa.Connection, book_id: int, through: Month | None = None) -> dict[str, Source]:
    """Document → what it brought, what was spent of it, what townships hold, as posted (through a month)."""
    found: dict[str, Source] = {}
    days = first_days(connection, book_id)
    for cell in cells(connection, book_id, through):
        day = days.get(cell.document, cell.month.first_day.isoformat())
        take_in(found, cell.account, cell.document, cell.town, day, cell.net)
    return found

"""Cash counted (库存现金盘点): by denomination, against the journal's balance of the day, with two signatures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, Thing, require, require_any
from controls.errors_journals import BadCount, CannotWitness
from controls.journal_tables import cash_count, cash_witness, journal, journal_line
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical, digest
from ledger.money import Fen, show

DENOMINATIONS: tuple[Fen, ...] = (10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
"""Notes and coins of the renminbi, fen."""
KEEPERS = (Duty.BOOKKEEP, Duty.CHECK)


@dataclass(frozen=True, slots=True)
class CashCount:
    """One count: pieces by denomination (fen), the sum, what the journal said, and who signed."""

    count_no: int
    day: date
    pieces: tuple[tuple[Fen, int], ...]
    counted: Fen
    book: Fen
    counted_by: str
    counted_at: str
    witnessed_by: str
    witnessed_at: str

    def digest(self) -> str:
        """What both sign."""
        return digest([self.count_no, self.day.isoformat(), [list(pair) for pair in self.pieces], self.counted, self.book])


def counts(connection: sa.Connection, book_id: int, journal_id: int) -> list[CashCount]:
    """The counts of a journal, in order."""
    joined = sa.select(cash_count, cash_witness.c.witnessed_by, cash_witness.c.witnessed_at).outerjoin(
        cash_witness,
        sa.and_(
            cash_witness.c.book_id == cash_count.c.book_id,
            cash_witness.c.journal_id == cash_count.c.journal_id,
            cash_witness.c.count_no == cash_count.c.count_no,
        ),
    )
    rows = connection.execute(joined.where(cash_count.c.book_id == book_id, cash_count.c.journal_id == journal_id).order_by(cash_count.c.count_no))
    return [
        CashCount(
            row.count_no, date.fromisoformat(row.day), tuple((pair[0], pair[1]) for pair in json.loads(row.denominations)), int(row.counted_fen),
            int(row.book_fen), row.counted_by, row.counted_at, row.witnessed_by or "", row.witnessed_at or "",
        )
        for row in rows
    ]  # fmt: skip


def count(work: UnitOfWork, now: str, actor: Actor, book_id: int, journal_id: int, day: date, pieces: Mapping[Fen, int]) -> CashCount:
    """The 出纳 counts the cash at the end of ``day``; a surplus or shortage is recorded, not refused. Raises SB3001, SB3168."""
    require(actor, Duty.CASHIER)
    chain.lock(work)
    kind, opening = work.connection.execute(
        sa.select(journal.c.kind, journal.c.opening_fen).where(journal.c.book_id == book_id, journal.c.journal_id == journal_id)
    ).one()
    odd = [fen for fen, number in pieces.items() if fen not in DENOMINATIONS or number < 0]
    if kind != "cash" or odd or day.isoformat() > now[:10]:
        raise BadCount(why="不是现金日记账" if kind != "cash" else f"没有面额 {show(odd[0])} 元，或张数不对" if odd else f"{day} 在将来")
    columns = journal_line.c
    moved = sa.select(sa.func.coalesce(sa.func.sum(columns.in_fen - columns.out_fen), 0)).where(
        columns.book_id == book_id, columns.journal_id == journal_id, columns.day <= day.isoformat()
    )
    book = int(opening) + int(work.connection.execute(moved).scalar_one())
    listed = tuple(sorted(((fen, number) for fen, number in pieces.items() if number), reverse=True))
    number = 1 + len(counts(work.connection, book_id, journal_id))
    made = CashCount(number, day, listed, sum(fen * many for fen, many in listed), book, actor.user, now, "", "")
    work.connection.execute(
        cash_count.insert().values(
            book_id=book_id, journal_id=journal_id, count_no=number, day=day.isoformat(), denominations=canonical([list(pair) for pair in listed]),
            counted_fen=made.counted, book_fen=book, counted_by=actor.user, counted_at=now,
        )
    )  # fmt: skip
    trail.record(work, now, actor, Duty.CASHIER, "journal.count", thing(book_id, journal_id, number), made.digest(), {"counted": made.counted, "book": book})
    return made


def thing(book_id: int, journal_id: int, count_no: int) -> str:
    """A count as the trail writes it."""
    return f"cash-count:{book_id}:{journal_id}:{count_no}"


def witness(work: UnitOfWork, now: str, actor: Actor, book_id: int, journal_id: int, count_no: int) -> CashCount:
    """The second signature, of a 会计 or 会计主管 who did not count. Raises SB3001, SB3002, SB3169."""
    chain.lock(work)
    found = next((one for one in counts(work.connection, book_id, journal_id) if one.count_no == count_no), None)
    acted = ((Duty.CASHIER, found.counted_by),) if found else ()
    duty = require_any(actor, KEEPERS, Thing("cash-count", f"{book_id}:{journal_id}:{count_no}", acted))
    if found is None or found.witnessed_by:
        raise CannotWitness(journal=journal_id, count=count_no, why="没有这次盘点" if found is None else f"已由 {found.witnessed_by} 监盘")
    work.connection.execute(cash_witness.insert().values(book_id=book_id, journal_id=journal_id, count_no=count_no, witnessed_by=actor.user, witnessed_at=now))
    trail.record(work, now, actor, duty, "journal.witness", thing(book_id, journal_id, count_no), found.digest())
    return counts(work.connection, book_id, journal_id)[count_no - 1]

"""Money that two files tell of (一笔钱两份文件): what one has booked the other may not book again (L11), whichever comes first.

A tax file and a contributions file both list what persons and employers paid; a list of fiscal money and a claim both bring the premiums paid by others.
A voucher struck in red counts no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import sqlalchemy as sa

from controls import vouchers
from controls.intake import register
from controls.premiums import claim_rows
from controls.premiums.claim_rows import CLAIM, EVERY
from controls.premiums.contributions import SOURCES
from controls.premiums.errors import BookedFromContributions, ComesWithClaim
from controls.vouchers import Draft
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import Entry
from ledger.money import show
from ledger.tables import entry

COLLECTED = ("C1", "C5")
"""Events of what persons and employers paid into the treasury."""
LEVELS = {"中央": "中央", "省": "省级", "市": "市级", "县": "县级"}
"""Payer of a claim → level of government as the lists of fiscal money write it."""


def standing(connection: sa.Connection, book_id: int, wanted: Callable[[Entry], bool]) -> list[Draft]:
    """Vouchers of a book that are wanted, on their way or booked and not struck in red."""
    heads = entry.c
    red = connection.execute(sa.select(heads.source_key).where(heads.book_id == book_id, heads.source_key.startswith("reverse:"))).scalars()
    struck = {int(key.partition(":")[2]) for key in red}
    live = (one for one in vouchers.drafts(connection, book_id) if one.state != "rejected" and one.entry_id not in struck)
    return [one for one in live if wanted(one.entry)]


def refuse(work: UnitOfWork, home: Path, book_id: int, members: Sequence[Entry]) -> None:
    """Passes for entries of a tax file or of a list of fiscal money that no other file has booked. Raises SB3224, SB3225."""
    chain.lock(work)
    if taxes := [one for one in members if one.source_key.startswith("tax:") and one.event == "C1"]:
        _refuse_tax(work.connection, home, book_id, taxes)
    for one in members:
        if one.source_key.startswith("subsidy:") and one.event == "C6":
            _refuse_claimed(work.connection, book_id, one)


def _refuse_tax(connection: sa.Connection, home: Path, book_id: int, taxes: Sequence[Entry]) -> None:
    told = standing(connection, book_id, lambda one: one.source_key.startswith("contributions:") and one.event in COLLECTED)
    for file_id in sorted({(one.entry.contribution_source or 0) // SOURCES for one in told}):
        tickets = _tickets(connection, home, file_id)
        mine = [one for one in told if (one.entry.contribution_source or 0) // SOURCES == file_id]
        days = {day for one in mine for day in _days(one.entry)}
        for made in taxes:
            both = tickets & {paper.split(":")[1] for paper in made.documents if paper.startswith("ticket:")}
            if both or (not tickets and made.day in days):
                what = f"税票 {min(both)} 等 {len(both)} 张" if both else f"{made.day} 到账"
                raise BookedFromContributions(file=file_id, what=what, voucher=mine[0].label)


def _tickets(connection: sa.Connection, home: Path, file_id: int) -> set[str]:
    from pyarrow import parquet

    column = parquet.read_table(register.file(connection, file_id).path(home), columns=["ticket"]).column("ticket")
    return {ticket for ticket in pc.unique(column).to_pylist() if ticket}


def _days(made: Entry) -> Iterable[date]:
    """Days on which an entry's money arrived: one a bank line, else the entry's own."""
    said = [line.memo.partition(" ")[0] for line in made.lines if line.memo.endswith(" 到账")]
    return [date.fromisoformat(day) for day in said] or [made.day]


def _refuse_claimed(connection: sa.Connection, book_id: int, made: Entry) -> None:
    """A reviewed claim asks this level of government for this very amount: it is received against the claim, with its rows by person."""
    for one in claim_rows.claims(connection, book_id):
        if one.kind != CLAIM or one.state != "reviewed":
            continue
        shares = claim_rows.shares(connection, one)
        for payer, category, year in claim_rows.slots(connection, one):
            due = sum(s.fen for s in shares if s.payer == payer and s.received_year == year and category in (EVERY, s.category))
            if due == made.debit and f":{LEVELS.get(payer, payer)}:" in made.source_key:
                raise ComesWithClaim(claim=one.claim_id, payer=payer, fen=show(due), what=made.authority)


def refuse_received(connection: sa.Connection, book_id: int, payer: str, fen: int, claim_id: int) -> None:
    """Passes when no list of fiscal money has booked this amount of this level as 代缴 already. Raises SB3224."""
    level = f":{LEVELS.get(payer, payer)}:"
    for one in standing(connection, book_id, lambda made: made.event == "C6" and made.source_key.startswith("subsidy:")):
        if one.entry.debit == fen and level in one.entry.source_key:
            raise ComesWithClaim(claim=claim_id, payer=payer, fen=show(fen), what=f"凭证流水 {one.label}")

"""Reading what is posted: entries with their lines, in order. Nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from ledger import subledgers
from ledger.entries import ContributionRow, Dimension, Entry, Line, PayoutRow, Side
from ledger.months import Month
from ledger.tables import document as document_table
from ledger.tables import entry as entry_table
from ledger.tables import line as line_table

PAGE = 2_000
"""Entries read at a time."""


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry as it stands in the book: number, people and times beside the entry itself."""

    book_id: int
    entry_id: int
    number: int
    maker: str
    reviewer: str
    poster: str
    recorded_at: str
    digest: str
    entry: Entry

    @property
    def label(self) -> str:
        """``记-2026-01-0003``: kind, month, number."""
        return f"{self.entry.kind}-{self.entry.period}-{self.number:04d}"


def _dimension(text: str) -> Dimension:
    return tuple((pair[0], pair[1]) for pair in json.loads(text)) if text else ()


def _entry(row: sa.Row[tuple[object, ...]], lines: list[Line], documents: list[str]) -> Posted:
    values = row._mapping
    made = Entry(
        period=values["period"],
        day=date.fromisoformat(values["day"]),
        summary=values["summary"],
        lines=tuple(lines),
        authority=values["authority"],
        source_key=values["source_key"],
        event=values["event"],
        kind=values["kind"],
        attachments=values["attachments"],
        closing=bool(values["closing"]),
        corrects=values["corrects"],
        payout_source=values["payout_source"],
        payout_count=values["payout_count"],
        payout_fen=values["payout_fen"],
        payout_digest=values["payout_digest"],
        contribution_source=values["contribution_source"],
        contribution_count=values["contribution_count"],
        contribution_fen=values["contribution_fen"],
        contribution_digest=values["contribution_digest"],
        documents=tuple(documents),
    )
    return Posted(
        book_id=values["book_id"],
        entry_id=values["entry_id"],
        number=values["number"],
        maker=values["maker"],
        reviewer=values["reviewer"],
        poster=values["poster"],
        recorded_at=values["recorded_at"],
        digest=values["digest"],
        entry=made,
    )


def one(connection: sa.Connection, book_id: int, entry_id: int) -> Posted:
    """One posted entry; raises KeyError when the book has no such entry."""
    for found in entries(connection, book_id, entry_id=entry_id):
        return found
    raise KeyError(entry_id)


def entries(connection: sa.Connection, book_id: int, period: Month | None = None, *, entry_id: int | None = None) -> Iterator[Posted]:
    """Posted entries of one book (of one month, or a single one when given), in the order they were posted, a page of them in memory at a time."""
    wanted = entry_table.c.book_id == book_id
    if period is not None:
        wanted = sa.and_(wanted, entry_table.c.period == period)
    if entry_id is not None:
        wanted = sa.and_(wanted, entry_table.c.entry_id == entry_id)
    after = 0
    while rows := connection.execute(sa.select(entry_table).where(wanted, entry_table.c.entry_id > after).order_by(entry_table.c.entry_id).limit(PAGE)).all():
        last = rows[-1].entry_id
        legs, papers = _legs(connection, wanted, after, last), _papers(connection, book_id, after, last)
        for row in rows:
            yield _entry(row, legs[row.entry_id], sorted(papers.get(row.entry_id, [])))
        after = last


def _legs(connection: sa.Connection, wanted: sa.ColumnElement[bool], after: int, last: int) -> dict[int, list[Line]]:
    """Lines by entry, of the entries wanted above ``after`` up to ``last``."""
    legs: dict[int, list[Line]] = {}
    same = sa.and_(entry_table.c.book_id == line_table.c.book_id, entry_table.c.entry_id == line_table.c.entry_id)
    joined = sa.select(line_table).join(entry_table, same).where(wanted, entry_table.c.entry_id > after, entry_table.c.entry_id <= last)
    for leg in connection.execute(joined.order_by(line_table.c.entry_id, line_table.c.line_no)):
        legs.setdefault(leg.entry_id, []).append(
            Line(account=leg.account, side=Side(leg.side), amount=leg.amount_fen, dimension=_dimension(leg.dimension), memo=leg.memo)
        )
    return legs


def _papers(connection: sa.Connection, book_id: int, after: int, last: int) -> dict[int, list[str]]:
    papers: dict[int, list[str]] = {}
    columns = document_table.c
    for paper in connection.execute(sa.select(document_table).where(columns.book_id == book_id, columns.entry_id > after, columns.entry_id <= last)):
        papers.setdefault(paper.entry_id, []).append(paper.document)
    return papers


def payouts(connection: sa.Connection, book_id: int, source_id: int) -> Iterator[PayoutRow]:
    """Sub-ledger rows of one payout source in key order: (number, item, period, fen, account)."""
    return subledgers.rows_of(connection, subledgers.PAYOUT, book_id, source_id)


def contributions(connection: sa.Connection, book_id: int, source_id: int) -> Iterator[ContributionRow]:
    """Sub-ledger rows of one contribution source in key order: (number, part, period, fen, account)."""
    return subledgers.rows_of(connection, subledgers.CONTRIBUTION, book_id, source_id)

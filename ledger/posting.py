"""Posting (记账): the only place that writes entries. Protected: only ``controls.vouchers`` may import it.

One call is one entry in the caller's transaction: header, lines, sub-ledger rows, seal, chain record. The
database proves balance, numbering, period, accounts and sub-ledger ties again when the seal is set, and an
entry without its seal cannot be committed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ledger import chain, subledgers
from ledger.db import UnitOfWork
from ledger.entries import Entry, PayoutRow, canonical
from ledger.errors_posting import AccountNotUsable, AlreadyBooked, NoAuthority, PeriodNotOpen
from ledger.tables import account, book, document, entry, line, period, seal


@dataclass(frozen=True, slots=True)
class Signed:
    """The people of an entry: maker (制单), reviewer (审核) and poster (记账), as user ids."""

    maker: str
    reviewer: str
    poster: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What posting gave: the entry's id and number, and its chain record's number and hash."""

    book_id: int
    entry_id: int
    number: int
    seq: int
    hash: str


def post(work: UnitOfWork, book_id: int, made: Entry, people: Signed, now: str, rows: Iterable[PayoutRow] = ()) -> Receipt:
    """Posts one reviewed entry at time ``now`` with its sub-ledger rows sorted by (number, item or part, period), taken in one pass.

    Raises SB1104, SB1105, SB1302, SB1305, SB1306 with nothing written by the caller's transaction.
    """
    chain.lock(work)
    _check_people(made, people)
    check_period(work, book_id, made)
    _check_source(work, book_id, made)
    _check_accounts(work, book_id, made)
    entry_id, number = _next_numbers(work, book_id, made)
    _insert(work, book_id, entry_id, number, made, people, now)
    if made.documents:
        work.connection.execute(document.insert(), [{"book_id": book_id, "document": paper, "entry_id": entry_id} for paper in made.documents])
    subledgers.enter(work, book_id, made, rows)
    work.connection.execute(seal.insert().values(book_id=book_id, entry_id=entry_id))
    facts = {
        "number": number, "kind": made.kind, "period": str(made.period), "debit_fen": made.debit, "maker": people.maker, "reviewer": people.reviewer,
    }  # fmt: skip
    act = chain.Act(people.poster, "BOOKKEEP", "post", f"entry:{book_id}:{entry_id}", made.digest(), facts)
    record = chain.append(work, now, act)
    return Receipt(book_id, entry_id, number, record.seq, record.hash)


def _check_people(made: Entry, people: Signed) -> None:
    if not made.authority or not made.source_key:
        raise NoAuthority(why="缺依据或原始凭据号")
    if not (people.maker and people.reviewer and people.poster):
        raise NoAuthority(why="缺签字人")
    if people.maker == people.reviewer:
        raise NoAuthority(why="制单与审核是同一人")
    if people.poster == people.reviewer:
        raise NoAuthority(why="记账与审核是同一人")


def check_period(work: UnitOfWork, book_id: int, made: Entry) -> None:
    """Passes when the entry's month takes it: open, or locked for a closing entry; raises SB1302 (L5)."""
    state = work.connection.execute(sa.select(period.c.state).where(period.c.book_id == book_id, period.c.period == made.period)).scalar()
    if state != "open" and not (state == "locked" and made.closing):
        names = {None: "尚未启用", "locked": "已锁定，只收结转凭证", "closed": "已结账"}
        raise PeriodNotOpen(period=made.period, state=names[state])


def _check_source(work: UnitOfWork, book_id: int, made: Entry) -> None:
    earlier = work.connection.execute(
        sa.select(entry.c.kind, entry.c.period, entry.c.number).where(entry.c.book_id == book_id, entry.c.source_key == made.source_key)
    ).first()
    if earlier is not None:
        raise AlreadyBooked(source=made.source_key, where=f"{earlier.kind}-{earlier.period}-{earlier.number:04d}")
    for start in range(0, len(made.documents), 500):
        papers = made.documents[start : start + 500]
        twice = work.connection.execute(sa.select(document).where(document.c.book_id == book_id, document.c.document.in_(papers)).limit(1)).first()
        if twice is not None:
            raise AlreadyBooked(source=twice.document, where=f"凭证序号 {twice.entry_id}")


def _check_accounts(work: UnitOfWork, book_id: int, made: Entry) -> None:
    wanted = {leg.account for leg in made.lines}
    columns = account.c
    found = {
        row.code: row
        for row in work.connection.execute(
            sa.select(columns.code, columns.leaf, columns.valid_from, columns.valid_to).where(columns.book_id == book_id, columns.code.in_(wanted))
        )
    }
    day = made.day.isoformat()
    for code in sorted(wanted):
        row = found.get(code)
        why = ""
        if row is None:
            why = "科目表中没有"
        elif not row.leaf:
            why = "不是末级科目"
        elif row.valid_from > day or (row.valid_to and day >= row.valid_to):
            why = "当日不在有效期内"
        if why:
            fund = work.connection.execute(sa.select(book.c.fund).where(book.c.book_id == book_id)).scalar()
            raise AccountNotUsable(account=code, fund=fund, day=day, why=why)


def _next_numbers(work: UnitOfWork, book_id: int, made: Entry) -> tuple[int, int]:
    entry_id = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(entry.c.entry_id), 0) + 1).where(entry.c.book_id == book_id)).scalar_one()
    number = work.connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(entry.c.number), 0) + 1).where(
            entry.c.book_id == book_id, entry.c.kind == made.kind, entry.c.period == made.period
        )
    ).scalar_one()
    return int(entry_id), int(number)


def _insert(work: UnitOfWork, book_id: int, entry_id: int, number: int, made: Entry, people: Signed, now: str) -> None:
    work.connection.execute(
        entry.insert().values(
            book_id=book_id, entry_id=entry_id, period=made.period, kind=made.kind, number=number, day=made.day.isoformat(),
            recorded_at=now, event=made.event, summary=made.summary, attachments=made.attachments,
            maker=people.maker, reviewer=people.reviewer, poster=people.poster, authority=made.authority,
            source_key=made.source_key, closing=int(made.closing), corrects=made.corrects, line_count=len(made.lines),
            debit_fen=made.debit, payout_source=made.payout_source, payout_count=made.payout_count,
            payout_fen=made.payout_fen, payout_digest=made.payout_digest, contribution_source=made.contribution_source,
            contribution_count=made.contribution_count, contribution_fen=made.contribution_fen, contribution_digest=made.contribution_digest,
            digest=made.digest(),
        )
    )  # fmt: skip
    work.connection.execute(
        line.insert(),
        [
            {
                "book_id": book_id, "entry_id": entry_id, "line_no": index, "account": leg.account, "side": leg.side.value,
                "amount_fen": leg.amount, "dimension": canonical(leg.dimension) if leg.dimension else "", "memo": leg.memo,
            }
            for index, leg in enumerate(made.lines, start=1)
        ],
    )  # fmt: skip

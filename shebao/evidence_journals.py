"""What the trail says of the cashier's journals: every line as it was entered, every day as it was closed, every count with its two signers.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from controls import cash_counts, journals
from controls.journal_tables import cash_count
from controls.journals import Journal, JournalLine
from ledger.accounts import Book
from ledger.chain import Record
from ledger.entries import digest
from shebao.evidence import Broken, records_by_thing


def kept(connection: sa.Connection, book: Book) -> str:
    """C6: lines, days and counts of a book's journals are those that the trail has the digests of; balances run on, days say what their lines say."""
    things = records_by_thing(connection)
    found = journals.journals(connection, book.book_id)
    opened = {thing for thing, records in things.items() if thing.startswith(f"journal:{book.book_id}:") and records[0].act == "journal.open"}
    if odd := sorted(opened ^ {one.thing for one in found}):
        raise Broken(f"日记账与留痕对不上：{odd[0]}")
    count = 0
    for one in found:
        records = things[one.thing]
        if (records[0].digest, records[0].actor, records[0].at) != (journals.opening_digest(one), one.opened_by, one.opened_at):
            raise Broken(f"日记账 {one.journal_id} 的期初余额或账户与留痕不符")
        written = journals.lines(connection, one)
        _entered(one, written, [record for record in records if record.act in {"journal.enter", "journal.strike"}])
        _running(one, written)
        _closed(connection, one, written, [record for record in records if record.act == "journal.close-day"])
        count += len(written)
    _counted(connection, book, things)
    return f"{len(found)} 本日记账 {count} 笔登记、日结和盘点与留痕相符"


def _entered(one: Journal, written: Sequence[JournalLine], records: Sequence[Record]) -> None:
    """Every line stands in one record, in order, by the person and at the time that entered it."""
    due = 1
    for record in records:
        told = record.told()
        block = written[due - 1 : told["last"]]
        signed = {(line.entered_by, line.entered_at) for line in block}
        if told["first"] != due or journals.lines_digest(block) != record.digest or signed != {(record.actor, record.at)}:
            raise Broken(f"日记账 {one.journal_id} 第 {told['first']}—{told['last']} 行与留痕不符")
        due = told["last"] + 1
    if due != len(written) + 1:
        raise Broken(f"日记账 {one.journal_id} 第 {due} 行没有留痕")


def _running(one: Journal, written: Sequence[JournalLine]) -> None:
    """Numbers without a gap, balances that run on, red lines that take back exactly what they name."""
    balance = one.opening
    for place, line in enumerate(written, start=1):
        balance += line.signed
        struck = written[line.strikes - 1] if line.strikes is not None and 0 < line.strikes < place else None
        fits = line.strikes is None or (struck is not None and struck.strikes is None and struck.signed == -line.signed)
        if (line.line_no, line.balance) != (place, balance) or not fits:
            raise Broken(f"日记账 {one.journal_id} 第 {place} 行的行号、余额或冲销不符")


def _closed(connection: sa.Connection, one: Journal, written: Sequence[JournalLine], records: Sequence[Record]) -> None:
    """Every day closed says what its lines say, and was closed by whom the trail names."""
    stored = journals.days(connection, one)
    for day in stored:
        if day != journals.closing(one, written, day.day, day.closed_by, day.closed_at):
            raise Broken(f"日记账 {one.journal_id} {day.day} 的日结与明细不符")
    if [(digest(day.facts()), day.closed_by, day.closed_at) for day in stored] != [(record.digest, record.actor, record.at) for record in records]:
        raise Broken(f"日记账 {one.journal_id} 的日结与留痕不符")


def _counted(connection: sa.Connection, book: Book, things: dict[str, list[Record]]) -> None:
    """Every count was signed over one content, by the cashier and by another; none is gone."""
    columns = cash_count.c
    owners = connection.execute(sa.select(columns.journal_id).where(columns.book_id == book.book_id).distinct()).scalars().all()
    found = {cash_counts.thing(book.book_id, owner, made.count_no): made for owner in owners for made in cash_counts.counts(connection, book.book_id, owner)}
    if odd := sorted(found.keys() ^ {thing for thing in things if thing.startswith(f"cash-count:{book.book_id}:")}):
        raise Broken(f"盘点与留痕对不上：{odd[0]}")
    for thing, made in found.items():
        told = [(record.act, record.actor, record.at, record.digest) for record in things[thing]]
        due = [("journal.count", made.counted_by, made.counted_at, made.digest())]
        due += [("journal.witness", made.witnessed_by, made.witnessed_at, made.digest())] if made.witnessed_by else []
        if told != due or made.counted_by == made.witnessed_by or made.counted != sum(fen * many for fen, many in made.pieces):
            raise Broken(f"盘点 {thing.partition(':')[2]} 与留痕不符，或签字人重复")

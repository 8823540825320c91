"""One component of one person's month is released once (features 84, 89): the database's own key over book, number, item, source and period.

The source of an ordinary line is its kind of roster; 补发 (arrears) carries the digest of its file. What failed or came back at the bank may be
released once more; then the key names the roster whose payment that was.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from controls.roster import Roster
from controls.roster_tables import release_item
from controls.rosterlaw.errors import ReleasedTwice
from controls.tables import bank_line, bank_result, comeback, hold, roster_line, source_file
from ledger.db import UnitOfWork
from ledger.months import Month

ARREARS = "arrears"
KEY = ("who", "item", "period", "source")


def wanted(made: Roster) -> sa.Select[Any]:
    """The lines of the roster that would be released: who, item, period, source, again, seq; held lines and lines of nothing are left out."""
    line, file = roster_line.c, source_file.c
    digest = sa.select(file.sha256).where(file.file_id == made.file_id).scalar_subquery()
    who = sa.case((line.number != "", line.number), (line.id_raw != "", line.id_raw), else_=line.name)
    source = sa.case((line.item_class == ARREARS, sa.literal(f"{ARREARS}:") + digest), else_=sa.literal(made.kind))
    earlier = sa.alias(release_item)
    again = (
        sa.select(sa.func.coalesce(sa.func.max(earlier.c.roster_id), 0))
        .where(
            earlier.c.book_id == line.book_id, earlier.c.who == who, earlier.c.item == line.item, earlier.c.period == line.period,
            earlier.c.source == source, earlier.c.roster_id != made.roster_id,
        )
        .scalar_subquery()
    )  # fmt: skip
    return (
        sa.select(line.book_id, who.label("who"), line.item, line.period, source.label("source"), again.label("again"), line.roster_id, line.seq)
        .outerjoin(hold, sa.and_(hold.c.book_id == line.book_id, hold.c.roster_id == line.roster_id, hold.c.seq == line.seq))
        .where(line.book_id == made.book_id, line.roster_id == made.roster_id, hold.c.seq.is_(None), line.net_fen != 0)
    )


def require_once(connection: sa.Connection, made: Roster) -> None:
    """Raises SB2176 naming two lines of the same person's item and month: both of this roster, or one of them released before and not failed."""
    mine = wanted(made).subquery()
    columns = mine.c
    doubled = (
        sa.select(columns.item, columns.period, sa.func.min(columns.seq).label("first"), sa.func.max(columns.seq).label("last"))
        .group_by(columns.who, columns.item, columns.period, columns.source)
        .having(sa.func.count() > 1)
        .limit(1)
    )
    if row := connection.execute(doubled).first():
        _twice(made, row.last, row.item, row.period, made.roster_id, row.first)
    before = sa.alias(release_item)
    theirs = sa.alias(roster_line)
    query = (
        sa.select(columns.seq, columns.item, columns.period, before.c.roster_id, before.c.seq.label("other"))
        .select_from(mine)
        .join(before, sa.and_(before.c.book_id == columns.book_id, *(before.c[name] == columns[name] for name in KEY), before.c.roster_id == columns.again))
        .join(theirs, sa.and_(theirs.c.book_id == before.c.book_id, theirs.c.roster_id == before.c.roster_id, theirs.c.seq == before.c.seq))
        .outerjoin(
            bank_line, sa.and_(bank_line.c.book_id == theirs.c.book_id, bank_line.c.roster_id == theirs.c.roster_id, bank_line.c.payee == theirs.c.payee)
        )
        .outerjoin(bank_result, _same_payment(bank_result))
        .outerjoin(comeback, _same_payment(comeback))
        .where(columns.again != 0, sa.func.coalesce(bank_result.c.ok, 1) == 1, comeback.c.bank_seq.is_(None))
        .order_by(columns.seq)
        .limit(1)
    )
    if paid := connection.execute(query).first():
        _twice(made, paid.seq, paid.item, paid.period, paid.roster_id, paid.other)


def _same_payment(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.book_id == bank_line.c.book_id, table.c.roster_id == bank_line.c.roster_id, table.c.bank_seq == bank_line.c.bank_seq)


def _twice(made: Roster, seq: int, item: str, period: int, other: int, other_seq: int) -> None:
    raise ReleasedTwice(roster=made.roster_id, seq=seq, item=item, period=Month.from_number(period), other=other, other_seq=other_seq)


def write(work: UnitOfWork, made: Roster) -> int:
    """Writes down what this release pays, one row a line; gives how many. The caller has released it and asked :func:`require_once`."""
    columns = [release_item.c[name] for name in ("book_id", *KEY, "again", "roster_id", "seq")]
    done = work.connection.execute(release_item.insert().from_select(columns, wanted(made)))
    return int(done.rowcount)


def differs(connection: sa.Connection, made: Roster) -> int:
    """How many released items do not stand as the roster's lines call for, or are missing (0: all as they should be)."""
    mine, stored = wanted(made).subquery(), release_item.c
    same = sa.and_(*(stored[name] == mine.c[name] for name in ("book_id", *KEY, "roster_id", "seq")))
    lines = connection.execute(sa.select(sa.func.count()).select_from(mine)).scalar_one()
    matched = connection.execute(sa.select(sa.func.count()).select_from(mine.join(release_item, same))).scalar_one()
    rows = connection.execute(sa.select(sa.func.count()).where(stored.book_id == made.book_id, stored.roster_id == made.roster_id)).scalar_one()
    return int(lines - matched) + int(rows - matched)

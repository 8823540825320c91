"""What the trail says of person accounts: every act with all its rows, proposed by one and reviewed by another; every settled year reckoned again.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls import trail
from controls.person_accounts import interest
from ledger.accounts import Book
from ledger.chain import Record
from ledger.person_account_tables import act, year
from ledger.person_accounts import store
from ledger.person_accounts.store import Batch
from shebao.evidence import Broken, records_by_thing


def kept(connection: sa.Connection, book: Book) -> str:
    """C1, C6: acts on accounts hold the rows that the trail has the digests of, signed by two; the interest of each settled year is what its flows give."""
    things = records_by_thing(connection)
    found = store.batches(connection, book.book_id)
    told = {thing for thing, records in things.items() if thing.startswith(f"person-account:{book.book_id}-") and _proposals(records)}
    if odd := sorted(told ^ {one.thing for one in found}):
        raise Broken(f"个人账户事项与留痕对不上：{odd[0]}")
    rows = 0
    for place, one in enumerate(found, 1):
        if one.batch_id != place:
            raise Broken(f"{one.label} 的编号不连续")
        _signed(one, things[one.thing])
        if one.source_key != store.source_key(one.batch_id):
            raise Broken(f"{one.label} 的来源键不符")
        if store.proven_digest(connection, one) != one.digest:
            raise Broken(f"{one.label} 的明细与提出时的摘要不符")
        if one.kind == "interest" and one.state == "accepted" and not interest.holds(connection, book, one):
            raise Broken(f"{one.label} 的利息与该年度流量重算不符")
        rows += one.rows
    stored = sum(
        connection.execute(sa.select(sa.func.count()).select_from(table).where(table.c.book_id == book.book_id)).scalar_one() for table in (act, year)
    )
    if stored != rows:
        raise Broken(f"有 {stored - rows} 行个人账户明细不属于任何事项")
    return f"{len(found)} 件个人账户事项 {rows} 行与留痕相符，结息逐年重算相符"


def _proposals(records: list[Record]) -> list[Record]:
    return [record for record in records if record.act == "person-account.propose"]


def _signed(one: Batch, records: list[Record]) -> None:
    """Proposed and decided as the trail says, by two people, over one digest."""
    proposed = [(record.digest, record.actor, record.at) for record in _proposals(records)]
    facts = [record.told() for record in _proposals(records)]
    said = {"kind": one.kind, "period": str(one.period), "rows": one.rows, "fen": one.fen, "key": trail.redact(one.key)}
    if proposed != [(one.digest, one.proposed_by, one.proposed_at)] or facts != [said]:
        raise Broken(f"{one.label} 的提出与留痕不符")
    reviews = [record for record in records if record.act == "person-account.review"]
    decided = [(record.digest, record.actor, record.at, record.told()) for record in reviews]
    due = [(one.digest, one.reviewed_by, one.reviewed_at, {"state": one.state, "note": one.review_note})] if one.state != "proposed" else []
    if decided != due or one.reviewed_by == one.proposed_by:
        raise Broken(f"{one.label} 的审核与留痕不符，或由提出人自己审核")

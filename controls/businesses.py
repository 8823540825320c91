"""同笔业务 (分数编号法, 会计基础工作规范 第五十一条): several vouchers of one business, each with a fraction of it.

Every voucher keeps a gapless number of its own (L4). What one business needs more than one voucher for (a receipt that
two events share, say) is declared before any of them is reviewed, all parts at once, so none can be forgotten; they are
posted when every part is reviewed, and print as 同笔业务 收字11 2/3号, 11 being the number of the first. When one part is
sent back the whole business is: the others cannot be posted, and are sent back and entered anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, require
from controls.errors_vouchers import BusinessIncomplete
from controls.voucher_tables import business, voucher
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import digest

ACT = "voucher.business"
MOST = 20
"""Parts of one business."""


@dataclass(frozen=True, slots=True)
class Part:
    """One voucher of a business: its fraction ``part``/``parts``, the voucher, its state, and the entry once posted."""

    business_id: int
    part: int
    parts: int
    voucher_id: int
    state: str
    entry_id: int | None


def declare(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_ids: Sequence[int]) -> list[Part]:
    """A 会计 declares vouchers of one book to be the parts of one business, in this order. Raises SB3001, SB3180."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    if not 2 <= len(voucher_ids) <= MOST or len(set(voucher_ids)) != len(voucher_ids):
        raise BusinessIncomplete(voucher=_labels(book_id, voucher_ids), why=f"须是 2 至 {MOST} 张不同的凭证")
    columns = voucher.c
    rows = work.connection.execute(
        sa.select(columns.voucher_id, columns.state, columns.period, columns.digest).where(columns.book_id == book_id, columns.voucher_id.in_(voucher_ids))
    )
    found = {row.voucher_id: row for row in rows}
    for number in voucher_ids:
        if number not in found or found[number].state not in ("proposed", "made"):
            raise BusinessIncomplete(voucher=f"{book_id}-{number}", why="没有这张凭证，或已审核、已退回")
        if parts_of(work.connection, book_id, number):
            raise BusinessIncomplete(voucher=f"{book_id}-{number}", why="已列入一笔业务")
    if len({row.period for row in found.values()}) > 1:
        raise BusinessIncomplete(voucher=_labels(book_id, voucher_ids), why="不在同一个会计期间")
    latest = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(business.c.business_id), 0)).where(business.c.book_id == book_id)).scalar_one()
    rows_in = [
        {
            "book_id": book_id, "business_id": latest + 1, "part": part, "parts": len(voucher_ids), "voucher_id": number, "declared_by": actor.user,
            "declared_at": now,
        }
        for part, number in enumerate(voucher_ids, start=1)
    ]  # fmt: skip
    for row in rows_in:
        work.connection.execute(business.insert().values(**row))
    facts = {"vouchers": list(voucher_ids)}
    content = digest([[number, found[number].digest] for number in voucher_ids])
    trail.record(work, now, actor, Duty.BOOKKEEP, ACT, f"business:{book_id}:{latest + 1}", content, facts)
    return parts_of(work.connection, book_id, voucher_ids[0])


def _labels(book_id: int, voucher_ids: Sequence[int]) -> str:
    return "、".join(f"{book_id}-{number}" for number in voucher_ids[:MOST]) or "（没有写明）"


def parts_of(connection: sa.Connection, book_id: int, voucher_id: int) -> list[Part]:
    """The parts of the business that a voucher belongs to, in order; none for an ordinary voucher."""
    mine = sa.select(business.c.business_id).where(business.c.book_id == book_id, business.c.voucher_id == voucher_id).scalar_subquery()
    return _read(connection, book_id, business.c.business_id == mine)


def of_book(connection: sa.Connection, book_id: int, voucher_ids: Sequence[int] | None = None) -> dict[int, list[Part]]:
    """Business → its parts, of one book; of the businesses these vouchers belong to when given."""
    wanted: sa.ColumnElement[bool] = sa.true()
    if voucher_ids is not None:
        mine = sa.select(business.c.business_id).where(business.c.book_id == book_id, business.c.voucher_id.in_(voucher_ids))
        wanted = business.c.business_id.in_(mine)
    found: dict[int, list[Part]] = {}
    for part in _read(connection, book_id, wanted):
        found.setdefault(part.business_id, []).append(part)
    return found


def _read(connection: sa.Connection, book_id: int, wanted: sa.ColumnElement[bool]) -> list[Part]:
    joined = sa.join(business, voucher, sa.and_(voucher.c.book_id == business.c.book_id, voucher.c.voucher_id == business.c.voucher_id))
    columns = (business.c.business_id, business.c.part, business.c.parts, business.c.voucher_id, voucher.c.state, voucher.c.entry_id)
    rows = connection.execute(
        sa.select(*columns).select_from(joined).where(business.c.book_id == book_id, wanted).order_by(business.c.business_id, business.c.part)
    )
    return [Part(*row) for row in rows]


def whole(connection: sa.Connection, book_id: int, voucher_id: int) -> None:
    """Passes when every part of the voucher's business is reviewed or posted; raises SB3180 naming those that are not."""
    _complete(book_id, voucher_id, parts_of(connection, book_id, voucher_id))


def all_whole(connection: sa.Connection, book_id: int, voucher_ids: Sequence[int]) -> None:
    """:func:`whole` for each of these vouchers, in a query for five hundred of them."""
    for start in range(0, len(voucher_ids), 500):
        some = voucher_ids[start : start + 500]
        for parts in of_book(connection, book_id, some).values():
            _complete(book_id, next(part.voucher_id for part in parts if part.voucher_id in some), parts)


def _complete(book_id: int, voucher_id: int, parts: Sequence[Part]) -> None:
    waiting = [part for part in parts if part.state not in ("reviewed", "posted")]
    if waiting:
        sent_back = any(part.state == "rejected" for part in waiting)
        names = "、".join(f"{book_id}-{part.voucher_id}（{part.part}/{part.parts}）" for part in waiting)
        why = f"同笔业务的 {names} {'已退回，整笔业务须退回重做' if sent_back else '尚未审核'}"
        raise BusinessIncomplete(voucher=f"{book_id}-{voucher_id}", why=why)

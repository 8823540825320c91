"""Corrections on the desk (更正): red, blue and difference vouchers proposed from a posted one, each with its own review.

They are vouchers like any other: made by a 会计, reviewed by another, posted. Here is only what needs the store: the
entry that is corrected, what was done to it before, and the red and the blue one laid down together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls import trail, vouchers
from controls.duties import Actor, Duty, require
from controls.voucher_tables import voucher
from ledger import chain, corrections, posted, subledgers
from ledger.corrections import Correction, refused
from ledger.db import UnitOfWork
from ledger.entries import ContributionRow, Entry
from ledger.money import Fen
from ledger.posted import Posted


@dataclass(frozen=True, slots=True)
class Link:
    """One correction of an entry: what it is, its voucher on the desk, its state, and the entry once posted."""

    kind: Correction
    voucher_id: int
    state: str
    entry_id: int | None
    summary: str


def links(connection: sa.Connection, book_id: int, entry_id: int) -> list[Link]:
    """What corrects this entry, in order; sent-back vouchers are left out."""
    columns = voucher.c
    rows = connection.execute(
        sa.select(columns.voucher_id, columns.state, columns.entry_id, columns.source_key, columns.summary)
        .where(columns.book_id == book_id, columns.corrects == entry_id, columns.state != "rejected")
        .order_by(columns.voucher_id)
    )
    return [Link(Correction(row.source_key.partition(":")[0]), row.voucher_id, row.state, row.entry_id, row.summary) for row in rows]


def origin_of(connection: sa.Connection, book_id: int, voucher_id: int) -> Posted:
    """The posted entry of a voucher; raises SB3102 for one that is not posted, which is sent back instead."""
    draft = vouchers.get(connection, book_id, voucher_id)
    if draft.entry_id is None:
        raise vouchers.WrongState(voucher=draft.label, state=vouchers.STATES[draft.state], step="更正（未记账的凭证退回重做）")
    return posted.one(connection, book_id, draft.entry_id)


def reverse(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, day: date, reason: str) -> vouchers.Draft:
    """红字冲销: the posted voucher struck by its negative. Raises SB1340 and what proposing raises."""
    origin = _begin(work, actor, book_id, voucher_id, Correction.REVERSE)
    return _laid(work, now, actor, origin, corrections.reverse(origin, day, reason, _struck(work, origin)), reason)


def adjust(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, right: Mapping[int, Fen], day: date, reason: str) -> vouchers.Draft:
    """差额调整: the right amount by line; the difference is booked. Raises SB1340 and what proposing raises."""
    origin = _begin(work, actor, book_id, voucher_id, Correction.ADJUST)
    return _laid(work, now, actor, origin, corrections.adjust(origin, right, day, reason), reason)


def correct(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int, right: Entry, reason: str) -> list[vouchers.Draft]:
    """蓝字更正: the red voucher and the blue one together; for an entry of an earlier year, or one already struck, the blue one alone."""
    origin = _begin(work, actor, book_id, voucher_id, Correction.CORRECT)
    struck = any(link.kind is Correction.REVERSE for link in links(work.connection, book_id, origin.entry_id))
    made = []
    if not struck and not corrections.of_earlier_year(origin, right.day):
        made.append(_laid(work, now, actor, origin, corrections.reverse(origin, right.day, reason), reason))
    made.append(_laid(work, now, actor, origin, corrections.correct(origin, right, reason), reason))
    return made


def _begin(work: UnitOfWork, actor: Actor, book_id: int, voucher_id: int, kind: Correction) -> Posted:
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    origin = origin_of(work.connection, book_id, voucher_id)
    for link in links(work.connection, book_id, origin.entry_id):
        again = link.kind is kind or (link.kind is Correction.ADJUST) is not (kind is Correction.ADJUST)
        if again:
            told = f"已有{link.kind.zh}凭证 {book_id}-{link.voucher_id}（{vouchers.STATES[link.state]}）"
            raise refused(origin, kind, told, "一张凭证只更正一次；更正凭证未记账的可退回，已记账的再有差错，另制一张业务凭证")
    return origin


def _struck(work: UnitOfWork, origin: Posted) -> Iterable[ContributionRow]:
    """The contributions of the entry with their signs turned; none for an ordinary one."""
    source = origin.entry.contribution_source
    return () if source is None else subledgers.struck(work.connection, subledgers.CONTRIBUTION, origin.book_id, -source)


def _laid(work: UnitOfWork, now: str, actor: Actor, origin: Posted, made: Entry, reason: str) -> vouchers.Draft:
    draft = vouchers.propose(work, now, actor, origin.book_id, made)
    facts = {"corrects": origin.label, "reason": reason}
    trail.record(work, now, actor, Duty.BOOKKEEP, made.source_key.partition(":")[0], f"entry:{origin.book_id}:{origin.entry_id}", draft.digest, facts)
    return vouchers.make(work, now, actor, origin.book_id, draft.voucher_id)

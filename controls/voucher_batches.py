"""Many vouchers proposed at once (凭证导入): what :func:`controls.vouchers.propose` asks of each, by a handful of queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from controls import bulk, opening_gate, voucher_sources, vouchers
from controls.budgets.funding import FUNDING
from controls.duties import Actor
from controls.special import gate
from controls.voucher_tables import voucher, voucher_line
from controls.vouchers import STATES, SYSTEM, Draft
from ledger import chain, dimensions, flows, plain_words
from ledger.db import UnitOfWork
from ledger.entries import Entry
from ledger.errors_posting import AlreadyBooked, PeriodNotOpen
from ledger.tables import period

MOST = 500


def propose_many(work: UnitOfWork, now: str, actor: Actor | None, book_id: int, entries: Sequence[Entry]) -> list[Draft]:
    """Proposes the entries in order, all or none: the same rows and records as one after another, the same refusals.

    Special books and funding are judged by what stands before each voucher; where one of them is among the entries, they go one by one.
    """
    if not entries or any(made.event == FUNDING for made in entries) or gate.is_special(work.connection, book_id):
        return [vouchers.propose(work, now, actor, book_id, made) for made in entries]
    for made in entries:
        plain_words.check(made)
        flows.check_entry(made)
        dimensions.check(made.lines)
        gate.check_statutory(made)
    chain.lock(work)
    _sources_once(work.connection, book_id, entries)
    _months_open(work.connection, book_id, entries)
    opening_gate.check(work.connection, book_id, *entries)
    voucher_sources.refuse_papers_of_many(work, book_id, entries)
    return _written(work, now, actor, book_id, entries)


def _sources_once(connection: sa.Connection, book_id: int, entries: Sequence[Entry]) -> None:
    """L11: no source key stands in a voucher on its way or booked, nor twice among these. Raises SB1104."""
    columns, keys, seen = voucher.c, sorted({made.source_key for made in entries}), set[str]()
    live: dict[str, str] = {}
    for first in range(0, len(keys), MOST):
        asked = sa.select(columns.source_key, columns.voucher_id, columns.state).where(
            columns.book_id == book_id, columns.source_key.in_(keys[first : first + MOST]), columns.state != "rejected"
        )
        live |= {row.source_key: f"凭证流水 {book_id}-{row.voucher_id}，{STATES[row.state]}" for row in connection.execute(asked)}
    for made in entries:
        if made.source_key in live or made.source_key in seen:
            raise AlreadyBooked(source=made.source_key, where=live.get(made.source_key, "本批另一张凭证"))
        seen.add(made.source_key)


def _months_open(connection: sa.Connection, book_id: int, entries: Sequence[Entry]) -> None:
    """L5. Raises SB1302 for the first voucher whose month does not take it."""
    states = {row.period: row.state for row in connection.execute(sa.select(period.c.period, period.c.state).where(period.c.book_id == book_id))}
    for made in entries:
        state = states.get(made.period)
        if state != "open" and not (state == "locked" and made.closing):
            raise PeriodNotOpen(period=made.period, state={"locked": "已锁定，待结账", "closed": "已结账"}.get(state or "", "未启用"))


def _written(work: UnitOfWork, now: str, actor: Actor | None, book_id: int, entries: Sequence[Entry]) -> list[Draft]:
    first = int(work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(voucher.c.voucher_id), 0) + 1).where(voucher.c.book_id == book_id)).scalar_one())
    heads, legs, acts = [], [], []
    for voucher_id, made in enumerate(entries, start=first):
        digest = made.digest()
        heads.append(vouchers.head_values(now, actor, book_id, voucher_id, made, digest) | {"period": made.period.number})
        legs += vouchers.leg_values(book_id, voucher_id, made)
        facts = {"source": made.source_key, "debit_fen": made.debit}
        acts.append(chain.Act(actor.user if actor else SYSTEM, "", "propose", f"voucher:{book_id}-{voucher_id}", digest, facts))
    for table, rows in ((voucher, heads), (voucher_line, legs)):
        names = tuple(rows[0])
        bulk.insert(work, table, names, (tuple(row[name] for name in names) for row in rows))
    chain.append_many(work, now, acts)
    ids = range(first, first + len(entries))
    found: list[Draft] = []
    for start in range(0, len(ids), MOST):
        found += vouchers.drafts(work.connection, book_id, voucher_ids=list(ids[start : start + MOST]))
    return found

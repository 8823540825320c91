"""Movements by axis (按维度汇总): kept balances and sub-ledgers read along one analytic axis. Nothing here writes."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.accounts import accounts_of
from ledger.dimensions import Axis, axis
from ledger.money import Fen
from ledger.months import Month
from ledger.tables import balance, entry, payout


@dataclass(frozen=True, slots=True)
class Share:
    """What one value of an axis bore on one account in a span of months, fen; '' is the value of lines that say nothing. ``count``: sub-ledger rows."""

    account: str
    value: str
    debit: Fen
    credit: Fen
    count: int = 0


def shares(connection: sa.Connection, book_id: int, name: str, first: Month, last: Month) -> list[Share]:
    """Movements from ``first`` to ``last`` by account and value of an axis, closing entries left out, from kept balances. Raises SB1343."""
    law = axis(name)
    if law.kind == "subledger":
        return _batches(connection, book_id, first, last)
    columns = balance.c
    under = sa.or_(*(columns.account.startswith(code) for code in law.accounts))
    rows = connection.execute(sa.select(balance).where(columns.book_id == book_id, columns.period >= first, columns.period <= last, under))
    names = {code: account.full_name for code, account in accounts_of(connection, book_id).items()} if law.kind == "account" else {}
    totals: dict[tuple[str, str], list[Fen]] = defaultdict(lambda: [0, 0])
    for row in rows:
        value = _detail(names[row.account], law) if names else dict(json.loads(row.dimension)).get(name, "") if row.dimension else ""
        totals[row.account, value][0] += int(row.debit_fen)
        totals[row.account, value][1] += int(row.credit_fen)
    return [Share(account, value, debit, credit) for (account, value), (debit, credit) in sorted(totals.items()) if debit or credit]


def _detail(full_name: str, law: Axis) -> str:
    parts = full_name.split("-")
    return parts[law.depth] if law.depth < len(parts) else ""


def _batches(connection: sa.Connection, book_id: int, first: Month, last: Month) -> list[Share]:
    """Persons' money by batch and account: the entry's source and what its sub-ledger rows add up to, never a person."""
    rows, heads = payout.c, entry.c
    joined = sa.join(payout, entry, sa.and_(heads.book_id == rows.book_id, heads.payout_source == rows.source_id))
    total = sa.cast(sa.func.sum(rows.amount_fen), sa.BigInteger)
    query = (
        sa.select(rows.account, heads.source_key, total, sa.func.count())
        .select_from(joined)
        .where(rows.book_id == book_id, heads.period >= first, heads.period <= last)
        .group_by(rows.account, heads.source_key)
        .order_by(rows.account, heads.source_key)
    )
    return [Share(row[0], row[1], int(row[2]), 0, int(row[3])) for row in connection.execute(query)]

"""Funding within the plan (拨款不超计划): what comes from the 财政专户 into the 支出户 in a month (P1) stays within its approved plans.

A book works by plans from the month of its first approved plan on; there is no way back. Drafts count as much as what is posted.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls.budgets import documents
from controls.budgets.errors import OverPlan
from controls.voucher_tables import voucher, voucher_line
from ledger.entries import Entry, Side
from ledger.money import Fen, show
from ledger.months import Month

FUNDING = "P1"
"""The event of monthly funding (templates/events/payment.yaml)."""


def planned(connection: sa.Connection, book_id: int, month: Month) -> Fen | None:
    """Fen asked for by the approved plans of a month; None while the book does not work by plans."""
    plans = [one for one in documents.listed(connection, book_id, kind="plan", state="approved") if one.period is not None]
    if not any(one.period is not None and one.period <= month for one in plans):
        return None
    return sum(one.request for one in plans if one.period == month)


def funded(connection: sa.Connection, book_id: int, month: Month) -> Fen:
    """Fen of the month's funding vouchers, posted or on their way, red ones taken off."""
    joined = sa.join(voucher, voucher_line, sa.and_(voucher.c.book_id == voucher_line.c.book_id, voucher.c.voucher_id == voucher_line.c.voucher_id))
    mine = sa.and_(
        voucher.c.book_id == book_id, voucher.c.event == FUNDING, voucher.c.period == month, voucher.c.state != "rejected", voucher_line.c.side == Side.D.value
    )
    total = sa.cast(sa.func.coalesce(sa.func.sum(voucher_line.c.amount_fen), 0), sa.BigInteger)
    return int(connection.execute(sa.select(total).select_from(joined).where(mine)).scalar_one())


def check(connection: sa.Connection, book_id: int, made: Entry) -> None:
    """Passes when a voucher about to be proposed is no funding, or funding within the plans of its month. Raises SB3295."""
    if made.event != FUNDING:
        return
    plan = planned(connection, book_id, made.period)
    if plan is None:
        return
    already = funded(connection, book_id, made.period)
    if already + made.debit > plan:
        raise OverPlan(month=made.period, asked=show(made.debit), planned=show(plan), funded=show(already), left=show(max(plan - already, 0)))

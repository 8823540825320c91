"""Month-end closing (期末结转, 账结法): income and expense go to 3001. Protected: only ``controls.periods`` imports it.

28号 Part 5 一(一) counts the month end among the period ends, so every month is closed. Closing only
*proposes* an entry; it is made, reviewed and posted like any other voucher and marked as closing, so that
statements leave it out of movement (DOMAIN §1.7).
"""

from __future__ import annotations

import json

import sqlalchemy as sa

from ledger.entries import Dimension, Entry, Line, Side
from ledger.errors import Refusal
from ledger.events import SPECIAL_CLOSING, closing_lines
from ledger.funds import Fund
from ledger.money import Fen
from ledger.months import Month
from ledger.tables import account, balance, book
from ledger.voucher_forms import voucher_kind

NET_ASSETS = ("3001", "J01")
"""一般基金结余, and 专项结余 of special books."""
KIND = "转"


class NothingToClose(Refusal):
    """No income and no expense in the month."""

    code = "SB1311"
    zh = "{period} 没有收入和支出发生额，无需结转凭证。"
    en = "{period} has neither income nor expense; no closing voucher is needed."
    cause_zh = "期末结转把各收入、支出科目余额转入一般基金结余。"
    cause_en = "Closing moves income and expense balances to 3001."
    remedy_zh = "直接由会计主管确认结账（shebao period confirm）。"
    remedy_en = "Let the chief accountant confirm the closing directly."


def _open_results(connection: sa.Connection, book_id: int, month: Month) -> list[tuple[str, Dimension, Fen]]:
    """Income and expense balances not yet closed: (account, dimension, debit-positive fen), zeros left out."""
    columns = balance.c
    net = sa.func.sum(columns.debit_fen - columns.credit_fen + columns.closing_debit_fen - columns.closing_credit_fen)
    rows = connection.execute(
        sa.select(columns.account, columns.dimension, net)
        .join(account, sa.and_(account.c.book_id == columns.book_id, account.c.code == columns.account))
        .where(columns.book_id == book_id, columns.period <= month, account.c.element.in_(("income", "expense")))
        .group_by(columns.account, columns.dimension)
        .order_by(columns.account, columns.dimension)
    )
    found: list[tuple[str, Dimension, Fen]] = []
    for code, axes, fen in rows:
        if fen and not code.startswith(("4601", "4602")):
            found.append((code, tuple((pair[0], pair[1]) for pair in json.loads(axes)) if axes else (), int(fen)))
    return found


def entry(connection: sa.Connection, book_id: int, month: Month) -> Entry:
    """The closing entry of one month: Dr each 4xxx / Cr 3001, Dr 3001 / Cr each 5xxx (X1). Raises SB1311.

    4601 and 4602 (待转) are not closed monthly (DOMAIN §1.5 X1).
    """
    open_results = _open_results(connection, book_id, month)
    if not open_results:
        raise NothingToClose(period=month)
    lines = [Line(code, Side.C if fen > 0 else Side.D, abs(fen), axes, "期末结转") for code, axes, fen in open_results]
    totals: dict[str, Fen] = {}
    for code, _, fen in open_results:
        totals[code] = totals.get(code, 0) + fen
    fund = Fund(connection.execute(sa.select(book.c.fund).where(book.c.book_id == book_id)).scalar_one())
    lines += [line for line in closing_lines(fund, totals) if line.account.startswith(NET_ASSETS)]
    return Entry(
        period=month,
        day=month.last_day,
        summary=f"结转{month.year}年{fund.short}收入、支出" if fund.special else f"结转{month.zh()}收入、支出",
        lines=tuple(lines),
        authority="专账年终结转" if fund.special else "28号 3001",
        source_key=f"closing:{month}",
        event=SPECIAL_CLOSING if fund.special else "X1",
        kind=voucher_kind(KIND, month.last_day),
        closing=True,
    )


def unclosed(connection: sa.Connection, book_id: int, month: Month) -> dict[str, Fen]:
    """Income and expense accounts that are not zero at the month's end (K10), debit positive."""
    totals: dict[str, Fen] = {}
    for code, _, fen in _open_results(connection, book_id, month):
        totals[code] = totals.get(code, 0) + fen
    return {code: fen for code, fen in totals.items() if fen}

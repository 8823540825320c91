"""Kept balances: movement per book, account, month and dimension, maintained by the database as lines enter (L8).

Statements and trial balances read these rows, so their cost grows with accounts and months, never with lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.errors import Refusal
from ledger.money import Fen, show
from ledger.months import Month
from ledger.tables import balance, entry, line


class BalanceDiffers(Refusal):
    """A kept balance is not the sum of its lines (L8)."""

    code = "SB1310"
    zh = "账套 {book} 科目 {account} {period} 的余额与分录合计不符：余额 {kept} 元，分录 {lines} 元。"
    en = "Book {book}, account {account}, {period}: kept balance {kept} differs from its lines {lines} yuan."
    cause_zh = "余额由数据库随分录更新，必须等于分录之和（L8）。"
    cause_en = "Balances are kept by the database and equal the sum of lines (L8)."
    remedy_zh = "数据被程序之外的手段改动过；停止记账，从备份核对。"
    remedy_en = "Data were changed outside the program; stop and compare with a backup."


@dataclass(frozen=True, slots=True)
class Movement:
    """One account's movement in one month, fen. ``closing_*`` is the part moved by closing entries."""

    account: str
    period: Month
    debit: Fen
    credit: Fen
    closing_debit: Fen = 0
    closing_credit: Fen = 0

    @property
    def net(self) -> Fen:
        """Debit-positive change of the balance, closing included."""
        return self.debit - self.credit + self.closing_debit - self.closing_credit


def movements(connection: sa.Connection, book_id: int, through: Month | None = None) -> list[Movement]:
    """Movements of a book by account and month (all dimensions together), up to and including ``through``."""
    columns = balance.c
    wanted = columns.book_id == book_id
    if through is not None:
        wanted = sa.and_(wanted, columns.period <= through)
    totals = [sa.cast(sa.func.sum(c), sa.BigInteger) for c in (columns.debit_fen, columns.credit_fen, columns.closing_debit_fen, columns.closing_credit_fen)]
    rows = connection.execute(sa.select(columns.account, columns.period, *totals).where(wanted).group_by(columns.account, columns.period))
    found = [Movement(row[0], row[1], int(row[2]), int(row[3]), int(row[4]), int(row[5])) for row in rows]
    return sorted(found, key=lambda m: (m.account, m.period))


def by_party(connection: sa.Connection, book_id: int, accounts: tuple[str, ...], through: Month) -> list[tuple[str, Movement]]:
    """Movements of the accounts under some prefixes by counterpart (往来单位, '' where none was named), up to and including ``through``."""
    columns = balance.c
    wanted = sa.and_(columns.book_id == book_id, columns.period <= through, sa.or_(*(columns.account.startswith(code) for code in accounts)))
    rows = connection.execute(sa.select(balance).where(wanted).order_by(columns.account, columns.period, columns.dimension))
    return [
        (
            dict(json.loads(row.dimension)).get("party", "") if row.dimension else "",
            Movement(row.account, row.period, int(row.debit_fen), int(row.credit_fen), int(row.closing_debit_fen), int(row.closing_credit_fen)),
        )
        for row in rows
    ]


def closing_balances(moved: Iterable[Movement]) -> dict[str, Fen]:
    """Account → balance in fen, debit positive; accounts at zero are left in."""
    totals: dict[str, Fen] = {}
    for movement in moved:
        totals[movement.account] = totals.get(movement.account, 0) + movement.net
    return totals


def prove(connection: sa.Connection, book_id: int) -> int:
    """Sums every line again and compares with the kept rows; returns the number of rows proved. Raises SB1310."""
    side_d = line.c.side == "D"
    open_part = entry.c.closing == 0

    def part(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sa.and_(*conditions), line.c.amount_fen), else_=0))

    summed = (
        sa.select(
            line.c.account, entry.c.period, line.c.dimension,
            part(side_d, open_part), part(~side_d, open_part), part(side_d, ~open_part), part(~side_d, ~open_part), sa.func.count(),
        )
        .join(entry, sa.and_(entry.c.book_id == line.c.book_id, entry.c.entry_id == line.c.entry_id))
        .where(line.c.book_id == book_id)
        .group_by(line.c.account, entry.c.period, line.c.dimension)
    )  # fmt: skip
    from_lines = {(row[0], row[1], row[2]): tuple(int(value) for value in row[3:]) for row in connection.execute(summed)}
    kept_rows = connection.execute(sa.select(balance).where(balance.c.book_id == book_id))
    kept = {
        (row.account, row.period, row.dimension): (row.debit_fen, row.credit_fen, row.closing_debit_fen, row.closing_credit_fen, row.lines)
        for row in kept_rows
    }
    for key in sorted(from_lines.keys() | kept.keys(), key=str):
        left, right = kept.get(key), from_lines.get(key)
        if left != right:
            raise BalanceDiffers(book=book_id, account=key[0], period=key[1], kept=_shown(left), lines=_shown(right))
    return len(kept)


def _shown(values: tuple[int, ...] | None) -> str:
    return "无" if values is None else show(values[0] - values[1] + values[2] - values[3]) + f"（{values[4]} 行）"

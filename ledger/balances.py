"""Kept balances: movement per book, account, month and dimension, maintained by the database as lines enter (L8).

Statements and trial balances read these rows, so their cost grows with accounts and months, never with lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.db import UnitOfWork
from ledger.errors import Refusal
from ledger.money import Fen, show
from ledger.months import Month
from ledger.tables import balance, entry, line


class BalanceDiffers(Refusal):
    """A kept balance is not the sum of its lines (L8)."""

    code = "SB1310"
    zh = "账套 {book} 科目 {account} {period} 的余额与分录合计不符（元）：余额 {kept}；分录 {lines}。"
    en = "Book {book}, account {account}, {period}: kept balance {kept} differs from its lines {lines} (yuan)."
    cause_zh = "余额由数据库随分录更新，必须等于分录之和（L8）。"
    cause_en = "Balances are kept by the database and equal the sum of lines (L8)."
    remedy_zh = "数据被程序之外的手段改动过；停止记账，与备份核对，分录无误的用 shebao books rebuild-balances 按分录重算。"
    remedy_en = "Data were changed outside the program; stop, compare with a backup, and where the lines are right run shebao books rebuild-balances."


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


@dataclass(frozen=True, slots=True)
class Difference:
    """One balance that is not what its lines sum to: (debit, credit, closing debit, closing credit, lines) kept and summed, None where there is none."""

    account: str
    period: Month
    dimension: str
    kept: tuple[int, int, int, int, int] | None
    summed: tuple[int, int, int, int, int] | None

    @property
    def kept_text(self) -> str:
        """The kept balance in yuan with its lines."""
        return _shown(self.kept)

    @property
    def summed_text(self) -> str:
        """What the lines sum to, in yuan, with their number."""
        return _shown(self.summed)


_FIGURES = ("debit_fen", "credit_fen", "closing_debit_fen", "closing_credit_fen", "lines")
_KEY = ("account", "period", "dimension")


def _summed(book_id: int) -> sa.Select[Any]:
    """Balances from every line of the book again, by key."""
    debit, open_part = line.c.side == "D", entry.c.closing == 0

    def part(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.sum(sa.case((sa.and_(*conditions), line.c.amount_fen), else_=0)), sa.BigInteger)

    sums = (part(debit, open_part), part(~debit, open_part), part(debit, ~open_part), part(~debit, ~open_part), sa.func.count())
    return (
        sa.select(line.c.account, entry.c.period, line.c.dimension, *(value.label(name) for name, value in zip(_FIGURES, sums, strict=True)))
        .join(entry, sa.and_(entry.c.book_id == line.c.book_id, entry.c.entry_id == line.c.entry_id))
        .where(line.c.book_id == book_id)
        .group_by(line.c.account, entry.c.period, line.c.dimension)
    )


def differences(connection: sa.Connection, book_id: int) -> list[Difference]:
    """Every balance that is not the sum of its lines, in key order; the database sums and compares, only what differs comes back."""
    summed, columns = _summed(book_id).subquery("summed"), balance.c
    nil = [sa.literal(0).label(f"other_{name}") for name in _FIGURES]
    kept = sa.select(*(columns[name] for name in _KEY), *(columns[name] for name in _FIGURES), *nil).where(columns.book_id == book_id)
    from_lines = sa.select(*(summed.c[name] for name in _KEY), *(sa.literal(0) for _ in _FIGURES), *(summed.c[name] for name in _FIGURES))
    both = sa.union_all(kept, from_lines).subquery("both")
    totals = [sa.cast(sa.func.sum(both.c[prefix + name]), sa.BigInteger) for prefix in ("", "other_") for name in _FIGURES]
    apart = sa.or_(*(left != right for left, right in zip(totals[:5], totals[5:], strict=True)), totals[9] == 0)
    key = [both.c[name] for name in _KEY]
    query = sa.select(*key, *totals, sa.func.count()).group_by(*key).having(apart)
    found = []
    for row in connection.execute(query):
        kept_row, summed_row = (row[3], row[4], row[5], row[6], row[7]), (row[8], row[9], row[10], row[11], row[12])
        has_lines = summed_row[4] > 0
        stands = row[13] == 2 if has_lines else True
        found.append(Difference(row[0], row[1], row[2], kept_row if stands else None, summed_row if has_lines else None))
    return sorted(found, key=lambda one: (one.account, one.period, one.dimension))


def rebuild(work: UnitOfWork, book_id: int) -> list[Difference]:
    """Writes what the lines sum to wherever a balance differs, and returns what differed; the database refuses any other figure (SB1303).

    For the act that asks who may and leaves its record (``controls.rebuilding``).
    """
    found = differences(work.connection, book_id)
    columns = balance.c
    for one in found:
        place = sa.and_(columns.book_id == book_id, columns.account == one.account, columns.period == one.period, columns.dimension == one.dimension)
        if one.summed is None:
            work.connection.execute(balance.delete().where(place))
            continue
        figures = dict(zip(_FIGURES, one.summed, strict=True))
        if one.kept is None:
            work.connection.execute(balance.insert().values(book_id=book_id, account=one.account, period=one.period, dimension=one.dimension, **figures))
        else:
            work.connection.execute(balance.update().where(place).values(**figures))
    return found


def prove(connection: sa.Connection, book_id: int) -> int:
    """Sums every line again and compares with the kept rows; returns the number of rows proved. Raises SB1310 with the first that differs."""
    for one in differences(connection, book_id):
        raise BalanceDiffers(book=book_id, account=one.account, period=one.period, kept=one.kept_text, lines=one.summed_text)
    return int(connection.execute(sa.select(sa.func.count()).select_from(balance).where(balance.c.book_id == book_id)).scalar_one())


def _shown(values: tuple[int, ...] | None) -> str:
    if values is None:
        return "无"
    closing = f"，结转借 {show(values[2])} 贷 {show(values[3])}" if values[2] or values[3] else ""
    return f"借 {show(values[0])} 贷 {show(values[1])}{closing}（{values[4]} 行）"

"""The columns of person accounts, fetched from the store: set-based, a handful of queries for a whole book, the same for one person.

Contribution and payout rows count in the month of the entry that posted them (cash basis); acts that books carry count in the month of their entry,
and only once it is posted; the others from their signature, in the month they name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ledger.accounts import Book
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.person_accounts import law
from ledger.person_accounts.columns import Columns, Ints, Reckoned, matrix, reckon, several
from ledger.person_accounts.law import FundLaw, Method
from ledger.person_accounts.tables import act, batch, year
from ledger.tables import contribution, entry, payout

SOURCE = "person-account:"
"""A batch that books carry is posted under this source key and its number."""
LEAVING = ("paid_once", "cleared", "transfer_out")
"""Kinds of rows by which an account ends."""
Cells = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a span begins: the balances of the latest interest act, after December of ``year`` (None: nothing before)."""

    batch_id: int | None
    year: int | None

    @property
    def month(self) -> int:
        """The last month that the balances hold, ``yyyymm``; 0 when there are none."""
        return self.year * 100 + 12 if self.year is not None else 0


def start(connection: sa.Connection, book_id: int, before: int | None = None) -> Start:
    """The latest accepted interest act, of a year below ``before`` when given."""
    columns = batch.c
    wanted = sa.select(columns.batch_id, columns.period).where(columns.book_id == book_id, columns.kind == "interest", columns.state == "accepted")
    if before is not None:
        wanted = wanted.where(columns.period < before * 100)
    found = connection.execute(wanted.order_by(columns.period.desc()).limit(1)).first()
    return Start(found.batch_id, found.period // 100) if found is not None else Start(None, None)


def fetch(connection: sa.Connection, query: sa.Select[Any]) -> Cells:
    """All rows as plain tuples, by the driver itself: a county's accounts are read whole."""
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    cursor = connection.connection.cursor()
    try:
        cursor.execute(str(compiled).replace("%%", "%"))
        return list(cursor.fetchall())
    finally:
        cursor.close()


def contributions(connection: sa.Connection, book_id: int, after: int, through: int, weights: Sequence[int] | None = None, number: str = "") -> Cells:
    """(number, part, account, fen, fen × weight) of contribution rows posted in months (after, through]."""
    rows, heads = contribution.c, entry.c
    weighted = sa.func.sum(rows.amount_fen * _weight(heads.period, weights)) if weights else sa.literal(0)
    query = (
        sa.select(rows.number, rows.part, rows.account, sa.func.sum(rows.amount_fen), weighted)
        .select_from(entry.join(contribution, sa.and_(rows.book_id == heads.book_id, rows.source_id == heads.contribution_source)))
        .where(heads.book_id == book_id, heads.contribution_source.is_not(None), *_between(heads.period, after, through))
        .group_by(rows.number, rows.part, rows.account)
    )
    return fetch(connection, query.where(rows.number == number) if number else query)


def payments(
    connection: sa.Connection, book_id: int, accounts: Sequence[str], after: int, through: int, weights: Sequence[int] | None = None, number: str = ""
) -> Cells:
    """(number, fen, fen × weight) of payout rows on ``accounts`` posted in months (after, through]."""
    rows, heads = payout.c, entry.c
    weighted = sa.func.sum(rows.amount_fen * _weight(heads.period, weights)) if weights else sa.literal(0)
    query = (
        sa.select(rows.number, sa.func.sum(rows.amount_fen), weighted)
        .select_from(entry.join(payout, sa.and_(rows.book_id == heads.book_id, rows.source_id == heads.payout_source)))
        .where(heads.book_id == book_id, heads.payout_source.is_not(None), *_between(heads.period, after, through))
        .where(sa.or_(*(rows.account.like(f"{code}%") for code in accounts)))
        .group_by(rows.number)
    )
    return fetch(connection, query.where(rows.number == number) if number else query)


def contribution_lines(connection: sa.Connection, book_id: int, number: str, after: int, through: int) -> Cells:
    """(month booked, period of entitlement, part, account, fen) of one person's contribution rows, newest last."""
    rows, heads = contribution.c, entry.c
    query = (
        sa.select(_plain(heads.period).label("month"), rows.period, rows.part, rows.account, rows.amount_fen)
        .select_from(entry.join(contribution, sa.and_(rows.book_id == heads.book_id, rows.source_id == heads.contribution_source)))
        .where(heads.book_id == book_id, heads.contribution_source.is_not(None), rows.number == number, *_between(heads.period, after, through))
    )
    return sorted(fetch(connection, query))


def payout_lines(connection: sa.Connection, book_id: int, number: str, after: int, through: int) -> Cells:
    """(month booked, period of entitlement, item, account, fen) of one person's payout rows, every item, newest last."""
    rows, heads = payout.c, entry.c
    query = (
        sa.select(_plain(heads.period).label("month"), rows.period, rows.item, rows.account, rows.amount_fen)
        .select_from(entry.join(payout, sa.and_(rows.book_id == heads.book_id, rows.source_id == heads.payout_source)))
        .where(heads.book_id == book_id, heads.payout_source.is_not(None), rows.number == number, *_between(heads.period, after, through))
    )
    return sorted(fetch(connection, query))


def effective(book_id: int) -> sa.Subquery:
    """The batches of a book that count: (batch_id, kind, month, sign). What books carry counts in its entry's month, backwards in the red one's."""
    columns, heads, red = batch.c, entry.c, entry.alias("red")
    accepted = (columns.book_id == book_id, columns.state == "accepted")
    signed = sa.select(columns.batch_id, columns.kind, columns.period.label("month"), sa.literal(1).label("sign")).where(
        *accepted, columns.books == 0, columns.kind != "interest"
    )
    own = sa.and_(heads.book_id == columns.book_id, heads.source_key == columns.source_key)
    booked = sa.select(columns.batch_id, columns.kind, _plain(heads.period), sa.literal(1)).select_from(batch.join(entry, own))
    struck = (
        sa.select(columns.batch_id, columns.kind, _plain(red.c.period), sa.literal(-1))
        .select_from(batch.join(entry, own).join(red, sa.and_(red.c.book_id == heads.book_id, red.c.corrects == heads.entry_id)))
        .where(red.c.source_key.like("reverse:%"))
    )
    return sa.union_all(signed, *(one.where(*accepted, columns.books == 1) for one in (booked, struck))).subquery()


def _plain(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.type_coerce(column, sa.Integer), sa.Integer)


def acts(connection: sa.Connection, book_id: int, after: int, through: int, number: str = "") -> Cells:
    """(number, part, kind of row, month, fen) of the acts that count in months (after, through]."""
    counting = effective(book_id)
    rows = act.c
    query = (
        sa.select(rows.number, rows.part, rows.kind, counting.c.month, sa.func.sum(rows.amount_fen * counting.c.sign))
        .select_from(act.join(counting, counting.c.batch_id == rows.batch_id))
        .where(rows.book_id == book_id, counting.c.month > after, counting.c.month <= through)
        .group_by(rows.number, rows.part, rows.kind, counting.c.month)
        .having(sa.func.sum(rows.amount_fen * counting.c.sign) != 0)
    )
    return fetch(connection, query.where(rows.number == number) if number else query)


def balances(connection: sa.Connection, book_id: int, begin: Start, number: str = "") -> Cells:
    """(number, part, fen) at the end of the year that ``begin`` names."""
    if begin.batch_id is None:
        return []
    query = sa.select(year.c.number, year.c.part, year.c.closing_fen).where(year.c.book_id == book_id, year.c.batch_id == begin.batch_id)
    return fetch(connection, query.where(year.c.number == number) if number else query)


def _between(column: sa.ColumnElement[Any], after: int, through: int) -> tuple[sa.ColumnElement[bool], ...]:
    plain = sa.type_coerce(column, sa.Integer)
    return plain > after, plain <= through


def _weight(period: sa.ColumnElement[Any], weights: Sequence[int]) -> sa.ColumnElement[Any]:
    """The weight of an entry's month as SQL; the span lies within one year wherever weights are asked for."""
    return sa.case({month: weight for month, weight in enumerate(weights, 1)}, value=sa.type_coerce(period, sa.Integer) % 100, else_=0)


def entering(fund_law: FundLaw, day: date, cells: Cells) -> tuple[Cells, Cells]:
    """Contribution cells turned into (number, part, fen, product) as they enter, rounded half up once a cell; and those no rule knows."""
    known: dict[tuple[str, str], tuple[str, tuple[int, int] | None]] = {}
    made: Cells = []
    strange: Cells = []
    for number, name, account, fen, product in cells:
        if (name, account) not in known:
            code = law.part(name).code
            known[name, account] = code, fund_law.share(code, account, day)
        code, share = known[name, account]
        if share is None:
            strange.append((number, code, account, fen))
        elif share == (1, 1):
            made.append((number, code, int(fen), int(product)))
        elif share[0]:
            made.append((number, code, _part_of(int(fen), share), _part_of(int(product), share)))
    return made, strange


def _part_of(fen: int, share: tuple[int, int]) -> int:
    whole = (2 * abs(fen) * share[0] + share[1]) // (2 * share[1])
    return whole if fen >= 0 else -whole


@dataclass(frozen=True, slots=True)
class Span:
    """Columns from one year's end to a month, with what they were made of."""

    begin: Start
    through: int
    columns: Columns
    strange: Cells
    moves: Cells


def span(
    connection: sa.Connection, book: Book, through: Month, *, begin: Start | None = None, method: Method | None = None, horizon: int = 12,
    number: str = "", paid_back: int = 0,
) -> Span:  # fmt: skip
    """The columns of a book (or of one person) from the end of a year to ``through``; products by ``method``, cut at month ``horizon`` of the year.

    ``paid_back`` lowers the one person's payments, for a settlement that takes advanced months back. Raises SB1420, SB1421.
    """
    rules = law.fund_law(book.fund)
    begin = begin if begin is not None else start(connection, book.book_id)
    last = through.number
    held = balances(connection, book.book_id, begin, number)
    entered: Cells = []
    strange: Cells = []
    for after, end in _segments(rules, begin.month, last):
        weights = _cut(method.weights, method.per, horizon) if method else None
        more, odd = entering(rules, _first_day(end), contributions(connection, book.book_id, after, end, weights, number))
        entered += more
        strange += odd
    taken = payments(connection, book.book_id, rules.monthly, begin.month, last, _cut(method.paid, method.per, horizon) if method else None, number)
    moves = acts(connection, book.book_id, begin.month, last, number)
    outside = {one.code for one in law.parts() if one.outside}
    inside = [
        (who, part, int(fen), _moved_product(method, horizon, kind, month, int(fen), last)) for who, part, kind, month, fen in moves if part not in outside
    ]
    numbers = {who: index for index, who in enumerate(sorted({row[0] for rows in (held, entered, taken, inside) for row in rows}))}
    parts = tuple(one.code for one in sorted(law.parts(), key=lambda one: one.order) if one.code in _used(held, entered, inside))
    parts = parts or (law.parts()[0].code,)
    opening = matrix(numbers, parts, held)
    product = opening * (_full(method, horizon) if method else 0) + matrix(numbers, parts, entered, 3) + matrix(numbers, parts, inside, 3)
    for who in _settled(inside, moves):
        product[numbers[who]] = 0
    by_person = matrix(numbers, ("paid",), [(who, "paid", fen, times) for who, fen, times in taken])
    times = matrix(numbers, ("paid",), [(who, "paid", fen, times) for who, fen, times in taken], 3)
    made = Columns(
        list(numbers), parts, opening, matrix(numbers, parts, entered), matrix(numbers, parts, inside), product, by_person[:, 0] - paid_back, times[:, 0]
    )
    return Span(begin, last, made, strange, moves)


def state(connection: sa.Connection, book: Book, found: Span, through: Month, method: Method | None = None, rate: int = 0) -> Reckoned:
    """The span reckoned by the fund's rule of drawing; raises SB1031 where the rule is needed and not set."""
    return reckon(found.columns, draw_rule(book, found.columns, through), method, rate)


def draw_rule(book: Book, columns: Columns, through: Month) -> str | None:
    """How payments are borne by parts; None where nobody draws on more than one. Raises SB1031 when it matters and nobody set it."""
    return Parameters.load().text("account_draw_rule", through.last_day, fund=book.fund.value) if several(columns) else None


def _settled(inside: Cells, moves: Cells) -> set[str]:
    """Who left in the span (paid out, cleared or transferred, and not come back): interest was settled then, so the year's end adds none."""
    left: dict[str, int] = {}
    known = {row[0] for row in inside}
    for who, _, kind, _, fen in moves:
        if kind in LEAVING and who in known:
            left[who] = left.get(who, 0) + int(fen)
    return {who for who, fen in left.items() if fen < 0}


def _used(*lists: Cells) -> set[str]:
    return {row[1] for rows in lists for row in rows}


def _full(method: Method, horizon: int) -> int:
    return method.per * horizon // 12


def _cut(weights: Sequence[int], per: int, horizon: int) -> tuple[int, ...]:
    """Weights of a year that ends after month ``horizon``."""
    return tuple(max(weight - per * (12 - horizon) // 12, 0) for weight in weights)


def _moved_product(method: Method | None, horizon: int, kind: str, month: int, fen: int, through: int) -> int:
    """An act earns as money received (or paid) in its month; an opening balance from the month after."""
    if method is None:
        return 0
    if kind == "opening":
        return fen * max(_full(method, horizon) - (method.per * (month % 100) // 12 if month // 100 == through // 100 else 0), 0)
    weights = method.weights if fen > 0 else method.paid
    return fen * _cut(weights, method.per, horizon)[month % 100 - 1]


def _segments(rules: FundLaw, after: int, through: int) -> list[tuple[int, int]]:
    """(after, through] cut where a share changes (at the month's beginning)."""
    cuts = [_before(day) for day in rules.breaks() if after < _before(day) < through]
    ends = [*sorted(set(cuts)), through]
    return list(zip([after, *ends[:-1]], ends, strict=True))


def _before(day: date) -> int:
    return (Month.of(day) - 1).number


def _first_day(period: int) -> date:
    return date(period // 100, period % 100, 1)


def column_sums(columns: Columns, values: Ints) -> dict[str, int]:
    """Part → sum over persons, fen."""
    return {part: int(values[:, place].sum()) for place, part in enumerate(columns.parts)}

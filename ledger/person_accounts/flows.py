"""The columns of person accounts, fetched from the store: set-based, a handful of queries for a whole book, the same for one person.

Contribution and payout rows count in the month of the entry that posted them (cash basis); acts that books carry count in the month of their entry,
and only once it is posted; the others from their signature, in the month they name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from ledger.accounts import Book
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.person_accounts import law
from ledger.person_accounts import own as one_person
from ledger.person_accounts.columns import Columns, Ints, Reckoned, matrix, reckon, several
from ledger.person_accounts.law import FundLaw, Method
from ledger.person_accounts.own import Own
from ledger.person_accounts.reading import CONTRIBUTIONS, COUNTING, MINE, PAYOUTS, Cells, fetch

SOURCE = "person-account:"
"""A batch that books carry is posted under this source key and its number."""
LEAVING = ("paid_once", "cleared", "transfer_out")
"""Kinds of rows by which an account ends."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a span begins: the balances of the latest interest act, after December of ``year`` (None: nothing before)."""

    batch_id: int | None
    year: int | None

    @property
    def month(self) -> int:
        """The last month that the balances hold, ``yyyymm``; 0 when there are none."""
        return self.year * 100 + 12 if self.year is not None else 0


_START = """SELECT batch_id, period FROM shebao_person_account_batch
WHERE book_id = :book AND kind = 'interest' AND state = 'accepted' AND period < :before ORDER BY period DESC LIMIT 1"""
NEVER = 999_999


def start(connection: sa.Connection, book_id: int, before: int | None = None) -> Start:
    """The latest accepted interest act, of a year below ``before`` when given."""
    found = fetch(connection, _START, book=book_id, before=before * 100 if before is not None else NEVER)
    return Start(int(found[0][0]), int(found[0][1]) // 100) if found else Start(None, None)


def contributions(connection: sa.Connection, book_id: int, after: int, through: int, weights: Sequence[int] | None = None) -> Cells:
    """(number, part, account, fen, fen × weight) of contribution rows posted in months (after, through]."""
    statement = f"SELECT r.number, r.part, r.account, SUM(r.amount_fen), {_weighted(weights)} {CONTRIBUTIONS} GROUP BY 1, 2, 3"
    return fetch(connection, statement, book=book_id, after=after, through=through)


def payments(
    connection: sa.Connection, book_id: int, accounts: Sequence[str], after: int, through: int, weights: Sequence[int] | None = None, number: str = ""
) -> Cells:
    """(number, fen, fen × weight) of payout rows on ``accounts`` posted in months (after, through]."""
    wanted = " OR ".join(f"r.account LIKE :account{place}" for place in range(len(accounts)))
    given = {f"account{place}": f"{code}%" for place, code in enumerate(accounts)} | ({"number": number} if number else {})
    statement = f"SELECT r.number, SUM(r.amount_fen), {_weighted(weights)} {PAYOUTS}{MINE if number else ''} AND ({wanted}) GROUP BY 1"
    return fetch(connection, statement, book=book_id, after=after, through=through, **given)


def payout_lines(connection: sa.Connection, book_id: int, number: str, after: int, through: int) -> Cells:
    """(month booked, period of entitlement, item, account, fen) of one person's payout rows, every item, newest last."""
    statement = f"SELECT h.period, r.period, r.item, r.account, r.amount_fen {PAYOUTS}{MINE} ORDER BY 1, 2, 3, 4"
    return fetch(connection, statement, book=book_id, after=after, through=through, number=number)


def acts(connection: sa.Connection, book_id: int, after: int, through: int) -> Cells:
    """(number, part, kind of row, month, fen) of the acts that count in months (after, through]."""
    statement = f"""SELECT r.number, r.part, r.kind, c.month, SUM(r.amount_fen * c.sign) FROM {COUNTING.format(only="")} c
    CROSS JOIN shebao_person_account_act r
    WHERE c.month > :after AND c.month <= :through AND r.book_id = :book AND r.batch_id = c.batch_id
    GROUP BY 1, 2, 3, 4 HAVING SUM(r.amount_fen * c.sign) <> 0"""
    return fetch(connection, statement, book=book_id, after=after, through=through)


def balances(connection: sa.Connection, book_id: int, begin: Start, number: str = "") -> Cells:
    """(number, part, fen) at the end of the year that ``begin`` names."""
    if begin.batch_id is None:
        return []
    statement = "SELECT number, part, closing_fen FROM shebao_person_account_year r WHERE r.book_id = :book AND r.batch_id = :batch" + (MINE if number else "")
    return fetch(connection, statement, book=book_id, batch=begin.batch_id, **({"number": number} if number else {}))


def _weighted(weights: Sequence[int] | None) -> str:
    """Fen × weight of the entry's month as SQL; the span lies within one year wherever weights are asked for."""
    if weights is None:
        return "0"
    cases = " ".join(f"WHEN {month} THEN {int(weight)}" for month, weight in enumerate(weights, 1))
    return f"SUM(r.amount_fen * CASE h.period % 100 {cases} ELSE 0 END)"


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
    number: str = "", paid_back: int = 0, own: Own | None = None,
) -> Span:  # fmt: skip
    """The columns of a book (or of one person) from the end of a year to ``through``; products by ``method``, cut at month ``horizon`` of the year.

    ``paid_back`` lowers the one person's payments, for a settlement that takes advanced months back; ``own`` are that person's rows where the caller
    has them. Raises SB1420, SB1421.
    """
    rules = law.fund_law(book.fund)
    begin = begin if begin is not None else start(connection, book.book_id)
    last = through.number
    held = balances(connection, book.book_id, begin, number)
    if number and own is None:
        own = one_person.rows(connection, book.book_id, number, begin.month, last)
    entered: Cells = []
    strange: Cells = []
    for after, end in _segments(rules, begin.month, last):
        weights = _cut(method.weights, method.per, horizon) if method else None
        cells = own.entered(after, end, weights) if own else contributions(connection, book.book_id, after, end, weights)
        more, odd = entering(rules, _first_day(end), cells)
        entered += more
        strange += odd
    lost = _cut(method.paid, method.per, horizon) if method else None
    taken = own.drawn(rules.monthly, lost) if own else payments(connection, book.book_id, rules.monthly, begin.month, last, lost)
    moves = own.moves if own else acts(connection, book.book_id, begin.month, last)
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

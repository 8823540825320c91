"""Sample books for statements and papers: one small county fund, written as journal lines and summed to movements."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from books.reconcile import BookItem, BookSide, StatementRow, StatementSide, reconcile
from books.statements import balance_sheet, income_statement
from books.views import RECONCILIATION_SIGNERS, STATEMENT_SIGNERS, BalancePaper, IncomePaper, ReconciliationPaper, Stamp
from ledger.balances import Movement
from ledger.funds import Fund
from ledger.months import Month

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
TRAIL_HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
OPENING = {"100301": 900_000_00, "1004": 100_000_00, "3001": -1_000_000_00}

Legs = list[tuple[str, int]]


def stamp(fund: Fund = Fund.R, period: str = "2026-10", **more: object) -> Stamp:
    """A stamp of an invented unit."""
    return Stamp("示例县社会保险事业管理局", f"620821-{fund.value}", fund, period, "2026-11-03 17:05:22", TRAIL_HEAD, **more)  # type: ignore[arg-type]


def sum_up(entries: list[tuple[Month, bool, Legs]]) -> list[Movement]:
    """Entries (month, closing, legs as account and fen; debit positive, credit negative) as movements."""
    sums: dict[tuple[str, Month], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for month, closing, legs in entries:
        assert sum(fen for _, fen in legs) == 0
        for account, fen in legs:
            cell = sums[account, month]
            cell[(0 if fen > 0 else 1) + 2 * closing] += abs(fen)
    return [Movement(account, month, *cell) for (account, month), cell in sums.items()]


def month_of(month: Month, pay: int = 55_000_00) -> list[tuple[Month, bool, Legs]]:
    """One month of fund R: premiums by the tax bureau, subsidy, funding, payout, interest, and the closing entry."""
    return [
        (month, False, [("1005", 30_000_00), ("40010101", -30_000_00)]),
        (month, False, [("100301", 30_000_00), ("1005", -30_000_00)]),
        (month, False, [("100301", 40_000_00), ("41010101", -40_000_00)]),
        (month, False, [("1004", 50_000_00), ("100301", -50_000_00)]),
        (month, False, [("110105", pay), ("1004", -pay)]),
        (month, False, [("500101", pay - 1_000_00), ("50010201", 1_000_00), ("110105", -pay)]),
        (month, False, [("1004", 123_45), ("420101", -123_45)]),
        (
            month,
            True,
            [
                ("40010101", 30_000_00),
                ("41010101", 40_000_00),
                ("420101", 123_45),
                ("500101", -pay + 1_000_00),
                ("50010201", -1_000_00),
                ("3001", pay - 70_123_45),
            ],
        ),
    ]


def movements(first: Month = SEPTEMBER, last: Month = OCTOBER) -> list[Movement]:
    """Movements of every month from ``first`` to ``last``."""
    entries = []
    for offset in range(last.index - first.index + 1):
        entries += month_of(first + offset)
    return sum_up(entries)


def balance_paper(fund: Fund = Fund.R) -> BalancePaper:
    return BalancePaper(stamp(fund), STATEMENT_SIGNERS, balance_sheet(fund, OCTOBER, OPENING, movements()))


def income_paper(fund: Fund = Fund.R) -> IncomePaper:
    return IncomePaper(stamp(fund), STATEMENT_SIGNERS, income_statement(fund, OCTOBER, OPENING, movements()))


def item(day: int, fen: int, ref: str = "", memo: str = "", entry: str = "", corrects: str = "") -> BookItem:
    """A book item in October 2026; ``entry`` defaults to a label of its own."""
    return BookItem(date(2026, 10, day), fen, ref, memo, entry or f"记-2026-10-{day:02d}-{fen}", corrects)


def bank(opening: int, *rows: tuple[int, int, str]) -> tuple[StatementRow, ...]:
    """Statement rows of October 2026 from (day, signed fen, serial), with a running balance; lines count from 2."""
    made, balance = [], opening
    for line, (day, fen, serial) in enumerate(rows, 2):
        balance += fen
        made.append(StatementRow(date(2026, 10, day), max(-fen, 0), max(fen, 0), balance, "", serial, "", line))
    return tuple(made)


def reconciliation_paper(count: int = 1) -> ReconciliationPaper:
    """A 财政专户 reconciliation with open items on both sides."""
    items = tuple(item(30, 90 + n, f"D{n}", "拨款", f"记-2026-10-{n:04d}") for n in range(count))
    rows = bank(1_000, (5, 700, "A"), (21, 33, "INT"))
    book = BookSide(1_000, 1_700 + sum(one.amount for one in items), (item(5, 700, "A"), *items))
    made = reconcile("1003", "财政专户存款", OCTOBER, book, StatementSide(1_000, 1_733, rows), holder="财政")
    return ReconciliationPaper(stamp(parameters=(("account", "1003"),)), RECONCILIATION_SIGNERS, made)

"""A cashier's journal as a paper: the month's lines with the day's, month's and year's totals, as the form wants them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import sqlalchemy as sa

from books import views
from books.cashier_journal import SIGNERS, CashierJournal, JournalPaper, JournalRow
from controls import cash_counts, journals, people
from controls.journals import Journal, JournalLine, Kind
from ledger.money import show
from ledger.months import Month


def statement(connection: sa.Connection, made: Journal, month: Month) -> CashierJournal:
    """One month of a journal as it is printed."""
    written = journals.lines(connection, made, month.last_day)
    before = [line for line in written if line.receipt.day < month.first_day]
    now = written[len(before) :]
    opening = before[-1].balance if before else made.opening
    first = Month.of(made.opened_on) == month and not before
    words = f"{made.opened_on.month}月{made.opened_on.day}日启用，接管余额" if first else "上年结转" if month.month == 1 else "上月结转"
    rows = [row for _, of_day in groupby(now, key=lambda line: line.receipt.day) for row in _day(list(of_day))]
    this_year = [line for line in written if line.receipt.day.year == month.year]
    closing = now[-1].balance if now else opening
    rows += [_total("本月合计", now, closing), _total("本年累计", this_year, closing)]
    return CashierJournal(f"{made.kind.zh}日记账", made.bank, made.bank_account, month, opening, words, tuple(rows), tuple(_notes(connection, made, month)))


def _day(of_day: Sequence[JournalLine]) -> Iterator[JournalRow]:
    for line in of_day:
        one = line.receipt
        summary = f"{one.summary}　{one.counterpart}" if one.counterpart else one.summary
        if line.receipt_on != one.day:
            summary += f"（单据{line.receipt_on.month}月{line.receipt_on.day}日）"
        if line.reason:
            summary += f"（{line.reason}）"
        yield JournalRow(one.day.day, one.label, summary, one.counter_account, one.into or None, one.out or None, line.balance)
    yield _total("本日合计", of_day, of_day[-1].balance)


def _total(words: str, lines: Sequence[JournalLine], balance: int) -> JournalRow:
    return JournalRow(0, "", words, "", sum(line.receipt.into for line in lines), sum(line.receipt.out for line in lines), balance, total=True)


def _notes(connection: sa.Connection, made: Journal, month: Month) -> Iterator[str]:
    closed = [one.day for one in journals.days(connection, made) if Month.of(one.day) == month]
    yield f"本月已日结 {len(closed)} 日" + (f"，最后一日 {closed[-1]}。" if closed else "。")
    if made.kind is not Kind.CASH:
        return
    names = people.names(connection)
    counts = [one for one in cash_counts.counts(connection, made.book_id, made.journal_id) if Month.of(one.day) == month and one.witnessed_by]
    for one in counts[-3:]:
        signed = f"盘点：{names.get(one.counted_by, one.counted_by)}，监盘：{names.get(one.witnessed_by, one.witnessed_by)}"
        yield f"{one.day} 盘点：实盘 {show(one.counted)} 元，账面 {show(one.book)} 元。{signed}。"


def sheet(connection: sa.Connection, made: Journal, month: Month, mark: views.Stamp) -> JournalPaper:
    """The paper of one month, with its stamp."""
    return JournalPaper(mark, SIGNERS, statement(connection, made, month))

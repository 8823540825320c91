"""The turn of a year (年终结账) as a guided list: what is done, what comes next, and the command for it. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from books.cross_checks import UNSPLIT, k17
from books.statements import balance_sheet
from controls import closing_checks, periods
from ledger import balances
from ledger.accounts import Book
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.money import show
from ledger.months import Month
from shebao import proofs


class BadYear(Refusal):
    """A year that no book can have."""

    code = "SB6310"
    zh = "“{value}”不是年度。"
    en = "“{value}” is no year."
    cause_zh = "年度写作四位数字，如 2026。"
    cause_en = "A year has four digits, such as 2026."
    remedy_zh = "改写后重试。"
    remedy_en = "Rewrite it and try again."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done or not, what was found, and what to do next ('' when done)."""

    name: str
    done: bool
    text: str
    next: str = ""


def steps(connection: sa.Connection, book: Book, year: int) -> list[Step]:
    """The steps of closing ``year`` of one book, in order; raises SB6310 for no year, SB6302 for one the book does not have."""
    if not 1900 <= year <= 9998:
        raise BadYear(value=year)
    december = Month(year, 12)
    if all(one.month.year != year for one in periods.states(connection, book.book_id)):
        proofs.month_in_book(connection, book, december)
    return [
        _earlier(connection, book, december),
        *_unsplit(connection, book, december),
        *_in_transit(connection, book, december),
        *_reconciled(connection, book, december),
        *_notes(connection, book, december),
        _closed(connection, book, december),
        _carried_forward(connection, book, december),
    ]


def _earlier(connection: sa.Connection, book: Book, december: Month) -> Step:
    states = periods.states(connection, book.book_id)
    waiting = [one.month for one in states if one.month < december and one.state != "closed"]
    if not waiting and states[-1].month >= december:
        return Step("1 至 11 月结账", True, "均已结账")
    return Step("1 至 11 月结账", False, f"{waiting[0]} 起 {len(waiting)} 个月未结账", f"shebao period check --fund {book.fund.value} --period {waiting[0]}")


def _unsplit(connection: sa.Connection, book: Book, december: Month) -> Iterator[Step]:
    """4601二(三), 4602二(三): what is not yet split goes by the experience ratio before the year ends."""
    if book.fund is not Fund.ME:
        return
    ends = balances.closing_balances(balances.movements(connection, book.book_id, december))
    for prefix, event in zip(UNSPLIT, ("C5b", "I3b"), strict=True):
        left = -sum(fen for code, fen in ends.items() if code.startswith(prefix))
        said = "为零" if not left else f"余 {show(left)} 元，按经验比例划分于统筹基金和个人账户基金"
        yield Step(f"{prefix} 待转收入划分", not left, said, "" if not left else f"shebao voucher enter {event} --fund ME …")


def _in_transit(connection: sa.Connection, book: Book, december: Month) -> Iterator[Step]:
    for check in closing_checks.zero_accounts(connection, book, december, set()):
        yield Step("月末应为零的科目", check.ok, check.text, "" if check.ok else "划转，或结账时用 --explain 科目=原因 说明")


def _reconciled(connection: sa.Connection, book: Book, december: Month) -> Iterator[Step]:
    for check in closing_checks.reconciliations(connection, book, december):
        code = check.text.split(" ", 1)[0]
        again = f"shebao reconcile --fund {book.fund.value} --account {code} --period {december} --file-id 对账单编号"
        yield Step("余额调节表", check.ok, check.text, "" if check.ok else again)


def _notes(connection: sa.Connection, book: Book, december: Month) -> Iterator[Step]:
    """K18: December does not close before points five and six of the notes are said."""
    if book.fund.special:
        return
    for check in proofs.notes_said(connection, book, december):
        again = f"shebao statements note --fund {book.fund.value} --period {december} --section 五 --text …，没有的写 --none"
        yield Step("附注第五、六点", check.ok, check.text, "" if check.ok else again)


def _closed(connection: sa.Connection, book: Book, december: Month) -> Step:
    state = periods.state_of(connection, book.book_id, december)
    where = f"--fund {book.fund.value} --period {december}"
    following = {"open": f"会计 shebao period propose {where}", "locked": f"结转凭证记账后，会计主管 shebao period confirm {where}"}
    return Step("12 月结账", state == "closed", periods.STATES.get(state, "未开放"), following.get(state, ""))


def _carried_forward(connection: sa.Connection, book: Book, december: Month) -> Step:
    """K17: what the new year begins with is what the old one ended with, line by line of 会社保01."""
    january = december + 1
    if not periods.state_of(connection, book.book_id, january):
        return Step("结转下年", False, f"{january} 尚未开放", "12 月结账后自动开放")
    moved = proofs.moved(connection, book, january)
    sheets = (balance_sheet(book.fund, month, {}, moved, tier=book.tier) for month in (january, december))
    wrong = [one.explain_zh for one in k17(*sheets) if not one.ok]
    return Step("结转下年", not wrong, f"{january} 已开放，年初余额逐项等于上年年末余额" if not wrong else "；".join(wrong))

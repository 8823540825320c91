"""对账: one account's book against its outside statement for a month, ending in a 余额调节表 (DOMAIN §1.6 end, K11).

1002 收入户 and 1004 支出户 against the bank, 1003 财政专户 against the finance department. Yields differences and
never adjusts anything: an open item is cleared by a voucher or by the next statement. All amounts are fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from books.matching import Matcher
from ledger.errors import UNUSABLE, Refusal
from ledger.money import Fen, show
from ledger.months import Month

if TYPE_CHECKING:
    import pyarrow as pa

WINDOW_DAYS = 7

# Titles by level-1 account (DOMAIN §1.6, terms for print).
TITLES = {"1002": "银行收入户存款余额调节表", "1003": "财政专户存款余额调节表", "1004": "银行支出户存款余额调节表"}


class StatementBroken(Refusal):
    """A statement whose running balance does not follow from the line before."""

    code = "SB4041"
    zh = "对账单第 {line} 行余额不连续：按上一行推算应为 {expected} 元，对账单为 {found} 元。"
    en = "Line {line} of the statement breaks the running balance: {expected} expected, {found} found."
    cause_zh = "期初余额加减发生额应逐行等于余额；断开说明对账单缺行、重行或被改动。"
    cause_en = "Opening plus movements equals the balance, line by line; a break means a line is missing, repeated or altered."
    remedy_zh = "向银行（财政）重新取得完整的对账单后再对账。"
    remedy_en = "Get the whole statement again from the bank or the finance department."
    status = UNUSABLE


class StatementEnds(Refusal):
    """Opening or closing balance given for a statement disagrees with its lines."""

    code = "SB4042"
    zh = "对账单{which}余额不符：给定 {given} 元，按明细推算为 {found} 元。"
    en = "The statement's {which} balance disagrees: {given} given, {found} from its lines."
    cause_zh = "期初余额 + 本期发生额 = 期末余额。"
    cause_en = "Opening plus movements equals closing."
    remedy_zh = "核对对账单是否完整、期间和账号是否正确。"
    remedy_en = "Check that the statement is whole and of the right period and account."
    status = UNUSABLE


class BookSideBroken(Refusal):
    """Book items that do not lead from opening to closing balance."""

    code = "SB4043"
    zh = "账面发生额与余额不符：期初 {opening} 元加本期发生额 {moved} 元，不等于期末 {closing} 元。"
    en = "The book's items do not lead from {opening} by {moved} to {closing}."
    cause_zh = "对账用的账面明细必须包括该科目本期全部分录。"
    cause_en = "The book side must hold every line of the account in the month."
    remedy_zh = "按科目和会计期间重新取数。"
    remedy_en = "Read the account's lines for the period again."


class OutsideMonth(Refusal):
    """A statement row or book item dated outside the month reconciled."""

    code = "SB4044"
    zh = "{what}日期 {day} 不在 {month} 内。"
    en = "{what} is dated {day}, outside {month}."
    cause_zh = "余额调节表按月编制；上月未达账项作为结转项另行带入。"
    cause_en = "A reconciliation is made by month; open items of earlier months come in as carried items."
    remedy_zh = "只取本月的明细；上月未达账项从上月余额调节表带入。"
    remedy_en = "Give this month's rows only, and carried items apart."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class BookItem:
    """One line of the account in the book; ``amount`` signed, debit (money in) positive.

    ``entry`` is the voucher's label (``记-2026-10-0012``); ``corrects`` that of the entry it reverses, else ''.
    """

    on: date
    amount: Fen
    ref: str
    memo: str
    entry: str
    corrects: str = ""

    @property
    def label(self) -> str:
        return self.entry


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row of the statement, as the bank writes it: ``credit`` is money in for us, ``debit`` money out."""

    on: date
    debit: Fen
    credit: Fen
    balance: Fen
    memo: str
    serial: str
    party: str = ""
    line: int = 0

    @property
    def amount(self) -> Fen:
        """Signed fen, money in positive."""
        return self.credit - self.debit

    @property
    def ref(self) -> str:
        return self.serial

    @property
    def label(self) -> str:
        return ""

    @property
    def corrects(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class BookSide:
    """The account in the book: balances, the month's items, and items still open from earlier months."""

    opening: Fen
    closing: Fen
    items: tuple[BookItem, ...]
    carried: tuple[BookItem, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementSide:
    """The statement: balances, the month's rows in either order of time, and rows still open from earlier months."""

    opening: Fen
    closing: Fen
    rows: tuple[StatementRow, ...]
    carried: tuple[StatementRow, ...] = ()


class DifferenceKind(StrEnum):
    """The four kinds of open items (未达账项)."""

    STATEMENT_IN = "statement_in"
    STATEMENT_OUT = "statement_out"
    BOOK_IN = "book_in"
    BOOK_OUT = "book_out"

    def zh(self, holder: str = "银行") -> str:
        """The words of the form; ``holder`` is 银行 or 财政."""
        return {
            DifferenceKind.STATEMENT_IN: f"{holder}已收、单位未收",
            DifferenceKind.STATEMENT_OUT: f"{holder}已付、单位未付",
            DifferenceKind.BOOK_IN: f"单位已收、{holder}未收",
            DifferenceKind.BOOK_OUT: f"单位已付、{holder}未付",
        }[self]


@dataclass(frozen=True, slots=True)
class Difference:
    """One open item. ``amount`` is positive fen; ``days`` its age at month end; ``source`` voucher label or statement line."""

    kind: DifferenceKind
    on: date
    amount: Fen
    ref: str
    memo: str
    source: str
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Match:
    """What was found equal: vouchers, statement lines (0 for a carried row without line), signed fen, and the rule."""

    entries: tuple[str, ...]
    lines: tuple[int, ...]
    amount: Fen
    by: str


@dataclass(frozen=True, slots=True)
class ReconciliationStatement:
    """余额调节表. ``holder`` 银行 or 财政. ``open_items`` and ``open_rows`` are what the next month carries in."""

    account: str
    account_name: str
    holder: str
    month: Month
    book_balance: Fen
    statement_balance: Fen
    differences: tuple[Difference, ...]
    matches: tuple[Match, ...]
    open_items: tuple[BookItem, ...] = ()
    open_rows: tuple[StatementRow, ...] = ()

    @property
    def title(self) -> str:
        """The form's title by level-1 account."""
        return TITLES.get(self.account[:4], f"{self.account_name}余额调节表")

    def total(self, kind: DifferenceKind) -> Fen:
        """Sum of one kind of open items."""
        return sum(one.amount for one in self.differences if one.kind is kind)

    @property
    def adjusted_book(self) -> Fen:
        """单位账面余额 + 银行已收单位未收 − 银行已付单位未付."""
        return self.book_balance + self.total(DifferenceKind.STATEMENT_IN) - self.total(DifferenceKind.STATEMENT_OUT)

    @property
    def adjusted_statement(self) -> Fen:
        """对账单余额 + 单位已收银行未收 − 单位已付银行未付."""
        return self.statement_balance + self.total(DifferenceKind.BOOK_IN) - self.total(DifferenceKind.BOOK_OUT)

    @property
    def unexplained(self) -> Fen:
        """What the open items do not explain: not nil only where the months before did not reconcile."""
        return self.adjusted_book - self.adjusted_statement

    @property
    def balanced(self) -> bool:
        return self.unexplained == 0


def statement_rows(table: pa.Table, account: str | None = None) -> tuple[StatementRow, ...]:
    """Rows of a canonical ``bank`` table (columns on, memo, debit, credit, balance, serial, party, account, line; fen), of one account."""
    rows = table.to_pylist()
    return tuple(
        StatementRow(row["on"], row["debit"] or 0, row["credit"] or 0, row["balance"], row["memo"], row["serial"], row["party"], row.get("line", 0))
        for row in rows
        if account is None or row["account"] == account
    )


def _break(rows: Sequence[StatementRow], opening: Fen) -> tuple[StatementRow, Fen] | None:
    """The first row whose balance does not follow, with the balance it should have."""
    balance = opening
    for row in rows:
        balance += row.amount
        if row.balance != balance:
            return row, balance
    return None


def opening_of(rows: Sequence[StatementRow]) -> Fen:
    """The opening balance that a whole statement implies, whichever way it is listed; raises SB4041 where neither way adds up."""
    for ordered in (rows, rows[::-1]):
        opening = ordered[0].balance - ordered[0].amount
        if _break(ordered, opening) is None:
            return opening
    row, expected = _break(rows, rows[0].balance - rows[0].amount) or (rows[0], rows[0].balance)
    raise StatementBroken(line=row.line, expected=show(expected), found=show(row.balance))


def in_time(rows: Sequence[StatementRow], opening: Fen) -> tuple[StatementRow, ...]:
    """The rows in the order of time, whichever way the bank lists them; raises SB4041 at the first break, SB4042 at a wrong opening."""
    broken = _break(rows, opening)
    if broken is None:
        return tuple(rows)
    backward = tuple(reversed(rows))
    if _break(backward, opening) is None:
        return backward
    first = rows[0].balance - rows[0].amount
    if first != opening and _break(rows, first) is None:
        raise StatementEnds(which="期初", given=show(opening), found=show(first))
    raise StatementBroken(line=broken[0].line, expected=show(broken[1]), found=show(broken[0].balance))


def _check(book: BookSide, statement: StatementSide, month: Month) -> tuple[StatementRow, ...]:
    """The arithmetic of both sides; returns the statement's rows in the order of time."""
    for item in book.items:
        if Month.of(item.on) != month:
            raise OutsideMonth(what=f"账面凭证 {item.entry} ", day=item.on, month=month)
    for row in statement.rows:
        if Month.of(row.on) != month:
            raise OutsideMonth(what=f"对账单第 {row.line} 行", day=row.on, month=month)
    rows = in_time(statement.rows, statement.opening)
    ends = rows[-1].balance if rows else statement.opening
    if ends != statement.closing:
        raise StatementEnds(which="期末", given=show(statement.closing), found=show(ends))
    moved = sum(item.amount for item in book.items)
    if book.opening + moved != book.closing:
        raise BookSideBroken(opening=show(book.opening), moved=show(moved), closing=show(book.closing))
    return rows


def reconcile(
    account: str, account_name: str, month: Month, book: BookSide, statement: StatementSide, *, holder: str = "银行", window: int = WINDOW_DAYS
) -> ReconciliationStatement:
    """Match both sides and list what is open. ``holder`` 银行 or 财政; ``window`` days that a booking may differ.

    Raises SB4041–SB4044 when either side's own arithmetic fails. Rows of nothing match nothing and are left out.
    """
    rows = _check(book, statement, month)
    mine = [item for item in (*book.carried, *book.items) if item.amount]
    theirs = [row for row in (*statement.carried, *rows) if row.amount]
    matcher = Matcher(mine, theirs, window)
    matches = tuple(
        Match(
            tuple(mine[i].entry for i in found.book),
            tuple(theirs[i].line for i in found.statement),
            sum(mine[i].amount for i in found.book),
            found.by,
        )
        for found in matcher.run()
    )
    differences = [_of_statement(theirs[i], month, matcher.reason(1, i)) for i in sorted(matcher.open[1])]
    differences += [_of_book(mine[i], month, matcher.reason(0, i)) for i in sorted(matcher.open[0])]
    order = list(DifferenceKind)
    differences.sort(key=lambda one: (order.index(one.kind), one.on))
    return ReconciliationStatement(
        account=account,
        account_name=account_name,
        holder=holder,
        month=month,
        book_balance=book.closing,
        statement_balance=statement.closing,
        differences=tuple(differences),
        matches=matches,
        open_items=tuple(mine[i] for i in sorted(matcher.open[0])),
        open_rows=tuple(theirs[i] for i in sorted(matcher.open[1])),
    )


def _of_statement(row: StatementRow, month: Month, reason: str) -> Difference:
    kind = DifferenceKind.STATEMENT_IN if row.amount > 0 else DifferenceKind.STATEMENT_OUT
    memo = " ".join(part for part in (row.memo, row.party) if part)
    return Difference(kind, row.on, abs(row.amount), row.serial, memo, f"第{row.line}行" if row.line else "", (month.last_day - row.on).days, reason)


def _of_book(item: BookItem, month: Month, reason: str) -> Difference:
    kind = DifferenceKind.BOOK_IN if item.amount > 0 else DifferenceKind.BOOK_OUT
    return Difference(kind, item.on, abs(item.amount), item.ref, item.memo, item.entry, (month.last_day - item.on).days, reason)

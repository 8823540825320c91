"""Account books as they are printed (总账, 三栏式明细账, 凭证汇总表): frozen values from kept balances and lines. Pure; amounts are fen.

The opening balance and every total come from kept balances, the lines from the entries, so that the two prove each other:
:func:`ledger_book` refuses to print when a month's lines do not add up to its kept movement (K12, L8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from books.views import Sheet, SignatureBox
from ledger.balances import Movement
from ledger.errors import Refusal
from ledger.money import Fen, show
from ledger.months import Month

SIGNERS = tuple(SignatureBox(role) for role in ("会计机构负责人", "复核", "记账"))


class LinesDiffer(Refusal):
    """An account's lines of a month do not add up to its kept movement."""

    code = "SB4080"
    zh = "科目 {account} {period} 的明细账与总账不符：明细借方 {debit}、贷方 {credit} 元，总账借方 {kept_debit}、贷方 {kept_credit} 元。"
    en = "Account {account}, {period}: its lines ({debit} / {credit}) differ from the general ledger ({kept_debit} / {kept_credit})."
    cause_zh = "总账取自随分录更新的余额，明细账取自分录，两者必须相等（K12、L8）。"
    cause_en = "The general ledger is the kept balance, the subsidiary ledger the lines; both must agree (K12, L8)."
    remedy_zh = "数据被程序之外的手段改动过；运行 shebao verify，从备份核对。"
    remedy_en = "Data were changed outside the program; run shebao verify and compare with a backup."


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line as the store has it: its leaf account, month, day, voucher number, words and signed amounts of one side."""

    account: str
    month: Month
    day: date
    voucher: str
    summary: str
    debit: Fen
    credit: Fen


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row as printed: a line, 上年结转, 本月合计 or 本年累计; None where the form is blank. ``balance`` is debit-positive."""

    month: int
    day: int
    voucher: str
    summary: str
    debit: Fen | None
    credit: Fen | None
    balance: Fen
    total: bool = False


@dataclass(frozen=True, slots=True)
class LedgerBook:
    """The page of one account, months ``first`` to ``last``; ``general`` for 总账 (totals alone)."""

    account: str
    name: str
    first: Month
    last: Month
    general: bool
    opening: Fen
    opening_words: str
    rows: tuple[LedgerRow, ...]

    @property
    def title(self) -> str:
        """总账 or 明细账."""
        return "总账" if self.general else "明细账"

    @property
    def closing(self) -> Fen:
        """Balance after the last row, debit-positive."""
        return self.rows[-1].balance if self.rows else self.opening


@dataclass(frozen=True, slots=True)
class LedgerPaper(Sheet):
    """总账 or 明细账 of one account."""

    KIND: ClassVar[str] = "ledger_book"
    statement: LedgerBook


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One account's movement: level 0 for a level-1 account, deeper for details."""

    code: str
    name: str
    level: int
    debit: Fen
    credit: Fen


@dataclass(frozen=True, slots=True)
class VoucherSummary:
    """凭证汇总表 (科目汇总表): the movement of every account, and which vouchers it covers (收 1至12号, 共 12 张, 附单据 30 张)."""

    first: Month
    last: Month
    rows: tuple[SummaryRow, ...]
    debit: Fen
    credit: Fen
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryPaper(Sheet):
    """凭证汇总表 of some months."""

    KIND: ClassVar[str] = "voucher_summary"
    statement: VoucherSummary


def side_of(balance: Fen) -> str:
    """借, 贷 or 平."""
    return "借" if balance > 0 else "贷" if balance < 0 else "平"


def ledger_book(
    account: str, name: str, first: Month, last: Month, moved: Iterable[Movement], lines: Sequence[BookLine], names: Mapping[str, str], *, general: bool = False
) -> LedgerBook:
    """The page of ``account`` (with its details) from its movements through ``last`` and its lines of the months, in order.

    ``names``: full names by code, told beside the lines of details. Raises SB4080.
    """
    months: dict[Month, tuple[Fen, Fen]] = {}
    for move in moved:
        debit, credit = months.get(move.period, (0, 0))
        months[move.period] = (debit + move.debit + move.closing_debit, credit + move.credit + move.closing_credit)
    opening = balance = sum(debit - credit for month, (debit, credit) in months.items() if month < first)
    by_month: dict[Month, list[BookLine]] = {}
    for line in lines:
        by_month.setdefault(line.month, []).append(line)
    rows: list[LedgerRow] = []
    for month in (first + offset for offset in range(last.index - first.index + 1)):
        if month.month == 1 and month > first:
            rows.append(LedgerRow(1, 1, "", "上年结转", None, None, balance, total=True))
        mine, kept = by_month.get(month, []), months.get(month, (0, 0))
        if not general:
            _agree(account, month, mine, kept)
        for line in mine:
            balance += line.debit - line.credit
            if not general:
                rows.append(_row(account, line, names, balance))
        if mine or any(kept):
            balance = balance if not general else balance + kept[0] - kept[1]
            rows += _totals(month, months, balance)
    words = "上年结转" if first.month == 1 else "上月结转"
    return LedgerBook(account, name, first, last, general, opening, words, tuple(rows))


def _agree(account: str, month: Month, lines: Sequence[BookLine], kept: tuple[Fen, Fen]) -> None:
    debit, credit = sum(line.debit for line in lines), sum(line.credit for line in lines)
    if (debit, credit) != kept:
        raise LinesDiffer(account=account, period=month, debit=show(debit), credit=show(credit), kept_debit=show(kept[0]), kept_credit=show(kept[1]))


def _row(account: str, line: BookLine, names: Mapping[str, str], balance: Fen) -> LedgerRow:
    """A line; one of a detail account says which."""
    below = names.get(line.account, line.account).rpartition("-")[2] if line.account != account else ""
    summary = f"{line.summary}〔{below}〕" if below else line.summary
    return LedgerRow(line.day.month, line.day.day, line.voucher, summary, line.debit or None, line.credit or None, balance)


def _totals(month: Month, months: Mapping[Month, tuple[Fen, Fen]], balance: Fen) -> list[LedgerRow]:
    debit, credit = months.get(month, (0, 0))
    year = [sums for one, sums in months.items() if one.year == month.year and one <= month]
    return [
        LedgerRow(month.month, 0, "", "本月合计", debit, credit, balance, total=True),
        LedgerRow(month.month, 0, "", "本年累计", sum(sums[0] for sums in year), sum(sums[1] for sums in year), balance, total=True),
    ]


def voucher_summary(first: Month, last: Month, moved: Iterable[Movement], names: Mapping[str, str], covers: Sequence[str]) -> VoucherSummary:
    """Movement of every account from ``first`` to ``last``: level-1 accounts in order, each with its details under it."""
    sums: dict[str, list[Fen]] = {}
    for move in moved:
        if first <= move.period <= last:
            for code in dict.fromkeys((move.account[:4], move.account)):
                held = sums.setdefault(code, [0, 0])
                held[0] += move.debit + move.closing_debit
                held[1] += move.credit + move.closing_credit
    rows = tuple(
        SummaryRow(code, names.get(code, code).partition("-")[2] or names.get(code, code), 0 if len(code) == 4 else 1, *sums[code])
        for code in sorted(sums)
        if any(sums[code])
    )
    top = [row for row in rows if not row.level]
    return VoucherSummary(first, last, rows, sum(row.debit for row in top), sum(row.credit for row in top), tuple(covers))

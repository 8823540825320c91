"""Opening balances (期初余额) at the end of the month before the story, with the year's movements so far.

Under 账结法 results are closed each month: 4xxx and 5xxx stand at nil, their movements of the year in 本年累计, closing
entries left out. K1 (debit = credit) and K2 (assets = liabilities + net assets) hold in every pair of columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ledger.chart import STANDARD, Chart
from ledger.funds import Fund
from shebao.demo.county import COUNTY, FUND_ACCOUNTS, FUND_NAMES, FUND_SHORT, SOURCES, UNIT, County
from shebao.demo.sinks import FileNote
from shebao.demo.story import Event, up
from shebao.demo.tally import LEVELS, Tally
from shebao.demo.workbook import Cell, decimal, write_workbook

CURRENT, FIXED, PAYING, TREASURY, SURPLUS, INTEREST = "100301", "100302", "1004", "1005", "3001", "420101"
LINES = {"C1": "1.4001", "C6": "1.4001", "C7": "1.4101", "C8": "1.4101", "I1": "1.4201", "P1": "2.5001"}
HEADER = (
    "科目编号", "科目名称", "银行账号", "年初借方余额", "年初贷方余额", "本年累计借方", "本年累计贷方", "期末借方余额", "期末贷方余额",
)  # fmt: skip


@dataclass(slots=True)
class Opening:
    """One fund's balances in fen, debit positive: at New Year, moved since (debit, credit), and now."""

    fund: str
    year_start: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    debit: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    credit: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def book(self, debit: str, credit: str, fen: int) -> None:
        """Adds a movement of the year."""
        if fen:
            self.debit[debit] += fen
            self.credit[credit] += fen

    def now(self, account: str) -> int:
        """The balance at the end of the month before the story, results closed into 3001."""
        if account[0] in "45":
            return 0
        moved = self.year_start[account] + self.debit[account] - self.credit[account]
        if account == SURPLUS:
            moved -= sum(fen for code, fen in self.credit.items() if code[0] in "45") - sum(fen for code, fen in self.debit.items() if code[0] in "45")
        return moved

    def budget(self, county: County, planned: Sequence[Event]) -> dict[str, int]:
        """The year's budget in fen by line of the income statement (1. income, 2. expenditure): the year so far carried on, and a twentieth."""
        found: dict[str, int] = {}
        for line in ("1.4001", "1.4101", "1.4201", "2.5001"):
            sides = self.credit if line[0] == "1" else self.debit
            moved = sum(fen for code, fen in sides.items() if code.startswith(line[2:]))
            moved += sum(event.amount for event in planned if event.fund == self.fund and LINES.get(event.event) == line)
            found[line] = up(moved * 12 * 21 // (county.month.month * 20))
        return found

    def bank(self, level: str) -> int:
        """Balance of 1003 (both parts) or 1004."""
        return sum(self.now(code) for code in (CURRENT, FIXED, PAYING) if code.startswith(level))


def opening(county: County, tally: Tally, fund: str, roster: int) -> Opening:
    """Replays the fund's year up to the month before the story; what is left of it is the opening."""
    book = Opening(fund)
    for month in range(1, county.month.month):
        _month(book, county, tally, county.year * 100 + month, roster)
    moved = book.debit[CURRENT] - book.credit[CURRENT]
    book.year_start[FIXED] = up(12 * roster + 50_000_000, 10_000_000)
    book.year_start[CURRENT] = up(max(0, -moved) + 5 * roster + 20_000_000)
    book.year_start[PAYING] = roster // 20 + 12_345 if fund in ("E", "R") else 0
    book.year_start[SURPLUS] = -sum(book.year_start.values())
    return book


def _month(book: Opening, county: County, tally: Tally, month: int, roster: int) -> None:
    """One earlier month: tax into the treasury and on, subsidies, funding, payouts, interest each quarter."""
    fund = book.fund
    for (of, when, account), fen in sorted(tally.premiums.items()):
        if of == fund and when == month:
            if account.startswith("400103"):
                book.book(CURRENT, account, fen)
            else:
                book.book(TREASURY, account, fen)
                book.book(CURRENT, TREASURY, fen)
    paid = {account: fen for (of, when, account), fen in sorted(tally.benefits.items()) if of == fund and when == month}
    if fund == "R":
        for level in SOURCES:
            book.book(CURRENT, f"410101{LEVELS[level]}", up(paid.get(f"500101{LEVELS[level]}", 0)))
    elif fund == "E":
        book.book(CURRENT, "41010102", up(roster // 10))
    book.book(PAYING, CURRENT, sum(paid.values()))
    for account, fen in paid.items():
        book.book(account, PAYING, fen)
    if month % 100 in (3, 6, 9):
        book.book(CURRENT, INTEREST, roster // 300 + 123_400)


def write_opening(folder: Path, county: County, book: Opening) -> FileNote:
    """The trial balance of one fund as a workbook, proved (K1, K2) before it is written."""
    chart = Chart.load(STANDARD, Fund(book.fund))
    names = {account.code: account.full_name for account in chart.accounts}
    codes = sorted({*book.year_start, *book.debit, *book.credit})
    sums = [0] * 6
    rows: list[tuple[Cell, ...]] = [HEADER]
    for code in codes:
        cells = [*_sides(book.year_start.get(code, 0)), book.debit.get(code, 0), book.credit.get(code, 0), *_sides(book.now(code))]
        sums = [a + b for a, b in zip(sums, cells, strict=True)]
        rows.append((code, names[code], _account(book.fund, code), *(decimal(fen) if fen else None for fen in cells)))
    if sums[0] != sums[1] or sums[2] != sums[3] or sums[4] != sums[5]:
        raise ValueError(f"{book.fund}: the opening does not balance: {sums}")
    rows.append(("合计", None, None, *(decimal(fen) for fen in sums)))
    last = county.month - 1
    name = f"期初余额表_{FUND_SHORT[book.fund]}_{last.zh()}末.xlsx"
    titles = (f"{COUNTY}{FUND_NAMES[book.fund]}基金科目余额表", f"编制单位：{UNIT}　{last.zh()}末　单位：元", "本年累计发生额不含期末结转")
    write_workbook(folder / name, rows, sheet="余额表", titles=titles)
    return FileNote(name, "trial-balance", f"{FUND_NAMES[book.fund]}基金 {last.zh()}末科目余额及本年累计", "xlsx", len(codes), sums[4], {"险种": book.fund})


def _sides(fen: int) -> tuple[int, int]:
    return (fen, 0) if fen >= 0 else (0, -fen)


def _account(fund: str, code: str) -> str:
    accounts: Mapping[str, str] = FUND_ACCOUNTS[fund]
    return accounts["1003"] if code == CURRENT else accounts["1004"] if code == PAYING else ""

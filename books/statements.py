"""The statutory statements (会社保01 资产负债表, 会社保02 收支表) computed from account movements (28号 Part 4 and 5; DOMAIN §1.6–1.7).

Pure: balances in, frozen statements out. Which lines a statement has, and how each comes about, is data
(``books.statement_lines``). All amounts are fen; balances are debit-positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from books.statement_lines import Mode, StatementLine, StatementSet
from books.statement_supplements import statements_on
from ledger.balances import Movement
from ledger.entries import Side
from ledger.events import closing_lines
from ledger.funds import Fund
from ledger.money import Fen
from ledger.months import Month

Tier = Literal["county", "province"]
Balances = Mapping[str, Fen]


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A line of 会社保01; a heading has no amounts. ``total`` marks sums, ``of_which`` details that enter no sum."""

    code: str
    label: str
    level: int
    side: Literal["left", "right"]
    opening: Fen | None
    closing: Fen | None
    total: bool = False
    of_which: bool = False


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """A line of 会社保02. In an annual statement ``current`` is 本年数 and ``cumulative`` 上年数."""

    code: str
    label: str
    level: int
    current: Fen
    cumulative: Fen
    total: bool = False
    of_which: bool = False


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """资产负债表 of one fund at the end of ``month`` (December and ``annual`` for the year)."""

    fund: Fund
    month: Month
    annual: bool
    form: str
    title: str
    fund_title: str
    columns: tuple[str, str]
    lines: tuple[BalanceLine, ...]

    def line(self, code: str) -> BalanceLine:
        """The line ``code``; KeyError when it is not shown."""
        for line in self.lines:
            if line.code == code:
                return line
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class IncomeStatement:
    """收支表 of one fund for ``month`` (for the year when ``annual``)."""

    fund: Fund
    month: Month
    annual: bool
    form: str
    title: str
    fund_title: str
    columns: tuple[str, str]
    lines: tuple[IncomeLine, ...]

    def line(self, code: str) -> IncomeLine:
        """The line ``code``; KeyError when it is not shown."""
        for line in self.lines:
            if line.code == code:
                return line
        raise KeyError(code)


def balances(opening: Balances, movements: Iterable[Movement], until: Month) -> dict[str, Fen]:
    """Balance of every leaf account at the end of ``until``: opening plus movement, closing entries included."""
    made = dict(opening)
    for move in movements:
        if move.period <= until:
            made[move.account] = made.get(move.account, 0) + move.net
    return made


def as_if_closed(fund: Fund, movements: Iterable[Movement], month: Month) -> list[Movement]:
    """The movements with the closing entry that ``month`` would have (期末结转), where results still stand in their accounts.

    For statements of a month not yet carried over, and of every month by 表结法: both methods then give the same
    statements, since closing entries never count as movement. Nothing is added where results are nil.
    """
    moves = list(movements)
    ends = {code: fen for code, fen in balances({}, moves, month).items() if code[0] in "45" and not code.startswith(("4601", "4602"))}
    made = [
        Movement(line.account, month, 0, 0, line.amount if line.side is Side.D else 0, line.amount if line.side is Side.C else 0)
        for line in closing_lines(fund, ends)
    ]
    return [*moves, *made]


def _computed(lines: Sequence[StatementLine], amount: Callable[[StatementLine], Fen]) -> dict[str, Fen]:
    """Amounts by code: account lines by ``amount``, then sums and differences; a code not among ``lines`` counts as nothing."""
    known = {line.code: line for line in lines}
    made: dict[str, Fen] = {}

    def of(code: str) -> Fen:
        if code not in known:
            return 0
        if code not in made:
            line = known[code]
            if line.mode is Mode.HEADING:
                made[code] = 0
            elif line.mode is Mode.SUM:
                made[code] = sum(of(part) for part in line.lines)
            elif line.mode is Mode.DIFFERENCE:
                made[code] = of(line.lines[0]) - sum(of(part) for part in line.lines[1:])
            else:
                made[code] = amount(line)
        return made[code]

    for line in lines:
        of(line.code)
    return made


def _balance_amount(held: Balances) -> Callable[[StatementLine], Fen]:
    """Amount of an account line from balances: on the debit or on the credit side."""

    def amount(line: StatementLine) -> Fen:
        signed = sum(fen for account, fen in held.items() if line.covers(account))
        return signed if line.mode is Mode.CLOSING_DEBIT else -signed

    return amount


def _movement_amount(moves: Sequence[Movement], held: Balances) -> Callable[[StatementLine], Fen]:
    """Amount of an account line from movements without closing entries (28号 Part 5 二); ``held`` for lines of a balance."""

    def amount(line: StatementLine) -> Fen:
        if line.mode in (Mode.CLOSING_DEBIT, Mode.CLOSING_CREDIT):
            return _balance_amount(held)(line)
        mine = [move for move in moves if line.covers(move.account)]
        debit, credit = sum(move.debit for move in mine), sum(move.credit for move in mine)
        return {Mode.NET_CREDIT: credit - debit, Mode.NET_DEBIT: debit - credit, Mode.CREDIT: credit, Mode.DEBIT: debit}[line.mode]

    return amount


def _standard(standard: StatementSet | None, month: Month) -> StatementSet:
    return standard if standard is not None else statements_on(month.last_day)


def balance_sheet(
    fund: Fund,
    month: Month,
    opening: Balances,
    movements: Iterable[Movement],
    *,
    opening_of_year: Balances | None = None,
    annual: bool = False,
    tier: Tier = "county",
    standard: StatementSet | None = None,
) -> BalanceSheet:
    """会社保01 at the end of ``month``.

    ``opening`` is what the book began with (the opening voucher), ``movements`` everything since, in any order.
    年初余额 is last year's closing balance, computed from them (K17), unless ``opening_of_year`` gives it: a book that
    began during the year shows what it began with. ``if_used`` lines are left out while both columns are nil.
    """
    law, moves = _standard(standard, month), list(movements)
    january = Month(month.year, 1)
    first = opening_of_year if opening_of_year is not None else balances(opening, moves, january - 1)
    lines = law.balance_lines(fund, month=month.month, annual=annual, tier=tier)
    opened = _computed(lines, _balance_amount(first))
    closed = _computed(lines, _balance_amount(balances(opening, moves, month)))
    shown = [line for line in lines if line.shown == "always" or opened[line.code] or closed[line.code]]
    form = law.balance_sheet
    return BalanceSheet(
        fund=fund,
        month=month,
        annual=annual,
        form=form.form,
        title=form.title,
        fund_title=law.fund_title(fund),
        columns=form.annual_columns if annual else form.columns,
        lines=tuple(_balance_line(line, opened[line.code], closed[line.code]) for line in shown),
    )


def _balance_line(line: StatementLine, opening: Fen, closing: Fen) -> BalanceLine:
    heading = line.mode is Mode.HEADING
    side: Literal["left", "right"] = "left" if line.side == "left" else "right"
    return BalanceLine(
        code=line.code,
        label=line.printed,
        level=line.level,
        side=side,
        opening=None if heading else opening,
        closing=None if heading else closing,
        total=line.mode in (Mode.SUM, Mode.DIFFERENCE),
        of_which=line.of_which,
    )


def income_statement(
    fund: Fund,
    month: Month,
    opening: Balances,
    movements: Iterable[Movement],
    *,
    annual: bool = False,
    standard: StatementSet | None = None,
) -> IncomeStatement:
    """会社保02 for ``month``: 本月数 and 本年累计数; annual: 本年数 (to ``month``) and 上年数.

    Closing entries never count. Lines of one side take that side only, so a correction is a red-letter line on it.
    ``opening`` matters only for lines that show a balance (待转基金 of ME).
    """
    law, moves = _standard(standard, month), list(movements)
    january = Month(month.year, 1)
    year = [move for move in moves if january <= move.period <= month]
    if annual:
        first, second = year, [move for move in moves if january - 12 <= move.period < january]
        held, earlier = balances(opening, moves, month), balances(opening, moves, january - 1)
    else:
        first, second = [move for move in year if move.period == month], year
        held = earlier = balances(opening, moves, month)
    lines = law.income_lines(fund, month=month.month, annual=annual)
    current = _computed(lines, _movement_amount(first, held))
    cumulative = _computed(lines, _movement_amount(second, earlier))
    shown = [line for line in lines if line.shown == "always" or current[line.code] or cumulative[line.code]]
    form = law.income_statement
    made = tuple(
        IncomeLine(
            code=line.code,
            label=line.printed,
            level=line.level,
            current=current[line.code],
            cumulative=cumulative[line.code],
            total=line.mode in (Mode.SUM, Mode.DIFFERENCE),
            of_which=line.of_which,
        )
        for line in shown
    )
    return IncomeStatement(
        fund=fund,
        month=month,
        annual=annual,
        form=form.form,
        title=form.title,
        fund_title=law.fund_title(fund),
        columns=form.annual_columns if annual else form.columns,
        lines=made,
    )

"""From a figure on a statement down to its vouchers (穿透): line → accounts → voucher lines, each with what it adds to the figure. Fen.

The figure comes from kept balances, the vouchers from entries: that both agree is shown, not assumed. Movement of closing
entries counts in balances only, as on the statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from books.statement_lines import Mode, StatementLine
from books.statement_supplements import statements_on
from books.statements import Tier, balance_sheet, income_statement
from ledger.balances import Movement
from ledger.entries import Side
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.money import Fen
from ledger.months import Month
from ledger.posted import Posted

Column = Literal["opening", "closing", "current", "cumulative"]
BALANCES: tuple[Column, ...] = ("closing", "opening")
RESULTS: tuple[Column, ...] = ("current", "cumulative")
BALANCE_MODES = (Mode.CLOSING_DEBIT, Mode.CLOSING_CREDIT)
RECKONED = "按表结法推算的结转（无凭证）"


class NoSuchLine(Refusal):
    """A line or column that the statement does not have."""

    code = "SB4061"
    zh = "{fund} {period} 的报表没有项目“{line}”的这一栏：{why}。"
    en = "The statements of {fund} for {period} have no such figure for line “{line}”: {why}."
    cause_zh = "项目编号如 A.1004、L.2001、N.3001（会社保01表），2.500101（会社保02表）；不适用的项目不列示。"
    cause_en = "Lines have codes as A.1004 (会社保01) or 2.500101 (会社保02); lines that do not apply are not shown."
    remedy_zh = "项目编号见 shebao statements 输出的 JSON 或 CSV；栏目用 closing、opening、current、cumulative。"
    remedy_en = "Codes stand in the JSON and CSV of shebao statements; columns are closing, opening, current, cumulative."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class DrillLine:
    """One voucher line: ``amount`` as booked (red is negative), ``counted`` what it adds to the figure."""

    entry_id: int
    label: str
    day: str
    summary: str
    account: str
    side: str
    amount: Fen
    counted: Fen


@dataclass(frozen=True, slots=True)
class DrillAccount:
    """One account: what it adds to the figure, from its vouchers' lines."""

    code: str
    name: str
    counted: Fen
    lines: tuple[DrillLine, ...]


@dataclass(frozen=True, slots=True)
class Drill:
    """A figure with everything under it. ``figure`` is the statement's, ``from_vouchers`` the sum of all lines."""

    fund: Fund
    month: Month
    code: str
    label: str
    column: Column
    figure: Fen
    from_vouchers: Fen
    accounts: tuple[DrillAccount, ...]

    @property
    def agrees(self) -> bool:
        """Whether the vouchers make the figure, to the fen."""
        return self.figure == self.from_vouchers


def drill(
    fund: Fund, month: Month, code: str, column: Column | None, movements: Sequence[Movement], entries: Iterable[Posted], names: Mapping[str, str],
    *, reckoned: Sequence[Movement] = (), tier: Tier = "county",
) -> Drill:  # fmt: skip
    """The figure of line ``code`` and the voucher lines that make it; raises SB4061.

    ``movements`` from kept balances, ``reckoned`` movements that no voucher made (表结法), ``entries`` in posting order.
    """
    law = statements_on(month.last_day)
    on_balance = code[:1] in "ALN"
    lines = law.balance_lines(fund, month=month.month, tier=tier) if on_balance else law.income_lines(fund, month=month.month)
    known = {line.code: line for line in lines}
    column = column or (BALANCES if on_balance else RESULTS)[0]
    if code not in known or known[code].mode is Mode.HEADING:
        raise NoSuchLine(fund=fund.zh, period=month, line=code, why="没有这个项目" if code not in known else "它只是标题")
    if column not in (BALANCES if on_balance else RESULTS):
        raise NoSuchLine(fund=fund.zh, period=month, line=code, why=f"没有 {column} 栏")
    moves = [*movements, *reckoned]
    sheet = balance_sheet(fund, month, {}, moves, tier=tier) if on_balance else income_statement(fund, month, {}, moves)
    shown = next((line for line in sheet.lines if line.code == code), None)
    figure: Fen = (getattr(shown, column) or 0) if shown is not None else 0
    parts = _parts(known, code, 1)
    found = [line for posted in entries for line in _lines(posted, parts, month, column)]
    found += [line for move in reckoned for line in _reckoned(move, parts, month, column)]
    accounts = tuple(
        DrillAccount(one, names.get(one, one), sum(line.counted for line in mine), mine)
        for one in sorted({line.account for line in found})
        if (mine := tuple(line for line in found if line.account == one))
    )
    return Drill(fund, month, code, known[code].printed, column, figure, sum(line.counted for line in found), accounts)


def _parts(known: Mapping[str, StatementLine], code: str, sign: int) -> list[tuple[StatementLine, int]]:
    """The account lines that a line is made of, each with its sign."""
    line = known.get(code)
    if line is None:
        return []
    if line.mode is Mode.SUM:
        return [part for each in line.lines for part in _parts(known, each, sign)]
    if line.mode is Mode.DIFFERENCE:
        return _parts(known, line.lines[0], sign) + [part for each in line.lines[1:] for part in _parts(known, each, -sign)]
    return [(line, sign)]


def _counts(mode: Mode, period: Month, month: Month, column: Column, closing: bool) -> bool:
    """Whether a movement of ``period`` enters the column."""
    january = Month(month.year, 1)
    if mode in BALANCE_MODES:
        return period < january if column == "opening" else period <= month
    return not closing and (period == month if column == "current" else january <= period <= month)


def _worth(mode: Mode, side: Side, amount: Fen) -> Fen:
    """What an amount on one side adds to a line of that mode."""
    debit = side is Side.D
    one_sided = {Mode.CREDIT: 0 if debit else amount, Mode.DEBIT: amount if debit else 0}
    if mode in one_sided:
        return one_sided[mode]
    signed = amount if debit else -amount
    return signed if mode in (Mode.CLOSING_DEBIT, Mode.NET_DEBIT) else -signed


def _lines(posted: Posted, parts: Sequence[tuple[StatementLine, int]], month: Month, column: Column) -> Iterable[DrillLine]:
    entry = posted.entry
    for leg in entry.lines:
        for line, sign in parts:
            if line.covers(leg.account) and _counts(line.mode, entry.period, month, column, entry.closing):
                worth = sign * _worth(line.mode, leg.side, leg.amount)
                if worth:
                    yield DrillLine(posted.entry_id, posted.label, str(entry.day), entry.summary, leg.account, leg.side.value, leg.amount, worth)


def _reckoned(move: Movement, parts: Sequence[tuple[StatementLine, int]], month: Month, column: Column) -> Iterable[DrillLine]:
    for side, amount in ((Side.D, move.closing_debit), (Side.C, move.closing_credit)):
        for line, sign in parts:
            if amount and line.covers(move.account) and _counts(line.mode, move.period, month, column, True):
                worth = sign * _worth(line.mode, side, amount)
                yield DrillLine(0, "—", str(month.last_day), RECKONED, move.account, side.value, amount, worth)

"""Cross-foot checks (勾稽关系) K1–K11, K16 and K17 of DOMAIN §1.8, as assertions with both sides and an explanation.

An :class:`Assertion` is a value: a failed check is a finding for people, and whoever closes a month decides what it stops.
Each check takes one side from the statement and the other from the account balances, so that a line that reads the wrong
accounts, or an account that no line reads, shows. Amounts are fen. Not computable from balances alone, and so not here:
K12 (journals), K13 (business against finance), K14 (other levels and books), K15 (person accounts).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from books.reconcile import ReconciliationStatement
from books.statement_lines import StatementSet
from books.statements import Balances, BalanceSheet, IncomeLine, IncomeStatement, Tier, balance_sheet, balances, income_statement
from ledger.balances import Movement
from ledger.funds import Fund
from ledger.money import Fen, show
from ledger.months import Month

# Level-1 accounts of 28号 Part 2: money on its way that is nil at month end, and income waiting to be split (ME).
IN_TRANSIT = ("1002", "1005")
UNSPLIT = ("4601", "4602")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One check: ``ok`` when ``left`` and ``right`` agree as the check wants; ``explain_zh`` says what was compared."""

    code: str
    ok: bool
    left: Fen
    right: Fen
    explain_zh: str


def _equal(code: str, left: Fen, right: Fen, text: str) -> Assertion:
    ok = left == right
    tail = "相等" if ok else f"相差 {show(left - right)} 元"
    return Assertion(code, ok, left, right, f"{text}：{show(left)} 与 {show(right)}，{tail}")


def _held(held: Balances, *prefixes: str) -> Fen:
    """Balance of the accounts under some prefixes, debit-positive."""
    return sum(fen for account, fen in held.items() if account.startswith(prefixes))


def _amount(sheet: BalanceSheet, code: str, column: str) -> Fen:
    try:
        found: Fen | None = getattr(sheet.line(code), column)
    except KeyError:
        return 0
    return found or 0


COLUMNS = (("opening", "年初"), ("closing", "期末"))


def k1(opening: Balances, movements: Iterable[Movement]) -> list[Assertion]:
    """Trial balance: what the book began with, and every month's movement, balance. (Each voucher is held by L1.)"""
    debit, credit = sum(fen for fen in opening.values() if fen > 0), -sum(fen for fen in opening.values() if fen < 0)
    made = [_equal("K1", debit, credit, "期初余额试算平衡，借方与贷方")]
    totals: dict[Month, list[Fen]] = {}
    for move in movements:
        sums = totals.setdefault(move.period, [0, 0])
        sums[0] += move.debit + move.closing_debit
        sums[1] += move.credit + move.closing_credit
    for month, (debits, credits) in sorted(totals.items()):
        made.append(_equal("K1", debits, credits, f"{month} 发生额试算平衡，借方与贷方"))
    return made


def k2(sheet: BalanceSheet) -> list[Assertion]:
    """资产总计 = 负债与净资产总计, in both columns."""
    return [_equal("K2", _amount(sheet, "A.total", name), _amount(sheet, "LN.total", name), f"{zh}资产总计与负债与净资产总计") for name, zh in COLUMNS]


def k3(sheet: BalanceSheet, first: Balances, last: Balances) -> list[Assertion]:
    """资产总计 = every asset account; 其中 lines never above their line."""
    made = []
    for (name, zh), held in zip(COLUMNS, (first, last), strict=True):
        made.append(_equal("K3", _amount(sheet, "A.total", name), _held(held, "1"), f"{zh}资产总计与全部资产类科目余额"))
        for detail, parent in (("A.110101", "A.1101"), ("A.110102", "A.1101"), ("L.200101", "L.2001"), ("L.200104", "L.2001")):
            part, whole = _amount(sheet, detail, name), _amount(sheet, parent, name)
            if part:
                explain = f"{zh}“{sheet.line(detail).label}”不大于“{sheet.line(parent).label}”：{show(part)} 与 {show(whole)}"
                made.append(Assertion("K3", part <= whole, part, whole, explain))
    return made


def k4(sheet: BalanceSheet, first: Balances, last: Balances) -> list[Assertion]:
    """净资产合计 = every net asset account (for ME with 待转, which Part 5 leaves out of 3001 but K2 needs); ME: its three parts."""
    made = []
    for (name, zh), held in zip(COLUMNS, (first, last), strict=True):
        made.append(_equal("K4", _amount(sheet, "N.total", name), -_held(held, "3", *UNSPLIT), f"{zh}净资产合计与全部净资产类科目（含待转）余额"))
        if sheet.fund is Fund.ME:
            parts = sum(_amount(sheet, code, name) for code in ("N.300101", "N.300102", "N.46"))
            made.append(_equal("K4", _amount(sheet, "N.3001", name), parts, f"{zh}一般基金结余与统筹、个人账户、待转基金之和"))
    return made


def _children(lines: Sequence[IncomeLine], position: int) -> list[IncomeLine]:
    """The lines one level below a line, up to the next line of its own level."""
    level, made = lines[position].level, []
    for line in lines[position + 1 :]:
        if line.level <= level:
            break
        if line.level == level + 1:
            made.append(line)
    return made


def k5(sheet: IncomeStatement) -> list[Assertion]:
    """Income and expenditure = the sum of their lines; details of a benefit line sum to it, at every level."""
    made = []
    for position, line in enumerate(sheet.lines):
        below = _children(sheet.lines, position)
        if not below or (line.level == 0 and line.code == ("5" if sheet.fund is Fund.ME else "3")):
            continue
        for name, zh in zip(("current", "cumulative"), sheet.columns, strict=True):
            made.append(_equal("K5", getattr(line, name), sum(getattr(part, name) for part in below), f"{zh}“{line.label}”与下列各项之和"))
    return made


def k6(sheet: IncomeStatement) -> list[Assertion]:
    """本期结余 = 收入 − 支出; ME: 五 = 统筹结余 + 个人账户结余 + 待转基金 (a balance, months 1–11)."""
    made = []
    for name, zh in zip(("current", "cumulative"), sheet.columns, strict=True):
        value = {line.code: getattr(line, name) for line in sheet.lines}
        if sheet.fund is Fund.ME:
            right = value["1"] + value["2"] - value["3"] - value["4"] + value.get("5.46", 0)
            made.append(_equal("K6", value["5"], right, f"{zh}本期基金结余与两项基金收支差额及待转基金之和"))
        else:
            made.append(_equal("K6", value["3"], value["1"] - value["2"], f"{zh}本期基金结余与收入减支出"))
    return made


def k7(balance: BalanceSheet, income: IncomeStatement) -> Assertion:
    """期末净资产 − 年初净资产 = 本年累计结余 (本年数 in an annual statement)."""
    line = income.line("5" if income.fund is Fund.ME else "3")
    grown = _amount(balance, "N.total", "closing") - _amount(balance, "N.total", "opening")
    return _equal("K7", grown, line.current if income.annual else line.cumulative, "期末净资产减年初净资产，与本年累计本期基金结余")


def k8(income: IncomeStatement, previous: IncomeStatement | None) -> list[Assertion]:
    """本年累计(m) = 本年累计(m−1) + 本月数(m), line by line; January has nothing before it. Not for ME 待转基金 and line 五 before December."""
    if income.annual:
        return []
    skipped = {"5", "5.46"} if income.fund is Fund.ME else set()
    before = {line.code: line.cumulative for line in previous.lines} if previous is not None and income.month.month > 1 else {}
    return [
        _equal("K8", line.cumulative, before.get(line.code, 0) + line.current, f"“{line.label}”本年累计数，与上月累计加本月数")
        for line in income.lines
        if line.code not in skipped
    ]


def k9(sheet: BalanceSheet, last: Balances) -> list[Assertion]:
    """ME: 待转基金 = credit balances of 4601 and 4602; nil in December."""
    if sheet.fund is not Fund.ME:
        return []
    unsplit = -_held(last, *UNSPLIT)
    if sheet.annual or sheet.month.month == 12:
        return [_equal("K9", unsplit, 0, "年末待转科目余额应为零")]
    return [_equal("K9", _amount(sheet, "N.46", "closing"), unsplit, "待转基金与待转科目贷方余额")]


def k10(fund: Fund, month: Month, last: Balances, explained: Mapping[str, str]) -> list[Assertion]:
    """After closing, income and expenditure accounts are nil (待转 of ME until December aside); 1002 and 1005 nil or explained.

    ``explained`` gives the reason by level-1 account.
    """
    kept = UNSPLIT if fund is Fund.ME and month.month < 12 else ()
    open_ones = {account: fen for account, fen in last.items() if account[0] in "45" and not account.startswith(kept or ("-",)) and fen}
    worst = "、".join(sorted(open_ones)) or "无"
    total = sum(abs(fen) for fen in open_ones.values())
    made = [Assertion("K10", not open_ones, total, 0, f"{month} 结账后收入、支出类科目余额应为零；有余额的科目：{worst}")]
    for account in IN_TRANSIT:
        fen = _held(last, account)
        reason = explained.get(account, "")
        text = "为零" if not fen else f"{show(fen)} 元，" + (f"说明：{reason}" if reason else "没有说明")
        made.append(Assertion("K10", not fen or bool(reason), fen, 0, f"{month} 科目 {account} 月末余额{text}"))
    return made


def k11(statement: ReconciliationStatement) -> Assertion:
    """Both balances adjusted by the open items are equal."""
    text = f"{statement.month} 科目 {statement.account} 调节后账面余额与{statement.holder}对账单余额"
    return _equal("K11", statement.adjusted_book, statement.adjusted_statement, text)


def k16(account: str, held: Balances, parties: Mapping[str, Fen]) -> Assertion:
    """A sub-ledger by counterparty (1101, 2001; signed, debit-positive) sums to its control account."""
    return _equal("K16", _held(held, account), sum(parties.values()), f"科目 {account} 余额与按对方明细合计")


def k17(this_year: BalanceSheet, last_december: BalanceSheet) -> list[Assertion]:
    """年初 column = last December's 期末 column, line by line."""
    before = {line.code: line.closing for line in last_december.lines}
    return [
        _equal("K17", line.opening, before.get(line.code) or 0, f"“{line.label}”年初余额与上年年末余额") for line in this_year.lines if line.opening is not None
    ]


def for_month(
    fund: Fund,
    month: Month,
    opening: Balances,
    movements: Iterable[Movement],
    *,
    explained: Mapping[str, str] | None = None,
    opening_of_year: Balances | None = None,
    tier: Tier = "county",
    standard: StatementSet | None = None,
) -> list[Assertion]:
    """Every check that one book's balances allow for one month: K1–K10 and K17, in order. Arguments as ``statements.balance_sheet``."""
    moves = list(movements)
    sheet = balance_sheet(fund, month, opening, moves, opening_of_year=opening_of_year, tier=tier, standard=standard)
    income = income_statement(fund, month, opening, moves, standard=standard)
    previous = income_statement(fund, month - 1, opening, moves, standard=standard)
    first = opening_of_year if opening_of_year is not None else balances(opening, moves, Month(month.year, 1) - 1)
    last = balances(opening, moves, month)
    return [
        *k1(opening, moves),
        *k2(sheet),
        *k3(sheet, first, last),
        *k4(sheet, first, last),
        *k5(income),
        *k6(income),
        k7(sheet, income),
        *k8(income, previous),
        *k9(sheet, last),
        *k10(fund, month, last, explained or {}),
        *_since_last_year(fund, month, opening, moves, sheet, tier, standard),
    ]


def _since_last_year(
    fund: Fund, month: Month, opening: Balances, moves: Sequence[Movement], sheet: BalanceSheet, tier: Tier, standard: StatementSet | None
) -> list[Assertion]:
    """K17, where the book has a last December."""
    december = Month(month.year - 1, 12)
    if not any(move.period <= december for move in moves):
        return []
    return k17(sheet, balance_sheet(fund, december, opening, moves, tier=tier, standard=standard))

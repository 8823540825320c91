"""One person's accounts (个人账户查询): yearly balances, this year's rows, payments and acts, and the year's interest explained step by step.

Every query is by the person's number under each source of the book, so its cost does not grow with the lines of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls.person_accounts import acts, interest, moves
from ledger.accounts import Book
from ledger.money import Fen, show
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.person_accounts import flows, law, own, store
from ledger.person_accounts.columns import reckon
from ledger.person_accounts.own import Own
from ledger.person_accounts.settlement import Step
from ledger.person_accounts.store import Batch, YearRow


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an account: month booked, what, period of entitlement (``yyyymm``, ``yyyy00`` a premium year, 0 none), part or item, fen (out negative)."""

    month: int
    kind: str
    period: int
    name: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Page:
    """One person in one book: balance by part through ``month``, settled years (newest last), rows since, acts under way."""

    number: str
    month: Month
    balance: Mapping[str, Fen]
    carried: Fen
    years: tuple[tuple[int, tuple[YearRow, ...]], ...]
    lines: tuple[Line, ...]
    unfinished: Batch | None

    @property
    def total(self) -> Fen:
        """Fen of all parts."""
        return sum(self.balance.values())

    @property
    def known(self) -> bool:
        """Whether the book knows anything of this person's account."""
        return bool(self.years or self.lines or self.unfinished)


def page(connection: sa.Connection, book: Book, number: str, month: Month) -> Page:
    """The page of one person through ``month``; raises SB1031 where the rule of drawing is needed and unset, SB1420, SB3265."""
    number = acts.holder(number)
    settled = own.settled(connection, book.book_id, number)
    begin = flows.Start(settled[-1].batch_id, settled[-1].period // 100) if settled else flows.Start(None, None)
    mine = own.rows(connection, book.book_id, number, begin.month, month.number)
    held = moves.held(connection, book, number, month, begin=begin, mine=mine)
    years = [(one.period // 100, tuple((number, row[0], *map(int, row[1:])) for row in one.rows)) for one in settled if one.rows]
    return Page(number, month, held.parts, held.carried, tuple(years), tuple(_lines(book, mine)), acts.unfinished(connection, book.book_id, number))


def lines(connection: sa.Connection, book: Book, number: str, after: int, through: int) -> list[Line]:
    """Every row of a person's account booked in months (after, through], in order; payments that draw on the account only."""
    return _lines(book, own.rows(connection, book.book_id, number, after, through))


def _lines(book: Book, mine: Own) -> list[Line]:
    monthly = law.fund_law(book.fund).monthly
    made = []
    for way, month, period, name, account, fen in mine.booked:
        if way == own.PAID_IN:
            made.append(Line(month, "缴费", period, law.part(name).zh, int(fen)))
        elif account.startswith(monthly):
            made.append(Line(month, "支付", period, name, -int(fen)))
    made += [Line(int(month), store.ROW_KINDS[kind], 0, law.part(part).zh, int(fen)) for _, part, kind, month, fen in mine.moves]
    return sorted(made, key=lambda one: (one.month, one.kind, one.period, one.name))


def explain(connection: sa.Connection, book: Book, number: str, year: int) -> list[Step]:
    """One person's interest of a year, step by step: method and rate in force (or those of the settled year), each sum with its weight, each rounding."""
    number = acts.holder(number)
    settled = [one for one in store.batches(connection, book.book_id, kind="interest", state="accepted") if one.period.year == year]
    last = date(year, 12, 31)
    known = Parameters.load()
    way = law.method(settled[0].facts["method"] if settled else known.text("account_interest_method", last, fund=book.fund.value))
    rate = settled[0].facts["rate"] if settled else known.number("account_interest_rate", last, fund=book.fund.value)
    found = interest.span_of(connection, book, year, way, number)
    columns = found.columns
    rule = settled[0].facts["rule"] if settled else flows.draw_rule(book, columns, Month(year, 12))
    if not columns.numbers:
        return []
    made = reckon(columns, rule, way, rate)
    steps = [Step("计息办法", f"{way.code}（{way.reference}）", 0), Step("年利率", f"万分之 {rate}", 0)]
    for line in lines(connection, book, number, year * 100, year * 100 + 12):
        weight = (way.weights if line.fen > 0 else way.paid)[line.month % 100 - 1]
        steps.append(Step(f"{line.month} {line.kind} {line.name}", f"{show(line.fen)} × {weight}/{way.per} 年", line.fen))
    for place, part in enumerate(columns.parts):
        opening, entered, moved, drawn = (int(values[0, place]) for values in (columns.opening, columns.entered, columns.moved, made.drawn))
        closing, gained, product = int(made.closing[0, place]), int(made.interest[0, place]), int(made.earning[0, place])
        name = law.part(part).zh
        steps.append(Step(f"{name}：年初", "上年末余额", opening))
        if drawn:
            steps.append(Step(f"{name}：分担支付", f"{rule or '只有一个来源'}，全年支付 {show(int(columns.paid[0]))} 元", -drawn))
        steps.append(Step(f"{name}：利息", f"积数 {show(product)} 元 × {rate}/10000 ÷ {way.per}，四舍五入到分", gained))
        steps.append(Step(f"{name}：年末", f"{show(opening)} + {show(entered)} + {show(moved)} − {show(drawn)} + {show(gained)}", closing))
    if int(made.carried[0]):
        steps.append(Step("账户用完后由基金支付", "支付超过账户余额的部分", int(made.carried[0])))
    return steps

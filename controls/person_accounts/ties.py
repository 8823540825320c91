"""K15: what persons' accounts say of a month against what the ledger says, flow by flow, and the roll-forward of every source.

R, E and G have no ledger account for the balances, so the flows are tied: own and 代缴 to 4001, subsidies to 4101-缴费补贴, collective to 4102, payments to
5001-个人账户养老金, transfers to 4301 and 5201. Interest and what is cleared stand in the memorandum and in the roll-forward (DOMAIN §1.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from controls.closing_checks import Check
from ledger import balances
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.money import Fen, show
from ledger.months import Month
from ledger.parameters import ParameterUnset
from ledger.person_account_tables import batch
from ledger.person_accounts import flows, law
from ledger.person_accounts.columns import reckon
from ledger.person_accounts.law import FundLaw
from ledger.person_accounts.reading import Cells
from ledger.tables import contribution

CODE = "K15"
NAMES = {
    "400101": "个人缴费",
    "400102": "单位缴费（个人账户基金）",
    "400103": "政府代缴",
    "400104": "其他资金代缴",
    "4102": "集体补助",
    "4301": "转入",
    "5201": "转出",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One flow of a month: fen by persons and by ledger."""

    name: str
    persons: Fen
    ledger: Fen

    @property
    def ok(self) -> bool:
        """Whether both sides agree."""
        return self.persons == self.ledger


def kept(connection: sa.Connection, book: Book) -> bool:
    """Whether a book has any data of persons' accounts: contribution rows or acts that were accepted."""
    rows = sa.select(contribution.c.source_id).where(contribution.c.book_id == book.book_id).limit(1)
    signed = sa.select(batch.c.batch_id).where(batch.c.book_id == book.book_id, batch.c.state == "accepted").limit(1)
    return connection.execute(rows).first() is not None or connection.execute(signed).first() is not None


def ties(connection: sa.Connection, book: Book, month: Month) -> tuple[list[Tie], Cells]:
    """Every flow of a month on both sides, and contribution cells that no rule knows (number, part, account, fen)."""
    rules = law.fund_law(book.fund)
    moved = _moved(connection, book, month)
    before = (month - 1).number
    cells = flows.contributions(connection, book.book_id, before, month.number)
    _, strange = flows.entering(rules, month.first_day, cells)
    made = [_tie(code, sum(int(row[3]) for row in cells if row[2].startswith(code)), moved, -1) for code in _entering_accounts(rules, book.fund)]
    paid = sum(int(row[1]) for row in flows.payments(connection, book.book_id, rules.monthly, before, month.number))
    made.append(Tie("按月支付 " + "、".join(rules.monthly), paid, _under(moved, rules.monthly)))
    acts = flows.acts(connection, book.book_id, before, month.number)
    if rules.one_off:
        once = -sum(int(row[4]) for row in acts if row[2] == "paid_once")
        made.append(Tie(f"一次性支付 {rules.one_off}", once, _under(moved, (rules.one_off,))))
        rows = sum(int(row[1]) for row in flows.payments(connection, book.book_id, (rules.one_off,), before, month.number))
        made.append(Tie(f"一次性支付 {rules.one_off}（发放明细）", rows, _under(moved, (rules.one_off,))))
    made.append(Tie(f"转入 {rules.into}", sum(int(row[4]) for row in acts if row[2] == "transfer_in"), -_under(moved, (rules.into,))))
    made.append(Tie(f"转出 {rules.out}", -sum(int(row[4]) for row in acts if row[2] == "transfer_out"), _under(moved, (rules.out,))))
    return made, strange


def _entering_accounts(rules: FundLaw, fund: Fund) -> list[str]:
    """Control accounts of contributions, once each, in order; 5401 only where its detail holds refunds and nothing else."""
    return sorted({code for one in rules.enters for code in one.accounts if fund is not Fund.ME or not code.startswith("5401")})


def _tie(code: str, persons: Fen, moved: dict[str, Fen], sign: int) -> Tie:
    name = NAMES.get(code, "缴费补贴" if code.startswith("4101") else "退回以前年度保险费" if code.startswith("5401") else "")
    return Tie(f"{name} {code}".strip(), persons, sign * _under(moved, (code,)))


def _moved(connection: sa.Connection, book: Book, month: Month) -> dict[str, Fen]:
    """Account → debit less credit of the month, closing entries left out."""
    return {one.account: one.debit - one.credit for one in balances.movements(connection, book.book_id, month) if one.period == month}


def _under(moved: dict[str, Fen], prefixes: Iterable[str]) -> Fen:
    return sum(fen for account, fen in moved.items() if account.startswith(tuple(prefixes)))


@dataclass(frozen=True, slots=True)
class Rolled:
    """The roll-forward since the last interest, by part: fen before, taken in as opening balances (期初), entered, moved, drawn and after; who is below nil;
    what the fund carried."""

    opening: dict[str, Fen]
    taken_in: dict[str, Fen]
    entered: dict[str, Fen]
    moved: dict[str, Fen]
    drawn: dict[str, Fen]
    closing: dict[str, Fen]
    persons: int
    below: int
    carried: Fen


def roll(connection: sa.Connection, book: Book, month: Month) -> Rolled:
    """Every account rolled forward through ``month`` from the interest year before it; raises SB1031 where the rule of drawing is needed and unset."""
    found = flows.span(connection, book, month, begin=flows.start(connection, book.book_id, month.year))
    columns = found.columns
    made = reckon(columns, flows.draw_rule(book, columns, month))
    below = int(((columns.opening + columns.entered + columns.moved) < 0).any(axis=1).sum())
    opening, entered, moved, drawn, closing = (
        flows.column_sums(columns, values) for values in (columns.opening, columns.entered, columns.moved, made.drawn, made.closing)
    )
    taken_in = dict.fromkeys(columns.parts, 0)
    for _, part, kind, _, fen in found.moves:
        if kind == "opening" and part in taken_in:
            taken_in[part] += int(fen)
    moved = {part: fen - taken_in[part] for part, fen in moved.items()}
    return Rolled(opening, taken_in, entered, moved, drawn, closing, len(columns.numbers), below, int(made.carried.sum()))


def checks(connection: sa.Connection, book: Book, month: Month, *, rolled: bool = True) -> list[Check]:
    """K15 of one month as lines of the closing checklist; a book without any data of persons says so and is never passed in silence."""
    if book.fund not in law.law().funds:
        return [Check(CODE, True, f"{book.fund.zh}没有个人账户", ran=False)]
    if not kept(connection, book):
        return [Check(CODE, True, "无个人账户明细：本账套没有逐人缴费明细和个人账户事项，未核对", ran=False)]
    found, strange = ties(connection, book, month)
    wrong = [tie for tie in found if not tie.ok]
    said = ((tie, show(tie.persons), show(tie.ledger), show(tie.ledger - tie.persons)) for tie in wrong)
    made = [
        Check(CODE, False, f"{tie.name}：逐人合计 {persons} 元，账上 {booked} 元，相差 {apart} 元", left=tie.persons, right=tie.ledger)
        for tie, persons, booked, apart in said
    ]
    if strange:
        odd = "、".join(sorted({f"{law.part(row[1]).zh}记在 {row[2]}" for row in strange}))
        made.append(Check(CODE, False, f"有 {len(strange)} 笔缴费的来源与科目不对应，没有进入个人账户：{odd}"))
    if not made:
        total = sum(abs(tie.persons) for tie in found)
        made.append(Check(CODE, True, f"个人账户 {len(found)} 项流量与账上相符，合计 {show(total)} 元"))
    return made + ([_rolled_check(connection, book, month)] if rolled else [])


def _rolled_check(connection: sa.Connection, book: Book, month: Month) -> Check:
    try:
        made = roll(connection, book, month)
    except ParameterUnset as unset:
        return Check(CODE, True, f"个人账户滚存未核对：{unset.text()}", ran=False)
    before = {part: fen + made.taken_in[part] for part, fen in made.opening.items()}
    wrong = [part for part in made.closing if before[part] + made.entered[part] + made.moved[part] - made.drawn[part] != made.closing[part]]
    begun, *sums = (sum(values.values()) for values in (made.opening, made.entered, made.moved, made.drawn, made.closing))
    taken_in = sum(made.taken_in.values())
    text = f"年初 {show(begun)}" + (f" + 建账期初 {show(taken_in)}" if taken_in else "")
    text += " + 记入 {} + 转移等 {} − 支付 {} = 期末 {} 元".format(*map(show, sums)) + f"，{made.persons} 人"
    text += f"；账户用完后由基金支付 {show(made.carried)} 元" if made.carried else ""
    if made.below:
        text += f"；{made.below} 人有来源余额为负"
    return Check(CODE, not wrong and not made.below, f"个人账户滚存：{text}")

"""Sums the books must tie to (合计): benefits and premiums by month of the year, tax tickets and subsidies of the month.

Accounts are those of the official chart; amounts are fen. Nothing here is read back from the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from shebao.demo.county import COUNTY_CODE, County
from shebao.demo.facts import ALLOWANCE, ARREARS, PAID, RETURNED, REVERSED, Life, Pay, Premium

LEVELS = {"中央": "01", "省": "02", "市": "03", "县": "04"}
BENEFITS = {
    "R": {"基础养老金": "50010109", "个人账户养老金": "50010201", "个人账户一次性支付": "50010202", "丧葬补助金": "500103", "补发养老金": "50010109"},
    "E": {
        "基础养老金": "50010101", "个人账户养老金": "5001010201", "过渡性养老金": "50010103", "丧葬补助金": "500103", "供养亲属抚恤金": "500103",
        "补发养老金": "50010101",
    },
}  # fmt: skip
OWN, EMPLOYER, STATE = "40010101", "40010201", "40010301"
PAYERS = {"个人": OWN, "单位": EMPLOYER, "政府代缴": STATE}


def benefit_account(row: Pay) -> str:
    """Detail account of 5001 for a payment row; the base pension of residents goes by source."""
    if row.fund == "R" and row.item == "基础养老金" and row.source:
        return "500101" + LEVELS[row.source]
    return BENEFITS[row.fund][row.item]


@dataclass(slots=True)
class Ticket:
    """One tax ticket (电子税票): day, payer, and fen by fund and 征收品目."""

    number: str
    day: int
    payer: str
    lines: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


class Tally:
    """Adds up what every person brings; keys are funds, months (``yyyymm``) and accounts."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.story = county.month.number
        self.benefits: dict[tuple[str, int, str], int] = defaultdict(int)
        self.premiums: dict[tuple[str, int, str], int] = defaultdict(int)
        self.tickets: dict[str, Ticket] = {}
        self.subsidies: dict[str, int] = defaultdict(int)
        self.state = 0
        self.claims: dict[str, int] = defaultdict(int)
        self.allowances = 0

    def add(self, life: Life) -> None:
        """Adds a life's payments of this year and its premiums."""
        since = self.county.year * 10_000
        for row in life.pays:
            if row.paid_on > since and row.region == COUNTY_CODE and row.fund in BENEFITS:
                self._benefit(row)
        for premium in life.premiums:
            self._premium(life, premium)

    def claim(self, shares: Iterable[tuple[str, int]]) -> None:
        """One person's premium that the month's claim brings, by payer."""
        for payer, fen in shares:
            self.claims[payer] += fen

    def _benefit(self, row: Pay) -> None:
        if row.kind == ALLOWANCE:
            self.allowances += row.amount
            return
        sign = {PAID: 1, REVERSED: -1, RETURNED: -1}.get(row.status, 0)
        amount = row.amount if row.status == PAID else abs(row.amount)
        if row.orig_serial.strip("0") == "" and row.orig_serial:
            return
        if row.kind == ARREARS and row.status != PAID:
            sign = 0
        self.benefits[row.fund, row.paid_on // 100, benefit_account(row)] += sign * amount

    def _premium(self, life: Life, row: Premium) -> None:
        month = row.received // 100
        if row.payer == "财政补贴":
            self.subsidies[row.level] += row.amount
            return
        if row.payer == "政府代缴" and month == self.story:
            if life.claimed:
                self.claim([(row.level, row.amount)])
            elif row.amount > 0:
                self.state += row.amount
        self.premiums[row.fund, month, PAYERS[row.payer]] += row.amount
        if month == self.story and row.ticket:
            ticket = self.tickets.get(row.ticket)
            if ticket is None:
                payer = row.employer or f"{life.town}{life.village}（集中代收）"
                ticket = self.tickets[row.ticket] = Ticket(row.ticket, row.received, payer)
            ticket.lines[row.fund, row.payer] += row.amount

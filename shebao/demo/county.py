"""The invented county (云岭县), its calendar, its funds' accounts, and the seeded streams of chance.

No real place: the region codes have a valid form but are assigned to nobody (行政区划代码中未使用), and every
identity number of the demo begins with one of them, so that no number can be a real person's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ledger.months import Month
from shebao.demo.errors import DemoMonth, DemoTooSmall

COUNTY, COUNTY_CODE = "云岭县", "620828"
NEIGHBOUR, NEIGHBOUR_CODE = "白石县", "620829"
CITY, CITY_CODE = "云州市", "620898"
RENAMED = ("620824", "620881")
"""Old and new code of a county that was renamed in 2018 (华亭): the one real code pair, in the region column alone, never in a number."""
BORN_IN = ("620828", "620828", "620828", "620829", "620831", "610888")
UNIT = "云岭县社会保险事业服务中心"
HISTORY = 24
LEAST, MOST = 300, 2_000_000

FUND_NAMES = {"E": "企业职工基本养老保险", "R": "城乡居民基本养老保险", "G": "机关事业单位基本养老保险"}
FUND_SHORT = {"E": "企业养老", "R": "居保", "G": "机关养老"}
FUND_ACCOUNTS = {
    "E": {"1003": "62080101040000317", "1004": "62080101040000325"},
    "R": {"1003": "62080101040000416", "1004": "62080101040000424"},
    "G": {"1003": "62080101040000515", "1004": "62080101040000523"},
}
FUND_BANK = "云岭县农村商业银行营业部"
PAY_BANKS = ("云岭农商行", "云岭农商行东关支行", "中国邮政储蓄银行云岭县支行", "云州银行云岭支行")
PAY_DAY = {"E": 18, "R": 20, "G": 10, "U": 16}

# Invented rates in fen a month: the base pension of residents by source, by year of the window (the last one goes on).
BASE_PARTS = ((12300, 1200, 500), (14300, 1500, 500), (16300, 2000, 700))
SOURCES = ("中央", "省", "县")
PREMIUM = 10_000
"""Fen of the premium others pay for one person and year (代缴), split between province and county where two pay."""
PREMIUM_SHARES = (("省", 6_000), ("县", 4_000))
SUBSIDY_SHARES = (("省", 2_000, 4_000), ("县", 1_000, 2_000))
"""缴费补贴 by level: fen below a tier of 500 yuan, fen from 500 yuan."""


@dataclass(frozen=True)
class County:
    """What the whole demo hangs on: how many people, which seed, which month."""

    persons: int
    seed: int
    month: Month

    def __post_init__(self) -> None:
        if not LEAST <= self.persons <= MOST:
            raise DemoTooSmall(persons=self.persons, least=LEAST, most=MOST)
        if not (2026 <= self.month.year <= 2035 and 3 <= self.month.month <= 12):
            raise DemoMonth(month=self.month)

    def chance(self, section: str) -> random.Random:
        """A stream of chance of its own for each section, so that one section's draws never move another's."""
        return random.Random(f"{self.seed}:{self.persons}:{self.month}:{section}")

    @cached_property
    def periods(self) -> tuple[int, ...]:
        """``yyyymm`` of the 24 earlier months and, last, of the month of the story."""
        start = self.month - HISTORY
        return tuple((start + i).number for i in range(HISTORY + 1))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Calendar years the earlier months lie in, ascending."""
        return tuple(sorted({p // 100 for p in self.periods[:HISTORY]}))

    @property
    def year(self) -> int:
        """缴费年度 of the story."""
        return self.month.year

    @property
    def factor(self) -> int:
        """How often each planted case is repeated: once for each 20,000 persons, at most 15 times."""
        return max(1, min(15, self.persons // 20_000))

    def at(self, index: int) -> Month:
        """The month ``index`` of the window; 0 is the first of the earlier months, 24 the month of the story."""
        return self.month - HISTORY + index

    def index(self, month: Month) -> int:
        """The inverse of :meth:`at`."""
        return month.index - (self.month - HISTORY).index

    def base_parts(self, period: int) -> tuple[int, int, int]:
        """Fen of the residents' base pension from 中央, 省, 县 in that period."""
        return BASE_PARTS[min(period // 100 - self.periods[0] // 100, len(BASE_PARTS) - 1)]

    def by_source(self, period: int) -> bool:
        """Whether that period's file gives the base pension by source (资金来源): from the third year of the window."""
        return period // 100 - self.periods[0] // 100 >= 2

    def day(self, number: int) -> date:
        """A day of the month of the story; days past its end fall on its last day."""
        return date(self.month.year, self.month.month, min(number, self.month.last_day.day))


def paid_day(fund: str, period: int) -> int:
    """``yyyymmdd`` on which a fund ordinarily pays a period."""
    return period * 100 + PAY_DAY[fund]

"""The statutory retirement age (法定退休年龄) of employees in months, from dated parameters only.

Categories are the values of the key ``category``: 男职工, 女职工55, 女职工50, and the early ones (特殊工种男 …), which
are not delayed. The delay of 2025 is ``min(cap, ceil(((birth year − start) × 12 + birth month) / step))`` months.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledger.money import Fen, round_fen, yuan
from ledger.months import Month
from ledger.parameters import Parameters

DELAYED = ("男职工", "女职工55", "女职工50")


def delay_months(category: str, born: Month, parameters: Parameters, day: date) -> int:
    """Months that the reform adds for a birth month, by the rule in force on ``day``: 0 before 2025 and for categories the reform leaves alone."""
    if category not in DELAYED:
        return 0
    cap = parameters.number("retirement_delay_cap", day, category=category)
    if not cap:
        return 0
    start = parameters.number("retirement_delay_start_year", day, category=category)
    step = parameters.number("retirement_delay_step", day, category=category)
    since = (born.year - start) * 12 + born.month
    return max(0, min(cap, -(-since // step)))


def statutory_age(category: str, born: Month, parameters: Parameters, day: date) -> int:
    """The statutory age in months for a birth month, by the rule in force on ``day`` (before 2025-01-01 nobody is delayed).

    >>> from ledger.parameters import Parameters
    >>> divmod(statutory_age("女职工55", Month(1971, 4), Parameters.load(), date(2026, 8, 1)), 12)
    (55, 4)
    """
    return parameters.number("retirement_age_months", day, category=category) + delay_months(category, born, parameters, day)


def account_months(age_months: int, parameters: Parameters, day: date) -> Decimal:
    """计发月数 for an age in months on ``day`` (国发〔2005〕38号): the table at a full year, else by the office's way for odd months.

    Raises SB1031 outside the table, and where the age is no full year and nobody has said how such ages are reckoned.

    >>> from ledger.parameters import Parameters
    >>> account_months(60 * 12, Parameters.load(), date(2026, 1, 1))
    Decimal('139')
    """
    years, odd = divmod(age_months, 12)
    at = Decimal(parameters.number("account_months", day, age=str(years)))
    if not odd or parameters.text("account_months_by_month", day) == "按满周岁":
        return at
    following = Decimal(parameters.number("account_months", day, age=str(years + 1)))
    return at - (at - following) * odd / 12


def account_pension(balance: Fen, months: Decimal) -> Fen:
    """Monthly pension from a person account: balance ÷ 计发月数, fen, half up."""
    return round_fen(yuan(balance) / months)

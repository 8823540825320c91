"""Growth and shares (增长率, 占比) as reports print them: tenths of a percent, half up, reckoned without floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

_TENTH = Decimal("0.1")


def share(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """``part`` of ``whole`` in percent with one decimal; both in one unit. Raises ValueError for a whole of nil or less.

    >>> share(Decimal("6.2"), Decimal("8.5"))
    Decimal('72.9')
    """
    if whole <= 0:
        raise ValueError("a share needs a whole above zero")
    return (Decimal(part) / Decimal(whole) * 100).quantize(_TENTH, ROUND_HALF_UP)


def yearly_growth(first: int | Decimal, last: int | Decimal, years: int) -> Decimal:
    """Average growth a year in percent with one decimal (年均增长): the rate that takes ``first`` to ``last`` in ``years`` years.

    Raises ValueError where no such rate exists.

    >>> yearly_growth(Decimal("0.66"), Decimal("1.72"), 7)
    Decimal('14.7')
    """
    if first <= 0 or last <= 0 or years <= 0:
        raise ValueError("growth needs positive figures and at least one year")
    with localcontext() as context:
        context.prec = 40
        rate = (Decimal(last) / Decimal(first)) ** (Decimal(1) / years) - 1
        return (rate * 100).quantize(_TENTH, ROUND_HALF_UP)

"""Rounding of a benefit (取整办法): each province's own, a dated parameter ``benefit_rounding``; never assumed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

PARAMETER = "benefit_rounding"


def _half_up(value: Fraction, unit: int) -> int:
    """To the nearest multiple of ``unit`` fen, half away from zero."""
    size = floor(abs(value) / unit + Fraction(1, 2)) * unit
    return size if value >= 0 else -size


def round_by(method: str, value: Fraction) -> int:
    """Yuan → fen by a method of the parameter; raises KeyError for a method it does not have.

    见分进角 and 见角进元 first round to the fen half up, then go up to the next 角 or 元; 去尾 goes down.

    >>> round_by("四舍五入到分", Fraction(120000, 139)), round_by("见分进角", Fraction(120000, 139)), round_by("见角进元", Fraction(1001, 10))
    (86331, 86340, 10100)
    """
    return _METHODS[method](value * 100)


_METHODS: dict[str, Callable[[Fraction], int]] = {
    "四舍五入到分": lambda fen: _half_up(fen, 1),
    "四舍五入到角": lambda fen: _half_up(fen, 10),
    "四舍五入到元": lambda fen: _half_up(fen, 100),
    "见分进角": lambda fen: ceil(Fraction(_half_up(fen, 1), 10)) * 10,
    "见角进元": lambda fen: ceil(Fraction(_half_up(fen, 1), 100)) * 100,
    "去尾到分": floor,
    "去尾到角": lambda fen: floor(fen / 10) * 10,
    "去尾到元": lambda fen: floor(fen / 100) * 100,
}
METHODS = tuple(_METHODS)

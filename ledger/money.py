"""Money as integer fen (分): parsing, printing, shares without a lost fen, and Chinese capitals (大写).

Unit everywhere: fen. ``Decimal`` yuan only at the edges (files, screens, Beancount); never a float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from ledger.errors import UNUSABLE, Refusal

Fen = int


class BadAmount(Refusal):
    """An amount that is not yuan with up to two decimals."""

    code = "SB1001"
    zh = "金额“{value}”无法识别。"
    en = "The amount “{value}” cannot be read."
    cause_zh = "金额应为元，最多两位小数，可带千分位、¥ 或“元”。"
    cause_en = "Amounts are yuan with at most two decimals; thousand separators, ¥ and 元 are allowed."
    remedy_zh = "改正该单元格后重新导入。"
    remedy_en = "Mend the cell and take the file in again."
    status = UNUSABLE


_AMOUNT = re.compile(r"([+-]?)¥?([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{0,2}0*)?)元?")
_LOOSE = re.compile(r"(?<![0-9.,])\s+|\s+(?![0-9.,])")
LONGEST = 100
"""Letters beyond which a text is no amount, whatever it says."""
LIMIT: Fen = 10**17
"""A single amount stays below this (100 万亿 yuan), so that sums of many fit the store's 64-bit integers."""


def parse_fen(text: str) -> Fen:
    """Yuan as text → fen. Full-width digits, ``¥`` before, ``元`` after, thousand separators and brackets for minus are read.

    >>> parse_fen("1,234.5"), parse_fen("¥-3"), parse_fen("（12.00）")
    (123450, -300, -1200)
    """
    cleaned = _LOOSE.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-")
    bracketed = cleaned.startswith("(") and cleaned.endswith(")")
    found = _AMOUNT.fullmatch(cleaned[1:-1] if bracketed else cleaned)
    signs = found.group(1) + found.group(2) if found else ""
    if found is None or len(signs) + bracketed > 1 or len(cleaned) > LONGEST:
        raise BadAmount(value=text)
    fen = int((Decimal(found.group(3).replace(",", "")) * 100).to_integral_exact())
    if fen >= LIMIT:
        raise BadAmount(value=text)
    return -fen if bracketed or signs == "-" else fen


def yuan(fen: Fen) -> Decimal:
    """Fen → yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def show(fen: Fen, *, grouped: bool = True) -> str:
    """Fen → ``1,234.50`` for people, or ``1234.50`` for files."""
    return f"{yuan(fen):,.2f}" if grouped else f"{yuan(fen):.2f}"


def round_fen(value: Decimal) -> Fen:
    """The one rounding of the house: yuan → fen, half up (四舍五入), symmetric about zero."""
    return int((value * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """``total`` split by integer weights without losing a fen (largest remainder; ties to the first)."""
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative with a positive sum")
    sign = -1 if total < 0 else 1
    parts = [divmod(abs(total) * weight, whole) for weight in weights]
    left = abs(total) - sum(quotient for quotient, _ in parts)
    order = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    extra = set(order[:left])
    return [sign * (quotient + (1 if i in extra else 0)) for i, (quotient, _) in enumerate(parts)]


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))


def _whole_capitals(number: int) -> str:
    """A whole number above zero: digits and places, one 零 for any run of zeros inside."""
    for place, name in _PLACES:
        if number >= place:
            high, low = divmod(number, place)
            gap = "零" if 0 < low < place // 10 else ""
            return _whole_capitals(high) + name + gap + (_whole_capitals(low) if low else "")
    return _DIGITS[number]


def capitals(fen: Fen) -> str:
    """Fen → Chinese capitals for printed forms (会计基础工作规范 第五十二条): 壹仟零叁元伍角整.

    Ends in 整 at yuan or jiao, not at fen; inner zeros give one 零.
    """
    if fen < 0:
        return "负" + capitals(-fen)
    whole, cents = divmod(fen, 100)
    jiao, last = divmod(cents, 10)
    text = _whole_capitals(whole) + "元" if whole else ("" if cents else "零元")
    if not cents:
        return text + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif text:
        text += "零"
    return text + (_DIGITS[last] + "分" if last else "整")

"""Which number formats show a date (日期格式), and what a workbook's number is as a date.

Source: ECMA-376 Part 1, 18.8.30 numFmt (with the formats built into Chinese editions) and 18.17.4 dates.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
DURATION = 46
LAST_DAY = 2_958_466
_SPOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_PLAIN, _DATE, _DURATION = "", "date", "duration"


def shown(number: int, code: str) -> str:
    """What a format shows: ``date``, ``duration`` or '' for a plain number. ``code``: the format's text, '' when it is built in.

    >>> shown(14, ""), shown(176, 'yyyy"年"m"月"'), shown(177, "#,##0.00_);[Red](#,##0.00)"), shown(178, "[h]:mm")
    ('date', 'date', '', 'duration')
    """
    if not code:
        return _DURATION if number == DURATION else _DATE if number in DATES else _PLAIN
    bare = _SPOKEN.sub("", code.split(";")[0]).lower()
    if "general" in bare:
        return _PLAIN
    if re.search(r"\[(?:h+|m+|s+)\]", bare):
        return _DURATION
    return _DATE if re.search("[ymdhs]", bare) else _PLAIN


def date_text(value: Decimal, *, since_1904: bool, duration: bool) -> str | None:
    """A workbook's number as a date ``YYYY-MM-DD``, with its time where there is one, or as a time of day; None when it can be neither.

    >>> date_text(Decimal(45356), since_1904=False, duration=False), date_text(Decimal("0.5"), since_1904=False, duration=False)
    ('2024-03-05', '12:00:00')
    """
    if not 0 <= value < LAST_DAY:
        return None
    seconds = int((value * 86_400).to_integral_value())
    if duration:
        return str(timedelta(seconds=seconds))
    days, rest = divmod(seconds, 86_400)
    clock = (datetime.min + timedelta(seconds=rest)).time().isoformat()
    if not days and not since_1904:
        return clock
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30) if days > 60 else date(1899, 12, 31)
    day = (first + timedelta(days=days)).isoformat() if days != 60 or since_1904 else "1900-02-29"
    return f"{day} {clock}" if rest else day

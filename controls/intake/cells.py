"""Cells (单元格) as pure functions: text in, a typed value out, or :class:`Bad` with the code of what is wrong.

Each is defined once, here, and applied to the distinct values of a column (see ``controls.intake.columns``).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from controls.intake.errors import AmountDecimals, AmountHuge, AmountText, DayBad, IntegerBad, MonthBad, PeriodSpans, RegionBad
from ledger import regions
from ledger.errors import Refusal
from ledger.funds import Fund, UnknownFund
from ledger.identity import clean
from ledger.money import BadAmount, Fen, parse_fen

MOST_FEN = 10**15
LONGEST_FIGURE = 24
OPEN_END = 9999
FIRST_YEAR = 1800
LAST_YEAR = 2200
FIRST_REGIONS, LATEST_REGIONS = 1980, 2024
"""Years whose lists of regions are searched for a name that none bears today, the latest first."""

_FILLERS = frozenset(("", "-", "--", "—", "——", "/", "\\", "无", "空", "null", "none", "nil", "n/a", "na", "nan", "nat"))
_NO_DAY = frozenset(("0", "00000000", "0000-00-00", "0000/00/00", "000000", "0000-00"))
_SPLIT = r"[-/.]"
_DAY_FORMS = (
    re.compile(rf"(\d{{4}})({_SPLIT})(\d{{1,2}})\2(\d{{1,2}})"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})[日号]?"),
)
_CLOCK = re.compile(r"[tT ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_COMPACT_CLOCK = re.compile(r"(\d{8})[ T]?(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
_HAN_CLOCK = re.compile(r"[ T]?\d{1,2}[时点](?:\d{1,2}分)?(?:\d{1,2}秒)?$")
_MONTH_FORMS = (
    re.compile(r"(\d{4})[-/](\d{1,2})"),
    re.compile(r"(\d{4})\.?(\d{2})"),
    re.compile(r"(\d{4})年(\d{1,2})月份?"),
)
_BARE_MONTH = re.compile(r"(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?")
_SPAN_WORDS = re.compile(r"上半年|下半年|半年|季度?$|[Hh][12]$|[Qq][1-4]$")
_TO = "[-~至到—–]"
_SPAN = re.compile(
    rf"(?:\d{{4}}[-年./]?)?\d{{1,2}}月?{_TO}(?:\d{{4}}[-年./]?)?\d{{1,2}}月份?|\d{{6}}{_TO}\d{{6}}|\d{{4}}[-./]\d{{1,2}}[~至到—–]\d{{4}}[-./]\d{{1,2}}"
)
_YEAR = re.compile(r"(\d{4})(?:年度?|度)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)
_WRITTEN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?")


class Bad(Exception):
    """A cell in error: ``trouble`` is the class whose code and sentence say what is wrong."""

    def __init__(self, trouble: type[Refusal]) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


def squash(text: str) -> str:
    """NFKC without white space and invisible characters."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("\ufeff", "").replace("\u200b", "")


def is_filler(text: str) -> bool:
    """Whether a cell holds only what people write for nothing: ``-``, ``/``, ``无``, ``NULL``."""
    return squash(text).casefold() in _FILLERS


def fund(text: str) -> str:
    """Letter code of the fund; a program of earmarked money is none."""
    try:
        found = Fund.parse(squash(text))
    except UnknownFund as error:
        raise Bad(UnknownFund) from error
    if found.special:
        raise Bad(UnknownFund)
    return found.value


def program(text: str) -> str:
    """Code of the fund or of the program (专项资金项目) whose special book takes the row."""
    try:
        return Fund.parse(squash(text)).value
    except UnknownFund as error:
        raise Bad(UnknownFund) from error


def region(text: str) -> str:
    """The first six of 6 or 12 digits, or the code of the one region that bears a name; a name of several or of none is no region."""
    found = clean(text)
    if found.isascii() and found.isdigit() and len(found) in (6, 12):
        return found[:6]
    named = () if found.isascii() else regions_named(found)
    if len(named) != 1:
        raise Bad(RegionBad)
    return named[0]


@cache
def regions_named(text: str) -> tuple[str, ...]:
    """Codes of the regions that a written name may mean: of today's, else of the latest year in which one bore it."""
    for day in (None, *(date(year, 12, 31) for year in range(LATEST_REGIONS, FIRST_REGIONS - 1, -1))):
        if found := regions.find(text, day):
            return tuple(dict.fromkeys(region.code for region in found))
    return ()


def account(text: str) -> str:
    """A bank account: full-width forms and white space gone, upper case; leading zeros stay."""
    return clean(text)


def amount(text: str, *, wan: bool = False) -> Fen:
    """Fen. In 万元 (``wan``) the figure times ten thousand must be whole fen; otherwise at most two decimals."""
    if not wan:
        try:
            fen = parse_fen(text)
        except BadAmount as error:
            exact = exact_fen(text, wan=False)
            raise Bad(AmountText if exact is None else AmountHuge if exact == exact.to_integral_value() else AmountDecimals) from error
    else:
        exact = exact_fen(text, wan=True)
        if exact is None:
            raise Bad(AmountText)
        if exact != exact.to_integral_value():
            raise Bad(AmountDecimals)
        fen = int(exact)
    if abs(fen) >= MOST_FEN:
        raise Bad(AmountHuge)
    return fen


def exact_fen(text: str, *, wan: bool) -> Decimal | None:
    """The figure in fen with all its decimals, for proving totals; None when it is no number."""
    cleaned = squash(text).replace("¥", "").replace("元", "").replace("−", "-")
    if cleaned.startswith("(") and cleaned.endswith(")"):
        cleaned = "-" + cleaned[1:-1]
    if _WRITTEN.fullmatch(cleaned) is None or len(cleaned) > LONGEST_FIGURE:
        return None
    return Decimal(cleaned.replace(",", "")).scaleb(6 if wan else 2)


def day(text: str) -> date | None:
    """A date in any of the forms of the contract, or an Excel serial; a time after it is dropped. None for an open end (year 9999)."""
    found = squash(_HAN_CLOCK.sub("", _CLOCK.sub("", unicodedata.normalize("NFKC", text).strip())))
    if (stamp := _COMPACT_CLOCK.fullmatch(found)) is not None:
        found = stamp.group(1)
    for form in _DAY_FORMS:
        if (match := form.fullmatch(found)) is not None:
            return _day(int(match.group(1)), int(match.group(3)), int(match.group(4)))
    if _SERIAL.fullmatch(found):
        return _EPOCH + timedelta(days=int(found.partition(".")[0]))
    raise Bad(DayBad)


def _day(year: int, month: int, number: int) -> date | None:
    if year == OPEN_END:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Bad(DayBad)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Bad(DayBad) from error


def day_or_month(text: str) -> date | None:
    """A date, or the last day of a month."""
    try:
        return day(text)
    except Bad:
        try:
            number = month(text)
        except Bad as error:
            raise Bad(DayBad) from error
    if number is None:
        return None
    year, of_year = divmod(number, 100)
    return date(year, of_year, calendar.monthrange(year, of_year)[1])


def month(text: str, *, year_ok: bool = False, title_year: int | None = None) -> int | None:
    """``yyyymm``. A first day of a month stands for it (spreadsheets make dates of months). With ``year_ok`` a bare year Y gives Y00. None for an open end.

    ``title_year``: the one year the title names, for ``3月`` and ``三月``.
    """
    found = squash(text)
    for form in _MONTH_FORMS:
        if (match := form.fullmatch(found)) is not None:
            year, of_year = int(match.group(1)), int(match.group(2))
            if year == OPEN_END:
                return None
            if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= of_year <= 12):
                raise Bad(MonthBad)
            return year * 100 + of_year
    if year_ok and (match := _YEAR.fullmatch(found)) is not None and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        return int(match.group(1)) * 100
    if (match := _BARE_MONTH.fullmatch(found)) is not None and title_year is not None:
        return title_year * 100 + _of_year(match.group(1))
    if _SPAN_WORDS.search(found) is not None or _SPAN.fullmatch(found) is not None:
        raise Bad(PeriodSpans)
    return _month_of_first_day(text)


def _of_year(text: str) -> int:
    return int(text) if text.isdigit() else "一二三四五六七八九".index(text) + 1 if len(text) == 1 and text != "十" else 10 + " 一二".index(text[1:] or " ")


def _month_of_first_day(text: str) -> int | None:
    if _SERIAL.fullmatch(squash(text)):
        raise Bad(MonthBad)
    try:
        first = day(text)
    except Bad as error:
        raise Bad(MonthBad) from error
    if first is not None and first.day != 1:
        raise Bad(MonthBad)
    return None if first is None else first.year * 100 + first.month


def is_no_day(text: str) -> bool:
    """Whether a date or month cell holds zeros for nothing."""
    return squash(text) in _NO_DAY


def integer(text: str) -> int:
    """A whole number of at most nine digits; leading zeros are dropped."""
    found = squash(text).replace(",", "")
    if re.fullmatch(r"\d{1,9}(\.0+)?", found) is None:
        raise Bad(IntegerBad)
    return int(found.partition(".")[0])

"""Working days (工作日): Monday to Friday, less the holidays of the State Council's yearly notice, with the weekends worked instead.

Each year's notice is one file of ``templates/calendars``; a day of a year without one is never guessed (SB1500).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pydantic import model_validator

import templates
from ledger import lawfile
from ledger.errors import Refusal
from ledger.lawfile import LawFile

FOLDER = "calendars"
SATURDAY = 5


class NoCalendar(Refusal):
    """A clock of working days reaches into a year whose holidays nobody entered."""

    code = "SB1500"
    zh = "没有 {year} 年的工作日历，{year} 年的工作日无法计算。"
    en = "There is no calendar of {year}: its working days cannot be reckoned."
    cause_zh = "工作日按国务院办公厅每年的节假日安排通知计算，一年一个文件；没有的年份不推算。"
    cause_en = "Working days follow the State Council's yearly notice of holidays, a file a year; a year without one is not guessed."
    remedy_zh = "照 templates/calendars 里往年文件的样子写好 {year}.yaml，放到本单位模板目录的 calendars/ 下。"
    remedy_en = "Write {year}.yaml like those of other years in templates/calendars and put it into calendars/ of your office's template folder."


class _Year(LawFile):
    holidays: tuple[tuple[date, ...], ...]
    weekend_workdays: tuple[tuple[date, ...], ...]

    @model_validator(mode="after")
    def _sound(self) -> _Year:
        off, worked = _flat(self.holidays), _flat(self.weekend_workdays)
        year = self.valid_from.year
        if (self.valid_from, self.valid_to) != (date(year, 1, 1), date(year + 1, 1, 1)):
            raise ValueError("valid_from and valid_to must be 1 January of the year and of the next")
        if any(day.year != year for day in (*off, *worked)):
            raise ValueError(f"every day must lie in {year}")
        if len(set(off) | set(worked)) != len(off) + len(worked):
            raise ValueError("a day is given twice")
        if idle := [day for day in worked if day.weekday() < SATURDAY]:
            raise ValueError(f"{idle[0]} is no weekend")
        return self


def _flat(rows: tuple[tuple[date, ...], ...]) -> list[date]:
    return [day for row in rows for day in row]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendars of some years: which have one, their holidays, and the weekends that are worked."""

    years: frozenset[int]
    holidays: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day; raises SB1500."""
        if day.year not in self.years:
            raise NoCalendar(year=day.year)
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.holidays)

    def after(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start`` (the day itself is not counted, as 民法典第201条 counts); raises SB1500."""
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie in (``start``, ``end``]; negative when ``end`` is before ``start``. Raises SB1500."""
        if end < start:
            return -self.between(end, start)
        return sum(self.works(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))


def calendar() -> Calendar:
    """The calendars of the template folders, the office's own first; raises SB1011."""
    return _read(tuple(str(root) for root in templates.roots()))


@cache
def _read(_: tuple[str, ...]) -> Calendar:
    years = [lawfile.read(_Year, name) for name in templates.names(FOLDER, ".yaml")]
    off = frozenset(day for one in years for day in _flat(one.holidays))
    return Calendar(frozenset(one.valid_from.year for one in years), off, frozenset(day for one in years for day in _flat(one.weekend_workdays)))

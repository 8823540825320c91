"""Months (所属期, 会计期间) as a value of their own type, and half-open spans of them.

A :class:`Month` prints as ``YYYY-MM`` and is stored as the integer ``yyyymm``; a month is never a date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

from ledger.errors import UNUSABLE, Refusal


class BadMonth(Refusal):
    """Text that is no month."""

    code = "SB1002"
    zh = "“{value}”不是月份。"
    en = "“{value}” is not a month."
    cause_zh = "月份写作 2024-03、202403 或 2024年3月。"
    cause_en = "Months are written 2024-03, 202403 or 2024年3月."
    remedy_zh = "改写后重试。"
    remedy_en = "Rewrite it and try again."
    status = UNUSABLE


_FORMS = (re.compile(r"^(\d{4})[-/.](\d{1,2})$"), re.compile(r"^(\d{4})(\d{2})$"), re.compile(r"^(\d{4})年(\d{1,2})月(?:份)?$"))


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month. ``Month(2026, 10)``; ``str()`` gives ``2026-10``; ``m + 1`` is the next month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2999):
            raise BadMonth(value=f"{self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """``2024-03``, ``2024/3``, ``2024.3``, ``202403`` or ``2024年3月``; raises SB1002."""
        for form in _FORMS:
            found = form.match(text.strip())
            if found:
                return cls(int(found.group(1)), int(found.group(2)))
        raise BadMonth(value=text)

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: int) -> Month:
        """``202403`` → March 2024."""
        return cls(number // 100, number % 100)

    @property
    def number(self) -> int:
        """``yyyymm``, as stored."""
        return self.year * 100 + self.month

    @property
    def index(self) -> int:
        """Months since year 0: differences of indices are numbers of months."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __add__(self, months: int) -> Month:
        year, month = divmod(self.index + months, 12)
        return Month(year, month + 1)

    def __sub__(self, months: int) -> Month:
        return self + (-months)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Month):
            return NotImplemented
        return self.index < other.index

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def zh(self) -> str:
        """``2026年10月`` for print."""
        return f"{self.year}年{self.month}月"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of months ``[start, end)``; ``end`` None is open."""

    start: Month
    end: Month | None = None

    def __contains__(self, month: Month) -> bool:
        return self.start <= month and (self.end is None or month < self.end)

    def overlaps(self, other: Span) -> bool:
        """Whether a month lies in both; spans that merely touch do not overlap."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


def months(first: Month, last: Month) -> Iterator[Month]:
    """Every month from ``first`` to ``last``, both included."""
    for offset in range(last.index - first.index + 1):
        yield first + offset


def show_runs(wanted: Iterable[Month]) -> str:
    """Months as runs for people: ``2025-04～2025-07、2025-09``."""
    ordered = sorted(set(wanted))
    runs: list[list[Month]] = []
    for month in ordered:
        if runs and runs[-1][-1] + 1 == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}～{run[-1]}" for run in runs)

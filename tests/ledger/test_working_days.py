"""Working days: the State Council's notices as data, counted from the next day, and never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import working_days
from ledger.lawfile import BadLawFile
from ledger.working_days import NoCalendar, calendar

DAYS = st.dates(date(2018, 1, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 1, 5), 3, date(2026, 1, 8)),
        (date(2026, 2, 12), 2, date(2026, 2, 14)),  # a worked Saturday before the Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2025, 9, 28), 3, date(2025, 10, 9)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
    ],
)
def test_worked_days(start: date, days: int, end: date) -> None:
    """Holidays are passed over, worked weekends count, the day of receipt does not."""
    assert calendar().after(start, days) == end
    assert calendar().between(start, end) == days
    assert calendar().between(end, start) == -days


@given(start=DAYS, days=st.integers(0, 30))
def test_counting_there_and_back(start: date, days: int) -> None:
    """The day reached is a working day, and counting up to it gives the number asked for."""
    known = calendar()
    reached = known.after(start, days)
    assert known.between(start, reached) == days
    assert days == 0 or known.works(reached)


def test_a_year_without_a_calendar_is_not_guessed() -> None:
    """SB1500 names the year and the file."""
    with pytest.raises(NoCalendar, match="2031") as refused:
        calendar().after(date(2030, 12, 30), 3) if 2030 in calendar().years else calendar().works(date(2031, 1, 2))
    assert refused.value.code == "SB1500"


def test_a_later_year_is_only_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next notice is a file in the office's own folder; a workday given as a worked weekend is refused."""
    (tmp_path / "calendars").mkdir()
    text = "document: x\nvalid_from: 2031-01-01\nvalid_to: 2032-01-01\nreference: 通知\nholidays:\n  - [2031-01-01]\nweekend_workdays:\n  - [{day}]\n"
    file = tmp_path / "calendars" / "2031.yaml"
    file.write_text(text.format(day="2031-01-04"), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    working_days._read.cache_clear()
    assert calendar().after(date(2031, 1, 1), 3) == date(2031, 1, 4)
    file.write_text(text.format(day="2031-01-06"), encoding="utf-8")
    working_days._read.cache_clear()
    with pytest.raises(BadLawFile, match="2031-01-06"):
        calendar()
    working_days._read.cache_clear()

"""The one door of this room to workbooks, and how amounts and days are written in files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

Cell = str | int | Decimal | date | None
Group = tuple[str, int]
"""A merged head above the columns: its text and how many columns it spans."""


def write_workbook(path: Path, rows: Iterable[Sequence[Cell]], *, sheet: str, titles: Sequence[str] = (), groups: Sequence[Group] = ()) -> None:
    """One worksheet: title lines, a merged head line if ``groups`` are given, the head, the data."""
    from ledger.sheets import Sheet
    from ledger.sheets import write_workbook as write

    above: list[Sequence[Cell]] = []
    merges: list[tuple[int, int, int, int]] = []
    if groups:
        cells: list[Cell] = []
        for text, span in groups:
            if span > 1:
                merges.append((len(titles), len(cells), len(titles), len(cells) + span - 1))
            cells += [text, *([None] * (span - 1))]
        above.append(cells)
    write(path, {sheet: Sheet([*above, *rows], titles, head_rows=len(above) + 1, merges=merges)})


def yuan(fen: int) -> str:
    """``-3.05`` for -305 fen."""
    return f"{fen // 100}.{fen % 100:02d}" if fen >= 0 else f"-{-fen // 100}.{-fen % 100:02d}"


def decimal(fen: int) -> Decimal:
    """Fen as a number cell in yuan."""
    return Decimal(fen).scaleb(-2)


_DAYS: dict[tuple[str, int], str] = {}


def day_text(day: int, form: str = "-") -> str:
    """``yyyymmdd`` as ``2025-03-05`` (-), ``2025/3/5`` (/), ``20250305`` (8) or ``2025年3月5日`` (zh); 0 is blank, ``yyyymm`` keeps to the month."""
    key = (form, day)
    text = _DAYS.get(key)
    if text is None:
        text = _DAYS[key] = _day_text(day, form)
    return text


def _day_text(day: int, form: str) -> str:
    if not day:
        return ""
    if day < 1_000_000:
        year, month = divmod(day, 100)
        return {"-": f"{year}-{month:02d}", "/": f"{year}.{month:02d}", "8": str(day), "zh": f"{year}年{month}月"}[form]
    year, month, number = day // 10_000, day // 100 % 100, day % 100
    return {"-": f"{year}-{month:02d}-{number:02d}", "/": f"{year}/{month}/{number}", "8": str(day), "zh": f"{year}年{month}月{number}日"}[form]


def as_date(day: int) -> date | None:
    """``yyyymmdd`` as a date cell; 0 is blank."""
    return date(day // 10_000, day // 100 % 100, day % 100) if day else None

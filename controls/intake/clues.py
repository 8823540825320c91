"""How cells were written (写法): dates in several forms, brackets for minus, months without a year, names for codes. Gathered while columns are read.

The values say what was read; this says how it stood in the file, for the doubts (``controls.intake.doubts``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from controls.intake.cells import is_filler, squash
from controls.intake.columns import Cells
from controls.intake.contracts import Column
from ledger.sheets import Body

FIRST = 5
"""So many lines and values of each way of writing are kept."""

_BARE_MONTH = re.compile(r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?")
_BACKWARDS = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})")


@dataclass(slots=True)
class Clue:
    """Cells of one column written in one way: how many, the first lines, some values."""

    count: int = 0
    lines: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stored:
    """How a workbook stores the cells of one column: numbers of cells by kind, and the first lines of each kind in the minority."""

    texts: int = 0
    numbers: int = 0
    days: int = 0
    text_lines: tuple[int, ...] = ()
    number_lines: tuple[int, ...] = ()
    day_lines: tuple[int, ...] = ()


def stored(body: Body) -> dict[int, Stored]:
    """Place of a column → how it is stored; {} for files that are no workbooks."""

    def lines(rows: Sequence[int]) -> tuple[int, ...]:
        return tuple(body.lines[row].as_py() for row in rows[:FIRST])

    mixed: dict[int, Any] = getattr(body, "mixed", {})
    return {
        place: Stored(kept.text, kept.numbers, kept.days, lines(kept.text_rows), lines(kept.number_rows), lines(kept.day_rows))
        for place, kept in mixed.items()
    }


class Clues:
    """Counts ways of writing by column id; one for a whole file, however many blocks it is read in."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Clue] = {}

    def see(self, column: Column, cells: Cells, lines: Any) -> None:
        """Takes the cells of some rows (``lines``: their physical lines, int32)."""
        style = _STYLES.get(column.kind)
        if style is None or not len(cells):
            return
        styles = [style(squash(value)) for value in cells.values]
        kinds = sorted(set(styles) - {""})
        if not kinds:
            return
        numbered = np.array([kinds.index(each) if each else -1 for each in styles], np.int64)[cells.indices]
        for place, kind in enumerate(kinds):
            at = np.flatnonzero(numbered == place)
            if len(at):
                self._add((column.id, kind), at, cells, lines)

    def _add(self, key: tuple[str, str], at: Any, cells: Cells, lines: Any) -> None:
        clue = self.found.setdefault(key, Clue())
        clue.count += len(at)
        for row in at[: FIRST - len(clue.lines)] if len(clue.lines) < FIRST else ():
            clue.lines.append(int(lines[int(row)].as_py()))
            clue.values.append(str(cells.values[cells.indices[row]]).strip())

    def of(self, name: str) -> dict[str, Clue]:
        """Way of writing → what was seen of it, for one column."""
        return {style: clue for (column, style), clue in self.found.items() if column == name}


def _day(text: str) -> str:
    if not text or is_filler(text):
        return ""
    if _BACKWARDS.fullmatch(text):
        return "倒写"
    if _BARE_MONTH.fullmatch(text):
        return "月份无年"
    if text.isdigit():
        return {5: "序列号", 6: "六位", 8: "八位", 4: "年份"}.get(len(text), "其他")
    for mark, style in (("年", "年月日"), ("-", "横线"), ("/", "斜线"), (".", "点")):
        if mark in text:
            return style
    return "其他"


def _amount(text: str) -> str:
    if text[:1] == "(" and text[-1:] == ")":
        return "括号"
    return "单位字" if "元" in text or "¥" in text else ""


def _region(text: str) -> str:
    if not text:
        return ""
    return "名称" if not text.isascii() else {6: "六位", 12: "十二位"}.get(len(text), "其他")


_STYLES: dict[str, Callable[[str], str]] = {"day": _day, "day_or_month": _day, "month": _day, "amount": _amount, "region": _region}

"""Which rows are data (数据行), and which are blank, totals (小计, 合计, 总计), repeated headers, column numbers or notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.cells import squash
from controls.intake.columns import Cells, encode
from controls.intake.contracts import Contract, fold
from controls.intake.heads import Head
from ledger.sheets import Body

_WORDS = "小计|合计|总计|共计"
_TOTAL = re.compile(rf"(?:本页|本表|分)?({_WORDS})[:(]?[)]?")
_LOOSE_TOTAL = re.compile(rf".{{0,20}}?({_WORDS})(?:[:(\[（,]?[^。]{{0,20}})?")
_NOTE = re.compile(r"(制表|制单|填表|填报|审核|复核|经办|负责人|单位负责人|主管|分管|备注|说明|注|打印|导出|报送|联系|第\d+页|共\d+页)[^:]{0,8}(:.*|$)")
_BALANCE_WORDS = "[余承结过]"
_BALANCE = re.compile(r"(?:期初|期末|上期|上年|上月|上页|本期|本月|月初|月末|年初|承前|过次|结转|昨日)(?:页|余额|结余|结转|金额)*")
_NOTE_STARTS = frozenset("制填审复经负单主分备说注打导报联第共")
_FIRST_TEXT_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A total row: index in the body, its label and kind (小计, or 合计 for all the others)."""

    row: int
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """``data``: body indices of data rows. ``totals``: total rows. ``passed_over``: (body index, why) of rows that are neither."""

    data: Any
    totals: list[TotalRow]
    passed_over: list[tuple[int, str]]


class Grid:
    """The body with a dictionary of each column made once and kept."""

    def __init__(self, body: Body, plain: frozenset[int] = frozenset()) -> None:
        self.body = body
        self._plain = plain
        self._encoded: dict[int, Cells] = {}

    def cells(self, place: int) -> Cells:
        """All rows of a column, as distinct texts and indices."""
        if place not in self._encoded:
            self._encoded[place] = encode(self.body.columns[place], None)
        return self._encoded[place]

    def is_plain(self, place: int) -> bool:
        """Whether the column is not worth a dictionary (serials, unknown columns)."""
        return place in self._plain and place not in self._encoded

    def row(self, index: int) -> list[str]:
        """The texts of one row."""
        return [self.text(place, index) for place in range(len(self.body.columns))]

    def text(self, place: int, index: int) -> str:
        """The text of one cell."""
        if place in self._encoded:
            found = self._encoded[place]
            return str(found.values[found.indices[index]])
        value: str = self.body.columns[place][index].as_py()
        return value


def sort(contract: Contract, head: Head, grid: Grid) -> Sorted:
    """Tells the rows of a body apart."""
    count = len(grid.body)
    if count == 0:
        return Sorted(np.array([], np.int64), [], [])
    other = np.zeros(count, bool)
    passed: list[tuple[int, str]] = []
    found = {
        "余额行": _balances(head, grid),
        "空行": _blank(head, grid),
        "重复的表头": _repeated(contract, head, grid),
        "栏次": _column_numbers(grid),
        "注": _notes(contract, head, grid),
    }
    for why, rows in found.items():
        fresh = rows[~other[rows]]
        other[fresh] = True
        passed += [(int(row), why) for row in fresh[:1000]] if why != "空行" else []
    totals = [total for total in _totals(contract, head, grid) if not other[total.row]]
    other[[total.row for total in totals]] = True
    return Sorted(np.flatnonzero(~other), totals, sorted(passed))


def _blank(head: Head, grid: Grid) -> Any:
    rows = np.arange(len(grid.body))
    known = list(head.places.values())
    for place in [*known, *(place for place in range(len(grid.body.columns)) if place not in known)]:
        if not len(rows):
            break
        if grid.is_plain(place):
            texts = grid.body.columns[place].take(pa.array(rows))
            rows = rows[np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), ""))]
        else:
            rows = rows[grid.cells(place).flags(lambda value: not squash(value))[rows]]
    return rows[~np.isin(rows, np.array(grid.body.broken_quotes, np.int64))]


def _balances(head: Head, grid: Grid) -> Any:
    """Rows of a statement that carry only a balance (期初余额, 承前页, 期末余额)."""
    if "balance" not in head.places:
        return np.array([], np.int64)
    rows: set[int] = set()
    for name in ("on", "memo", "serial"):
        if name in head.places:
            rows.update(row for row, _ in _rows_with(grid, head.places[name], _BALANCE_WORDS, _is_balance))
    moved = [head.places[name] for name in ("debit", "credit", "movement") if name in head.places]
    return np.array(sorted(row for row in rows if all(squash(grid.text(place, row)) in ("", "0", "0.00", "-") for place in moved)), np.int64)


def _is_balance(value: str) -> bool:
    return len(value) < 40 and _BALANCE.fullmatch(squash(value)) is not None


def _repeated(contract: Contract, head: Head, grid: Grid) -> Any:
    """Rows in which every required column holds its own header again (page heads)."""
    places = [head.places[column.id] for column in contract.columns if column.required and column.id in head.places]
    rows = np.arange(len(grid.body))
    for place in places:
        label = fold(head.labels[place])
        if not len(rows):
            break
        if grid.is_plain(place):
            rows = np.array([row for row in rows[:10_000] if fold(grid.text(place, row)) == label], np.int64) if len(rows) < 10_000 else rows[:0]
        else:
            rows = rows[grid.cells(place).flags(lambda value, label=label: len(value) < 40 and fold(value) == label)[rows]]  # type: ignore[misc]
    return rows if len(places) > 1 else rows[:0]


def _column_numbers(grid: Grid) -> Any:
    """The first row, where it numbers the columns: 1 2 3 … or (1) (2) (3) …"""
    found = [re.fullmatch(r"\(?(\d{1,2})\)?", squash(text)) for text in grid.row(0) if squash(text) and squash(text) not in ("栏次", "甲", "乙", "丙")]
    numbers = [int(match.group(1)) for match in found if match is not None]
    counted = len(numbers) == len(found) >= 3 and all(after - before == 1 for before, after in pairwise(numbers))
    return np.array([0] if counted else [], np.int64)


def _label_places(contract: Contract, head: Head, grid: Grid) -> list[int]:
    """Columns in which a total's label may stand: the first text columns and every text column that was recognised."""
    known = [place for name, place in head.places.items() if contract.column(name).kind not in ("amount", "day", "day_or_month")]
    amounts = {place for name, place in head.places.items() if contract.column(name).kind == "amount"}
    return sorted({*known, *(place for place in range(min(_FIRST_TEXT_COLUMNS, len(grid.body.columns))) if place not in amounts)})


def _totals(contract: Contract, head: Head, grid: Grid) -> list[TotalRow]:
    key = head.places.get(contract.key)
    found: dict[int, TotalRow] = {}
    for place in _label_places(contract, head, grid):
        for row, text in _rows_with(grid, place, "计", _is_total):
            if row in found:
                continue
            exact = _TOTAL.fullmatch(text)
            if exact is None and key is not None and key != place and squash(grid.text(key, row)):
                continue
            label = exact or _LOOSE_TOTAL.fullmatch(text)
            if label is not None:
                found[row] = TotalRow(row, text, label.group(1))
    return [found[row] for row in sorted(found)]


def _rows_with(grid: Grid, place: int, words: str, test: Any) -> list[tuple[int, str]]:
    if grid.is_plain(place):
        column = grid.body.columns[place]
        mask = pc.match_substring_regex(column, words)
        at = np.flatnonzero(np.asarray(mask))
        if len(at) > 1_000_000:
            at = at[:1_000_000]
        return [(int(row), squash(grid.text(place, int(row)))) for row in at if test(grid.text(place, int(row)))]
    cells = grid.cells(place)
    hits = np.array([index for index, value in enumerate(cells.values) if test(value)], np.int64)
    if not len(hits):
        return []
    return [(int(row), squash(cells.values[cells.indices[row]])) for row in np.flatnonzero(np.isin(cells.indices, hits))]


@cache
def _is_total_cached(text: str) -> bool:
    return _LOOSE_TOTAL.fullmatch(text) is not None


def _is_total(value: str) -> bool:
    return "计" in value and len(value) < 80 and _is_total_cached(squash(value))


def _notes(contract: Contract, head: Head, grid: Grid) -> Any:
    """Rows such as 制表人：… 审核：… in which no required column holds anything else."""
    required = [head.places[column.id] for column in contract.columns if column.required and column.id in head.places]
    rows: set[int] = set()
    for place in _label_places(contract, head, grid):
        rows.update(row for row, _ in _rows_with(grid, place, "[:：页]", _is_note))
        if len(rows) > 10_000:
            break
    return np.array(sorted(row for row in rows if _only_notes(grid, required, row)), np.int64)


def _is_note(value: str) -> bool:
    return value.lstrip()[:1] in _NOTE_STARTS and len(value) < 200 and _NOTE.match(squash(value)) is not None


def _only_notes(grid: Grid, required: Sequence[int], row: int) -> bool:
    texts = [text for place in required if (text := squash(grid.text(place, row)))]
    stray = sum(not _is_note(text) for text in texts)
    return len(texts) <= len(required) // 2 and stray <= (1 if len(required) > 3 else 0)

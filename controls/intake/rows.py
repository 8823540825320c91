"""Which rows are data (数据行), and which are blank, totals (小计, 合计, 总计), repeated headers, column numbers or notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.cells import squash
from controls.intake.contracts import Contract, fold
from controls.intake.heads import Head
from controls.intake.judges import is_blank, maybe_blank, some
from controls.intake.texts import Cells, Texts
from ledger.sheets import Body
from ledger.sheets.body import decoded

_WORDS = "小计|合计|总计|共计"
_TOTAL = re.compile(rf"(?:本页|本表|分)?({_WORDS})[:(]?[)]?")
_LOOSE_TOTAL = re.compile(rf".{{0,20}}?({_WORDS})(?:[:(\[（,]?[^。]{{0,20}})?")
_NOTE = re.compile(r"(制表|制单|填表|填报|审核|复核|经办|负责人|单位负责人|主管|分管|备注|说明|注|打印|导出|报送|联系|第\d+页|共\d+页)[^:]{0,8}(:.*|$)")
_BALANCE_WORDS = "[余承结过]"
_BALANCE = re.compile(r"(?:期初|期末|上期|上年|上月|上页|本期|本月|月初|月末|年初|承前|过次|结转|昨日)(?:页|余额|结余|结转|金额)*")
_NOTE_STARTS = frozenset("制填审复经负单主分备说注打导报联第共")
_NOTE_WORDS = f"[{''.join(sorted(_NOTE_STARTS))}]"
_FIRST_TEXT_COLUMNS = 8

MOST_LISTED = 1_000
"""So many rows of each kind that are no data are listed."""


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A total row: index in the body, its label and kind (小计, or 合计 for all the others)."""

    row: int
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """One block. ``data``: body indices of data rows. ``totals``: total rows. ``passed_over``: (body index, why) of rows that are neither."""

    data: Any
    totals: list[TotalRow]
    passed_over: list[tuple[int, str]]


class Grid:
    """One block of a file, with the codes of each column's texts. ``texts``: place → the texts met in the file so far; they grow.

    ``plain`` columns are not worth a dictionary (serials, unknown columns). Raises UnicodeDecodeError.
    """

    def __init__(self, body: Body, plain: frozenset[int] = frozenset(), texts: dict[int, Texts] | None = None) -> None:
        self.body = body
        self._plain = plain
        self._texts = {} if texts is None else texts
        self._cells: dict[int, Cells] = {}
        if body.coded:
            for place in plain:
                chunks = [decoded(chunk, body.coded) for chunk in body.columns[place].chunks]
                body.columns[place] = pa.chunked_array(chunks, pa.string())

    def cells(self, place: int) -> Cells:
        """All rows of a column, as texts and codes."""
        if place not in self._cells:
            texts = self._texts.setdefault(place, Texts("" if place in self._plain else self.body.coded))
            self._cells[place] = Cells(texts, texts.codes(self.body.columns[place]))
        return self._cells[place]

    def is_plain(self, place: int) -> bool:
        """Whether the column is not worth a dictionary."""
        return place in self._plain

    def ascii(self, place: int) -> bool:
        """Whether a plain column holds no Chinese at all."""
        return all(pc.all(pc.string_is_ascii(chunk)).as_py() is not False for chunk in self.body.columns[place].chunks)

    def row(self, index: int) -> list[str]:
        """The texts of one row."""
        return [self.text(place, index) for place in range(len(self.body.columns))]

    def text(self, place: int, index: int) -> str:
        """The text of one cell."""
        if place in self._cells:
            found = self._cells[place]
            return str(found.texts.array[int(found.indices[index])].as_py())
        value = self.body.columns[place][index].as_py()
        return str(value.decode(self.body.coded)) if isinstance(value, bytes) else str(value)

    def raw(self, at: Any) -> list[pa.Array]:
        """The cells of some rows as text, column by column."""
        taken = [column.take(at) for column in self.body.columns]
        one = [column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for column in taken]
        return [decoded(column, self.body.coded) if column.type == pa.binary() else column.cast(pa.string()) for column in one]


class Sorter:
    """Tells the rows of a file apart, block by block."""

    def __init__(self, contract: Contract, head: Head) -> None:
        self._contract, self._head = contract, head
        self._room = Counter[str]()
        self._started = False

    def sort(self, grid: Grid) -> Sorted:
        """The rows of the next block."""
        count = len(grid.body)
        if count == 0:
            return Sorted(np.array([], np.int64), [], [])
        contract, head = self._contract, self._head
        other = np.zeros(count, bool)
        passed: list[tuple[int, str]] = []
        found = {
            "余额行": _balances(head, grid),
            "空行": _blank(head, grid),
            "重复的表头": _repeated(contract, head, grid),
            "栏次": np.array([], np.int64) if self._started else _column_numbers(grid),
            "注": _notes(contract, head, grid),
        }
        self._started = True
        for why, rows in found.items():
            fresh = rows[~other[rows]]
            other[fresh] = True
            if why != "空行":
                listed = fresh[: MOST_LISTED - self._room[why]]
                self._room[why] += len(listed)
                passed += [(int(row), why) for row in listed]
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
            rows = rows[grid.cells(place).rows(rows).flags("blank", is_blank, maybe_blank)]
    return rows[~np.isin(rows, np.array(grid.body.broken_quotes, np.int64))]


def _balances(head: Head, grid: Grid) -> Any:
    """Rows of a statement that carry only a balance (期初余额, 承前页, 期末余额)."""
    if "balance" not in head.places:
        return np.array([], np.int64)
    rows: set[int] = set()
    for name in ("on", "memo", "serial"):
        if name in head.places:
            rows.update(row for row, _ in _rows_with(grid, head.places[name], "balance", _BALANCE_WORDS, _is_balance))
    moved = [head.places[name] for name in ("debit", "credit", "movement") if name in head.places]
    return np.array(sorted(row for row in rows if all(squash(grid.text(place, row)) in ("", "0", "0.00", "-") for place in moved)), np.int64)


def _is_balance(value: str) -> bool:
    return len(value) < 40 and _BALANCE.fullmatch(squash(value)) is not None


def _repeated(contract: Contract, head: Head, grid: Grid) -> Any:
    """Rows in which every required column holds its own header again (page heads)."""
    places = [head.places[column.id] for column in contract.columns if column.required and column.id in head.places]
    rows = np.arange(len(grid.body))
    for place in sorted(places, key=grid.is_plain):
        label = fold(head.labels[place])
        if not len(rows):
            break
        if grid.is_plain(place):
            same = pc.dictionary_encode(grid.body.columns[place].take(pa.array(rows)).combine_chunks())
            again = np.array([fold(text) == label for text in same.dictionary.to_pylist()], bool)
            rows = rows[again[np.asarray(same.indices)]] if len(again) else rows[:0]
        else:
            test = partial(_is_label, label=label)
            rows = rows[grid.cells(place).rows(rows).flags("head", test, lambda texts: pc.less(pc.utf8_length(texts), 40))]
    return rows if len(places) > 1 else rows[:0]


def _is_label(value: str, label: str) -> bool:
    return fold(value) == label


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
        for row, text in _rows_with(grid, place, "total", "计", _is_total):
            if row in found:
                continue
            exact = _TOTAL.fullmatch(text)
            if exact is None and key is not None and key != place and squash(grid.text(key, row)):
                continue
            label = exact or _LOOSE_TOTAL.fullmatch(text)
            if label is not None:
                found[row] = TotalRow(row, text, label.group(1))
    return [found[row] for row in sorted(found)]


def _passing(grid: Grid, place: int, key: str, words: str, test: Callable[[str], bool]) -> Any:
    """Per row, whether its text passes ``test``, which only texts with one of ``words`` (Chinese ones, RE2) can do."""
    if not grid.is_plain(place):
        return grid.cells(place).flags(key, test, some(words))
    passing = np.zeros(len(grid.body), bool)
    if not grid.ascii(place):
        at = np.flatnonzero(np.asarray(pc.match_substring_regex(grid.body.columns[place], words)))
        passing[at] = [test(text) for text in grid.body.columns[place].take(pa.array(at)).to_pylist()]
    return passing


def _filled(grid: Grid, place: int, rows: Any) -> Any:
    """Per given row, whether the cell says anything."""
    if grid.is_plain(place):
        return np.array([not is_blank(text) for text in grid.body.columns[place].take(pa.array(rows)).to_pylist()], bool)
    return ~grid.cells(place).rows(rows).flags("blank", is_blank, maybe_blank)


def _rows_with(grid: Grid, place: int, key: str, words: str, test: Callable[[str], bool]) -> list[tuple[int, str]]:
    """Rows and squashed texts that pass ``test``."""
    return [(int(row), squash(grid.text(place, int(row)))) for row in np.flatnonzero(_passing(grid, place, key, words, test))]


@cache
def _is_total_cached(text: str) -> bool:
    return _LOOSE_TOTAL.fullmatch(text) is not None


def _is_total(value: str) -> bool:
    return "计" in value and len(value) < 80 and _is_total_cached(squash(value))


def _notes(contract: Contract, head: Head, grid: Grid) -> Any:
    """Rows such as 制表人：… 审核：… in which no required column holds anything else."""
    required = [head.places[column.id] for column in contract.columns if column.required and column.id in head.places]
    found = np.zeros(len(grid.body), bool)
    for place in _label_places(contract, head, grid):
        found |= _passing(grid, place, "note", _NOTE_WORDS, _is_note)
    rows = np.flatnonzero(found)
    filled, stray = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for place in required:
        if len(rows):
            said = _filled(grid, place, rows)
            filled += said
            stray += said & ~_passing(grid, place, "note", _NOTE_WORDS, _is_note)[rows]
    return rows[(filled <= len(required) // 2) & (stray <= (1 if len(required) > 3 else 0))]


def _is_note(value: str) -> bool:
    return value.lstrip()[:1] in _NOTE_STARTS and len(value) < 200 and _NOTE.match(squash(value)) is not None

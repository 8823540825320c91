"""Totals (小计, 合计, 总计) are proved: a subtotal is the sum since the last one, a grand total the sum of all rows."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import judges
from controls.intake.cells import exact_fen, squash
from controls.intake.errors import TotalMismatch
from controls.intake.rows import Grid, TotalRow
from controls.intake.texts import Cells
from ledger.money import Fen, round_fen, show

NESTED = 200


@dataclass(frozen=True, slots=True)
class CheckedTotal:
    """A total that was proved: line, label, canonical header, fen."""

    line: int
    label: str
    column: str
    fen: Fen


class _Column:
    """One amount column: what stood above each total row, and what each states. Figures are fen: whole numbers, or Decimal where a cell has parts of one."""

    def __init__(self, name: str, place: int, header: str, wan: bool) -> None:
        self.name, self.place, self.header, self.wan = name, place, header, wan
        self.summed: int | Decimal = 0
        self.above: list[int | Decimal] = []
        self.stated: list[tuple[str, int | Decimal | None]] = []

    def take(self, cells: Cells, data: Any, totals: Sequence[TotalRow]) -> None:
        """One block: its data rows and its total rows, as local indices."""
        exact: _Exact = cells.texts.keep("exact", lambda: _Exact(self.wan))
        codes = cells.indices[data]
        whole = _running(exact.whole[codes]) if totals else [_sum(exact.whole[codes])]
        odd: list[int] = np.flatnonzero(exact.is_odd[codes]).tolist() if exact.odd else []
        parts = [Decimal(0)]
        for row in odd:
            parts.append(parts[-1] + exact.odd[int(codes[row])])
        for total in totals:
            before = int(np.searchsorted(data, total.row))
            self.above.append(_plain(self.summed + int(whole[before]) + parts[bisect.bisect_left(odd, before)]))
            text = str(cells.texts.array[int(cells.indices[total.row])].as_py())
            stated = exact_fen(text, wan=self.wan)
            self.stated.append((text.strip() if stated is None else "=", None if stated is None else _plain(stated)))
        self.summed = _plain(self.summed + int(whole[-1]) + parts[-1])


class _Exact:
    """The figure of each distinct text of an amount column: whole fen, and the parts of a fen beyond."""

    def __init__(self, wan: bool) -> None:
        self._wan = wan
        self.whole = np.zeros(0, np.int64)
        self.is_odd = np.zeros(0, bool)
        self.odd: dict[int, Decimal] = {}

    def catch_up(self, texts: pa.Array) -> None:
        """Takes the texts it has not seen yet."""
        start = len(self.whole)
        if start == len(texts):
            return
        fresh = texts.slice(start)
        plain = np.asarray(pc.match_substring_regex(fresh, judges.PLAIN_AMOUNT)) if not self._wan else np.zeros(len(fresh), bool)
        whole = np.zeros(len(fresh), np.int64)
        whole[plain] = np.asarray(pc.replace_substring(fresh.filter(pa.array(plain)), ".", "").cast(pa.int64()))
        at = np.flatnonzero(~plain)
        for place, value in zip(at.tolist(), fresh.take(pa.array(at)).to_pylist(), strict=True):
            fen = exact_fen(value, wan=self._wan)
            if fen is not None:
                whole[place] = int(fen) if abs(fen) < 10**15 else 0
                if fen != int(fen):
                    self.odd[start + place] = fen - int(fen)
        self.whole = np.concatenate([self.whole, whole])
        self.is_odd = np.zeros(len(texts), bool)
        self.is_odd[list(self.odd)] = True


class Tally:
    """Adds up the amount columns of a file block by block, and proves its total rows at the end."""

    def __init__(self, file: str, columns: Sequence[tuple[str, int, str, bool]]) -> None:
        """``columns``: id, place, canonical header and whether in 万元, of each amount column that totals state."""
        self._file = file
        self._columns = [_Column(*column) for column in columns]
        self._lines: list[int] = []
        self._labels: list[str] = []
        self._kinds: list[str] = []

    def take(self, grid: Grid, data: Any, totals: Sequence[TotalRow]) -> None:
        """One block. ``data``: local indices of data rows."""
        for column in self._columns:
            column.take(grid.cells(column.place), data, totals)
        for total in totals:
            self._lines.append(grid.body.lines[total.row].as_py())
            self._labels.append(total.label)
            self._kinds.append(total.kind)

    def states(self, grid: Grid, total: TotalRow) -> bool:
        """Whether a total row of this block has a figure in any column."""
        return any(grid.text(column.place, total.row).strip() for column in self._columns)

    def prove(self) -> list[CheckedTotal]:
        """Proves each total row in each column it states; raises SB2025 naming both figures."""
        kinds = Counter(self._kinds)
        proved = []
        for column in self._columns:
            last: dict[str, int | Decimal] = {}
            for place, (text, stated) in enumerate(column.stated):
                kind = self._kinds[place]
                if squash(text):
                    wanted = _wanted(column, self._kinds, place, last.get(kind, 0), kinds)
                    if stated is None or not any(stated == figure or _shown(stated) == _shown(figure) for figure in wanted):
                        named = {"file": self._file, "line": self._lines[place], "label": self._labels[place], "column": column.header}
                        raise TotalMismatch(**named, **_figures(text, stated, wanted[0]))
                    proved.append(CheckedTotal(self._lines[place], self._labels[place], column.header, _shown(stated)))
                last[kind] = column.above[place]
        return proved


def _plain(fen: int | Decimal) -> int | Decimal:
    return int(fen) if fen == int(fen) else fen


def _sum(values: Any) -> int:
    """Exact, however large: int64 would overflow where a hostile file holds nothing but the largest amounts."""
    return int((values >> 32).sum()) * 2**32 + int((values & 0xFFFFFFFF).sum())


def _running(values: Any) -> Any:
    """Sums of the first 0, 1, 2 … values."""
    safe = len(values) == 0 or int(np.abs(values).max()) * len(values) < 2**62
    return np.concatenate([[0], np.cumsum(values if safe else values.astype(object))])


def _figures(text: str, stated: int | Decimal | None, summed: int | Decimal) -> dict[str, str]:
    if stated is None:
        return {"stated": text, "summed": show(_shown(summed)), "difference": "—"}
    return {"stated": show(_shown(stated)), "summed": show(_shown(summed)), "difference": show(_shown(stated - summed))}


def _shown(fen: int | Decimal) -> Fen:
    return fen if isinstance(fen, int) else round_fen(fen.scaleb(-2))


def _wanted(column: _Column, labels: Sequence[str], place: int, since: int | Decimal, kinds: Mapping[str, int]) -> list[int | Decimal]:
    """The sums a total may state, the one by the rule first. ``since``: what stood above the last total of this kind."""
    above = column.above
    here, kind = above[place], labels[place]
    if kind == "小计":
        before = above[place - 1] if place else 0
        figures = [here - since, here - before]
        if place and here == before:
            # A subtotal right below another one sums several of them (村小计, 乡小计).
            figures += [here - other for other in above[max(0, place - NESTED) : place]] + [here]
        return figures
    figures = [column.summed]
    grand = sum(each != "小计" for each in kinds)
    if kinds[kind] > 1 or (grand > 1 and kind != "总计"):
        figures += [here - since, here]
    return figures

"""Totals (小计, 合计, 总计) are proved: a subtotal is the sum since the last one, a grand total the sum of all rows."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from controls.intake.cells import exact_fen, squash
from controls.intake.columns import Cells
from controls.intake.errors import TotalMismatch
from controls.intake.rows import TotalRow
from ledger.money import Fen, round_fen, show

NESTED = 200


@dataclass(frozen=True, slots=True)
class CheckedTotal:
    """A total that was proved: line, label, canonical header, fen."""

    line: int
    label: str
    column: str
    fen: Fen


class Sums:
    """Sums of one amount column over body rows, exact even where a cell has parts of a fen."""

    def __init__(self, cells: Cells, data: Any, wan: bool) -> None:
        self._cells, self._wan = cells, wan
        exact = [exact_fen(value, wan=wan) for value in cells.values]
        whole = [int(fen) if fen is not None and abs(fen) < 10**15 else 0 for fen in exact]
        per_row = np.array(whole, np.int64)[cells.indices[data]] if len(whole) else np.array([], np.int64)
        self._data = data
        self._running = np.concatenate([[0], np.cumsum(per_row)])
        odd = {place: fen - int(fen) for place, fen in enumerate(exact) if fen is not None and fen != int(fen)}
        at = np.flatnonzero(np.isin(cells.indices[data], np.array(list(odd), np.int64)))
        self._odd_at = [int(row) for row in at]
        self._odd = [Decimal(0)]
        for row in self._odd_at:
            self._odd.append(self._odd[-1] + odd[int(cells.indices[data[row]])])

    def between(self, first: int, last: int) -> Decimal:
        """Fen over the data rows among body rows ``first`` (included) to ``last`` (not)."""
        low, high = (int(np.searchsorted(self._data, row)) for row in (first, last))
        parts = self._odd[bisect.bisect_left(self._odd_at, high)] - self._odd[bisect.bisect_left(self._odd_at, low)]
        return Decimal(int(self._running[high] - self._running[low])) + parts

    def stated(self, row: int) -> tuple[str, Decimal | None]:
        """What a total row says: its text, and fen where it is a number."""
        text = self._cells.values[self._cells.indices[row]]
        return text.strip(), exact_fen(text, wan=self._wan)


def prove(file: str, lines: Any, totals: Sequence[TotalRow], header: str, sums: Sums, rows: int) -> list[CheckedTotal]:
    """Proves each total row that states this column; raises SB2025 naming both figures."""
    proved = []
    kinds = Counter(total.kind for total in totals)
    last: dict[str, int] = {}
    for place, total in enumerate(totals):
        text, stated = sums.stated(total.row)
        if squash(text):
            wanted = _wanted(totals, place, sums, rows, last.get(total.kind, 0), kinds)
            if stated is None or not any(stated == figure or _shown(stated) == _shown(figure) for figure in wanted):
                line = lines[total.row].as_py()
                raise TotalMismatch(file=file, line=line, label=total.label, column=header, **_figures(text, stated, wanted[0]))
            proved.append(CheckedTotal(lines[total.row].as_py(), total.label, header, _shown(stated)))
        last[total.kind] = total.row + 1
    return proved


def _figures(text: str, stated: Decimal | None, summed: Decimal) -> dict[str, str]:
    if stated is None:
        return {"stated": text, "summed": show(_shown(summed)), "difference": "—"}
    return {"stated": show(_shown(stated)), "summed": show(_shown(summed)), "difference": show(_shown(stated - summed))}


def _shown(fen: Decimal) -> Fen:
    return round_fen(fen.scaleb(-2))


def _wanted(totals: Sequence[TotalRow], place: int, sums: Sums, rows: int, since: int, kinds: Mapping[str, int]) -> list[Decimal]:
    """The sums a total may state, the one by the rule first. ``since``: first row after the last total of this kind."""
    total = totals[place]
    since_same = sums.between(since, total.row)
    if total.kind == "小计":
        before = totals[place - 1].row if place else -1
        figures = [since_same, sums.between(before + 1, total.row)]
        if place and sums.between(before, total.row) == 0:
            # A subtotal right below another one sums several of them (村小计, 乡小计).
            figures += [sums.between(other.row + 1, total.row) for other in totals[max(0, place - NESTED) : place]] + [sums.between(0, total.row)]
        return figures
    figures = [sums.between(0, rows)]
    grand = sum(kind != "小计" for kind in kinds)
    if kinds[total.kind] > 1 or (grand > 1 and total.kind != "总计"):
        figures += [since_same, sums.between(0, total.row)]
    return figures

"""Ruled tables: cells that wrap, figures flush right, a head that is repeated on every page.

A table is data (:class:`Table`); :class:`Laid` measures its rows once and draws any slice of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from books.pdf.page import Page
from books.pdf.style import CELL, HEAD, MIDDLE, THICK, THIN, TOTAL, Style
from books.pdf.text import fit, measure, wrap

PAD_X = 4.0
PAD_Y = 2.2
KEPT = 3


@dataclass(frozen=True, slots=True)
class Column:
    """``share`` of the table's width; ``align`` of its cells; ``thick`` a heavy rule at its left (middle of a T account).

    ``figures``: amounts, dates and numbers stay on one line and shrink rather than wrap.
    """

    head: str
    share: float
    align: str = "left"
    figures: bool = False
    thick: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell; ``indent`` in ems of the row's size; ``span`` columns it covers; ``align`` overrides the column's; ``red`` ink."""

    text: str = ""
    indent: float = 0.0
    span: int = 1
    align: str | None = None
    bold: bool | None = None
    red: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells from left to right; a ``bold`` row is a total; ``lead`` points of extra height."""

    cells: tuple[Cell, ...]
    bold: bool = False
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``groups`` is an upper storey of the head, as (text, columns covered)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[tuple[str, int], ...] = ()
    row_height: float = 17.5
    style: Style = CELL
    pad: float = PAD_Y


def row(*cells: str | Cell, bold: bool = False) -> Row:
    """A row from texts and cells."""
    return Row(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells), bold=bold)


@dataclass(frozen=True, slots=True)
class _Set:
    """A cell measured: its lines, style, and horizontal extent."""

    lines: tuple[str, ...]
    style: Style
    left: float
    right: float
    align: str


class Laid:
    """A table measured for a width in points."""

    def __init__(self, table: Table, width: float) -> None:
        self.table = table
        whole = sum(column.share for column in table.columns)
        edges = [0.0]
        for column in table.columns:
            edges.append(edges[-1] + width * column.share / whole)
        self.edges = edges
        self.rows = [self._measure(one) for one in table.rows]
        self.heights = [self._height(one, table.rows[i].lead) for i, one in enumerate(self.rows)]
        self.head = self._measure_head()
        self.head_height = max(self._height(self.head, 0.0), table.row_height + 2)
        self.group_height = table.row_height + 1 if table.groups else 0.0

    def _measure(self, one: Row) -> list[_Set]:
        made: list[_Set] = []
        at = 0
        for cell in one.cells:
            column = self.table.columns[at]
            left, right = self.edges[at], self.edges[at + cell.span]
            bold = one.bold if cell.bold is None else cell.bold
            style = self.table.style.but(bold=True) if bold else self.table.style
            style = style.but(red=True) if cell.red else style
            made.append(self._cell(cell, column, style, left, right))
            at += cell.span
        if at != len(self.table.columns):
            raise ValueError(f"a row covers {at} of {len(self.table.columns)} columns")
        return made

    @staticmethod
    def _cell(cell: Cell, column: Column, style: Style, left: float, right: float) -> _Set:
        inner = left + PAD_X + cell.indent * style.size
        room = right - PAD_X - inner
        if column.figures and cell.span == 1:
            style = fit(cell.text, style, room)
            lines: tuple[str, ...] = (cell.text,)
        else:
            lines = tuple(wrap(cell.text, style, room))
        return _Set(lines, style, inner, right - PAD_X, cell.align or column.align)

    def _measure_head(self) -> list[_Set]:
        heads = [Cell(column.head, align="centre") for column in self.table.columns]
        made = []
        for at, cell in enumerate(heads):
            made.append(self._cell(cell, Column("", 1), HEAD, self.edges[at], self.edges[at + 1]))
        return made

    def _height(self, cells: Sequence[_Set], lead: float) -> float:
        return max(self.table.row_height, *(len(cell.lines) * cell.style.leading + 2 * self.table.pad for cell in cells)) + lead

    def fitting(self, start: int, room: float, tail: float = 0.0) -> int:
        """How many rows from ``start`` fit ``room`` points with a head (at least one, so that layout always ends).

        When all of them fit but ``tail`` points would not follow on the page, the last rows are held back to go with it.
        """
        count = self._fitting(start, room)
        left = len(self.heights) - start
        if count == left and self.height(start, count) + tail > room and count > KEPT:
            return max(1, min(count - KEPT, self._fitting(start, room - tail)))
        return count

    def _fitting(self, start: int, room: float) -> int:
        room -= self.head_height + self.group_height
        count = 0
        for height in self.heights[start:]:
            if height > room and count:
                break
            room -= height
            count += 1
        return count

    def height(self, start: int, count: int) -> float:
        """Height of a slice with its head."""
        return self.group_height + self.head_height + sum(self.heights[start : start + count])

    def draw(self, page: Page, x: float, top: float, start: int, count: int) -> float:
        """Draw rows ``start`` to ``start + count`` under a head; returns the y of the lower edge."""
        right = x + self.edges[-1]
        y = self._draw_groups(page, x, top)
        body_top = y
        y = self._draw_row(page, x, y, self.head, self.head_height)
        page.rule(x, y, right, y, MIDDLE)
        splits: list[tuple[float, float, set[int]]] = [(body_top, y, set(range(1, len(self.edges) - 1)))]
        for index in range(start, start + count):
            bottom = self._draw_row(page, x, y, self.rows[index], self.heights[index])
            splits.append((y, bottom, self._splits(index)))
            if index + 1 < start + count:
                page.rule(x, bottom, right, bottom, THIN)
            y = bottom
        self._draw_verticals(page, x, splits)
        for edge in (top, y):
            page.rule(x, edge, right, edge, THICK)
        for side in (x, right):
            page.rule(side, top, side, y, THICK)
        return y

    def _splits(self, index: int) -> set[int]:
        """Inner edges at which a row has a boundary between cells."""
        at, found = 0, set()
        for cell in self.table.rows[index].cells:
            at += cell.span
            found.add(at)
        return found - {len(self.table.columns)}

    def _draw_verticals(self, page: Page, x: float, splits: list[tuple[float, float, set[int]]]) -> None:
        """Vertical rules, joined over neighbouring rows so that each is one mark."""
        for edge in range(1, len(self.edges) - 1):
            weight = THICK if self.table.columns[edge].thick else THIN
            begun: float | None = None
            ended = 0.0
            for top, bottom, here in [*splits, (0.0, 0.0, set())]:
                if edge in here:
                    begun, ended = (top if begun is None else begun), bottom
                elif begun is not None:
                    page.rule(x + self.edges[edge], begun, x + self.edges[edge], ended, weight)
                    begun = None

    def _draw_groups(self, page: Page, x: float, top: float) -> float:
        """The upper line of a two-storey head, if there is one."""
        if not self.table.groups:
            return top
        bottom, at = top - self.group_height, 0
        for text, span in self.table.groups:
            left, right = x + self.edges[at], x + self.edges[at + span]
            page.text((left + right) / 2, (top + bottom) / 2 - HEAD.size * 0.36, text, HEAD, "centre")
            at += span
            if at < len(self.table.columns):
                page.rule(right, top, right, bottom, THICK if self.table.columns[at].thick else THIN)
        page.rule(x, bottom, x + self.edges[-1], bottom, THIN)
        return bottom

    @staticmethod
    def _draw_row(page: Page, x: float, top: float, cells: Sequence[_Set], height: float) -> float:
        for cell in cells:
            block = len(cell.lines) * cell.style.leading
            y = top - (height - block) / 2 - cell.style.leading / 2 - cell.style.size * 0.36
            for line in cell.lines:
                at = {"left": cell.left, "right": cell.right, "centre": (cell.left + cell.right) / 2}[cell.align]
                page.text(x + at, y, line, cell.style, cell.align)
                y -= cell.style.leading
        return top - height


def widest(texts: Sequence[str], style: Style = TOTAL) -> float:
    """Width in points of the widest of some texts, for choosing column shares."""
    return max((measure(text, style) for text in texts), default=0.0)

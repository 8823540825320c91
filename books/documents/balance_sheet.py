"""资产负债表 (会社保01表) as a two-sided table: 资产 left, 负债和净资产 right (28号 Part 4)."""

from __future__ import annotations

from collections.abc import Sequence

from books.pdf.house import Document, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from books.statements import BalanceLine
from books.views import BalancePaper
from ledger.money import Fen, show

INDENT = 1.0
OF_WHICH = "其中："


def _amount(fen: Fen | None) -> str:
    return "" if fen is None else show(fen)


def _cells(line: BalanceLine | None, follows: bool) -> tuple[Cell, Cell, Cell]:
    """Label and both amounts; a total is centred and bold, a second detail stands under the first one's words."""
    if line is None:
        return Cell(), Cell(), Cell()
    if line.total:
        return Cell(line.label, align="centre", bold=True), Cell(_amount(line.opening), bold=True), Cell(_amount(line.closing), bold=True)
    heading = line.opening is None
    indent = line.level * INDENT
    if line.level > 1 and line.label[0] != "（":
        indent += len(OF_WHICH) if follows else 0
    return Cell(line.label, indent=indent, bold=heading), Cell(_amount(line.opening)), Cell(_amount(line.closing))


def _side(lines: Sequence[BalanceLine]) -> list[tuple[Cell, Cell, Cell]]:
    made = []
    for number, line in enumerate(lines):
        follows = line.of_which and number > 0 and lines[number - 1].of_which and not line.label.startswith(OF_WHICH)
        made.append(_cells(line, follows))
    return made


def _rows(left: Sequence[BalanceLine], right: Sequence[BalanceLine]) -> tuple[Row, ...]:
    """Both sides beside each other; the grand totals share the last row."""
    blank = _cells(None, False)
    sides = [_side(left), _side(right)]
    body = max(len(side) for side in sides) - 1
    for side in sides:
        total = side.pop()
        side.extend([blank] * (body - len(side)))
        side.append(total)
    return tuple(Row(one + other) for one, other in zip(*sides, strict=True))


def document(paper: BalancePaper) -> Document:
    """The paper as a document."""
    sheet = paper.statement
    day = sheet.month.last_day
    columns = (
        Column("资产", 27),
        Column(sheet.columns[0], 19, "right", figures=True),
        Column(sheet.columns[1], 19, "right", figures=True),
        Column("负债和净资产", 29, thick=True),
        Column(sheet.columns[0], 19, "right", figures=True),
        Column(sheet.columns[1], 19, "right", figures=True),
    )
    rows = _rows([line for line in sheet.lines if line.side == "left"], [line for line in sheet.lines if line.side == "right"])
    return Document(
        title=sheet.title,
        head=(
            (f"险种和制度：{sheet.fund_title}", "", sheet.form),
            (f"编制单位：{paper.stamp.unit}", f"{day.year}年{day.month}月{day.day}日", "单位：元"),
        ),
        blocks=(Table(columns, rows, row_height=24.0, style=CELL.but(size=10)),),
        landscape=True,
    )


def print_pdf(paper: BalancePaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)

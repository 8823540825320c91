"""收支表 (会社保02表): one column of lines, 本月数 and 本年累计数 (28号 Part 4)."""

from __future__ import annotations

from books.pdf.house import Document, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from books.statements import IncomeLine
from books.views import IncomePaper
from ledger.money import show

# Indent in ems by level: 一、 · item · （一） · 1. · （1）
INDENTS = (0.0, 1.0, 2.0, 3.5, 4.5)
# Points for one row, and for all rows of a page with its head and signatures.
ROW = 18.0
ROOM = 572.0


def _row(line: IncomeLine) -> Row:
    """A line of the form; the great heads 一、二、三、 are bold."""
    return Row((Cell(line.label, indent=INDENTS[line.level]), Cell(show(line.current)), Cell(show(line.cumulative))), bold=line.level == 0)


def _table(paper: IncomePaper) -> Table:
    """The table, set closer the more lines the form has, so that every fund's form stays on one page."""
    sheet = paper.statement
    columns = (Column("项目", 52), Column(sheet.columns[0], 28, "right", figures=True), Column(sheet.columns[1], 28, "right", figures=True))
    rows = tuple(_row(line) for line in sheet.lines)
    height = min(ROW, ROOM / (len(rows) + 1))
    return Table(columns, rows, row_height=height, style=CELL if height == ROW else CELL.but(size=9.0), pad=0.3)


def document(paper: IncomePaper) -> Document:
    """The paper as a document."""
    sheet = paper.statement
    period = f"{sheet.month.year}年" if sheet.annual else sheet.month.zh()
    return Document(
        title=sheet.title,
        head=((f"险种和制度：{sheet.fund_title}", "", sheet.form), (f"编制单位：{paper.stamp.unit}", period, "单位：元")),
        blocks=(_table(paper),),
    )


def print_pdf(paper: IncomePaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)

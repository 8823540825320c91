"""预算执行情况表 and 用款申请书 in the house style, as PDF and as a workbook with the same figures (B4)."""

from __future__ import annotations

from pathlib import Path

from books.budget_paper import ExecutionPaper, RequestPaper
from books.pdf.house import Document, Note, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from ledger import sheets
from ledger.money import show, yuan

EXECUTION_HEADS = ("项目", "年初预算", "预算调整", "调整后预算", "本月数", "本年累计", "执行率", "上年同期", "提示")
REQUEST_HEADS = ("项目", "全年预算", "已支出和已计划", "本月计划用款", "计划后结余")
INDENT = "　"


def _cells(values: tuple[str, ...], *, bold: bool) -> Row:
    return Row(tuple(Cell(value) for value in values), bold=bold)


def execution_document(paper: ExecutionPaper) -> Document:
    """The execution table as a document."""
    shares = (30, 15, 13, 15, 14, 15, 9, 15, 8)
    columns = tuple(
        Column(head, share, "left" if at in (0, 8) else "right", figures=0 < at < 8)
        for at, (head, share) in enumerate(zip(EXECUTION_HEADS, shares, strict=True))
    )
    rows = tuple(
        _cells(
            (
                INDENT * one.level + one.label, *(show(fen) for fen in (one.first, one.adjusted, one.budget, one.current, one.cumulative)),
                one.share, show(one.last_year), one.mark,
            ),
            bold=one.total,
        )
        for one in paper.rows
    )  # fmt: skip
    table = Table(columns, rows, row_height=16.0, style=CELL.but(size=8.5), pad=1.2)
    return Document(title=paper.title, head=paper.about, blocks=(table, *(Note(text, CELL.but(size=9.0)) for text in paper.said)))


def request_document(paper: RequestPaper) -> Document:
    """The funding request as a document."""
    columns = tuple(Column(head, 4 if at == 0 else 3, "left" if at == 0 else "right", figures=at > 0) for at, head in enumerate(REQUEST_HEADS))
    rows = tuple(_cells((one.label, *(show(fen) for fen in (one.budget, one.spent, one.planned, one.left))), bold=one.total) for one in paper.rows)
    table = Table(columns, rows, row_height=18.0, style=CELL.but(size=9.5), pad=1.5)
    return Document(title=paper.title, head=paper.about, blocks=(table, *(Note(text, CELL.but(size=10.0)) for text in paper.said)))


def print_pdf(paper: ExecutionPaper | RequestPaper) -> Rendered:
    """The paper as PDF."""
    return render(execution_document(paper) if isinstance(paper, ExecutionPaper) else request_document(paper), paper)


def write_xlsx(paper: ExecutionPaper | RequestPaper, path: Path) -> None:
    """The same table as a worksheet, amounts as numbers in yuan."""
    titles = [paper.title, *("　　".join(text for text in line if text) for line in paper.about)]
    rows: list[list[sheets.Cell]]
    heads: tuple[str, ...]
    if isinstance(paper, ExecutionPaper):
        heads = EXECUTION_HEADS
        rows = [
            [one.label, *(yuan(fen) for fen in (one.first, one.adjusted, one.budget, one.current, one.cumulative)), one.share, yuan(one.last_year), one.mark]
            for one in paper.rows
        ]
    else:
        heads = REQUEST_HEADS
        rows = [[one.label, *(yuan(fen) for fen in (one.budget, one.spent, one.planned, one.left))] for one in paper.rows]
    sheets.write_workbook(path, {paper.title[:31]: sheets.Sheet([list(heads), *rows], titles=titles)})

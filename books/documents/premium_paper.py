"""代缴保费申请书, 动态清零月报 and other forms of sentences and tables in the house style, as PDF and as a workbook with the same figures (B4)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from books.pdf.house import Block, Document, Heading, Note, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from books.premium_paper import ClaimPaper, Part, Value, ZeroingPaper
from books.tabled_paper import TabledPaper
from ledger import sheets
from ledger.money import show, yuan

PREMIUM_PAPERS = ClaimPaper | ZeroingPaper | TabledPaper
NARROWEST, WIDEST, WHOLE_HEAD, PAGE = 5, 24, 14, 96
"""Least and most letters (a Chinese sign counts two) that a column's width is reckoned by, the longest heading kept on one line, what a page holds."""
SAMPLED = 200


def _text(part: Part, column: str, value: Value) -> str:
    if isinstance(value, str):
        return value
    return show(value) if column in part.money else f"{value:,}"


def _letters(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


def _shares(part: Part, kept: int = WHOLE_HEAD) -> list[int]:
    """Shares of the page by each column's longest text; headings take two lines where the page is full, and a column to be filled in by hand is wide."""
    shares = []
    for at, name in enumerate(part.columns):
        head, longest = _letters(name), max((_letters(_text(part, name, row[at])) for row in part.rows[:SAMPLED]), default=0)
        wanted = max(longest, head if head <= kept else head // 2 + 1) + 2
        shares.append(WIDEST if part.rows and not longest else min(WIDEST, max(NARROWEST, wanted)))
    return _shares(part, 0) if kept and sum(shares) > PAGE else shares


def _table(part: Part) -> Table:
    figures = {name for at, name in enumerate(part.columns) if part.rows and isinstance(part.rows[0][at], int)}
    shares = zip(part.columns, _shares(part), strict=True)
    columns = tuple(Column(name, share, "right" if name in figures else "left", figures=name in figures) for name, share in shares)
    rows = [Row(tuple(Cell(_text(part, name, value)) for name, value in zip(part.columns, row, strict=True))) for row in part.rows]
    if part.total and rows:
        rows[-1] = Row(rows[-1].cells, bold=True)
    return Table(columns, tuple(rows), row_height=16.0, style=CELL.but(size=9.0), pad=1.2)


def document(paper: PREMIUM_PAPERS) -> Document:
    """The paper as a document."""
    blocks: list[Block] = []
    for text in paper.said:
        blocks.append(Note(text, CELL.but(size=9.5)))
    for part in paper.parts:
        blocks.append(Heading(part.title))
        blocks.append(_table(part) if part.rows else Note(part.empty, CELL.but(size=9.5)))
    return Document(title=paper.title, head=paper.about, blocks=tuple(blocks))


def print_pdf(paper: PREMIUM_PAPERS) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)


def _cells(part: Part, row: Sequence[Value]) -> list[sheets.Cell]:
    return [yuan(value) if isinstance(value, int) and name in part.money else value for name, value in zip(part.columns, row, strict=True)]


def write_xlsx(paper: PREMIUM_PAPERS, path: Path, lists: Sequence[Part] = ()) -> None:
    """A workbook: a worksheet a table, then the ``lists`` by person, which stand in no PDF."""
    titles = [paper.title, *("　　".join(text for text in line if text) for line in paper.about)]
    made = {part.title: sheets.Sheet([list(part.columns), *(_cells(part, row) for row in part.rows)], titles=titles) for part in (*paper.parts, *lists)}
    sheets.write_workbook(path, made)

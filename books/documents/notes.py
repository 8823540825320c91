"""附注: the six points of Part 5 三, each with its tables and words, in the house style."""

from __future__ import annotations

from collections.abc import Sequence

from books.notes import Row as NoteRow
from books.notes import Table as NoteTable
from books.pdf.house import Block, Document, Heading, Note, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from books.views import NotesPaper
from ledger.money import Fen, show

INDENT = 1.0
SHARES: dict[int, Sequence[float]] = {2: (60, 40), 3: (48, 26, 26), 5: (36, 16, 16, 16, 16), 6: (32, 17, 9, 17, 16, 9)}
"""Widths by the number of columns."""


def cell_text(cell: Fen | str) -> str:
    """A cell as printed: fen as yuan, text as it is."""
    return show(cell) if isinstance(cell, int) else cell


def _row(row: NoteRow) -> Row:
    return Row((Cell(row.label, indent=row.level * INDENT), *(Cell(cell_text(cell)) for cell in row.cells)), bold=row.total)


def _table(table: NoteTable) -> list[Block]:
    """A table under its title, or the sentence that stands for it."""
    if not table.rows:
        return [_said(table.empty)]
    shares = SHARES[len(table.columns)]
    columns = [Column(table.columns[0], shares[0])]
    columns += [Column(head, part, "right", figures=True) for head, part in zip(table.columns[1:], shares[1:], strict=True)]
    caption = ((table.title, len(columns)),)
    return [Table(tuple(columns), tuple(map(_row, table.rows)), caption, row_height=16.0, style=CELL.but(size=9.0), pad=1.2)]


def _said(text: str) -> Note:
    """A sentence in the size of the tables."""
    return Note(text, CELL.but(size=9.5))


def document(paper: NotesPaper) -> Document:
    """The paper as a document."""
    notes = paper.statement
    blocks: list[Block] = []
    for section in notes.sections:
        blocks.append(Heading(section.title))
        for table in section.tables:
            blocks += _table(table)
        blocks += [_said(text) for text in section.said]
        if not section.tables and not section.said:
            blocks.append(_said("无补充说明。"))
    return Document(
        title=notes.title,
        head=((f"险种和制度：{notes.fund_title}", "", "附注"), (f"编制单位：{paper.stamp.unit}", notes.period, "单位：元")),
        blocks=tuple(blocks),
    )


def print_pdf(paper: NotesPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)

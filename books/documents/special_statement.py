"""专账收支表 with its three 明细表, in the house style; wide tables fit because figures shrink rather than wrap."""

from __future__ import annotations

from books.pdf.house import Block, Document, Heading, Note, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from books.special_statement import Row as StatementRow
from books.special_statement import SpecialPaper
from books.special_statement import Table as StatementTable
from ledger.money import show

LABEL = 34.0
"""Share of the first column, of 100."""
FOOTNOTE = "本表按专账凭证和各指标文余额编制，不含结转凭证；28号制度的报表和勾稽不适用于专项资金。"


def _row(row: StatementRow) -> Row:
    return Row((Cell(row.label, indent=row.level * 1.0), *(Cell(show(fen)) for fen in row.cells)), bold=row.total)


def _table(table: StatementTable) -> Table:
    heads = table.columns
    share = (100 - LABEL) / (len(heads) - 1)
    columns = (Column(heads[0], LABEL), *(Column(head, share, "right", figures=True) for head in heads[1:]))
    return Table(columns, tuple(map(_row, table.rows)), style=CELL.but(size=9.0), row_height=16.0)


def document(paper: SpecialPaper) -> Document:
    """The paper as a document."""
    made = paper.statement
    blocks: list[Block] = [_table(made.tables[0])]
    for table in made.tables[1:]:
        blocks += [Heading(table.title), _table(table)]
    blocks.append(Note(FOOTNOTE))
    return Document(
        title=made.title,
        head=((f"项目：{made.program}", "", "专项资金专账"), (f"编制单位：{paper.stamp.unit}", made.month.zh(), "单位：元")),
        blocks=tuple(blocks),
        landscape=True,
    )


def print_pdf(paper: SpecialPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)

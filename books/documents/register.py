"""A register (台账、备查簿) on paper: its columns as texts, totals, ageing, and who signs. One document for every register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.pdf.house import Block, Document, Heading, Note, Rendered, render
from books.pdf.table import Cell, Column, Row, Table
from books.views import Sheet

WIDEST = 30
NARROWEST = 6


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """Heads, which columns hold money, the rows as printed, and the totals."""

    heads: tuple[str, ...]
    money: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterPaper(Sheet):
    """One register as it stood at the end of ``as_of`` (ISO day); ``ageing``: bucket, rows, yuan."""

    KIND: ClassVar[str] = "register"
    title: str
    as_of: str
    reference: str
    table: RegisterTable
    ageing: tuple[tuple[str, str, str], ...] = ()


def _width(texts: list[str]) -> int:
    """A column's share of the page by its longest text."""
    return min(WIDEST, max(NARROWEST, *(sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)))


def document(paper: RegisterPaper) -> Document:
    """The paper as a document."""
    listed = paper.table
    columns = tuple(
        Column(head, _width([head[:10], listed.totals[place], *(row[place] for row in listed.rows[:200])]), "right" if money else "left", figures=money)
        for place, (head, money) in enumerate(zip(listed.heads, listed.money, strict=True))
    )
    rows = [Row(tuple(Cell(text) for text in row)) for row in listed.rows] + [Row(tuple(Cell(text) for text in listed.totals), bold=True)]
    blocks: list[Block] = [Table(columns, tuple(rows))]
    if paper.ageing:
        aged = tuple(Row(tuple(Cell(text) for text in row)) for row in paper.ageing)
        blocks += [Heading("账龄"), Table((Column("账龄", 20), Column("行数", 10, "right", figures=True), Column("金额", 20, "right", figures=True)), aged)]
    blocks.append(Note(f"依据：{paper.reference}"))
    fund = paper.stamp.fund.zh + "基金" if paper.stamp.fund else "本单位"
    head = ((f"险种和制度：{fund}", "", ""), (f"编制单位：{paper.stamp.unit}", f"{paper.as_of}", "单位：元"))
    return Document(paper.title, head, tuple(blocks), landscape=True)


def print_pdf(paper: RegisterPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)

"""权益记录单 in the house style, as PDF and as a workbook with the same figures (B4)."""

from __future__ import annotations

from pathlib import Path

from books.pdf.house import Block, Document, Heading, Note, Rendered, render
from books.pdf.style import CELL
from books.pdf.table import Cell, Column, Row, Table
from books.person_record import PersonRecordPaper, Section, Value
from ledger import sheets
from ledger.money import show, yuan

TITLE = "社会保险权益记录单"
BODY = CELL.but(size=8.5)
SMALL = CELL.but(size=8.0)
SOURCE = "来源凭证"
SOURCE_SHARE = 20
NAMED = 2


def _text(section: Section, column: str, value: Value) -> str:
    if isinstance(value, str):
        return value
    return show(value) if column in section.money else f"{value:,}"


def _sources(found: tuple[str, ...]) -> str:
    """The first sources and how many there are; the workbook and the JSON name all."""
    return "、".join(found) if len(found) <= NAMED else f"{found[0]} 至 {found[-1]}（{len(found)} 张）"


def _table(section: Section) -> Table:
    figures = {*section.money, *section.count}
    columns = [
        Column(name, share, "right" if name in figures else "left", figures=name in figures)
        for name, share in zip(section.columns, section.shares, strict=True)
    ]
    rows = [[_text(section, name, value) for name, value in zip(section.columns, row, strict=True)] for row in section.rows]
    if section.sources:
        columns.append(Column(SOURCE, SOURCE_SHARE))
        rows = [[*row, _sources(found)] for row, found in zip(rows, section.sources, strict=True)]
    made = [Row(tuple(map(Cell, row))) for row in rows]
    if section.totals:
        total = [_text(section, name, value) for name, value in zip(section.columns, section.totals, strict=True)] + [""] * bool(section.sources)
        made.append(Row(tuple(map(Cell, total)), bold=True))
    return Table(tuple(columns), tuple(made), row_height=15.0, style=SMALL, pad=1.2)


def _identity(paper: PersonRecordPaper) -> Table:
    """Two facts a line, without a head row of its own."""
    pairs = [*paper.identity, *[("", "")] * (len(paper.identity) % 2)]
    rows = tuple(Row(tuple(Cell(text) for pair in pairs[at : at + 2] for text in pair)) for at in range(0, len(pairs), 2))
    return Table((Column("项目", 12), Column("内容", 30), Column("项目", 12), Column("内容", 30)), rows, row_height=16.0, style=BODY, pad=1.4)


def document(paper: PersonRecordPaper) -> Document:
    """The paper as a document."""
    blocks: list[Block] = [_identity(paper)]
    for section in paper.sections:
        blocks.append(Heading(section.title))
        blocks.append(_table(section) if section.rows else Note(section.empty, BODY))
        blocks += [Note(text) for text in section.said]
    blocks += [Note(text) for text in paper.said]
    head = ((f"出具单位：{paper.stamp.unit}", "", paper.copy), (f"截至 {paper.as_of}", "", "单位：元"))
    return Document(TITLE, head, tuple(blocks))


def print_pdf(paper: PersonRecordPaper) -> Rendered:
    """The paper as PDF."""
    return render(document(paper), paper)


def write_xlsx(paper: PersonRecordPaper, path: Path) -> None:
    """A workbook: a worksheet a section, with every source of every row."""
    titles = (TITLE, f"{paper.stamp.unit}　截至 {paper.as_of}　{paper.copy}")
    made = {"本人": sheets.Sheet([["项目", "内容"], *map(list, paper.identity)], titles=titles)}
    for section in paper.sections:
        lines: list[list[sheets.Cell]] = [[*section.columns, *([SOURCE] if section.sources else [])]]
        for place, row in enumerate((*section.rows, *([section.totals] if section.totals else []))):
            found = ["、".join(section.sources[place]) if place < len(section.sources) else ""] if section.sources else []
            cells = [yuan(value) if isinstance(value, int) and name in section.money else value for name, value in zip(section.columns, row, strict=True)]
            lines.append([*cells, *found])
        lines += [[text] for text in (section.said or (() if section.rows else (section.empty,)))]
        made[section.title[:31]] = sheets.Sheet(lines, titles=titles)
    sheets.write_workbook(path, made)

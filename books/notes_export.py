"""The notes (附注) as XLSX, CSV and JSON with the same figures and words as on paper (B4).

Amounts are yuan with two decimals: cells with a number format in XLSX, text in CSV and JSON. CSV has one row a cell:
``section, table, row, level, label, column, value``; words stand in rows without a table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from books.notes import Row, Table
from books.views import NotesPaper, digest
from ledger.money import Fen, show, yuan
from ledger.sheets import Cell, Sheet, write_contract_csv, write_workbook

FIELDS = ("section", "table", "row", "level", "label", "column", "value")


def _text(cell: Fen | str) -> str:
    return show(cell, grouped=False) if isinstance(cell, int) else cell


def _rows(table: Table) -> list[dict[str, Any]]:
    return [
        {"table": table.code, "label": row.label, "level": row.level, "total": row.total, "values": [_text(cell) for cell in row.cells]} for row in table.rows
    ]


def as_json(paper: NotesPaper) -> dict[str, Any]:
    """Head, digest, the six points with their words and the heads of their tables, and ``lines``: every row with its table's code."""
    notes, stamp = paper.statement, paper.stamp
    sections = [
        {
            "section": section.number,
            "title": section.title,
            "missing": section.missing,
            "said": list(section.said),
            "tables": [
                {"code": one.code, "title": one.title, "columns": list(one.columns), "total_of": list(one.total_of), "empty": one.empty}
                for one in section.tables
            ],
        }
        for section in notes.sections
    ]
    return {
        "form": "附注",
        "title": notes.title,
        "fund": notes.fund.value,
        "fund_title": notes.fund_title,
        "unit": stamp.unit,
        "book": stamp.book,
        "period": stamp.period,
        "currency_unit": "元",
        "as_of": stamp.as_of,
        "digest": digest(paper),
        "sections": sections,
        "lines": [row for section in notes.sections for table in section.tables for row in _rows(table)],
    }


def write_json(paper: NotesPaper, path: Path) -> None:
    """JSON, UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(paper), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _cells(paper: NotesPaper) -> Iterator[Sequence[Cell]]:
    for section in paper.statement.sections:
        for table in section.tables:
            for number, row in enumerate(table.rows, 1):
                for column, cell in zip(table.columns[1:], row.cells, strict=True):
                    yield [section.number, table.code, str(number), str(row.level), row.label, column, _text(cell)]
            if not table.rows:
                yield [section.number, table.code, "", "", table.title, "", table.empty]
        for text in section.said:
            yield [section.number, "", "", "", "", "", text]


def write_csv(paper: NotesPaper, path: Path) -> None:
    """CSV, one row a cell and a row for each text."""
    write_contract_csv(path, [FIELDS, *_cells(paper)])


def _sheet_row(row: Row) -> list[Cell]:
    return ["　" * row.level + row.label, *(yuan(cell) if isinstance(cell, int) else cell for cell in row.cells)]


def write_xlsx(paper: NotesPaper, path: Path) -> None:
    """A workbook: the words of all points first, then a worksheet a table that has rows."""
    notes, stamp = paper.statement, paper.stamp
    titles = [notes.title, f"险种和制度：{notes.fund_title}　　附注", f"编制单位：{stamp.unit}　　{notes.period}　　单位：元"]
    words: list[Sequence[Cell]] = [["附注各点", "说明"]]
    sheets: dict[str, Sheet] = {}
    for section in notes.sections:
        said = [table.empty for table in section.tables if not table.rows] + list(section.said)
        words += [[section.title, text] for text in said or ["见附表" if section.tables else "无补充说明。"]]
    sheets["文字说明"] = Sheet(words, titles=titles, wrap=frozenset({0, 1}), widths=(40, 80))
    for table in (table for section in notes.sections for table in section.tables if table.rows):
        sheets[f"{table.code} {table.title}"] = Sheet([list(table.columns), *map(_sheet_row, table.rows)], titles=[table.title, *titles[1:]])
    write_workbook(path, sheets)

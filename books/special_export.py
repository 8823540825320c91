"""The statement of a special book (专账收支表) as XLSX and JSON with the same figures as on paper (B4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from books.special_statement import SpecialPaper, Table
from books.views import digest
from ledger.money import show, yuan
from ledger.sheets import Cell, Sheet, write_workbook


def _lines(table: Table) -> list[dict[str, Any]]:
    return [
        {
            "table": table.code,
            "label": row.label,
            "total": row.total,
            "values": dict(zip(table.columns[1:], (show(fen, grouped=False) for fen in row.cells), strict=True)),
        }
        for row in table.rows
    ]


def as_json(paper: SpecialPaper) -> dict[str, Any]:
    """Head, digest and every row of every table; yuan with two decimals as text."""
    made, stamp = paper.statement, paper.stamp
    return {
        "form": "专账收支表",
        "title": made.title,
        "program": stamp.fund.value if stamp.fund else "",
        "unit": stamp.unit,
        "book": stamp.book,
        "period": stamp.period,
        "currency_unit": "元",
        "as_of": stamp.as_of,
        "digest": digest(paper),
        "lines": [row for table in made.tables for row in _lines(table)],
    }


def write_json(paper: SpecialPaper, path: Path) -> None:
    """JSON, UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(paper), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_xlsx(paper: SpecialPaper, path: Path) -> None:
    """A workbook, one worksheet a table; amounts are numbers."""
    made, stamp = paper.statement, paper.stamp
    sheets: dict[str, Sheet] = {}
    for table in made.tables:
        rows: list[Sequence[Cell]] = [list(table.columns)]
        rows += [["　" * row.level + row.label, *(yuan(fen) for fen in row.cells)] for row in table.rows]
        titles = [f"{made.program}{table.title}", f"编制单位：{stamp.unit}　　{made.month.zh()}　　单位：元"]
        sheets[table.title.removesuffix("（本年）")] = Sheet(rows, titles=titles)
    write_workbook(path, sheets)

"""总账, 明细账 and 凭证汇总表 as XLSX, CSV and JSON with the same figures as on paper (B4). Amounts are yuan with two decimals, text in CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from books.ledger_book import LedgerPaper, LedgerRow, SummaryPaper, side_of
from books.views import digest
from ledger.money import Fen, show, yuan
from ledger.sheets import Cell, Sheet, write_contract_csv, write_workbook

FIELDS = ("month", "day", "voucher", "summary", "debit", "credit", "side", "balance")
SUMMARY_FIELDS = ("code", "name", "level", "debit", "credit")
Paper = LedgerPaper | SummaryPaper


def _text(fen: Fen | None) -> str:
    return "" if fen is None else show(fen, grouped=False)


def _plain(row: LedgerRow) -> dict[str, str]:
    texts = (str(row.month or ""), str(row.day or ""), row.voucher, row.summary, _text(row.debit), _text(row.credit), side_of(row.balance))
    return dict(zip(FIELDS, (*texts, _text(abs(row.balance))), strict=True))


def _lines(paper: Paper) -> list[dict[str, str]]:
    if isinstance(paper, SummaryPaper):
        return [
            dict(zip(SUMMARY_FIELDS, (row.code, row.name, str(row.level), _text(row.debit), _text(row.credit)), strict=True)) for row in paper.statement.rows
        ]
    book = paper.statement
    return [_plain(row) for row in (LedgerRow(0, 0, "", book.opening_words, None, None, book.opening, total=True), *book.rows)]


def as_json(paper: Paper) -> dict[str, Any]:
    """Head, digest and lines, ready for ``json.dumps``."""
    stamp, made = paper.stamp, paper.statement
    about: dict[str, Any] = {
        "kind": paper.KIND, "unit": stamp.unit, "book": stamp.book, "from": str(made.first), "to": str(made.last), "currency_unit": "元",
        "as_of": stamp.as_of, "digest": digest(paper),
    }  # fmt: skip
    if isinstance(paper, LedgerPaper):
        about |= {"account": paper.statement.account, "name": paper.statement.name, "title": paper.statement.title}
    else:
        about |= {"debit": _text(paper.statement.debit), "credit": _text(paper.statement.credit), "covers": list(paper.statement.covers)}
    return {**about, "lines": _lines(paper)}


def _cells(paper: Paper) -> list[Sequence[Cell]]:
    """The rows of a worksheet: figures as numbers."""
    if isinstance(paper, SummaryPaper):
        rows: list[Sequence[Cell]] = [("科目编号", "科目名称", "借方发生额", "贷方发生额")]
        rows += [(row.code, "　" * row.level + row.name, yuan(row.debit), yuan(row.credit)) for row in paper.statement.rows]
        return [*rows, ("合计", "", yuan(paper.statement.debit), yuan(paper.statement.credit))]
    book = paper.statement
    rows = [("月", "日", "凭证号数", "摘要", "借方", "贷方", "借或贷", "余额")]
    for row in (LedgerRow(0, 0, "", book.opening_words, None, None, book.opening, total=True), *book.rows):
        amounts = [None if fen is None else yuan(fen) for fen in (row.debit, row.credit)]
        rows.append((row.month or None, row.day or None, row.voucher, row.summary, *amounts, side_of(row.balance), yuan(abs(row.balance))))
    return rows


def write_all(paper: Paper, stem: Path) -> list[Path]:
    """XLSX, CSV and JSON at ``stem`` plus suffix; returns the files."""
    files = [stem.with_name(stem.name + suffix) for suffix in (".xlsx", ".csv", ".json")]
    lines = _lines(paper)
    fields = SUMMARY_FIELDS if isinstance(paper, SummaryPaper) else FIELDS
    title = "凭证汇总表" if isinstance(paper, SummaryPaper) else f"{paper.statement.title} {paper.statement.account} {paper.statement.name}"
    span = f"{paper.statement.first} 至 {paper.statement.last}"
    titles = [title, f"编制单位：{paper.stamp.unit}　　{span}　　单位：元"]
    write_workbook(files[0], {"账页": Sheet(_cells(paper), titles=titles)})
    write_contract_csv(files[1], [fields, *([line[name] for name in fields] for line in lines)])
    files[2].write_text(json.dumps(as_json(paper), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return files

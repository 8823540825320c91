"""Statements as XLSX, CSV and JSON with the same numbers as on paper, to the fen (B4; FORMATS.md, outputs of the ledger).

Amounts are yuan with two decimals: cells with a number format in XLSX, text in CSV and JSON (a JSON number would be read
as binary floating point). XLSX follows the printed form; CSV and JSON have one line an entry, codes first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from books.reconcile import DifferenceKind
from books.statements import BalanceLine, BalanceSheet, IncomeStatement
from books.views import BalancePaper, IncomePaper, ReconciliationPaper, Stamp, digest
from ledger.money import Fen, show, yuan
from ledger.sheets import Cell, Sheet, write_contract_csv, write_workbook

Paper = BalancePaper | IncomePaper
BALANCE_FIELDS = ("code", "label", "level", "opening", "closing")
INCOME_FIELDS = ("code", "label", "level", "current", "cumulative")


def _text(fen: Fen | None) -> str | None:
    return None if fen is None else show(fen, grouped=False)


def lines(statement: BalanceSheet | IncomeStatement) -> list[dict[str, Any]]:
    """The lines as FORMATS.md has them: ``code, label, level`` and ``opening, closing`` (01) or ``current, cumulative`` (02)."""
    if isinstance(statement, BalanceSheet):
        return [
            dict(zip(BALANCE_FIELDS, (one.code, one.label, one.level, _text(one.opening), _text(one.closing)), strict=True)) for one in statement.lines
        ]
    return [dict(zip(INCOME_FIELDS, (one.code, one.label, one.level, _text(one.current), _text(one.cumulative)), strict=True)) for one in statement.lines]


def as_json(paper: Paper) -> dict[str, Any]:
    """A statement with its head, lines and digest, ready for ``json.dumps``."""
    statement, stamp = paper.statement, paper.stamp
    return {
        "form": statement.form,
        "title": statement.title,
        "fund": statement.fund.value,
        "fund_title": statement.fund_title,
        "unit": stamp.unit,
        "book": stamp.book,
        "period": stamp.period,
        "annual": statement.annual,
        "currency_unit": "元",
        "columns": list(statement.columns),
        "as_of": stamp.as_of,
        "digest": digest(paper),
        "lines": lines(statement),
    }


def write_json(paper: Paper, path: Path) -> None:
    """JSON, UTF-8, one line an entry of the statement."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_json(paper), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_csv(paper: Paper, path: Path) -> None:
    """CSV with the columns of the JSON lines; a heading's amounts are blank."""
    fields = BALANCE_FIELDS if isinstance(paper, BalancePaper) else INCOME_FIELDS
    rows: list[Sequence[Cell]] = [fields]
    rows += [[str(line[name]) if line[name] is not None else "" for name in fields] for line in lines(paper.statement)]
    write_contract_csv(path, rows)


def _titles(title: str, about: str, form: str, stamp: Stamp, period: str) -> list[str]:
    return [title, f"险种和制度：{about}　　{form}", f"编制单位：{stamp.unit}　　{period}　　单位：元"]


def _indented(label: str, level: int) -> str:
    return "　" * level + label


def _side(line: BalanceLine | None) -> list[Cell]:
    if line is None:
        return [None, None, None]
    amounts = [None if fen is None else yuan(fen) for fen in (line.opening, line.closing)]
    return [_indented(line.label, line.level), *amounts]


def _balance_rows(sheet: BalanceSheet) -> list[Sequence[Cell]]:
    """Both sides beside each other as on the form; the grand totals share the last row."""
    left, right = ([line for line in sheet.lines if line.side == side] for side in ("left", "right"))
    rows: list[Sequence[Cell]] = [["资产", *sheet.columns, "负债和净资产", *sheet.columns]]
    rows += [_side(one) + _side(other) for one, other in zip_longest(left[:-1], right[:-1])]
    rows.append(_side(left[-1]) + _side(right[-1]))
    return rows


def write_statements_xlsx(papers: Sequence[Paper], path: Path) -> None:
    """One workbook with a worksheet a statement, laid out as the printed form."""
    sheets: dict[str, Sheet] = {}
    for paper in papers:
        statement, stamp = paper.statement, paper.stamp
        day = statement.month.last_day
        if isinstance(statement, BalanceSheet):
            rows, period = _balance_rows(statement), f"{day.year}年{day.month}月{day.day}日"
        else:
            rows = [["项目", *statement.columns]]
            rows += [[_indented(one.label, one.level), yuan(one.current), yuan(one.cumulative)] for one in statement.lines]
            period = f"{day.year}年" if statement.annual else statement.month.zh()
        name = f"{statement.fund.short}{statement.title}"
        if name in sheets:
            name += f" {stamp.period}"
        sheets[name] = Sheet(rows, titles=_titles(statement.title, statement.fund_title, statement.form, stamp, period))
    write_workbook(path, sheets)


def write_all(paper: Paper, stem: Path) -> list[Path]:
    """XLSX, CSV and JSON of one statement at ``stem`` plus suffix; returns the files."""
    files = [stem.with_name(stem.name + suffix) for suffix in (".xlsx", ".csv", ".json")]
    write_statements_xlsx([paper], files[0])
    write_csv(paper, files[1])
    write_json(paper, files[2])
    return files


def _added(paper: ReconciliationPaper, plus: DifferenceKind, minus: DifferenceKind) -> list[tuple[str, Fen]]:
    """加 and 减 of one side."""
    sheet = paper.statement
    return [(f"{sign}：{kind.zh(sheet.holder)}", sheet.total(kind)) for sign, kind in (("加", plus), ("减", minus))]


def write_reconciliation_xlsx(paper: ReconciliationPaper, path: Path) -> None:
    """The 余额调节表 as figures, and its open items with their reasons."""
    sheet, stamp, kinds = paper.statement, paper.stamp, DifferenceKind
    left = [("单位账面余额", sheet.book_balance), *_added(paper, kinds.STATEMENT_IN, kinds.STATEMENT_OUT), ("调节后余额", sheet.adjusted_book)]
    right = [("对账单余额", sheet.statement_balance), *_added(paper, kinds.BOOK_IN, kinds.BOOK_OUT), ("调节后余额", sheet.adjusted_statement)]
    rows: list[Sequence[Cell]] = [["单位方", "金额", "对账单方", "金额"]]
    rows += [[mine, yuan(amount), theirs, yuan(other)] for (mine, amount), (theirs, other) in zip(left, right, strict=True)]
    items: list[Sequence[Cell]] = [["类别", "日期", "凭证号／凭据号", "摘要", "金额", "账龄（天）", "未达原因"]]
    items += [
        [one.kind.zh(sheet.holder), one.on, " ".join(part for part in (one.source, one.ref) if part), one.memo, yuan(one.amount), one.days, one.reason]
        for one in sheet.differences
    ]
    fund = stamp.fund.zh + "基金" if stamp.fund else ""
    titles = _titles(sheet.title, fund, f"科目：{sheet.account}", stamp, sheet.month.zh())
    write_workbook(path, {"余额调节表": Sheet(rows, titles=titles), "未达账项": Sheet(items)})

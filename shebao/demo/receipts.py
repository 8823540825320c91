"""The bank's single receipts (单笔回单) of a month, as the cashier fetches them: every movement whose paper came within the month.

What the plan calls timing (单据次月到) has no receipt yet: it stands on the statement alone, and the reconciliation explains it. Balances run without it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ledger.money import parse_fen
from shebao.demo.county import FUND_SHORT
from shebao.demo.workbook import yuan

HEADER = ("账号", "交易日期", "摘要", "借方金额", "贷方金额", "余额", "交易流水号", "对方户名")


def write(out: Path, plan: dict[str, Any], fund: str, statements: dict[str, tuple[Path, Iterable[dict[str, Any]]]]) -> dict[str, Path]:
    """Writes the receipts of each account (code → statement and its timing lines) under ``out/bank``; gives the files by account."""
    folder = out / "bank"
    folder.mkdir(exist_ok=True)
    files = {}
    for account, (statement, timing) in statements.items():
        files[account] = folder / f"银行回单_{FUND_SHORT[fund]}_{account}_{plan['month']}.csv"
        late = [(str(one["day"]), str(one["memo"]), int(one["debit"]), int(one["credit"])) for one in timing]
        with files[account].open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle, lineterminator="\r\n").writerows([HEADER, *_receipts(statement, late)])
    return files


def _receipts(statement: Path, late: list[tuple[str, str, int, int]]) -> Iterator[Sequence[str]]:
    from ledger.sheets import open_source

    source = open_source(statement)
    sheet = source.sheets[0]
    top = next(row for row in source.top(sheet) if "交易日期" in row.cells)
    columns = [column.to_pylist() for column in source.body(sheet, top.line, len(top.cells)).columns]
    absent = 0
    for row in zip(*columns, strict=True):
        one = dict(zip(top.cells, row, strict=True))
        day = str(one["交易日期"]).replace("/", "-")[:10]
        if len(day) == 8 and day.isdecimal():
            day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        debit, credit = (parse_fen(one[name]) if one[name] else 0 for name in ("借方金额", "贷方金额"))
        if not (debit or credit):
            continue
        known = (day, str(one["摘要"]), debit, credit)
        if known in late:
            late.remove(known)
            absent += credit - debit
            continue
        balance = parse_fen(one["余额"]) - absent
        yield (one["账号"], day, one["摘要"], yuan(debit) if debit else "", yuan(credit) if credit else "", yuan(balance), one["交易流水号"], one["对方户名"])

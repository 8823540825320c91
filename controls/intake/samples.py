"""Sample rows (样例): the first rows of a file as they would be taken, for people, masked unless they may be seen."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from controls.intake.contracts import Column, Contract
from controls.trail import redact
from ledger.identity import mask_account, mask_name, mask_number
from ledger.money import Fen, show

if TYPE_CHECKING:
    from controls.intake.taken import Taken

CLASSES = {
    "pension": "养老金", "arrears": "补发", "funeral": "丧葬抚恤", "lump_sum": "一次性", "allowance": "代发", "unemployment": "失业", "disability": "伤残津贴",
    "survivor": "供养亲属", "other": "其他",
}  # fmt: skip
STATUSES = {
    "paid": "成功", "failed": "失败", "pending": "待支付", "written_off": "已核销", "returned": "退回", "reversed": "冲正", "other": "不认识",
}  # fmt: skip
_NUMBERS = re.compile(r"证件|身份证|社会保障号|aac002", re.IGNORECASE)
_NAMES = re.compile(r"姓名|户名|aac003|aae009|领取人|经办|审核|死者", re.IGNORECASE)
_ACCOUNTS = re.compile(r"账号|帐号|卡号|aae010|电话|地址|住址", re.IGNORECASE)


def yuan(fen: Fen) -> str:
    """Fen as yuan with separators."""
    return show(fen)


def masked(value: str, header: str) -> str:
    """A value as given, masked by what its header says it is; long numbers in other columns too."""
    if _NUMBERS.search(header):
        return mask_number(value)
    if _ACCOUNTS.search(header):
        return mask_account(value)
    if _NAMES.search(header):
        return mask_name(value)
    return str(redact(value))


def shown(contract: Contract, taken: Taken, most: int, *, reveal: bool) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and the first rows: the line, then every column that the file, what stands above it, or the values given with it fill."""
    rows = taken.rows.slice(0, most).to_pylist()
    there = {*taken.header.recognised, *taken.header.given, *taken.header.above}
    whole = [column for column in contract.columns if column.part is None and _name(column) in taken.rows.column_names]
    columns = [column for column in whole if column.header in there or any(row[_name(column)] not in (None, "") for row in rows)]
    body = tuple((str(row["line"]), *(_cell(column, row, reveal) for column in columns)) for row in rows)
    return ("行", *(column.header for column in columns)), body


def _name(column: Column) -> str:
    return {"item": "item", "document": "id_type"}.get(column.kind, column.id)


def _cell(column: Column, row: dict[str, Any], reveal: bool) -> str:
    value = row[_name(column)]
    if value is None or value == "":
        return ""
    if column.kind == "number":
        return str(value) if reveal else mask_number(str(value))
    if column.kind == "account":
        return str(value) if reveal else mask_account(str(value))
    if column.kind == "name":
        return str(value) if reveal else mask_name(str(value))
    if column.kind == "amount":
        return show(int(value))
    if column.kind == "month":
        return _month(int(value))
    if column.kind == "item":
        return f"{value}（{CLASSES.get(row.get('item_class', ''), '')}）" if row.get("item_class") else str(value)
    if column.kind == "status":
        return STATUSES.get(str(value), str(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if reveal else masked(str(value), column.header)


def _month(number: int) -> str:
    year, month = divmod(number, 100)
    return f"{year}-{month:02d}" if month else f"{year} 年"

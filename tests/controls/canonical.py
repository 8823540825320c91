"""Canonical tables by hand for tests of the checks: rows as short mappings, the rest by default. All people are invented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from controls.checks.schema import columns, empty
from ledger.identity import Document, check_digit, judge, lost_digits, normal_name

CLASSES = {
    "基础养老金": "pension", "个人账户养老金": "pension", "养老金": "pension", "过渡性养老金": "pension", "补发": "arrears", "丧葬费": "funeral",
    "一次性": "lump_sum", "村医补助": "allowance", "失业金": "unemployment", "伤残津贴": "disability", "供养亲属抚恤金": "survivor",
}  # fmt: skip


def number(body: str) -> str:
    """A valid resident number from its first seventeen digits."""
    return body + check_digit(body)


PEOPLE = {
    "A": (number("62082119500315001"), "张建国"), "B": (number("62082119500315002"), "李秀兰"), "C": (number("62082119510420003"), "王桂英"),
    "D": (number("62082119520511004"), "赵德福"), "E": (number("62082119530601005"), "钱淑珍"), "F": (number("62082119540712006"), "孙玉梅"),
    "G": (number("62082119550823007"), "周长河"), "H": (number("62082119560904008"), "吴翠花"), "Y": (number("62082119640615009"), "郑小雨"),
    "K": (number("62082120150101010"), "冯童童"),
}  # fmt: skip
"""Letters that stand for invented people: number and name."""

FILES = {
    "payments": "发放.csv", "deaths": "死亡.csv", "people": "人员.csv", "custody": "服刑.csv", "contributions": "缴费.csv", "entitled": "名单.csv",
    "accounts": "账户.csv", "recoveries": "追回.csv", "balances": "余额.csv", "absences": "失踪出国.csv", "employers": "单位.csv", "holdings": "财产.csv",
    "claims": "医疗费.csv",
}  # fmt: skip

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "payments": {"fund": "R", "region": "620821", "item": "养老金", "has_item": True, "period": 202401, "amount": 10000, "status": "paid"},
    "deaths": {"source": "公安", "is_death": True, "confidence": 1000},
    "people": {"fund": "R", "region": "620821"},
    "custody": {"mode": "监禁", "source": "法院"},
    "contributions": {"fund": "R", "region": "620821", "year": 2024, "payer": "政府代缴", "amount": 10000},
    "entitled": {"category": "低保"},
    "accounts": {"kind": "集中供养机构"},
    "recoveries": {"fund": "R", "amount": 10000},
    "balances": {"fund": "R"},
    "absences": {},
    "employers": {},
    "holdings": {},
    "claims": {"fund": "MR"},
}

_BLANK = {"string": "", "int32": None, "int64": None, "bool": False, "date32": None}


def table(contract: str, rows: Iterable[Mapping[str, Any]], *, file: str = "") -> pa.Table:
    """A canonical table: ``id`` is a letter of :data:`PEOPLE` or a number as given, dates are ISO text, amounts fen."""
    kinds = columns(contract)
    filled = [_row(contract, dict(row), place) for place, row in enumerate(rows, start=2)]
    extra = [name for name in ("seq",) if any(name in row for row in filled)]
    schema = empty(contract).schema
    for name in extra:
        schema = schema.append(pa.field(name, pa.int32()))
    arrays = [pa.array([row.get(field.name, _BLANK.get(kinds.get(field.name, ""))) for row in filled], field.type) for field in schema]
    made = pa.table(arrays, schema=schema)
    return made.set_column(made.column_names.index("file"), "file", pa.array([file or FILES[contract]] * len(filled), pa.string()))


def _row(contract: str, row: dict[str, Any], line: int) -> dict[str, Any]:
    known = row.pop("id", "")
    raw, name = PEOPLE.get(known, (known, "无名"))
    row = {"line": line, **_DEFAULTS[contract], "name": name} | row
    raw = row.pop("raw", raw)
    judged = judge(raw, Document(row.get("id_type") or Document.RESIDENT))
    damaged = lost_digits(judged) or "E+" in judged.normal
    row |= {"id_raw": raw, "number": judged.normal, "number_ok": judged.ok and not damaged, "damaged": damaged, "name_norm": normal_name(row["name"])}
    for key, value in row.items():
        if (key.endswith("_on") or key.endswith("birth")) and isinstance(value, str):
            row[key] = date.fromisoformat(value)
    if contract == "payments":
        if not row["has_item"]:
            row["item"] = ""
        row.setdefault("item_class", CLASSES.get(row["item"], "other") if row["item"] else "pension")
    if contract == "contributions":
        row.setdefault("period", row["year"] * 100)
    return row


def tables(given: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, list[pa.Table]]:
    """Several contracts at once; only those in ``given``."""
    return {contract: [table(contract, rows)] for contract, rows in given.items()}

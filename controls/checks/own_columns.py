"""What the rows of a rule of the office's own must be, so that findings can be made of them: columns by name and type, and values that mean something."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from controls.checks.catalogue import Rule

TEXT = ("id_number", "fund", "region", "other", "file", "item_part", "severity", "counterpart", "fact", "note", "name", "person", "steps")
WHOLE = ("part", "line", "period", "month", "year", "fen", "confidence", "seq")
COLUMNS = (*TEXT, *WHOLE, "planned")
"""What a rule may select, by name (:mod:`controls.checks.leads`)."""
REQUIRED = ("id_number", "fund", "region", "part", "file", "line", "fen")
_LEVELS = ("high", "medium", "low")
_NEEDED = ("id_number", "fund", "region", "part", "file", "line", "fen")


def faults(schema: pa.Schema, rule: Rule) -> list[str]:
    """What is wrong with the columns a rule selects, in Chinese; empty when nothing is."""
    have = {field.name: field.type for field in schema}
    wanted = [*REQUIRED, *(("other",) if rule.grain in ("account", "pair") else ()), *(("year",) if rule.grain == "year" else ())]
    wanted += ["person"] if rule.grain == "account" else []
    told = [f"缺少列 {name}" for name in wanted if name not in have]
    if not {"period", "year"} & have.keys():
        told.append("缺少列 period（或 year）")
    told += [f"不认识的列 {name}" for name in have if name not in COLUMNS]
    told += [f"{name} 应为文本" for name in TEXT if name in have and not (pa.types.is_string(have[name]) or pa.types.is_null(have[name]))]
    told += ["planned 应为真假值"] if "planned" in have and not pa.types.is_boolean(have["planned"]) else []
    return told + [f"{name} 应为整数" for name in WHOLE if name in have and not _whole(have[name])]


def _whole(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_null(kind) or (pa.types.is_decimal(kind) and kind.scale == 0))


def wrong_values(table: pa.Table) -> str:
    """The first thing wrong with the rows a rule yields, in Chinese; blank when findings can be made of them."""
    for name in _NEEDED:
        if table.column(name).null_count:
            return f"{name} 有空值"
    for name in ("period", "month"):
        if name in table.column_names and not _months(table.column(name), blank=name == "month" or "year" in table.column_names):
            return f"{name} 有不是 yyyymm 的值"
    if "year" in table.column_names and not _years(table.column("year")):
        return "year 有不是年份的值"
    if "severity" in table.column_names:
        levels = set(pc.unique(table.column("severity")).to_pylist())
        if not levels <= {*_LEVELS, "", None}:
            return f"severity 只能是 {'、'.join(_LEVELS)}"
    if "confidence" in table.column_names and not _between(table.column("confidence"), 0, 1000, blank=False):
        return "confidence 应在 0 与 1000 之间"
    return ""


def _months(column: pa.ChunkedArray, *, blank: bool) -> bool:
    if not _between(column, 190001, 299912, blank=blank):
        return False
    return all(1 <= value % 100 <= 12 for value in pc.unique(column).to_pylist() if value is not None)


def _years(column: pa.ChunkedArray) -> bool:
    return _between(column, 1900, 2999, blank=False)


def _between(column: pa.ChunkedArray, least: int, most: int, *, blank: bool) -> bool:
    if column.null_count and not blank:
        return False
    low, high = (value.as_py() for value in pc.min_max(column).values()) if len(column) > column.null_count else (least, most)
    return bool(least <= low and high <= most)

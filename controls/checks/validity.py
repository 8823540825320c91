"""From when to when a rule judges (有效期): periods outside ``[valid_from, valid_to)`` are none of its business, before payment and after.

The cut lies where a rule's rows become leads, so that every engine, the roster check, the store and why-not share it. A premium year belongs with its January.
Rows that tell no month are judged by the rule in force in the as-of month. A rule without dates judges every period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from controls.findings import month_text

if TYPE_CHECKING:
    from controls.checks.catalogue import Rule
    from controls.checks.engine import Engine

SCOPE = "有效期以外的所属期"
"""What a run tells as not judged where rows were left out."""

OPEN = 999912
"""Stands for “no end” as ``yyyymm``."""


def bounds(rule: Rule) -> tuple[int, int]:
    """The first month judged and the first no longer judged, as ``yyyymm``."""
    first = 0 if rule.valid_from is None else rule.valid_from.year * 100 + rule.valid_from.month
    return first, OPEN if rule.valid_to is None else rule.valid_to.year * 100 + rule.valid_to.month


def dated(rule: Rule) -> bool:
    """Whether the rule has a first or a last month at all."""
    return rule.valid_from is not None or rule.valid_to is not None


def says(rule: Rule) -> str:
    """The dates in Chinese; blank for a rule without."""
    first, end = bounds(rule)
    return "、".join(told for told in (f"{month_text(first)}起施行" if first else "", f"{month_text(end)}起停止施行" if end < OPEN else "") if told)


def cut(rule: Rule, table: pa.Table, as_of: int) -> pa.Table:
    """The rows of a rule that speak of a month in which it is in force; ``as_of``: the month (``yyyymm``) for rows that tell none."""
    if not dated(rule):
        return table
    first, end = bounds(rule)
    month = _months(table, as_of)
    return table.filter(pc.and_(pc.greater_equal(month, first), pc.less(month, end)))


def outside(rule: Rule, table: pa.Table, as_of: int) -> list[int]:
    """The months, ascending, of the rows that :func:`cut` leaves out."""
    if not dated(rule):
        return []
    first, end = bounds(rule)
    return sorted({one for one in _months(table, as_of).to_pylist() if not first <= one < end})


def told(rule: Rule, engine: Engine, text: str, number: str, as_of: int) -> str:
    """The stage of why-not: which months of a number fit the rule's conditions (``text``, as it runs) and are not judged by it; blank when there are none."""
    if not dated(rule):
        return ""
    quoted = number.replace("'", "''")
    months = outside(rule, engine.fetch(f"SELECT * FROM ({text}\n) q WHERE id_number = '{quoted}'"), as_of)
    return f"有效期：规则{says(rule)}，此人符合条件的{'、'.join(map(month_text, months))}在有效期以外，不判断。" if months else ""


def _months(table: pa.Table, as_of: int) -> pa.Array:
    """The month each row is judged by: January of its premium year, the month it tells, else its period, else the as-of month."""
    told = pa.nulls(table.num_rows, pa.int64())
    for name, factor, more in (("year", 100, 1), ("month", 1, 0), ("period", 1, 0)):
        if name in table.column_names:
            column = pc.cast(table.column(name), pa.int64()).combine_chunks()
            told = pc.coalesce(told, pc.add(pc.multiply(column, factor), more))
    return pc.fill_null(told, as_of)

"""Death lists and other lists as canonical tables, for tests of coverage, differences and supersession."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

DEATHS = pa.schema(
    [
        ("file", pa.string()), ("line", pa.int32()), ("id_raw", pa.string()), ("id_type", pa.string()), ("number", pa.string()), ("number_ok", pa.bool_()),
        ("damaged", pa.bool_()), ("name", pa.string()), ("name_norm", pa.string()), ("sex", pa.string()), ("birth", pa.date32()), ("region", pa.string()),
        ("death_on", pa.date32()), ("death_month", pa.int32()), ("cremated_on", pa.date32()), ("registered_on", pa.date32()), ("source", pa.string()),
        ("reason", pa.string()), ("confidence", pa.int32()), ("is_death", pa.bool_()),
    ]
)  # fmt: skip


def number(person: int) -> str:
    """A made-up number of eighteen digits."""
    return f"62082119500101{person:03d}X"


def death(person: int, day: str = "2025-06-01", **more: Any) -> dict[str, Any]:
    """One row of a death list about made-up person ``person``."""
    on = date.fromisoformat(day)
    row = {
        "file": "死亡.csv", "line": 0, "id_raw": number(person), "id_type": "", "number": number(person), "number_ok": True, "damaged": False,
        "name": f"甲{person}乙", "name_norm": f"甲{person}乙", "sex": "男", "birth": date(1950, 1, 1), "region": "620821", "death_on": on,
        "death_month": on.year * 100 + on.month, "cremated_on": None, "registered_on": None, "source": "公安", "reason": "", "confidence": 1000,
        "is_death": True,
    }  # fmt: skip
    return {**row, **more}


def deaths(*rows: dict[str, Any]) -> pa.Table:
    """A death list; lines count from 2."""
    return pa.Table.from_pylist([{**row, "line": place} for place, row in enumerate(rows, start=2)], schema=DEATHS)


def people(persons: Iterable[int], day: str = "2025-06-01", **more: Any) -> pa.Table:
    """A death list of these persons, all of one day."""
    return deaths(*(death(person, day, **more) for person in persons))

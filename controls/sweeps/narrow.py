"""The rows of some persons alone (涉及的人): for rules that look at one person's rows, so that a new list of deaths need not read everybody's payments again.

Reversals by 原流水号 reach other numbers: who is joined by a serial is taken along, so that what is left of each payment is what it would be in the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from controls.sweeps.extract import Tables


def named(given: Iterable[pa.Table | Path]) -> set[str]:
    """The numbers that stand in these tables ('' for rows without one)."""
    found: set[str] = set()
    for one in given:
        found.update(pc.unique(_columns(one, ["number"]).column("number")).to_pylist())
    return found


def joined(numbers: set[str], payments: Sequence[pa.Table | Path]) -> set[str]:
    """The numbers with everybody whom a reversal by serial joins to them."""
    serials: set[str] = set()
    for one in payments:
        if "orig_serial" in _names(one):
            serials.update(pc.unique(_columns(one, ["orig_serial"]).column("orig_serial")).to_pylist())
    serials -= {"", None}
    if not serials:
        return numbers
    bearers: dict[str, set[str]] = defaultdict(set)
    wanted = pa.array(sorted(serials), pa.string())
    for one in payments:
        for name in ("serial", "orig_serial"):
            if name in _names(one):
                table = _columns(one, ["number", name])
                near = table.filter(pc.is_in(table.column(name), wanted))
                for number, serial in set(zip(near.column("number").to_pylist(), near.column(name).to_pylist(), strict=True)):
                    bearers[serial].add(number)
    groups = list(bearers.values())
    found = set(numbers)
    while more := [group for group in groups if not group.isdisjoint(found) and not group <= found]:
        found.update(*more)
    return found


def of(tables: Tables, numbers: set[str]) -> Tables:
    """The rows of these numbers, in the same order and under the same part; contracts without a number as they are."""
    wanted = pa.array(sorted(numbers), pa.string())
    return {
        contract: [_filtered(one, wanted) if "number" in _names(one) else one for one in given] for contract, given in tables.items()
    }  # fmt: skip


def _filtered(one: pa.Table | Path, wanted: pa.Array) -> pa.Table:
    from pyarrow import parquet

    if isinstance(one, Path):
        return parquet.read_table(one, filters=pc.field("number").isin(wanted))
    return one.filter(pc.is_in(one.column("number"), wanted))


def _names(one: pa.Table | Path) -> Sequence[str]:
    from pyarrow import parquet

    names: Sequence[str] = parquet.read_schema(one).names if isinstance(one, Path) else one.column_names
    return names


def _columns(one: pa.Table | Path, names: list[str]) -> pa.Table:
    """Columns as plain texts."""
    from pyarrow import parquet

    table = parquet.read_table(one, columns=names) if isinstance(one, Path) else one.select(names)
    return table.cast(pa.schema([(name, pa.string()) for name in names]))

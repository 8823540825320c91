"""Wide payment lists (宽表): one column a component (基础养老金中央, 个账代缴 …). Each component becomes a row of its own; a stated 总额 proves them.

The rows of one file row keep its line. 待遇类型 is the component's name, 资金来源 its level; a row whose own 待遇类型 says
补发, 丧葬 … keeps that class. A component of zero makes no row, unless all are: then the row stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.columns import Reading
from controls.intake.contracts import Contract, fold, local_names
from controls.intake.errors import PartsDiffer
from ledger.money import show

PENSION = "pension"


def here(contract: Contract, present: frozenset[str]) -> list[str]:
    """Ids of the component columns a file has."""
    return [part.id for part in contract.parts() if part.id in present]


def prove(contract: Contract, found: dict[str, Any], present: frozenset[str], reading: Reading) -> None:
    """The parts of each row must sum to its total (SB2140); without a total column their sum is the amount. Changes ``found``."""
    parts = here(contract, present)
    if contract.wide is None or not parts:
        return
    total = contract.wide.total
    summed = reduce(pc.add, [pc.fill_null(found[part], 0) for part in parts])
    if total not in present:
        found[total] = summed
        return
    stated = found[total]
    differs = np.asarray(pc.fill_null(pc.not_equal(stated, summed), False))
    texts = np.full(len(differs), "", object)
    for row in np.flatnonzero(differs):
        texts[row] = f"{_yuan(stated, row)}，{_yuan(summed, row)}"
    reading.flag(differs, contract.column(total).header, PartsDiffer, texts)


def _yuan(fen: Any, row: Any) -> str:
    return show(fen[int(row)].as_py(), grouped=False)


def unfold(contract: Contract, table: pa.Table, parts: Mapping[str, Any]) -> pa.Table:
    """One row a component that is not zero, in the order of rows and then of the contract. ``parts``: id → fen, a value a row of ``table``."""
    if contract.wide is None or not parts or not table.num_rows:
        return table
    columns = [column for column in contract.parts() if column.id in parts]
    amounts = np.stack([np.asarray(pc.fill_null(parts[column.id], 0)) for column in columns])
    filled = amounts != 0
    empty = ~filled.any(axis=0)
    rows, places = np.nonzero(filled.T)
    order = np.argsort(np.concatenate([rows, np.flatnonzero(empty)]), kind="stable")
    at = np.concatenate([rows, np.flatnonzero(empty)])[order]
    which = np.concatenate([places, np.full(int(empty.sum()), -1)])[order]
    whole = table.take(pa.array(at))
    fen = np.where(which >= 0, amounts[which, at], 0)
    return _labelled(whole.set_column(whole.column_names.index(contract.wide.total), contract.wide.total, pa.array(fen, pa.int64())), columns, which)


def _labelled(table: pa.Table, columns: list[Any], which: Any) -> pa.Table:
    words = local_names("items")
    items = pa.array([*(column.part.item for column in columns), None], pa.string()).take(pa.array(which % (len(columns) + 1)))
    classes = pa.array([*(words.get(fold(column.part.item), "other") for column in columns), None], pa.string()).take(pa.array(which % (len(columns) + 1)))
    sources = pa.array([*(column.part.source or None for column in columns), None], pa.string()).take(pa.array(which % (len(columns) + 1)))
    given = table.column("item_class")
    new = {
        "item": pc.coalesce(items, table.column("item")),
        "item_class": pc.if_else(pc.equal(given, PENSION), pc.coalesce(classes, given), given),
        "source": pc.coalesce(sources, table.column("source")),
        "has_item": pa.repeat(True, table.num_rows),
    }
    for name, values in new.items():
        table = table.set_column(table.column_names.index(name), name, values)
    return table

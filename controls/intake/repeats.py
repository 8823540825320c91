"""The same rows twice (重复行): rows of a file that are equal in every recognised column. They stay in; each is warned of (SB2138) with the earlier one.

Sixty-four bits a row find the candidates; whether they are equal is then read from the canonical rows, column by column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.errors import SameRow
from controls.intake.mixing import hash_values
from controls.intake.spool import Canonical
from controls.intake.trouble import NOTHING, WHOLE_ROW

NUMBERING = frozenset((("roster", "seq"),))
"""Columns that number the rows: different in every row by their nature, they say nothing of whether rows are the same."""

_NOT_SAID = frozenset(("file", "line"))


def of_rows(table: pa.Table, lines: Any, hashes: Any) -> Any:
    """The hash of each canonical row, where a file row with several components (宽表) has become several. ``hashes``: one a good file row, at ``lines``."""
    if table.num_rows == len(lines):
        return hashes
    places = np.searchsorted(np.asarray(lines), np.asarray(table.column("line")))
    parts = [hash_values(chunk, "item") for chunk in table.column("item").chunks]
    return hashes[places] + (np.concatenate(parts) if parts else np.zeros(0, np.uint64))


def find(contract: str, rows: Canonical, hashes: Sequence[Any]) -> pa.Table:
    """``line, column, value, code`` of the rows that are there before, by line, each line once; ``value`` is the line of the first such row."""
    later, earlier = _candidates(np.concatenate(hashes) if hashes else np.zeros(0, np.uint64))
    for name in rows.column_names:
        if len(later) and name not in _NOT_SAID and (contract, name) not in NUMBERING:
            same = _equal(rows.column(name), later, earlier)
            later, earlier = later[same], earlier[same]
    if not len(later):
        return NOTHING
    lines = rows.column("line").combine_chunks()
    at = np.asarray(lines.take(pa.array(later)))
    first = lines.take(pa.array(earlier))
    once = np.concatenate([[True], np.diff(at) > 0]) & (np.asarray(first) != at)
    kept = pa.array(once)
    count = int(once.sum())
    return pa.table(
        {
            "line": pa.array(at, pa.int32()).filter(kept),
            "column": pa.repeat(WHOLE_ROW, count),
            "value": first.filter(kept).cast(pa.string()),
            "code": pa.repeat(SameRow.code, count),
        }
    )


def _candidates(hashes: Any) -> tuple[Any, Any]:
    """Rows whose hash stands in an earlier row too, rising, and the first such row of each."""
    ordered = np.sort(hashes)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    at = np.flatnonzero(np.isin(hashes, twice))
    _, first, group = np.unique(hashes[at], return_index=True, return_inverse=True)
    earlier = at[first[group]]
    later = earlier < at
    return at[later], earlier[later]


def _equal(column: pa.ChunkedArray, later: Any, earlier: Any) -> Any:
    one, other = column.take(pa.array(later)), column.take(pa.array(earlier))
    both_null = pc.and_(pc.is_null(one), pc.is_null(other))
    return np.asarray(pc.or_(pc.fill_null(pc.equal(one, other), False), both_null))

"""Two lists joined row by row (配对): codes instead of texts, whole columns at a time, so that a million rows take seconds.

Rows that are equal in every compared column cancel first; whatever is left of a key is paired in the order of the files.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import contracts
from controls.intake.lists import PERSON, ListRule
from ledger.money import show

LABELS = ("number", "id_raw", "name", "account", "holder")
"""Columns that say to a reader whose row it is."""


class Pair:
    """Two lists joined: every row is unchanged, one of a pair that differs, or left on its own side."""

    def __init__(self, rule: ListRule, old: pa.Table, new: pa.Table, *, once: bool) -> None:
        self.rule, self.old, self.new = rule, old, new
        self.split = split = old.num_rows
        keys = _codes(_key(old, rule), _key(new, rule))
        self.columns = {name: _codes(text(old, name), text(new, name)) for name in rule.compared}
        content = keys
        for codes in self.columns.values():
            content = _both(content, codes)
        content = np.unique(content, return_inverse=True)[1]
        kept = np.sort(np.unique(content[:split], return_index=True)[1]) if once else np.arange(split)
        self.old_count = len(kept)
        old_keys, new_keys = keys[kept], keys[split:]
        self.repeated = _repeated(old_keys), _repeated(new_keys)
        old_equal, new_equal = _matched(content[kept], content[split:])
        self.unchanged = int(old_equal.sum())
        old_rest, new_rest = kept[~old_equal], np.flatnonzero(~new_equal)
        several = np.intersect1d(_many(keys[old_rest], keys[split + new_rest]), keys)
        at_old, at_new = _joined(keys[old_rest], keys[split + new_rest])
        self.old_paired, self.new_paired = old_rest[at_old], new_rest[at_new]
        self.several = np.isin(keys[self.old_paired], several)
        self.old_left = np.delete(old_rest, at_old)
        self.new_left = np.delete(new_rest, at_new)

    def changed(self, contract: str) -> pa.Table:
        """One row a changed cell, in the order of the older list."""
        described = contracts.load(contract)
        heads = {column.id: column for column in described.columns}
        parts: list[pa.Table] = []
        for name, codes in self.columns.items():
            which = np.flatnonzero(codes[self.old_paired] != codes[self.split + self.new_paired])
            if not len(which):
                continue
            at_old, at_new = pa.array(self.old_paired[which]), pa.array(self.new_paired[which])
            column = heads.get("name" if name == "name_norm" else name)
            amount = column is not None and column.kind == "amount"
            labels = {label: text(self.new, label).take(at_new) for label in LABELS if label in self.new.column_names}
            parts.append(
                pa.table(
                    {
                        **labels, "id": _same(name, len(which)), "column": _same(column.header if column else name, len(which)),
                        "old": _shown(self.old, name, at_old, amount), "new": _shown(self.new, name, at_new, amount),
                        "old_line": self.old.column("line").take(at_old), "new_line": self.new.column("line").take(at_new),
                        "several": pa.array(self.several[which]),
                    }
                )
            )  # fmt: skip
        if not parts:
            return pa.table({name: pa.array([], pa.string()) for name in ("id", "column", "old", "new", "old_line", "new_line", "several")})
        return pa.concat_tables(parts).sort_by([("old_line", "ascending"), ("new_line", "ascending")])


def _key(table: pa.Table, rule: ListRule) -> pa.Array:
    parts = [_person(table) if name == PERSON else text(table, name) for name in rule.key]
    return pc.binary_join_element_wise(*parts, "\x1f") if len(parts) > 1 else parts[0]


def _person(table: pa.Table) -> pa.Array:
    """Who a row is about: the normal number; a failing number together with the name; else name and birth date."""
    number, name = text(table, "number"), text(table, "name_norm")
    known = pc.and_(pc.not_equal(number, ""), pc.not_equal(text(table, "damaged"), "true"))
    sound = pc.and_(known, pc.equal(text(table, "number_ok"), "true"))
    with_name = pc.binary_join_element_wise("n", number, name, "\x1e")
    without = pc.binary_join_element_wise("b", name, text(table, "birth"), "\x1e")
    return pc.if_else(sound, number, pc.if_else(known, with_name, without))


def text(table: pa.Table, name: str) -> pa.Array:
    """A column as text, '' where it is null or the table has none."""
    if name not in table.column_names:
        return pa.repeat(pa.scalar("", pa.string()), table.num_rows)
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _codes(old: pa.Array, new: pa.Array) -> Any:
    """One number a distinct text, over both lists; the older list's rows first."""
    return pa.concat_arrays([old, new]).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _both(content: Any, codes: Any) -> Any:
    """One number a pair of numbers; made small again before it could overflow."""
    most = int(codes.max(initial=0)) + 1
    if int(content.max(initial=0)) >= 2**62 // most:
        content = np.unique(content, return_inverse=True)[1]
    return content * most + codes


def _rank(codes: Any) -> Any:
    """0, 1, 2 … for the rows of one code, in their order."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1)) if len(ordered) else np.array([], np.int64)
    first = np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - first
    return rank


def _matched(old: Any, new: Any) -> tuple[Any, Any]:
    """Which rows have an equal one on the other side, one for one."""
    size = int(max(old.max(initial=-1), new.max(initial=-1))) + 1
    both = np.minimum(np.bincount(old, minlength=size), np.bincount(new, minlength=size))
    return _rank(old) < both[old], _rank(new) < both[new]


def _joined(old: Any, new: Any) -> tuple[Any, Any]:
    """Places of the rows that share a key, one for one in their order."""
    rank_old, rank_new = _rank(old), _rank(new)
    most = int(max(rank_old.max(initial=0), rank_new.max(initial=0))) + 1
    _, at_old, at_new = np.intersect1d(old * most + rank_old, new * most + rank_new, assume_unique=True, return_indices=True)
    order = np.argsort(at_old)
    return at_old[order], at_new[order]


def _many(*sides: Any) -> Any:
    """Keys that stand more than once on a side."""
    found = [np.unique(side, return_counts=True) for side in sides]
    return np.unique(np.concatenate([keys[counts > 1] for keys, counts in found]))


def _repeated(keys: Any) -> int:
    return int((np.unique(keys, return_counts=True)[1] > 1).sum())


def _same(text: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), rows)


def _shown(table: pa.Table, name: str, at: pa.Array, amount: bool) -> pa.Array:
    if not amount:
        return text(table, name).take(at)
    return pa.array(["" if fen is None else show(fen) for fen in table.column(name).take(at).to_pylist()], pa.string())

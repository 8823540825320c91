"""Hashes of values and rows (散列): 64 bits each, computed on whole columns, equal for equal values within one run.

They only find rows that may be the same; whether they are is read from the rows. Mixing after Steele, Lea, Flood (SplitMix64, 2014).
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_SLICE = 65_536


def mix(values: Any) -> Any:
    """Spreads the bits of uint64 values."""
    mixed = values + _GOLDEN
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))


def hash_values(values: pa.Array, column: str) -> Any:
    """uint64 a value: texts by their bytes, whole numbers, days and flags by their value; null is a value of its own.

    ``column``: equal values of two columns have different hashes.
    """
    salt = np.uint64(zlib.crc32(column.encode()))
    return mix(_hashed(values) ^ salt)


def _hashed(values: pa.Array) -> Any:
    if pa.types.is_string(values.type):
        return np.concatenate([_texts(values.slice(start, _SLICE)) for start in range(0, len(values), _SLICE)] or [np.zeros(0, np.uint64)])
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    whole = np.asarray(pc.fill_null(values.cast(pa.int64()), -(2**63) + 1)).astype(np.int64)
    return mix(whole.view(np.uint64))


def _texts(texts: pa.Array) -> Any:
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    data = texts.buffers()[2]
    found = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    lengths = np.diff(offsets)
    hashes = lengths.astype(np.uint64)
    for length in np.unique(lengths):
        if length:
            at = np.flatnonzero(lengths == length)
            words = np.zeros((len(at), -(-int(length) // 8) * 8), np.uint8)
            words[:, :length] = found[offsets[at][:, None] + np.arange(length)]
            mixed = hashes[at]
            for word in words.view(np.uint64).T:
                mixed = mix(mixed ^ word)
            hashes[at] = mixed
    return hashes

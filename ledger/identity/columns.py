"""Whole columns of resident numbers (公民身份号码): form, date, check digit and 15 → 18 by numpy, equal to :func:`ledger.identity.judge` cell by cell.
Bank cards likewise.

Numbers written plainly (15 or 18 characters of ASCII) are judged together; any other cell is judged by the function for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ledger.identity.numbers import CHECKS, WEIGHTS, Fault, judge, looks_damaged, lost_digits

FAULTS = tuple(Fault)
"""``Judged.fault`` is an index into these."""

_FAULT = {fault: place for place, fault in enumerate(FAULTS)}
_ZERO, _X, _SMALL_X = ord("0"), ord("X"), ord("x")
_WEIGHTS = np.array(WEIGHTS, np.int32)
_CHECKS = np.frombuffer(CHECKS.encode(), np.uint8)
_DAYS = np.array((0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), np.int32)
_BEFORE = np.array((0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334), np.int64)


@dataclass(frozen=True, slots=True)
class Judged:
    """Columns in the order of the texts. ``normal`` string, ``birth`` date32 null, ``sex`` string (男/女/''), Arrow arrays; ``ok``, ``damaged``
    (scientific form, or the end lost to 000) bool and ``fault`` uint8 (index into :data:`FAULTS`), numpy arrays."""

    normal: Any
    ok: Any
    damaged: Any
    fault: Any
    birth: Any
    sex: Any

    def __len__(self) -> int:
        return len(self.normal)


def judge_many(texts: Sequence[str] | Any) -> Judged:
    """Judge resident numbers as a column. ``texts``: a list of str, or an Arrow array or chunked array of strings without nulls."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    column = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    if column.type != pa.large_string():
        column = column.cast(pa.large_string())
    lengths = np.asarray(pc.binary_length(column))
    result = _Result(len(column))
    left = np.ones(len(column), bool)
    for width in (18, 15):
        at = np.flatnonzero(lengths == width)
        if len(at):
            chars = _characters(column if len(at) == len(column) else column.take(pa.array(at)), width)
            plain = _plain(chars)
            at, chars = at[plain], chars[plain]
            left[at] = False
            result.put(at, *(_eighteen(chars) if width == 18 else _fifteen(chars)))
    return result.finish(np.flatnonzero(left), column)


def doubtful_cards(texts: Any) -> Any:
    """Which bank accounts of an Arrow string column have 16 to 19 digits and fail the Luhn check; a boolean numpy array. Passbooks do so too."""
    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    column = column.cast(pa.large_string())
    lengths = np.asarray(pc.binary_length(column))
    failing = np.zeros(len(column), bool)
    for width in (16, 17, 18, 19):
        at = np.flatnonzero(lengths == width)
        if len(at):
            digits = _characters(column.take(pa.array(at)), width) - _ZERO
            doubled = digits[:, -2::-2].astype(np.int16) * 2
            total = digits[:, ::-2].sum(axis=1, dtype=np.int16) + np.where(doubled > 9, doubled - 9, doubled).sum(axis=1)
            failing[at] = (digits <= 9).all(axis=1) & (total % 10 != 0)
    return failing


class _Result:
    def __init__(self, rows: int) -> None:
        self.chars = np.zeros((rows, 18), np.uint8)
        self.width = np.zeros(rows, np.int64)
        self.fault = np.zeros(rows, np.uint8)
        self.days = np.zeros(rows, np.int32)
        self.sex = np.zeros(rows, np.int8)
        self.known = np.zeros(rows, bool)

    def put(self, at: Any, chars: Any, width: Any, fault: Any, days: Any, known: Any) -> None:
        self.chars[at] = chars
        self.width[at] = width
        self.fault[at] = fault
        self.days[at] = days
        self.known[at] = known
        self.sex[at] = np.where(known, np.where((chars[:, 16] - _ZERO) % 2 == 1, 1, 2), 0)

    def finish(self, odd: Any, column: Any) -> Judged:
        damaged = _lost(self.chars, self.width, self.fault)
        others = []
        for row, text in zip(odd.tolist(), column.take(pa.array(odd)).to_pylist(), strict=True):
            number = judge(text)
            others.append(number.normal)
            self.fault[row] = _FAULT[number.fault]
            damaged[row] = looks_damaged(text) or lost_digits(number)
            if number.birth is not None:
                self.known[row] = True
                self.days[row] = number.birth.toordinal() - 719163
                self.sex[row] = 1 if number.sex == "男" else 2
        birth = pa.array(self.days, pa.int32(), mask=~self.known).cast(pa.date32())
        sex = pa.DictionaryArray.from_arrays(pa.array(self.sex), pa.array(["", "男", "女"])).dictionary_decode()
        return Judged(self._normal(odd, others), self.fault == 0, damaged, self.fault, birth, sex)

    def _normal(self, odd: Any, others: list[str]) -> Any:
        texts = _strings(self.chars, self.width)
        if not others:
            return texts
        mask = np.zeros(len(self.width), bool)
        mask[odd] = True
        return pc.replace_with_mask(texts, pa.array(mask), pa.array(others, pa.string()))


def _characters(column: Any, width: int) -> Any:
    # All cells have the same width, so the data buffer is a matrix.
    if not len(column):
        return np.zeros((0, width), np.uint8)
    offsets = np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + 1]
    start = int(offsets[0])
    return np.frombuffer(column.buffers()[2], np.uint8)[start : start + width * len(column)].reshape(-1, width)


def _plain(chars: Any) -> Any:
    digits = (chars - _ZERO) <= 9
    if chars.shape[1] == 15:
        return digits.all(axis=1)
    return digits[:, :17].all(axis=1) & (digits[:, 17] | (chars[:, 17] == _X) | (chars[:, 17] == _SMALL_X))


def _eighteen(chars: Any) -> tuple[Any, Any, Any, Any, Any]:
    last = np.where(chars[:, 17] == _SMALL_X, _X, chars[:, 17])
    days, known = _dates(chars)
    fault = np.where(known, np.where(_check(chars) == last, 0, _FAULT[Fault.CHECK]), _FAULT[Fault.DATE])
    return np.column_stack((chars[:, :17], last)).astype(np.uint8), 18, fault, days, known


def _fifteen(short: Any) -> tuple[Any, Any, Any, Any, Any]:
    hundred = (short[:, 12] == _ZERO + 9) & (short[:, 13] == _ZERO + 9) & (short[:, 14] >= _ZERO + 6) & (short[:, 6] >= _ZERO + 7)
    chars = np.empty((len(short), 18), np.uint8)
    chars[:, :6], chars[:, 6], chars[:, 7], chars[:, 8:17] = short[:, :6], _ZERO + 1, np.where(hundred, _ZERO + 8, _ZERO + 9), short[:, 6:]
    chars[:, 17] = _check(chars)
    days, known = _dates(chars)
    # Without a date it is no number of fifteen digits and stays as it was written.
    chars[~known, :15] = short[~known]
    return chars, np.where(known, 18, 15), np.where(known, 0, _FAULT[Fault.DATE]), days, known


def _check(chars: Any) -> Any:
    return _CHECKS[((chars[:, :17] - _ZERO).astype(np.int32) @ _WEIGHTS) % 11]


def _dates(chars: Any) -> tuple[Any, Any]:
    digits = (chars[:, 6:14] - _ZERO).astype(np.int64)
    year = digits[:, 0] * 1000 + digits[:, 1] * 100 + digits[:, 2] * 10 + digits[:, 3]
    month, day = digits[:, 4] * 10 + digits[:, 5], digits[:, 6] * 10 + digits[:, 7]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    month_ok = (month >= 1) & (month <= 12)
    month = np.where(month_ok, month, 1)
    known = month_ok & (year >= 1800) & (day >= 1) & (day <= _DAYS[month] + (leap & (month == 2)))
    past = year - 1
    ordinal = past * 365 + past // 4 - past // 100 + past // 400 + _BEFORE[month] + (leap & (month > 2)) + day
    return np.where(known, ordinal - 719163, 0), known


def _lost(chars: Any, width: Any, fault: Any) -> Any:
    return (width == 18) & (fault != 0) & (chars[:, 15:] == _ZERO).all(axis=1)


def _strings(chars: Any, width: Any) -> Any:
    keep = np.arange(18) < width[:, None]
    offsets = np.zeros(len(width) + 1, np.int32 if len(width) * 18 < 2**31 else np.int64)
    np.cumsum(width, out=offsets[1:])
    data = chars[keep] if not (width == 18).all() else chars.reshape(-1)
    kind = pa.string() if offsets.dtype == np.int32 else pa.large_string()
    return pa.Array.from_buffers(kind, len(width), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))])

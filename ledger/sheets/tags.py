"""The rows of a sheet's XML taken apart by whole arrays: every tag of a block at once, and only where its form is the usual one.

A block is a run of complete ``<row>`` elements. Anything unusual (rich text, comments, other quotes, other order)
gives None, and the block goes to the parser in ``ledger.sheets.markup``, which knows everything and is slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

ROW, CELL, FORMULA, VALUE, INLINE, TEXT = 0, 3, 6, 9, 12, 15
EMPTY, CLOSE, NONE = 1, 2, 18
"""A tag's number is that of its name, plus ``EMPTY`` for ``<c/>`` and ``CLOSE`` for ``</c>``; ``NONE`` for any other."""

_NAMES = {ROW: b"row", CELL: b"c", FORMULA: b"f", VALUE: b"v", INLINE: b"is", TEXT: b"t"}
_BEGIN = (ROW, ROW + EMPTY)
_INSIDE = (CELL, CELL + EMPTY, ROW + CLOSE)
_HELD = (VALUE, VALUE + EMPTY, CELL + CLOSE)
_FOLLOWS = {
    ROW: _INSIDE, ROW + EMPTY: _BEGIN, ROW + CLOSE: _BEGIN,
    CELL: (FORMULA, FORMULA + EMPTY, INLINE, INLINE + EMPTY, *_HELD), CELL + EMPTY: _INSIDE, CELL + CLOSE: _INSIDE,
    FORMULA: (FORMULA + CLOSE,), FORMULA + EMPTY: _HELD, FORMULA + CLOSE: _HELD,
    VALUE: (VALUE + CLOSE,), VALUE + EMPTY: (CELL + CLOSE,), VALUE + CLOSE: (CELL + CLOSE,),
    INLINE: (TEXT, TEXT + EMPTY, INLINE + CLOSE), INLINE + EMPTY: (CELL + CLOSE,), INLINE + CLOSE: (CELL + CLOSE,),
    TEXT: (TEXT + CLOSE,), TEXT + EMPTY: (INLINE + CLOSE,), TEXT + CLOSE: (INLINE + CLOSE,),
}  # fmt: skip
_TAIL = re.compile(r'(?: (?:s="(?P<style>[0-9]{1,5})"|t="(?P<type>[A-Za-z]{1,9})"|(?:cm|vm|ph)="[0-9a-z]{1,9}"))*/?')
_HIDDEN = re.compile(r' (?:hidden="(?:1|true)"|ht="0")')
_PAD = bytes(64)
_PRESERVE = b' xml:space="preserve"'
_SPACE = np.isin(np.arange(256), (9, 10, 13, 32))
_ROW_TAIL = re.compile(r'(?: [\w:.-]+="[^"<&]*")* ?/?')


@dataclass(slots=True)
class Batch:
    """Cells in the order of the file: ``lines`` from 1, ``columns`` from 0, ``texts`` as written between the tags (escapes
    undone only where ``plain``), ``looks``: (type, style) of the cell as an index into ``kinds``; ``formulas``: whether it is computed,
    ``valued``: whether a value is stored. ``hidden``: lines not shown."""

    lines: Any
    columns: Any
    texts: Any
    looks: Any
    kinds: list[tuple[str, int]]
    formulas: Any
    valued: Any
    hidden: list[int]
    plain: bool = False


def _tables() -> tuple[Any, Any, Any]:
    first = np.full(256, NONE, np.uint8)
    length = np.zeros(NONE + 1, np.int64)
    for number, name in _NAMES.items():
        first[name[0]] = number
        length[number : number + 3] = len(name)
    allowed = np.zeros((NONE + 1, NONE + 1), bool)
    for number, after in _FOLLOWS.items():
        allowed[number, list(after)] = True
    return first, length, allowed


_FIRST, _LENGTH, _ALLOWED = _tables()


def slices(buffer: pa.Buffer, starts: Any, ends: Any) -> pa.Array:
    """The stretches of a buffer as an array of text: what lies between them is taken as text too, and left out. ArrowInvalid unless it is UTF-8."""
    offsets = np.zeros(2 * len(starts) + 1, np.int32)
    offsets[1::2] = starts
    offsets[2::2] = ends
    both = pa.StringArray.from_buffers(2 * len(starts), pa.py_buffer(offsets), buffer)
    found = both.take(pa.array(np.arange(1, 2 * len(starts), 2)))
    found.validate(full=True)
    return found


def take_apart(block: bytes, prefix: int) -> Batch | None:
    """The cells of a block; ``prefix``: length of the names' prefix with its colon. None where anything is unusual."""
    data = np.frombuffer(block + _PAD, np.uint8)
    tags = _tags(data, len(block), prefix)
    if tags is None:
        return None
    opened, closed, names, kinds = tags
    is_row, is_cell = kinds <= ROW + EMPTY, (kinds == CELL) | (kinds == CELL + EMPTY)
    row_lines, row_digits = _row_lines(data, names[is_row] + 3)
    if row_lines is None:
        return None
    cell_at = np.flatnonzero(is_cell)
    of_row = np.cumsum(is_row, dtype=np.int32)[cell_at] - 1
    lines = row_lines[of_row]
    columns, after = _columns(data, names[cell_at] + 1, row_digits[of_row], lines)
    if columns is None:
        return None
    buffer = pa.py_buffer(block)
    row_tails = slices(buffer, names[is_row] + 8 + row_digits, closed[is_row]).dictionary_encode()
    if not all(_ROW_TAIL.fullmatch(tail) for tail in row_tails.dictionary.to_pylist()):
        return None
    tails = slices(buffer, after, closed[cell_at]).dictionary_encode()
    looks = [_TAIL.fullmatch(tail) for tail in tails.dictionary.to_pylist()]
    if not all(looks):
        return None
    of_cell = np.cumsum(is_cell, dtype=np.int32) - 1
    formulas, valued = np.zeros(len(cell_at), bool), np.zeros(len(cell_at), bool)
    formulas[of_cell[(kinds == FORMULA) | (kinds == FORMULA + EMPTY)]] = True
    value_at = np.flatnonzero((kinds == VALUE) | (kinds == TEXT))
    starts, ends = closed[value_at] + 1, opened[value_at + 1]
    filled = ends > starts
    valued[of_cell[value_at[filled]]] = True
    kept = valued | formulas
    where = of_cell[value_at[filled]]
    from_, to = np.zeros(len(cell_at), np.int64), np.zeros(len(cell_at), np.int64)
    from_[:], to[:] = closed[cell_at], closed[cell_at]
    from_[where], to[where] = starts[filled], ends[filled]
    return Batch(
        lines[kept], columns[kept], slices(buffer, from_[kept], to[kept]), np.asarray(tails.indices)[kept],
        [(look["type"] or "n", int(look["style"] or 0)) for look in looks if look is not None], formulas[kept], valued[kept],
        _hidden(row_lines, row_tails),
    )  # fmt: skip


def _tags(data: Any, size: int, prefix: int) -> tuple[Any, Any, Any, Any] | None:
    """Where each tag opens and closes, where its name stands, and its number; None unless they follow one another as usual."""
    opened, closed = np.flatnonzero(data == 60), np.flatnonzero(data == 62)
    if not _even(data, opened, closed, size):
        return None
    closing = data[opened + 1] == 47
    names = opened + 1 + closing + prefix
    if prefix and (data[np.minimum(names - 1, size)] != 58).any():
        return None
    kinds = _FIRST[data[np.minimum(names, size)]]
    ends = names + _LENGTH[kinds]
    last = data[np.minimum(ends, size)]
    sound = (last == 62) | (((last == 32) | (last == 47)) & ~closing)
    rows = kinds == ROW
    inline = kinds == INLINE
    sound[rows] &= (data[names[rows] + 1] == 111) & (data[names[rows] + 2] == 119)
    sound[inline] &= data[names[inline] + 1] == 115
    if not sound.all() or (ends > closed).any():
        return None
    kinds = kinds + np.where(closing, CLOSE, (data[closed - 1] == 47).astype(np.uint8)).astype(np.uint8)
    kinds = np.minimum(kinds, NONE)
    if kinds[0] not in _BEGIN or kinds[-1] not in (ROW + EMPTY, ROW + CLOSE) or not _ALLOWED[kinds[:-1], kinds[1:]].all():
        return None
    bare = (closed - ends == 0) | ((closed - ends == 1) & (data[closed - 1] == 47))
    texts = kinds == TEXT
    if not (bare[(kinds == VALUE) | (kinds == VALUE + EMPTY) | inline].all() and _kept_spaces(data, ends[texts], closed[texts])):
        return None
    if not _nothing_between(data, opened, closed, (kinds == VALUE) | (kinds == FORMULA) | texts):
        return None
    return opened, closed, names, kinds


def _even(data: Any, opened: Any, closed: Any, size: int) -> bool:
    """Whether tags open and close in turn, with nothing but whole tags, and no character that XML does not have."""
    if len(opened) != len(closed) or not len(opened) or (closed < opened).any() or (opened[1:] < closed[:-1]).any():
        return False
    low = data[:size] < 32
    if low.any() and not np.isin(data[:size][low], (9, 10, 13)).all():
        return False
    around = np.concatenate([data[: opened[0]], data[closed[-1] + 1 : size]])
    return bool(_SPACE[around].all())


def _kept_spaces(data: Any, ends: Any, closed: Any) -> bool:
    """Whether ``<t>`` has no attribute but ``xml:space="preserve"``, told by its length and a letter."""
    other = closed - ends != 0
    return bool(((closed[other] - ends[other] == len(_PRESERVE)) & (data[ends[other] + 5] == 115) & (data[closed[other] - 1] == 34)).all())


def _nothing_between(data: Any, opened: Any, closed: Any, texts: Any) -> bool:
    """Whether only white space stands between tags, but behind those that hold text."""
    gaps = np.flatnonzero((opened[1:] - closed[:-1] > 1) & ~texts[:-1])
    return all(_SPACE[data[closed[gap] + 1 : opened[gap + 1]]].all() for gap in gaps) if len(gaps) < 1_000 else _all_space(data, opened, closed, gaps)


def _all_space(data: Any, opened: Any, closed: Any, gaps: Any) -> bool:
    """The same for very many gaps (a line end behind every row): by the first and the last byte of each, where they are short."""
    short = opened[gaps + 1] - closed[gaps] <= 3
    return bool(short.all() and _SPACE[data[closed[gaps] + 1]].all() and _SPACE[data[opened[gaps + 1] - 1]].all())


def _quoted(data: Any, at: Any) -> bool:
    """Whether `` r="`` stands at all these places."""
    return bool(((data[at] == 32) & (data[at + 1] == 114) & (data[at + 2] == 61) & (data[at + 3] == 34)).all())


def _row_lines(data: Any, at: Any) -> tuple[Any, Any]:
    """Line of each row, and how many digits it has; None where it is not the first attribute."""
    if not _quoted(data, at):
        return None, None
    lines, digits, going = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64), np.ones(len(at), bool)
    for step in range(8):
        digit = data[at + 4 + step].astype(np.int64) - 48
        going &= (digit >= 0) & (digit <= 9)
        lines[going] = lines[going] * 10 + digit[going]
        digits += going
    if (digits > 7).any() or (digits == 0).any() or (lines == 0).any() or (data[at + 4 + digits] != 34).any():
        return None, None
    return lines.astype(np.int32), digits


def _columns(data: Any, at: Any, digits: Any, lines: Any) -> tuple[Any, Any]:
    """Column of each cell, and where its address ends; None where an address is not as usual or not of its row."""
    if not _quoted(data, at):
        return None, None
    first, second, third = (data[at + step].astype(np.int32) - 64 for step in (4, 5, 6))
    two = (second >= 1) & (second <= 26)
    three = two & (third >= 1) & (third <= 26)
    columns = np.where(three, (first * 26 + second) * 26 + third, np.where(two, first * 26 + second, first)) - 1
    end = at + 5 + two + three + digits
    same = (data[end] == 34) & (data[end - 1] == lines % 10 + 48)
    if not (same & (first >= 1) & (first <= 26)).all():
        return None, None
    return columns, end + 1


def _hidden(lines: Any, tails: pa.DictionaryArray) -> list[int]:
    """Lines that are not shown; ``tails``: what follows the line in each row's tag."""
    hidden = np.array([_HIDDEN.search(tail) is not None for tail in tails.dictionary.to_pylist()], bool)
    found: list[int] = lines[hidden[np.asarray(tails.indices)]].tolist() if hidden.any() else []
    return found


_STRING, _PIECE = 0, 3
_STRINGS_FIRST = np.full(256, 6, np.uint8)
_STRINGS_FIRST[[115, 116]] = _STRING, _PIECE
_STRINGS_ALLOWED = np.zeros((7, 7), bool)
for _number, _after in {0: (2, 3, 4), 1: (0, 1), 2: (0, 1), 3: (5,), 4: (2,), 5: (2,)}.items():
    _STRINGS_ALLOWED[_number, list(_after)] = True


def shared_strings(block: bytes, prefix: int) -> pa.Array | None:
    """The strings of a run of ``<si>`` that each hold one plain ``<t>``, as written between the tags; None where any is otherwise."""
    data = np.frombuffer(block + _PAD, np.uint8)
    opened, closed = np.flatnonzero(data == 60), np.flatnonzero(data == 62)
    if not _even(data, opened, closed, len(block)):
        return None
    closing = data[opened + 1] == 47
    names = opened + 1 + closing + prefix
    kinds = _STRINGS_FIRST[data[names]]
    ends = names + np.where(kinds == _STRING, 2, 1)
    last = data[ends]
    sound = (kinds < 6) & ((last == 62) | (((last == 32) | (last == 47)) & ~closing)) & ((kinds != _STRING) | (data[names + 1] == 105))
    if not sound.all() or (ends > closed).any() or (prefix and (data[names - 1] != 58).any()):
        return None
    kinds = kinds + np.where(closing, CLOSE, (data[closed - 1] == 47).astype(np.uint8)).astype(np.uint8)
    if kinds[0] > 1 or kinds[-1] not in (1, 2) or not _STRINGS_ALLOWED[kinds[:-1], kinds[1:]].all():
        return None
    held = kinds == _PIECE
    if (closed[kinds == _STRING] != ends[kinds == _STRING]).any() or not _kept_spaces(data, ends[held], closed[held]):
        return None
    if not _nothing_between(data, opened, closed, held):
        return None
    strings = np.flatnonzero(kinds <= 1)
    pieces = np.flatnonzero(kinds == _PIECE)
    starts, stops = closed[strings].copy(), closed[strings].copy()
    where = np.searchsorted(strings, pieces) - 1
    starts[where], stops[where] = closed[pieces] + 1, opened[pieces + 1]
    return slices(pa.py_buffer(block), starts, stops)

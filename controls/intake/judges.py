"""How the texts of a column are read (读法): each judge takes distinct texts and gives a value, an error or a warning for each.

The cell functions of ``controls.intake.cells`` and ``ledger.identity`` are the definition; where most texts are written plainly they are
read at once by Arrow, and tests prove that both ways agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import cells
from controls.intake.cells import Bad
from controls.intake.contracts import Column, choices, fold, local_names
from controls.intake.errors import CellBlank, CellTooLong, ChoiceBad, DamagedNumber, UnknownChoice
from controls.intake.texts import Judge, Judged
from ledger import identity
from ledger.identity import Document

LONGEST = 2_000
TRIM = " \t\r\n\u3000\xa0\ufeff\u200b"

PLAIN_AMOUNT = r"^(?:0|[1-9][0-9]{0,11})\.[0-9]{2}$"
_PLAIN_NAME = r"^[\x{4E00}-\x{9FA5}]+$"
_PLAIN_ACCOUNT = r"^[0-9]+$"


def maybe_blank(texts: pa.Array) -> Any:
    """Marks the texts that may be blank: those without a letter, a digit or a Chinese character."""
    return pc.invert(pc.match_substring_regex(texts, r"[0-9A-Za-z\p{Han}]"))


def is_blank(value: str) -> bool:
    """Whether a cell says nothing."""
    return not cells.squash(value)


def some(pattern: str) -> Callable[[pa.Array], Any]:
    """Marks the texts that match a pattern (RE2)."""
    return lambda texts: pc.match_substring_regex(texts, pattern)


def _mixed(texts: pa.Array, plain: Any, quick: Callable[[pa.Array], pa.Array], slow: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """``quick`` for the texts marked plain, all at once, ``slow`` for each of the others."""
    marked = np.asarray(plain)
    if marked.all():
        return quick(texts)
    at = np.flatnonzero(~marked)
    others = pa.array([slow(value) for value in texts.take(pa.array(at)).to_pylist()], kind)
    if len(at) == len(texts):
        return others
    order = np.empty(len(texts), np.int64)
    order[np.flatnonzero(marked)], order[at] = np.arange(len(texts) - len(at)), np.arange(len(texts) - len(at), len(texts))
    return pa.concat_arrays([quick(texts.filter(pa.array(marked))), others]).take(pa.array(order))


def scalar(column: Column, parse: Callable[[str], Any], kind: pa.DataType, *, wan: bool = False) -> Judge:
    """A typed column by ``parse``; blank cells are null ('' in a column of texts), or in error where the cell is needed."""
    nothing = "" if kind == pa.string() else None

    def judge(texts: pa.Array) -> Judged:
        errors: dict[int, Any] = {}
        plain = np.asarray(pc.match_substring_regex(texts, PLAIN_AMOUNT)) if column.kind == "amount" and not wan else np.zeros(len(texts), bool)
        values: list[Any] = [nothing] * len(texts)
        at = np.flatnonzero(~plain)
        for place, value in zip(at.tolist(), texts.take(pa.array(at)).to_pylist(), strict=True):
            if not cells.squash(value) or (not column.cell_needed and _says_nothing(column, value)):
                if column.cell_needed:
                    errors[place] = CellBlank
                continue
            try:
                values[place] = parse(value)
            except Bad as error:
                errors[place] = error.trouble
        if not plain.any():
            return Judged(pa.array(values, kind), errors)
        fen = pc.replace_substring(texts.filter(pa.array(plain)), ".", "").cast(pa.int64())
        slow = pa.array(values, kind)
        return Judged(pc.replace_with_mask(slow, pa.array(plain), fen), errors)

    return judge


def text(column: Column) -> Judge:
    """Text without white space at its ends."""

    def judge(texts: pa.Array) -> Judged:
        trimmed = pc.utf8_trim(texts, characters=TRIM)
        errors: dict[int, Any] = dict.fromkeys(np.flatnonzero(np.asarray(pc.greater(pc.utf8_length(trimmed), LONGEST))).tolist(), CellTooLong)
        if column.cell_needed:
            errors |= dict.fromkeys(np.flatnonzero(np.asarray(pc.equal(trimmed, ""))).tolist(), CellBlank)
        return Judged(trimmed, errors)

    return judge


def trimmed(texts: pa.Array) -> Judged:
    """Text as given, white space at its ends apart, never in error."""
    return Judged(pc.utf8_trim(texts, characters=TRIM))


def stripped(texts: pa.Array) -> Judged:
    """The same for kinds of documents, with every kind of white space."""
    return Judged(pa.array([value.strip() for value in texts.to_pylist()], pa.string()))


def normal_names(texts: pa.Array) -> Judged:
    """Normal forms of names; those of common Chinese characters alone are their own."""
    plain = pc.match_substring_regex(texts, _PLAIN_NAME)
    return Judged(_mixed(texts, plain, lambda same: same, identity.normal_name, pa.string()))


def account(column: Column) -> Judge:
    """A bank account; one spoilt by a spreadsheet is '' (it matches nothing) with a warning that shows it."""

    def read(value: str) -> str:
        return "" if identity.looks_damaged(value) else cells.account(value)

    def judge(texts: pa.Array) -> Judged:
        plain = pc.match_substring_regex(texts, _PLAIN_ACCOUNT)
        odd = np.flatnonzero(~np.asarray(plain)).tolist()
        values = dict(zip(odd, texts.take(pa.array(odd, pa.int64())).to_pylist(), strict=True))
        errors: dict[int, Any] = dict.fromkeys(np.flatnonzero(np.asarray(pc.greater(pc.utf8_length(texts), LONGEST))).tolist(), CellTooLong)
        if column.cell_needed:
            errors |= {place: CellBlank for place, value in values.items() if is_blank(value)}
        warnings: dict[int, Any] = {place: DamagedNumber for place, value in values.items() if identity.looks_damaged(value)}
        return Judged(_mixed(texts, plain, lambda same: same, read, pa.string()), errors, warnings)

    return judge


def choice(column: Column) -> Judge:
    """The canonical word of a list; a blank cell is the column's default."""
    words = choices(column.choices)

    def one(value: str) -> tuple[str, Any, Any]:
        key = fold(value)
        if not key or (not column.cell_needed and key not in words and cells.is_filler(value)):
            return column.default, CellBlank if column.cell_needed else None, None
        if key in words:
            return words[key], None, None
        if column.open:
            return column.otherwise or value.strip(TRIM), None, UnknownChoice
        return column.default, ChoiceBad, None

    return _each(one)


def named(column: Column, words: Mapping[str, str], blank: str, trouble: Any, blank_trouble: Any) -> Judge:
    """Class of a local name; an unknown one is ``other``, warned of."""

    def one(value: str) -> tuple[str, Any, Any]:
        key = fold(value)
        if not key:
            return blank, CellBlank if column.cell_needed else None, None if column.cell_needed else blank_trouble
        return words.get(key, "other"), None, None if key in words else trouble

    return _each(one)


def _each(one: Callable[[str], tuple[str, Any, Any]]) -> Judge:
    def judge(texts: pa.Array) -> Judged:
        found = [one(value) for value in texts.to_pylist()]
        errors = {place: error for place, (_, error, _) in enumerate(found) if error is not None}
        warnings = {place: warning for place, (_, _, warning) in enumerate(found) if warning is not None}
        return Judged(pa.array([value for value, _, _ in found], pa.string()), errors, warnings)

    return judge


def documents(texts: pa.Array) -> Judged:
    """Kind of document as an index into :data:`DOCUMENTS`; blank is a resident's."""
    known = local_names("documents")
    found = [Document(known.get(fold(value), "other")) if cells.squash(value) else Document.RESIDENT for value in texts.to_pylist()]
    return Judged(pa.array([DOCUMENTS.index(each) for each in found], pa.int32()))


DOCUMENTS = tuple(Document)


def _says_nothing(column: Column, value: str) -> bool:
    return cells.is_filler(value) or (column.kind in ("day", "day_or_month", "month") and cells.is_no_day(value))


def parser(column: Column, scale: int, year: int | None = None) -> tuple[Callable[[str], Any], pa.DataType]:
    """How the cells of a plain typed column are read, and its Arrow type. ``year``: the one the title names, for months written without."""
    if column.kind == "amount":
        return partial(cells.amount, wan=scale != 1), pa.int64()
    if column.kind == "month":
        return partial(cells.month, year_ok=column.year, title_year=year), pa.int32()
    readers: dict[str, tuple[Callable[[str], Any], pa.DataType]] = {
        "fund": (cells.fund, pa.string()),
        "program": (cells.program, pa.string()),
        "region": (cells.region, pa.string()),
        "day": (cells.day, pa.date32()),
        "day_or_month": (cells.day_or_month, pa.date32()),
        "integer": (cells.integer, pa.int32()),
    }
    return readers[column.kind]

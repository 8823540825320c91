"""The texts of one workbook (共享字符串), each once: shared strings as they stand in the file, and all others as they turn up.

A cell is then a whole number, its code: 0 for a blank, and the text of any other code is made once, however many
cells hold it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ledger.sheets.body import EXACT_DIGITS
from ledger.sheets.markup import BadMarkup
from ledger.sheets.stretches import ItemTooLong
from ledger.sheets.styles import date_text
from ledger.sheets.tags import Batch

BLANK, TEXT, NUMBER, DAY, TRUTH, ERROR, DAMAGED = range(7)
"""What stands in a cell; ``DAMAGED`` is a number of more than 15 digits."""

LONGEST = 1 << 20
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,3})?")
_AS_IT_IS = re.compile(r"-?(?:0|[1-9][0-9]{0,14})|-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,3}[1-9]")
_SHOWN = Context(prec=15)
_ENTITY = re.compile(r"&(?:(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|([a-z]{1,5}));)?")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?Z?")


class Lexicon:
    """``shared``: the shared strings as an array of text. ``dates``: style → ``date`` or ``duration``."""

    def __init__(self, shared: pa.Array, dates: Mapping[int, str], since_1904: bool) -> None:
        self._shared = shared
        self._dates, self._since_1904 = dates, since_1904
        lengths = np.asarray(pc.binary_length(shared)) if len(shared) else np.array([], np.int32)
        self._code_of_shared = np.where(lengths > 0, np.arange(1, len(shared) + 1), 0).astype(np.int32)
        self._texts: list[str] = []
        self._kinds: list[int] = []
        self._codes: dict[tuple[str, str], int] = {}

    def codes(self, batch: Batch) -> Any:
        """Code of each cell of a batch, int32. Raises :class:`BadMarkup` where a shared string is not there."""
        how = [self._how(kind, style) for kind, style in batch.kinds]
        names = sorted(set(how))
        which = np.array([names.index(each) for each in how], np.int64)[batch.looks] if how else np.array([], np.int64)
        codes = np.zeros(len(batch.lines), np.int32)
        for number, name in enumerate(names):
            mine = (which == number) & batch.valued
            at = np.flatnonzero(mine)
            if len(at):
                texts = batch.texts if len(at) == len(codes) else batch.texts.take(pa.array(at))
                codes[at] = self._shared_codes(texts) if name == "s" else self._met(name, texts, batch.plain)
        return codes

    def _how(self, kind: str, style: int) -> str:
        if kind in ("s", "b", "e", "d"):
            return kind
        return (self._dates.get(style) or "n") if kind == "n" else "str"

    def _shared_codes(self, texts: pa.Array) -> Any:
        try:
            indices = np.asarray(pc.cast(pc.utf8_trim_whitespace(texts) if _spaced(texts) else texts, pa.int32()))
        except pa.ArrowInvalid as error:
            raise BadMarkup("a shared string's number") from error
        if len(indices) and (indices.min() < 0 or indices.max() >= len(self._shared)):
            raise BadMarkup("a shared string that is not there")
        return self._code_of_shared[indices]

    def _met(self, how: str, texts: pa.Array, plain: bool) -> Any:
        distinct = texts.dictionary_encode()
        return np.array([self._code(how, text, plain) for text in distinct.dictionary.to_pylist()], np.int32)[np.asarray(distinct.indices)]

    def _code(self, how: str, text: str, plain: bool) -> int:
        if len(text) > LONGEST:
            raise ItemTooLong
        if not plain and ("&" in text or "\r" in text):
            text = unescaped(text)
        code = self._codes.get((how, text))
        if code is None:
            shown, kind = self._shown(how, text)
            code = 0
            if shown:
                self._texts.append(shown)
                self._kinds.append(kind)
                code = len(self._shared) + len(self._texts)
            self._codes[how, text] = code
        return code

    def _shown(self, how: str, text: str) -> tuple[str, int]:
        if how in ("n", "date", "duration"):
            return self._number(how, text.strip())
        if how == "b":
            return ("TRUE" if text.strip() in ("1", "true") else "FALSE"), TRUTH
        if how == "d":
            return (_MIDNIGHT.sub(r"\1", text.strip()).replace("T", " "), DAY)
        return (text, ERROR) if how == "e" else (decoded(text), TEXT)

    def _number(self, how: str, text: str) -> tuple[str, int]:
        """A number as it shows in a workbook: at most 15 digits, never in scientific form; or the date it stands for."""
        if how == "n" and _AS_IT_IS.fullmatch(text):
            return text, NUMBER
        if not _NUMBER.fullmatch(text):
            return text, TEXT
        value = Decimal(text)
        day = date_text(value, since_1904=self._since_1904, duration=how == "duration") if how != "n" else None
        if day is not None:
            return day, DAY
        digits = f"{_SHOWN.plus(value):f}"
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return ("0" if digits in ("-0", "") else digits), DAMAGED if abs(value) >= EXACT_DIGITS else NUMBER

    def kinds(self) -> Any:
        """What each code is, uint8, the blank first."""
        return np.concatenate([np.array([BLANK], np.uint8), np.full(len(self._shared), TEXT, np.uint8), np.array(self._kinds, np.uint8)])

    def texts(self, codes: Sequence[int]) -> list[str]:
        """The texts of some codes."""
        return [self._text(code) for code in codes]

    def _text(self, code: int) -> str:
        if code == 0:
            return ""
        if code <= len(self._shared):
            shared: str = self._shared[code - 1].as_py()
            return shared
        return self._texts[code - len(self._shared) - 1]

    def column(self, codes: Any, *, plain: bool) -> pa.ChunkedArray:
        """A column of codes as text, with a dictionary of its distinct texts unless ``plain``."""
        counted = np.zeros(1 + len(self._shared) + len(self._texts), bool)
        counted[codes] = True
        used = np.flatnonzero(counted)
        place = np.zeros(len(counted), np.int32)
        place[used] = np.arange(len(used), dtype=np.int32)
        shared = used[(used > 0) & (used <= len(self._shared))] - 1
        blank = pa.array([""] if len(used) and used[0] == 0 else [], pa.string())
        met = pa.array([self._texts[code - len(self._shared) - 1] for code in used[used > len(self._shared)]], pa.string())
        words = pa.concat_arrays([blank, self._shared.take(pa.array(shared)), met])
        once = words.dictionary_encode()
        indices = pa.array(np.asarray(once.indices, np.int32)[place[codes]]) if len(codes) else pa.array([], pa.int32())
        found = once.dictionary.take(indices) if plain else pa.DictionaryArray.from_arrays(indices, once.dictionary)
        return pa.chunked_array([found], found.type)


def _spaced(texts: pa.Array) -> bool:
    first = texts[0].as_py()
    return bool(first != first.strip())


def unescaped(text: str) -> str:
    """Text between tags as it is meant: entities and character references resolved, line ends made one."""
    return _ENTITY.sub(_entity, text.replace("\r\n", "\n").replace("\r", "\n"))


def _entity(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if decimal is not None or hexadecimal is not None:
        return _character(int(decimal) if decimal is not None else int(hexadecimal, 16))
    if name not in _ENTITIES:
        raise BadMarkup("an unknown entity")
    return _ENTITIES[name]


def _character(number: int) -> str:
    if number > 0x10FFFF or 0xD800 <= number < 0xE000 or number == 0:
        raise BadMarkup("a character that is none")
    return chr(number)


def decoded(text: str) -> str:
    """A string with its ``_x000D_`` codes resolved."""
    return _CODED.sub(_uncoded, text) if "_x" in text else text


def _uncoded(match: re.Match[str]) -> str:
    number = int(match.group(1), 16)
    return match.group() if number == 0 or 0xD800 <= number < 0xE000 else chr(number)

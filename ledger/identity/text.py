"""The writing of numbers and names (书写): one clean form, whatever keyboard, spreadsheet or scanner it went through."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DOTS = dict.fromkeys(map(ord, "·•．‧."))
_TEXT_FORMULA = re.compile(r'="([0-9A-Z]*)"')


def clean(raw: str) -> str:
    """NFKC, upper case, without white space, invisible characters and the marks by which spreadsheets keep text (``'123``, ``="123"``)."""
    if raw.isascii() and raw.isalnum():
        return raw.upper()
    text = _stable(unicodedata.normalize("NFKC", raw).translate(_INVISIBLE)).lstrip("'‘’`")
    marked = _TEXT_FORMULA.fullmatch(text)
    return text if marked is None else marked.group(1)


def _stable(text: str) -> str:
    # Taking the spaces out can join a letter and an accent, hence the second NFKC.
    return unicodedata.normalize("NFKC", "".join(text.split()).upper())


def normal_name(raw: str) -> str:
    """Name for comparison: NFKC, no white space, no dots (``·•．‧`` and the full stop that ``．`` becomes), upper case; nothing else.

    >>> normal_name("阿卜杜拉 · 买买提"), normal_name("ｌｉ　ming")
    ('阿卜杜拉买买提', 'LIMING')
    """
    if raw.isascii() and raw.isalnum():
        return raw.upper()
    return _stable(unicodedata.normalize("NFKC", raw).translate(_INVISIBLE).translate(_DOTS))

"""The only lines a book may contain (B3): a closed grammar that every file is held against before anything loads it.

It knows nothing of the printer, so a slip there, or a hand that edited a file, is seen here. Strings never span
lines, so a book can be judged line by line: no ``plugin``, no foreign ``include`` or ``option`` passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from books.escape import CURRENCY, KEYS, TAGS, UNSEEN
from books.journal import ACCOUNTS, FAVA_OPTIONS, MAIN, PLUGIN, PROVED

_TEXT = rf'"(?:[^"\\{UNSEEN}]|\\["\\])*"'
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER = r"-?[0-9]+\.[0-9]{2}"
_ACCOUNT = r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::(?:[0-9]{4,}|[A-Z](?:[0-9]{2})+)[^\W_]*)+"
_MONTH_FILE = r"[0-9]{4}/[0-9]{4}-[0-9]{2}\.beancount"
_KEY = "|".join(sorted(map(re.escape, KEYS), key=len, reverse=True))
_TAG = "|".join(sorted(TAGS))
_FAVA = "|".join(re.escape(f'"{name}" "{value}"') for name, value in FAVA_OPTIONS.items())

_ANYWHERE = ["", r";[^{UNSEEN}]*".replace("{UNSEEN}", UNSEEN)]
_HEAD = [
    rf'option "(?:title|operating_currency|tolerance_multiplier|render_commas)" {_TEXT}',
    rf'include "(?:{re.escape(ACCOUNTS)}|{_MONTH_FILE})"',
    rf'{_DAY} custom "fava-option" (?:{_FAVA})',
    rf"{_DAY} commodity {CURRENCY}",
]
_META = rf"(?:  |    )(?:{_KEY}): (?:{_TEXT}|[0-9]+|TRUE|{_NUMBER} {CURRENCY})"
_CHART = [rf"{_DAY} open {_ACCOUNT} {CURRENCY}", rf"{_DAY} close {_ACCOUNT}", _META]
_MONTH = [
    rf"{_DAY} \* {_TEXT} {_TEXT}(?: #(?:{_TAG}))*(?: \^correction-[0-9]+)*",
    rf"  {_ACCOUNT}  {_NUMBER} {CURRENCY}",
    rf"{_DAY} balance {_ACCOUNT}  {_NUMBER} {CURRENCY}",
    _META,
]


def _either(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in forms))


_FORMS = {
    MAIN: _either(*_ANYWHERE, *_HEAD),
    PROVED: _either(*_ANYWHERE, *_HEAD, re.escape(f'plugin "{PLUGIN}"')),
    ACCOUNTS: _either(*_ANYWHERE, *_CHART),
}
_MONTHS = _either(*_ANYWHERE, *_MONTH)
_MONTH_NAME = re.compile(_MONTH_FILE)


@dataclass(frozen=True, slots=True)
class ForeignLine:
    """A line that the printer cannot have written: file, line from 1 (0: the file itself), text."""

    file: str
    line: int
    text: str


def foreign_lines(name: str, text: str) -> Iterator[ForeignLine]:
    """Lines of the file ``name`` that no form of its kind covers, or the file itself when no such file belongs to a book."""
    form = _FORMS.get(name) or (_MONTHS if _MONTH_NAME.fullmatch(name) else None)
    if form is None:
        yield ForeignLine(name, 0, "")
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if form.fullmatch(line) is None:
            yield ForeignLine(name, number, line)

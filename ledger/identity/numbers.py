"""Identity numbers (证件号码): normal form and judgement, one at a time. No clock, no tables, nothing repaired.

Resident numbers (公民身份号码) follow GB 11643-1999: six digits region, eight digits birth date, three digits
sequence (odd: male), one check digit by ISO 7064 MOD 11-2. The region is the place of issue and changes for ever:
it is told (``ledger.identity.reasons``), never judged. Other documents are judged by their own form. A failing number
is a warning or a finding (I1), never repaired; what it may have been is said by ``ledger.identity.repairs``.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from ledger.identity.documents import BRACKETED, EIGHTEEN_KINDS, FORMS, HMT_REGIONS, OLD_FOREIGN, OWN_CHECK, Document
from ledger.identity.text import clean

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

_FIFTEEN = re.compile(r"[0-9]{15}")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+E\+?|E\+)[0-9]{1,3}")
_ZEROES = 48 * sum(WEIGHTS)
_RESIDENT = Document.RESIDENT


class Fault(StrEnum):
    """Why a number fails; NONE when it does not."""

    NONE = ""
    BLANK = "blank"
    FORM = "form"
    DATE = "date"
    CHECK = "check"
    FUTURE = "future"

    @property
    def zh(self) -> str:
        """Chinese words for it."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """English words for it."""
        return _WORDS[self][1]


_FINE = Fault.NONE
_WORDS: dict[Fault, tuple[str, str]] = {
    Fault.NONE: ("", ""),
    Fault.BLANK: ("空白", "blank"),
    Fault.FORM: ("位数或字符不对", "wrong length or characters"),
    Fault.DATE: ("出生日期不存在", "no such birth date"),
    Fault.CHECK: ("校验码不符", "the check digit does not fit"),
    Fault.FUTURE: ("出生日期晚于核对日期", "born after the day of the check"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A judged number: normal form ('' when blank), document kind, what is wrong with it, birth and sex (男/女, '' unknown)."""

    normal: str
    document: Document
    fault: Fault
    birth: date | None = None
    sex: str = ""

    @property
    def ok(self) -> bool:
        """Whether it may be used for matching by number."""
        return self.fault is Fault.NONE

    @property
    def region(self) -> str:
        """The six digits of the place of issue of a resident number, '' for others."""
        return self.normal[:6] if self.document is Document.RESIDENT and len(self.normal) == 18 and self.normal[:6].isdigit() else ""

    def age(self, on: date) -> int | None:
        """Full years on the day ``on``; None when the birth date is unknown or later."""
        if self.birth is None or self.birth > on:
            return None
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))


def check_digit(first17: str) -> str:
    """The MOD 11-2 check character of 17 digits.

    >>> check_digit("11010519491231002")
    'X'
    """
    if first17.isascii():
        return CHECKS[(sum(map(operator.mul, first17.encode(), WEIGHTS)) - _ZEROES) % 11]
    return CHECKS[sum(map(operator.mul, map(int, first17), WEIGHTS)) % 11]


def normal_number(raw: str) -> str:
    """The normal form: cleaned, and 15 digits become 18 where they hold a date. '' when blank.

    >>> normal_number(" 11010549123100 2 "), normal_number("１１０１０５１９４９１２３１００２ｘ")
    ('11010519491231002X', '11010519491231002X')
    """
    text = clean(raw)
    return to_eighteen(text) if len(text) == 15 else text


def to_eighteen(text: str) -> str:
    """The eighteen places of a number of fifteen digits; the text itself when it is none or holds no date.

    >>> to_eighteen("110105491231002")
    '11010519491231002X'
    """
    # Sequences 996-999 were kept for people of a hundred years and more; numbers of 15 digits were issued from
    # 1984 to 1999, so only birth years 70-99 can mean the nineteenth century.
    if _FIFTEEN.fullmatch(text) is None:
        return text
    century = "18" if text[12:] in ("996", "997", "998", "999") and text[6:8] >= "70" else "19"
    body = text[:6] + century + text[6:]
    return text if _day(body[6:14]) is None else body + check_digit(body)


@lru_cache(maxsize=1 << 16)
def _day(digits: str) -> date | None:
    # People share some forty thousand birth dates, so most are found and not made.
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if year < 1800:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def judge(raw: str, document: Document = Document.RESIDENT, on: date | None = None) -> Number:
    """Normal form and judgement of a number of the given kind; without a kind it is taken for a resident number.

    ``on``: the day of the file or of the check; somebody born after it is at fault (FUTURE).
    """
    if document is not _RESIDENT and document not in EIGHTEEN_KINDS:
        return _judge_other(raw, document)
    number = raw if len(raw) == 18 and raw.isascii() and raw.isdigit() else clean(raw)
    if not number:
        return Number("", document, Fault.BLANK)
    short = False
    if document is _RESIDENT:
        if len(number) == 15:
            short = _FIFTEEN.fullmatch(number) is not None
            number = to_eighteen(number)
    elif document is Document.FOREIGN_PERMIT and OLD_FOREIGN.fullmatch(number):
        return Number(number, document, _FINE)
    if not is_eighteen(number):
        return Number(number, document, Fault.DATE if short else Fault.FORM)
    if document is not _RESIDENT and _begins_wrongly(number, document):
        return Number(number, document, Fault.FORM)
    birth = _day(number[6:14])
    if birth is None:
        return Number(number, document, Fault.DATE)
    sex = "男" if number[16] in "13579" else "女"
    if check_digit(number[:17]) != number[17]:
        return Number(number, document, Fault.CHECK, birth, sex)
    if on is not None and birth > on:
        return Number(number, document, Fault.FUTURE, birth, sex)
    return Number(number, document, _FINE, birth, sex)


def _begins_wrongly(number: str, document: Document) -> bool:
    return number[:2] not in HMT_REGIONS if document is Document.HMT_RESIDENCE else number[0] != "9"


def is_eighteen(text: str) -> bool:
    """Whether the text is seventeen digits and a digit or X."""
    return len(text) == 18 and text.isascii() and (text.isdigit() or (text[17] == "X" and text[:17].isdigit()))


def _judge_other(raw: str, document: Document) -> Number:
    text = clean(raw)
    if not text:
        return Number("", document, Fault.BLANK)
    if document in BRACKETED:
        text = text.replace("(", "").replace(")", "")
    if FORMS[document].fullmatch(text) is None:
        return Number(text, document, Fault.FORM)
    own = OWN_CHECK.get(document)
    if own is not None and own(text[:-1]) != text[-1]:
        return Number(text, document, Fault.CHECK)
    if document is Document.TW_ID:
        return Number(text, document, Fault.NONE, sex="男" if text[1] in "18AC" else "女")
    return Number(text, document, Fault.NONE)


def looks_damaged(text: str) -> bool:
    """Whether a spreadsheet has spoilt a number or account held as text: scientific form (``1.10101E+17``)."""
    return "E" in text.upper() and _SCIENTIFIC.fullmatch(clean(text)) is not None


def lost_digits(number: Number) -> bool:
    """Whether a resident number as text lost its end in a spreadsheet: 18 digits ending in 000 whose check fails."""
    return number.document is Document.RESIDENT and number.fault in (Fault.CHECK, Fault.DATE) and len(number.normal) == 18 and number.normal.endswith("000")

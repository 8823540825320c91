"""Identity numbers and names (证件号码, 姓名) as pure functions: normal form, judgement, masking. No clock, no tables.

Resident numbers (公民身份号码) follow GB 11643-1999: six digits region, eight digits birth date, three digits
sequence (odd: male), one check digit by ISO 7064 MOD 11-2. The region is the place of issue and changes for ever:
it is never judged. Other documents (:class:`Document`) are judged by their own form. A failing number is a
warning or a finding (I1), never repaired.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DOTS = dict.fromkeys(map(ord, "·•．‧."))
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_TEXT_FORMULA = re.compile(r'="([0-9A-Z]*)"')
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+E\+?|E\+)[0-9]{1,3}")


class Document(StrEnum):
    """Kinds of document (证件类型) whose form is known; ``OTHER`` takes any text."""

    RESIDENT = "resident"
    HMT_RESIDENCE = "hmt_residence"
    HM_PERMIT = "hm_permit"
    TW_PERMIT = "tw_permit"
    FOREIGN_PERMIT = "foreign_permit"
    HK_ID = "hk_id"
    PASSPORT = "passport"
    OTHER = "other"


class Fault(StrEnum):
    """Why a number fails; NONE when it does not."""

    NONE = ""
    BLANK = "blank"
    FORM = "form"
    DATE = "date"
    CHECK = "check"

    @property
    def zh(self) -> str:
        return {"": "", "blank": "空白", "form": "位数或字符不对", "date": "出生日期不存在", "check": "校验码不符"}[self.value]


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


def check_digit(first17: str) -> str:
    """The MOD 11-2 check character of 17 digits.

    >>> check_digit("11010519491231002")
    'X'
    """
    return CHECKS[sum(map(operator.mul, map(int, first17), WEIGHTS)) % 11]


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


def normal_number(raw: str) -> str:
    """The normal form: cleaned, and 15 digits become 18 where they hold a date. '' when blank.

    >>> normal_number(" 11010549123100 2 "), normal_number("１１０１０５１９４９１２３１００２ｘ")
    ('11010519491231002X', '11010519491231002X')
    """
    text = clean(raw)
    return _to_eighteen(text) if len(text) == 15 else text


def _to_eighteen(text: str) -> str:
    # Sequences 996-999 were kept for people of a hundred years and more; numbers of 15 digits were issued from
    # 1984 to 1999, so only birth years 70-99 can mean the nineteenth century.
    if _FIFTEEN.fullmatch(text) is None:
        return text
    century = "18" if text[12:] in ("996", "997", "998", "999") and text[6:8] >= "70" else "19"
    body = text[:6] + century + text[6:]
    return text if _birth(body) is None else body + check_digit(body)


def _birth(number: str) -> date | None:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if year < 1800:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def judge(raw: str, document: Document = Document.RESIDENT) -> Number:
    """Normal form and judgement of a number of the given kind; without a kind it is taken for a resident number."""
    if document not in (Document.RESIDENT, Document.HMT_RESIDENCE, Document.FOREIGN_PERMIT):
        return _judge_other(raw, document)
    text = clean(raw)
    if not text:
        return Number("", document, Fault.BLANK)
    if document is Document.FOREIGN_PERMIT and re.fullmatch(r"[A-Z]{3}[0-9]{12}", text):
        return Number(text, document, Fault.NONE)
    number = _to_eighteen(text) if len(text) == 15 and document is Document.RESIDENT else text
    if _EIGHTEEN.fullmatch(number) is None:
        short = _FIFTEEN.fullmatch(text) is not None and document is Document.RESIDENT
        return Number(number, document, Fault.DATE if short else Fault.FORM)
    if (document is Document.HMT_RESIDENCE and number[:2] not in ("81", "82", "83")) or (document is Document.FOREIGN_PERMIT and number[0] != "9"):
        return Number(number, document, Fault.FORM)
    birth = _birth(number)
    if birth is None:
        return Number(number, document, Fault.DATE)
    sex = "男" if number[16] in "13579" else "女"
    if check_digit(number[:17]) != number[17]:
        return Number(number, document, Fault.CHECK, birth, sex)
    return Number(number, document, Fault.NONE, birth, sex)


_FORMS: dict[Document, re.Pattern[str]] = {
    Document.HM_PERMIT: re.compile(r"[HM]([0-9]{8}|[0-9]{10})"),
    Document.TW_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}|[0-9]{10}\(?[A-Z]\)?"),
    Document.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
    Document.HK_ID: re.compile(r"[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?"),
    Document.OTHER: re.compile(r".+"),
}


def _judge_other(raw: str, document: Document) -> Number:
    text = clean(raw)
    if not text:
        return Number("", document, Fault.BLANK)
    if document is Document.HK_ID:
        text = text.replace("(", "").replace(")", "")
    if _FORMS[document].fullmatch(text) is None:
        return Number(text, document, Fault.FORM)
    if document is Document.HK_ID and _hk_check(text[:-1]) != text[-1]:
        return Number(text, document, Fault.CHECK)
    return Number(text, document, Fault.NONE)


def _hk_check(body: str) -> str:
    values = [36] * (8 - len(body)) + [int(char, 36) for char in body]
    rest = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "0" if rest == 0 else "A" if rest == 1 else str(11 - rest)


def looks_damaged(text: str) -> bool:
    """Whether a spreadsheet has spoilt a number or account held as text: scientific form (``1.10101E+17``)."""
    return "E" in text.upper() and _SCIENTIFIC.fullmatch(clean(text)) is not None


def lost_digits(number: Number) -> bool:
    """Whether a resident number as text lost its end in a spreadsheet: 18 digits ending in 000 whose check fails."""
    return number.document is Document.RESIDENT and number.fault in (Fault.CHECK, Fault.DATE) and len(number.normal) == 18 and number.normal.endswith("000")


def normal_name(raw: str) -> str:
    """Name for comparison: NFKC, no white space, no dots (``·•．‧`` and the full stop that ``．`` becomes), upper case; nothing else.

    >>> normal_name("阿卜杜拉 · 买买提"), normal_name("ｌｉ　ming")
    ('阿卜杜拉买买提', 'LIMING')
    """
    if raw.isascii() and raw.isalnum():
        return raw.upper()
    return _stable(unicodedata.normalize("NFKC", raw).translate(_INVISIBLE).translate(_DOTS))


def mask_number(number: str) -> str:
    """Identity number for lists: region and last four stay, the birth date goes; short numbers keep the ends only.

    >>> mask_number("11010519491231002X"), mask_number("H12345678"), mask_number("12")
    ('110105********002X', 'H1*****78', '**')
    """
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return _ends(number, 2)


def mask_account(account: str) -> str:
    """Bank account for lists: the last four stay."""
    return "*" * len(account) if len(account) <= 6 else "*" * (len(account) - 4) + account[-4:]


def mask_name(name: str) -> str:
    """Name for lists: the first character stays."""
    return name[:1] + "*" * (len(name) - 1)


def _ends(text: str, keep: int) -> str:
    return "*" * len(text) if len(text) <= 2 * keep else text[:keep] + "*" * (len(text) - 2 * keep) + text[-keep:]


def luhn_ok(card: str) -> bool:
    """Whether a bank card number of 16 to 19 digits passes the Luhn check. For warnings only: passbooks and old accounts need not pass."""
    if re.fullmatch(r"[0-9]{16,19}", card) is None:
        return False
    total = 0
    for place, char in enumerate(reversed(card)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code_ok(code: str) -> bool:
    """Whether a unified social credit code (统一社会信用代码, GB 32100-2015) has form and check character. For warnings only: real codes fail."""
    text = clean(code)
    if len(text) != 18 or any(char not in _CREDIT_ALPHABET for char in text):
        return False
    total = sum(_CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(text[:17]))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31] == text[17]

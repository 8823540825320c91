"""Kinds of document (证件类型), their forms and their own check digits, as pure functions.

Sources of the forms: GB 11643-1999 and the rules on residence permits of residents of Hong Kong, Macao and Taiwan (国办发〔2018〕81号);
the permanent residence card of 2023 (国家移民管理局); travel permits as issued since 1999; the check digits of the Hong Kong and the Taiwan
identity card as published by their registries' users. A form that is not public (Macao's check digit) is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Document(StrEnum):
    """Kinds of document (证件类型) whose form is known; ``OTHER`` takes any text."""

    RESIDENT = "resident"
    HMT_RESIDENCE = "hmt_residence"
    HM_PERMIT = "hm_permit"
    TW_PERMIT = "tw_permit"
    FOREIGN_PERMIT = "foreign_permit"
    HK_ID = "hk_id"
    MACAO_ID = "macao_id"
    TW_ID = "tw_id"
    PASSPORT = "passport"
    MILITARY = "military"
    OTHER = "other"

    @property
    def zh(self) -> str:
        """Chinese name of the kind."""
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        """English name of the kind."""
        return _NAMES[self][1]


_NAMES: dict[Document, tuple[str, str]] = {
    Document.RESIDENT: ("居民身份证", "resident identity card"),
    Document.HMT_RESIDENCE: ("港澳台居民居住证", "residence permit for Hong Kong, Macao and Taiwan residents"),
    Document.HM_PERMIT: ("港澳居民来往内地通行证", "mainland travel permit for Hong Kong and Macao residents"),
    Document.TW_PERMIT: ("台湾居民来往大陆通行证", "mainland travel permit for Taiwan residents"),
    Document.FOREIGN_PERMIT: ("外国人永久居留身份证", "foreign permanent resident card"),
    Document.HK_ID: ("香港居民身份证", "Hong Kong identity card"),
    Document.MACAO_ID: ("澳门居民身份证", "Macao identity card"),
    Document.TW_ID: ("台湾身份证", "Taiwan identity card"),
    Document.PASSPORT: ("护照", "passport"),
    Document.MILITARY: ("军官证、士兵证或警官证", "military or police identity card"),
    Document.OTHER: ("其他证件", "other document"),
}

EIGHTEEN_KINDS = frozenset((Document.RESIDENT, Document.HMT_RESIDENCE, Document.FOREIGN_PERMIT))
"""Kinds whose number has the eighteen places of GB 11643."""

HMT_REGIONS = ("81", "82", "83")
"""First two digits of residence permits: Hong Kong, Macao, Taiwan."""

OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
"""The permanent residence card before 2023: country, place and date."""

FORMS: dict[Document, re.Pattern[str]] = {
    Document.HM_PERMIT: re.compile(r"[HM]([0-9]{8}|[0-9]{10})"),
    Document.TW_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}|[0-9]{10}\(?[A-Z]\)?"),
    Document.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
    Document.HK_ID: re.compile(r"[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?"),
    Document.MACAO_ID: re.compile(r"[157][0-9]{6}\(?[0-9]\)?"),
    Document.TW_ID: re.compile(r"[A-Z][1289A-D][0-9]{8}"),
    Document.MILITARY: re.compile(r".+"),
    Document.OTHER: re.compile(r".+"),
}
"""The whole number of the kinds that have no eighteen places, after :func:`ledger.identity.text.clean`."""

BRACKETED = frozenset((Document.HK_ID, Document.MACAO_ID))
"""Kinds that print their check digit in brackets; the normal form has none."""


def hk_check(body: str) -> str:
    """Check character of a Hong Kong card from its letters and six digits: weights 9 to 2, modulo 11.

    >>> hk_check("A123456")
    '3'
    """
    values = [36] * (8 - len(body)) + [int(char, 36) for char in body]
    rest = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "0" if rest == 0 else "A" if rest == 1 else str(11 - rest)


_TW_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_TW_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1)


def tw_check(body: str) -> str:
    """Check digit of a Taiwan card from its letter and eight places: letters count from 10, weights 1 9 8 … 1, modulo 10.

    >>> tw_check("A12345678")
    '9'
    """
    first = _TW_LETTERS.index(body[0]) + 10
    second = int(body[1]) if body[1].isdigit() else _TW_LETTERS.index(body[1]) % 10
    total = first // 10 + first % 10 * 9
    total += sum(value * weight for value, weight in zip((second, *map(int, body[2:])), _TW_WEIGHTS, strict=True))
    return str(-total % 10)


OWN_CHECK: dict[Document, Callable[[str], str]] = {Document.HK_ID: hk_check, Document.TW_ID: tw_check}
"""Kinds with a check character of their own; it stands last."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issuing form of a passport (签发种类): what a number of this shape is, when its bearer is said to be Chinese."""

    zh: str
    en: str
    form: re.Pattern[str]


PASSPORTS = (
    Issue("普通护照（电子）", "ordinary passport with chip", re.compile(r"E([0-9]{8}|[A-HJ-NP-Z][0-9]{7})")),
    Issue("普通护照（无芯片）", "ordinary passport without chip", re.compile(r"G[0-9]{8}|(14|15)[0-9]{7}")),
    Issue("公务护照", "service passport", re.compile(r"S[0-9]{7,8}|SE[0-9]{7}")),
    Issue("公务普通护照", "passport for public affairs", re.compile(r"P[0-9]{7}|PE[0-9]{7}")),
    Issue("外交护照", "diplomatic passport", re.compile(r"D[0-9]{7,8}|DE[0-9]{7}")),
    Issue("香港特别行政区护照", "Hong Kong SAR passport", re.compile(r"K[0-9]{8}|K[J-Z][0-9]{7}|H[0-9]{8}|H[A-Z][0-9]{7}")),
    Issue("澳门特别行政区护照", "Macao SAR passport", re.compile(r"M[0-9]{8}|M[A-Z][0-9]{7}")),
)
"""Shapes of Chinese passports; others are free, five to twenty letters and digits."""


def passport_issue(number: str) -> Issue | None:
    """Which Chinese passport has this shape; None for another country's, which proves nothing.

    >>> passport_issue("EA1234567").zh
    '普通护照（电子）'
    """
    return next((issue for issue in PASSPORTS if issue.form.fullmatch(number)), None)

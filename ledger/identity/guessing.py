"""What kind of document a number may be (证件类型推测), where the type is missing: a suggestion with its reason, never applied."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger import regions
from ledger.identity.documents import FORMS, OLD_FOREIGN, Document, passport_issue
from ledger.identity.numbers import is_eighteen, judge
from ledger.identity.text import clean

_MILITARY = re.compile(r".{1,6}字第?[0-9]{3,}号?")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest kind and why."""

    document: Document
    zh: str
    en: str


def guess(raw: str) -> Guess:
    """The kind of document whose form, first digits and check digit the number has; OTHER where none fits.

    >>> guess("H12345678").document.value, guess("A123456(3)").document.value, guess("11010519491231002X").document.value
    ('hm_permit', 'hk_id', 'resident')
    """
    text = clean(raw)
    if not text:
        return Guess(Document.OTHER, "没有填写", "nothing was given")
    if is_eighteen(text) or (text.isdigit() and text.isascii() and len(text) == 15):
        return _of_digits(text)
    if OLD_FOREIGN.fullmatch(text):
        return Guess(
            Document.FOREIGN_PERMIT,
            "三个字母加 12 位数字，2023 年前的外国人永久居留身份证",
            "three letters and twelve digits, a permanent resident card of before 2023",
        )
    for kind in (Document.HK_ID, Document.TW_ID):
        if judge(text, kind).ok:
            return Guess(kind, f"形式和校验码符合{kind.zh}", f"form and check character of a {kind.en}")
    if FORMS[Document.HM_PERMIT].fullmatch(text):
        return Guess(Document.HM_PERMIT, "H 或 M 加 8 位或 10 位数字", "H or M and eight or ten digits")
    issue = passport_issue(text)
    if issue is not None:
        return Guess(Document.PASSPORT, f"形式同{issue.zh}", f"form of a {issue.en}")
    if FORMS[Document.TW_PERMIT].fullmatch(text):
        return Guess(
            Document.TW_PERMIT,
            "8 位或 10 位数字，台胞证；8 位也可能是澳门身份证",
            "eight or ten digits as in a Taiwan travel permit; eight may also be a Macao card",
        )
    if _MILITARY.fullmatch(text):
        return Guess(Document.MILITARY, "“……字第……号”的写法", "written as cards of the army and the police are")
    if sum(char.isdigit() for char in text) >= 12:
        return Guess(
            Document.RESIDENT,
            f"多为数字（{len(text)} 位），可能是写错的居民身份证号码",
            f"mostly digits ({len(text)} places), perhaps a resident number with a slip",
        )
    if FORMS[Document.PASSPORT].fullmatch(text) and any(char.isdigit() for char in text):
        return Guess(Document.PASSPORT, "字母和数字，可能是外国护照", "letters and digits, perhaps another country's passport")
    return Guess(Document.OTHER, "不像任何已知证件的号码", "it has the form of no known document")


def _of_digits(text: str) -> Guess:
    if judge(text, Document.HMT_RESIDENCE).ok:
        return Guess(Document.HMT_RESIDENCE, "以 81、82、83 开头且校验码相符", "it begins with 81, 82 or 83 and the check digit fits")
    if text[0] == "9" and judge(text, Document.FOREIGN_PERMIT).ok:
        return Guess(Document.FOREIGN_PERMIT, "以 9 开头且校验码相符", "it begins with 9 and the check digit fits")
    place = f"，前六位是{regions.full_name(text[:6])}" if regions.ever(text[:6]) else ""
    return Guess(Document.RESIDENT, f"{len(text)} 位居民身份证号码的写法{place}", f"written as a resident number of {len(text)} places")

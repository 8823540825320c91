"""Codes of organisations (单位代码): the unified social credit code (统一社会信用代码, GB 32100-2015), the organisation code inside it and of
old (组织机构代码, GB 11714-1997), the taxpayer number made of it, and the registration number of before 2015 (工商注册号, GS15).

A failing code is a warning with the digit that would fit, never a refusal: real codes fail. Departments and categories are data
(``ledger.identity.departments``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ledger.identity.text import clean

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Thirty-one characters: digits and letters without I, O, S, V, Z."""

_PLACE = {char: place for place, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_REGISTRATION = re.compile(r"[0-9]{15}")
_TAXPAYER = re.compile(r"[0-9]{6}[0-9A-Z]{8}[0-9X]")


class CodeKind(StrEnum):
    """What a code of an organisation is by its form."""

    CREDIT = "credit"
    ORGANISATION = "organisation"
    TAXPAYER = "taxpayer"
    REGISTRATION = "registration"
    UNKNOWN = "unknown"
    BLANK = "blank"


class CodeFault(StrEnum):
    """Why a code is doubted; NONE when it is not."""

    NONE = ""
    FORM = "form"
    CHECK = "check"
    ORGANISATION = "organisation"

    @property
    def zh(self) -> str:
        """Chinese words for it."""
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        """English words for it."""
        return _WORDS[self][1]


_WORDS: dict[CodeFault, tuple[str, str]] = {
    CodeFault.NONE: ("", ""),
    CodeFault.FORM: ("位数或字符不对", "wrong length or characters"),
    CodeFault.CHECK: ("末位校验码不符", "the check character does not fit"),
    CodeFault.ORGANISATION: ("其中的组织机构代码校验码不符", "the organisation code inside fails"),
}


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A code as read: normal form, kind, fault, the parts that its kind has ('' otherwise), and what the code would be with the check
    characters that fit ('' when it passes or has no such form)."""

    normal: str
    kind: CodeKind
    fault: CodeFault = CodeFault.NONE
    region: str = ""
    organisation: str = ""
    suggestion: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is doubted."""
        return self.fault is CodeFault.NONE and self.kind not in (CodeKind.BLANK, CodeKind.UNKNOWN)


def credit_check(first17: str) -> str:
    """Check character of seventeen characters of :data:`ALPHABET`: weights 3^i, modulo 31.

    >>> credit_check("91350100M000100Y4")
    '3'
    """
    total = sum(_PLACE[char] * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """Check character of an organisation code: letters count from ten, weights 3 7 9 10 5 8 4 2, modulo 11.

    >>> organisation_check("M000100Y")
    '4'
    """
    rest = -sum(int(char, 36) * weight for char, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def registration_check(first14: str) -> str:
    """Check digit of a registration number of fifteen digits: ISO 7064 MOD 11,10.

    >>> registration_check("11010800000001")
    '6'
    """
    product = 10
    for char in first14:
        total = (int(char) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def organisation_code(raw: str) -> OrganisationCode:
    """Judge a code of an organisation by the form it has: 18 characters, 9 (with or without a hyphen), or 15."""
    text = clean(raw)
    if not text:
        return OrganisationCode("", CodeKind.BLANK)
    bare = text.replace("-", "")
    if len(bare) == 18:
        return _credit(bare)
    if _ORGANISATION.fullmatch(bare):
        right = bare[:8] + organisation_check(bare[:8])
        return _organisation(bare, CodeKind.ORGANISATION, "", bare, right)
    if _REGISTRATION.fullmatch(bare) and registration_check(bare[:14]) == bare[14]:
        return OrganisationCode(bare, CodeKind.REGISTRATION, region=bare[:6])
    if _TAXPAYER.fullmatch(bare):
        right = bare[:14] + organisation_check(bare[6:14])
        return _organisation(bare, CodeKind.TAXPAYER, bare[:6], bare[6:], right)
    return OrganisationCode(text, CodeKind.UNKNOWN, CodeFault.FORM)


def _organisation(code: str, kind: CodeKind, region: str, inner: str, right: str) -> OrganisationCode:
    fault = CodeFault.NONE if code == right else CodeFault.CHECK
    return OrganisationCode(code, kind, fault, region, inner, "" if code == right else right)


def _credit(code: str) -> OrganisationCode:
    if any(char not in _PLACE for char in code) or not code[2:8].isdigit():
        return OrganisationCode(code, CodeKind.CREDIT, CodeFault.FORM)
    region, inner = code[2:8], code[8:17]
    if credit_check(code[:17]) == code[17]:
        # The subject identifier (主体标识码) is an organisation code, but a code that passes as a whole is not doubted for it:
        # some registers never gave it a check character of its own.
        fault = CodeFault.NONE if organisation_check(inner[:8]) == inner[8] else CodeFault.ORGANISATION
        return OrganisationCode(code, CodeKind.CREDIT, fault, region, inner)
    body = code[:17] if organisation_check(inner[:8]) == inner[8] else code[:16] + organisation_check(inner[:8])
    return OrganisationCode(code, CodeKind.CREDIT, CodeFault.CHECK, region, inner, body + credit_check(body))


def credit_code_ok(code: str) -> bool:
    """Whether a unified social credit code (统一社会信用代码, GB 32100-2015) has form and check character. For warnings only: real codes fail."""
    text = clean(code)
    return len(text) == 18 and all(char in _PLACE for char in text) and credit_check(text[:17]) == text[17]

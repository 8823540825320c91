"""Personal data stay out of the book (B5): numbers that look like a person's are masked before anything is printed.

Staff user ids, agencies, banks and references to batches stay. A beneficiary's name cannot be told from other
words by its form, so names are kept out at the source: entry templates have no slot for them, the axes of a
line come from a closed list, and a party (对方) that is not an institution is not shown.
"""

from __future__ import annotations

import re

_EDGE = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_RESIDENT = re.compile(rf"{_EDGE}(?:(\d{{6}})(\d{{8}})(\d{{3}}[\dXxＸｘ])|(\d{{6}})(\d{{6}})(\d{{3}})){_END}")
_SPACED = re.compile(rf"{_EDGE}(?:\d{{6}}[ -]\d{{8}}[ -]\d{{3}}[\dXxＸｘ]|\d{{4}}(?:[ -]\d{{4}}){{2,3}}(?:[ -]\d{{1,4}})?){_END}")
_LONG = re.compile(rf"{_EDGE}\d{{12,}}[Xx]?{_END}")
_MOBILE = re.compile(rf"{_EDGE}1[3-9]\d{{9}}{_END}")
_INSTITUTION = re.compile(
    r".{2,}(?:局|厅|部|委|办|处|科|所|院|校|园|站|中心|公司|银行|支行|分行|营业部|信用社|合作社|联社|政府|街道|委员会|村委会|居委会|协会|学会|工会|集团|厂|企业|单位|国库|专户|收入户|支出户|财政|税务|社保|医保|上级|下级)"
)


def _is_birth(digits: str) -> bool:
    """Whether eight digits (six: of the last century) look like a birth date; a slip such as 30 February still does."""
    text = digits if len(digits) == 8 else f"19{digits}"
    return 1800 <= int(text[:4]) < 2200 and 1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:]) <= 31


def _tail(text: str) -> str:
    return "***" + text.replace(" ", "").replace("-", "")[-4:]


def _resident(found: re.Match[str]) -> str:
    return _tail(found.group()) if _is_birth(found.group(2) or found.group(5)) else found.group()


def reference(text: str) -> str:
    """A key or reference with resident numbers (居民身份证号) masked but for their last four; ticket and serial numbers stay."""
    return _RESIDENT.sub(_resident, text) if any(sign.isdigit() for sign in text) else text


def free(text: str) -> str:
    """Text that somebody wrote, with resident numbers, bank accounts (12 digits and more) and mobile numbers masked but for their last four."""
    if not any(sign.isdigit() for sign in text):
        return text
    for form in (_RESIDENT, _SPACED, _LONG, _MOBILE):
        text = form.sub(lambda found: _tail(found.group()), text)
    return text


def party(text: str) -> str:
    """A counterparty: an institution by its name, anybody else not at all."""
    return free(text) if _INSTITUTION.fullmatch(text) else "（个人，见原始凭证）"


def has_resident_number(text: str) -> bool:
    """Whether a number of a resident's form stands in ``text``."""
    return any(_is_birth(found.group(2) or found.group(5)) for found in _RESIDENT.finditer(text))

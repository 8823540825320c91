"""Why a number is what it is (号码说明): each part of it with what it says, in Chinese and English. Nothing here changes a judgement.

The region is told from the dated table (``ledger.regions``): an abolished code is no fault, and one that never existed is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger import regions
from ledger.identity.documents import EIGHTEEN_KINDS, OWN_CHECK, Document, passport_issue
from ledger.identity.numbers import Fault, Number, check_digit, is_eighteen
from ledger.regions import How, Region

OLDEST = 120
"""Full years beyond which an age is warned of."""


class Weight(StrEnum):
    """What a reason does: it speaks for the number, only tells, warns, or is the fault."""

    FOR = "for"
    TELL = "tell"
    WARN = "warn"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence about one part: ``part`` is form, region, birth, sex, check or issue."""

    part: str
    weight: Weight
    zh: str
    en: str


def explain(number: Number, on: date | None = None) -> tuple[Reason, ...]:
    """What the number says, part by part, and what is wrong. ``on``: the day for the age, and before which the birth must be."""
    if number.fault is Fault.BLANK:
        return (Reason("form", Weight.FAULT, "没有填写证件号码", "no number was given"),)
    if number.document in EIGHTEEN_KINDS and is_eighteen(number.normal):
        return tuple(_eighteen(number, on))
    return tuple(_other(number))


def _eighteen(number: Number, on: date | None) -> Iterator[Reason]:
    if number.fault is Fault.FORM:
        yield _form(number)
        return
    yield Reason("form", Weight.FOR, "18 位，位数和字符正确", "18 places, length and characters are right")
    if number.document is Document.RESIDENT:
        yield region_reason(number.normal[:6])
    yield from _birth(number, on)
    if number.sex:
        yield Reason("sex", Weight.TELL, f"顺序码 {number.normal[14:17]}，{number.sex}性", f"sequence {number.normal[14:17]}, {_SEX[number.sex]}")
    right = check_digit(number.normal[:17])
    if right == number.normal[17]:
        yield Reason("check", Weight.FOR, f"校验码 {right} 相符", f"the check digit {right} fits")
    else:
        yield Reason("check", Weight.FAULT, f"校验码应为 {right}，写的是 {number.normal[17]}", f"the check digit should be {right}, not {number.normal[17]}")


_SEX = {"男": "male", "女": "female"}


def region_reason(code: str) -> Reason:
    """What the table says of the first six digits: where the card was issued, under the name of that time, and what became of it."""
    if not regions.ever(code):
        zh, en = f"前六位 {code} 从未是行政区划代码", f"{code} was never a region code"
        return Reason("region", Weight.WARN, zh, en)
    last, full = regions.latest(code), regions.full_name(code)
    zh, en = _afterwards(last)
    return Reason("region", Weight.TELL, f"发证地 {code}：{full}{zh}", f"issued in {code}, {full}{en}")


def _afterwards(region: Region) -> tuple[str, str]:
    if region.last is None:
        return "", ""
    year = region.last + 1
    into = "、".join(regions.full_name(code) for code in region.into)
    if region.how is How.RENAMED:
        return f"（{year} 年起为 {region.into[0]} {into}）", f" (since {year} {region.into[0]}, {into})"
    if region.how is How.MERGED:
        return f"（{year} 年并入{into}）", f" (merged into {into} in {year})"
    if region.how is How.SPLIT:
        return f"（{year} 年分设{into}）", f" (split into {into} in {year})"
    return f"（{year} 年撤销或变更）", f" (abolished or changed in {year})"


def _birth(number: Number, on: date | None) -> Iterator[Reason]:
    if number.birth is None:
        digits = number.normal[6:14]
        yield Reason("birth", Weight.FAULT, f"出生日期 {digits} 不存在", f"there is no birth date {digits}")
        return
    if on is None:
        yield Reason("birth", Weight.TELL, f"{number.birth.isoformat()} 出生", f"born {number.birth.isoformat()}")
    elif (age := number.age(on)) is None:
        zh, en = f"{number.birth.isoformat()} 出生，晚于 {on.isoformat()}", f"born {number.birth.isoformat()}, after {on.isoformat()}"
        yield Reason("birth", Weight.FAULT, zh, en)
    else:
        zh, en = f"{number.birth.isoformat()} 出生，{on.isoformat()} 满 {age} 周岁", f"born {number.birth.isoformat()}, {age} years old on {on.isoformat()}"
        yield Reason("birth", Weight.WARN if age > OLDEST else Weight.TELL, zh, en)


def _form(number: Number) -> Reason:
    length = len(number.normal)
    if number.document is Document.HMT_RESIDENCE and length == 18:
        return Reason("form", Weight.FAULT, "港澳台居民居住证号码以 81、82、83 开头", "a residence permit begins with 81, 82 or 83")
    if number.document is Document.FOREIGN_PERMIT and length == 18:
        return Reason("form", Weight.FAULT, "外国人永久居留身份证号码以 9 开头", "a permanent resident card begins with 9")
    if number.document in EIGHTEEN_KINDS:
        zh = f"应为 18 位（前 17 位数字，末位数字或 X），写的是 {length} 位" if length != 18 else "前 17 位应为数字，末位应为数字或 X"
        en = f"18 places are needed, {length} were given" if length != 18 else "seventeen digits and a digit or X are needed"
        return Reason("form", Weight.FAULT, zh, en)
    return Reason("form", Weight.FAULT, f"不是{number.document.zh}的号码格式", f"this is not the form of a {number.document.en}")


def _other(number: Number) -> Iterator[Reason]:
    if number.fault is Fault.FORM:
        yield _form(number)
        return
    if number.fault is Fault.DATE:
        yield Reason(
            "birth", Weight.FAULT, f"15 位号码中的出生日期 {number.normal[6:12]} 不存在", f"there is no birth date {number.normal[6:12]} as 15 digits have it"
        )
        return
    yield Reason("form", Weight.FOR, f"符合{number.document.zh}的号码格式", f"it has the form of a {number.document.en}")
    own = OWN_CHECK.get(number.document)
    if own is not None:
        right = own(number.normal[:-1])
        if right == number.normal[-1]:
            yield Reason("check", Weight.FOR, f"校验码 {right} 相符", f"the check character {right} fits")
        else:
            yield Reason(
                "check", Weight.FAULT, f"校验码应为 {right}，写的是 {number.normal[-1]}", f"the check character should be {right}, not {number.normal[-1]}"
            )
    issue = passport_issue(number.normal) if number.document is Document.PASSPORT else None
    if issue is not None:
        yield Reason("issue", Weight.TELL, f"形式同中国{issue.zh}", f"it has the form of a Chinese {issue.en}")

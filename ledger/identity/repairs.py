"""What a failing number may have been (疑误更正建议): suggestions with their reasons, graded, never applied.

Tried are the slips of people and machines: letters for digits, the check digit, two neighbours swapped, one digit wrong, one lacking, one too
many. A suggestion passes form, date and check digit; MOD 11-2 leaves at most one right digit a place, so there are never more than some twenty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from ledger import regions
from ledger.identity.documents import EIGHTEEN_KINDS, OWN_CHECK, Document
from ledger.identity.numbers import CHECKS, Fault, Number, check_digit, judge
from ledger.identity.text import clean

OLDEST_YEAR = 1880
"""Births before it are not suggested."""

_LOOKALIKES = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "〇": "0", "○": "0", "零": "0", "I": "1", "L": "1", "|": "1", "!": "1", "一": "1", "二": "2", "Z": "2", "三": "3"}
    | {"四": "4", "五": "5", "S": "5", "六": "6", "G": "6", "七": "7", "八": "8", "B": "8", "九": "9"}
)
_CROSSES = "X×✕✖╳ХΧ*＊"
"""What stands for X at the end: signs of multiplication, the Cyrillic and the Greek letter."""


class Slip(StrEnum):
    """What went wrong, if the suggestion is right."""

    WRITING = "writing"
    CHECK_DIGIT = "check_digit"
    NO_CHECK_DIGIT = "no_check_digit"
    SWAPPED = "swapped"
    ONE_DIGIT = "one_digit"
    ONE_MISSING = "one_missing"
    ONE_TOO_MANY = "one_too_many"


class Grade(IntEnum):
    """How likely: the first to look at, one to think of, one that only the arithmetic allows."""

    LIKELY = 1
    POSSIBLE = 2
    FAR = 3

    @property
    def zh(self) -> str:
        """Chinese word for it."""
        return {1: "很可能", 2: "可能", 3: "仅算得通"}[self.value]


@dataclass(frozen=True, slots=True)
class Repair:
    """A suggested number with its kind of slip, its grade, the place counted from 1 (0: several or all), and the reason."""

    number: str
    slip: Slip
    grade: Grade
    place: int
    zh: str
    en: str


def repairs(raw: str, document: Document = Document.RESIDENT, *, on: date | None = None, birth: date | None = None, sex: str = "") -> tuple[Repair, ...]:
    """Suggestions for a failing number, the likeliest first; () for one that passes, is blank, or has no check digit of its kind.

    ``on``: nobody is born after it. ``birth``, ``sex`` (男/女): what other columns say, which moves the grades.
    """
    judged = judge(raw, document, on)
    if judged.fault in (Fault.NONE, Fault.BLANK):
        return ()
    if document in OWN_CHECK:
        return _own_check(judged)
    if document not in EIGHTEEN_KINDS:
        return ()
    found: dict[str, Repair] = {}
    for number, slip, place in _candidates(clean(raw)):
        candidate = judge(number, document, on)
        if candidate.ok and candidate.normal not in found and candidate.birth is not None and candidate.birth.year >= OLDEST_YEAR:
            found[candidate.normal] = _graded(candidate, judged, slip, place, birth, sex)
    several = sum(repair.slip is Slip.ONE_MISSING for repair in found.values()) > 1
    ordered = sorted(found.values(), key=lambda repair: (repair.grade, list(Slip).index(repair.slip), repair.place, repair.number))
    return tuple(_doubted(repair) if several and repair.slip is Slip.ONE_MISSING and birth is None else repair for repair in ordered)


def suggestion(raw: str, document: Document = Document.RESIDENT) -> str:
    """One short Chinese clause for a warning: the likeliest repair's reason, else the check digit that fits; '' when form or date fail.

    >>> suggestion("110105194912310021")
    '按前 17 位，校验码应为 X'
    """
    judged = judge(raw, document)
    if judged.fault in (Fault.NONE, Fault.BLANK) or document not in EIGHTEEN_KINDS:
        return next((repair.zh for repair in repairs(raw, document)), "")
    for number, slip, place in _quick(clean(raw)):
        candidate = judge(number, document)
        if candidate.ok and _grade(candidate, judged, slip, place) is Grade.LIKELY:
            return _REASONS[slip][0].format(last=candidate.normal[17])
    if judged.fault is Fault.CHECK and len(judged.normal) == 18:
        # No repair is likely (the region was never a region, say); what the arithmetic asks for is told all the same.
        return _REASONS[Slip.CHECK_DIGIT][0].format(last=check_digit(judged.normal[:17]))
    return ""


def _own_check(judged: Number) -> tuple[Repair, ...]:
    body = judged.normal[:-1]
    if judged.fault is not Fault.CHECK:
        return ()
    right = OWN_CHECK[judged.document](body)
    return (
        Repair(
            body + right,
            Slip.CHECK_DIGIT,
            Grade.LIKELY,
            len(body) + 1,
            f"按前面各位，校验码应为 {right}",
            f"after the rest, the check character should be {right}",
        ),
    )


def _quick(text: str) -> Iterator[tuple[str, Slip, int]]:
    """The slips that need no trying of places."""
    mended = _mended(text)
    if mended != text:
        yield mended, Slip.WRITING, 0
    if len(mended) in (17, 18) and mended[:17].isdigit():
        yield mended[:17] + check_digit(mended[:17]), Slip.CHECK_DIGIT if len(mended) == 18 else Slip.NO_CHECK_DIGIT, 18


def _candidates(text: str) -> Iterator[tuple[str, Slip, int]]:
    yield from _quick(text)
    yield from _of_length(_mended(text))


def _mended(text: str) -> str:
    last = "X" if text[-1:] in _CROSSES else text[-1:].translate(_LOOKALIKES)
    return text[:-1].translate(_LOOKALIKES) + last


def _of_length(text: str) -> Iterator[tuple[str, Slip, int]]:
    if len(text) in (15, 18):
        for place in range(len(text) - 1):
            if text[place] != text[place + 1]:
                yield text[:place] + text[place + 1] + text[place] + text[place + 2 :], Slip.SWAPPED, place + 1
    if len(text) == 18:
        for place in range(17):
            yield from ((text[:place] + digit + text[place + 1 :], Slip.ONE_DIGIT, place + 1) for digit in "0123456789" if digit != text[place])
    if len(text) == 17:
        for place in range(18):
            yield from ((text[:place] + digit + text[place:], Slip.ONE_MISSING, place + 1) for digit in (CHECKS if place == 17 else "0123456789"))
    if len(text) == 19:
        yield from ((text[:place] + text[place + 1 :], Slip.ONE_TOO_MANY, place + 1) for place in range(19))


_REASONS: dict[Slip, tuple[str, str]] = {
    Slip.WRITING: ("把形近的字母或汉字改为数字后全部相符", "with look-alike letters read as digits everything fits"),
    Slip.CHECK_DIGIT: ("按前 17 位，校验码应为 {last}", "after the first seventeen digits the check digit should be {last}"),
    Slip.NO_CHECK_DIGIT: ("少末位校验码，按前 17 位应为 {last}", "the check digit is missing, it should be {last}"),
    Slip.SWAPPED: ("第 {place}、{next} 位互换后相符", "it fits with digits {place} and {next} swapped"),
    Slip.ONE_DIGIT: ("第 {place} 位改为 {digit} 后相符", "it fits with digit {place} as {digit}"),
    Slip.ONE_MISSING: ("第 {place} 位补 {digit} 后相符", "it fits with {digit} put in as digit {place}"),
    Slip.ONE_TOO_MANY: ("去掉第 {place} 位后相符", "it fits without digit {place}"),
}


def _graded(candidate: Number, judged: Number, slip: Slip, place: int, birth: date | None, sex: str) -> Repair:
    zh, en = _REASONS[slip]
    number = candidate.normal
    facts = {"place": place, "next": place + 1, "digit": number[place - 1 : place], "last": number[17]}
    grade = _grade(candidate, judged, slip, place)
    if birth is not None:
        grade = Grade.LIKELY if candidate.birth == birth and (slip not in (Slip.ONE_DIGIT, Slip.ONE_MISSING) or place in range(7, 15)) else grade
        grade = grade if candidate.birth == birth else Grade.FAR
    if sex and candidate.sex != sex:
        grade = Grade.FAR
    return Repair(number, slip, grade, place, zh.format(**facts), en.format(**facts))


def _grade(candidate: Number, judged: Number, slip: Slip, place: int) -> Grade:
    known = candidate.document is not Document.RESIDENT or regions.ever(candidate.region)
    if not known:
        return Grade.FAR
    if slip in (Slip.WRITING, Slip.CHECK_DIGIT, Slip.NO_CHECK_DIGIT):
        return Grade.LIKELY
    if slip in (Slip.SWAPPED, Slip.ONE_TOO_MANY, Slip.ONE_MISSING):
        return Grade.POSSIBLE
    # One wrong digit can stand at any place; it is worth a thought only where something else shows the place.
    shown = (judged.fault in (Fault.DATE, Fault.FUTURE) and 7 <= place <= 14) or (place <= 6 and bool(judged.region) and not regions.ever(judged.region))
    return Grade.POSSIBLE if shown else Grade.FAR


def _doubted(repair: Repair) -> Repair:
    return Repair(repair.number, repair.slip, Grade.FAR, repair.place, repair.zh, repair.en)

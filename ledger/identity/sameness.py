"""Two numbers beside each other (号码比对): equal, the same in 15 and 18 digits, or one slip of hand apart. Numbers are never merged; this is evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ledger.identity.numbers import normal_number
from ledger.identity.text import clean


class Likeness(StrEnum):
    """How near two numbers are, from the same to nothing said."""

    EQUAL = "equal"
    FIFTEEN = "fifteen"
    CHECK_ONLY = "check_only"
    SWAPPED = "swapped"
    ONE_DIGIT = "one_digit"
    ONE_MISSING = "one_missing"
    FAR = "far"
    MISSING = "missing"


_WORDS: dict[Likeness, tuple[str, str]] = {
    Likeness.EQUAL: ("号码相同", "the same number"),
    Likeness.FIFTEEN: ("同一号码的 15 位和 18 位", "one number in 15 and in 18 digits"),
    Likeness.CHECK_ONLY: ("仅末位校验码不同", "only the check digit differs"),
    Likeness.SWAPPED: ("第 {place}、{next} 位互换", "digits {place} and {next} are swapped"),
    Likeness.ONE_DIGIT: ("仅第 {place} 位不同", "only digit {place} differs"),
    Likeness.ONE_MISSING: ("其中一个少第 {place} 位", "one of them lacks digit {place}"),
    Likeness.FAR: ("号码不同", "different numbers"),
    Likeness.MISSING: ("至少一个号码空白", "at least one number is blank"),
}


@dataclass(frozen=True, slots=True)
class Sameness:
    """The answer: its kind, and the place counted from 1 where they part (0: nowhere or everywhere)."""

    kind: Likeness
    place: int = 0

    @property
    def same(self) -> bool:
        """Whether the numbers are one."""
        return self.kind in (Likeness.EQUAL, Likeness.FIFTEEN)

    @property
    def near(self) -> bool:
        """Whether one slip leads from one to the other."""
        return self.kind in (Likeness.CHECK_ONLY, Likeness.SWAPPED, Likeness.ONE_DIGIT, Likeness.ONE_MISSING)

    @property
    def zh(self) -> str:
        """Chinese words for it."""
        return _WORDS[self.kind][0].format(place=self.place, next=self.place + 1)

    @property
    def en(self) -> str:
        """English words for it."""
        return _WORDS[self.kind][1].format(place=self.place, next=self.place + 1)


def one_digit(one: str, two: str) -> bool:
    """Same length and exactly one place differs."""
    return len(one) == len(two) and len(_differences(one, two)) == 1


def swapped(one: str, two: str) -> bool:
    """Same length and exactly one pair of neighbours stands the other way round."""
    return len(one) == len(two) and _is_swap(one, two, _differences(one, two))


def _differences(one: str, two: str) -> list[int]:
    return [place for place, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]


def _is_swap(one: str, two: str, places: list[int]) -> bool:
    return len(places) == 2 and places[1] == places[0] + 1 and one[places[0]] == two[places[1]] and one[places[1]] == two[places[0]]


def same(one: str, two: str) -> Sameness:
    """Compare two numbers as written, of any kind of document.

    >>> same("110105491231002", "11010519491231002x").kind.value, same("11010519491231002X", "11010519491213002X").zh
    ('fifteen', '第 13、14 位互换')
    """
    first, second = normal_number(one), normal_number(two)
    if not first or not second:
        return Sameness(Likeness.MISSING)
    short = {len(text) for text in (clean(one), clean(two))} == {15, 18}
    if first == second:
        return Sameness(Likeness.FIFTEEN if short else Likeness.EQUAL)
    if len(first) == len(second):
        return _of_one_length(first, second, short)
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    if len(longer) == len(shorter) + 1 and len(shorter) >= 7:
        for place in range(len(longer)):
            if longer[:place] + longer[place + 1 :] == shorter:
                return Sameness(Likeness.ONE_MISSING, place + 1)
    return Sameness(Likeness.FAR)


def _of_one_length(first: str, second: str, short: bool) -> Sameness:
    # The check digit of a number of 15 digits was computed, so a slip in the others moves it too.
    places = [place for place in _differences(first, second) if not (short and place == 17)]
    if places == [17] or not places:
        return Sameness(Likeness.CHECK_ONLY, 18)
    if len(places) == 1:
        return Sameness(Likeness.ONE_DIGIT, places[0] + 1)
    return Sameness(Likeness.SWAPPED, places[0] + 1) if _is_swap(first, second, places) else Sameness(Likeness.FAR)

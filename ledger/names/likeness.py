"""How two characters of names are alike (字的关系): same, variant, same sound, same shape, near sound, or not at all; the same both ways round."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ledger.names import shapes, tables
from ledger.names.readings import near, readings, usual


class Alike(StrEnum):
    """The kinds, the closest first; the values are the keys of ``names/weights.yaml``."""

    SAME = "same"
    VARIANT = "variant"
    CUSTOMARY = "customary"
    RARE_LOST = "rare_lost"
    WILDCARD = "wildcard"
    SOUND_SHAPE = "sound_shape"
    SOUND = "sound"
    SHAPE = "shape"
    LIKE_SHAPE = "like_shape"
    NEAR_SOUND = "near_sound"
    RARE_SOUND = "rare_sound"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A kind and what to say of it (Chinese; '' for same and different)."""

    kind: Alike
    zh: str = ""


_ORDER = tuple(Alike)
SAME = Likeness(Alike.SAME)
DIFFERENT = Likeness(Alike.DIFFERENT, "不同")


def likeness(one: str, two: str, surname: bool = False) -> Likeness:
    """How two signs are alike; ``surname``: they stand where the surname stands."""
    if one == two and len(one) == 1:
        return SAME
    return _likeness(one, two, surname) if one <= two else _likeness(two, one, surname)


@lru_cache(maxsize=1 << 17)
def _likeness(one: str, two: str, surname: bool) -> Likeness:
    if len(one) > 1 or len(two) > 1:
        return _lost(one, two)
    written = _written(one, two, surname)
    if written is not None:
        return written
    sound, shape = _sound(one, two, surname), _shape(one, two)
    if sound is not None and shape is not None and sound.kind is Alike.SOUND:
        return Likeness(Alike.SOUND_SHAPE, f"形近且{sound.zh}")
    found = [known for known in (sound, shape) if known is not None]
    return min(found, key=lambda known: _ORDER.index(known.kind)) if found else DIFFERENT


def _lost(one: str, two: str) -> Likeness:
    """A wildcard against a sign: a rare character is just what old systems lose, and nobody knows what was hidden."""
    wild, sign = (one, two) if len(one) > 1 else (two, one)
    if len(sign) == 1 and wild[0] == "?" and sign not in _GB2312:
        return Likeness(Alike.RARE_LOST, f"“{sign}”是旧系统常丢的生僻字")
    return Likeness(Alike.WILDCARD)


_GB2312 = frozenset(bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
"""The 6,763 characters that every system since 1980 holds."""


def standard_forms(char: str) -> str:
    """The standard characters (通用规范汉字表) a character stands for; itself when it is one, or unknown."""
    return tables.standard().get(char, char)


def _written(one: str, two: str, surname: bool) -> Likeness | None:
    """Two ways of writing one character."""
    forms, others = standard_forms(one), standard_forms(two)
    shared = set(forms) & set(others)
    if shared:
        direct = one in others or two in forms
        return Likeness(Alike.VARIANT, "是同一字的简繁或异体" if direct else f"规范字同为“{min(shared)}”")
    for form in forms:
        for other in others:
            known = tables.customary().get((form, other))
            if known is not None and (surname or not known[1]):
                return Likeness(Alike.CUSTOMARY, known[0])
            if (form, other) in tables.once_one():
                return Likeness(Alike.CUSTOMARY, "一度简作同一字，现为两个规范字")
    return None


def _sound(one: str, two: str, surname: bool) -> Likeness | None:
    ways, others = usual(one, surname), usual(two, surname)
    shared = [way for way in ways if way in others]
    if shared:
        return Likeness(Alike.SOUND, f"同音（{shared[0]}）")
    if not ways or not others:
        return None
    why = near(ways[0], others[0])
    if why:
        return Likeness(Alike.NEAR_SOUND, f"近音（{why}：{ways[0]}、{others[0]}）")
    seldom = [way for way in ways if way in readings(two)] or [way for way in others if way in readings(one)]
    return Likeness(Alike.RARE_SOUND, f"有一个少用的读音相同（{seldom[0]}）") if seldom else None


def _shape(one: str, two: str) -> Likeness | None:
    if shapes.mistaken(one, two):
        return Likeness(Alike.SHAPE, "形近")
    return Likeness(Alike.LIKE_SHAPE, "字形相像") if shapes.resembling(one, two) else None

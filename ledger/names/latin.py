"""Names in Latin letters (拉丁字母姓名) against one another and against characters: pinyin, initials, order, one letter wrong."""

from __future__ import annotations

from ledger.names.normal import NormalName, surname_length
from ledger.names.readings import syllables
from ledger.names.shapes import edits

LONG = 10
"""Letters from which a name may have been cut by a field of fixed width."""


def pinyin_of(latin: NormalName, han: NormalName) -> str:
    """``full`` when the letters spell the characters, ``initials`` when some characters are given by their first letter, else ''."""
    surname = surname_length(han)
    ways = [tuple(way.upper() for way in ways) for ways in syllables(han.signs, surname)]
    if not all(ways):
        return ""
    for order in (ways, ways[surname:] + ways[:surname]):
        if _spells(latin.text, order, initials=False):
            return "full"
    for order in (ways, ways[surname:] + ways[:surname]):
        if _spells(latin.text, order, initials=True):
            return "initials"
    return ""


def _spells(letters: str, ways: list[tuple[str, ...]], initials: bool) -> bool:
    rests = {letters}
    for syllable in ways:
        heads = {form for way in syllable for form in (way, way.replace("V", "U"), way.replace("V", "YU"), way.replace("V", "Ü"))}
        if initials:
            heads |= {way[0] for way in syllable}
        rests = {rest[len(head) :] for rest in rests for head in heads if rest.startswith(head)}
    return "" in rests


def relation(one: NormalName, two: NormalName) -> str:
    """How two Latin names are alike: ``same`` letters, ``order``, ``initials``, ``typo`` (one letter), ``cut``, ``word`` (one word shared), else ''."""
    if one.text == two.text:
        return "same"
    if sorted(one.parts) == sorted(two.parts):
        return "order"
    if _initialled(one.parts, two.parts):
        return "initials"
    short, long = sorted((one.text, two.text), key=len)
    if len(short) >= LONG and long.startswith(short):
        return "cut"
    if len(short) >= 4 and edits(one.text, two.text) == 1:
        return "typo"
    return "word" if {part for part in one.parts if len(part) > 1} & set(two.parts) else ""


def _initialled(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Word by word equal or the initial of the other, and at least one word of two letters or more equal."""
    if len(one) != len(two) or len(one) < 2:
        return False
    fits = all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in zip(one, two, strict=True))
    return fits and any(a == b and len(a) > 1 for a, b in zip(one, two, strict=True))

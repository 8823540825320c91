"""Readings of names (读音): pypinyin's for every character, our table's for surnames. The one home of pypinyin.

Readings are toneless syllables in lower case, ``v`` for ü. pypinyin is imported when a reading is first asked for (a quarter of a
second, some tens of megabytes); each character is asked for once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ledger.names import tables

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
_MACRON = dict.fromkeys((0x300, 0x301, 0x304, 0x30C))


def toneless(syllable: str) -> str:
    """A syllable without its tone, ``v`` for ü.

    >>> toneless("lǜ"), toneless("Shàn"), toneless("ōu")
    ('lv', 'shan', 'ou')
    """
    bare = unicodedata.normalize("NFC", unicodedata.normalize("NFD", syllable.lower()).translate(_MACRON))
    return bare.replace("ü", "v").replace("ê", "e")


@lru_cache(maxsize=1 << 15)
def readings(char: str) -> tuple[str, ...]:
    """All readings of a character, the usual first; () when none is known. Source: pypinyin (pinyin-data)."""
    from pypinyin import Style, pinyin

    found = pinyin(char, style=Style.TONE, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(toneless(one) for one in found[0])) if found else ()


@lru_cache(maxsize=1 << 15)
def usual(char: str, surname: bool = False) -> tuple[str, ...]:
    """The readings in use today, the first of pypinyin first; as a surname those of ``names/readings.yaml`` before all others.

    pypinyin knows archaic readings too (王 yu, 林 ren); they count only in :func:`readings`.
    """
    own = [toneless(one) for one in tables.surname_table().surnames.get(char, ())] if surname else []
    known, today = readings(char), tables.heteronyms().get(char, ())
    return tuple(dict.fromkeys([*own, *known[:1], *(one for one in known if one in today)]))


def syllables(signs: Iterable[str], surname: int) -> list[tuple[str, ...]]:
    """The readings of each sign of a name whose first ``surname`` signs are the surname; a compound surname has its own."""
    given = list(signs)
    compound = tables.surname_table().compounds.get("".join(given[:2]), "") if surname == 2 else ""
    found: list[tuple[str, ...]] = [(toneless(one),) for one in compound.split()]
    for place, sign in enumerate(given[len(found) :], len(found)):
        found.append(usual(sign, place < surname))
    return found


def spelled(signs: Iterable[str], surname: int) -> str:
    """A name in pinyin as it is usually read, syllables parted by blanks (signs without a reading stay).

    >>> spelled("单田芳", 1), spelled("尉迟恭", 2)
    ('shan tian fang', 'yu chi gong')
    """
    given = list(signs)
    return " ".join(ways[0] if ways else sign for sign, ways in zip(given, syllables(given, surname), strict=True))


def divided(syllable: str) -> tuple[str, str]:
    """Initial (声母, '' when none) and final (韵母) of a toneless syllable; after j, q, x, y a written u is ü.

    >>> divided("zhuang"), divided("an"), divided("xue")
    (('zh', 'uang'), ('', 'an'), ('x', 've'))
    """
    initial = next((one for one in _INITIALS if syllable.startswith(one)), "")
    final = syllable[len(initial) :]
    if initial in ("j", "q", "x", "y") and final.startswith("u"):
        final = "v" + final[1:]
    return initial, final


@lru_cache(maxsize=1)
def _classes() -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    table = tables.sounds()
    pairs: tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]] = ({}, {})
    for found, groups in zip(pairs, (table.initials, table.finals), strict=True):
        for group in groups:
            found.update({(one, two): group.name_zh for one in group.members for two in group.members if one != two})
    return pairs


@lru_cache(maxsize=1 << 16)
def near(one: str, two: str) -> str:
    """Why two different syllables are near in sound (``names/sounds.yaml``); '' when they are not.

    >>> near("zhang", "zang"), near("lin", "ling"), near("li", "wang")
    ('平翘舌不分', '前后鼻音不分', '')
    """
    (initial, final), (other_initial, other_final) = divided(one), divided(two)
    initials, finals = _classes()
    first = "" if initial == other_initial else initials.get((initial, other_initial))
    last = "" if final == other_final else finals.get((final, other_final))
    return "" if first is None or last is None else "、".join(filter(None, (first, last)))

"""The tables of names (姓名用表): strict models of the files under ``templates/names``, read once."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from ledger.lawfile import LawFile, Strict, read


class Marks(LawFile):
    """``names/marks.yaml``: what stands in a name cell beside the name."""

    dots: str
    placeholders: str
    masks: str
    lost: str
    description_brackets: tuple[str, ...]
    note_brackets: tuple[str, ...]
    notes: dict[str, tuple[str, ...]]
    titles: tuple[str, ...]


class Rare(LawFile):
    """``names/rare.yaml``: private codes and descriptions of rare characters."""

    private: str
    user_defined: tuple[tuple[int, int], ...]
    described: dict[str, tuple[str, ...]]


class UnihanVariants(LawFile):
    """``names/unihan_variants.yaml``: groups of a character and the standard characters it stands for."""

    unicode: str
    simplified: str
    z_variant: str
    dictionary: str
    once_one: str
    radicals: str


class VariantGroup(Strict):
    """Pairs of one kind, with the reason shown."""

    why_zh: str
    only_surname: bool
    pairs: str


class HandVariants(LawFile):
    """``names/variants.yaml``."""

    groups: tuple[VariantGroup, ...]


class UnihanShapes(LawFile):
    """``names/unihan_shapes.yaml``: shape codes by character."""

    unicode: str
    codes: str


class Pairs(LawFile):
    """``names/shapes.yaml`` (by hand) and ``names/pictures.yaml`` (by picture): groups of characters that look alike."""

    pairs: str


class Heteronyms(LawFile):
    """``names/unihan_heteronyms.yaml``: standard characters of several readings in use."""

    unicode: str
    readings: str


class Readings(LawFile):
    """``names/readings.yaml``: readings of surnames, compound surnames."""

    surnames: dict[str, tuple[str, ...]]
    compounds: dict[str, str]


class NearSounds(Strict):
    """One class of initials or finals that are not kept apart."""

    name_zh: str
    members: tuple[str, ...]


class Sounds(LawFile):
    """``names/sounds.yaml``."""

    initials: tuple[NearSounds, ...]
    finals: tuple[NearSounds, ...]


class Common(LawFile):
    """``names/common.yaml``."""

    full: tuple[str, ...]
    surnames: str
    given: str


class Weights(LawFile):
    """``names/weights.yaml``: thousandths taken off."""

    surname: dict[str, int]
    given: dict[str, int]
    whole: dict[str, int]
    only_surname: dict[str, int]
    length: dict[int, int]
    evidence: dict[str, int]
    common: int


@lru_cache(maxsize=1)
def marks() -> Marks:
    """What stands beside names."""
    return read(Marks, "names/marks.yaml")


@lru_cache(maxsize=1)
def rare() -> Rare:
    """Private codes and descriptions."""
    return read(Rare, "names/rare.yaml")


@lru_cache(maxsize=1)
def private() -> dict[str, str]:
    """Private code -> the character it became."""
    return {chr(int(code, 16)): char for code, _, char in (item.partition(":") for item in rare().private.split())}


@lru_cache(maxsize=1)
def described() -> dict[str, frozenset[str]]:
    """A description without its connecting words -> the characters so described."""
    found: dict[str, frozenset[str]] = {}
    for char, ways in rare().described.items():
        for way in ways:
            found[way] = found.get(way, frozenset()) | {char}
    return found


@lru_cache(maxsize=1)
def _unihan() -> UnihanVariants:
    return read(UnihanVariants, "names/unihan_variants.yaml")


@lru_cache(maxsize=1)
def radicals() -> dict[str, str]:
    """Radical sign -> the character it looks like."""
    return {group[0]: group[1] for group in _unihan().radicals.split()}


@lru_cache(maxsize=1)
def standard() -> dict[str, str]:
    """A character outside the standard table -> the standard characters it stands for; characters of the table are not in it."""
    table = _unihan()
    return {group[0]: group[1:] for text in (table.dictionary, table.z_variant, table.simplified) for group in text.split()}


@lru_cache(maxsize=1)
def once_one() -> frozenset[tuple[str, str]]:
    """Pairs of standard characters of which one was once the simplified form of the other (乾 干), both ways round."""
    pairs = {(group[0], form) for group in _unihan().once_one.split() for form in group[1:]}
    return frozenset(pairs | {(two, one) for one, two in pairs})


@lru_cache(maxsize=1)
def customary() -> dict[tuple[str, str], tuple[str, bool]]:
    """Pairs written for one another by custom, both ways round -> (why, only as a surname)."""
    found = {}
    for group in read(HandVariants, "names/variants.yaml").groups:
        for pair in group.pairs.split():
            found[pair[0], pair[1]] = found[pair[1], pair[0]] = (group.why_zh, group.only_surname)
    return found


@lru_cache(maxsize=1)
def hand_shapes() -> frozenset[tuple[str, str]]:
    """Pairs taken for one another by eye, both ways round."""
    return _both_ways("names/shapes.yaml")


@lru_cache(maxsize=1)
def pictures() -> frozenset[tuple[str, str]]:
    """Pairs whose pictures are alike, both ways round."""
    return _both_ways("names/pictures.yaml")


def _both_ways(file: str) -> frozenset[tuple[str, str]]:
    pairs = [pair for group in read(Pairs, file).pairs.split() for pair in combinations(group, 2)]
    return frozenset([*pairs, *((two, one) for one, two in pairs)])


@lru_cache(maxsize=1)
def heteronyms() -> dict[str, tuple[str, ...]]:
    """Standard character -> its readings in use today, for those of several; toneless, ``v`` for ü."""
    table = read(Heteronyms, "names/unihan_heteronyms.yaml")
    return {char: tuple(ways.split(",")) for char, _, ways in (item.partition(":") for item in table.readings.split())}


@lru_cache(maxsize=1)
def shape_codes() -> dict[str, tuple[str, str, int, frozenset[str]]]:
    """Character -> (Cangjie code, four corners or '', strokes, phonetic series)."""
    found = {}
    for line in read(UnihanShapes, "names/unihan_shapes.yaml").codes.splitlines():
        char, cangjie, corners, strokes, phonetic = line.split(" ")
        series = frozenset() if phonetic == "-" else frozenset(phonetic.split(","))
        found[char] = (cangjie, "" if corners == "-" else corners, int(strokes), series)
    return found


@lru_cache(maxsize=1)
def surname_table() -> Readings:
    """Readings of surnames and compound surnames."""
    return read(Readings, "names/readings.yaml")


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """Sounds not kept apart."""
    return read(Sounds, "names/sounds.yaml")


@lru_cache(maxsize=1)
def common() -> Common:
    """Names that very many bear."""
    return read(Common, "names/common.yaml")


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Thousandths taken off."""
    return read(Weights, "names/weights.yaml")

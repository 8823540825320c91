"""Comparing two names (姓名比对): how alike they are, why, and how far that goes. Never a verdict: a likeness is a lead.

``compare(a, b)`` grades by the weakest likeness found, scores in thousandths by ``names/weights.yaml`` and gives each reason as
a Chinese sentence with the characters concerned. It is symmetric: ``compare(b, a)`` is ``compare(a, b)`` with the sides
exchanged. It knows neither numbers nor births: whoever links persons adds ``Comparison.evidence``, integer thousandths by grade, to what those say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ledger.names import latin, tables
from ledger.names.align import Pair, aligned, cut, penalty, swapped
from ledger.names.likeness import Alike, standard_forms
from ledger.names.normal import NormalName, normalise, surname_length


class Grade(StrEnum):
    """How two names are alike, the closest first."""

    EQUAL = "equal"
    NORMALISED = "normalised"
    VARIANT = "variant"
    RARE = "rare"
    SAME_SOUND = "same_sound"
    SAME_SHAPE = "same_shape"
    NEAR_SOUND = "near_sound"
    ORDER = "order"
    CUT = "cut"
    PINYIN = "pinyin"
    ONE_CHARACTER = "one_character"
    SURNAME = "surname"
    DIFFERENT = "different"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for equal, rising as likeness falls."""
        return _RANKS[self]

    @property
    def zh(self) -> str:
        """The grade in Chinese."""
        return _GRADES_ZH[self]


_RANKS = {grade: rank for rank, grade in enumerate(Grade)}

_GRADES_ZH = {
    Grade.EQUAL: "相同",
    Grade.NORMALISED: "规整后相同",
    Grade.VARIANT: "简繁异体",
    Grade.RARE: "生僻字或丢字",
    Grade.SAME_SOUND: "同音",
    Grade.SAME_SHAPE: "形近",
    Grade.NEAR_SOUND: "近音",
    Grade.ORDER: "次序颠倒",
    Grade.CUT: "截断",
    Grade.PINYIN: "拼音",
    Grade.ONE_CHARACTER: "多一字或少一字",
    Grade.SURNAME: "姓同名不同",
    Grade.DIFFERENT: "不同",
    Grade.NONE: "无从比对",
}

_OF_KIND = {
    Alike.SAME: Grade.EQUAL,
    Alike.VARIANT: Grade.VARIANT,
    Alike.CUSTOMARY: Grade.VARIANT,
    Alike.RARE_LOST: Grade.RARE,
    Alike.WILDCARD: Grade.RARE,
    Alike.SOUND: Grade.SAME_SOUND,
    Alike.SOUND_SHAPE: Grade.SAME_SOUND,
    Alike.RARE_SOUND: Grade.NEAR_SOUND,
    Alike.SHAPE: Grade.SAME_SHAPE,
    Alike.LIKE_SHAPE: Grade.SAME_SHAPE,
    Alike.NEAR_SOUND: Grade.NEAR_SOUND,
    Alike.DIFFERENT: Grade.DIFFERENT,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``kind``: a grade, a step or ``caution``; ``one``, ``two``: the characters concerned on each side ('' none)."""

    kind: str
    zh: str
    one: str = ""
    two: str = ""

    def as_json(self) -> dict[str, str]:
        """For ``--json`` output and evidence."""
        return {"kind": self.kind, "zh": self.zh, "one": self.one, "two": self.two}


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer. ``score``: thousandths, an order of likeness and no probability; ``common``: very many bear this name, so equality proves little."""

    one: str
    two: str
    grade: Grade
    score: int
    reasons: tuple[Reason, ...] = ()
    common: bool = False

    @property
    def evidence(self) -> int:
        """What the name counts for one person, in the thousandths of ``rules/linkage.yaml``; never enough by itself (DOMAIN 6.3)."""
        table = tables.weights()
        return table.evidence[self.grade.value] - (table.common if self.common else 0)

    @property
    def zh(self) -> str:
        """Grade and reasons in one sentence."""
        return f"{self.grade.zh}：{'；'.join(reason.zh for reason in self.reasons)}" if self.reasons else self.grade.zh

    def as_json(self) -> dict[str, Any]:
        """For ``--json`` output and evidence."""
        reasons = [reason.as_json() for reason in self.reasons]
        return {"one": self.one, "two": self.two, "grade": self.grade.value, "score": self.score, "common": self.common, "reasons": reasons}


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found, before it is told from either side. ``facts``: (kind, side, text), side 0 or 1 where it concerns one of the two, else -1."""

    grade: Grade
    score: int
    pairs: tuple[Pair, ...] = ()
    facts: tuple[tuple[str, int, str], ...] = ()

    def turned(self) -> _Found:
        pairs = tuple(Pair(pair.two, pair.one, pair.alike) for pair in self.pairs)
        return _Found(self.grade, self.score, pairs, tuple((kind, side if side < 0 else 1 - side, text) for kind, side, text in self.facts))


def compare(one: str, two: str, *, one_also: Iterable[str] = (), two_also: Iterable[str] = ()) -> Comparison:
    """Compares two names as given. ``one_also``, ``two_also``: other names the same persons bear or bore (曾用名); the likest counts.

    >>> compare("张建己", "張建已").zh
    '形近：第1字“张”与“張”是同一字的简繁或异体；第3字“己”与“已”形近'
    >>> compare("王伟", "王 伟").grade.value, compare("王芳", "李军").grade.value
    ('normalised', 'different')
    """
    if one == two and one.strip() and not one_also and not two_also:
        plain = normalise(one)
        if not plain.steps and plain.script:
            return _common(Comparison(one, two, Grade.EQUAL, 1000), plain, plain)
    first, second = normalise(one), normalise(two)
    best = _told(first, second)
    if not (first.notes or second.notes or one_also or two_also):
        return best
    names, others = _also(first, one_also), _also(second, two_also)
    pairs = [*((name, two) for name in names), *((one, other) for other in others), *((name, other) for name in names for other in others)]
    for name, other in pairs:
        told = _told(normalise(name), normalise(other))
        score = told.score - tables.weights().whole["former"] * ((name != one) + (other != two))
        if score > best.score:
            used = "、".join(f"“{text}”" for text, given in ((name, one), (other, two)) if text != given)
            best = replace(told, one=one, two=two, score=score, reasons=(Reason("former", f"按曾用名{used}比"), *told.reasons))
    return best


def _also(name: NormalName, given: Iterable[str]) -> list[str]:
    return sorted({*(note.name for note in name.notes if note.name), *(text for text in given if text.strip())} - {name.given})


def _told(one: NormalName, two: NormalName) -> Comparison:
    turned = (one.signs, one.given) > (two.signs, two.given)
    found = _found(two, one).turned() if turned else _found(one, two)
    reasons = (*_facts(found, one, two), *_pairs(found, one, two))
    if (one.steps or two.steps) and (found.grade in (Grade.EQUAL, Grade.NORMALISED, Grade.RARE) or one.rare or two.rare):
        reasons = (*reasons, *_steps(one, two))
    told = Comparison(one.given, two.given, found.grade, found.score, reasons)
    return _common(_namesakes(told, one, two) if one.notes and two.notes else told, one, two)


def _namesakes(told: Comparison, one: NormalName, two: NormalName) -> Comparison:
    """Notes by which rosters tell namesakes apart count against the same person where they differ."""
    first, second = ("、".join(note.text for note in name.notes if note.kind == "namesake") for name in (one, two))
    if not first or not second or first == second:
        return told
    caution = Reason("caution", f"附注“{first}”与“{second}”不同，名册可能用来区分同名的人", first, second)
    return replace(told, score=max(0, told.score - tables.weights().whole["namesake"]), reasons=(*told.reasons, caution))


def _found(one: NormalName, two: NormalName) -> _Found:
    """The comparison proper, of names in a fixed order."""
    if not one.known or not two.known:
        return _Found(Grade.NONE, 0, facts=(("blank", -1, ""),))
    whole = tables.weights().whole
    if one.signs == two.signs and one.known == len(one.signs):
        if one.given == two.given:
            return _Found(Grade.EQUAL, 1000)
        restored = one.rare or two.rare
        return _Found(Grade.RARE, 1000 - whole["rare"]) if restored else _Found(Grade.NORMALISED, 1000 - whole["normalised"])
    if one.script == "latin" and two.script == "latin":
        return _latin(one, two, whole)
    if "latin" in (one.script, two.script):
        return _pinyin(one, two, whole)
    return _characters(one, two, whole)


def _latin(one: NormalName, two: NormalName, whole: dict[str, int]) -> _Found:
    kind = latin.relation(one, two)
    answers = {
        "same": (Grade.NORMALISED, whole["normalised"]),
        "order": (Grade.ORDER, whole["surname_last"]),
        "initials": (Grade.PINYIN, whole["initials"]),
        "typo": (Grade.ONE_CHARACTER, whole["latin_typo"]),
        "cut": (Grade.CUT, whole["cut"]),
        "word": (Grade.SURNAME, 1000 - tables.weights().only_surname["most"]),
        "": (Grade.DIFFERENT, 1000),
    }
    grade, off = answers[kind]
    return _Found(grade, 1000 - off, facts=((f"latin_{kind or 'different'}", -1, ""),))


def _pinyin(one: NormalName, two: NormalName, whole: dict[str, int]) -> _Found:
    letters, han = (one, two) if one.script == "latin" else (two, one)
    kind = latin.pinyin_of(letters, han)
    if not kind:
        return _Found(Grade.DIFFERENT, 0, facts=(("latin_different", -1, ""),))
    return _Found(Grade.PINYIN, 1000 - whole["pinyin" if kind == "full" else "initials"], facts=((f"pinyin_{kind}", 0 if letters is one else 1, ""),))


def _characters(one: NormalName, two: NormalName, whole: dict[str, int]) -> _Found:
    surname = min(surname_length(one), surname_length(two))
    order = swapped(one.signs, two.signs)
    if order and (order == "surname_last" or len(one.signs) > 2):
        return _Found(Grade.ORDER, 1000 - whole[order], facts=((order, -1, ""),))
    short, long = (one, two) if len(one.signs) < len(two.signs) else (two, one)
    if (len(long.signs) >= 5 or len(long.parts) > 1) and len(long.signs) - len(short.signs) >= 1 and cut(long.signs, short.signs):
        kept = 1000 * len(short.signs) // len(long.signs)
        return _Found(Grade.CUT, 1000 - whole["cut"] - (1000 - kept) // 4, facts=(("cut", 0 if short is one else 1, ""),))
    pairs = tuple(aligned(one.signs, two.signs, surname))
    stood = [pair for pair in pairs if pair.one and pair.two]
    longest = max(len(one.signs), len(two.signs))
    off = sum(penalty(pair.alike.kind, max(pair.one, pair.two) <= surname, longest) for pair in stood)
    grades = [_OF_KIND[pair.alike.kind] for pair in stood] or [Grade.DIFFERENT]
    missing = 0
    for pair in pairs:
        if not (pair.one and pair.two):
            sign, others = (one.signs[pair.one - 1], two.signs) if pair.one else (two.signs[pair.two - 1], one.signs)
            lost = len(sign) > 1 or any(len(other) > 1 and other[1:] != "1" for other in others)
            missing += not lost
            off += penalty(Alike.WILDCARD, False, longest) if len(sign) > 1 else 0 if lost else whole["one_more"]
            grades.append(Grade.RARE if lost else Grade.ONE_CHARACTER)
    weakest = Grade.DIFFERENT if missing > 1 else max(grades, key=_RANKS.__getitem__)
    return _limited(weakest, 1000 - off, pairs, surname)


def _limited(grade: Grade, score: int, pairs: tuple[Pair, ...], surname: int) -> _Found:
    """Names of which only the surname agrees, or can be compared at all, say little."""
    limits = tables.weights().only_surname
    front = [pair for pair in pairs if pair.one and pair.two and max(pair.one, pair.two) <= surname]
    same_surname = len(front) == surname and all(pair.alike.kind in (Alike.SAME, Alike.VARIANT, Alike.CUSTOMARY) for pair in front)
    solid = [pair for pair in pairs if pair.one and pair.two and pair.alike.kind not in (Alike.WILDCARD, Alike.DIFFERENT)]
    if len(solid) <= len(front) and same_surname and len(pairs) > len(front):
        return _Found(Grade.SURNAME, min(limits["most"], max(score, limits["least"])), pairs)
    if grade is Grade.DIFFERENT and same_surname:
        return _Found(Grade.SURNAME, max(score, limits["least"]), pairs)
    return _Found(grade, max(score, 0), pairs)


_SIDES = ("前者", "后者")

_FACTS_ZH = {
    "blank": "至少一方没有可比的字",
    "surname_last": "姓与名前后颠倒",
    "order": "字相同而次序不同",
    "pinyin_full": "{side}是另一方的拼音",
    "pinyin_initials": "{side}是另一方的拼音缩写，只有首字母可比",
    "latin_different": "字母拼不出另一方",
    "latin_same": "只差空格或间隔",
    "latin_order": "词相同而次序不同",
    "latin_initials": "一方用了首字母缩写",
    "latin_typo": "只差一个字母",
    "latin_cut": "一方只有另一方的开头",
    "latin_word": "只有一个词相同",
}


def _facts(found: _Found, one: NormalName, two: NormalName) -> tuple[Reason, ...]:
    """What concerns the names as wholes."""
    told = []
    for kind, side, _ in found.facts:
        if kind == "cut":
            told.append(Reason(found.grade.value, _cut_zh(side, (one, two)), one.text, two.text))
        else:
            told.append(Reason(found.grade.value, _FACTS_ZH[kind].format(side=_SIDES[side]), one.text, two.text))
    return tuple(told)


def _cut_zh(side: int, names: tuple[NormalName, NormalName]) -> str:
    short, long = names[side], names[1 - side]
    if long.parts and short.text == long.parts[0] and len(long.parts) > 1:
        return f"{_SIDES[side]}只写了间隔号前的“{short.text}”"
    length = sum(1 if char.isascii() else 2 for char in short.given.strip())
    return f"{_SIDES[side]}只有另一方开头的 {len(short.signs)} 个字（GBK 编码 {length} 字节），可能被旧系统截断"


def _pairs(found: _Found, one: NormalName, two: NormalName) -> tuple[Reason, ...]:
    """What concerns single characters, in the order of the name."""
    told = []
    for pair in found.pairs:
        if pair.alike.kind is not Alike.SAME:
            told.append(_of_pair(pair, one, two))
    return tuple(told)


def _of_pair(pair: Pair, one: NormalName, two: NormalName) -> Reason:
    sign, other = (one.signs[pair.one - 1] if pair.one else ""), (two.signs[pair.two - 1] if pair.two else "")
    shown, shown_other = ("□" if len(text) > 1 else text for text in (sign, other))
    if not sign or not other:
        side, place, text = (0, pair.one, shown) if sign else (1, pair.two, shown_other)
        if len(sign or other) > 1:
            return Reason(Grade.RARE.value, f"{_SIDES[side]}第{place}处有丢失的字，{_SIDES[1 - side]}没有", shown, shown_other)
        lost = any(len(lacking) > 1 and lacking[1:] != "1" for lacking in (two, one)[side].signs)
        tail = "或在另一方丢失的字里" if lost else f"，{_SIDES[1 - side]}没有"
        return Reason((Grade.RARE if lost else Grade.ONE_CHARACTER).value, f"{_SIDES[side]}第{place}字“{text}”{tail}", shown, shown_other)
    if pair.alike.kind in (Alike.WILDCARD, Alike.RARE_LOST):
        side = 0 if len(sign) > 1 else 1
        known = (shown_other, shown)[side]
        tail = "" if known == "□" else f"，{pair.alike.zh}" if pair.alike.zh else f"，无从与“{known}”比对"
        what = "遮盖" if (sign, other)[side][0] == "*" else "丢失"
        return Reason(Grade.RARE.value, f"{_SIDES[side]}第{(pair.one, pair.two)[side]}字{what}{tail}", shown, shown_other)
    where = f"第{pair.one}字“{shown}”与“{shown_other}”" if pair.one == pair.two else f"第{pair.one}字“{shown}”与第{pair.two}字“{shown_other}”"
    return Reason(_OF_KIND[pair.alike.kind].value, where + pair.alike.zh, shown, shown_other)


def _steps(one: NormalName, two: NormalName) -> tuple[Reason, ...]:
    """What was done to the names before they were compared; what was done to both alike is said once."""
    both = [step for step in one.steps if step in two.steps]
    told = [Reason(step.kind.value, f"两者都{step.zh}" if not step.kind.rare else step.zh) for step in both]
    for side, name in enumerate((one, two)):
        told += [Reason(step.kind.value, f"{_SIDES[side]}{step.zh}") for step in name.steps if step not in both]
    return tuple(told)


def _common(found: Comparison, one: NormalName, two: NormalName) -> Comparison:
    """Adds the caution where the names count as equal and very many bear the name."""
    if found.grade.rank > Grade.VARIANT.rank or not (_often(one) or _often(two)):
        return found
    caution = Reason("caution", f"“{two.text if _often(two) else one.text}”是常见姓名，同名的人多，姓名相同证明力弱")
    return replace(found, common=True, reasons=(*found.reasons, caution))


def _often(name: NormalName) -> bool:
    table = tables.common()
    text = "".join(standard_forms(sign)[0] for sign in name.signs)
    return text in table.full or (len(text) >= 2 and text[0] in table.surnames and all(char in table.given for char in text[1:]))

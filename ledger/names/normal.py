"""One name as it stands in a cell -> its normal form and what was done (姓名规整). Nothing is dropped without a step that says so.

``signs`` are what is compared: a single character each, or a wildcard: ``?n`` for one to ``n`` characters that were lost, ``*1``
for one that was hidden. Notes in brackets
((已故), (曾用名…)) are kept apart, never compared as part of the name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ledger.names import tables

HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W\d_]")
LONGEST = 200
"""Signs of a cell that are looked at; no name is longer, and a hostile cell must not cost more."""
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_BROKEN = re.compile(r"[\x80-\x9f]")
_UNSEEN = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180f\u3164\ufff9-\ufffb]")
_PLUS = re.compile(rf"({HAN.pattern})\+({HAN.pattern})")
_DESCRIPTION = tuple(
    re.compile(form.replace("X", rf"({HAN.pattern})"))
    for form in ("上X下X", "左X右X", "外X内X", "X加X", "X字?旁加?X", r"X\+X", r"X\+X\+X", "上X中X下X", "左X中X右X", "X字?头加?X", "X字?底加?X")
)


class StepKind(StrEnum):
    """What kind of thing was done to a name."""

    PRIVATE = "private"
    DESCRIBED = "described"
    LOST = "lost"
    MASKED = "masked"
    INVISIBLE = "invisible"
    LENGTH = "length"
    WIDTH = "width"
    RADICAL = "radical"
    CASE = "case"
    SPACES = "spaces"
    DOTS = "dots"
    NOTE = "note"
    TITLE = "title"

    @property
    def rare(self) -> bool:
        """Whether it restores a character that a system could not hold."""
        return self in (StepKind.PRIVATE, StepKind.DESCRIBED, StepKind.LOST, StepKind.MASKED)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done, with its sentence in Chinese."""

    kind: StepKind
    zh: str


@dataclass(frozen=True, slots=True)
class Note:
    """What stood beside the name: ``kind`` as in ``names/marks.yaml`` (``other`` when none fits); ``name``: another name of the same person given in it."""

    kind: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class NormalName:
    """A name, cleaned. ``script``: ``han``, ``latin``, ``mixed`` or '' (nothing to compare); ``parts``: what the dots or blanks divide."""

    given: str
    text: str
    signs: tuple[str, ...]
    script: str
    parts: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def known(self) -> int:
        """How many signs are characters, not wildcards."""
        return sum(len(sign) == 1 for sign in self.signs)

    @property
    def rare(self) -> bool:
        """Whether a character was restored or is lost."""
        return any(step.kind.rare for step in self.steps)


@lru_cache(maxsize=1 << 16)
def normalise(raw: str) -> NormalName:
    """The normal form of a name cell.

    >>> normalise("阿卜杜拉 • 买买提（已故）").text, normalise("张 三").text, normalise("王[龑]").text
    ('阿卜杜拉买买提', '张三', '王龑')
    """
    if 2 <= len(raw) <= 4 and all("\u4e00" <= char <= "\u9fff" for char in raw) and raw[2:] not in tables.marks().titles:
        return NormalName(raw, raw, tuple(raw), "han", (raw,))
    work = _Work(raw)
    work.encodings()
    work.forms()
    work.brackets()
    work.ends()
    return work.done()


class _Work:
    """The text on its way, with the steps taken so far.

    Lost characters are written ``\\ufffd`` (run of bytes) and ``□`` (exactly one), hidden ones ``\\ufffc``.
    """

    def __init__(self, raw: str) -> None:
        self.given, self.text = raw, raw[:LONGEST]
        self.steps: list[Step] = []
        self.notes: list[Note] = []
        if len(raw) > LONGEST:
            self.say(StepKind.LENGTH, f"超过 {LONGEST} 字，不像姓名，只比前 {LONGEST} 字")

    def say(self, kind: StepKind, zh: str) -> None:
        self.steps.append(Step(kind, zh))

    def encodings(self) -> None:
        """Private codes become what they stood for, halves of characters become lost marks, the unseen goes."""
        for char in dict.fromkeys(_PRIVATE.findall(self.text)):
            now = tables.private().get(char)
            if now is None:
                self.say(StepKind.LOST, f"私用码 U+{ord(char):04X} 是本单位自造字，不知何字，按一个不明的字比")
            else:
                self.say(StepKind.PRIVATE, f"私用码 U+{ord(char):04X} 还原为“{now}”")
            self.text = self.text.replace(char, now or "□")
        if _BROKEN.search(self.text):
            self.text = _BROKEN.sub("\ufffd", self.text)
        bare = "".join(char for char in self.text if unicodedata.category(char) != "Cf" and not _UNSEEN.match(char))
        bare = "".join(" " if unicodedata.category(char) == "Cc" else char for char in bare)
        if bare != self.text:
            self.say(StepKind.INVISIBLE, "去掉看不见的字符")
            self.text = bare

    def forms(self) -> None:
        """Unicode normal form, radical signs, upper case, one sign for each kind of dot and of lost character."""
        table = tables.marks()
        plain = unicodedata.normalize("NFKC", self.text)
        if plain.split() != self.text.split():
            self.say(StepKind.WIDTH, "全角、兼容字形统一")
        changed = "".join(tables.radicals().get(char, char) for char in plain)
        if changed != plain:
            self.say(StepKind.RADICAL, "部首字形换成同形的汉字")
        upper = unicodedata.normalize("NFKC", changed.upper())
        if upper != changed:
            self.say(StepKind.CASE, "字母统一为大写")
        signs = {
            **dict.fromkeys(table.dots, "·"),
            **dict.fromkeys(table.lost, "\ufffd"),
            **dict.fromkeys(table.placeholders, "□"),
            **dict.fromkeys(table.masks, "\ufffc"),
        }
        self.text = "".join(signs.get(char, char) for char in upper).strip(" '\"‘’“”`,，;；:：、")

    def brackets(self) -> None:
        """What stands in brackets: a character, a description of one, or a note."""
        table = tables.marks()
        for pair in (*table.description_brackets, *table.note_brackets):
            pattern = re.compile(rf"(.?)\{pair[0]}([^\{pair[0]}\{pair[1]}]*)(?:\{pair[1]}|$)")
            square = pair in table.description_brackets
            while (found := pattern.search(self.text)) is not None:
                before, inside = found.group(1), found.group(2).strip()
                self.text = self.text[: found.start()] + self._inside(before, inside, square) + self.text[found.end() :]
        while (plus := _PLUS.search(self.text)) is not None:
            self.text = self.text[: plus.start()] + self._described(plus.group(0), plus.group(1) + plus.group(2)) + self.text[plus.end() :]

    def _inside(self, before: str, inside: str, square: bool) -> str:
        """What takes the place of a bracket and the sign before it."""
        if square and len(inside) == 1 and HAN.match(inside):
            self.say(StepKind.DESCRIBED, f"括号中的“{inside}”当作名中的字")
            return (before if before not in ("□", "\ufffd") else "") + inside
        key = next(("".join(match.groups()) for form in _DESCRIPTION if (match := form.fullmatch(inside))), inside if inside in tables.described() else "")
        if key:
            sign = self._described(inside, key)
            return sign if before in ("", "□", "\ufffd", sign) else before + sign
        if inside and not inside.strip("□\ufffd"):
            return before + inside
        if inside:
            self.notes.append(_note(inside))
            self.say(StepKind.NOTE, f"附注“{inside}”另记，不算姓名")
        return before

    def _described(self, shown: str, key: str) -> str:
        chars = tables.described().get(key, frozenset())
        if len(chars) == 1:
            char = min(chars)
            self.say(StepKind.DESCRIBED, f"描述“{shown}”认作“{char}”")
            return char
        self.say(StepKind.LOST, f"描述“{shown}”不知何字，按一个不明的字比")
        return "□"

    def ends(self) -> None:
        """Forms of address and numbers after a name."""
        bare = self.text.strip(" ·")
        for title in tables.marks().titles:
            if bare.endswith(title) and len("".join(bare[: -len(title)].split())) >= 2 and HAN.match(bare[0]):
                bare = bare[: -len(title)]
                self.notes.append(_note(title))
                self.say(StepKind.TITLE, f"去掉名后的“{title}”")
                break
        numbered = re.fullmatch(rf"(.*{HAN.pattern})\s*([0-9]{{1,3}})", bare)
        if numbered is not None:
            bare = numbered.group(1)
            self.notes.append(Note("namesake", numbered.group(2)))
            self.say(StepKind.NOTE, f"名后的数字“{numbered.group(2)}”另记，不算姓名")
        self.text = bare

    def done(self) -> NormalName:
        """Spaces and dots go, each with its step; what is left becomes signs."""
        han, latin = HAN.search(self.text) is not None, any(_LETTER.match(char) and not HAN.match(char) for char in self.text)
        script = "mixed" if han and latin else "han" if han else "latin" if latin else ""
        divided = re.split(r"[\s·,']+" if script == "latin" else "·", self.text)
        parts = tuple(filter(None, ("".join(part.split()) for part in divided)))
        text = "".join(parts)
        if script != "latin":
            if "".join(self.text.split()) != self.text or self.given.strip() != self.given:
                self.say(StepKind.SPACES, "去掉空格")
            if "·" in self.text:
                self.say(StepKind.DOTS, "不计间隔号")
        if "□" in text or "\ufffd" in text:
            self.say(StepKind.LOST, "有字丢失，按不明的字比")
        if "\ufffc" in text:
            self.say(StepKind.MASKED, "有字遮盖，按不明的字比")
        wild = {"□": "?1", "\ufffc": "*1"}
        signs = tuple(wild.get(sign, f"?{len(sign)}" if sign[0] == "\ufffd" else sign) for sign in re.findall("\ufffd+|.", text, re.DOTALL))
        shown = "".join("□" if len(sign) > 1 or sign == "\ufffd" else sign for sign in signs)
        return NormalName(self.given, shown, signs, script, parts, tuple(self.notes), tuple(self.steps))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, patterns in tables.marks().notes.items() for pattern in patterns)


def _note(text: str) -> Note:
    for kind, pattern in _patterns():
        found = pattern.search(text)
        if found is not None:
            return Note(kind, text, found.group(1) if kind == "former" and found.groups() else "")
    return Note("other", text)


def surname_length(name: NormalName) -> int:
    """How many signs are the surname: two for a compound surname (复姓) of a name of three characters or more, else one."""
    return 2 if len(name.signs) >= 3 and "".join(name.signs[:2]) in tables.surname_table().compounds else 1

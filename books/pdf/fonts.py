"""The four fonts of the house and the choice of one by glyph: every character prints, or prints 〓 and is reported.

ReportLab drops a character that its font lacks without a word, and 5.1 writes a ToUnicode entry of five digits for
a character beyond U+FFFF, which readers take for something else: a name like 𬭎 would be lost in the text layer.
Both are mended here. Widths are in points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

import templates

FILES = {
    "ShebaoSerif": "fonts/NotoSerifSC-Regular.ttf",
    "ShebaoSerif-Bold": "fonts/NotoSerifSC-Bold.ttf",
    "ShebaoSans": "fonts/NotoSansSC-Regular.ttf",
    "ShebaoSans-Medium": "fonts/NotoSansSC-Medium.ttf",
}

# (family, bold) -> fonts in the order in which a glyph is looked for.
CHAINS: dict[tuple[str, bool], tuple[str, ...]] = {
    ("serif", False): ("ShebaoSerif", "ShebaoSans"),
    ("serif", True): ("ShebaoSerif-Bold", "ShebaoSerif", "ShebaoSans"),
    ("sans", False): ("ShebaoSans", "ShebaoSerif"),
    ("sans", True): ("ShebaoSans-Medium", "ShebaoSans", "ShebaoSerif-Bold", "ShebaoSerif"),
}
BODY = "ShebaoSerif"
GETA = "〓"
_WHITE = "\t\n\r\x0b\x0c\u00a0\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text set in one font; ``width`` is that of size 1."""

    font: str
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """A character no font of the house has; it was printed as 〓."""

    char: str

    @property
    def code_point(self) -> str:
        return f"U+{ord(self.char):04X}"

    @property
    def zh(self) -> str:
        return f"字库缺字 {self.code_point}，以 {GETA} 代替"

    def __str__(self) -> str:
        return self.zh


def to_unicode_cmap(name: str, subset: Iterable[int]) -> str:
    """The ToUnicode CMap of one subset (ISO 32000-1 §9.10.3): UTF-16BE, surrogate pairs, at most 100 entries a block."""
    entries = [f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>" for code, char in enumerate(subset) if char]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap"]
    lines += ["/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def", f"/CMapName /{name} def", "/CMapType 2 def"]
    lines += ["1 begincodespacerange", "<00> <FF>", "endcodespacerange"]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


class HouseFont(TTFont):  # type: ignore[misc]
    """A TrueType font whose text layer is right beyond the BMP."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(name, file, asciiReadable=False, shapable=False)

    def addObjects(self, doc: Any) -> None:
        """Let ReportLab write its objects, then put the right CMap in place of its own."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            base = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("pdfdoc")
            stream: pdfdoc.PDFStream = doc.idToObject[f"toUnicodeCMap:{base}"]
            stream.content = to_unicode_cmap(base, subset)


@lru_cache(maxsize=1)
def load() -> dict[str, HouseFont]:
    """The four fonts, read once a process and known to ReportLab by name."""
    fonts = {name: HouseFont(name, str(templates.path(file))) for name, file in FILES.items()}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    return fonts


@lru_cache(maxsize=65536)
def _place(char: str, family: str, bold: bool) -> tuple[str, str, float, bool]:
    """(font, character to print, width at size 1, missing) for one character."""
    shown = " " if char in _WHITE else char
    chain = CHAINS[family, bold]
    fonts = load()
    for name in chain:
        face = fonts[name].face
        if face.charToGlyph.get(ord(shown), 0):
            return name, shown, face.charWidths[ord(shown)] / 1000, False
    return BODY, GETA, fonts[BODY].face.charWidths[ord(GETA)] / 1000, True


def runs(text: str, family: str = "serif", bold: bool = False) -> tuple[Run, ...]:
    """``text`` cut into stretches of one font each, by glyph; a missing glyph becomes 〓 (see :func:`missing`)."""
    made: list[Run] = []
    font, chars, width = "", "", 0.0
    for char in text:
        name, shown, advance, _ = _place(char, family, bold)
        if name != font and chars:
            made.append(Run(font, chars, width))
            chars, width = "", 0.0
        font, chars, width = name, chars + shown, width + advance
    if chars:
        made.append(Run(font, chars, width))
    return tuple(made)


def missing(text: str, family: str = "serif", bold: bool = False) -> tuple[MissingGlyph, ...]:
    """The characters of ``text`` that no font of the house has, in their order."""
    return tuple(MissingGlyph(char) for char in dict.fromkeys(text) if _place(char, family, bold)[3])


def width(text: str, size: float, family: str = "serif", bold: bool = False) -> float:
    """Width of ``text`` in points."""
    return size * sum(_place(char, family, bold)[2] for char in text)

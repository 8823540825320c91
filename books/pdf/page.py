"""Pages as lists of marks (text and rules), laid out before anything is written, so that 第 x 页／共 y 页 is known.

Coordinates are points from the lower left corner. A page knows nothing of ReportLab; :mod:`books.pdf.writer` inks it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from books.pdf import fonts
from books.pdf.style import A4, Style
from books.pdf.text import measure


@dataclass(frozen=True, slots=True)
class Text:
    """Runs of text with their left end on the base line at (x, y)."""

    x: float
    y: float
    runs: tuple[fonts.Run, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    grey: float = 0.0


@dataclass(slots=True)
class Page:
    """One page and what no font could print on it; ``paper`` is its size when it is not A4."""

    landscape: bool = False
    marks: list[Text | Rule] = field(default_factory=list)
    missing: dict[str, fonts.MissingGlyph] = field(default_factory=dict)
    paper: tuple[float, float] | None = None

    @property
    def size(self) -> tuple[float, float]:
        if self.paper is not None:
            return self.paper
        return (A4[1], A4[0]) if self.landscape else A4

    def text(self, x: float, y: float, text: str, style: Style, align: str = "left") -> None:
        """Set ``text`` with its left end, middle or right end at ``x``."""
        if not text:
            return
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * measure(text, style)
        self.marks.append(Text(x - shift, y, fonts.runs(text, style.family, style.bold), style))
        for glyph in fonts.missing(text, style.family, style.bold):
            self.missing.setdefault(glyph.char, glyph)

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float, grey: float = 0.0) -> None:
        self.marks.append(Rule(x1, y1, x2, y2, width, grey))

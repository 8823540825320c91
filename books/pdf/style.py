"""The house style of every paper: sizes, rules, colours and margins, in points. One place, so that all papers look alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

A4 = (595.276, 841.890)
A5_ACROSS = (595.276, 419.528)
"""A5 across, half of an A4: the size of a voucher."""
MARGIN_X = 51.0
MARGIN_TOP = 54.0
MARGIN_FOOT = 76.0

THICK = 0.9
THIN = 0.3
MIDDLE = 0.55

BLACK = 0.0
GREY = 0.38
RED = (0.72, 0.0, 0.0)
"""Red ink (红字) as shares of red, green and blue."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a stretch of text looks. ``grey`` 0 is black; ``red`` is red ink; ``spacing`` is extra space after each character, in ems."""

    family: str = "serif"
    bold: bool = False
    size: float = 9.5
    grey: float = BLACK
    spacing: float = 0.0
    red: bool = False

    @property
    def leading(self) -> float:
        return self.size * 1.42

    def but(self, **changes: object) -> Style:
        """The same style with some things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


TITLE = Style(bold=True, size=20, spacing=0.14)
SUBTITLE = Style(bold=True, size=13, spacing=0.06)
META = Style(size=9.5)
HEAD = Style(family="sans", bold=True, size=9.2)
CELL = Style(size=9.5)
TOTAL = Style(size=9.5, bold=True)
NOTE = Style(family="sans", size=7.8, grey=0.12)
FOOT = Style(family="sans", size=6.6, grey=GREY)
SIGN = Style(size=9.2)

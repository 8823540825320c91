"""Measuring and breaking lines of Chinese text: no line begins with a closing mark or ends with an opening one (避头尾)."""

from __future__ import annotations

import re

from books.pdf import fonts
from books.pdf.style import Style

NO_START = set("，。、；：！？）】》〉」』”’…—％%,.;:!?)]}·～")
NO_END = set("（【《〈「『“‘([{￥¥$№")
_UNITS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,:/+\-%@]*|\s|.", re.DOTALL)


def measure(text: str, style: Style) -> float:
    """Width in points, letter spacing included (none after the last character)."""
    return fonts.width(text, style.size, style.family, style.bold) + style.spacing * style.size * max(0, len(text) - 1)


def _units(text: str, style: Style, room: float) -> list[str]:
    """Pieces that are not broken: single ideographs, words and figures; a word wider than the room is cut by character."""
    pieces: list[str] = []
    for found in _UNITS.findall(text):
        pieces.extend(found if measure(found, style) > room else [found])
    return pieces


def wrap(text: str, style: Style, room: float) -> list[str]:
    """``text`` as lines no wider than ``room`` points (a single character wider than that still gets its line)."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line: list[str] = []
        for unit in _units(paragraph, style, room):
            if line and measure("".join(line) + unit, style) > room:
                carried: list[str] = []
                if unit not in " \t":
                    while len(line) > 1 and ((unit if not carried else carried[0])[0] in NO_START or line[-1][-1] in NO_END):
                        carried.insert(0, line.pop())
                lines.append("".join(line).rstrip())
                line = carried
            if line or unit not in " \t":
                line.append(unit)
        lines.append("".join(line).rstrip())
    return lines


def fit(text: str, style: Style, room: float, smallest: float = 5.5) -> Style:
    """The style shrunk until one line of ``text`` fits ``room``; never below ``smallest`` points."""
    wide = measure(text, style)
    if wide <= room or not wide:
        return style
    return style.but(size=max(smallest, int(style.size * room / wide * 20) / 20))

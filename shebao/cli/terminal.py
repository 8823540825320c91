"""What may reach a terminal (终端): text from other people's files must not clear it, rename it, type into it, or run backwards."""

from __future__ import annotations

import re
from typing import Any

_TOLD = re.compile(r"(\x1b\[[0-9;]*m|\x1b\[[0-9]{0,3}[AK]|\x1b\[\?25[lh])|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def tame(text: str) -> str:
    r"""Control characters and marks that turn the direction of writing shown as ``\x1b``; colours and the progress bar's own moves kept.

    >>> tame("a\x1b]0;x\x07b") == r"a\x1b]0;x\x07b" and tame("\x1b[1m粗\x1b[0m\n") == "\x1b[1m粗\x1b[0m\n"
    True
    """
    return _TOLD.sub(_shown, text)


def _shown(match: re.Match[str]) -> str:
    return match.group(1) or match.group().encode("unicode_escape").decode("ascii")


def guard(stream: Any) -> None:
    """Makes a stream that is a terminal write tame text only; files and pipes get every character as it is."""
    if not stream.isatty():
        return
    write = stream.write
    stream.write = lambda text: write(tame(text))

"""A doubt (疑问) as a value: what was seen, where, how many, and what to do. ``controls.intake.doubts`` finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ask", "warn", "tell"]
ORDER = ("ask", "warn", "tell")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt. ``level``: ``ask`` wants a person's yes before the file is taken in, ``warn`` should be looked at, ``tell`` is for information.

    ``sheet`` and ``line`` (0 for the whole file), ``column`` (header as found, '' for rows), ``cell`` (``D17``, '' when there is none) and
    ``value`` are those of the first place; ``cells`` are the first places, ``count`` is how many there are.
    """

    code: str
    level: Level
    sheet: str
    line: int
    column: str
    cell: str
    value: str
    zh: str
    remedy_zh: str
    en: str
    count: int = 1
    cells: tuple[str, ...] = ()

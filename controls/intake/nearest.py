"""您是不是指 (nearest known header): a guess that is shown to a person and never acted on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from controls.intake.contracts import Column, Contract, fold

LEAST = 0.6
"""Likeness (0 to 1) below which nothing is suggested."""
LONGEST = 100
"""Letters beyond which nothing is a header or a word, and is not compared."""


def like(found: str, known: str) -> float:
    """How alike two folded headers are, 0 to 1; where one holds the other whole, at least 0.7."""
    if not found or not known or len(found) > LONGEST:
        return 0.0
    ratio = SequenceMatcher(None, found, known).ratio()
    shorter, longer = sorted((found, known), key=len)
    return max(ratio, 0.7) if len(shorter) >= 2 and shorter in longer else ratio


def column_for(header: str, contract: Contract, taken: Iterable[str] = ()) -> Column | None:
    """The column a header that no synonym knows may stand for, or None. ``taken``: ids of columns that are there already."""
    there = set(taken)
    found = fold(header)
    best: tuple[float, Column | None] = (LEAST, None)
    for column in contract.columns:
        if column.id in there:
            continue
        score = max(like(found, fold(name)) for name in (column.header, *column.synonyms))
        if score > best[0] or (score == best[0] and best[1] is None):
            best = (score, column)
    return best[1]


def word_for(given: str, known: Mapping[str, str] | Iterable[str]) -> str:
    """The known word nearest to what was given, '' when none is near."""
    found = fold(given)
    score, word = max(((like(found, fold(each)), each) for each in known), default=(0.0, ""))
    return word if score >= LEAST else ""

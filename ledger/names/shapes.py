"""Likeness of shape (形近) from three sources: the hand list, a measure from Cangjie code, four corners, strokes and phonetic series
(Unihan), and the pictures of the characters in two fonts."""

from __future__ import annotations

from functools import lru_cache

from ledger.names import tables

LIKE = 600
"""Measured thousandths from which two shapes count as alike; of random pairs of standard characters about one in a thousand reaches it."""


def edits(one: str, two: str) -> int:
    """How many signs must be put in, taken out or changed to make one text the other."""
    above = list(range(len(two) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, other in enumerate(two, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (sign != other)))
        above = line
    return above[-1]


@lru_cache(maxsize=1 << 16)
def measured(one: str, two: str) -> int:
    """Likeness of shape in thousandths by the codes; 0 when one of the two has none.

    Cangjie code and four corners count for 450 each, a shared phonetic series for 100; each stroke of difference after the first takes 40.
    """
    codes = tables.shape_codes()
    first, second = codes.get(one), codes.get(two)
    if first is None or second is None:
        return 0
    strokes = abs(first[2] - second[2])
    if strokes > 8:
        return 0
    longest = max(len(first[0]), len(second[0]))
    cangjie = 1000 * (longest - edits(first[0], second[0])) // longest
    corners = 250 * sum(a == b for a, b in zip(first[1], second[1], strict=True)) if first[1] and second[1] else cangjie
    return max(0, (cangjie * 45 + corners * 45) // 100 + (100 if first[3] & second[3] else 0) - 40 * max(0, strokes - 1))


def mistaken(one: str, two: str) -> bool:
    """Whether the pair is easily taken for one another: on the hand list, or alike by codes and by picture."""
    return (one, two) in tables.hand_shapes() or ((one, two) in tables.pictures() and measured(one, two) >= LIKE)


def resembling(one: str, two: str) -> bool:
    """Whether one source says so: the codes or the pictures."""
    return (one, two) in tables.pictures() or measured(one, two) >= LIKE

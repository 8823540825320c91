"""Money by document (指标文): what each brought, what was spent and allocated of it, and who is paid from which. Pure.

Whatever came in without a document (利息, 捐赠, 收回以前年度支出) is one source of its own, ``OWN``, and is spent last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ledger.entries import Line
from ledger.money import Fen, show
from ledger.special.errors import NotEnough

Key = TypeVar("Key")

OWN = ""
"""The document of money that came without one."""
HELD = "Z0301"
"""拨付乡镇: what townships hold and have not accounted for."""
SOURCES = {
    "S0101": "中央",
    "S0102": "省级",
    "S0103": "市级",
    "S0104": "县级",
    "S02": "利息",
    "S03": "捐赠",
    "S04": "彩票公益金",
    "S05": "收回以前年度",
    "J01": "上年结转",
}
"""Account → the level or origin of the money booked on it."""
LEVELS = ("中央", "省级", "市级", "县级", "彩票公益金", "捐赠", "上年结转", "利息", "收回以前年度", "其他")
"""Levels and origins in the order they are spent and shown."""


@dataclass(slots=True)
class Source:
    """One document: fen received, spent (returned money taken off), handed back to the treasury, and held by townships; ``on``: ISO day of its first money."""

    document: str
    level: str
    on: str
    received: Fen = 0
    spent: Fen = 0
    given_back: Fen = 0
    held: dict[str, Fen] = field(default_factory=dict)

    @property
    def left(self) -> Fen:
        """What it still holds, with the townships' part."""
        return self.received - self.spent - self.given_back

    @property
    def free(self) -> Fen:
        """What can be paid or allocated now: without what townships hold."""
        return self.left - sum(self.held.values())

    @property
    def name(self) -> str:
        """As shown: 财社〔2026〕1号, or 无文号资金."""
        return self.document or "无文号资金（利息、捐赠等）"


def take_in(sources: dict[str, Source], account: str, document: str, town: str, day: str, signed: Fen) -> None:
    """Adds one movement (fen, debit positive) to the sources; accounts that are no source, expense or allocation count for nothing."""
    level = next((name for code, name in SOURCES.items() if account.startswith(code)), "")
    if not level and not account.startswith(("C01", "C02", HELD)):
        return
    source = sources.setdefault(document, Source(document, "", ""))
    if level:
        source.received -= signed
        source.level = source.level or ("其他" if document == OWN else level)
        source.on = min(source.on or day, day)
    elif account.startswith("C01"):
        source.spent += signed
    elif account.startswith("C02"):
        source.given_back += signed
    else:
        source.held[town] = source.held.get(town, 0) + signed


def in_order(sources: Iterable[Source]) -> list[Source]:
    """First come, first spent: by day, level and document; money without a document last."""
    order = {level: place for place, level in enumerate(LEVELS)}
    return sorted(sources, key=lambda one: (one.document == OWN, one.on, order.get(one.level, len(order)), one.document))


def draw(program: str, cells: Sequence[tuple[Key, Fen]], sources: Iterable[tuple[str, Fen]]) -> list[tuple[Key, str, Fen]]:
    """Pays the cells from the sources ``(document, fen free)`` in their order; (cell, document, fen) rows, nil ones left out. Raises SB1461."""
    waiting = [(document, free) for document, free in sources if free > 0]
    wanted, left = sum(fen for _, fen in cells), sum(free for _, free in waiting)
    if wanted > left:
        raise NotEnough(program=program, left=show(left), wanted=show(wanted), short=show(wanted - left))
    made: list[tuple[Key, str, Fen]] = []
    waiting.reverse()
    for key, owed in cells:
        due = owed
        while due:
            document, free = waiting.pop()
            taken = min(due, free)
            made.append((key, document, taken))
            due -= taken
            if free > taken:
                waiting.append((document, free - taken))
    return made


@dataclass(frozen=True, slots=True)
class Moved:
    """How lines change the sources: document → fen free (positive is more), and (township, document) → fen held."""

    free: dict[str, Fen]
    held: dict[tuple[str, str], Fen]


def moved(lines: Iterable[Line]) -> Moved:
    """What an entry's lines do to the sources."""
    free: dict[str, Fen] = {}
    held: dict[tuple[str, str], Fen] = {}
    for line in lines:
        axes = dict(line.dimension)
        document = axes.get("document", OWN)
        if line.account.startswith((*SOURCES, "C01", "C02", HELD)):
            free[document] = free.get(document, 0) - line.signed
        if line.account.startswith(HELD):
            at = axes.get("town", ""), document
            held[at] = held.get(at, 0) + line.signed
    return Moved(free, held)

"""结账表 as values: the checklist of a month's closing, what was explained and acknowledged, and who proposed and confirmed. Filled by ``shebao``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet
from ledger.money import Fen


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of the checklist as the trail keeps it: both sides in fen where two figures were compared, and how a failure was settled."""

    code: str
    name: str
    ok: bool
    hard: bool
    left: Fen | None
    right: Fen | None
    text: str
    settled: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A balance that should be nil and is not: account, fen (debit positive), the lines it consists of, the reason, by whom and when (ISO)."""

    account: str
    name: str
    balance: Fen
    items: tuple[str, ...]
    reason: str
    author: str
    at: str


@dataclass(frozen=True, slots=True)
class Step:
    """提请, 确认 or another act on the month: who and when (ISO), and its reason."""

    act: str
    who: str
    at: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """The closing of one month: ``state`` in words, the checks, explanations, and the acts in order."""

    state: str
    method: str
    checks: tuple[CheckRow, ...]
    explanations: tuple[Explanation, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ClosingPaper(Sheet):
    """结账表 of one book and month."""

    KIND: ClassVar[str] = "closing"
    statement: Closing

"""Papers of premiums as frozen values: a claim on the payers, and the monthly 动态清零 report. Counts, fen and texts; no identity number in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet
from ledger.money import Fen

Value = Fen | str


@dataclass(frozen=True, slots=True)
class Part:
    """One table of texts and whole numbers; ``money`` names the columns whose numbers are fen, the others count. ``total``: last row bold."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    money: tuple[str, ...] = ()
    total: bool = False
    empty: str = "无"


@dataclass(frozen=True, slots=True)
class ClaimPaper(Sheet):
    """代缴保费申请（清册汇总）, or the list of premiums to be given back."""

    KIND: ClassVar[str] = "premium_claim"
    title: str
    about: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZeroingPaper(Sheet):
    """动态清零月报."""

    KIND: ClassVar[str] = "premium_zeroing"
    title: str
    about: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]
    said: tuple[str, ...] = ()

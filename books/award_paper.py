"""待遇核定表（计算明细）as a frozen value: one person's award, every step of the reckoning with formula, figures, law and parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.tabled_paper import TabledPaper


@dataclass(frozen=True, slots=True)
class AwardPaper(TabledPaper):
    """One award; the number is masked."""

    KIND: ClassVar[str] = "award"

"""How vouchers are lettered and written on forms (凭证字, 分数编号法). Pure.

An entry with more lines than a form holds is written on several forms of one number: 收字12 1/3号, 12 2/3号, 12 3/3号
(会计基础工作规范 第五十一条). The number itself stays whole and gapless; the total stands on the last form alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.entries import Line
from ledger.parameters import Parameters

ONE_KIND = "记"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a voucher: its place among ``of`` forms, from 1, and its lines."""

    place: int
    of: int
    lines: tuple[Line, ...]

    @property
    def last(self) -> bool:
        """Whether the total and the signatures' box of the voucher stand here."""
        return self.place == self.of

    def label(self, kind: str, number: int) -> str:
        """``收字12号``, or ``收字12 1/3号`` where there are several forms."""
        return f"{kind}字{number}号" if self.of == 1 else f"{kind}字{number} {self.place}/{self.of}号"


def voucher_kind(by_event: str, day: date) -> str:
    """凭证字 on ``day``: 收, 付, 转 as the event says, or 记 for all where the office uses one kind. Raises SB1031."""
    return ONE_KIND if Parameters.load().text("voucher_kinds", day) == ONE_KIND else by_event


def forms(lines: Sequence[Line], day: date) -> list[Form]:
    """The lines on as many forms as they need, each holding what the office's form holds on ``day``. Raises SB1031."""
    holds = max(1, Parameters.load().number("voucher_form_lines", day))
    parts = [tuple(lines[first : first + holds]) for first in range(0, len(lines), holds)]
    return [Form(place, len(parts), part) for place, part in enumerate(parts, start=1)]

"""Doubts (疑问): everything about a file that a person should look at before it is taken in, in one list, each with what to do.

Nothing here refuses, repairs or writes. A doubt speaks of all its cells at once: its sentence gives their number and names the first ones.
Identity numbers, names and accounts in sentences are masked unless ``reveal`` is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from controls.intake.doubt import ORDER, Doubt
from controls.intake.errors_doubts import MonthNotAsked
from ledger.errors import Refusal
from ledger.months import Month

if TYPE_CHECKING:
    from controls.intake.contracts import Contract
    from controls.intake.evidence import Evidence
    from controls.intake.taken import Taken
    from ledger.sheets import SheetFacts

__all__ = ["Doubt", "demand_month", "find", "of_refusal"]


def find(
    taken: Taken, *, contract: Contract | None = None, month: Month | None = None, today: date | None = None, facts: SheetFacts | None = None,
    reveal: bool = False,
) -> tuple[Doubt, ...]:  # fmt: skip
    """Every doubt about a file that was read, those to be asked first.

    ``month``: the one the file is wanted for. ``today``: days after it are in the future (nothing is, without it). ``facts``:
    ``source.facts(taken.sheet)`` of a workbook. ``contract``: the one the file was read by, where a mapping changed it.
    """
    from controls.intake import doubts_cells, doubts_header, doubts_money, doubts_numbers, doubts_people, doubts_sheet, doubts_time, doubts_words
    from controls.intake.evidence import Evidence

    seen = Evidence(taken, contract=contract, month=month, today=today, facts=facts, reveal=reveal)
    steps: tuple[Callable[[Evidence], Iterable[Doubt]], ...] = (
        doubts_header.find, doubts_sheet.find, doubts_words.find, doubts_time.find, doubts_people.find, doubts_numbers.find,
        doubts_cells.find, doubts_money.find,
    )  # fmt: skip
    found = [doubt for step in steps for doubt in step(seen)]
    return tuple(sorted(found, key=lambda doubt: ORDER.index(doubt.level)))


def of_refusal(refusal: Refusal, *, sheet: str = "") -> Doubt:
    """The refusal of a whole file as a doubt to be asked, for a list that shows both."""
    cell, line = str(refusal.facts.get("cell", "")), int(refusal.facts.get("line", 0) or 0)
    return Doubt(
        code=refusal.code, level="ask", sheet=sheet, line=line, column=str(refusal.facts.get("column", "")), cell=cell,
        value=str(refusal.facts.get("stated", "")), zh=refusal.text("zh"), remedy_zh=refusal.remedy("zh"), en=refusal.text("en"), cells=(cell,) if cell else (),
    )  # fmt: skip


def demand_month(taken: Taken, month: Month) -> None:
    """Raises SB2040 when rows of a file belong to another month than the one asked for."""
    from controls.intake.doubts_time import other_months

    others = other_months(taken, month)
    if others.count:
        raise MonthNotAsked(file=taken.path.name, month=month, count=others.count, found=others.shown(), lines="、".join(map(str, others.lines)))

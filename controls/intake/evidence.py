"""Evidence for doubts (疑问的依据): a file as read, its cells by address, and sentences made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from controls.intake import contracts
from controls.intake.above import Above, look
from controls.intake.coded import Columns
from controls.intake.contracts import Column, Contract
from controls.intake.doubt import Doubt, Level
from controls.intake.errors_doubts import DoubtKind
from ledger.identity import mask_account, mask_name, mask_number
from ledger.months import Month
from ledger.sheets import SheetFacts, address, letters

if TYPE_CHECKING:
    from controls.intake.taken import Taken

NAMED = 5
"""So many cells are named in a sentence."""
KEPT = 20
"""So many places are kept with a doubt."""

_ENGLISH = (
    (re.compile(r" 等 (\d+) 处"), r", … (\1 in all)"),
    (re.compile(r"([A-Z]{1,3}) 列“"), r"column \1 “"),
    (re.compile(r"第 (\d+) 行同第 (\d+) 行"), r"line \1 as line \2"),
    (re.compile(r"第 (\d+) 行"), r"line \1"),
    (re.compile(r"(?<!\d)(\d{1,9}) 行"), r"\1 rows"),
    (re.compile(r" 等 \d+ 个月"), " …"),
    (re.compile("、"), ", "),
    (re.compile("（"), " ("),
    (re.compile("）"), ")"),
)


def english(text: str) -> str:
    """Places and counts in an English sentence, written as English does; headers and values stay as they are.

    >>> english("“x” in A 列“险种”: R（3 行）、E（1 行） 等 5 处")
    '“x” in column A “险种”: R (3 rows), E (1 rows), … (5 in all)'
    """
    for pattern, written in _ENGLISH:
        text = pattern.sub(written, text)
    return text


class Evidence:
    """One file as read. ``table``: its canonical columns; ``places``: column id → index in the file."""

    def __init__(
        self, taken: Taken, *, contract: Contract | None = None, month: Month | None = None, today: date | None = None, facts: SheetFacts | None = None,
        reveal: bool = False,
    ) -> None:  # fmt: skip
        self.taken, self.month, self.today, self.reveal = taken, month, today, reveal
        self.facts = facts or SheetFacts()
        self.contract = contract or contracts.load(taken.contract)
        self.table = Columns(taken.rows)
        self.places: Mapping[str, int] = taken.header.places

    @cached_property
    def above(self) -> Above:
        """What stands above the header."""
        return look(self.contract, self.taken.path.name, self.taken.top, self.taken.header.header_line)

    def has(self, name: str) -> bool:
        """Whether the file has the column itself."""
        return name in self.places

    def label(self, name: str) -> str:
        """The header of a column as it stands in the file, else the canonical one."""
        place = self.places.get(name)
        return self.taken.columns[place] if place is not None and place < len(self.taken.columns) else self.contract.column(name).header

    def letter(self, name: str) -> str:
        """``D 列`` of a column of the file, '' for one that is given."""
        return f"{letters(self.places[name] + self.taken.left)} 列" if name in self.places else ""

    def cell(self, name: str, line: int) -> str:
        """``D17``, or ``第 17 行`` where the column is not in the file."""
        place = self.places.get(name)
        return f"第 {line} 行" if place is None else address(line, place + self.taken.left)

    def shown(self, column: Column | None, value: str) -> str:
        """A value as it may be shown: masked by what its column is."""
        if self.reveal or column is None:
            return value
        if column.kind == "number":
            return value if "E" in value.upper() and "." in value else mask_number(value)
        if column.kind == "account" or column.id in ("phone",):
            return mask_account("".join(value.split()))
        return mask_name(value) if column.kind == "name" or column.id in ("holder", "party", "former_name") else value

    def where(self, name: str, lines: Sequence[int] | Any, values: Sequence[str] = ()) -> str:
        """``C5（620…）、C9 等 12 处``."""
        column = self.contract.column(name)
        parts = []
        for at, line in enumerate(lines[:NAMED]):
            value = self.shown(column, values[at]) if at < len(values) and values[at] else ""
            parts.append(self.cell(name, int(line)) + (f"（{value}）" if value else ""))
        return "、".join(parts) + (f" 等 {len(lines)} 处" if len(lines) > NAMED else "")

    def doubt(
        self, kind: type[DoubtKind], level: Level, said: str, said_en: str, *, name: str = "", lines: Sequence[int] | Any = (), values: Sequence[str] = (),
        count: int = 0, remedy: str = "", code: str = "", cell: str = "",
    ) -> Doubt:  # fmt: skip
        """A doubt of this file. ``name``: id of its column; ``lines`` and ``values``: of its cells, in order."""
        first = int(lines[0]) if len(lines) else 0
        column = self.contract.column(name) if name else None
        cells = tuple(self.cell(name, int(line)) if name else f"第 {int(line)} 行" for line in lines[:KEPT])
        return Doubt(
            code=code or kind.code, level=level, sheet=self.taken.sheet, line=first, column=self.label(name) if name else "",
            cell=cell or (cells[0] if name in self.places and cells else ""), value=self.shown(column, values[0]) if len(values) else "", zh=said,
            remedy_zh=remedy or kind.remedy_zh, en=english(said_en), count=count or max(1, len(lines)), cells=cells or ((cell,) if cell else ()),
        )  # fmt: skip

    def of_cells(
        self, kind: type[DoubtKind], level: Level, name: str, mask: Any, zh: str, en: str, *, from_column: str = "", remedy: str = "", code: str = ""
    ) -> list[Doubt]:
        """One doubt over the table's rows where the mask is true, none when there are none.

        In ``zh`` and ``en`` stand ``{column}``, ``{count}`` and ``{where}``; ``from_column``: table column whose values are shown.
        """
        lines, at = self.table.hits(mask)
        if not len(lines):
            return []
        values = self.table.texts(from_column, at[:KEPT]) if from_column else []
        facts = {"count": str(len(lines)), "column": f"{self.letter(name)}“{self.label(name)}”", "where": self.where(name, lines, values)}
        said, said_en = zh, en
        for word, text in facts.items():
            said, said_en = said.replace(f"{{{word}}}", text), said_en.replace(f"{{{word}}}", text)
        return [self.doubt(kind, level, said, said_en, name=name, lines=lines, values=values, remedy=remedy, code=code)]

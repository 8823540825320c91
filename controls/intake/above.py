"""What stands above a header (表头以上): the unit of money, years and months of the title, and values such as ``账号：6217…``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from controls.intake import cells
from controls.intake.contracts import Column, Contract, fold
from controls.intake.errors import UnitUnknown
from ledger.sheets import TopRow

LONGEST, NEAR = 500, 8
"""Longer cells hold no labelled value; a value stands at most so many cells behind its label."""

SCALES = {"元": 1, "万元": 10_000}
UNITS = "元|万元|千元|百元|亿元|百万元|万"

_UNIT_LINE = re.compile(rf"单位[:：为]?[(\[]?(?:人民币)?({UNITS})(?![\u4e00-\u9fff])")
_UNIT_ALONE = re.compile(rf"[(\[]?(?:金额)?(?:人民币)?({UNITS})[)\]]?")
_UNIT_TITLE = re.compile(rf".*[(\[](?:人民币)?({UNITS})[)\]]")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年0?(\d{1,2})月|[-./](0?[1-9]|1[0-2])(?![-./\d]))")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_DAY = r"(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日?|[-/.]\d{1,2}[-/.]\d{1,2}|\d{4})"
_SPAN = re.compile(rf"({_DAY})(?:-{{1,2}}|[~至到—–]+)({_DAY})")
_LABELLED = re.compile(r"(?:^|(?<=[\s;；]))([^\s:：;；]{1,12})\s*[:：]\s*(.*?)\s*(?=[\s;；]+[^\s:：;；]{1,12}\s*[:：]|$)")
_CHECKS: dict[str, Callable[[str], object]] = {
    "fund": cells.fund, "program": cells.program, "region": cells.region, "month": cells.month, "day": cells.day, "amount": cells.amount,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Above:
    """``unit``: 元 or 万元 as written, '' when nothing is said, and its line. ``years`` and ``months`` (``yyyymm``): those the title names.

    ``span``: first and last day of a period it names (2024-03-01 至 2024-03-31). ``values``: column id → text of a value
    that stands there under the column's name. ``labelled``: every folded label → (line, text).
    """

    unit: str = ""
    unit_line: int = 0
    years: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    span: tuple[date, date] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    labelled: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        """The one year the title names, None when it names none or several."""
        return next(iter(self.years)) if len(self.years) == 1 else None


def look(contract: Contract, file: str, rows: Sequence[TopRow], first: int) -> Above:
    """Reads the rows above line ``first``. Raises SB2024 for a unit other than 元 and 万元."""
    title = [row for row in rows if row.line < first]
    unit, line = "", 0
    years: set[int] = set()
    for row in title:
        for cell in _short(row):
            text = fold(cell)
            found = _UNIT_LINE.search(text) or _UNIT_ALONE.fullmatch(text) or _UNIT_TITLE.fullmatch(text)
            if found is not None:
                unit, line = found.group(1), row.line
                scale(file, line, unit)
            years.update(int(year) for year in _YEAR.findall(text))
    named = months(title)
    years.update(month // 100 for month in named)
    labelled = {label: found for row in title for label, found in _labelled(row).items()}
    return Above(unit, line, frozenset(years), named, _span(title), _values(contract, labelled), labelled)


def _span(title: Iterable[TopRow]) -> tuple[date, date] | None:
    for row in title:
        for cell in _short(row):
            found = _SPAN.search("".join(unicodedata.normalize("NFKC", cell).split()))
            if found is not None:
                try:
                    first, last = cells.day(found.group(1)), cells.day(found.group(2))
                except cells.Bad:
                    continue
                if first is not None and last is not None and first <= last:
                    return first, last
    return None


def months(title: Iterable[TopRow]) -> frozenset[int]:
    """The months (``yyyymm``) that title rows name."""
    found: set[int] = set()
    for row in title:
        for cell in _short(row):
            for match in _MONTH.finditer(fold(cell)):
                of_year = int(match.group(2) or match.group(3))
                if 1 <= of_year <= 12:
                    found.add(int(match.group(1)) * 100 + of_year)
    return frozenset(found)


def values(contract: Contract, rows: Sequence[TopRow], first: int) -> dict[str, str]:
    """Column id → text of the values above line ``first``, for columns whose value may stand there."""
    if not any(column.above for column in contract.columns):
        return {}
    return _values(contract, {label: found for row in rows if row.line < first for label, found in _labelled(row).items()})


def _short(row: TopRow) -> list[str]:
    return [cell for cell in row.cells if cell and len(cell) <= LONGEST]


def scale(file: str, line: int, unit: str) -> int:
    """1 or 10,000; raises SB2024."""
    wanted = "万元" if unit == "万" else unit
    if wanted not in SCALES:
        raise UnitUnknown(file=file, line=line, unit=unit)
    return SCALES[wanted]


@lru_cache(maxsize=256)
def _labelled(row: TopRow) -> dict[str, tuple[int, str]]:
    """Label → line and text of what is written as ``标签：值``, in one cell or in two side by side. A row is looked at once for many contracts."""
    found: dict[str, tuple[int, str]] = {}
    for place, cell in enumerate(row.cells):
        text = unicodedata.normalize("NFKC", cell).strip()
        if not text or len(text) > LONGEST:
            continue
        if ":" in text:
            for label, value in _LABELLED.findall(text):
                beside = value or next((later.strip() for later in row.cells[place + 1 : place + 1 + NEAR] if later.strip()), "")
                if beside and not beside.endswith((":", "：")):
                    found[fold(label)] = (row.line, beside)
        elif len(text) <= 12 and place + 1 < len(row.cells):
            beside = row.cells[place + 1].strip()
            if len(beside) <= LONGEST and any(letter.isdigit() for letter in beside):
                found[fold(text)] = (row.line, beside)
    return found


def _values(contract: Contract, labelled: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    lookup = contract.lookup() | contract.weak()
    found: dict[str, str] = {}
    for label, (_, text) in labelled.items():
        column = lookup.get(label)
        if column is not None and column.above and column.id not in found and _reads(column, text):
            found[column.id] = text
    return found


def _reads(column: Column, text: str) -> bool:
    """Whether a value above the header can be one of the column's."""
    if column.kind == "account":
        return re.fullmatch(r"[0-9A-Z*-]{6,40}", cells.account(text)) is not None
    check = _CHECKS.get(column.kind)
    if check is None:
        return True
    try:
        return check(text) is not None
    except cells.Bad:
        return False

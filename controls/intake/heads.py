"""Header recognition (表头识别): the header beneath title rows, merged cells and unit lines, matched by synonym."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from controls.intake import above
from controls.intake.above import UNITS
from controls.intake.contracts import Column, Contract, fold
from controls.intake.errors import DoubleColumn, MissingColumn, NoHeader
from controls.intake.nearest import column_for
from ledger.sheets import TopRow

DEEPEST = 3
LONGEST = 200
"""No header is longer, even of several rows joined."""
LONGEST_LABEL = 300
REJECT_HEADS = ("退回行号", "退回栏目", "退回原值", "退回代码", "退回原因")

_HEAD_UNIT = re.compile(rf"(.+?)(?:[(\[【/,:]|单位)+(?:单位:?|人民币)*({UNITS})[)\]】]*")
_BRACKET = re.compile(r"(.+?)[(\[【][^)\]】]*[)\]】]")
_MOST_MERGES = 5_000


@dataclass(frozen=True, slots=True)
class HeaderReport:
    """What was recognised: shown before anything is taken in.

    ``header_line``: line of the header (its last one). ``recognised``: canonical header → header found. ``unused``:
    headers that gave way to a more specific one. ``unknown``: headers of no column. ``given``: canonical header →
    value given for the whole file. ``units``: canonical header → 万元 where the amounts are in 万元. ``above``: canonical
    header → value that stands above the header. ``places``: column id → index of the column in the file, from 0.
    """

    header_line: int
    recognised: dict[str, str]
    unused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """A header found: lines from ``first`` to ``last``; column id → index; column id → 1 or 10,000 for amounts.

    ``above``: column id → value that stands above the header, for columns the file does not have. ``year``: the one year the title names.
    """

    first: int
    last: int
    labels: tuple[str, ...]
    places: dict[str, int]
    scales: dict[str, int]
    report: HeaderReport
    above: dict[str, str] = field(default_factory=dict)
    year: int | None = None


class Names:
    """Headers that mean a column of a contract, and those that do only where none of these stands. Each text is looked at once."""

    def __init__(self, contract: Contract) -> None:
        self._strong, self._weak = contract.lookup(), contract.weak()
        self._known: dict[str, tuple[Column | None, str]] = {}
        self._weakly: dict[str, tuple[Column | None, str]] = {}

    def match(self, text: str) -> tuple[Column | None, str]:
        """Column and unit that a header means."""
        if text not in self._known:
            self._known[text] = _match(text, self._strong)
        return self._known[text]

    def weakly(self, text: str) -> tuple[Column | None, str]:
        """The same by a weak name."""
        if text not in self._weakly:
            self._weakly[text] = _match(text, self._weak)
        return self._weakly[text]


@dataclass(frozen=True, slots=True)
class _Try:
    first: int
    last: int
    labels: tuple[str, ...]
    matches: dict[str, list[int]]
    units: dict[int, str]


def find(contract: Contract, file: str, rows: Sequence[TopRow], merged: Sequence[tuple[int, int, int, int]], given: Mapping[str, str]) -> Head:
    """The topmost header that has every required column. Raises SB2021, SB2022, SB2023, SB2024.

    ``given``: column id → value that holds for the whole file.
    """
    names = Names(contract)
    rows = [TopRow(row.line, tuple(cell[:LONGEST_LABEL] for cell in row.cells)) for row in rows]
    spans = [area for area in merged if rows and area[0] <= rows[-1].line][:_MOST_MERGES]
    best: _Try | None = None
    for depth in range(1, DEEPEST + 1):
        for found in _tries(rows, spans, names, depth):
            supplied = given
            if found.matches and missing(contract, found.matches, given):
                supplied = {**above.values(contract, rows, found.first), **given}
            if not missing(contract, found.matches, supplied):
                return _settle(contract, file, rows, _deepened(contract, rows, spans, names, found, supplied), given)
            if best is None or len(found.matches) > len(best.matches):
                best = found
    if best is None or len(best.matches) < min(2, sum(column.required for column in contract.columns)):
        wanted = "、".join(column.header for column in contract.columns if column.required)
        raise NoHeader(file=file, title=contract.title, wanted=wanted, near=_odd_delimiter(rows))
    raise MissingColumn(
        file=file,
        line=best.last,
        title=contract.title,
        missing="、".join(contract.column(name).header for name in missing(contract, best.matches, given)),
        found="、".join(contract.column(name).header for name in best.matches) or "无",
        unknown="、".join(_unknown(best)) or "无",
        near=_near(contract, best, rows, missing(contract, best.matches, given)),
    )


def _odd_delimiter(rows: Sequence[TopRow]) -> str:
    """Where most rows are one cell that another character would part evenly: that character; '' otherwise."""
    single = [row.cells[0] for row in rows if len([cell for cell in row.cells if cell.strip()]) == 1]
    for mark, said in (("|", "pipe"), ("\t", "tab"), (";", "semicolon"), (",", "comma")):
        counts = [text.count(mark) for text in single if mark in text]
        if len(counts) > 1 and 2 * len(counts) > len(rows) and len(set(counts)) <= 2:
            return f"各行像是以“{'制表符' if mark == chr(9) else mark}”分列，可加 --delimiter {said} 再试。"
    return ""


def _near(contract: Contract, best: _Try, rows: Sequence[TopRow], lacking: Sequence[str]) -> str:
    """What the missing columns probably are called here, as a sentence; '' when nothing is like them."""
    found = []
    for place, label in enumerate(best.labels):
        if label in _unknown(best) and (column := column_for(label, contract, best.matches)) is not None and column.id in lacking:
            found.append(f"{letters(place)} 列“{label}”是不是指“{column.header}”？")
    months = above.months([row for row in rows if row.line < best.first])
    if "period" in lacking and len(months) == 1:
        year, of_year = divmod(next(iter(months)), 100)
        found.append(f"标题写着 {year}年{of_year}月，如就是所属期，请随文件给出：'文件::所属期={year}-{of_year:02d}'。")
    return "".join(found)


def letters(place: int) -> str:
    """Letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    text = ""
    place += 1
    while place:
        place, left = divmod(place - 1, 26)
        text = chr(65 + left) + text
    return text


def unit_of(label: str) -> str:
    """The unit a header itself names (金额（万元） → 万元), '' for none."""
    found = _HEAD_UNIT.fullmatch(fold(label))
    return found.group(2) if found is not None else ""


def missing(contract: Contract, matches: Mapping[str, object], given: Mapping[str, str]) -> list[str]:
    """Ids of the required columns that neither the header nor the values given with the file supply."""
    there = {*matches, *given}
    if contract.wide is not None and there.intersection(part.id for part in contract.parts()):
        there.add(contract.wide.total)
    lacking = [
        column.id
        for column in contract.columns
        if column.required and column.id not in there and (not column.needed_beside or there.intersection(column.needed_beside))
    ]
    if contract.one_of and not any(there.issuperset(group) for group in contract.one_of):
        lacking += [name for name in contract.one_of[0] if name not in there]
    return lacking


def _tries(rows: Sequence[TopRow], spans: Sequence[tuple[int, int, int, int]], names: Names, depth: int) -> Iterator[_Try]:
    for start in range(len(rows) - depth + 1):
        block = rows[start : start + depth]
        if block[-1].line - block[0].line <= depth:
            yield _attempt(block, spans, names)


def _attempt(block: Sequence[TopRow], spans: Sequence[tuple[int, int, int, int]], names: Names) -> _Try:
    width = max(len(row.cells) for row in block)
    labels: list[str] = []
    matches: dict[str, list[int]] = {}
    units: dict[int, str] = {}
    for place in range(width):
        label, column, unit = _label(_stack(block, spans, place), names)
        labels.append(label)
        if column is not None:
            matches.setdefault(column.id, []).append(place)
            if unit:
                units[place] = unit
    _weakly(labels, names, matches, units)
    return _Try(block[0].line, block[-1].line, tuple(labels), matches, units)


def _weakly(labels: Sequence[str], names: Names, matches: dict[str, list[int]], units: dict[int, str]) -> None:
    """A weak name stands for its column where none of the column's own names does: the first in the contract's order."""
    if not matches:
        return
    found: dict[str, tuple[int, int, str]] = {}
    for place, label in enumerate(labels):
        column, unit = names.weakly(label)
        if column is not None and column.id not in matches:
            order = next((at for at, name in enumerate(column.weak) if fold(name) in (fold(label), _bare(label))), len(column.weak))
            found[column.id] = min(found.get(column.id, (order, place, unit)), (order, place, unit))
    for name, (_, place, unit) in found.items():
        matches[name] = [place]
        if unit:
            units[place] = unit


def _bare(label: str) -> str:
    """A folded header without its unit or bracketed note."""
    found = _HEAD_UNIT.fullmatch(fold(label)) or _BRACKET.fullmatch(fold(label))
    return fold(found.group(1)) if found is not None else ""


def _stack(block: Sequence[TopRow], spans: Sequence[tuple[int, int, int, int]], place: int) -> list[tuple[str, bool]]:
    """Texts over one column from top to bottom, blank ones left out, with whether the cell is the column's own."""
    stack = []
    for row in block:
        text = row.cells[place].strip() if place < len(row.cells) else ""
        own = True
        if not text and spans:
            for first, left, _, right in spans:
                if first == row.line and left < place <= right and left < len(row.cells):
                    text, own = row.cells[left].strip(), False
        elif not text and row is not block[-1]:
            text, own = next((cell.strip() for cell in reversed(row.cells[:place]) if cell.strip()), ""), False
        if text:
            stack.append((text, own))
    return stack


def _label(stack: Sequence[tuple[str, bool]], names: Names) -> tuple[str, Column | None, str]:
    """Label, column and unit of one place: the lowest text, else all joined, else the one above a blank."""
    if not stack:
        return "", None, ""
    lowest, own = stack[-1]
    joined = "".join(text for text, _ in stack)
    for text in (lowest, joined) if own else (joined if len(stack) > 1 else "",):
        column, unit = names.match(text)
        if column is not None:
            return text, column, unit
    return (joined if own else ""), None, ""


def _match(text: str, lookup: Mapping[str, Column]) -> tuple[Column | None, str]:
    if len(text) > LONGEST:
        return None, ""
    folded = fold(text)
    if folded in lookup:
        return lookup[folded], ""
    if (found := _HEAD_UNIT.fullmatch(folded)) is not None and (column := lookup.get(fold(found.group(1)))) is not None and column.kind == "amount":
        return column, found.group(2)
    if (found := _BRACKET.fullmatch(folded)) is not None and fold(found.group(1)) in lookup:
        return lookup[fold(found.group(1))], ""
    return None, ""


def _deepened(
    contract: Contract, rows: Sequence[TopRow], spans: Sequence[tuple[int, int, int, int]], names: Names, found: _Try, given: Mapping[str, str]
) -> _Try:
    """The header with the lines below it that still belong to it: merged downwards, or made of column names only."""
    start = next(index for index, row in enumerate(rows) if row.line == found.first)
    end = next(index for index, row in enumerate(rows) if row.line == found.last)
    tall = [last for first, _, last, _ in spans if found.first <= first <= found.last < last <= found.last + DEEPEST]
    while end + 1 < len(rows) and end + 1 - start < DEEPEST:
        deeper = _attempt(rows[start : end + 2], spans, names)
        below = rows[end + 1]
        texts = [cell for cell in below.cells if cell.strip()]
        named = bool(texts) and all(names.match(text)[0] is not None for text in texts)
        merged_down = len(tall) >= 2 and below.line <= max(tall)
        if not (named or merged_down or len(deeper.matches) > len(found.matches)) or missing(contract, deeper.matches, given):
            break
        found, end = deeper, end + 1
    return found


def _settle(contract: Contract, file: str, rows: Sequence[TopRow], found: _Try, given: Mapping[str, str]) -> Head:
    places: dict[str, int] = {}
    unused: list[str] = []
    for name, matched in found.matches.items():
        column = contract.column(name)
        ordered = sorted(matched, key=lambda place: _rank(column, found.labels[place]))
        if len(ordered) > 1 and _rank(column, found.labels[ordered[0]]) == _rank(column, found.labels[ordered[1]]):
            raise DoubleColumn(file=file, line=found.last, column=column.header, found="、".join(f"“{found.labels[place]}”" for place in sorted(matched)))
        if len(ordered) > 1 and any(_rank(column, found.labels[place]) == len(column.ranks) for place in ordered):
            raise DoubleColumn(file=file, line=found.last, column=column.header, found="、".join(f"“{found.labels[place]}”" for place in sorted(matched)))
        places[name] = ordered[0]
        unused += [found.labels[place] for place in ordered[1:]]
    title = above.look(contract, file, rows, found.first)
    unit = title.unit or "元"
    scales = {name: above.scale(file, found.last, found.units.get(place, unit)) for name, place in places.items() if contract.column(name).kind == "amount"}
    stands_above = {name: value for name, value in title.values.items() if name not in places and name not in given}
    report = HeaderReport(
        header_line=found.last,
        recognised={contract.column(name).header: found.labels[place] for name, place in sorted(places.items(), key=lambda pair: pair[1])},
        unused=unused,
        unknown=_unknown(found),
        given={contract.column(name).header: value for name, value in given.items()},
        units={contract.column(name).header: "万元" for name, scale in scales.items() if scale != 1},
        above={contract.column(name).header: value for name, value in stands_above.items()},
        places=places,
    )
    return Head(found.first, found.last, found.labels, places, scales, report, stands_above, title.year)


def _rank(column: Column, label: str) -> int:
    folded = fold(label)
    for rank, names in enumerate(column.ranks):
        if folded in {fold(name) for name in names}:
            return rank
    return len(column.ranks)


def _unknown(found: _Try) -> list[str]:
    matched = {place for places in found.matches.values() for place in places}
    return [label for place, label in enumerate(found.labels) if label and place not in matched and label not in REJECT_HEADS]

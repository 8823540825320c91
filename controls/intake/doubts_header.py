"""Doubts about the head of a file (表头的疑问): encoding, columns unused or unknown, values given with the file or standing above it, rows passed over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from controls.intake import cells
from controls.intake.coded import flat
from controls.intake.contracts import Column, choices, fields, fold
from controls.intake.doubt import Doubt
from controls.intake.errors_doubts import ColumnTwice, EncodingGuessed, GivenOverruled, HeaderLike, NameGiven, NotesPassed
from controls.intake.evidence import NAMED, Evidence
from controls.intake.nearest import column_for
from ledger.sheets import letters

MARKS = {"\t": "制表符", ";": "分号", "|": "竖线", ",": "逗号"}
MARKS_EN = {"\t": "tabs", ";": "semicolons", "|": "pipes", ",": "commas"}


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    yield from _reading(seen)
    yield from _unused(seen)
    yield from _weak(seen)
    yield from _unknown(seen)
    yield from _above(seen)
    yield from _overruled(seen)
    yield from _passed(seen)


def _reading(seen: Evidence) -> Iterator[Doubt]:
    taken = seen.taken
    if taken.encoding == "gb18030":
        said = "文件不是 UTF-8 编码，已按 GB18030（国标汉字编码，含 GBK）读出；这是按内容判断的。"
        yield seen.doubt(EncodingGuessed, "tell", said, "The file is not UTF-8; it was read as GB18030, judged by its content.", cell="")
    if taken.kind == "csv" and taken.delimiter not in ("", ","):
        said = f"各列以{MARKS.get(taken.delimiter, taken.delimiter)}分开，不是逗号。"
        said_en = f"Columns are parted by {MARKS_EN.get(taken.delimiter, taken.delimiter)}, not commas."
        yield seen.doubt(EncodingGuessed, "tell", said, said_en)


def _unused(seen: Evidence) -> Iterator[Doubt]:
    if not seen.taken.header.unused:
        return
    for column in seen.contract.columns:
        theirs = [label for label in seen.taken.header.unused if fold(label) in {fold(name) for name in (column.header, *column.synonyms)}]
        if theirs and seen.has(column.id):
            shown = "、".join(f"“{label}”" for label in theirs)
            said = f"{shown}与“{seen.label(column.id)}”是同一列的几种叫法，只读了更确切的“{seen.label(column.id)}”。"
            said_en = f"{shown} and “{seen.label(column.id)}” name one column; the more specific “{seen.label(column.id)}” was read."
            yield seen.doubt(ColumnTwice, "tell", said, said_en, name=column.id, count=len(theirs))


def _weak(seen: Evidence) -> Iterator[Doubt]:
    """Headers that stand for a column only because none of its own names is there."""
    weak = seen.contract.weak()
    for name in seen.places:
        label = seen.label(name)
        if fold(label) not in seen.contract.lookup() and weak.get(fold(label)) is seen.contract.column(name):
            said = f"{seen.letter(name)}“{label}”读作“{seen.contract.column(name).header}”，因为没有别的列叫这个名称。"
            cell = f"{seen.letter(name)[:-2]}{seen.taken.header.header_line}"
            yield seen.doubt(HeaderLike, "tell", said, f"“{label}” was read as “{seen.contract.column(name).header}”.", name=name, cell=cell)


def _unknown(seen: Evidence) -> Iterator[Doubt]:
    there = {*seen.places, *(column.id for column in seen.contract.columns if column.header in {*seen.taken.header.given, *seen.taken.header.above})}
    plain = []
    for label in seen.taken.header.unknown:
        at = letters(seen.taken.columns.index(label) + seen.taken.left) if label in seen.taken.columns else ""
        column, meaning = column_for(label, seen.contract, there), fields().get(fold(label), "")
        if meaning:
            plain.append(f"{at} 列“{label}”（{meaning}）")
        elif column is not None and column.part is None:
            said = f"{at} 列“{label}”不认识，没有读。您是不是指“{column.header}”？"
            said_en = f"The header “{label}” is unknown and was not read. Do you mean “{column.header}”?"
            cell = f"{at}{seen.taken.header.header_line}" if at else ""
            yield seen.doubt(HeaderLike, "ask", said, said_en, cell=cell)
        else:
            plain.append(f"{at} 列“{label}”" if at else f"“{label}”")
    if plain:
        said = f"有 {len(plain)} 列用不着，没有读：{'、'.join(plain)}。"
        yield seen.doubt(HeaderLike, "tell", said, f"{len(plain)} columns were not read: {', '.join(plain)}.", count=len(plain))


def _above(seen: Evidence) -> Iterator[Doubt]:
    for header, value in seen.taken.header.above.items():
        column = next(column for column in seen.contract.columns if column.header == header)
        shown = seen.shown(column, value)
        said = f"文件里没有“{header}”这一列，取表头上方写的“{shown}”，对每一行都算数。"
        yield seen.doubt(NameGiven, "warn", said, f"There is no column “{header}”; “{shown}”, written above the header, was taken for every row.")


def _overruled(seen: Evidence) -> Iterator[Doubt]:
    for header, value in seen.taken.header.given.items():
        column = next((column for column in seen.contract.columns if column.header == header), None)
        if column is None or not seen.has(column.id) or column.id not in seen.table.column_names or column.kind in ("number", "document", "item", "status"):
            continue
        given = _as_read(column, value)
        if given is None:
            continue
        if isinstance(given, str):
            other = ~seen.table.equal(column.id, given) & ~seen.table.equal(column.id, "")
        else:
            other = flat(pc.not_equal(seen.table.column(column.id), given))
        found = seen.table.counts(column.id, other)
        if found:
            shown = "、".join(f"{text}（{count} 行）" for text, count in list(found.items())[:NAMED])
            zh = f"随文件给了“{header}={value}”，但{{column}}有 {{count}} 行写着别的：{shown}，如 {{where}}。这些行以文件为准，给出的值只填了空白格。"
            en = f"“{header}={value}” was given with the file, but {{count}} rows say otherwise: {shown}; the file goes first there."
            yield from seen.of_cells(GivenOverruled, "ask", column.id, other, zh, en)


def _as_read(column: Column, value: str) -> Any:
    """A given value as the table holds it; None when it cannot be read."""
    readers: dict[str, Any] = {
        "fund": cells.fund, "program": cells.program, "region": cells.region, "month": cells.month, "day": cells.day, "day_or_month": cells.day_or_month,
        "account": cells.account, "integer": cells.integer, "amount": cells.amount,
    }  # fmt: skip
    if column.kind == "choice":
        return choices(column.choices).get(fold(value), column.otherwise or value.strip())
    try:
        return readers[column.kind](value) if column.kind in readers else value.strip()
    except cells.Bad:
        return None


def _passed(seen: Evidence) -> Iterator[Doubt]:
    kinds: dict[str, list[int]] = {}
    for line, why in seen.taken.passed_over:
        kinds.setdefault(why, []).append(line)
    for why, lines in kinds.items():
        shown = "、".join(map(str, lines[:NAMED])) + (" 等" if len(lines) > NAMED else "")
        said = f"第 {shown} 行是{why}，不是数据，没有读（共 {len(lines)} 行）。"
        yield seen.doubt(NotesPassed, "tell", said, f"Lines {shown} are no data ({why}) and were passed over ({len(lines)} in all).", lines=lines)

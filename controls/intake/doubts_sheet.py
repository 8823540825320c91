"""Doubts about a workbook (工作簿的疑问): what it hides, computes, fetches or would run. All of it is data as stored; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.doubt import Doubt
from controls.intake.errors_doubts import ActiveContent, DoubtKind, FormulaCells, HiddenCells, NotesPassed, OtherSheets
from controls.intake.evidence import NAMED, Evidence
from ledger.sheets.facts import column_of


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them; none for files without sheets."""
    yield from _hidden_rows(seen)
    yield from _hidden_columns(seen)
    yield from _sheets(seen)
    yield from _formulas(seen)
    yield from _errors(seen)
    yield from _active(seen)


def _hidden_rows(seen: Evidence) -> Iterator[Doubt]:
    hidden = pa.array(seen.facts.hidden_rows, pa.int32())
    if not len(hidden):
        return
    lines = [seen.table.column("line"), seen.taken.rejected.column("line")] if seen.taken.rejected.num_rows else [seen.table.column("line")]
    data = sorted({line for column in lines for line in column.filter(pc.is_in(column, hidden)).to_pylist()})
    why = f"（工作表 {seen.facts.filtered} 有筛选）" if seen.facts.filtered else ""
    if len(data):
        said = f"有 {len(data)} 行数据在表格里是隐藏的{why}，已照样读入：第 {_listed(data)} 行。要不要这些行？"
        said_en = f"{len(data)} rows of data are hidden in the workbook and were read all the same: lines {_listed(data)}."
        yield seen.doubt(HiddenCells, "ask", said, said_en, lines=data)
    elif len(hidden):
        said = f"有 {len(hidden)} 行隐藏的内容不是数据，没有读：第 {_listed(seen.facts.hidden_rows)} 行。"
        yield seen.doubt(HiddenCells, "tell", said, f"{len(hidden)} hidden rows hold no data.", lines=seen.facts.hidden_rows)


def _hidden_columns(seen: Evidence) -> Iterator[Doubt]:
    by_place = {place: name for name, place in seen.places.items()}
    for place, letter in zip(seen.facts.hidden_columns, seen.facts.hidden_letters, strict=False):
        if place in by_place:
            name = by_place[place]
            said = f"{letter} 列“{seen.label(name)}”在表格里是隐藏的，已照样读作“{seen.contract.column(name).header}”。要不要这一列？"
            said_en = f"Column {letter} “{seen.label(name)}” is hidden in the workbook and was read all the same."
            yield seen.doubt(HiddenCells, "ask", said, said_en, name=name, cell=f"{letter}{seen.taken.header.header_line}")
    others = [letter for place, letter in zip(seen.facts.hidden_columns, seen.facts.hidden_letters, strict=False) if place not in by_place]
    if others:
        said = f"还有隐藏的列没有用到：{'、'.join(others)}。"
        yield seen.doubt(HiddenCells, "tell", said, f"Other hidden columns were not read: {', '.join(others)}.", count=len(others))


def _sheets(seen: Evidence) -> Iterator[Doubt]:
    hidden = (*seen.facts.hidden_sheets, *seen.facts.very_hidden_sheets)
    if seen.taken.sheet in hidden:
        said = f"所读的工作表“{seen.taken.sheet}”是隐藏的。"
        yield seen.doubt(OtherSheets, "ask", said, f"The sheet that was read, “{seen.taken.sheet}”, is hidden.")
    rest = [name for name in hidden if name != seen.taken.sheet]
    if rest:
        deep = "，其中有只能用程序才看得到的" if seen.facts.very_hidden_sheets else ""
        said = f"工作簿里有 {len(rest)} 张隐藏的工作表没有读：{'、'.join(rest)}{deep}。"
        yield seen.doubt(OtherSheets, "tell", said, f"{len(rest)} hidden sheets were not read: {', '.join(rest)}.", count=len(rest))


def _formulas(seen: Evidence) -> Iterator[Doubt]:
    facts = seen.facts
    mine, others = _mine(seen, facts.formula_without_value)
    if mine:
        said = f"有 {facts.valueless} 格公式没有存下结果，只能当空白读：{_named(mine, len(mine))}。"
        said_en = f"{facts.valueless} formulas have no stored value and read as blank: {_named(mine, len(mine))}."
        yield seen.doubt(FormulaCells, "ask", said, said_en, cell=mine[0], count=facts.valueless)
    elif others:
        said = f"有 {facts.valueless} 格公式没有存下结果，都不在所读的列里：{_named(others, facts.valueless)}。"
        said_en = f"{facts.valueless} formulas without a stored value, none in a column that was read."
        yield seen.doubt(FormulaCells, "tell", said, said_en, count=facts.valueless)
    if facts.formulas:
        stale = facts.uncalculated and bool(_mine(seen, facts.formula_cells)[0])
        shown = _named(facts.formula_cells, facts.formulas)
        said = f"有 {facts.formulas} 格是公式（{shown}），读的是上次保存时的结果，不重新计算。"
        said += "工作簿标明这些结果可能不是最新的。" if stale else ""
        said_en = f"{facts.formulas} cells are formulas; the stored results were read." + (" The workbook says they may be stale." if stale else "")
        yield seen.doubt(FormulaCells, "warn" if stale else "tell", said, said_en, cell=next(iter(facts.formula_cells), ""), count=facts.formulas)


def _errors(seen: Evidence) -> Iterator[Doubt]:
    what = dict(seen.facts.error_cells)
    mine, others = _mine(seen, tuple(what))
    if mine:
        shown = "、".join(f"{cell}（{what[cell]}）" for cell in mine[:NAMED]) + (f" 等 {len(mine)} 格" if len(mine) > NAMED else "")
        said, said_en = f"有 {len(mine)} 格是错误值，照所显示的字样读：{shown}。", f"{len(mine)} cells hold errors and read as they show: {shown}."
        yield seen.doubt(FormulaCells, "ask", said, said_en, cell=mine[0], count=len(mine))
    elif others:
        yield seen.doubt(FormulaCells, "tell", f"有 {seen.facts.errors} 格错误值，都不在所读的列里。", "Cells with errors, none in a column that was read.")


def _active(seen: Evidence) -> Iterator[Doubt]:
    facts = seen.facts
    fetched = _named(facts.external_links, len(facts.external_links))
    noted = _named(facts.comments, facts.commented)
    kinds: list[tuple[bool, type[DoubtKind], str, str]] = [
        (facts.macros, ActiveContent, "工作簿带有宏（程序代码），没有运行。", "The workbook has macros; none was run."),
        (facts.dde, ActiveContent, "工作簿里有会启动外部程序的公式，没有运行。", "A formula of the workbook would start a program; it was not run."),
        (
            bool(facts.external_links), ActiveContent, f"有公式取自别的文件或网址（{fetched}），没有去取，读的是存下的值。",
            "Formulas fetch values from elsewhere; the stored values were read.",
        ),
        (bool(facts.embedded), ActiveContent, f"工作簿里嵌有 {facts.embedded} 个别的文件，没有打开。", f"{facts.embedded} embedded files were not opened."),
        (
            bool(facts.commented), NotesPassed, f"有 {facts.commented} 格带批注（{noted}），批注没有读。",
            f"{facts.commented} cells have comments, which were not read.",
        ),
    ]  # fmt: skip
    for there, kind, said, said_en in kinds:
        if there:
            yield seen.doubt(kind, "warn" if "启动外部程序" in said else "tell", said, said_en)


def _mine(seen: Evidence, cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Cells below the head in a column that is read, and the others."""
    places = {place + seen.taken.left for place in seen.places.values()}
    mine = [cell for cell in cells if column_of(cell) in places and int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0) > seen.taken.header.header_line]
    return mine, [cell for cell in cells if cell not in set(mine)]


def _named(cells: Sequence[str], count: int) -> str:
    return "、".join(cells[:NAMED]) + (" 等" if count > NAMED else "")


def _listed(lines: Sequence[int]) -> str:
    return "、".join(str(int(line)) for line in lines[:NAMED]) + (" 等" if len(lines) > NAMED else "")

"""Doubts about local words (本地名称的疑问): items, states and choices that no list knows, with the nearest known one; blank items; failing codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.contracts import Column, canonical_choices, choices, local_names
from controls.intake.doubt import Doubt
from controls.intake.errors_doubts import DoubtKind
from controls.intake.evidence import KEPT, NAMED, Evidence
from controls.intake.nearest import word_for

ITEM, STATUS, CHOICE, BLANK_ITEM, CREDIT_CODE, SAME_ROW = "SB2133", "SB2134", "SB2135", "SB2136", "SB2137", "SB2138"
PAID_TWICE = frozenset(("payments", "roster", "contributions", "recoveries", "subsidies", "bank-return", "tax"))
"""Contracts in which the same row twice counts its money twice."""
CLASSES = {
    "pension": "养老金", "arrears": "补发", "funeral": "丧葬抚恤", "lump_sum": "一次性", "allowance": "代发", "unemployment": "失业待遇",
    "disability": "伤残、病残津贴", "survivor": "供养亲属抚恤金", "other": "其他", "paid": "成功", "failed": "失败", "pending": "待支付",
    "written_off": "已核销", "returned": "退回", "reversed": "冲正",
}  # fmt: skip
MOST = 10


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    yield from _named(seen, "item", "items", ITEM, seen.taken.unknown_items, "按“其他”处理：不算养老金")
    yield from _named(seen, "status", "status", STATUS, seen.taken.unknown_statuses, "不作为已支付")
    for label, values, lines in warned(seen, CHOICE):
        yield from _choice(seen, label, values, lines)
    for label, _, lines in warned(seen, BLANK_ITEM):
        said = f"“{label}”有 {len(lines)} 行是空的，按养老金处理：{_rows(lines)}。"
        remedy = "确是养老金的可以照收；不是的请补上待遇类型。"
        yield _told(seen, "warn", BLANK_ITEM, _column(seen, label), lines, said, f"{len(lines)} blank items are taken as pension.", remedy)
    for _, values, lines in warned(seen, SAME_ROW):
        pairs = "、".join(f"第 {line} 行同第 {first} 行" for line, first in zip(lines[:NAMED], values, strict=False))
        more = f" 等 {len(lines)} 行" if len(lines) > NAMED else ""
        money = "，金额会算两遍" if seen.taken.contract in PAID_TWICE else ""
        said = f"有 {len(lines)} 行与前面的行完全相同：{pairs}{more}；都读了{money}。"
        remedy = "核对是否重复导出；确是两笔的可以照收，多余的删去后再导入。"
        level = "ask" if seen.taken.contract in PAID_TWICE else "warn"
        yield _told(seen, level, SAME_ROW, None, lines, said, f"{len(lines)} rows equal an earlier one: {pairs}{more}; all were read.", remedy)
    for label, values, lines in warned(seen, CREDIT_CODE):
        said = f"“{label}”有 {len(lines)} 行校验不符，照收：{_rows(lines)}，如“{values[0]}”。"
        remedy = "与营业执照核对单位信用代码；个别真实代码也通不过校验。"
        yield _told(seen, "warn", CREDIT_CODE, _column(seen, label), lines, said, f"{len(lines)} credit codes fail their check.", remedy)


def warned(seen: Evidence, code: str) -> Iterator[tuple[str, list[str], list[int]]]:
    """Header, values and lines of the cell warnings of one code, by column."""
    table = seen.taken.warnings.table
    mine = table.filter(pc.equal(table.column("code"), code))
    for label in pc.unique(mine.column("column")).to_pylist():
        rows = mine.filter(pc.equal(mine.column("column"), label))
        yield label, rows.column("value").to_pylist(), rows.column("line").to_pylist()


def _named(seen: Evidence, name: str, which: Any, code: str, unknown: dict[str, int], meaning: str) -> Iterator[Doubt]:
    if not unknown:
        return
    known = local_names(which)
    parts = []
    for word, count in list(unknown.items())[:MOST]:
        near = word_for(word, known)
        parts.append(f"“{word}”（{count} 行" + (f"，最像“{near}”，即{CLASSES[known[near]]}" if near else "") + "）")
    more = f" 等 {len(unknown)} 种" if len(unknown) > MOST else ""
    said = f"{seen.letter(name)}“{seen.label(name)}”有不认识的名称：{'、'.join(parts)}{more}；未说明前{meaning}。"
    said_en = f"Unknown names in “{seen.label(name)}”: {', '.join(f'{word} ({count} rows)' for word, count in list(unknown.items())[:MOST])}."
    lines = seen.taken.warnings.table.filter(pc.equal(seen.taken.warnings.table.column("code"), code)).column("line").unique().to_pylist()
    option = "--item" if name == "item" else "--status"
    first = next(iter(unknown))
    near = word_for(first, known)
    remedy = f"说明每个名称归哪一类，如 {option} {first}={known[near] if near else 'other'}；常用的写入本单位的 templates/intake/{which}.yaml，或存入读法。"
    yield seen.doubt(DoubtKind, "ask", said, said_en, name=name, lines=lines, values=[first], count=sum(unknown.values()), remedy=remedy, code=code)


def _choice(seen: Evidence, label: str, values: Sequence[str], lines: Sequence[int]) -> Iterator[Doubt]:
    column = _column(seen, label)
    if column is None:
        return
    parts = []
    counted = {row["values"]: row["counts"] for row in pa.array(values, pa.string()).value_counts().to_pylist()}
    for word, count in sorted(counted.items(), key=lambda pair: -pair[1])[:MOST]:
        near = word_for(word, choices(column.choices))
        parts.append(f"“{word}”（{count} 行" + (f"，最像“{near}”" if near else "") + "）")
    kept = f"按“{column.otherwise}”读" if column.otherwise else "照原样读"
    said = f"“{label}”有不认识的取值：{'、'.join(parts)}，{kept}。"
    words = "、".join(word for word in canonical_choices(column.choices) if word)
    said_en = f"Unknown values in “{label}”: {', '.join(counted)}."
    yield _told(seen, "warn", CHOICE, column, lines, said, said_en, f"约定的取值是：{words}。改成其中之一，或照收。")


def _told(seen: Evidence, level: Any, code: str, column: Column | None, lines: Sequence[int], said: str, said_en: str, remedy: str) -> Doubt:
    return seen.doubt(DoubtKind, level, said, said_en, name=column.id if column else "", lines=lines[:KEPT], count=len(lines), remedy=remedy, code=code)


def _column(seen: Evidence, label: str) -> Column | None:
    """The column with this header, as it stands in the file or in the contract."""
    for column in seen.contract.columns:
        if (seen.has(column.id) and seen.label(column.id) == label) or column.header == label:
            return column
    return None


def _rows(lines: Sequence[int]) -> str:
    return "第 " + "、".join(map(str, lines[:5])) + (" 等" if len(lines) > 5 else "") + " 行"

"""Doubts about single columns (各列的疑问): zeros lost in front, accounts of odd form, regions, numbers and texts mixed, blanks amid the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import cells
from controls.intake.contracts import Column
from controls.intake.doubt import Doubt
from controls.intake.errors_doubts import AccountOdd, BlanksAmid, RegionDoubtful, StoredMixed, ZerosLost
from controls.intake.evidence import KEPT, NAMED, Evidence
from controls.intake.limits import limits, on
from ledger import regions
from ledger.identity import clean

COMMON = 0.6
"""Share of the rows from which a length counts as a column's common one."""
SURE = 0.9
FEW = 0.05
"""A column is filled but for a few where at most this share of its cells is blank."""
FEWEST_ROWS = 5
BAD_REGION = "SB2107"


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    for column in seen.contract.columns:
        if seen.has(column.id) and column.id in seen.table.column_names:
            if column.kind in ("account", "code", "text"):
                yield from _zeros(seen, column)
            if column.kind == "account":
                yield from _account(seen, column)
            if not column.required and column.kind not in ("amount", "item", "status", "document"):
                yield from _blanks(seen, column)
    yield from _regions(seen)
    yield from _stored(seen)
    yield from _blank_rows(seen)


def _zeros(seen: Evidence, column: Column) -> Iterator[Doubt]:
    if column.kind == "code":
        # Serials are hardly ever twice the same; where all are of one length there is nothing to find.
        ends = pc.min_max(pc.utf8_length(seen.table.column(column.id))).as_py()
        if ends["min"] == ends["max"]:
            return
    codes = seen.table.codes(column.id)
    digits = np.asarray(pc.match_substring_regex(codes.values, "^[0-9]+$"))
    lengths = np.where(digits, np.asarray(pc.utf8_length(codes.values)), 0)
    weights = np.bincount(codes.indices, minlength=len(codes.values))
    counted = np.bincount(lengths, weights=weights).astype(np.int64) if len(lengths) else np.zeros(1, np.int64)
    counted[0] = 0
    rows = int(counted.sum())
    if rows < FEWEST_ROWS:
        return
    common = len(counted) - 1 - int(np.argmax(counted[::-1]))
    share = counted[common] / rows
    shorter = digits & (lengths < common) & (lengths >= max(1, common - 3))
    if common < 4 or share < COMMON or not shorter.any():
        return
    leading = bool(np.any(np.asarray(pc.starts_with(codes.values, "0")) & (lengths == common)))
    if not leading and (share < SURE or column.kind != "code" or _counted_up(codes.values.filter(pa.array(digits)), rows)):
        return
    level: Any = "ask" if column.kind == "account" else "warn"
    zh = f"{{column}}一般是 {common} 位，有 {{count}} 格短了，前面的 0 可能丢了：{{where}}。"
    en = f"“{seen.label(column.id)}” usually has {common} digits; {{count}} cells are shorter and may have lost a zero in front: {{where}}."
    yield from seen.of_cells(ZerosLost, level, column.id, codes.take(shorter), zh, en, from_column=column.id)


def _counted_up(values: Any, rows: int) -> bool:
    """Whether numbers simply run on (9998, 9999, 10000), so that their lengths differ of themselves."""
    if pc.max(pc.utf8_length(values)).as_py() > 17:
        return False
    numbers = pc.cast(values, pa.int64())
    return bool(pc.max(numbers).as_py() - pc.min(numbers).as_py() + 1 <= 2 * rows)


def _account(seen: Evidence, column: Column) -> Iterator[Doubt]:
    bound = on(limits().accounts, seen.today) if seen.today else limits().accounts[-1]
    table, name = seen.table, column.id
    masked = table.matching(name, r"\*")
    zh = "{column}有 {count} 个账号带 *，已被遮盖，不能用来发放或比对：{where}。"
    level: Any = "ask" if seen.taken.contract == "roster" else "warn"
    yield from seen.of_cells(AccountOdd, level, name, masked, zh, "{count} accounts are masked: {where}.", from_column=name)
    odd = ~masked & table.matching(name, "[^0-9-]|^-|-$|--")
    zh = "{column}有 {count} 个账号含数字以外的字符：{where}。"
    yield from seen.of_cells(AccountOdd, "warn", name, odd, zh, "{count} accounts hold more than digits: {where}.", from_column=name)
    wrong = table.by(name, lambda values: pc.and_(pc.match_substring_regex(values, "^[0-9-]+$"), pc.or_(
        pc.less(pc.utf8_length(values), bound.least), pc.greater(pc.utf8_length(values), bound.most)))) & ~odd  # fmt: skip
    zh = f"{{column}}有 {{count}} 个账号位数不寻常（一般 {bound.least} 至 {bound.most} 位）：{{where}}。"
    yield from seen.of_cells(AccountOdd, "warn", name, wrong, zh, "{count} accounts have an unusual number of digits: {where}.", from_column=name)


def _blanks(seen: Evidence, column: Column) -> Iterator[Doubt]:
    values = seen.table.column(column.id)
    blank = seen.table.equal(column.id, "") if pa.types.is_string(values.type) else np.asarray(pc.is_null(values))
    if not 0 < blank.sum() <= FEW * seen.table.num_rows:
        return
    level: Any = "warn" if column.kind == "account" else "tell"
    zh = "{column}别的行都填了，只有 {count} 格是空的：{where}。"
    yield from seen.of_cells(BlanksAmid, level, column.id, blank, zh, "{column} is blank in {count} cells only: {where}.")


def _regions(seen: Evidence) -> Iterator[Doubt]:
    rejects = seen.taken.rejects.table
    bad = rejects.filter(pc.equal(rejects.column("code"), BAD_REGION))
    for count, said in ((5, "只有 5 位，少了一位"), (9, "是 9 位（乡镇），要 6 位或 12 位"), (4, "只有 4 位，少了县一级")):
        mine = bad.filter(pc.match_substring_regex(bad.column("value"), f"^ *[0-9]{{{count}}} *$"))
        if mine.num_rows and seen.has("region"):
            lines, values = mine.column("line").to_pylist(), mine.column("value").to_pylist()
            zh = f"{seen.letter('region')}“{seen.label('region')}”有 {mine.num_rows} 个区划代码{said}：{seen.where('region', lines, values)}。这些行不收。"
            en = f"{mine.num_rows} region codes have {count} digits: {seen.where('region', lines, values)}; these rows are left out."
            yield seen.doubt(RegionDoubtful, "warn", zh, en, name="region", lines=lines[:KEPT], values=values, count=mine.num_rows)
    yield from _named_regions(seen, bad)


def _named_regions(seen: Evidence, bad: Any) -> Iterator[Doubt]:
    """Names that several regions bear, or none, are asked about; a name that one bears is said with its code."""
    written = pc.unique(bad.column("value").filter(pc.invert(pc.match_substring_regex(bad.column("value"), "^[ -~]*$")))).to_pylist()
    for text in written if seen.has("region") else ():
        lines = bad.filter(pc.equal(bad.column("value"), text)).column("line").to_pylist()
        codes = cells.regions_named(clean(text))
        several = "、".join(f"{code} {regions.full_name(code)}" for code in codes[:NAMED])
        why = f"有 {len(codes)} 个地方叫这个名字：{several}{' 等' if len(codes) > NAMED else ''}" if codes else "不是行政区划的名称"
        zh = f"{seen.letter('region')}“{seen.label('region')}”有 {len(lines)} 行写的是“{text.strip()}”，{why}。这些行不收：{seen.where('region', lines)}。"
        en = f"{len(lines)} regions are written “{text.strip()}”, a name of {len(codes)} regions; these rows are left out: {seen.where('region', lines)}."
        remedy = f"写 6 位代码；整个文件是同一个地方的，随文件给出：'文件::统筹区={codes[0] if codes else '620821'}'，并把该列清空。"
        yield seen.doubt(RegionDoubtful, "warn", zh, en, name="region", lines=lines, values=[text], count=len(lines), remedy=remedy)
    named = seen.taken.clues.of("region").get("名称")
    read = {text: cells.regions_named(clean(text)) for text in named.values} if named is not None else {}
    sure = {text: codes[0] for text, codes in read.items() if len(codes) == 1}
    if named is not None and sure:
        lines = [line for line, text in zip(named.lines, named.values, strict=True) if text in sure]
        shown = "、".join(f"“{text}”读作 {code}（{regions.full_name(code)}）" for text, code in sure.items())
        zh = f"{seen.letter('region')}“{seen.label('region')}”写的是名称，不是代码：{shown}，如 {seen.where('region', lines)}。"
        en = f"Regions are given by name: {', '.join(f'{text} → {code}' for text, code in sure.items())}."
        yield seen.doubt(RegionDoubtful, "tell", zh, en, name="region", lines=lines, values=list(sure), count=named.count)


def _stored(seen: Evidence) -> Iterator[Doubt]:
    for name, place in seen.places.items():
        kept = seen.taken.stored.get(place)
        column = seen.contract.column(name)
        if kept is None:
            continue
        head = f"{seen.letter(name)}“{seen.label(name)}”有"
        if column.kind == "amount" and kept.texts and kept.texts + kept.numbers >= FEWEST_ROWS:
            lines = kept.text_lines
            zh = f"{head} {kept.texts} 格金额以文本存放{f'，{kept.numbers} 格是数字' if kept.numbers else ''}，都照数读了{_at(seen, name, lines)}。"
            en = f"{kept.texts} amounts of “{seen.label(name)}” are stored as text, {kept.numbers} as numbers; all were read."
            yield seen.doubt(StoredMixed, "tell", zh, en, name=name, lines=lines, count=kept.texts)
        elif column.kind in ("number", "account") and kept.numbers:
            lines = kept.number_lines
            zh = f"{head} {kept.numbers} 格以数字存放{f'，{kept.texts} 格是文本' if kept.texts else ''}{_at(seen, name, lines)}；"
            zh += "数字会丢掉前面的 0 和第 15 位以后的数字。"
            en = f"{kept.numbers} cells of “{seen.label(name)}” are stored as numbers, which lose zeros in front and digits after the fifteenth."
            yield seen.doubt(StoredMixed, "warn", zh, en, name=name, lines=lines, count=kept.numbers)
        elif column.kind in ("day", "day_or_month", "month") and kept.days and kept.texts:
            lines = kept.text_lines
            zh = f"{head} {kept.texts} 格以文本存放，{kept.days} 格是日期{_at(seen, name, lines)}，都照日期读了。"
            en = f"{kept.texts} dates of “{seen.label(name)}” are stored as text."
            yield seen.doubt(StoredMixed, "tell", zh, en, name=name, lines=lines, count=kept.texts)


def _at(seen: Evidence, name: str, lines: Sequence[int]) -> str:
    return f"（如 {seen.where(name, lines[:3])}）" if len(lines) else ""


def _blank_rows(seen: Evidence) -> Iterator[Doubt]:
    if seen.taken.kind not in ("xlsx", "xls") or seen.taken.contract == "vouchers" or not seen.table.num_rows:
        return
    others = [*seen.taken.rejects.lines(), *(line for line, _ in seen.taken.passed_over), *(total.line for total in seen.taken.totals)]
    lines = np.unique(np.concatenate([np.asarray(seen.table.column("line")), np.array(others, np.int32)]))
    gaps = np.flatnonzero(np.diff(lines) > 1)
    if len(gaps):
        first = [int(lines[gap]) + 1 for gap in gaps[:5]]
        count = int(np.sum(np.diff(lines)[gaps] - 1))
        said = f"数据中间有 {count} 个空行：第 {'、'.join(map(str, first))}{' 等' if count > len(first) else ''} 行；空行后面的也读了。"
        yield seen.doubt(BlanksAmid, "tell", said, f"There are {count} blank rows amid the data; what follows them was read too.", lines=first, count=count)

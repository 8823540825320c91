"""Doubts about money (金额的疑问): 元 against 万元, amounts beyond the usual, brackets, totals that could not be proved, statements against their title."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import canonical, cells
from controls.intake.coded import Columns, flat
from controls.intake.doubt import Doubt
from controls.intake.errors_doubts import BracketsNegative, StatementDiffers, TotalsUnproved, UnitDoubtful
from controls.intake.evidence import Evidence
from controls.intake.heads import unit_of
from controls.intake.limits import AmountLimit, for_amounts
from ledger.money import Fen, show

WAN = 10_000
DECIMALS = "SB2103"
AMOUNT = {"roster": "net"}
"""Contract → the column whose unit is judged, where it is not ``amount``."""


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    yield from _units_differ(seen)
    yield from _unit(seen)
    yield from _brackets(seen)
    yield from _unproved(seen)
    yield from _statement(seen)


def _units_differ(seen: Evidence) -> Iterator[Doubt]:
    """The unit above the table against that of a column's own header: the column's goes first."""
    title = seen.above.unit.replace("万元", "万")
    for name in seen.places:
        if seen.contract.column(name).kind != "amount" or not title:
            continue
        own = unit_of(seen.label(name)).replace("万元", "万")
        if own and own != title:
            said = f"表头上方写单位是{_said(title)}，{seen.letter(name)}“{seen.label(name)}”却写{_said(own)}：这一列按{_said(own)}读。"
            said_en = f"The unit above the table is {_said(title)}, that of “{seen.label(name)}” is {_said(own)}, which was used."
            yield seen.doubt(UnitDoubtful, "ask", said, said_en, name=name, cell=f"{seen.letter(name)[:-2]}{seen.taken.header.header_line}")


def _said(unit: str) -> str:
    return "万元" if unit == "万" else unit


def _unit(seen: Evidence) -> Iterator[Doubt]:
    name = AMOUNT.get(seen.taken.contract, "amount")
    if name not in seen.table.column_names or not seen.table.num_rows:
        yield from _decimals(seen, name, 0)
        return
    header = seen.contract.column(name).header
    wan = header in seen.taken.header.units
    every = np.abs(flat(seen.table.column(name)))
    said = bool(seen.above.unit or (seen.has(name) and unit_of(seen.label(name))))
    for limit, mask in _groups(seen):
        amounts = every[mask & (every != 0)]
        if not len(amounts):
            continue
        least, most, row_most = limit.fen
        middle = int(np.median(amounts))
        yield from _judged(seen, name, middle, (least, most), wan, said)
        if least <= middle <= most:
            high = mask & (every > row_most)
            zh = f"{{column}}有 {{count}} 行金额大得不寻常（超过 {show(row_most)} 元）：{{where}}；可能多打了零或漏了小数点。"
            en = f"{{count}} amounts are unusually large (above {show(row_most)} yuan): {{where}}."
            yield from seen.of_cells(UnitDoubtful, "warn", name, high, zh, en, remedy="与来源单位核对这几行的金额。")
    yield from _decimals(seen, name, seen.table.num_rows)


def _groups(seen: Evidence) -> Iterator[tuple[AmountLimit, Any]]:
    """The rows of each class and fund for which limits are known."""
    keys = [name for name in ("fund", "item_class") if name in seen.table.column_names]
    for texts, mask in seen.table.groups(keys):
        row = dict(zip(keys, texts, strict=True))
        limit = for_amounts(seen.taken.contract, row.get("fund", ""), row.get("item_class", ""), _day(seen))
        if limit is not None:
            yield limit, mask


def _day(seen: Evidence) -> date:
    if "period" in seen.table.column_names and (last := pc.max(seen.table.column("period")).as_py()):
        return date(last // 100, max(1, last % 100), 1)
    return seen.today or date.max


def _judged(seen: Evidence, name: str, middle: Fen, usual: tuple[Fen, Fen], wan: bool, said: bool) -> Iterator[Doubt]:
    least, most = usual
    column = f"{seen.letter(name)}“{seen.label(name)}”"
    if wan and middle > most and least <= middle // WAN <= most:
        where = "写的是万元" if unit_of(seen.label(name)) else f"照表头上方第 {seen.above.unit_line} 行写的单位是万元"
        text = f"{column}{where}，按万元读，居中的一行就有 {show(middle)} 元；数字更像是元（{show(middle // WAN)} 元）。"
        text_en = f"{column} is said to be in 万元, which makes the middle row {show(middle)} yuan; the figures look like yuan."
    elif not wan and middle < least and least <= middle * WAN:
        how = "写的是元" if said else "没有写单位，按元读"
        text = f"{column}{how}，居中的一行只有 {show(middle)} 元；数字更像是万元（{show(middle * WAN)} 元）。"
        text_en = f"{column} is read in yuan, which makes the middle row {show(middle)} yuan; the figures look like 万元."
    elif not wan and middle > most:
        text = f"{column}居中的一行是 {show(middle)} 元，比常见的（{show(least)} 至 {show(most)} 元）大得多；单位可能是分，或列错了位。"
        text_en = f"The middle row of {column} is {show(middle)} yuan, far above the usual."
    elif wan and middle > most:
        text = f"{column}按万元读，居中的一行有 {show(middle)} 元，比常见的（{show(least)} 至 {show(most)} 元）大得多。"
        text_en = f"Read in 万元 the middle row of {column} is {show(middle)} yuan, far above the usual."
    else:
        return
    yield seen.doubt(UnitDoubtful, "ask", text, text_en, name=name)


def _decimals(seen: Evidence, name: str, good: int) -> Iterator[Doubt]:
    """Where most amounts have more than two decimals, they are probably in 万元."""
    rejects = seen.taken.rejects.table
    odd = rejects.filter(pc.equal(rejects.column("code"), DECIMALS))
    if odd.num_rows < 3 or odd.num_rows <= good or not seen.has(name) or seen.contract.column(name).header in seen.taken.header.units:
        return
    values, lines = odd.column("value").to_pylist(), odd.column("line").to_pylist()
    said = f"{seen.letter(name)}“{seen.label(name)}”有 {odd.num_rows} 行小数超过两位（如 {values[0]}），多半是万元，而表里没有写单位是万元。"
    said_en = f"{odd.num_rows} amounts have more than two decimals (such as {values[0]}); they are probably in 万元, which the file does not say."
    yield seen.doubt(UnitDoubtful, "warn", said, said_en, name=name, lines=lines, values=values, count=odd.num_rows)


def _brackets(seen: Evidence) -> Iterator[Doubt]:
    for column in seen.contract.columns:
        clue = seen.taken.clues.of(column.id).get("括号")
        if clue is not None and seen.has(column.id):
            where = seen.where(column.id, clue.lines, clue.values)
            said = f"{seen.letter(column.id)}“{seen.label(column.id)}”有 {clue.count} 格金额带括号，按负数读：{where}。"
            said_en = f"{clue.count} amounts of “{seen.label(column.id)}” stand in brackets and were read as negative: {where}."
            yield seen.doubt(BracketsNegative, "tell", said, said_en, name=column.id, lines=clue.lines, values=clue.values, count=clue.count)
    if seen.taken.contract in ("payments", "roster") and seen.table.num_rows:
        name = AMOUNT.get(seen.taken.contract, "amount")
        below = flat(pc.less(seen.table.column(name), 0))
        if seen.taken.contract == "payments" and below.any():
            below &= seen.table.equal("status", "paid")
        zh = "{column}有 {count} 行是负数，作冲减处理：{where}。"
        yield from seen.of_cells(BracketsNegative, "warn", name, below, zh, "{count} amounts are below zero and cancel others: {where}.",
                                 remedy="核对这些行确为冲减或扣回。")  # fmt: skip


def _unproved(seen: Evidence) -> Iterator[Doubt]:
    names = canonical.CONTROL.get(seen.taken.contract, ())
    if not names or seen.taken.contract == "bank" or not seen.table.num_rows or seen.taken.totals:
        return
    rows, fen = seen.taken.control
    said = f"文件里没有可以核对的合计（小计、合计、总计）：读得 {rows} 行，{show(fen)} 元，请与来源单位的汇总数核对。"
    said_en = f"The file states no total to prove: {rows} rows and {show(fen)} yuan were read; compare them with what the sender says."
    yield seen.doubt(TotalsUnproved, "tell", said, said_en)


def _statement(seen: Evidence) -> Iterator[Doubt]:
    """Opening and closing balance and the period above a statement, against its rows."""
    if seen.taken.contract != "bank" or not seen.table.num_rows:
        return
    table = seen.table
    upwards = _newest_first(table)
    first, last = (table.num_rows - 1, 0) if upwards else (0, table.num_rows - 1)
    moved = table.column("credit")[first].as_py() - table.column("debit")[first].as_py()
    opening, closing = table.column("balance")[first].as_py() - moved, table.column("balance")[last].as_py()
    stated = ((("期初余额", "上期余额", "上期结余", "承前余额"), opening, first, "期初"), (("期末余额", "本期余额", "期末结余"), closing, last, "期末"))
    for labels, fen, row, what in stated:
        for label in labels:
            figure = _figure(seen.above.labelled.get(label, (0, ""))[1])
            if figure is not None and figure != fen and len(pc.unique(table.column("account"))) == 1:
                line = table.column("line")[row].as_py()
                said = f"表头上方写{label} {show(figure)} 元，而按明细算{what}是 {show(fen)} 元（{seen.cell('balance', line)}），相差 {show(figure - fen)} 元。"
                said_en = f"The title states {show(figure)} yuan ({label}); the rows give {show(fen)}, a difference of {show(figure - fen)}."
                yield seen.doubt(StatementDiffers, "ask", said, said_en, name="balance", lines=[line])
    yield from _outside(seen)


def _newest_first(table: Columns) -> bool:
    """Whether a statement runs backwards in time: by its days, or by its balances within one day."""
    days = [day for day in (table.column("on")[0].as_py(), table.column("on")[table.num_rows - 1].as_py()) if day]
    if len(days) == 2 and days[0] != days[1]:
        return bool(days[0] > days[1])
    balance = np.asarray(table.column("balance"))
    moved = np.asarray(table.column("credit")) - np.asarray(table.column("debit"))
    return bool(np.any(balance[:-1] + moved[1:] != balance[1:]) and np.all(balance[1:] + moved[:-1] == balance[:-1]))


def _figure(text: str) -> Fen | None:
    try:
        return cells.amount(text)
    except cells.Bad:
        return None


def _outside(seen: Evidence) -> Iterator[Doubt]:
    span = seen.above.span
    if span is None:
        return
    first, last = span
    on = seen.table.column("on")
    outside = pc.or_(pc.less(on, pa.scalar(first, pa.date32())), pc.greater(on, pa.scalar(last, pa.date32())))
    zh = f"表头上方写的期间是 {first} 至 {last}，却有 {{count}} 行不在其中：{{where}}。"
    en = f"The title's period is {first} to {last}, but {{count}} rows lie outside: {{where}}."
    yield from seen.of_cells(StatementDiffers, "ask", "on", outside, zh, en, from_column="on")

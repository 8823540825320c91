"""Hints (线索): what the difference between a stated total and the sum of its rows probably comes from. A hint is said, never acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow.compute as pc

from controls.intake.contracts import Contract
from controls.intake.errors import TotalMismatch
from controls.intake.heads import Head
from controls.intake.spool import Canonical
from ledger.money import BadAmount, Fen, parse_fen, show
from ledger.sheets import address

MOST_LINES = 3


def of_difference(difference: Fen, lines_with: Callable[[Fen], Sequence[int]]) -> tuple[str, str]:
    """A Chinese and an English sentence, both '' when nothing is known of it.

    ``difference``: stated less summed, fen. ``lines_with``: the lines whose amount is exactly that many fen (the first ones will do).
    """
    if difference == 0:
        return "", ""
    if lines := lines_with(abs(difference)):
        where, where_en = _named(lines)
        if difference < 0:
            return (
                f"差额正好是{where}的金额：这一行可能重复了，或合计时漏加了。",
                f"The difference is the amount of {where_en}: a repeated row, or one left out of the total.",
            )
        return (
            f"差额正好是{where}的金额：文件里可能少了同样金额的一行，或合计时重加了。",
            f"The difference is the amount of {where_en}: a row may be missing, or was added twice.",
        )
    if difference % 2 == 0 and (lines := lines_with(-difference // 2)):
        where, where_en = _named(lines)
        return f"差额正好是{where}金额的两倍：这一行的正负号可能反了。", f"The difference is twice the amount of {where_en}: its sign may be wrong."
    if difference % 9 == 0:
        return (
            f"差额 {show(abs(difference))} 能被 9 整除：可能有一个金额的相邻两位数字颠倒了，或小数点错了一位。",
            "The difference is divisible by 9: two digits of an amount may be swapped, or a decimal point moved.",
        )
    return "", ""


def _named(lines: Sequence[int]) -> tuple[str, str]:
    shown = [str(line) for line in lines[:MOST_LINES]]
    more = len(lines) > MOST_LINES
    return f"第 {'、'.join(shown)}{' 等' if more else ''} 行", f"line {', '.join(shown)}{' …' if more else ''}"


def explained(wrong: TotalMismatch, contract: Contract, head: Head, rows: Canonical) -> TotalMismatch:
    """The refusal of a total (SB2025) with the address of its cell, and what the difference may come from by the good rows (``rows``, finished)."""
    column = next(column for column in contract.columns if column.header == wrong.facts["column"])
    cell = address(int(wrong.facts["line"]), head.places[column.id]) if column.id in head.places else ""
    try:
        difference = parse_fen(str(wrong.facts["difference"]))
    except BadAmount:
        return TotalMismatch(**_figures(wrong), cell=cell)

    def lines_with(fen: Fen) -> list[int]:
        if column.id not in rows.column_names or column.part is not None:
            return []
        at = np.flatnonzero(np.asarray(pc.fill_null(pc.equal(rows.column(column.id), fen), False)))[: MOST_LINES + 1]
        return [line for line in rows.column("line").take(at).to_pylist() if line < wrong.facts["line"]] if len(at) else []

    return TotalMismatch(**_figures(wrong), cell=cell, hint=of_difference(difference, lines_with))


def _figures(wrong: TotalMismatch) -> dict[str, object]:
    return {name: wrong.facts[name] for name in ("file", "line", "label", "column", "stated", "summed", "difference")}

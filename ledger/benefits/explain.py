"""An award line by line (逐行说明): for people in Chinese, and as JSON values; each line can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.benefits.award import Award, Line, Used
from ledger.benefits.facts import shown
from ledger.money import show


def lines(award: Award) -> Iterator[str]:
    """The whole reckoning as lines of text."""
    law = award.scheme
    until = f"至 {law.valid_to}" if law.valid_to else "起"
    yield f"{law.zh}（{law.fund.short}）　所属期 {award.month}　办法：{law.reference}（{law.valid_from} {until}施行）"
    yield "情况：" + "；".join(f"{name} {value}" for name, value in award.given if value)
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(award.lines, start=1):
        yield from step_lines(number, line, seen, law.reference)
    if award.items:
        yield "应付：" + "，".join(f"{item} {show(fen)}" for item, fen in award.items) + f"；合计 {show(award.total)} 元"


def step_lines(number: int, line: Line, seen: set[tuple[str, str]], usual: str) -> Iterator[str]:
    """One step; ``seen`` remembers parameters that were told, ``usual`` is the reference that goes without saying."""
    unit = line.unit if line.unit in ("元", "月", "年", "岁", "倍") else ""
    yield f"{number}. {line.zh} = {line.formula}"
    result = f"{line.shown} {unit}".rstrip()
    middle = f"{line.filled} = " if line.filled != result else ""
    yield f"   = {middle}{result}"
    yield from (f"     {note}" for note in line.notes)
    if line.fen is not None:
        yield f"   {line.rounding}：{show(line.fen)} 元" + (f"　→ {line.item}" if line.item else "")
    for used in line.used:
        if (used.name, used.on) not in seen:
            seen.add((used.name, used.on))
            yield f"   · {_used(used)}"
    if line.reference != usual:
        yield f"   依据：{line.reference}"


def _used(used: Used) -> str:
    until = f"至 {used.valid_to} 前" if used.valid_to else "起"
    value = show(int(used.value)) + " 元" if used.unit == "分" else f"{used.value}（{used.unit}）"
    return f"{used.name}：{used.zh} {value}，{used.valid_from} {until}有效，取 {used.on} 的值；{used.reference}"


def as_values(award: Award) -> dict[str, Any]:
    """The same as JSON values: fen as whole numbers, exact results as fractions in text."""
    return {
        "scheme": award.scheme.scheme,
        "zh": award.scheme.zh,
        "fund": award.scheme.fund.value,
        "period": str(award.month),
        "reference": award.scheme.reference,
        "valid_from": award.scheme.valid_from.isoformat(),
        "given": dict(award.given),
        "steps": [_values(line) for line in award.lines],
        "items": [{"item": item, "fen": fen} for item, fen in award.items],
        "total_fen": award.total,
        "digest": award.digest,
    }


def _values(line: Line) -> dict[str, Any]:
    return {
        "name": line.name, "zh": line.zh, "formula": line.formula, "filled": line.filled, "exact": shown_exact(line), "unit": line.unit, "shown": line.shown,
        "rounding": line.rounding, "fen": line.fen, "item": line.item, "notes": list(line.notes), "reference": line.reference,
        "parameters": [{name: getattr(used, name) for name in Used.__slots__} for used in line.used],
    }  # fmt: skip


def shown_exact(line: Line) -> str:
    """The exact value as text: a fraction such as ``120000/139``, a month, 是 or 否."""
    return shown(line.value) if isinstance(line.value, (bool, str, tuple)) else str(line.value)

"""Facts about a person (情况) as people write them, read into exact values by the scheme's inputs; unknown or missing ones are refused (SB1442)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from ledger.benefits.errors import BadFact
from ledger.benefits.formula import Value, plain_number
from ledger.benefits.scheme import Input, Scheme
from ledger.money import BadAmount, parse_fen, show
from ledger.months import BadMonth, Month

_WHOLE = re.compile(r"[0-9]{1,6}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.]\d{1,2}$")
_YES = {"是": True, "否": False, "true": True, "false": False, "有": True, "无": False}
_HOW = {
    "元": "应写金额（元，最多两位小数）", "数": "应写数字", "月数": "应写不小于 0 的整月数", "年月": "应写年月，如 2025-03",
    "文字": "应写文字", "是否": "应写“是”或“否”",
}  # fmt: skip


def texts(given: Mapping[str, object]) -> dict[str, str]:
    """Values of a YAML or JSON file as the texts that people wrote; raises SB1442 for lists and the like."""
    found = {}
    for name, value in given.items():
        if isinstance(value, bool):
            found[str(name)] = "是" if value else "否"
        elif value is None or isinstance(value, (list, dict, tuple)):
            raise BadFact(where="情况", name=name, why="应写一个值", scheme="")
        else:
            found[str(name)] = str(value)
    return found


def parse(scheme: Scheme, given: Mapping[str, str], *, where: str = "情况", only: frozenset[str] | None = None) -> dict[str, Value]:
    """The facts of one person by name; ``only``: the names that are needed (None: all inputs). Raises SB1442."""
    known = {one.name: one for one in scheme.inputs}
    for name in given:
        if name not in known:
            raise BadFact(where=where, name=name, why=f"不是{scheme.zh}所需的情况", scheme=scheme.scheme)
    found: dict[str, Value] = {}
    for name, one in known.items():
        if only is not None and name not in only:
            continue
        text = given.get(name, "")
        if not text.strip():
            if one.default is None:
                raise BadFact(where=where, name=name, why="没有给出", scheme=scheme.scheme)
            text = one.default
        found[name] = _value(scheme, one, text.strip(), where)
    return found


def _value(scheme: Scheme, one: Input, text: str, where: str) -> Value:
    wrong = BadFact(where=where, name=one.name, why=f"写作“{text[:30]}”，{_HOW.get(one.kind, '')}", scheme=scheme.scheme)
    if one.kind == "选项":
        if text not in one.choices:
            raise BadFact(where=where, name=one.name, why=f"写作“{text[:30]}”，应为 {'、'.join(one.choices)}", scheme=scheme.scheme)
        return text
    if one.kind == "文字":
        return text
    if one.kind == "是否" and text.lower() in _YES:
        return _YES[text.lower()]
    if one.kind == "年月":
        day = _DAY.match(text)
        try:
            return Month(int(day.group(1)), int(day.group(2))) if day else Month.parse(text)
        except BadMonth as bad:
            raise wrong from bad
    if one.kind == "元":
        try:
            return Fraction(parse_fen(text), 100)
        except BadAmount as bad:
            raise wrong from bad
    if one.kind == "月数" and _WHOLE.fullmatch(text):
        return Fraction(int(text))
    if one.kind == "数" and _NUMBER.fullmatch(text):
        return Fraction(text)
    raise wrong


def shown(value: Value, unit: str = "") -> str:
    """A value for people: money with two decimals where it has no more, ratios in percent, months as 2025-03."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        if unit == "元" and (value * 100).denominator == 1:
            return show(int(value * 100))
        return f"{plain_number(value * 100)}%" if unit == "比例" else plain_number(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)

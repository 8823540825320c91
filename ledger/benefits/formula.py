"""Formulas (计算公式) of benefits: a small language of names, numbers and listed functions, read once and evaluated exactly.

Written as people write them: ``(计发基数 + 指数化月平均缴费工资) ÷ 2 × 缴费年限 × 计发比例``. Values are :class:`~fractions.Fraction`
(money in yuan), ``bool``, ``str``, :class:`~ledger.months.Month` and tables (tuples of texts). 如果, 并且 and 或者 look only at what
decides, so that a parameter nobody needs need not be set. Months: month − month = number of months, month ± number = month.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any

from ledger.benefits.errors import BadFormula
from ledger.months import Month

Value = Fraction | bool | str | Month | tuple[str, ...]
Lookup = Callable[[str], Value]
Note = Callable[[str], None]

_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "≥": "\ue001", "≤": "\ue002", "≠": "\ue003", "“": '"', "”": '"', "、": ","})
_BACK = {"\ue001": ">=", "\ue002": "<=", "\ue003": "!="}
_EQUAL = re.compile(r"(?<![<>!=])=(?!=)")
LONGEST = 400
"""Letters of one formula."""


class Unfit(Exception):
    """A value of the wrong kind, or a division by zero; the caller says at which step."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula read and proved: ``text`` as written, ``names`` in the order of their first use."""

    text: str
    plain: str
    names: tuple[str, ...]
    places: tuple[tuple[int, int, str], ...]
    run: Callable[[Lookup, Note], Value]

    def substituted(self, shown: Callable[[str], str]) -> str:
        """The text with each name replaced by what ``shown`` gives for it (the name itself where it was not needed)."""
        data = self.plain.encode()
        for start, end, name in reversed(self.places):
            data = data[:start] + shown(name).encode() + data[end:]
        return _pretty(data.decode())


@lru_cache(maxsize=2000)
def read(text: str) -> Formula:
    """The formula of ``text``; raises SB1440 for whatever is no arithmetic of the language."""
    plain = _plain(text)
    if len(plain) > LONGEST:
        raise BadFormula(formula=text[:60], why=f"超过 {LONGEST} 个字")
    try:
        tree = ast.parse(plain, mode="eval").body
        run = _compile(tree)
    except (SyntaxError, ValueError, RecursionError) as wrong:
        raise BadFormula(formula=text, why="写法不对") from wrong
    except Unfit as wrong:
        raise BadFormula(formula=text, why=str(wrong)) from wrong
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    places = sorted((node.col_offset, node.end_col_offset or 0, node.id) for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)
    return Formula(text, plain, tuple(dict.fromkeys(name for _, _, name in places)), tuple(places), run)


def _plain(text: str) -> str:
    found = unicodedata.normalize("NFKC", text.translate(_SIGNS)).replace("\n", " ").strip()
    found = _EQUAL.sub("==", found)
    for sign, words in _BACK.items():
        found = found.replace(sign, words)
    return found


def _pretty(text: str) -> str:
    for plain, shown in ((">=", "≥"), ("<=", "≤"), ("!=", "≠"), ("==", "="), ("*", "×"), ("/", "÷"), (", ", "，"), (",", "，")):
        text = text.replace(plain, shown)
    return text


Run = Callable[[Lookup, Note], Value]


def _compile(node: ast.expr) -> Run:
    """A node as a closure; raises :class:`Unfit` for anything outside the language."""
    if isinstance(node, ast.Name):
        name = node.id
        return lambda lookup, note: lookup(name)
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _compile(node.operand)
        return lambda lookup, note: -number(inner(lookup, note))
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _binary(_ARITHMETIC[type(node.op)], _compile(node.left), _compile(node.right))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARE:
        return _binary(_COMPARE[type(node.ops[0])], _compile(node.left), _compile(node.comparators[0]))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _call(node.func.id, [_compile(argument) for argument in node.args])
    raise Unfit("含有公式中不能用的写法")


def _constant(value: Any) -> Run:
    if isinstance(value, str):
        return lambda lookup, note: value
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit("小数不直接写在公式里，写成分数或参数")
    exact = Fraction(value)
    return lambda lookup, note: exact


def _binary(operation: Callable[[Value, Value], Value], left: Run, right: Run) -> Run:
    return lambda lookup, note: operation(left(lookup, note), right(lookup, note))


def number(value: Value) -> Fraction:
    """The value as a number; raises :class:`Unfit`."""
    if isinstance(value, bool) or not isinstance(value, Fraction):
        raise Unfit(f"“{value}”不是数字")
    return value


def truth(value: Value) -> bool:
    """The value as yes or no; raises :class:`Unfit`."""
    if not isinstance(value, bool):
        raise Unfit(f"“{value}”不是“是/否”")
    return value


def whole(value: Value) -> int:
    """The value as a whole number; raises :class:`Unfit`."""
    exact = number(value)
    if exact.denominator != 1:
        raise Unfit(f"“{exact}”不是整数")
    return exact.numerator


def _add(left: Value, right: Value) -> Value:
    return left + whole(right) if isinstance(left, Month) else number(left) + number(right)


def _subtract(left: Value, right: Value) -> Value:
    if isinstance(left, Month):
        return Fraction(left.index - right.index) if isinstance(right, Month) else left - whole(right)
    return number(left) - number(right)


def _divide(left: Value, right: Value) -> Value:
    if not number(right):
        raise Unfit("除数为零")
    return number(left) / number(right)


def _same(left: Value, right: Value) -> bool:
    if type(left) is not type(right):
        raise Unfit(f"“{left}”和“{right}”不能比较")
    return left == right


def _order(test: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def compare(left: Value, right: Value) -> Value:
        if isinstance(left, Month) and isinstance(right, Month):
            return test(left, right)
        return test(number(left), number(right))

    return compare


_ARITHMETIC: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: lambda left, right: number(left) * number(right),
    ast.Div: _divide,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Value, Value], Value]] = {
    ast.Eq: _same,
    ast.NotEq: lambda left, right: not _same(left, right),
    ast.Lt: _order(lambda a, b: bool(a < b)),
    ast.LtE: _order(lambda a, b: bool(a <= b)),
    ast.Gt: _order(lambda a, b: bool(a > b)),
    ast.GtE: _order(lambda a, b: bool(a >= b)),
}


def _call(name: str, arguments: Sequence[Run]) -> Run:
    if name in _LAZY and len(arguments) in _LAZY[name][0]:
        return _LAZY[name][1](arguments)
    if name in _FUNCTIONS and len(arguments) in _FUNCTIONS[name][0]:
        function = _FUNCTIONS[name][1]
        return lambda lookup, note: function(note, *(argument(lookup, note) for argument in arguments))
    raise Unfit(f"没有函数“{name}”，或参数个数不对")


def _if(arguments: Sequence[Run]) -> Run:
    test, yes, no = arguments
    return lambda lookup, note: yes(lookup, note) if truth(test(lookup, note)) else no(lookup, note)


def _and(arguments: Sequence[Run]) -> Run:
    return lambda lookup, note: all(truth(argument(lookup, note)) for argument in arguments)


def _or(arguments: Sequence[Run]) -> Run:
    return lambda lookup, note: any(truth(argument(lookup, note)) for argument in arguments)


def _least(note: Note, *values: Value) -> Value:
    if all(isinstance(value, Month) for value in values):
        return min(value for value in values if isinstance(value, Month))
    return min(number(value) for value in values)


def _greatest(note: Note, *values: Value) -> Value:
    if all(isinstance(value, Month) for value in values):
        return max(value for value in values if isinstance(value, Month))
    return max(number(value) for value in values)


def figures(table: Value) -> list[Fraction]:
    """A table of texts as numbers; raises :class:`Unfit`."""
    if not isinstance(table, tuple):
        raise Unfit("需要一列数（表）")
    try:
        return [Fraction(cell) for cell in table]
    except (ValueError, ZeroDivisionError) as wrong:
        raise Unfit("表中有不是数字的一格") from wrong


def _tables(bounds: Value, amounts: Value) -> tuple[list[Fraction], list[Fraction]]:
    lower, given = figures(bounds), figures(amounts)
    if len(lower) != len(given) or lower != sorted(set(lower)):
        raise Unfit("两列表的档数不同，或下限没有从小到大")
    return lower, given


def _grade(note: Note, value: Value, bounds: Value, amounts: Value) -> Value:
    """档次(值, 下限表, 取值表): the amount beside the highest lower bound that the value reaches; 0 below the first."""
    exact = number(value)
    reached = [(lower, amount) for lower, amount in zip(*_tables(bounds, amounts), strict=True) if exact >= lower]
    if not reached:
        note(f"{plain_number(exact)} 未达到最低一档，取 0")
        return Fraction(0)
    note(f"{plain_number(exact)} 达到 {plain_number(reached[-1][0])} 一档，取 {plain_number(reached[-1][1])}")
    return reached[-1][1]


def _segments(note: Note, value: Value, bounds: Value, rates: Value) -> Value:
    """分段(金额, 下限表, 比例表): each part of the amount at the rate (in percent) of its segment, added up."""
    exact, total = number(value), Fraction(0)
    lower, percent = _tables(bounds, rates)
    for place, (low, rate) in enumerate(zip(lower, percent, strict=True)):
        high = lower[place + 1] if place + 1 < len(lower) else None
        part = max(Fraction(0), (exact if high is None else min(exact, high)) - low)
        if part:
            total += part * rate / 100
            to = "以上" if high is None else f"～{plain_number(high)}"
            note(f"{plain_number(low)}{to}：{plain_number(part)} × {plain_number(rate)}% = {plain_number(part * rate / 100)}")
    return total


def _year(note: Note, value: Value) -> Value:
    if not isinstance(value, Month):
        raise Unfit(f"“{value}”不是年月")
    return Fraction(value.year)


def _month(note: Note, value: Value) -> Value:
    if not isinstance(value, Month):
        raise Unfit(f"“{value}”不是年月")
    return Fraction(value.month)


_MANY = range(2, 9)
_LAZY: dict[str, tuple[range, Callable[[Sequence[Run]], Run]]] = {"如果": (range(3, 4), _if), "并且": (_MANY, _and), "或者": (_MANY, _or)}
_FUNCTIONS: dict[str, tuple[range, Callable[..., Value]]] = {
    "最小": (_MANY, _least),
    "最大": (_MANY, _greatest),
    "向上取整": (range(1, 2), lambda note, value: Fraction(ceil(number(value)))),
    "向下取整": (range(1, 2), lambda note, value: Fraction(floor(number(value)))),
    "不是": (range(1, 2), lambda note, value: not truth(value)),
    "年": (range(1, 2), _year),
    "月": (range(1, 2), _month),
    "档次": (range(3, 4), _grade),
    "分段": (range(3, 4), _segments),
}
FUNCTIONS = tuple(sorted([*_LAZY, *_FUNCTIONS]))


def plain_number(value: Fraction) -> str:
    """A number for people: whole, exact decimals up to six places, else six places and …."""
    if value.denominator == 1:
        return str(value.numerator)
    places = next((count for count in range(1, 7) if (value * 10**count).denominator == 1), 0)
    if places:
        return _decimal(value, places)
    return _decimal(Fraction(floor(abs(value) * 10**6) * (1 if value > 0 else -1), 10**6), 6) + "…"


def _decimal(value: Fraction, places: int) -> str:
    scaled = abs(value) * 10**places
    text = str(scaled.numerator).rjust(places + 1, "0")
    return ("-" if value < 0 else "") + f"{text[:-places]}.{text[-places:]}"

"""What a rule may be written in (可移植的 SQL): the part of SQL that every engine runs alike, and nothing that reaches beyond the tables of the check.

Default is deny: an expression, function, type or table that is not listed here is refused by its name and line. Months are whole numbers (``yyyymm``), so no
date function is among them; no function reads a file, a setting or the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controls.checks.schema import CONTRACTS

if TYPE_CHECKING:
    from sqlglot import exp

FUNCTIONS = {
    "CAST": "Cast", "CASE": "Case", "COALESCE": "Coalesce", "COUNT": "Count", "EXISTS": "Exists", "GREATEST": "Greatest", "LAG": "Lag", "LEAD": "Lead",
    "LEAST": "Least", "LENGTH": "Length", "LOWER": "Lower", "MAX": "Max", "MIN": "Min", "NULLIF": "Nullif", "ABS": "Abs", "RANK": "Rank", "REPLACE": "Replace",
    "ROW_NUMBER": "RowNumber", "SUBSTR": "Substring", "SUM": "Sum", "TRIM": "Trim", "UPPER": "Upper",
}  # fmt: skip
"""Functions a rule may call: as written, and what the parser calls them."""

_GRAMMAR = frozenset({
    "Add", "Alias", "And", "Between", "Boolean", "CTE", "Column", "DPipe", "DataType", "DataTypeParam", "Distinct", "Div", "EQ", "Except", "From", "GT",
    "GTE", "Group", "Having", "Identifier", "If", "In", "Intersect", "Is", "Join", "LT", "LTE", "Like", "Literal", "Mod", "Mul", "NEQ", "Neg", "Not",
    "Null", "Or", "Order", "Ordered", "Paren", "Select", "Star", "Sub", "Subquery", "Table", "TableAlias", "Union", "Var", "Where", "Window",
    "WindowSpec", "With",
})  # fmt: skip
TYPES = frozenset({"INT", "INTEGER", "BIGINT", "TEXT", "VARCHAR", "BOOLEAN"})
"""Types a value may be cast to."""

VIEWS: dict[str, str] = {
    "paid_months": "每一笔实付、每一个所属期一行（已冲销、已扣除退回）",
    "account_months": "按账号、发放月份的实付",
    "net_rows": "冲销后的发放行（含一次性、丧葬等）",
    "last_paid": "每个号码最后一次实付的姓名",
    "premiums": "每一笔缴费、补贴、代缴一行（已冲销）",
    "government_paid": "政府代缴，按人、按年度",
    "listed": "在特殊群体名单上的年度",
    "death": "每人一行的死亡信息（多来源已归并）",
    "term": "停发待遇的羁押、服刑期间",
    "months": "1950年以来的月份（period、idx）",
    "region_now": "行政区划代码的变更（old、now）",
}
"""Tables a rule may read beside those of the contracts."""

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BACKSLASH = "反斜杠在各引擎的文本中含义不同，不能用"
_NOT_PLAIN = ("laterals", "pivots", "sample", "qualify", "windows", "connect", "limit", "offset", "fetch", "locks", "into", "hint", "match", "prewhere")
_JOINS = frozenset({"", "INNER", "OUTER", "CROSS"})
_GROUPS = ("all", "cube", "rollup", "grouping_sets", "totals")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a rule may not contain: its line (from 1), as written, and why in Chinese."""

    line: int
    what: str
    why: str


def faults(sql: str, *, further: Iterable[str] = ()) -> list[Fault]:
    """Everything in a rule's SQL (parameters filled in) that not every engine runs alike, in the order of the text; empty when there is nothing.

    ``further``: tables that are there for this rule alone.
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    # To one engine a backslash is a sign like others, to another it takes the next quote into the text: what follows would be read differently.
    if marked := [Fault(nth, "\\", BACKSLASH) for nth, line in enumerate(sql.splitlines(), start=1) if "\\" in line]:
        return marked
    try:
        statements = sqlglot.parse(sql, read="duckdb")
        if len(statements) == 1 and statements[0] is not None:
            return sorted(set(_judged(statements[0], sql, frozenset(further))), key=lambda fault: (fault.line, fault.what))
    except RecursionError:
        return [Fault(1, "SQL", "嵌套太深，读不下去；请写得浅一些")]
    except SqlglotError as wrong:
        told = getattr(wrong, "errors", None) or [{}]
        return [Fault(int(told[0].get("line") or 1), str(told[0].get("highlight") or "SQL"), "不是能读懂的 SQL")]
    return [Fault(1, "；".join(one.key.upper() for one in statements if one is not None), "一条规则只能是一条 SELECT 语句")]


def _judged(root: exp.Expr, sql: str, further: frozenset[str]) -> Iterator[Fault]:
    from sqlglot import exp

    if not isinstance(root, exp.Select | exp.SetOperation):
        yield Fault(1, root.key.upper(), "一条规则只能是一条 SELECT 语句")
        return
    known = {*FUNCTIONS.values(), *_GRAMMAR}
    for node in root.walk():
        kind = type(node).__name__
        if isinstance(node, exp.Table):
            yield from _table(node, further | _visible(node), sql)
        elif isinstance(node, exp.CTE) and not _PLAIN_NAME.fullmatch(node.alias):
            yield Fault(_line(node, sql), node.alias, "WITH 中的名字只能用字母、数字和下划线")
        elif isinstance(node, exp.DataType):
            if node.this.name not in TYPES:
                yield Fault(_line(node, sql), node.sql(), f"不在可用的类型之内（{'、'.join(sorted(TYPES))}）")
        elif kind not in known:
            written = node.name if isinstance(node, exp.Anonymous) else node.sql_name() if isinstance(node, exp.Func) else kind
            what = "函数" if isinstance(node, exp.Func) else "写法"
            yield Fault(_line(node, sql), written.upper(), f"这个{what}不是各引擎通用的，不能用")
        elif isinstance(node, exp.With) and node.args.get("recursive"):
            yield Fault(_line(node, sql), "WITH RECURSIVE", "不能用递归")
        if isinstance(node, exp.Div | exp.Mod) and not (isinstance(node.expression, exp.Literal) and node.expression.is_int and node.expression.name != "0"):
            yield Fault(_line(node, sql), node.sql(), "只能除以不为零的整数；除以零时各引擎做法不同")
        yield from (Fault(_line(node, sql), name.upper(), "这个写法不是各引擎通用的，不能用") for name in _special(node))


def _special(node: exp.Expr) -> list[str]:
    """Parts of a plain word of SQL that only some engines know."""
    from sqlglot import exp

    if isinstance(node, exp.Select):
        return [name for name in _NOT_PLAIN if node.args.get(name)]
    if isinstance(node, exp.Join):
        return [word for name in ("method", "global") if (word := str(node.args.get(name) or ""))] + [word for word in (node.kind,) if word not in _JOINS]
    if isinstance(node, exp.SetOperation):
        return ["BY NAME"] if node.args.get("by_name") else []
    if isinstance(node, exp.CTE):
        return ["USING KEY"] if node.args.get("key_expressions") else []
    if isinstance(node, exp.Max | exp.Min):
        return [f"{node.sql_name()}(…, n)"] if node.args.get("count") or node.expressions else []
    if isinstance(node, exp.Star):
        if not isinstance(node.parent, exp.Select | exp.Count | exp.Column):
            return ["*"]
        return [f"* {name}" for name in ("except", "except_", "replace", "rename") if node.args.get(name)]
    return ["GROUP BY ALL"] if isinstance(node, exp.Group) and any(node.args.get(name) for name in _GROUPS) else []


def _visible(node: exp.Expr) -> frozenset[str]:
    """What ``WITH`` defines where a table is named: those of the queries around it, and within a ``WITH`` those before it.

    Out of its reach the same name would be a file's or one of the engine's own tables.
    """
    from sqlglot import exp

    seen: set[str] = set()
    below, around = node, node.parent
    while around is not None:
        if isinstance(around, exp.With):
            before = around.expressions[: next(nth for nth, one in enumerate(around.expressions) if one is below)]
            seen.update(one.alias for one in before)
        elif (defined := around.args.get("with_") or around.args.get("with")) is not None and defined is not below:
            seen.update(one.alias for one in defined.expressions)
        below, around = around, around.parent
    return frozenset(seen)


def _table(node: exp.Table, named: Iterable[str], sql: str) -> Iterator[Fault]:
    from sqlglot import exp

    if not isinstance(node.this, exp.Identifier):
        yield Fault(_line(node, sql), node.this.sql() if node.this is not None else node.sql(), "FROM 后面只能是表名，不能是函数")
    elif node.args.get("db") or node.args.get("catalog") or node.name not in {*named, *CONTRACTS, *VIEWS}:
        known = "、".join([*VIEWS, *CONTRACTS])
        yield Fault(_line(node, sql), node.sql(), f"没有这个表；可用的有 {known}，以及本规则 WITH 中定义的")


def _line(node: exp.Expr, sql: str) -> int:
    """The line of the text where a node stands; that of the nearest part of it whose place is known."""
    for one in node.walk():
        if "line" in one.meta:
            return int(one.meta["line"])
    up = node.parent
    while up is not None:
        for one in up.walk():
            if "line" in one.meta:
                return int(one.meta["line"])
        up = up.parent
    return 1

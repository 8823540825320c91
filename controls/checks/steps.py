"""The conditions of a rule as steps (规则步骤), read from the SQL text that runs: joins in order, then each condition of WHERE, for each arm of UNION ALL.

A step's Chinese name is the comment 〔…〕 on the line where it ends; one without a name is shown as its SQL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controls.checks.engine import Engine

if TYPE_CHECKING:
    from sqlglot import exp

_NAME = re.compile(r"--.*?〔(.+?)〕")
_DIALECT = "duckdb"
_PLACES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One condition: its name in Chinese (blank when it has none), its SQL, and whether it is a join."""

    name: str
    sql: str
    joins: bool

    @property
    def says(self) -> str:
        """The name, or the SQL itself."""
        return self.name or self.sql


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a person's rows ended in one arm of a rule.

    ``step`` None: no condition took the last row away. ``began``, ``before``: rows at the start and before that step.
    ``places``: some of the latter (file:line). ``funnel``: each step in order with the rows left after it. ``values``: what the columns of
    that step held in those rows (``p.period=202403``); never a number, a name or an account.
    """

    arm: int
    began: int
    before: int
    step: Step | None
    places: tuple[str, ...]
    funnel: tuple[tuple[Step, int], ...] = ()
    values: tuple[str, ...] = ()


def steps(text: str) -> list[list[Step]]:
    """The steps of each arm of a rule's SQL whose parameters are filled in, in the order of the text."""
    lines = text.split("\n")
    return [[_step(node, lines) for node in (*_joins(arm), *_conditions(arm))] for arm in _arms(_parsed(text))]


def ended(engine: Engine, text: str, number: str) -> list[Ended]:
    """For each arm: the first step after which no row of ``number`` is left, counted by the engine on the rule's own text."""
    root = _parsed(text)
    lines = text.split("\n")
    return [_ended(engine, root, arm, place, number, lines) for place, arm in enumerate(_arms(root), 1)]


def _parsed(text: str) -> exp.Query:
    import sqlglot
    from sqlglot import exp

    parsed = sqlglot.parse_one(text, read=_DIALECT)
    assert isinstance(parsed, exp.Query)
    return parsed


def _arms(query: exp.Expr) -> list[exp.Select]:
    from sqlglot import exp

    if isinstance(query, exp.SetOperation):
        return [*_arms(query.left), *_arms(query.right)]
    inner = query.unnest()
    return [inner] if isinstance(inner, exp.Select) else _arms(inner)


def _joins(arm: exp.Select) -> list[exp.Expr]:
    return list(arm.args.get("joins") or [])


def _conditions(arm: exp.Select) -> list[exp.Expr]:
    from sqlglot import exp

    where = arm.args.get("where")
    if where is None:
        return []
    return list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]


def _step(node: exp.Expr, lines: Sequence[str]) -> Step:
    from sqlglot import exp

    last = max((found.meta["line"] for found in node.find_all(exp.Identifier) if "line" in found.meta), default=0)
    named = _NAME.search(lines[last - 1]) if last else None
    return Step(named.group(1) if named else "", node.sql(_DIALECT, comments=False), isinstance(node, exp.Join))


def _ended(engine: Engine, root: exp.Query, arm: exp.Select, place: int, number: str, lines: Sequence[str]) -> Ended:
    from sqlglot import exp

    who = next((found.this if isinstance(found, exp.Alias) else found for found in arm.expressions if found.alias_or_name == "id_number"), None)
    if who is None:
        return Ended(place, 0, 0, None, ())
    joins, conditions = _joins(arm), _conditions(arm)
    asked = exp.EQ(this=who.copy(), expression=exp.Literal.string(number))
    told = {column.table for column in who.find_all(exp.Column)}
    first = max((spot for spot, join in enumerate(joins, 1) if join.alias_or_name in told), default=0)
    began = before = _count(engine, root, arm, joins[:first], [asked])
    upto = first
    funnel: list[tuple[Step, int]] = []
    for spot in range(first + 1, len(joins) + len(conditions) + 1):
        if before == 0:
            break
        left = _count(engine, root, arm, joins[:spot], [asked, *conditions[: max(0, spot - len(joins))]])
        step = _step((joins + conditions)[spot - 1], lines)
        funnel.append((step, left))
        if left == 0:
            kept = [asked, *conditions[: max(0, upto - len(joins))]]
            values = () if step.joins else _values(engine, root, arm, conditions[spot - len(joins) - 1], joins, kept)
            return Ended(place, began, before, step, _places(engine, root, arm, joins[:upto], kept), tuple(funnel), values)
        before, upto = left, spot
    return Ended(place, began, before, None, (), tuple(funnel))


def _query(root: exp.Query, arm: exp.Select, what: Sequence[exp.Expr], joins: Sequence[exp.Expr], conditions: Sequence[exp.Expr]) -> exp.Select:
    from sqlglot import exp

    made = exp.Select(expressions=list(what), from_=arm.args["from_"].copy(), joins=[join.copy() for join in joins])
    given = root.args.get("with_")
    if given is not None:
        made.set("with_", given.copy())
    made.set("where", exp.Where(this=exp.and_(*(one.copy() for one in conditions))))
    return made


def _count(engine: Engine, root: exp.Query, arm: exp.Select, joins: Sequence[exp.Expr], conditions: Sequence[exp.Expr]) -> int:
    from sqlglot import exp

    made = _query(root, arm, [exp.Count(this=exp.Star())], joins, conditions)
    return int(engine.values(made.sql(_DIALECT, comments=False))[0][0])


_PRIVATE = frozenset({"number", "id_number", "person", "name", "name_norm", "account", "holder", "counterpart", "one", "two"})


def _values(
    engine: Engine, root: exp.Query, arm: exp.Select, condition: exp.Expr, joins: Sequence[exp.Expr], conditions: Sequence[exp.Expr]
) -> tuple[str, ...]:
    """What the columns of a condition held in some of the rows it took away: one text a row, columns in the order of the condition."""
    from sqlglot import exp

    columns: dict[str, exp.Expr] = {}
    for column in condition.find_all(exp.Column):
        if column.name not in _PRIVATE and column.find_ancestor(exp.Subquery, exp.Exists) is None:
            columns.setdefault(column.sql(_DIALECT, comments=False), column)
    if not columns:
        return ()
    made = _query(root, arm, [column.copy() for column in columns.values()], joins, conditions).distinct()
    ordered = ", ".join(str(nth) for nth in range(1, len(columns) + 1))
    rows = engine.values(f"{made.sql(_DIALECT, comments=False)} ORDER BY {ordered} LIMIT {_PLACES}")
    return tuple("、".join(f"{name}={'空' if value is None or value == '' else value}" for name, value in zip(columns, row, strict=True)) for row in rows)


def _places(engine: Engine, root: exp.Query, arm: exp.Select, joins: Sequence[exp.Expr], conditions: Sequence[exp.Expr]) -> tuple[str, ...]:
    """Some of the rows left, where the arm tells file and line of the table it starts from."""
    base = arm.args["from_"].this.alias_or_name
    columns = {found.name: found for found in arm.expressions if found.key == "column" and found.table == base and found.name in ("file", "line")}
    if len(columns) < 2:
        return ()
    made = _query(root, arm, [columns["file"].copy(), columns["line"].copy()], joins, conditions).distinct()
    rows = engine.values(f"{made.sql(_DIALECT, comments=False)} ORDER BY 1, 2 LIMIT {_PLACES}")
    return tuple(f"{file}:{line}" for file, line in rows)

"""The conditions of a rule as steps (规则步骤), read from the SQL text that runs: joins in order, then each condition of WHERE, for each arm of UNION ALL.
:mod:`controls.checks.explained.trace` counts a person's rows after each.

A step's Chinese name is the comment 〔…〕 on the line where it ends; one without a name is shown as its SQL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

_NAME = re.compile(r"--.*?〔(.+?)〕")
DIALECT = "duckdb"


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


def steps(text: str) -> list[list[Step]]:
    """The steps of each arm of a rule's SQL whose parameters are filled in, in the order of the text."""
    lines = text.split("\n")
    return [[step(node, lines) for node in (*joins(arm), *conditions(arm))] for arm in arms(parsed(text))]


@lru_cache(maxsize=64)
def parsed(text: str) -> exp.Query:
    """The text as a tree, which nobody changes."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(text, read=DIALECT)
    assert isinstance(tree, exp.Query)
    return tree


def arms(query: exp.Expr) -> list[exp.Select]:
    """The queries that UNION ALL joins, in order."""
    from sqlglot import exp

    if isinstance(query, exp.SetOperation):
        return [*arms(query.left), *arms(query.right)]
    inner = query.unnest()
    return [inner] if isinstance(inner, exp.Select) else arms(inner)


def joins(arm: exp.Select) -> list[exp.Join]:
    """The joins of an arm in order."""
    return list(arm.args.get("joins") or [])


def conditions(arm: exp.Select) -> list[exp.Expr]:
    """The conditions of WHERE that AND joins, in order."""
    from sqlglot import exp

    where = arm.args.get("where")
    if where is None:
        return []
    return list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]


def step(node: exp.Expr, lines: Sequence[str]) -> Step:
    """A join or condition with the name on the line where it ends."""
    from sqlglot import exp

    last = max((found.meta["line"] for found in node.find_all(exp.Identifier) if "line" in found.meta), default=0)
    named = _NAME.search(lines[last - 1]) if last else None
    return Step(named.group(1) if named else "", node.sql(DIALECT, comments=False), isinstance(node, exp.Join))


def having(arm: exp.Select, lines: Sequence[str]) -> Step | None:
    """The condition on groups (HAVING) with its name; one that names no column ends on the line of GROUP BY or on the next."""
    from sqlglot import exp

    node = arm.args.get("having")
    if node is None:
        return None
    named = step(node, lines).name
    if not named:
        last = max(found.meta["line"] for found in arm.args["group"].find_all(exp.Identifier) if "line" in found.meta)
        found_names = [found.group(1) for line in lines[last - 1 : last + 1] if (found := _NAME.search(line))]
        named = found_names[-1] if found_names else ""
    return Step(named, node.this.sql(DIALECT, comments=False), False)

"""A rule as an auditor reads it (规则说明书): what it asks, on what law, with which figures, what each condition of its SQL is called, and its cases.

Everything is read from the rule's own YAML, SQL and cases, so that what is shown cannot differ from what runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from controls.checks import views
from controls.checks.cases import Case, GivenRow
from controls.checks.catalogue import DatedParameter, Plain, Rule
from controls.checks.common import common
from controls.checks.coverage import CONTRACT_ZH
from controls.checks.explained.words import column, value
from controls.checks.own_rules import cases_of
from controls.checks.steps import arms, conditions, having, joins, parsed, step
from ledger.months import Month

if TYPE_CHECKING:
    from sqlglot import exp

_WORDS = {"account": "账号", "holder": "户名", "raw": "号码", "name": "姓名", "number": "号码"}
"""Columns of invented cases that are never told of real people."""


@dataclass(frozen=True, slots=True)
class Named:
    """A condition by its Chinese name, with its SQL. ``where``: the arm of the rule (``1``, ``2`` …) or the WITH query it stands in; ``kind``:
    ``join``, ``look up`` (a LEFT JOIN, which takes nothing away), ``condition`` or ``group``."""

    where: str
    kind: str
    name: str
    sql: str


def row(rule: Rule) -> dict[str, Any]:
    """What the list of rules says of one."""
    return {
        "code": rule.code, "name_zh": rule.name_zh, "name_en": rule.name_en, "severity": rule.severity, "before_payment": rule.before_payment.says,
        "catalogue": "own" if rule.own else rule.catalogue, "kind": rule.kind, "needs": list(rule.needs), "uses": list(rule.uses),
        "valid_from": _day(rule.valid_from), "valid_to": _day(rule.valid_to),
    }  # fmt: skip


def page(rule: Rule, as_of: Month) -> dict[str, Any]:
    """Everything of one rule; its SQL as it runs when ``as_of`` is the last month looked at. Raises SB3400 where a parameter has no value then."""
    before = rule.before_payment
    sql = as_it_runs(rule, as_of)
    return row(rule) | {
        "description_zh": rule.description_zh, "reason_zh": rule.reason_zh, "reference": rule.reference, "legal_basis": list(rule.legal_basis),
        "false_friends_zh": list(rule.false_friends_zh), "grain": rule.grain, "fields": dict(rule.fields),
        "says_before_payment": {"says": before.says, "when": before.when, "why_zh": before.why_zh, "otherwise_zh": before.otherwise_zh},
        "parameters": parameters(rule),
        "steps": [{"where": one.where, "kind": one.kind, "name": one.name, "sql": one.sql} for one in named(sql)],
        "as_of": str(as_of), "sql": sql, "written": rule.text(),
        "cases": [{"name_zh": case.name_zh, "planted": bool(case.expect), "given": given(case), "expect": expected(case)} for case in cases_of(rule)],
    }  # fmt: skip


def as_it_runs(rule: Rule, as_of: Month) -> str:
    """The SQL with its parameters of the month filled in. Raises SB3400."""
    return rule.sql(views.conditions(common(), as_of.number))


def parameters(rule: Rule) -> list[dict[str, Any]]:
    """Each value of each parameter with the days it is in force (half-open) and where it comes from; without dates, those of the rule itself."""
    told: list[dict[str, Any]] = []
    for name, held in rule.parameters.items():
        dated = [one for one in held if isinstance(one, DatedParameter)] if isinstance(held, tuple) else []
        values = dated or [DatedParameter(value=_plain(held), valid_from=rule.valid_from, valid_to=rule.valid_to, reference=rule.reference)]
        told += [
            {"name": name, "value": one.value, "valid_from": _day(one.valid_from), "valid_to": _day(one.valid_to), "reference": one.reference} for one in values
        ]
    return told


def named(text: str) -> list[Named]:
    """Every condition of a filled text in reading order, each name once in its place: those within WITH queries, then those of the rule, arm by arm."""
    tree, lines = parsed(text), text.split("\n")
    given_with = tree.args.get("with_")
    made: dict[tuple[str, str], Named] = {}
    for one in given_with.expressions if given_with is not None else ():
        for select in _selects(one.this):
            made |= {(found.where, found.name): found for found in _of(select, one.alias, lines) if (found.where, found.name) not in made}
    for nth, arm in enumerate(arms(tree), 1):
        for select in _selects(arm):
            made |= {(found.where, found.name): found for found in _of(select, str(nth), lines) if (found.where, found.name) not in made}
    return list(made.values())


def _selects(query: exp.Expr) -> list[exp.Select]:
    """The queries within a query and itself, the innermost first; one that is only asked whether it has a row is a condition of another."""
    from sqlglot import exp

    own = query.find_ancestor(exp.CTE)
    return [one for one in query.find_all(exp.Select) if one.find_ancestor(exp.CTE) is own and one.find_ancestor(exp.Exists) is None][::-1]


def _of(select: exp.Select, where: str, lines: Sequence[str]) -> list[Named]:
    made = []
    for join in joins(select):
        told = step(join, lines)
        made.append(Named(where, "look up" if join.side == "LEFT" else "join", told.name, told.sql))
    made += [Named(where, "condition", told.name, told.sql) for told in (step(one, lines) for one in conditions(select))]
    grouped = having(select, lines)
    if grouped is not None:
        made.append(Named(where, "group", grouped.name, grouped.sql))
    return [one for one in made if one.name]


def given(case: Case) -> list[str]:
    """The rows of a case, one sentence each: ``发放明细：A，所属期 2024-01 至 2024-04，金额 100.00元``."""
    return [f"{CONTRACT_ZH[contract]}：{'，'.join(_told(one))}" for contract, rows in case.given().items() for one in rows]


def expected(case: Case) -> list[str]:
    """The findings a case must yield, by the columns it holds to."""
    return ["，".join(f"{key}={told}" for key, told in one.items()) for one in case.expect]


def _told(row_: GivenRow) -> list[str]:
    told = [str(row_["id"])] if "id" in row_ else []
    for key, held in row_.items():
        if key == "periods":
            told.append(f"所属期 {value('period', held[0])} 至 {value('period', held[1])}")
        elif key != "id":
            told.append(f"{_WORDS.get(key) or column(key)} {value(key, held)}")
    return told or ["（默认值）"]


def _plain(held: Plain | tuple[DatedParameter, ...]) -> Plain:
    return tuple(str(one) for one in held) if isinstance(held, tuple) else held


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def tables_of(told: Mapping[str, Any]) -> str:
    """``needs`` and ``uses`` of a rule in Chinese: ``发放明细、死亡信息（有则用：追回与扣回）``."""
    used = "、".join(CONTRACT_ZH[one] for one in told["uses"])
    return "、".join(CONTRACT_ZH[one] for one in told["needs"]) + (f"（有则用：{used}）" if used else "")

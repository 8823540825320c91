"""Rules read as steps, and the SQL all engines share."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import sqlglot
from sqlglot import exp

import templates
from controls.checks import portable, steps, views
from controls.checks.catalogue import Rule, rules
from controls.checks.common import common
from controls.checks.engine import Source
from controls.checks.explained import trace
from controls.checks.runner import Sweep, opened
from controls.checks.schema import CONTRACTS, empty
from tests.bench._county_files import generate

LISTED = frozenset(portable.FUNCTIONS) | {"SUBSTRING", "CONCAT"}
"""CONCAT: how the parser calls two literals joined in a view."""


def filled(rule: Rule) -> str:
    """The SQL of a rule as it runs."""
    return rule.sql(views.conditions(common(), 202412))


def functions(text: str) -> set[str]:
    """The functions a text calls, by the names of the standard."""
    tree = sqlglot.parse_one(text, read="duckdb")
    called = {found.sql_name() if not isinstance(found, exp.Anonymous) else str(found.this).upper() for found in tree.find_all(exp.Func)}
    return called - {"AND", "OR", "CASE", "IF", "CAST"}


def test_a_rule_is_one_query_of_listed_functions() -> None:
    """Each rule is one query with the functions docs/own-rules.md lists, which Spark's grammar takes as well."""
    for rule in rules():
        parsed = sqlglot.parse(filled(rule), read="duckdb")
        assert len(parsed) == 1 and isinstance(parsed[0], exp.Query), rule.code
        assert functions(filled(rule)) <= LISTED, rule.code
        assert sqlglot.parse_one(filled(rule), read="spark") is not None


def test_a_step_bears_the_name_on_its_line() -> None:
    """The comment where a condition ends is its name; a join is told apart."""
    (rule,) = [one for one in rules() if one.code == "D1-POSTHUMOUS"]
    (arm,) = steps.steps(filled(rule))
    assert [(step.name, step.joins) for step in arm] == [
        ("死亡信息中有此人", True), ("能取到最后一次实付的姓名", True), ("证件号码没有空白或损坏", False), ("待遇按月发放", False),
        ("所属期在死亡当月之后", False),
    ]  # fmt: skip
    assert arm[-1].sql == "p.period > d.death_month"


def test_views_are_portable() -> None:
    """Views are one query of the listed functions too."""
    for name in templates.names("rules/views", ".sql"):
        text = templates.path(name).read_text(encoding="utf-8")
        given = {one: "c.part" if one == "columns" else "(1 = 1)" if one == "asked" else "(1)" for one in re.findall(r"\$\{(\w+)\}", text)}
        assert functions(Template(text).substitute(given)) <= LISTED, name


def test_every_rule_ends_somewhere_for_a_stranger() -> None:
    """Each rule's steps run on the engine; somebody of whom the data say nothing has no row to begin with."""
    with opened("duckdb", threads=1) as engine:
        sweep = Sweep(engine, _everything(), rules(), None, hurry=False)
        sweep.result()
        for rule in rules():
            found = trace.ended(engine, rule.sql(views.conditions(sweep.shared, sweep.as_of)), "110101190001010000")
            assert found and all(end.began == 0 for end in found), rule.code


def _everything() -> dict[str, list[Source]]:
    return {contract: [empty(contract)] for contract in CONTRACTS}


def test_every_condition_of_a_rule_bears_a_name() -> None:
    """A join or condition without its Chinese name would be told as SQL; none of those shipped is."""
    nameless = [(rule.code, step.sql) for rule in rules() for arm in steps.steps(filled(rule)) for step in arm if not step.name]
    assert nameless == []


def test_every_condition_within_a_rule_bears_a_name() -> None:
    """So does every join, condition and HAVING of its WITH queries and of the queries it joins: why-not follows the rule into them."""
    nameless = []
    for rule in rules():
        text = filled(rule)
        lines = text.split("\n")
        for query in steps.parsed(text).find_all(exp.Select):
            if query.find_ancestor(exp.Exists) is not None:
                continue
            nodes = [*(join for join in steps.joins(query) if join.side != "LEFT"), *steps.conditions(query)]
            found = [steps.step(node, lines) for node in nodes] + [one for one in (steps.having(query, lines),) if one is not None]
            nameless += [(rule.code, one.sql) for one in found if not one.name]
    assert nameless == []


def test_who_is_found_passes_every_step(tmp_path: Path) -> None:
    """Over a generated county: whoever a rule finds has rows left after every step of some arm, each step in the funnel; whoever it does not is told where.

    The steps are those of the text that ran, so an answer of why-not cannot contradict a finding.
    """
    generate(tmp_path, 120)
    given: dict[str, list[Source]] = {path.stem: [path] for path in sorted(tmp_path.glob("*.parquet"))}
    told = 0
    with opened("duckdb", threads=1) as engine:
        sweep = Sweep(engine, given, [rule for rule in rules() if rule.kind == "exact"], None, hurry=False)
        found = sweep.result().findings
        for rule in sweep.rules:
            people = {one.id_number for one in found if one.rule == rule.code and not one.evidence.persons}
            text = rule.sql(views.conditions(sweep.shared, sweep.as_of))
            for number in sorted(people)[:2]:
                ends = trace.ended(engine, text, number)
                assert any(one.began and one.step is None and all(left for _, left in one.funnel) for one in ends), (rule.code, number)
                told += 1
            others = sorted({one.id_number for one in found} - people)[:1]
            for number in others:
                for one in trace.ended(engine, text, number):
                    assert one.step is None or (one.began and one.funnel[-1] == (one.step, 0)), (rule.code, number)
    assert told >= 15

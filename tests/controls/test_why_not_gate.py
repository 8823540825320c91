"""The gate of why-not: of every false friend of every rule the answer names what decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from controls.checks.cases import Case, Placed, placed, tables
from controls.checks.catalogue import Rule, rules
from controls.checks.own_rules import cases_of
from controls.checks.runner import Sweep, opened
from controls.checks.why_not import Asking, WhyNot
from ledger.months import Month


def test_every_false_friend_is_told_what_decided() -> None:
    """For each person of each false friend the last line names a stage, a step, what is missing or the list without the number; rows reached are not denied."""
    wrong: list[str] = []
    asked = 0
    for rule in rules():
        for name, answer in _friends(rule):
            asked += 1
            said = answer.says()
            vague = "结论：所给资料中没有此号码" in said[-1] or "分组或取舍" in said[-1] or not answer.decided
            inside = any("SELECT" in line or " AND " in line or "_" in line.replace("__", "") for line in said)
            if vague or inside:
                wrong.append(f"{rule.code} {name}: {' / '.join(said)}")
    assert not wrong, "\n".join([f"{len(wrong)} of {asked}", *wrong])
    assert asked >= 184


def _friends(rule: Rule) -> Iterator[tuple[str, WhyNot]]:
    """The false friends of a rule, each person of them asked; those that can share a session do."""
    homes: dict[object, list[Case]] = defaultdict(list)
    for nth, case in enumerate(cases_of(rule)):
        if not case.expect:
            homes[nth if case.alone or case.fixed or rule.kind == "linked" else f"as of {case.as_of}"].append(case)
    for together in homes.values():
        given: list[Placed] = []
        lines: dict[str, int] = {}
        for nth, case in enumerate(together, 1):
            given.append(one := placed(case, 0 if case.alone or case.fixed or rule.kind == "linked" else nth, lines))
            for contract, rows in one.rows.items():
                lines[contract] = lines.get(contract, 2) + len(rows)
        as_of = together[0].as_of
        with opened("duckdb", threads=1) as engine:
            asking = Asking(Sweep(engine, tables(given), [rule], None if as_of is None else Month.from_number(as_of), hurry=False))
            for one in given:
                for number in sorted(one.numbers):
                    answer = asking.answer(rule, number)
                    assert not answer.findings, (rule.code, one.case.name_zh)
                    yield one.case.name_zh, answer

"""The gate of why-not: of every false friend of every rule the answer names what decided."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from controls.checks.cases import Case, Placed, placed, tables
from controls.checks.catalogue import Rule, rules
from controls.checks.own_rules import cases_of
from controls.checks.runner import Sweep, opened
from controls.checks.why_not import Asking, WhyNot
from ledger.months import Month

_VAGUE = ("结论：所给资料中没有此号码", "分组或取舍")
_SQL = re.compile(r"SELECT|EXISTS| AND | IS | IN \(|[a-z]\.[a-z]|[a-z]_[a-z]|<>|[0-9]{6,}元|[a-z]=")


def test_every_false_friend_is_told_what_decided() -> None:
    """For each person of each false friend the last line names a stage, a step, what is missing or the list without the number, in words and never in SQL."""
    wrong: list[str] = []
    friends: set[tuple[str, str]] = set()
    for rule, name, answer in _friends():
        friends.add((rule.code, name))
        said = answer.says()
        if answer.findings or not said[-1].startswith("结论：") or any(one in said[-1] for one in _VAGUE) or any(_SQL.search(line) for line in said):
            wrong.append(f"{rule.code} {name}: {' / '.join(said)}")
    assert not wrong, "\n".join([f"{len(wrong)}", *wrong])
    assert {code for code, _ in friends} == {rule.code for rule in rules()}
    assert len(friends) == sum(not case.expect for rule in rules() for case in cases_of(rule))


def _friends() -> Iterator[tuple[Rule, str, WhyNot]]:
    """Every false friend, each person of it asked; those that can share a session do, as in the self-test."""
    homes: dict[object, list[tuple[Rule, Case]]] = defaultdict(list)
    for rule in rules():
        for nth, case in enumerate(cases_of(rule)):
            if not case.expect:
                homes[(rule.code, nth) if case.alone or case.fixed or rule.kind == "linked" else case.as_of].append((rule, case))
    for home, together in homes.items():
        given: list[tuple[Rule, Placed]] = []
        lines: dict[str, int] = {}
        for nth, (rule, case) in enumerate(together, 1):
            one = placed(case, 0 if isinstance(home, tuple) else nth, lines)
            given.append((rule, one))
            for contract, rows in one.rows.items():
                lines[contract] = lines.get(contract, 2) + len(rows)
        as_of = together[0][1].as_of
        asked = sorted({rule.code: rule for rule, _ in given}.values(), key=lambda rule: rule.code)
        with opened("duckdb", threads=1) as engine:
            asking = Asking(Sweep(engine, tables([one for _, one in given]), asked, None if as_of is None else Month.from_number(as_of), hurry=False))
            for rule, one in given:
                for number in sorted(one.numbers):
                    yield rule, one.case.name_zh, asking.answer(rule, number)

"""The full catalogue: every check of the audit list is answered, every further rule finds what is planted and runs only when asked."""

from __future__ import annotations

import re
from pathlib import Path

from controls.checks import candidates
from controls.checks.audit_list import checks
from controls.checks.cases import Case, Placed, cases, placed, tables
from controls.checks.catalogue import chosen, codes, rules
from controls.checks.runner import run
from controls.checks.schema import CONTRACTS
from controls.checks.selftest import self_test
from ledger.months import Month
from tests.controls.canonical import table

ROOT = Path(__file__).parents[2]
FULL = tuple(rule.code for rule in rules() if rule.catalogue == "full")


def test_every_check_of_the_list_is_answered() -> None:
    """C01 to C57, each once; its rules exist and have cases, its tests are files; without a rule it says why."""
    listed = checks()
    assert [one.id for one in listed] == [f"C{number:02d}" for number in range(1, 58)]
    known = {rule.code for rule in rules()}
    assert {rule for one in listed for rule in one.rules} == known
    assert all((ROOT / proof).is_file() for one in listed for proof in one.proofs)


def test_the_further_rules_find_what_is_planted() -> None:
    """Every rule of the full catalogue finds its planted cases, leaves its false friends alone, and has at least two of those."""
    done = self_test(FULL)
    assert {code: one.wrong for code, one in done.items() if not one.trusted} == {}
    assert all(sum(not case.expect for case in cases(code)) >= 2 for code in FULL)


def test_the_further_rules_run_only_when_asked() -> None:
    """Nothing asked: the first catalogue. ``all``: every rule, none of them stumbling over empty tables; one whose columns are blank is listed as not run."""
    assert tuple(rule.code for rule in chosen(None)) == codes() and not set(codes()) & set(FULL)
    assert [rule.code for rule in chosen(["all"])] == sorted({*codes(), *FULL})
    result = run({contract: [table(contract, [])] for contract in CONTRACTS}, rules=["all"], threads=1)
    blank = {rule.code for rule in rules() if rule.fields}
    assert set(FULL) - blank <= set(result.rules_run) and result.findings == ()
    assert blank <= {one.rule for one in result.not_run}


def beside(posed: list[Case]) -> list[Placed]:
    """The cases with people and lines of their own."""
    made: list[Placed] = []
    lines: dict[str, int] = {}
    for nth, case in enumerate(posed, start=1):
        made.append(placed(case, 0 if case.fixed else nth, lines))
        for contract, rows in made[-1].rows.items():
            lines[contract] = lines.get(contract, 2) + len(rows)
    return made


def test_a_rule_finds_the_same_among_its_candidates_as_among_all() -> None:
    """Each rule with candidates of its own, over what all of them plant: the shortcut changes no byte of a finding."""
    quick = [rule for rule in rules() if rule.code in candidates.ALL and rule.kind == "exact"]
    posed = [case for rule in quick for case in cases(rule.code) if not case.alone]
    given = tables(beside(posed))
    for rule in quick:
        assert run(given, rules=[rule.code], threads=1).findings == run(given, rules=[rule.code], threads=1, hurry=False).findings, rule.code


def test_months_after_the_as_of_month_are_no_facts_yet() -> None:
    """Every rule over what all rules plant, asked as of an earlier month: no finding speaks of a later period, and a year is one that has begun."""
    together = beside([case for rule in rules() for case in cases(rule.code) if not case.fixed])
    yearly = {rule.code for rule in rules() if rule.grain == "year"}
    late: set[str] = set()
    for month in (Month(2023, 6), Month(2024, 3)):
        for finding in run(tables(together), rules=["all"], as_of=month, threads=1).findings:
            last = month.year * 100 + 12 if finding.rule in yearly else month.number
            late |= {finding.rule} if max(finding.periods) > last else set()
    assert late == set()


def test_a_paragraph_from_memory_is_marked() -> None:
    """A paragraph that the domain notes do not give is marked as from memory, to be checked."""
    known = re.compile(r"社会保险法|社会保险经办条例|工伤保险条例|失业保险条例|医疗保障基金使用监督管理条例|社会救助暂行办法|GB 11643")
    loose = [
        (rule.code, basis) for rule in rules() if rule.catalogue == "full" for basis in rule.legal_basis if "须核对" not in basis and not known.match(basis)
    ]
    assert loose == []

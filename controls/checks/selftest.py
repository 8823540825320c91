"""The self-test of the rules (规则自检, F18): before a rule is believed, its own planted leads must be found and its false friends left alone.

All cases of a rule that can share a run do so. A rule that misses one is not trusted: the audit room leaves it out and says why.
In one process the same rules and cases, by content, are run once.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import templates
from controls.checks import own_rules
from controls.checks.cases import FOLDER, Case, Placed, placed, tables
from controls.checks.catalogue import chosen, own
from controls.checks.duck import sql_error
from controls.checks.runner import run
from controls.findings import Finding
from ledger.errors import Refusal
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What a rule did with its own cases: how many leads were planted and found, how many false friends stayed clean, and what went wrong."""

    rule: str
    planted: int
    found: int
    friends: int
    clean: int
    wrong: tuple[str, ...]

    @property
    def trusted(self) -> bool:
        """Every planted lead found exactly and every false friend left alone."""
        return not self.wrong

    @property
    def says(self) -> str:
        """The result in Chinese: ``植入4/4，易混3/3``, with what went wrong."""
        if not self.planted + self.friends:
            return "没有自检案例"
        counts = f"植入{self.found}/{self.planted}，易混{self.clean}/{self.friends}"
        return counts + (f"；未通过：{'、'.join(self.wrong[:3])}{'……' if len(self.wrong) > 3 else ''}" if self.wrong else "")


@dataclass(frozen=True, slots=True)
class _Posed:
    """A case of a rule, and whether the rule is linked."""

    rule: str
    case: Case
    linked: bool


def self_test(wanted: Iterable[str] | None = None) -> dict[str, SelfTest]:
    """Runs the cases of the rules asked for (all when None), by code; raises SB3201 for an unknown rule."""
    return dict(_tested(tuple(rule.code for rule in chosen(wanted)), _content()))


def _content() -> str:
    """A digest of every rule, shared view and case as they lie on disk now."""
    digest = hashlib.sha256()
    for folder, suffix in (("rules", ".yaml"), ("rules", ".sql"), ("rules/views", ".sql"), (FOLDER, ".yaml")):
        for name in templates.names(folder, suffix):
            digest.update(f"{name}\n".encode() + templates.path(name).read_bytes())
    digest.update("\n".join(own_rules.content(rule) for rule in own()).encode())
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _tested(codes: tuple[str, ...], content: str) -> Mapping[str, SelfTest]:
    asked = chosen(codes)
    posed = [_Posed(rule.code, case, rule.kind == "linked") for rule in asked for case in own_rules.cases_of(rule)]
    wrong: dict[int, str] = {}
    for batch in _batches(posed):
        wrong |= _run(posed, batch)
    return {rule.code: _told(rule.code, [(one.case, wrong[place]) for place, one in enumerate(posed) if one.rule == rule.code]) for rule in asked}


def _told(rule: str, done: Sequence[tuple[Case, str]]) -> SelfTest:
    planted = [not why for case, why in done if case.expect]
    friends = [not why for case, why in done if not case.expect]
    wrong = tuple(f"{case.name_zh}（{why}）" for case, why in done if why)
    return SelfTest(rule, len(planted), sum(planted), len(friends), sum(friends), wrong)


def _batches(posed: Sequence[_Posed]) -> list[list[int]]:
    """Which cases run together: one as-of month, exact or linked; of those that keep their numbers, no person in two of them; those marked run alone."""
    made: dict[tuple[object, ...], list[tuple[list[int], set[str]]]] = defaultdict(list)
    for place, one in enumerate(posed):
        keeps = one.case.people_given if one.linked or one.case.fixed else frozenset()
        homes = made[(place,) if one.case.alone else (one.linked, one.case.as_of)]
        home = next((home for home in homes if home[1].isdisjoint(keeps)), None)
        if home is None:
            home = ([], set())
            homes.append(home)
        home[0].append(place)
        home[1].update(keeps)
    return [batch for homes in made.values() for batch, _ in homes]


def _run(posed: Sequence[_Posed], batch: Sequence[int]) -> dict[int, str]:
    """For each case of a batch what is wrong with it, blank when nothing. A rule that cannot run spoils its own cases only."""
    together: dict[int, Placed] = {}
    lines: dict[str, int] = {}
    for nth, place in enumerate(batch, start=1):
        own = posed[place]
        together[place] = one = placed(own.case, 0 if own.linked or own.case.fixed else nth, lines)
        for contract, rows in one.rows.items():
            lines[contract] = lines.get(contract, 2) + len(rows)
    codes = sorted({posed[place].rule for place in batch})
    as_of = posed[batch[0]].case.as_of
    try:
        result = run(tables(list(together.values())), rules=codes, as_of=None if as_of is None else Month.from_number(as_of), threads=1)
    except (Refusal, ValueError, KeyError, TypeError, sql_error()) as failed:
        if len(codes) == 1:
            return dict.fromkeys(batch, f"不能运行：{type(failed).__name__}")
        parts = ([place for place in batch if posed[place].rule == code] for code in codes)
        return {place: why for part in parts for place, why in _run(posed, part).items()}
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in result.findings:
        for number in {finding.id_number, *finding.evidence.persons}:
            found[finding.rule, number].append(finding)
    return {place: _difference(one, _own(found, posed[place].rule, one)) for place, one in together.items()}


def _own(found: Mapping[tuple[str, str], Sequence[Finding]], rule: str, one: Placed) -> list[Finding]:
    """The findings of a rule on the people of a case, each once."""
    return list({finding.finding_id: finding for number in one.numbers for finding in found.get((rule, number), ())}.values())


def _difference(one: Placed, found: Sequence[Finding]) -> str:
    """Blank when the findings are exactly those expected."""
    left = [finding.row() for finding in found]
    missing = 0
    for wanted in one.expect:
        same = next((row for row in left if all(row[key] == value for key, value in wanted.items())), None)
        if same is None:
            missing += 1
        else:
            left.remove(same)
    return "、".join(text for text in (f"少{missing}条" if missing else "", f"多{len(left)}条" if left else "") if text)

"""Compares findings with the truth (比对): precision and recall by rule, to the period count and the fen.

A finding is right when rule, number, fund, region, months and amount all equal a truth row of kind ``exact``. Linked
rules (D2, P4) are judged by probability: they are shown, found by rule and number, and never decide the verdict.
Rules that the sweep did not run, as its ``summary.json`` beside the findings says, are shown as such and never count as
passed: their truth rows are numbered among ``not_run``.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ledger.money import parse_fen
from shebao.demo.errors import DemoFolder, ScoreFileUnusable

KEY = ("rule", "id_number", "fund", "region", "months", "amount")
LINKED = ("D2-POSTHUMOUS-LINKED", "P4-TWO-NUMBERS")
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule: how many the truth has, how many were found, how many are right. ``linked`` rules and rules not run do not count."""

    rule: str
    truth: int
    found: int
    right: int
    linked: bool = False
    run: bool = True

    @property
    def precision(self) -> float:
        """Right of found; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Right of truth; 1 when there was nothing to find."""
        return self.right / self.truth if self.truth else 1.0

    @property
    def perfect(self) -> bool:
        return self.right == self.truth == self.found


@dataclass(frozen=True, slots=True)
class Score:
    """All rules, and what is missing or too much among the exact ones, each as its key."""

    rules: list[RuleScore]
    missing: list[Key]
    extra: list[Key]

    @property
    def perfect(self) -> bool:
        """Whether every exact rule that ran is at 100 % and 100 %, and at least one ran."""
        counted = [rule for rule in self.rules if rule.run and not rule.linked]
        return bool(counted) and all(rule.perfect for rule in counted)

    @property
    def not_run(self) -> int:
        """Truth rows whose rule was not run."""
        return sum(rule.truth for rule in self.rules if not rule.run)

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: rules with precision and recall in thousandths, and the differences."""
        return {
            "perfect": self.perfect,
            "not_run": self.not_run,
            "rules": [{**asdict(r), "precision": f"{r.precision:.3f}", "recall": f"{r.recall:.3f}"} for r in self.rules],
            "missing": [dict(zip(KEY, key, strict=True)) for key in self.missing],
            "extra": [dict(zip(KEY, key, strict=True)) for key in self.extra],
        }


def score(truth: Path, findings: Path) -> Score:
    """Reads both files and compares; raises SB6503 for a missing file and SB6505 for missing columns."""
    wanted, found = list(_rows(truth)), list(_rows(findings))
    ran = _rules_run(findings)
    exact_wanted = Counter(_key(row) for row in wanted if row.get("kind") != "linked")
    exact_found = Counter(_key(row) for row in found if row["rule"] not in LINKED)
    right = exact_wanted & exact_found
    rules = [
        RuleScore(rule, _of(exact_wanted, rule), _of(exact_found, rule), _of(right, rule), run=ran is None or rule in ran)
        for rule in sorted({key[0] for key in (*exact_wanted, *exact_found)})
    ]
    for rule in LINKED:
        there = {row["id_number"] for row in wanted if row["rule"] == rule}
        seen = {row["id_number"] for row in found if row["rule"] == rule}
        if there or seen:
            rules.append(RuleScore(rule, len(there), len(seen), len(there & seen), linked=True, run=ran is None or rule in ran))
    missing = sorted(key for key in (exact_wanted - exact_found).elements() if ran is None or key[0] in ran)
    extra = sorted((exact_found - exact_wanted).elements())
    return Score(rules, missing, extra)


def _rules_run(findings: Path) -> set[str] | None:
    """Codes of the rules that ran, by the summary beside the findings; None when there is no summary, then all count."""
    path = findings.parent / "summary.json"
    return set(json.loads(path.read_text(encoding="utf-8"))["rules_run"]) if path.exists() else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.exists():
        raise DemoFolder(file=path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        lacking = [column for column in KEY if column not in (reader.fieldnames or [])]
        if lacking:
            raise ScoreFileUnusable(file=path.name, columns="、".join(lacking))
        yield from reader


def _key(row: dict[str, str]) -> Key:
    return (row["rule"], row["id_number"], row["fund"], row["region"], row["months"], str(parse_fen(row["amount"])))


def _of(counts: Counter[Key], rule: str) -> int:
    return sum(count for key, count in counts.items() if key[0] == rule)

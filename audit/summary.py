"""``summary.json``: what was read, what was left out and why, which rules ran, what they found (FORMATS.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import templates
from audit.inputs import Input, names_apart
from controls.checks.catalogue import chosen, rules
from controls.checks.runner import CheckResult
from controls.checks.selftest import SelfTest
from controls.findings import KNOWING, Finding, Severity
from controls.intake.coverage import gaps_text, period_text
from ledger.money import Fen, show

PARTS = ("recoverable", "account", "unsplit")
KNOWN = ("before", "after", "unknown")
"""Money paid after a death: before the office could know (获知前已发), after (知后仍发), and where no date tells (无法区分)."""


@dataclass(slots=True)
class _Tally:
    """What one rule found: how many leads, in all and by level, their fen, and the parts of it that the items tell."""

    findings: int = 0
    amount: Fen = 0
    levels: dict[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))
    parts: dict[str, Fen] = field(default_factory=dict)
    known: dict[str, Fen] = field(default_factory=lambda: dict.fromkeys(KNOWN, 0))


def _tallies(findings: Iterable[Finding]) -> dict[str, _Tally]:
    """By rule, in one pass: the findings may lie in a file."""
    told: dict[str, _Tally] = {}
    for one in findings:
        tally = told.get(one.rule) or told.setdefault(one.rule, _Tally())
        tally.findings += 1
        tally.amount += one.amount
        tally.levels[one.severity] += 1
        if one.evidence.recoverable is not None or one.evidence.unsplit is not None:
            for name in PARTS:
                tally.parts[name] = tally.parts.get(name, 0) + (getattr(one.evidence, name) or 0)
        split = one.evidence.known_before, one.evidence.known_after
        for name, fen in zip(KNOWN, (*split, None) if None not in split else (None, None, one.amount), strict=True):
            tally.known[name] += fen or 0
    return told


def of(inputs: Sequence[Input], result: CheckResult, tested: Mapping[str, SelfTest], *, findings_sha256: str, seconds: float) -> dict[str, Any]:
    """The summary of a sweep; amounts are yuan with two decimals, as text."""
    tallies = _tallies(result.findings)
    return {
        "version": metadata.version("shebao-fund-ledger"),
        "engine": result.engine,
        "as_of": result.as_of.last_day.isoformat() if result.as_of else None,
        "seconds": round(seconds, 3),
        "seconds_by_step": {name: round(took, 3) for name, took in result.seconds.items()},
        "inputs": [_input(one) for one in inputs],
        "sha256": {"inputs": _digests(inputs), "findings.csv": findings_sha256},
        "rows_read": _rows_read(inputs),
        "rows_left_out": _left_out(inputs, result),
        "warnings": _warnings(inputs),
        "unmatched_reversals": [
            {"row": str(one.row), "status": one.status, "amount": _yuan(one.amount), "left": _yuan(one.left)} for one in result.unmatched
        ],
        "rules_run": list(result.rules_run),
        "rules_not_run": _not_run(result),
        "rules_available": _available(result),
        "templates_unused": templates.unused(),
        "findings": len(result.findings),
        "findings_by_rule": {rule: _by_rule(tallies.get(rule, _Tally())) for rule in result.rules_run},
        "recoverable_by_rule": _recoverable(tallies),
        "known_by_rule": _known(result, tallies),
        "self_test": _self_tests(result, tallies, tested),
        "distinct_amount": _yuan(result.distinct_amount),
        "bad_numbers": {
            bad.contract: {"rows": bad.rows, "first": [{"row": row, "number": number} for row, number in bad.first]} for bad in result.bad_numbers
        },
    }  # fmt: skip


def _input(one: Input) -> dict[str, Any]:
    told: dict[str, Any] = {
        "contract": one.contract, "file": one.file, "sha256": one.sha256, "rows_read": one.rows_read, "rows_good": one.rows_good,
        "rows_rejected": one.rows_rejected, "amount": None if one.amount is None else _yuan(one.amount), "kind": one.kind,
    }  # fmt: skip
    told["snapshot"] = _covers(one)
    if one.taken is not None:
        head = one.taken.header
        told |= {"header_line": head.header_line, "recognised": head.recognised, "unused": head.unused, "unknown": head.unknown, "given": head.given}
        told |= {"encoding": one.taken.encoding, "sheet": one.taken.sheet, "unknown_items": one.taken.unknown_items}
        told |= {"unknown_statuses": one.taken.unknown_statuses, "totals_proved": len(one.taken.totals)}
    return told


def _covers(one: Input) -> dict[str, Any]:
    """How the sweep cites a file: who sent it, what it covers, to which day it can be trusted, and what may be concluded from it."""
    covered = one.coverage
    first, last = (period_text(period) for period in (min(covered.periods, default=0), max(covered.periods, default=0)))
    return {
        "source": "、".join(one.senders), "funds": list(covered.funds), "regions": list(covered.regions), "first": first, "last": last,
        "gaps": gaps_text(covered.gaps), "events": {name: [days.first, days.last] for name, days in covered.events.items()},
        "until": covered.until("", False), "coverage_sha256": covered.digest(), "says": covered.says("", False),
    }  # fmt: skip


def _digests(inputs: Sequence[Input]) -> dict[str, str]:
    return {f"{one.contract}:{name}": one.sha256 for one, name in zip(inputs, names_apart(inputs), strict=True)}


def _rows_read(inputs: Sequence[Input]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for one in inputs:
        rows[one.contract] = rows.get(one.contract, 0) + one.rows_read
    return rows


def _left_out(inputs: Sequence[Input], result: CheckResult) -> list[dict[str, Any]]:
    rejected = [
        {"contract": one.contract, "code": "rejected", "reason": f"坏行（{one.file}），见 rejects.xlsx", "rows": one.rows_rejected, "amount": None}
        for one in inputs
        if one.rows_rejected
    ]
    kept = [{"contract": one.contract, "code": one.code, "reason": one.reason, "rows": one.rows, "amount": _yuan(one.amount)} for one in result.left_out]
    return rejected + kept


def _warnings(inputs: Sequence[Input]) -> list[dict[str, Any]]:
    return [
        {"contract": one.contract, "file": one.file, "code": warned.code, "reason": warned.reason, "count": warned.count, "line": warned.line}
        for one in inputs
        for warned in one.warnings
    ]


def _not_run(result: CheckResult) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in result.not_run:
        text = f"{one.scope}：{one.reason}" if one.scope else one.reason
        told[one.rule] = f"{told[one.rule]}；{text}" if one.rule in told else text
    return told


def _by_rule(tally: _Tally) -> dict[str, Any]:
    return {"findings": tally.findings, "amount": _yuan(tally.amount), **{level.value: count for level, count in tally.levels.items()}}


def _recoverable(tallies: Mapping[str, _Tally]) -> dict[str, dict[str, str]]:
    """By rule, where the items tell the parts: what may be claimed for certain, the account part (an advance), and what has to be split first (待拆分)."""
    return {rule: {name: _yuan(fen) for name, fen in tally.parts.items()} for rule, tally in sorted(tallies.items()) if tally.parts}


def _known(result: CheckResult, tallies: Mapping[str, _Tally]) -> dict[str, dict[str, str]]:
    """By rule on payments after a death that ran: what was paid before the office could know, after it could, and where nothing tells."""
    return {code: {name: _yuan(fen) for name, fen in tallies.get(code, _Tally()).known.items()} for code in result.rules_run if code in KNOWING}


def _available(result: CheckResult) -> dict[str, str]:
    """Rules that nobody asked for, with their names: the first catalogue is not all there is."""
    asked = {*result.rules_run, *(one.rule for one in result.not_run)}
    return {rule.code: rule.name_zh for rule in rules() if rule.code not in asked}


def _self_tests(result: CheckResult, tallies: Mapping[str, _Tally], tested: Mapping[str, SelfTest]) -> dict[str, dict[str, Any]]:
    """How far each rule can be believed: rows it looked at, hits, its planted leads and false friends; precision needs closed cases, which files have not."""
    told = {}
    for rule in chosen(tested):
        test = tested[rule.code]
        rows = sum(result.rows_read.get(contract, 0) for contract in {*rule.needs, *rule.uses})
        told[rule.code] = {
            "rows_scanned": rows if rule.code in result.rules_run else 0, "hits": tallies.get(rule.code, _Tally()).findings,
            "planted": test.planted, "planted_found": test.found, "false_friends": test.friends, "false_friends_clean": test.clean,
            "trusted": test.trusted, "wrong": list(test.wrong), "precision": None, "precision_why": "文件检查没有已办结的案件，准确率无从计算",
        }  # fmt: skip
    return told


def _yuan(fen: Fen) -> str:
    return show(fen, grouped=False)


def write(path: Path, told: dict[str, Any]) -> Path:
    """Writes the summary as indented JSON, keys in the order above, Chinese unescaped."""
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    return path

"""Texts of the office's own rules (本单位规则) that were swept: kept as they were written, so that what was asked can be seen for as long as its leads are.

A rule is its code and the digest of its text (:func:`controls.sweeps.seen.text_digest`); a text is kept once, with the sweep that first ran it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from controls.checks.catalogue import Rule, chosen
from controls.checks.own_rules import OwnRule
from controls.sweep_tables import lead, lead_version, rule_text
from controls.sweeps.seen import text_digest
from ledger.entries import digest

Written = Mapping[str, Mapping[str, str]]
"""Code → the rule's files as they were written."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """One text of a rule of the office's own: ``described`` YAML, ``text`` SQL, ``cases`` YAML or ''; ``first_sweep`` is the sweep that brought it."""

    rule: str
    sha256: str
    described: str
    text: str
    cases: str
    first_sweep: int


def written(rules: Iterable[Rule]) -> dict[str, dict[str, str]]:
    """The files of those rules that are the office's own."""
    return {rule.code: rule.written for rule in rules if isinstance(rule, OwnRule)}


def digests(rules: Iterable[Rule]) -> dict[str, str]:
    """Code → digest of the text, of those rules that are the office's own."""
    return {rule.code: text_digest(rule) for rule in rules if isinstance(rule, OwnRule)}


def rows(connection: sa.Connection, number: int, given: Written) -> list[dict[str, Any]]:
    """Rows for the texts that are not kept yet."""
    known = {(one.rule, one.sha256) for one in texts(connection)}
    made = [{"rule": code, "sha256": digest(dict(files)), **files, "first_sweep": number} for code, files in sorted(given.items())]
    return [row for row in made if (row["rule"], row["sha256"]) not in known]


def texts(connection: sa.Connection, rule: str | None = None) -> list[RuleText]:
    """Every text kept, of one rule (code, or its part before the first hyphen) if given, by rule and sweep."""
    asked = sa.select(rule_text).order_by(rule_text.c.rule, rule_text.c.first_sweep)
    found = [RuleText(**row._mapping) for row in connection.execute(asked)]
    wanted = (rule or "").strip().upper()
    return [one for one in found if not wanted or wanted in (one.rule, one.rule.partition("-")[0])]


def left(connection: sa.Connection, run: Iterable[str]) -> dict[str, int]:
    """Own rules that were swept before and are not among ``run``: code → leads that stand as they were."""
    found = {one.rule: 0 for one in texts(connection)}
    for code in run:
        found.pop(code, None)
    if found:
        later = lead_version.alias()
        last = sa.select(sa.func.max(later.c.version)).where(later.c.finding_id == lead_version.c.finding_id).scalar_subquery()
        asked = (
            sa.select(lead.c.rule, sa.func.count())
            .join(lead_version, lead_version.c.finding_id == lead.c.finding_id)
            .where(lead.c.rule.in_(list(found)), lead_version.c.version == last, lead_version.c.state != "withdrawn")
            .group_by(lead.c.rule)
        )
        found.update((code, count) for code, count in connection.execute(asked))
    return found


def codes(connection: sa.Connection, wanted: Sequence[str]) -> list[str]:
    """The codes asked for, of rules that ship and of the office's own that were swept; raises SB3201 for any other."""
    found: set[str] = set()
    for one in wanted:
        own = {kept.rule for kept in texts(connection, one)} if one.strip() else set()
        found |= own or {rule.code for rule in chosen([one])}
    return sorted(found)

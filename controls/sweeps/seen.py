"""What a rule has seen (水位): the sources it read with their digests, the law it was run by, the as-of month asked for.

A rule that has seen what the store holds now says today what it said then; it need not be run again. One whose payments are unchanged is asked again only of
the persons that new files speak of, where its findings on a person hang on that person's rows alone (:data:`BY_PERSON`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import templates
from controls import checks, findings
from controls.checks.catalogue import Rule
from controls.checks.own_rules import OwnRule
from controls.sweeps.extract import Source
from ledger.entries import canonical, digest

Seen = dict[str, dict[str, str]]
"""Contract → source key → digest."""

EVERYWHERE = ("payments", "recoveries")
"""What every rule hangs on: whose name was last paid, the last period paid, and how much came back."""

BY_PERSON = frozenset(
    {
        "D1-POSTHUMOUS", "D3-REVIVED", "E3-CUSTODY", "I1-BAD-NUMBER", "I2-NAME-DIFFERS", "P1-TWO-SCHEMES", "P2-TWO-REGIONS", "P3-TWICE",
        "P5-PENSION-UNEMPLOYMENT",
    }
)  # fmt: skip
"""Rules whose SQL joins rows of one number only. Not: shared accounts, linked rules, rules that count people or look at a whole file, premiums."""
ALONE = frozenset({"deaths", "people", "custody", "recoveries"})
"""Contracts whose change concerns the persons they name and nobody else."""


@dataclass(frozen=True, slots=True)
class Watermark:
    """The last a rule was seen to: ``law`` is the digest of its text, a colon, that of all it shares; ``asked`` the as-of month asked for, '' the last paid."""

    rule: str
    law: str
    seen: Seen
    asked: str


def needed(rule: Rule, sources: Iterable[Source]) -> Seen:
    """What ``rule`` would see now."""
    contracts = {*EVERYWHERE, *rule.needs, *rule.uses}
    found: Seen = {}
    for one in sources:
        if one.contract in contracts:
            # The name too: evidence rows bear it.
            found.setdefault(one.contract, {})[one.key] = f"{one.digest}:{one.name}"
    return found


def stands(before: Watermark | None, now: Watermark) -> bool:
    """Whether nothing that the rule hangs on has changed."""
    return before == now


def touched(before: Watermark | None, now: Watermark) -> frozenset[tuple[str, str]] | None:
    """(contract, source key) of what came or went, when only the persons in it need be asked again; None when the rule must be run whole."""
    if before is None or (before.law, before.asked) != (now.law, now.asked) or now.rule not in BY_PERSON or before.seen.keys() != now.seen.keys():
        return None
    changed = {contract for contract in now.seen if before.seen[contract] != now.seen[contract]}
    if not changed <= ALONE:
        return None
    moved = {(contract, key) for contract in changed for key, _ in before.seen[contract].items() ^ now.seen[contract].items()}
    # A source that was there then and is there now with other content cannot be read as it was.
    both = {(contract, key) for contract, key in moved if key in before.seen[contract] and key in now.seen[contract]}
    return None if both else frozenset(moved)


def laws(rules: Iterable[Rule]) -> dict[str, str]:
    """Code → digest of the rule's own texts and cases, a colon, and the digest of what all rules share and of the program that runs them."""
    shared = _shared()
    return {rule.code: f"{_own(rule)}:{shared}" for rule in rules}


def text_digest(rule: OwnRule) -> str:
    """Digest of a rule of the office's own as it was written: with its code its identity in the store."""
    return digest(rule.written)


def why_gone(before: Watermark | None, now: Watermark) -> str:
    """Why a lead may not be found any more: ``text`` (the rule's text changed), ``program`` (what all rules share changed), or else ``facts``."""
    if before is None or before.law == now.law:
        return "facts"
    return "program" if before.law.partition(":")[0] == now.law.partition(":")[0] else "text"


def _own(rule: Rule) -> str:
    if isinstance(rule, OwnRule):
        return text_digest(rule)
    names = (f"rules/{rule.code}.yaml", rule.sql_name, f"rules/cases/{rule.code}.yaml")
    return _digest([name for name in names if _there(name)])


def _there(name: str) -> bool:
    try:
        return templates.path(name).is_file()
    except FileNotFoundError:
        return False


def _shared() -> str:
    names = [name for name in templates.names("rules", ".yaml") if not name.rpartition("/")[2][0].isupper()]
    names += [*templates.names("rules/views", ".sql"), *templates.names("parameters", ".yaml"), "regions.yaml"]
    made = hashlib.sha256(_digest(sorted(names)).encode())
    for file in sorted(Path(checks.__file__).parent.glob("*.py")):
        made.update(file.name.encode() + file.read_bytes())
    made.update(Path(findings.__file__).read_bytes())
    return made.hexdigest()


def _digest(names: Sequence[str]) -> str:
    made = hashlib.sha256()
    for name in names:
        made.update(f"{name}\n".encode() + templates.path(name).read_bytes())
    return made.hexdigest()


def as_text(seen: Mapping[str, Mapping[str, str]]) -> str:
    """Canonical JSON of what was seen."""
    return canonical(seen)


def from_text(text: str) -> Seen:
    """The same read back."""
    found: Seen = json.loads(text)
    return found

"""Linked rules (关联比对): whether two records with different numbers speak of one person, and why (pure functions).

Integer weights from ``templates/rules/linkage.yaml``; their sum is the confidence in thousandths, the steps are what a
finding shows. Nobody is linked by name alone, and numbers are never merged: a link is a lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from controls.findings import Severity
from ledger.identity.sameness import one_digit, swapped
from ledger.lawfile import LawFile, read

FILE = "rules/linkage.yaml"


class Weights(LawFile):
    """``templates/rules/linkage.yaml``."""

    weights: dict[str, int]
    steps_zh: dict[str, str]
    least: int
    most: int


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights in force."""
    return read(Weights, FILE)


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared: the normal number ('' when there is none to use), whether it is valid, the name normalised, the birth date as
    ``YYYYMMDD`` ('' unknown) and the regions it may belong to (empty: unknown)."""

    number: str
    number_ok: bool
    name_norm: str
    birth: str
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """Why two records are taken for one person. ``steps``: Chinese, in the order of the evidence, each with its weight."""

    severity: Severity
    confidence: int
    steps: tuple[str, ...]


def birth_of(number: str) -> str:
    """The birth date digits of an 18-digit number, '' when there are none."""
    return number[6:14] if len(number) == 18 and number[6:14].isdigit() else ""


def link(one: Record, two: Record) -> Link | None:
    """The link of two records with different numbers; None when they contradict each other or too little speaks for it.

    High: same name and birth date (and region where known), and the numbers one digit or one swap apart, or one of
    them failing its check digit or missing. Two valid numbers further apart are low. A number that is one digit or one
    swap off is itself no evidence of another birth date.
    """
    if not one.name_norm or one.name_norm != two.name_norm or (one.number and one.number == two.number):
        return None
    relation = _relation(one, two)
    births = {one.birth, two.birth} - {""}
    same_birth = bool(one.birth) and one.birth == two.birth
    if len(births) == 2 and relation not in ("one_digit", "swapped"):
        return None
    if not same_birth and relation not in ("one_digit", "swapped"):
        return None
    known = bool(one.regions) and bool(two.regions)
    if known and not one.regions & two.regions:
        return None
    found = ["name", *(["birth"] if same_birth else []), *(["region"] if known else []), relation]
    law = weights()
    confidence = min(sum(law.weights[step] for step in found), law.most)
    if confidence < law.least:
        return None
    severity = Severity.LOW if relation == "far" else Severity.HIGH if same_birth else Severity.MEDIUM
    return Link(severity, confidence, tuple(f"{law.steps_zh[step]} {law.weights[step]:+d}" for step in found))


def _relation(one: Record, two: Record) -> str:
    if not one.number or not two.number:
        return "missing"
    if one_digit(one.number, two.number):
        return "one_digit"
    if swapped(one.number, two.number):
        return "swapped"
    return "check_fails" if not (one.number_ok and two.number_ok) else "far"

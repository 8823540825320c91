"""Linked rules (关联比对): whether two records with different numbers speak of one person, and why (pure functions).

Integer weights from ``templates/rules/linkage.yaml``; their sum is the confidence in thousandths, the steps are what a
finding shows. Nobody is linked by name alone, and numbers are never merged: a link is a lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from controls.findings import Severity
from ledger.identity.sameness import one_digit, swapped
from ledger.lawfile import LawFile, Strict, read
from ledger.name_compare import Grade, compare

FILE = "rules/linkage.yaml"


class Common(Strict):
    """How much a name proves less that at least ``of`` in 100,000 bear."""

    of: int
    weight: int


class Weights(LawFile):
    """``templates/rules/linkage.yaml``."""

    weights: dict[str, int]
    steps_zh: dict[str, str]
    least: int
    most: int
    least_bearers: int
    common_zh: str
    common: tuple[Common, ...]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights in force."""
    return read(Weights, FILE)


class Kind(StrEnum):
    """What a link speaks of: one registration mistyped, two valid registrations with more in common than name and birth date, or a mere lead."""

    SLIP = "slip"
    DOUBLE = "double"
    LEAD = "lead"

    @property
    def zh(self) -> str:
        """The kind in Chinese."""
        return {"slip": "号码有误或缺失", "double": "疑似双重户籍", "lead": "仅作线索"}[self.value]


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared: the normal number ('' when there is none to use), whether it is valid, the name normalised, the birth date as
    ``YYYYMMDD`` or ``YYYY`` ('' unknown) and the regions it may belong to (empty: unknown). Bank accounts, address and sex ('' unknown)
    speak where both sides have them. ``bearers``: persons of that name in each 100,000 of the data, 0 for an uncommon name."""

    number: str
    number_ok: bool
    name_norm: str
    birth: str
    regions: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    address: str = ""
    sex: str = ""
    bearers: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """Why two records are taken for one person. ``steps``: Chinese, in the order of the evidence, each with its weight.

    ``alike``: the names are equal or variants of each other, or sound or look alike.
    """

    severity: Severity
    confidence: int
    steps: tuple[str, ...]
    kind: Kind = Kind.SLIP
    alike: bool = True


_GRADES = {
    Grade.EQUAL: "name",
    Grade.NORMALISED: "name",
    Grade.VARIANT: "name_variant",
    Grade.RARE: "name_variant",
    Grade.SAME_SOUND: "name_sound",
    Grade.SAME_SHAPE: "name_shape",
    Grade.NEAR_SOUND: "name_other",
    Grade.ORDER: "name_other",
    Grade.CUT: "name_other",
    Grade.ONE_CHARACTER: "name_other",
}


def birth_of(number: str) -> str:
    """The birth date digits of an 18-digit number, '' when there are none."""
    return number[6:14] if len(number) == 18 and number[6:14].isdigit() else ""


def bearers(count: int, persons: int) -> int:
    """How many in each 100,000 bear a name that ``count`` of ``persons`` bear; 0 where too few bear it to call it common."""
    return count * 100_000 // persons if persons and count >= weights().least_bearers else 0


def link(one: Record, two: Record) -> Link | None:
    """The link of two records with different numbers; None when they contradict each other or too little speaks for it.

    High: same name and birth date (and region where known), and the numbers one digit or one swap apart, or one of
    them failing its check digit or missing; with a shared account or address also where a number one slip apart comes
    with a name that sounds or looks alike, or a birth date that is off. Two valid numbers further apart are low. A
    number that is one digit or one swap off is itself no evidence of another birth date.
    """
    if not one.name_norm or not two.name_norm or (one.number and one.number == two.number):
        return None
    known = bool(one.regions) and bool(two.regions)
    if known and not one.regions & two.regions:
        return None
    relation = _relation(one, two)
    birth = _birth(one.birth, two.birth)
    shared = _shared(one, two)
    name = _name(one.name_norm, two.name_norm) if _worth(one, two, relation, birth, shared) else ""
    if not name or not _admitted(name, relation, birth, shared):
        return None
    found = [name, *([birth] if birth else []), *(["region"] if known else []), *shared, *_against(one, two), relation]
    law = weights()
    steps = [(f"{law.steps_zh[step]} {law.weights[step]:+d}", law.weights[step]) for step in found]
    if sum(weight for _, weight in steps) < law.least:
        return None
    if name == "name":
        steps[1:1] = _common(min(one.bearers, two.bearers))
    confidence = min(sum(weight for _, weight in steps), law.most)
    kind = Kind.SLIP if relation != "far" else Kind.DOUBLE if name == "name" and birth == "birth" and shared else Kind.LEAD
    return Link(_severity(name, relation, birth, found), confidence, tuple(text for text, _ in steps), kind, name in _SOUND)


_NEAR = ("one_digit", "swapped")
_SOUND = ("name", "name_variant", "name_sound", "name_shape")


def _worth(one: Record, two: Record, relation: str, birth: str, shared: list[str]) -> bool:
    """Whether names that differ need comparing at all: only beside a number one slip apart, or a shared account and birth date."""
    return one.name_norm == two.name_norm or relation in _NEAR or (relation != "far" and birth == "birth" and "account" in shared)


def _admitted(name: str, relation: str, birth: str, shared: list[str]) -> bool:
    """What may be listed: beyond one slip of the number, name and birth date agree or a shared account makes up for an error in one of them."""
    if relation in _NEAR:
        return name == "name" or birth == "birth" or bool(shared)
    if name != "name":
        return True
    return birth == "birth" or ("account" in shared and birth in ("birth_turned", "birth_year_off", "birth_year_only"))


def _severity(name: str, relation: str, birth: str, found: list[str]) -> Severity:
    if relation == "far":
        return Severity.LOW
    near, shared = relation in _NEAR, "account" in found or "address" in found
    against = "sex_differs" in found or ("address_differs" in found and "account" not in found)
    if near and shared and (name in _SOUND or (birth == "birth" and "sex_differs" not in found)):
        return Severity.HIGH
    return Severity.HIGH if name == "name" and birth == "birth" and (near or not against) else Severity.MEDIUM


def _name(one: str, two: str) -> str:
    if one == two:
        return "name"
    one_off = 2 <= len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) == 1
    return _GRADES.get(compare(one, two).grade, "name_one" if one_off else "")


def _birth(one: str, two: str) -> str:
    """The step that two birth dates are, '' where one is unknown."""
    if not one or not two:
        return ""
    if len(one) != len(two):
        return "birth_year_only" if one[:4] == two[:4] else "birth_differs"
    if one == two:
        return "birth" if len(one) == 8 else "birth_year_only"
    if one[:4] == two[:4] and one[4:6] == two[6:] and one[6:] == two[4:6]:
        return "birth_turned"
    years = one[:4].isdigit() and two[:4].isdigit() and abs(int(one[:4]) - int(two[:4])) == 1
    return "birth_year_off" if years and one[4:] == two[4:] else "birth_differs"


def _shared(one: Record, two: Record) -> list[str]:
    """Which of account and address both have in common."""
    address = bool(one.address) and one.address == two.address
    return [*(["account"] if one.accounts & two.accounts else []), *(["address"] if address else [])]


def _against(one: Record, two: Record) -> list[str]:
    """What is known of both and differs."""
    moved = one.address and two.address and one.address != two.address
    return [*(["address_differs"] if moved else []), *(["sex_differs"] if one.sex and two.sex and one.sex != two.sex else [])]


def _common(share: int) -> list[tuple[str, int]]:
    """The step of a common name, none for an uncommon one."""
    law = weights()
    reached = [one for one in law.common if share >= one.of]
    if not reached:
        return []
    weight = min(one.weight for one in reached)
    return [(f"{law.common_zh.format(share=share)} {weight:+d}", weight)]


def _relation(one: Record, two: Record) -> str:
    if not one.number or not two.number:
        return "missing"
    if one_digit(one.number, two.number):
        return "one_digit"
    if swapped(one.number, two.number):
        return "swapped"
    return "check_fails" if not (one.number_ok and two.number_ok) else "far"

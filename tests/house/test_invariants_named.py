"""Every invariant of the house is named by a test, or stands on a list that says which work brings it."""

from __future__ import annotations

import ast
import re

from tests.house.tidy import functions
from tests.house.tree import named, python

INVARIANTS = [f"{letter}{n}" for letter, count in (("L", 11), ("C", 7), ("B", 5), ("A", 6)) for n in range(1, count + 1)]

NOT_YET: dict[str, str] = {
    "A5": "the work on recoveries: each fen points to its voucher",
}
"""Invariants without a test, each with the work that brings it. The list only shrinks."""

NAME = re.compile(r"(?<![A-Za-z0-9_-])([LCBA]\d{1,2})(?![A-Za-z0-9_-])")
RANGE = re.compile(r"(?<![A-Za-z0-9_-])([LCBA])(\d{1,2})\s*[-–]\s*\1?(\d{1,2})(?![A-Za-z0-9_-])")
HOMES = {
    "L": ("ledger", "controls", "books", "shebao", "house"),
    "C": ("controls", "shebao", "house"),
    "B": ("books", "house"),
    "A": ("audit", "house"),
}
"""Where a letter means an invariant. In tests/ledger C6 is a treatment of the standard (DOMAIN §1.5), so it counts for nothing there;
elsewhere (tests/stories) a docstring must say "invariant" to mean one."""


def named_by_tests() -> dict[str, list[str]]:
    """Invariant → the tests whose docstring names it (``L1``, ``L1–L3``); a module's docstring speaks for the tests in it."""
    found: dict[str, list[str]] = {}
    for path in python("tests"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tests = [(dotted, node) for dotted, node in functions(tree) if node.name.startswith("test_")]
        if path.name == "test_invariants_named.py" or not tests:
            continue
        for dotted, node in [("", tree), *tests]:
            for invariant in invariants_in(ast.get_docstring(node) or "", named(path).split("/")[1]):
                found.setdefault(invariant, []).append(f"{named(path)}::{dotted}")
    return found


def invariants_in(text: str, folder: str) -> set[str]:
    """The invariants that a docstring of a test in ``tests/<folder>`` names."""
    several = {f"{letter}{n}" for letter, first, last in RANGE.findall(text) for n in range(int(first), int(last) + 1)}
    meant = (several | set(NAME.findall(text))) & set(INVARIANTS)
    return meant if "invariant" in text.lower() else {name for name in meant if folder in HOMES[name[0]]}


def test_every_invariant_is_named_by_a_test() -> None:
    """Each invariant has a test that names it, or stands on the list of what is not yet."""
    known = named_by_tests()
    assert [invariant for invariant in INVARIANTS if invariant not in known and invariant not in NOT_YET] == []


def test_the_list_of_what_is_not_yet_shrinks() -> None:
    """An invariant leaves the list as soon as a test names it, and every entry says what brings it."""
    known = named_by_tests()
    assert {invariant: known[invariant][0] for invariant in NOT_YET if invariant in known} == {}
    assert set(NOT_YET) <= set(INVARIANTS)
    assert all(NOT_YET.values())


def test_namesakes_are_no_invariants() -> None:
    """A check's code and a treatment of the standard are not taken for the invariant whose number they share."""
    assert invariants_in("A1-SHARED-ACCOUNT counts persons by month.", "audit") == set()
    assert invariants_in("C6: premiums paid by others go to 4001.", "ledger") == set()
    assert invariants_in("C6: premiums paid by others go to 4001.", "stories") == set()


def test_ranges_and_lists_count_whole() -> None:
    """A docstring names each invariant of a range or list."""
    assert invariants_in("L3: posted is for ever; C1–C3 too.", "controls") == {"L3", "C1", "C2", "C3"}
    assert invariants_in("Invariants L1 and B2 hold after a month.", "stories") == {"L1", "B2"}

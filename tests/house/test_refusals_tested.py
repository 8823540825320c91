"""Every refusal of the house is brought about by a test: a rule that never said no is only a sentence."""

from __future__ import annotations

import ast
import re

from ledger.errors import Refusal
from shebao.catalogue import refusals
from tests.house.tree import files, named, python

NOT_YET: dict[str, str] = {}
"""Code → why no test can bring it about yet. The list only shrinks."""

CODE = re.compile(r"SB\d{4}")


def spoken(source: str) -> set[str]:
    """What a test module acts on: names it uses, and codes in its texts. Imports, docstrings and comments count for nothing."""
    tree = ast.parse(source)
    silent = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            found.update(CODE.findall(node.value))
    return found


def acted_on() -> set[str]:
    """Class names and codes of all test modules and of the cases they read."""
    modules = [path for path in python("tests") if path.name != "test_refusals_tested.py"]
    cases = [path for path in files() if named(path).startswith(("tests/", "templates/standard/cases/")) and path.suffix in {".yaml", ".yml", ".json", ".csv"}]
    found: set[str] = set()
    for path in modules:
        found |= spoken(path.read_text(encoding="utf-8"))
    for path in cases:
        found.update(CODE.findall(path.read_text(encoding="utf-8", errors="replace")))
    return found


def untested(known: dict[str, type[Refusal]], found: set[str]) -> list[str]:
    """Codes that no test brings about, neither by code nor by class."""
    return [code for code, refusal in sorted(known.items()) if code not in found and refusal.__name__ not in found]


def test_every_refusal_is_brought_about() -> None:
    """Each registered refusal is named by a test that acts on it, or stands on the list with its reason."""
    known = refusals()
    assert [f"{code} {known[code].__name__}" for code in untested(known, acted_on()) if code not in NOT_YET] == []


def test_the_list_of_what_is_not_yet_shrinks() -> None:
    """A refusal leaves the list as soon as a test brings it about, and every entry gives its reason."""
    assert set(NOT_YET) <= set(untested(refusals(), acted_on()))
    assert all(NOT_YET.values())


def test_the_gate_can_fail() -> None:
    """A refusal that is only imported, or only spoken of in a docstring or comment, counts as untested; one that is acted on does not."""
    code, refusal = next(iter(refusals().items()))
    name, known = refusal.__name__, {code: refusal}
    idle = f'"""{code} here."""\nfrom somewhere import {name}\n\n\ndef test_it():\n    """{code}: {name} is refused."""\n    # {code}\n'
    assert untested(known, spoken(idle)) == [code]
    assert untested(known, spoken(f"{idle}    with pytest.raises({name}):\n        act()\n")) == []
    assert untested(known, spoken(f'{idle}    assert "[{code}]" in said\n')) == []
    assert untested(known, set()) == [code]

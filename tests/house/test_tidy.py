"""The house is tidy: sizes, excepts, floats, docstrings, paths, addresses, line ends; and each rule can complain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import tidy
from tests.house.tree import ROOMS, files, named, python

Rule = Callable[[Path, str], list[str]]

LONG_MODULES: dict[str, str] = {}
"""Modules past 400 lines, each with the reason why it is not split."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions past 60 lines as ``file:dotted.name``, each with the reason."""

CR_IS_THE_POINT: set[str] = set()
"""Files of tests whose CR line ends are what is tested."""

UGLY = "tests/intake/ugly/"
"""Folder of files as offices send them: their encodings, line ends and missing ends are what is tested."""


def code() -> list[Path]:
    return [*python(*ROOMS), *python("scripts"), *(path for path in files() if named(path) == "run.py")]


def suite() -> list[Path]:
    return python("tests")


def money() -> list[Path]:
    return python("ledger", "controls", "books")


def everything() -> list[Path]:
    return list(files())


def texts() -> list[Path]:
    return [path for path in files() if path.suffix in tidy.TEXT and not (named(path).startswith(UGLY) and path.suffix in {".csv", ".txt"})]


RULES: list[tuple[Rule, Callable[[], list[Path]]]] = [
    (tidy.long_module, lambda: code() + suite()),
    (tidy.long_function, lambda: code() + suite()),
    (tidy.bare_except, lambda: code() + suite()),
    (tidy.binary_money, money),
    (tidy.undescribed_test, suite),
    (tidy.undescribed_module, lambda: code() + suite()),
    (tidy.unfinished, code),
    (tidy.machine_path, texts),
    (tidy.address, texts),
    (tidy.line_ends, texts),
    (tidy.heavy_file, everything),
]


def allowed(complaint: str) -> bool:
    """Whether this complaint is one of the named exceptions."""
    name, _, rest = complaint.partition(":")
    dotted = rest.split(" ")[1].rstrip(":") if " " in rest else ""
    return name in LONG_MODULES or f"{name}:{dotted}" in LONG_FUNCTIONS or name in CR_IS_THE_POINT


@pytest.mark.parametrize(("rule", "subjects"), RULES, ids=[rule.__name__ for rule, _ in RULES])
def test_tidy(rule: Rule, subjects: Callable[[], list[Path]]) -> None:
    """No file of the house breaks the rule, save the exceptions named above."""
    paths = subjects()
    assert paths, "a rule without a file to look at proves nothing"
    complaints = [complaint for path in paths for complaint in rule(path, named(path)) if not allowed(complaint)]
    assert not complaints, "\n".join(complaints)


BROKEN: dict[Rule, tuple[str, bytes]] = {
    tidy.long_module: ("ledger/a.py", b"x = 1\n" * 401),
    tidy.long_function: ("ledger/a.py", b"class A:\n    def f(self):\n" + b"        x = 1\n" * 60),
    tidy.bare_except: ("ledger/a.py", b"try:\n    x = 1\nexcept:\n    raise\n"),
    tidy.binary_money: ("ledger/a.py", b"x = float('1.5')\n"),
    tidy.undescribed_test: ("tests/a.py", b"def test_a():\n    assert True\n"),
    tidy.undescribed_module: ("ledger/a.py", b"x = 1\n"),
    tidy.unfinished: ("ledger/a.py", b"x = 1  # " + b"TO" + b"DO later\n"),
    tidy.machine_path: ("docs/a.md", b"see " + b"/ho" + b"me/someone/x\n"),
    tidy.address: ("constraints.txt", b"a @ https" + b"://example.org/a.whl\n"),
    tidy.line_ends: ("docs/a.md", b"one\r\ntwo\r\n"),
    tidy.heavy_file: ("docs/a.bin", b"0" * (tidy.FILE_BYTES + 1)),
}


def test_every_rule_has_a_broken_file() -> None:
    """No rule is without a proof that it can complain."""
    assert set(BROKEN) == {rule for rule, _ in RULES}


@pytest.mark.parametrize("rule", BROKEN, ids=[rule.__name__ for rule in BROKEN])
def test_a_broken_file_is_complained_about(rule: Rule, tmp_path: Path) -> None:
    """A file made to break one rule gets exactly one complaint from it."""
    name, content = BROKEN[rule]
    path = tmp_path / Path(name).name
    path.write_bytes(content)
    assert len(rule(path, name)) == 1


def test_silent_broad_except_is_complained_about(tmp_path: Path) -> None:
    """`except Exception: pass` hides everything just as well as a bare except."""
    path = tmp_path / "a.py"
    path.write_text("try:\n    x = 1\nexcept Exception:\n    pass\n", encoding="utf-8")
    assert len(tidy.bare_except(path, "a.py")) == 1


def test_exceptions_are_still_needed() -> None:
    """An exception is dropped as soon as what it excuses is mended."""
    complaints = "\n".join(c for rule, subjects in RULES[:2] for path in subjects() for c in rule(path, named(path)))
    for name in [*LONG_MODULES, *(key.partition(":")[0] for key in LONG_FUNCTIONS)]:
        assert name in complaints, f"{name} needs no exception any more"

"""run.py, the one door: it refuses an old Python clearly, installs only when needed, and counts what really ran."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tests.house.tree import ROOT


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module, looking at a checkout of its own in which nothing is installed."""
    spec = importlib.util.spec_from_file_location("door", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp.txt")
    return module


def installed(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for venv and pip; gives the list of what they were asked for."""
    asked: list[str] = []

    def make_venv() -> None:
        door.venv_python().parent.mkdir(parents=True)
        door.venv_python().write_text("", encoding="utf-8")
        asked.append("venv")

    def call(*arguments: object) -> int:
        asked.append(" ".join(map(str, arguments)))
        return 0

    monkeypatch.setattr(door, "make_venv", make_venv)
    monkeypatch.setattr(door, "installing", call)
    monkeypatch.setattr(door, "usable", lambda: door.venv_python().exists())
    return asked


def test_it_stands_on_the_standard_library_alone() -> None:
    """run.py imports nothing that has to be installed first."""
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    names = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_an_old_python_can_still_read_it() -> None:
    """Python 3.6 can parse run.py, so that it can say which Python is needed."""
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_what_to_do(door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a newer Python beside it, an old one ends with status 2 and a Chinese and an English sentence."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(door, "newer_python", lambda: None)
    with pytest.raises(SystemExit) as ending:
        door.check_python()
    assert ending.value.code == 2
    told = capsys.readouterr().err
    assert "需要 Python 3.11" in told
    assert "Python 3.11 or newer is needed" in told


def test_an_old_python_hands_over_to_a_newer_one(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a newer Python on the path, the same command runs under it and its status is kept."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["run.py", "help"])
    monkeypatch.setattr(door, "newer_python", lambda: "newer")
    monkeypatch.setattr(door.subprocess, "call", lambda command: 7 if command[0] == "newer" and command[2:] == ["help"] else 1)
    with pytest.raises(SystemExit) as ending:
        door.check_python()
    assert ending.value.code == 7


def test_it_installs_once_and_again_when_a_file_changed(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """.venv is made and filled once; a second call asks for nothing; a changed constraints.txt fills it again."""
    asked = installed(door, monkeypatch)
    door.venv()
    assert asked[0] == "venv"
    assert "-c constraints.txt" in asked[-1]
    assert asked[-1].endswith("-e .[dev,postgres]")
    count = len(asked)
    door.venv()
    assert len(asked) == count
    (door.ROOT / "constraints.txt").write_text("changed", encoding="utf-8")
    door.venv()
    assert asked[count:].count("venv") == 0
    assert len(asked) == count + 2


def test_a_failed_install_is_tried_again(door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """When pip fails the command ends with status 2 and a remedy, and the next call installs again."""
    installed(door, monkeypatch)
    monkeypatch.setattr(door, "installing", lambda *arguments: 1)
    with pytest.raises(SystemExit) as ending:
        door.venv()
    assert ending.value.code == 2
    assert "pip config list" in capsys.readouterr().err
    assert not door.STAMP.exists()


def test_a_closed_pipe_is_no_failed_install(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """`run.py bench X | head`: when nobody reads what pip says any more, pip goes on to its end and its status is what counts."""
    monkeypatch.setattr(door, "venv_python", lambda: sys.executable)
    said: list[str] = []

    def write(text: str) -> None:
        said.append(text)
        raise BrokenPipeError

    monkeypatch.setattr(door.sys, "stdout", SimpleNamespace(isatty=lambda: False, write=write, flush=lambda: None))
    assert [door.installing("-c", f"print('one'); print('two'); raise SystemExit({status})") for status in (0, 1)] == [0, 1]
    assert said == ["one\n", "one\n"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a shell")
def test_help_into_a_closed_pipe_ends_quietly() -> None:
    """Whoever has seen enough (`| head -1`) is no error: status 0 and no traceback."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), "help"], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("report", "ran"),
    [
        ('<testsuites><testsuite tests="5" skipped="2"/></testsuites>', 3),
        ('<testsuites><testsuite tests="4" skipped="4"/></testsuites>', 0),
        ("<testsuites/>", 0),
    ],
)
def test_only_tests_that_ran_count(door: ModuleType, tmp_path: Path, report: str, ran: int) -> None:
    """Skipped tests are no tests that ran, and no report is none."""
    (tmp_path / "junit.xml").write_text(report, encoding="utf-8")
    assert door.tests_run(tmp_path / "junit.xml") == ran
    assert door.tests_run(tmp_path / "none.xml") == 0


@pytest.mark.parametrize(("status", "ran", "ending"), [(0, 3, 0), (1, 3, 1), (5, 0, 5)])
def test_the_suite_hands_on_its_status(door: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int, ran: int, ending: int) -> None:
    """pytest's status is handed on: failures fail, and so does a suite in which nothing was found."""
    monkeypatch.setattr(door, "venv", lambda: None)
    monkeypatch.setattr(door, "call", lambda *arguments: status)
    monkeypatch.setattr(door, "tests_run", lambda report: ran)
    assert door.test([]) == ending


def test_a_suite_that_only_skips_fails(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A green suite in which every test was skipped ends with status 2."""
    monkeypatch.setattr(door, "venv", lambda: None)
    monkeypatch.setattr(door, "call", lambda *arguments: 0)
    with pytest.raises(SystemExit) as ending:
        door.test([])
    assert ending.value.code == 2


def test_further_options_go_to_pytest(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options behind `test` reach pytest, with two processes unless they say otherwise."""
    seen: list[tuple[object, ...]] = []
    monkeypatch.setattr(door, "venv", lambda: None)
    monkeypatch.setattr(door, "call", lambda *arguments: seen.append(arguments) or 0)
    door.test(["tests/ledger", "-x"])
    door.test(["-n0", "tests/ledger"])
    assert seen[0] == ("-m", "pytest", "-n", "2", "--dist", "worksteal", "tests/ledger", "-x")
    assert seen[1] == ("-m", "pytest", "-n0", "tests/ledger")


def test_the_demo_makes_a_county_and_plays_its_month(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """`demo` hands its options to the county, and the folder and database to the play; a failed first step ends it."""
    seen: list[tuple[object, ...]] = []
    monkeypatch.setattr(door, "venv", lambda: None)
    monkeypatch.setattr(door, "call", lambda *arguments: seen.append(arguments[2:]) or 0)
    assert door.demo([]) == 0
    assert door.demo(["--persons", "300", "--db=postgresql+psycopg://x", "--out", "elsewhere"]) == 0
    assert seen == [
        ("demo",),
        ("demo", "play", "--out", "demo"),
        ("demo", "--persons", "300", "--out", "elsewhere"),
        ("demo", "play", "--out", "elsewhere", "--db", "postgresql+psycopg://x"),
    ]
    monkeypatch.setattr(door, "call", lambda *arguments: 2)
    assert door.demo([]) == 2


def test_an_unknown_command_shows_the_list(door: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown word ends with 2 and the list of commands; help ends with 0."""
    assert door.main(["nothing"]) == 2
    assert door.main(["help"]) == 0
    assert door.main([]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in door.COMMANDS)


def test_clean_removes_caches_and_nothing_else(door: ModuleType) -> None:
    """`clean` takes caches and build folders; .venv and demo only with --all; sources never."""
    for name in ("ledger/__pycache__", ".mypy_cache", "build", "x.egg-info", ".venv/lib/__pycache__", "demo/books", "ledger/kept"):
        (door.ROOT / name).mkdir(parents=True)
    door.clean([])
    left = {path.name for path in door.ROOT.iterdir()}
    assert left == {"pyproject.toml", "constraints.txt", "ledger", ".venv", "demo"}
    assert [path.name for path in (door.ROOT / "ledger").iterdir()] == ["kept"]
    assert (door.ROOT / ".venv/lib/__pycache__").exists()
    door.clean(["--all"])
    assert {path.name for path in door.ROOT.iterdir()} == {"pyproject.toml", "constraints.txt", "ledger"}


def test_windows_paths(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the interpreter is looked for where venv puts it there."""
    monkeypatch.setattr(door, "os", type("Windows", (), {"name": "nt"}))
    assert door.venv_python().parts[-2:] == ("Scripts", "python.exe")

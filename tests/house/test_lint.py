"""Style and types are clean, and the two programs that say so can complain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

pytestmark = pytest.mark.slow


def program(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Runs a module of this environment in ``folder``."""
    return subprocess.run([sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_ruff_finds_nothing() -> None:
    """Ruff has nothing to say about any file."""
    done = program("ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert done.returncode == 0, done.stdout


def test_ruff_can_complain(tmp_path: Path) -> None:
    """An unused import and a print in a room are found under the project's own settings."""
    (tmp_path / "planted.py").write_text('"""A module."""\n\nimport os\n\nprint(1)\n', encoding="utf-8")
    done = program("ruff", "check", "--no-cache", "--config", str(ROOT / "pyproject.toml"), "--output-format", "concise", str(tmp_path))
    assert done.returncode == 1
    assert "F401" in done.stdout
    assert "T201" in done.stdout


def test_types_of_ledger_and_controls(tmp_path: Path) -> None:
    """mypy --strict is content with the rooms in which money is decided, and is not with a planted error."""
    clean = program("mypy", "--cache-dir", str(tmp_path / "cache"))
    assert clean.returncode == 0, clean.stdout + clean.stderr
    (tmp_path / "planted.py").write_text("def f(x) -> int:\n    return str(x)\n", encoding="utf-8")
    planted = program("mypy", "--cache-dir", str(tmp_path / "cache"), "--config-file", str(ROOT / "pyproject.toml"), str(tmp_path / "planted.py"))
    assert planted.returncode == 1
    assert "no-untyped-def" in planted.stdout
    assert "return-value" in planted.stdout

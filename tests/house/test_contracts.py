"""The arrows between the rooms hold, and each contract that guards them can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]

PLANTS: dict[str, dict[str, str]] = {
    "layers": {"ledger/money.py": "import audit"},
    "gate-and-reading-room": {"controls/planted.py": "import books"},
    "posting": {"audit/planted.py": "from ledger import posting"},
    "posting_sets": {"controls/planted.py": "from ledger.posting_sets import carry_rows"},
    "closing": {"controls/planted.py": "from ledger.closing import anything"},
    "beancount": {"audit/planted.py": "import beancount.loader"},
    "reportlab": {"books/planted.py": "from reportlab.pdfgen import canvas"},
    "flask": {"shebao/cli/planted.py": "import flask"},
    "duckdb": {"ledger/planted.py": "import duckdb"},
    "pyspark": {"controls/planted.py": "from pyspark.sql import SparkSession"},
    "sheets": {"books/planted.py": "import openpyxl"},
    "sqlalchemy": {"books/planted.py": "import sqlalchemy as sa"},
    "pypinyin": {"controls/planted.py": "from pypinyin import pinyin"},
    "sqlglot": {"shebao/planted.py": "import sqlglot"},
    "siblings": {"ledger/planted.py": "import ledger.grafted", "ledger/grafted.py": "import ledger.planted"},
}
"""A violation for each contract: files (made when absent) and the line appended to each."""

HEAVY = ("pandas", "pyarrow", "duckdb", "beancount", "fava", "reportlab", "flask", "sqlalchemy", "alembic", "xlsxwriter", "python_calamine", "pypinyin")


def lint(folder: Path, *only: str) -> subprocess.CompletedProcess[str]:
    """import-linter over the packages in ``folder``, all contracts or only those named."""
    options = [part for name in only for part in ("--contract", name)]
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-cache", "--no-logo", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def copy_of_the_house(folder: Path) -> Path:
    """The rooms' Python files and pyproject.toml, to plant something in."""
    for room in ROOMS:
        for source in (ROOT / room).rglob("*.py"):
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def test_the_arrows_hold() -> None:
    """Every contract of pyproject.toml is kept."""
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_a_planted_violation() -> None:
    """No contract is without a proof that it can fail."""
    assert sorted(PLANTS) == sorted(contract["id"] for contract in CONTRACTS)


@pytest.mark.parametrize("name", sorted(PLANTS))
def test_a_planted_violation_breaks_its_contract(name: str, tmp_path: Path) -> None:
    """A contract that is kept in a copy of the house is broken by one planted import."""
    house = copy_of_the_house(tmp_path)
    before = lint(house, name)
    assert before.returncode == 0, before.stdout + before.stderr
    for where, line in PLANTS[name].items():
        with (house / where).open("a", encoding="utf-8", newline="\n") as handle:
            handle.write(f"\n{line}\n")
    after = lint(house, name)
    assert after.returncode == 1, after.stdout + after.stderr
    assert "0 kept, 1 broken" in after.stdout


def test_audit_cannot_post() -> None:
    """A2: audit reads and never posts; no module of it imports what posts, what closes or what confirms a close."""
    import grimp

    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    for door in ("ledger.posting", "ledger.closing", "controls.periods"):
        importers = graph.find_modules_that_directly_import(door)
        assert importers, f"{door} is imported by nobody, so this proves nothing"
        assert [module for module in importers if module.startswith("audit")] == []


@pytest.mark.parametrize("module", ["ledger", "ledger.money", "shebao.cli"])
def test_a_light_import_stays_light(module: str) -> None:
    """Importing the ledger's values or the command line root loads none of the heavy libraries."""
    program = f"import sys, {module}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

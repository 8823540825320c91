"""The wheel carries the six rooms, what people may edit, the fonts with their licence, and one command."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, files, named

pytestmark = pytest.mark.slow

DATA = {".yaml", ".sql", ".ttf", ".txt", ".html", ".css", ".js", ".md"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from a copy of the project's files, so that nothing lying about gets in."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in files():
        if named(path).split("/")[0] in {*ROOMS, "pyproject.toml", "README.md", "LICENSE"}:
            target = source / named(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        yield opened


def content(wheel: zipfile.ZipFile, ending: str) -> str:
    """The text of the one file whose name ends so."""
    (name,) = [name for name in wheel.namelist() if name.endswith(ending)]
    return wheel.read(name).decode()


def test_top_level_names(wheel: zipfile.ZipFile) -> None:
    """The wheel puts exactly the six rooms and its metadata into site-packages."""
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {*ROOMS, "shebao_fund_ledger-0.1.0.dist-info"}


def test_everything_that_rooms_read_is_inside(wheel: zipfile.ZipFile) -> None:
    """Each YAML, SQL, font, licence, page and README of a room is in the wheel, and each module."""
    wanted = {named(path) for path in files() if named(path).split("/")[0] in ROOMS and path.suffix in DATA | {".py"}}
    assert wanted - set(wheel.namelist()) == set()
    assert {Path(name).suffix for name in wanted} >= {".py", ".yaml", ".sql", ".ttf"}


def test_no_test_or_secret_is_inside(wheel: zipfile.ZipFile) -> None:
    """No test, database or compiled file is shipped."""
    assert [name for name in wheel.namelist() if name.endswith((".pyc", ".sqlite", ".db")) or "tests/" in name] == []


def test_fonts_come_with_their_licence(wheel: zipfile.ZipFile) -> None:
    """The folder of the fonts holds the Open Font License beside them."""
    licences = [name for name in wheel.namelist() if name.startswith("templates/fonts/") and name.endswith(".txt")]
    assert any("SIL OPEN FONT LICENSE" in wheel.read(name).decode().upper() for name in licences)


def test_one_command(wheel: zipfile.ZipFile) -> None:
    """Installing gives one command, `shebao`."""
    assert content(wheel, "dist-info/entry_points.txt").split() == ["[console_scripts]", "shebao", "=", "shebao.cli:run"]


def test_licence_of_our_own_code(wheel: zipfile.ZipFile) -> None:
    """The metadata names MIT and carries the licence text."""
    assert "License-Expression: MIT" in content(wheel, "dist-info/METADATA")
    assert content(wheel, "licenses/LICENSE").startswith("MIT License")

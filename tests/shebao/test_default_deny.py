"""Default is deny (C5): while nobody is signed in, no command of the office does anything, reading included."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from shebao.cli import COMMANDS, execute, main
from tests.shebao.small_office import Small

OPEN = {
    "init", "login", "logout", "doctor", "errors", "upgrade", "audit check", "audit why-not", "voucher events", "demo", "demo bank", "demo play", "demo score",
    "audit rules", "verify",
    "standard coverage", "standard show", "premium class", "premium relief", "benefit list", "benefit compute",
    "benefit explain", "benefit simulate", "benefit unset", "benefit cases run", "benefit together",
    "person-account cases", "trail roles",
}  # fmt: skip
"""Commands that need nobody: they found, open or leave the office, look at the installation or the standard, work on plain files, or prove the whole store
(which shows nobody's data, and must work when nobody can sign in)."""

WORDS = {"fund": "R", "month": "2026-01", "kind": "roster", "label": "1-1", "day": "2026-01-08", "event": "P1", "amounts": "1", "start": "2026-01-08"}
"""A fitting text for a parameter by its name; any other text is ``x``."""

MORE = {
    "voucher make": ["1-1"], "voucher review": ["1-1"], "voucher post": ["1-1"], "voucher sign": ["1-1"], "roster answer": ["--rule", "D1-POSTHUMOUS"],
    "person account request": ["--bank-account", "6217000000000000017"], "person find": ["620821195001011017"], "voucher adjust": ["--amount", "1"],
}  # fmt: skip
"""What a command needs beside the parameters it requires."""

BALANCE = "科目编号,科目名称,借方余额,贷方余额\n100301,活期存款,900.00,\n3001,一般基金结余,,900.00\n"


def walk(group: click.Group, context: click.Context, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group with the words that call it; a group that acts by itself counts too."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield " ".join((*path, name)), command
            yield from walk(command, context, (*path, name))
        else:
            yield " ".join((*path, name)), command


TREE = dict(walk(main, click.Context(main)))
CLOSED = sorted(set(TREE) - OPEN)


def value(param: click.Parameter, folder: Path) -> str:
    """A value the parameter takes."""
    if isinstance(param.type, click.Path):
        return str(folder / ("given.csv" if param.type.exists else "out"))
    if isinstance(param.type, click.DateTime):
        return "2026-01-08"
    if isinstance(param.type, click.Choice):
        return str(param.type.choices[0])
    return "1" if param.type.name == "integer" else WORDS.get(param.name or "", "x")


def line(path: str, folder: Path) -> list[str]:
    """A command line that is complete."""
    words = path.split()
    for param in TREE[path].params:
        if param.required:
            flag = isinstance(param, click.Option) and param.is_flag
            words += [value(param, folder)] if isinstance(param, click.Argument) else [param.opts[0], *([] if flag else [value(param, folder)])]
    return words + MORE.get(path, [])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office with voucher 1-1 where nobody has signed in, and a trial balance beside it that could be taken over."""
    made = Small(tmp_path_factory.mktemp("denied") / "office")
    made.enter("I1", "2026-01-20", "1", "利息1", fund="E", details={"into": "1003"})
    (made.folder / "given.csv").write_text(BALANCE, encoding="utf-8")
    made.office.engine.dispose()
    return made


class Kept:
    """What the store and the files beside it were: SQLite tells a second connection when anything at all was committed (``PRAGMA data_version``)."""

    def __init__(self, small: Small) -> None:
        self.small, self.watch = small, sqlite3.connect(small.home / "shebao.db")
        self.rows, self.version, self.files = self.dump(), self.told(), self.beside()

    def told(self) -> int:
        """Another number after any commit of another connection."""
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])

    def dump(self) -> list[str]:
        """Every row of the store."""
        return list(self.watch.iterdump())

    def beside(self) -> list[str]:
        """Every file beside the store, but for SQLite's own working files."""
        found = ((path.name, str(path), path.stat().st_mtime_ns if path.is_file() else "") for path in self.small.folder.rglob("*"))
        return sorted(f"{path} {when}" for name, path, when in found if not name.startswith("shebao.db-"))

    def unchanged(self) -> bool:
        """Whether store and files are as they were; the rows are read again only when something was committed."""
        return self.beside() == self.files and (self.told() == self.version or self.dump() == self.rows)


@pytest.fixture(scope="module")
def kept(small: Small) -> Iterator[Kept]:
    """The state before the first command; at the end every row is compared once more."""
    made = Kept(small)
    yield made
    assert made.dump() == made.rows
    made.watch.close()


@pytest.mark.parametrize("path", CLOSED)
def test_nobody_signed_in_does_nothing(small: Small, kept: Kept, path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """C5: the command ends with status 3 and SB3004, shows nothing, and neither the store nor a file has changed."""
    monkeypatch.chdir(small.folder)
    status = execute(["--home", str(small.home), *line(path, small.folder)])
    said = capsys.readouterr()
    assert (status, "[SB3004]" in said.err, said.out) == (3, True, ""), said.err
    assert kept.unchanged()


def test_the_watch_sees_a_change(tmp_path: Path) -> None:
    """One row or one file more is seen."""
    made = Small(tmp_path / "office")
    watch = Kept(made)
    assert watch.unchanged()
    made.sign_in("zhao")
    assert not watch.unchanged() and watch.told() != watch.version and watch.beside() != watch.files
    watch.watch.close()


def test_a_command_for_all_does_nothing_either(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """C5: `--all` finds no vouchers to work on for nobody, and says so as a refusal."""
    for step in ("make", "review", "post"):
        assert execute(["--home", str(small.home), "voucher", step, "--all"]) == 3
        assert "[SB3004]" in capsys.readouterr().err


def test_the_walk_sees_every_command() -> None:
    """Every entry of the command table is walked, every open command exists, and the commands that are closed are the most of them."""
    assert {path.split()[0] for path in TREE} == set(COMMANDS)
    assert set(TREE) >= OPEN
    assert len(CLOSED) > 30 and {"whoami", "reconcile", "statements", "voucher post", "bankfile make", "books write"} <= set(CLOSED)


def test_proving_needs_nobody_and_writes_nothing(small: Small, kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole store is proved for anybody, and stays as it is."""
    assert execute(["--home", str(small.home), "verify"]) == 0
    assert "全部成立" in capsys.readouterr().out
    assert kept.unchanged()


def test_somebody_signed_in_is_not_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same command lines go through once somebody with the duty has signed in."""
    small = Small(tmp_path / "office")
    small.sign_in("zhao")
    for path in ("whoami", "voucher list", "period list", "files"):
        assert execute(["--home", str(small.home), *line(path, small.folder)]) == 0
    assert "赵会计" in capsys.readouterr().out

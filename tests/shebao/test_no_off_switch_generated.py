"""C4: there is no off switch. Every variable, setting, guarded file and command option that the code knows is tried; a blocked payment stays blocked."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pyarrow as pa
import pytest

import templates
from controls.answers import give
from shebao.cli import execute
from tests.controls.payment_desk import DEAD, NOW, PASSWORD, SHARED, someone
from tests.shebao.small_office import Small
from tests.shebao.test_default_deny import TREE

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ledger", "controls", "books", "audit", "shebao", "templates")
PAYING = ("roster authorise", "roster release", "bankfile make", "bankfile authorise")
SWITCHES = re.compile(r"force|skip|ignore|override|bypass|unsafe|no-check|nocheck|without|disable-|off$|^--yes|trust|debug|as-user|actor")
VALUES = ("0", "1", "off")


def variables() -> list[str]:
    """Every environment variable that the program reads: names in os.environ, os.getenv and click's envvar, by the syntax trees of all rooms."""
    found: set[str] = set()
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                found |= set(_read(node))
    return sorted(found)


def _read(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
        yield from _texts(node.slice)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        if node.args and (called.endswith(("environ.get", "environ.pop", "environ.setdefault", "getenv"))):
            yield from _texts(node.args[0])
        for keyword in node.keywords:
            if keyword.arg == "envvar":
                yield from _texts(keyword.value)


def _texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


@pytest.fixture(scope="module")
def blocked(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office with a roster that its handler signed and nobody else; a dead person's lines are held."""
    made = Small(tmp_path_factory.mktemp("blocked") / "office")
    desk = made.desk
    desk.take(pa.table({"line": pa.array([2], pa.int32()), "number": ["620821195001010090"]}), "deaths", "死亡.csv", "qian")
    roster_id = desk.build()
    desk.check(roster_id, DEAD, SHARED)
    with desk.unit() as work:
        give(work, someone("zhang"), NOW, roster_id, "已核实", rule=SHARED.finding.rule)
        work.commit()
    desk.sign(roster_id, "submit", "zhang")
    (made.folder / "password.txt").write_text(PASSWORD + "\n", encoding="utf-8")
    made.office.engine.dispose()
    return made


def paid(small: Small) -> tuple[int, ...]:
    """Rows of release, bank file and bank lines, and held lines: (0, 0, 0, 2) as long as nothing is paid."""
    database = sqlite3.connect(small.home / "shebao.db")
    try:
        tables = ("release", "bank_batch", "bank_line", "hold")
        return tuple(database.execute(f"SELECT COUNT(*) FROM shebao_{name}").fetchone()[0] for name in tables)
    finally:
        database.close()


def tried(small: Small, user: str, *words: str) -> int:
    """The exit status of one command as this person."""
    small.sign_in(user)
    return execute(["--home", str(small.home), *words])


USERS = {"roster authorise": "wang", "roster release": "wang", "bankfile make": "zhou", "bankfile authorise": "sun"}


def test_no_variable_opens_it(blocked: Small, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """C4: whatever the variables say that the program reads, the roster is not released, and what is held stays held."""
    names = variables()
    assert "SHEBAO_TEMPLATES" in names
    blocked.sign_in("wang")
    for name in names:
        for value in VALUES:
            with monkeypatch.context() as set_for_now:
                set_for_now.setenv(name, value)
                assert execute(["--home", str(blocked.home), "roster", "release", "1"]) != 0, (name, value)
    capsys.readouterr()
    assert paid(blocked) == (0, 0, 0, 2)


def test_no_file_of_the_office_opens_it(blocked: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """C4: an office's folder with its own version of everything that guards payments, and settings that say off, change nothing."""
    own = blocked.home / "templates"
    shipped = [path for path in sorted(templates.SHIPPED.rglob("*")) if path.is_file()]
    laid = [path for path in shipped if path.relative_to(templates.SHIPPED).as_posix().startswith(templates.GUARDED)]
    assert len(laid) > 20
    made = []
    for path in laid:
        target = own / path.relative_to(templates.SHIPPED)
        if path.suffix in {".yaml", ".sql"} and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("document: 关闭\n" if path.suffix == ".yaml" else "SELECT 1 WHERE 0", encoding="utf-8")
            made.append(target)
    settings = blocked.home / "shebao.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + "\n[controls]\nenabled = false\nblocking = false\n[duties]\ncheck = false\n", encoding="utf-8")
    try:
        for command, user in USERS.items():
            assert tried(blocked, user, *command.split(), "1", *_required(command, blocked)) != 0, command
    finally:
        settings.write_text(before, encoding="utf-8")
        for target in made:
            target.unlink()
    capsys.readouterr()
    assert paid(blocked) == (0, 0, 0, 2)


def settings() -> set[str]:
    """Every key of shebao.toml that the program reads, ``table.key``, by the syntax trees of all rooms."""
    found: set[str] = set()
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Subscript) and ast.unparse(node.value.value).endswith(".settings"):
                    found |= {f"{table}.{key}" for table in _texts(node.value.slice) for key in _texts(node.slice)}
    return found


def test_no_setting_opens_it(blocked: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """C4: each key of shebao.toml that the code reads is tried with words that could mean off; nothing but the unit and the database's address is read."""
    file = blocked.home / "shebao.toml"
    before = file.read_text(encoding="utf-8")
    blocked.sign_in("wang")
    known = settings()
    assert known == {"unit.code", "unit.region", "database.url"}
    lines = {f"{table}.{key}": line for table, key in (one.split(".") for one in known) for line in before.splitlines() if line.startswith(f"{key} =")}
    try:
        for name in sorted(known):
            for value in (*VALUES, "", "sqlite:///:memory:"):
                file.write_text(before.replace(lines[name], f'{lines[name].partition(" =")[0]} = "{value}"'), encoding="utf-8")
                assert tried_with(blocked, "roster", "release", "1") != 0, (name, value)
    finally:
        file.write_text(before, encoding="utf-8")
    capsys.readouterr()
    assert paid(blocked) == (0, 0, 0, 2)


def tried_with(small: Small, *words: str) -> int:
    """The exit status of one command as the leader, who signed in before the settings were changed."""
    return execute(["--home", str(small.home), *words])


def _required(command: str, small: Small) -> list[str]:
    return [word for param in TREE[command].params if isinstance(param, click.Option) and param.required for word in (param.opts[0], _value(param, small))]


def _value(param: click.Parameter, small: Small) -> str:
    if isinstance(param.type, click.Path):
        return str(small.folder / ("password.txt" if param.type.exists else "out.csv"))
    if isinstance(param.type, click.Choice):
        return str(param.type.choices[0])
    return "1" if param.type.name in {"integer", "number"} else "x"


def test_no_option_opens_it(blocked: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """C4: every option of every command that lets money go is tried by its user, and no option anywhere has the name of a switch or of an actor."""
    for command in PAYING:
        options = [param for param in TREE[command].params if isinstance(param, click.Option) and "--help" not in param.opts]
        required = _required(command, blocked)
        for param in options or [None]:
            more = [] if param is None or param.required else [param.opts[0]] if param.is_flag else [param.opts[0], _value(param, blocked)]
            assert tried(blocked, USERS[command], *command.split(), "1", *required, *more) != 0, (command, more)
    capsys.readouterr()
    assert paid(blocked) == (0, 0, 0, 2)
    named = {opt for command in TREE.values() for param in command.params if isinstance(param, click.Option) for opt in (*param.opts, *param.secondary_opts)}
    assert not {opt for opt in named if SWITCHES.search(opt)}

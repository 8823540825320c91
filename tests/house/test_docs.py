"""The docs cannot rot: what the program knows, its pages say, and what the pages say, the program knows."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata

import click
import pytest

import templates
from shebao.catalogue import refusals
from shebao.cli import main
from tests.house.tree import ROOMS, ROOT, files, named, python

COMMANDS_PAGE = ROOT / "docs" / "commands.md"
ERRORS_PAGE = ROOT / "docs" / "errors.md"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")


def commands(command: click.Command = main, words: tuple[str, ...] = ("shebao",)) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it."""
    yield " ".join(words), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, (*words, name))


def section(title: str) -> str:
    """The part of commands.md under one command's heading."""
    page = COMMANDS_PAGE.read_text(encoding="utf-8") + "\n## "
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md says nothing of {title}: run `make docs`"
    return found.group(1)


def code_lines(text: str, program: str) -> list[str]:
    """Lines in a page's code blocks that call ``program``, without comments."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = (line.split("  #")[0].strip() for block in blocks for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line.split(" ")[0] == program]


def test_generated_pages_are_current() -> None:
    """`make docs` would change nothing."""
    done = subprocess.run([sys.executable, "scripts/make_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_and_option_is_in_the_manual() -> None:
    """Each command has its section, and each of its options stands in it."""
    for title, command in commands():
        text = section(title)
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for name in parameter.opts:
                    assert f"`{name}`" in text, f"{title} {name}"


def test_every_command_has_help_with_an_example() -> None:
    """Each command explains itself in Chinese, and each that does something shows an example (例)."""
    for title, command in commands():
        assert re.search(r"[\u4e00-\u9fff]", command.help or ""), title
        if not isinstance(command, click.Group):
            assert "例：" in (command.help or ""), f"{title} has no example"


def test_every_option_says_what_it_does() -> None:
    """No option of any command is without help."""
    for title, command in commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{title} {parameter.opts}"


def test_no_option_names_the_actor() -> None:
    """Who acts is who signed in: no command takes an actor."""
    names = {name for _, command in commands() for parameter in command.params for name in parameter.opts}
    assert not names & {"--user", "--actor", "--as", "--maker", "--reviewer", "--by", "--operator"}


def test_every_refusal_is_in_the_manual() -> None:
    """Each refusal code stands in docs/errors.md with its Chinese and English sentence."""
    text = ERRORS_PAGE.read_text(encoding="utf-8")
    for code, refusal in refusals().items():
        assert f"**{code}**" in text, f"docs/errors.md says nothing of {code}: run `make docs`"
        assert refusal.zh.split("{")[0] in text


def test_every_check_is_in_the_manual() -> None:
    """Each rule's code stands in docs/checks.md."""
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    codes = [templates.load(name)["code"] for name in templates.names("rules", ".yaml") if "code" in templates.load(name)]
    assert codes
    assert [code for code in codes if f"## {code} " not in text] == []


def test_every_parameter_is_in_the_manual() -> None:
    """Each parameter's name stands in docs/parameters.md."""
    text = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    for name in templates.names("parameters", ".yaml"):
        content = templates.load(name)
        listed = content.get("parameters")
        found = [parameter["name"] for parameter in listed] if isinstance(listed, list) else set(content) - {"document", "valid_from", "valid_to", "reference"}
        assert found
        assert [parameter for parameter in found if f"`{parameter}`" not in text] == [], name


def test_codes_belong_to_their_rooms() -> None:
    """A refusal's code lies in the range of the room that declares it."""
    ranges = {"ledger": ("SB1", "SB2"), "controls": ("SB2", "SB3"), "books": ("SB4",), "audit": ("SB5",), "shebao": ("SB6",)}
    wrong = {code: refusal.__module__ for code, refusal in refusals().items() if code[:3] not in ranges[refusal.__module__.partition(".")[0]]}
    assert wrong == {}


def test_the_two_commands_of_the_readme_exist() -> None:
    """`make demo` and `make test` stand in both READMEs and in the Makefile, which only calls run.py."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("demo", "test"):
        assert re.search(rf"^{name}:.*\n\t@\$\(PYTHON\) run\.py {name} ", makefile, re.MULTILINE)
        for readme in READMES:
            assert f"make {name}" in readme.read_text(encoding="utf-8")
    recipes = [line for line in makefile.splitlines() if line.startswith("\t")]
    assert all(line.startswith("\t@$(PYTHON) run.py ") for line in recipes)


def test_both_readmes_show_the_same_commands() -> None:
    """The English and the Chinese README call the same commands in the same order."""
    english, chinese = (readme.read_text(encoding="utf-8") for readme in READMES)
    for program in ("make", "py", "shebao"):
        assert code_lines(english, program) == code_lines(chinese, program)
    assert code_lines(english, "make") != []


def test_commands_shown_exist_with_their_options() -> None:
    """Each `shebao …` line in a README, in docs/ or in a command's own example names a command and options that exist."""
    pages = [*READMES, *(path for path in files() if named(path).startswith("docs/") and path.suffix == ".md")]
    known = dict(commands())
    for page in pages:
        text = page.read_text(encoding="utf-8")
        inline = re.findall(r"`(shebao [^`\n]+)`", text) if page in READMES else []
        for line in code_lines(text, "shebao") + inline:
            assert_parses(line, known, named(page))


def assert_parses(line: str, known: dict[str, click.Command], where: str) -> None:
    """The words of ``line`` name a command, and each option it gives is one of that command or of the root."""
    words = shlex.split(line.split(" > ")[0].split(" | ")[0])
    title, within = words[0], True
    for word in words[1:]:
        if word.startswith("-") and word.strip("-0123456789."):
            name = word.split("=")[0]
            options = {"--help", "-h"} | {option for parameter in known[title].params for option in (*parameter.opts, *parameter.secondary_opts)}
            assert name in options, f"{where}: {title} has no option {name} ({line})"
            within = False
        elif f"{title} {word}" in known:
            title, within = f"{title} {word}", True
        else:
            assert not (within and isinstance(known[title], click.Group)), f"{where}: no such command: {line}"


@pytest.mark.parametrize("line", ["shebao nothing-like-it", "shebao doctor --not-an-option", "shebao errors --json --colour red"])
def test_a_wrong_line_is_noticed(line: str) -> None:
    """A command or option that does not exist is complained about."""
    with pytest.raises(AssertionError):
        assert_parses(line, dict(commands()), "planted")


def test_links_lead_somewhere() -> None:
    """Each relative link of a Markdown page points at a file of the project."""
    broken = []
    for page in (path for path in files() if path.suffix == ".md"):
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{named(page)}: {target}")
    assert broken == []


def test_every_page_of_docs_is_in_its_index() -> None:
    """docs/README.md names each page beside it."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [named(path).removeprefix("docs/") for path in files() if named(path).startswith("docs/") and path.suffix == ".md"]
    assert [page for page in pages if page != "README.md" and f"({page})" not in index] == []


def test_every_room_states_its_invariants() -> None:
    """Each room has a README, and the four with invariants number them all."""
    wanted = {"ledger": ("L", 11), "controls": ("C", 7), "books": ("B", 5), "audit": ("A", 6), "shebao": ("", 0), "templates": ("", 0)}
    for room, (letter, count) in wanted.items():
        text = (ROOT / room / "README.md").read_text(encoding="utf-8")
        assert [f"**{letter}{n}**" for n in range(1, count + 1) if f"**{letter}{n}**" not in text] == []


def test_every_dependency_is_decided() -> None:
    """Each direct dependency, extras included, stands in DECISIONS.md, and none of them names an address."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    names = [re.match(r"[A-Za-z0-9._-]+", line).group() for line in lines]  # type: ignore[union-attr]
    text = (ROOT / "DECISIONS.md").read_text(encoding="utf-8")
    assert [name for name in names if not re.search(rf"(\| |[ ,]){re.escape(name)}\b", text)] == []
    assert not any("@" in line for line in lines)


def test_what_the_rooms_import_is_declared() -> None:
    """Every library that a room imports is a dependency of ours, not a guest of another one's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {re.split(r"[\[<>=; ]", line)[0].lower().replace("_", "-") for line in lines}
    owners = metadata.packages_distributions()
    imported: set[str] = set()
    for path in python(*ROOMS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.split(".")[0] for name in names if name}
    foreign = {name for name in imported if name not in sys.stdlib_module_names and name not in ROOMS}
    assert {name for name in foreign if not declared & {owner.lower().replace("_", "-") for owner in owners.get(name, [name])}} == set()


def test_constraints_pin_every_dependency() -> None:
    """constraints.txt gives an exact version to each direct dependency of what `run.py` installs, and holds nothing but names and versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][A-Za-z0-9.]*", line)] == []
    pinned = {line.partition("==")[0] for line in pins}
    direct = {re.split(r"[\[<>=; ]", line)[0].lower().replace("_", "-") for line in [*project["dependencies"], *extras["dev"], *extras["postgres"]]}
    assert direct - pinned == set()

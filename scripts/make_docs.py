"""Writes the generated pages of docs/ from what the program itself knows: commands, refusals, checks, parameters.

``.venv/bin/python scripts/make_docs.py`` writes them; with ``--check`` it only compares and ends with 1 when one is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- Written by scripts/make_docs.py; change the program, then run `make docs`. -->"
EXAMPLE = "例："


def cell(value: object) -> str:
    """Text for one cell of a Markdown table."""
    return " ".join(str(value).split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: list[str], rows: list[list[object]]) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]


def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below with the words that call it, the root first, siblings by name."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=words[-1])
        for name in sorted(command.list_commands(context)):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from walk(below, (*words, name))


def help_lines(text: str) -> list[str]:
    """A command's help as Markdown: prose as it stands, the examples as a code block."""
    prose, _, examples = text.replace("\b\n", "").partition(EXAMPLE)
    lines = [line.strip() for line in prose.strip().splitlines()]
    shown = [line.strip() for line in examples.strip().splitlines() if line.strip()]
    return lines + (["", "```", *shown, "```"] if shown else [])


def options(command: click.Command) -> list[list[object]]:
    """Rows (name, value, meaning) of a command's arguments and options."""
    rows: list[list[object]] = []
    for parameter in command.params:
        context = click.Context(command)
        kind = parameter.make_metavar(context) if not getattr(parameter, "is_flag", False) else ""
        if isinstance(parameter, click.Option):
            names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
            marks = [mark for mark, holds in (("必填", parameter.required), ("可重复", parameter.multiple)) if holds]
            rows.append([names, f"`{kind}`" if kind else "", f"{parameter.help or ''}{'（' + '，'.join(marks) + '）' if marks else ''}"])
        else:
            rows.append([f"`{kind}`", "", "必填" if parameter.required else "可省"])
    return rows


def commands_page() -> str:
    """docs/commands.md: each command, its help, its options and its example."""
    from shebao.cli import main

    lines = [
        "# Commands",
        NOTE,
        "",
        "Every command of `shebao`, as `--help` shows it. Exit status everywhere: 0 clean, 1 findings, 2 usage or unusable input,",
        "3 refused by a rule of the house, 70 internal error, 130 interrupted. Who acts is who signed in; no option names the actor.",
    ]
    for words, command in walk(main, ("shebao",)):
        lines += ["", f"## {' '.join(words)}", "", *help_lines(command.help or ""), ""]
        if rows := options(command):
            lines += [*table(["参数", "值", "说明"], rows)]
    return tidy(lines)


def errors_page() -> str:
    """docs/errors.md: each refusal with its sentences, cause, remedy and exit status."""
    from shebao.catalogue import RANGES, refusals

    lines = [
        "# Refusals (拒绝代码)",
        NOTE,
        "",
        "When a rule of the house says no, the program prints a code, a sentence, the cause and the remedy, changes nothing, and ends with the",
        "exit status given here (2 unusable input, 3 refused). Codes are never renumbered. Words in braces are filled in when it happens.",
        "`shebao errors CODE` shows the same. Findings of checks are no refusals; they stand in `checks.md`.",
    ]
    known = refusals()
    for prefix, (zh, en) in RANGES.items():
        rows = [
            [f"**{code}**", f"{r.zh}<br>{r.en}", f"{r.cause_zh}<br>{r.cause_en}", f"{r.remedy_zh}<br>{r.remedy_en}", r.status]
            for code, r in known.items()
            if code.startswith(prefix)
        ]
        if rows:
            lines += ["", f"## {prefix}xxx {zh} · {en}", "", *table(["Code", "Sentence", "Cause", "Remedy", "Exit"], rows)]
    return tidy(lines).replace("&lt;br>", "<br>")


def tidy(lines: list[str]) -> str:
    """The page: no two blank lines together, one line end at its end."""
    kept = [line.rstrip() for number, line in enumerate(lines) if line.strip() or (number and lines[number - 1].strip())]
    return "\n".join(kept).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands_page, "errors.md": errors_page}


def main(arguments: list[str]) -> int:
    """Writes the pages, or compares them; the exit status."""
    stale = []
    for name, page in PAGES.items():
        text, target = page(), DOCS / name
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            DOCS.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        print(("stale: " if "--check" in arguments else "written: ") + ", ".join(stale))
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Writes the generated pages of docs/ from what the program itself knows: commands, refusals, checks, parameters.

``.venv/bin/python scripts/make_docs.py`` writes them; with ``--check`` it only compares and ends with 1 when one is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


def law_files(folder: str) -> list[tuple[str, dict[str, Any]]]:
    """Name and content of the dated YAML files of a folder of templates/, by name."""
    import templates

    return [(name, templates.load(name)) for name in templates.names(folder, ".yaml")]


def plain(value: object) -> str:
    """A value as people write it: lists joined, yes and no in Chinese, dated values with their dates."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return f"{plain(value['value'])}（{dated(value)}；{value['reference']}）"
    return "、".join(map(plain, value)) if isinstance(value, list) else str(value)


def dated(content: dict[str, Any]) -> str:
    """From when to when a data file holds."""
    if not content.get("valid_from") and not content.get("valid_to"):
        return "不限"
    return f"{content.get('valid_from') or '不限'} – {content.get('valid_to') or '今'}"


def checks_page() -> str:
    """docs/checks.md: each rule with its severity, inputs, description, legal basis and false friends."""
    lines = [
        "# Checks (稽核规则)",
        NOTE,
        "",
        "A match is a lead (疑点), never a verdict. Each rule is one SQL text and one YAML page under `templates/rules/`; what is in question, and how a month",
        "or an amount counts, is the rule's own definition. `needs` must be given or the rule is listed as not run; `uses` is read when given.",
        "`shebao audit rules CODE` shows one with the name of each condition, the SQL as it runs and its cases, without data or office.",
    ]
    for name, content in law_files("rules"):
        if "code" not in content:
            continue
        lines += ["", f"## {content['code']} {content['name_zh']} · {content['name_en']}", "", content["description_zh"], ""]
        rows: list[list[object]] = [
            ["severity", content["severity"]],
            ["catalogue", content.get("catalogue", "first")],
            ["needs", "、".join(content["needs"])],
            ["uses", "、".join(content.get("uses", [])) or "—"],
            ["before payment 发放前", before_payment(content["before_payment"])],
            ["reason 说明", content["reason_zh"]],
            ["not a finding 不算疑点", "；".join(content.get("false_friends_zh", [])) or "—"],
            ["basis 依据", "；".join(content.get("legal_basis", [])) or content["reference"]],
            ["valid 有效期", dated(content)],
            ["file 文件", f"`templates/{name}`"],
        ]
        rows += [[f"parameter `{key}`", plain(value)] for key, value in content.get("parameters", {}).items()]
        lines += table(["", ""], rows)
    lines += ["", "## 稽核检查项 C01–C57 · The audit list", ""]
    lines += ["全部规则用 `--rule all` 运行；不指定时只运行第一批（first）。发放前检查运行各批中 before payment 为 block 或 warn 的规则。", ""]
    return tidy(lines + table(["check", "检查项", "规则", "资料", "排除", "依据", "证明", "未覆盖及原因"], audit_list_rows()))


def before_payment(said: dict[str, str]) -> str:
    """What a rule does over a roster."""
    return f"{said['says']}：{said['why_zh']}" + (f"；否则提示：{said['otherwise_zh']}" if said.get("otherwise_zh") else "")


def audit_list_rows() -> list[list[object]]:
    """Each check of the audit list with its rules, their data, exclusions and law, what proves it, and what is missing."""
    from controls.checks.audit_list import checks
    from controls.checks.catalogue import rules
    from controls.checks.coverage import CONTRACT_ZH

    known = {rule.code: rule for rule in rules()}

    def told(parts: list[str]) -> str:
        return "；".join(dict.fromkeys(parts)) or "—"

    rows: list[list[object]] = []
    for one in checks():
        own = [known[code] for code in one.rules]
        data = told([CONTRACT_ZH[contract] for rule in own for contract in (*rule.needs, *rule.uses)])
        law = told([basis.partition("：")[0].replace("（据记忆", "") for rule in own for basis in rule.legal_basis])
        proofs = "、".join(f"`{proof}`" for proof in one.proofs) or "—"
        friends = told([friend for rule in own for friend in rule.false_friends_zh])
        rows.append([one.id, one.name_zh, "、".join(one.rules) or "—", data, friends, law, proofs, one.missing_zh or "—"])
    return rows


def parameters_page() -> str:
    """docs/parameters.md: each dated value with its unit, who sets it, and its reference."""
    lines = [
        "# Parameters (参数)",
        NOTE,
        "",
        "Values that law or the office sets, dated. A county changes one by laying its own copy of the file into the folder that `SHEBAO_TEMPLATES` names,",
        "never by editing the shipped file. A parameter without a value is refused when it is needed, and the message says who sets it.",
    ]
    for name, content in law_files("parameters"):
        lines += ["", f"## {content['document']}", "", f"`templates/{name}`, {dated(content)}. {content['reference']}", ""]
        if isinstance(content.get("parameters"), list):
            rows = [[f"`{p['name']}`", p["zh"], p.get("unit", ""), p.get("set_by", ""), values_of(p)] for p in content["parameters"]]
            lines += table(["name", "参数", "单位", "由谁设定", "取值"], rows)
        else:
            rows = [[f"`{key}`", plain(value)] for key, value in content.items() if key not in ("document", "valid_from", "valid_to", "reference")]
            lines += table(["name", "取值"], rows)
    return tidy(lines).replace("&lt;br>", "<br>")


def values_of(parameter: dict[str, Any]) -> str:
    """The dated values of a parameter, a line each."""
    told = []
    for entry in parameter.get("values", []):
        keys = "、".join(map(str, entry.get("keys", {}).values()))
        until = f" – {entry['to']}" if entry.get("to") else " 起"
        told.append(f"{keys + '：' if keys else ''}{plain(entry['value'])}（{entry['from']}{until}；{entry.get('reference', '')}）")
    return "<br>".join(told) or "由本单位设定"


def tidy(lines: list[str]) -> str:
    """The page: no two blank lines together, one line end at its end."""
    kept = [line.rstrip() for number, line in enumerate(lines) if line.strip() or (number and lines[number - 1].strip())]
    return "\n".join(kept).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "checks.md": checks_page,
    "parameters.md": parameters_page,
}


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

"""`shebao audit rules`: the rules of the checks as an auditor reads them, without any office and without any data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from ledger.months import Month
from shebao.cli import Desk
from shebao.cli.checkwords import as_of as as_of_day

SEVERITY = {"high": "高", "medium": "中", "low": "低"}
BEFORE = {"block": "拦截", "warn": "提示", "silent": "不查"}
CATALOGUE = {"first": "第一批", "full": "全部", "own": "本单位"}
KINDS = {"join": "对得上", "look up": "另查", "condition": "条件", "group": "分组后"}
_ENGLISH = {
    "规则": "Rule", "名称": "Name", "等级": "Severity", "发放前": "Before payment", "批次": "Catalogue", "需要的数据": "Data", "有效期": "In force",
    "内容": "What", "说明": "Text", "参数": "Parameter", "值": "Value", "生效": "From", "失效": "To", "依据": "Basis", "所在": "Where", "种类": "Kind",
    "条件": "Condition", "SQL": "SQL", "案例": "Case", "给出的资料": "Given", "应报的疑点": "Expected", "描述": "Description", "法律依据": "Law",
    "不算疑点": "Not a finding", "疑点说明": "Reason", "发放前的口径": "Before payment", "数据": "Data", "稽核规则": "Rules of the checks",
    "基本情况": "The rule", "参数（随日期）": "Parameters", "逐条条件（自上而下）": "Conditions, in order", "自检案例": "Cases", "运行的SQL": "SQL as it runs",
}  # fmt: skip
"""Headings in English; what the rules themselves say is Chinese, as their law is."""


@click.command("rules")
@click.argument("code", required=False, metavar="[CODE]")
@click.option("--rules-folder", type=click.Path(path_type=Path), metavar="DIR", help="本单位自己的规则所在目录，与程序自带的一起列出。")
@click.option("--as-of", callback=as_of_day, metavar="YYYY-MM-DD", help="参数按这一天所在的月份取值；默认本月。")
@click.option("--sql", "bare", is_flag=True, help="只打印 SQL 原文（参数写作 ${…}），可存为文件改成本单位的规则。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def rules(desk: Desk, code: str | None, rules_folder: Path | None, as_of: Month | None, bare: bool, json_: bool) -> int:
    """列出稽核规则；给出代码时说明这一条：口径、依据、参数、每个条件的名称、运行的 SQL 和自检案例。

    不需要数据，也不需要本单位的库。

    \b
    例：
      shebao audit rules
      shebao audit rules D1
      shebao audit rules D1 --sql
      shebao audit rules X1 --rules-folder 本单位规则/
    """
    from controls.checks import catalogue, own_rules
    from controls.checks.explained import rulebook
    from controls.findings import by_number
    from shebao.cli import show

    if bare and code is None:
        raise click.UsageError("--sql 要与规则代码一起用，如 shebao audit rules D1 --sql")
    english = desk.lang == "en"
    with own_rules.in_use(rules_folder):
        if code is None:
            listed = [rulebook.row(rule) for rule in sorted(catalogue.rules(), key=lambda rule: by_number(rule.code))]
            if json_:
                show.as_json(listed)
            else:
                _list(listed, english)
            return 0
        for rule in catalogue.chosen([code]):
            if bare:
                click.echo(rule.text().rstrip("\n"))
                continue
            told = rulebook.page(rule, as_of or Month.of(date.today()))
            if json_:
                show.as_json(told)
            else:
                _page(told, english)
    return 0


def _list(listed: Sequence[Mapping[str, Any]], english: bool) -> None:
    from controls.checks.explained.rulebook import tables_of

    rows = [
        (
            one["code"], one["name_en"] if english else one["name_zh"], *_words(one, english),
            "、".join(one["needs"]) if english else tables_of(one), _dates(one),
        )
        for one in listed
    ]  # fmt: skip
    _table("稽核规则", ["规则", "名称", "等级", "发放前", "批次", "需要的数据", "有效期"], rows, english)


def _page(told: Mapping[str, Any], english: bool) -> None:
    from controls.checks.explained.rulebook import tables_of

    before = told["says_before_payment"]
    severity, said, catalogue = _words(told, english)
    otherwise = f"；否则提示：{before['otherwise_zh']}" if before["otherwise_zh"] else ""
    rows = [
        ("规则", told["code"]), ("名称", f"{told['name_zh']} · {told['name_en']}"), ("等级", severity), ("批次", catalogue), ("有效期", _dates(told)),
        ("数据", tables_of(told)), ("描述", told["description_zh"]), ("发放前的口径", f"{said}：{before['why_zh']}{otherwise}"),
        *(("法律依据", one) for one in told["legal_basis"]), *(("不算疑点", one) for one in told["false_friends_zh"]), ("疑点说明", told["reason_zh"]),
    ]  # fmt: skip
    _table("基本情况", ["内容", "说明"], [(_word(name, english), text) for name, text in rows], english)
    if told["parameters"]:
        held = [(one["name"], _value(one["value"]), one["valid_from"] or "", one["valid_to"] or "", one["reference"]) for one in told["parameters"]]
        _table("参数（随日期）", ["参数", "值", "生效", "失效", "依据"], held, english)
    steps = [(_where(one["where"]), one["kind"] if english else KINDS[one["kind"]], one["name"]) for one in told["steps"]]
    _table("逐条条件（自上而下）", ["所在", "种类", "条件"], steps, english)
    posed = [(one["name_zh"], "\n".join(one["given"]), "\n".join(one["expect"]) or ("none" if english else "不应报")) for one in told["cases"]]
    _table("自检案例", ["案例", "给出的资料", "应报的疑点"], posed, english)
    click.echo(f"{_word('运行的SQL', english)}（--as-of {told['as_of']}）\n")
    click.echo(told["sql"].rstrip("\n"))


def _words(told: Mapping[str, Any], english: bool) -> tuple[str, str, str]:
    if english:
        return told["severity"], told["before_payment"], told["catalogue"]
    return SEVERITY[told["severity"]], BEFORE[told["before_payment"]], CATALOGUE[told["catalogue"]]


def _where(where: str) -> str:
    return f"SELECT {where}" if where.isdigit() else f"WITH {where}"


def _value(held: object) -> str:
    return "、".join(str(one) for one in held) if isinstance(held, tuple | list) else str(held)


def _dates(told: Mapping[str, Any]) -> str:
    return f"{told['valid_from'] or ''} – {told['valid_to'] or ''}".strip()


def _word(name: str, english: bool) -> str:
    return _ENGLISH[name] if english else name


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], english: bool) -> None:
    from shebao.cli import show

    show.table(_word(title, english), [_word(head, english) for head in heads], rows)

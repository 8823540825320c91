"""`shebao audit rule-text`: the texts of the office's own rules as they were swept."""

from __future__ import annotations

from dataclasses import asdict

import click

from shebao.cli import Desk
from shebao.cli.show import as_json, table

_JSON = click.option("--json", "json_", is_flag=True, help="输出 JSON。")


@click.command("rule-text")
@click.argument("rule", metavar="规则", required=False)
@_JSON
@click.pass_obj
def rule_text(desk: Desk, rule: str | None, json_: bool) -> None:
    """本单位规则筛查时的文本：登记过的全部规则，或一条规则的每一版 SQL、YAML 和自检案例。

    \b
    例：
      shebao audit rule-text
      shebao audit rule-text X1
    """
    from controls.checks.errors import UnknownRule
    from controls.sweeps import own_texts
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with office.reading() as connection:
        found = own_texts.texts(connection, rule)
        known = own_texts.texts(connection)
    if rule and not found:
        raise UnknownRule(rule=rule, known="、".join(sorted({one.rule for one in known})) or "（没有登记过本单位规则）")
    if json_:
        as_json([asdict(one) for one in found])
        return
    table("本单位规则的文本", ("规则", "文本摘要", "首次筛查"), [(one.rule, one.sha256[:12], one.first_sweep) for one in found])
    for one in found if rule else ():
        click.echo(f"—— {one.rule}.yaml（文本 {one.sha256[:12]}，第 {one.first_sweep} 次筛查起）\n{one.described}\n—— {one.rule}.sql\n{one.text}")
        if one.cases:
            click.echo(f"—— cases/{one.rule}.yaml\n{one.cases}")

"""`shebao trail`: reading the trail, keeping its head elsewhere, rights in the database."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT


@click.group()
def trail() -> None:
    """留痕：查阅、链头外存、数据库权限脚本。

    \b
    例：
      shebao trail show --person zhou
      shebao trail witness --out 链头.jsonl
    """


@trail.command()
@click.option("--thing", default="", help="事项，例 roster:1、voucher:1-12、user:zhao。")
@click.option("--person", "who", default="", help="经手人的用户名。")
@click.option("--refused", is_flag=True, help="只看被拒绝的。")
@click.option("--list", "most", type=COUNT, default=50, show_default=True, help="最多列出多少条，从最近的算起。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def show(desk: Desk, thing: str, who: str, refused: bool, most: int, json_: bool) -> None:
    """查阅留痕：谁、以何岗位、何时、做了什么、办到哪一件、前后摘要、结果与原因；查阅本身也留痕。

    \b
    例：
      shebao trail show --thing roster:1
      shebao trail show --refused --json
    """
    from dataclasses import asdict

    from shebao.cli.show import as_json, table
    from shebao.store import Office
    from shebao.trails.reading import found

    rows = found(Office(desk.home), thing=thing, who=who, refused=refused, most=most)
    if json_:
        as_json([asdict(row) for row in rows])
        return
    heads = ("序号", "时间", "经手人", "岗位", "动作", "事项", "结果", "原因")
    results = {"done": "完成", "refused": "拒绝"}
    table("留痕", heads, [(r.seq, r.at[:19], r.actor, r.duty, r.act, r.thing, results[r.result], r.reason) for r in rows])


@trail.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="链头文件，逐次追加；存到本机以外的地方。")
@click.pass_obj
def witness(desk: Desk, out: Path) -> None:
    """把现在的链头写进一份外存文件；此后用 shebao verify --witness 文件 证明此前的留痕未被改写。

    \b
    例：
      shebao trail witness --out 链头.jsonl
    """
    from shebao.store import Office
    from shebao.trails.witness import write

    head = write(Office(desk.home), out)
    click.echo(f"链头 {head.seq}:{head.hash} 已追加到 {out}")
    click.echo("请把文件交给本机以外的人保存（上级、审计、档案），不要与数据放在一处。")


@trail.command()
@click.option("--owner", required=True, help="拥有表和守护规则的数据库角色。")
@click.option("--app", required=True, help="程序日常使用的数据库角色。")
def roles(owner: str, app: str) -> None:
    """打印 PostgreSQL 权限脚本：日常角色只能查询和新增，只有守护规则留出步骤的表能改；不能删改守护规则。

    \b
    例：
      shebao trail roles --owner shebao_owner --app shebao_app > 权限.sql
    """
    from shebao.trails.roles import script

    click.echo(f"-- 由 {owner} 在 shebao init 或 shebao upgrade 之后执行。")
    for statement in script(owner, app):
        click.echo(statement + ";")

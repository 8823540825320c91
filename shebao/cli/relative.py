"""`shebao relative`: declaring relatives (回避登记) and reviewing what was declared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.duties import Actor
    from controls.relatives.declared import Declaration
    from ledger.db import UnitOfWork


@click.group()
def relative() -> None:
    """回避登记：每人填报本人和亲属、利害关系人的证件号码；涉及他们的待遇和款项，本人不经办、不审核、不授权、不稽核。

    \b
    例：
      shebao relative declare --relation self --number 证件号码 --name 姓名
      shebao relative confirm 3
    """


def _act(desk: Desk, act: Callable[[UnitOfWork, str, Actor], Declaration]) -> None:
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = act(work, office.now(), actor)
        work.commit()
    click.echo(f"第 {made.relative_id} 号回避登记：{made.told()}，{made.state}")


@relative.command()
@click.option(
    "--relation", required=True, type=click.Choice(["self", "spouse", "lineal", "collateral", "inlaw", "interest"]),
    help="self 本人，spouse 配偶，lineal 直系，collateral 三代以内旁系，inlaw 近姻亲，interest 其他利害关系。",
)  # fmt: skip
@click.option("--number", prompt="证件号码", prompt_required=False, required=True, help="证件号码；不写值时询问，不留在命令历史里。")
@click.option("--name", required=True, help="姓名。")
@click.option("--note", default="", help="说明。")
@click.pass_obj
def declare(desk: Desk, relation: str, number: str, name: str, note: str) -> None:
    """登录人填报一项，立即生效；另由稽核审核。

    \b
    例：
      shebao relative declare --relation spouse --name 甲一 --number
    """
    from controls.relatives import declared

    _act(desk, lambda work, now, actor: declared.declare(work, now, actor, relation, number, name, note))


@relative.command()
@click.argument("number", type=NUMBER, metavar="编号")
@click.option("--note", default="", help="审核意见。")
@click.pass_obj
def confirm(desk: Desk, number: int, note: str) -> None:
    """稽核审核别人的登记。

    \b
    例：
      shebao relative confirm 3
    """
    from controls.relatives import declared

    _act(desk, lambda work, now, actor: declared.step(work, now, actor, number, "confirm", note))


@relative.command("ask-end")
@click.argument("number", type=NUMBER, metavar="编号")
@click.option("--note", required=True, help="事由，如关系终止、号码填错。")
@click.pass_obj
def ask_end(desk: Desk, number: int, note: str) -> None:
    """本人申请撤销一项登记；稽核同意之前照常回避。

    \b
    例：
      shebao relative ask-end 3 --note 号码填错
    """
    from controls.relatives import declared

    _act(desk, lambda work, now, actor: declared.step(work, now, actor, number, "ask_end", note))


@relative.command()
@click.argument("number", type=NUMBER, metavar="编号")
@click.option("--note", default="", help="审核意见。")
@click.pass_obj
def end(desk: Desk, number: int, note: str) -> None:
    """稽核同意撤销别人申请撤销的登记。

    \b
    例：
      shebao relative end 3
    """
    from controls.relatives import declared

    _act(desk, lambda work, now, actor: declared.step(work, now, actor, number, "end", note))


@relative.command("leave-out")
@click.argument("number", type=NUMBER, metavar="花名册")
@click.pass_obj
def leave_out(desk: Desk, number: int) -> None:
    """发放经办把花名册中本人和亲属的行转入暂缓（编制之后、签字之前），余下的照常办理；暂缓的由他人另行办理。

    \b
    例：
      shebao relative leave-out 3
    """
    from controls import avoiding
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        count = avoiding.leave_out(work, office.now(), actor, number)
        work.commit()
    click.echo(f"花名册 {number}：{count} 行因回避转入暂缓发放台账。")


@relative.command("list")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """列出自己的回避登记（号码遮盖）；稽核看全部，并看到谁还没有填报本人。

    \b
    例：
      shebao relative list
    """
    from controls.duties import Duty
    from controls.relatives import declared
    from shebao.store import Office

    office = Office(desk.home)
    everybody = Duty.AUDIT in office.actor.duties
    with office.reading() as connection:
        found = declared.listed(connection, user_id="" if everybody else office.actor.user)
        missing = declared.undeclared(connection) if everybody else []
    if json_:
        as_json([{"number": one.relative_id, "user": one.user, "relation": one.relation, "told": one.told(), "state": one.state} for one in found])
        return
    rows = [(one.relative_id, one.user, one.told(), one.declared_at[:16], one.state) for one in found]
    table("回避登记", ("编号", "用户", "关系人", "填报时间", "状态"), rows)
    if missing:
        click.echo("尚未填报本人：" + "、".join(f"{name}（{user_id}）" for user_id, name in missing))

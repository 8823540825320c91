"""`shebao token`: the register of seals and online-banking keys (印鉴、U盾): issue, hand over, sign for, report lost, destroy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.roster import json_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from controls.duties import Actor
    from controls.tokens.store import Token
    from ledger.db import UnitOfWork


@click.group()
def token() -> None:
    """印鉴、U盾登记：发放、交接双方签字，挂失、销毁两人签字；制单盾与复核盾、财务章与法人章不在一人手里。

    \b
    例：
      shebao token add 网银制单U盾 --label A-01 --to wang
      shebao token receive 1
      shebao token list
    """


def _done(desk: Desk, act: Callable[[UnitOfWork, str, Actor], Token], json_: bool) -> None:
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = act(work, office.now(), actor)
        work.commit()
    if json_:
        as_json(_values(made))
        return
    last = made.steps[-1]
    waits = ""
    if not last.signed_by:
        waits = f"；由 {last.receiver} 签收：shebao token receive {made.token_no}" if last.receiver else f"；由另一人签字：shebao token witness {made.token_no}"
    click.echo(f"{made.token_no} 号 {made.zh}：{made.state}，持有人 {made.holder or '无'}{waits}")


def _values(made: Token) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "token": made.token_no, "kind": made.kind, "label": made.label, "note": made.note, "holder": made.holder, "state": made.state,
        "steps": [asdict(step) for step in made.steps],
    }  # fmt: skip


@token.command()
@click.argument("kind", metavar="种类")
@click.option("--label", required=True, help="编号（U盾序列号、印章备案号）。")
@click.option("--to", "receiver", required=True, help="发给谁（用户名）；由其本人签收。")
@click.option("--note", default="", help="备注，如所属银行账户。")
@json_option
@click.pass_obj
def add(desk: Desk, kind: str, label: str, receiver: str, note: str, json_: bool) -> None:
    """负责人或安全管理员登记一件印鉴或U盾并发放；种类：网银制单U盾、网银复核U盾、财务专用章、法人名章。

    \b
    例：
      shebao token add 网银复核U盾 --label B-01 --to zheng
    """
    from controls.tokens import store

    _done(desk, lambda work, now, actor: store.add(work, now, actor, kind, label, receiver, note), json_)


@token.command()
@click.argument("token_no", type=NUMBER, metavar="编号")
@click.option("--to", "receiver", required=True, help="交给谁（用户名）。")
@click.option("--reason", default="", help="交接原因。")
@json_option
@click.pass_obj
def handover(desk: Desk, token_no: int, receiver: str, reason: str, json_: bool) -> None:
    """持有人交出；接收人签收后才算交接完成，此前仍由交出人负责。

    \b
    例：
      shebao token handover 1 --to sun --reason 轮岗
    """
    from controls.tokens import store

    _done(desk, lambda work, now, actor: store.hand_over(work, now, actor, token_no, receiver, reason), json_)


@token.command()
@click.argument("token_no", type=NUMBER, metavar="编号")
@json_option
@click.pass_obj
def receive(desk: Desk, token_no: int, json_: bool) -> None:
    """接收人签收发放或交接给本人的印鉴、U盾。

    \b
    例：
      shebao token receive 1
    """
    from controls.tokens import store

    _done(desk, lambda work, now, actor: store.receive(work, now, actor, token_no), json_)


@token.command()
@click.argument("token_no", type=NUMBER, metavar="编号")
@click.option("--reason", type=REASON, required=True, help="经过。")
@json_option
@click.pass_obj
def lost(desk: Desk, token_no: int, reason: str, json_: bool) -> None:
    """持有人或负责人挂失；从此刻起不能再用，另由一人签字。

    \b
    例：
      shebao token lost 1 --reason 外出遗失，已报银行
    """
    from controls.tokens import store

    _done(desk, lambda work, now, actor: store.end(work, now, actor, token_no, "lost", reason), json_)


@token.command()
@click.argument("token_no", type=NUMBER, metavar="编号")
@click.option("--reason", type=REASON, required=True, help="销毁原因。")
@json_option
@click.pass_obj
def destroy(desk: Desk, token_no: int, reason: str, json_: bool) -> None:
    """负责人或安全管理员登记销毁（旧章、旧盾交回银行或备案机关），另由一人监督签字。

    \b
    例：
      shebao token destroy 3 --reason 换发新章
    """
    from controls.tokens import store

    _done(desk, lambda work, now, actor: store.end(work, now, actor, token_no, "destroyed", reason), json_)


@token.command()
@click.argument("token_no", type=NUMBER, metavar="编号")
@json_option
@click.pass_obj
def witness(desk: Desk, token_no: int, json_: bool) -> None:
    """另一人在挂失或销毁上签字。

    \b
    例：
      shebao token witness 3
    """
    from controls.tokens import store

    _done(desk, lambda work, now, actor: store.witness(work, now, actor, token_no), json_)


@token.command("list")
@json_option
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """列出每件印鉴、U盾，现在由谁持有，有没有未签收的交接。

    \b
    例：
      shebao token list
    """
    from controls.people import names
    from controls.tokens import store
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        found, people = store.listed(connection), names(connection)
    if json_:
        as_json([_values(one) for one in found])
        return
    rows = [
        (one.token_no, one.zh, people.get(one.holder, "—"), one.state, one.steps[-1].acted_at[:10], one.steps[-1].signed_at[:10], one.note) for one in found
    ]
    table("印鉴、U盾登记簿", ("编号", "名称", "持有人", "状态", "最近办理", "签字", "备注"), rows)

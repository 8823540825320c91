"""`shebao trail`: reading the trail, keeping its head elsewhere, redaction by law, rights in the database."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, NUMBER, REASON


@click.group()
def trail() -> None:
    """留痕：查阅、链头外存、依法删除个人信息、数据库权限脚本。

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
        as_json([{name: value for name, value in asdict(row).items() if name != "sealed"} for row in rows])
        return
    heads = ("序号", "时间", "经手人", "岗位", "动作", "事项", "结果", "原因")
    results = {"done": "完成", "refused": "拒绝"}
    table("留痕", heads, [(r.seq, r.at[:19], r.actor, r.duty, r.act, r.thing, results[r.result], r.reason) for r in rows])


@trail.command()
@click.argument("seqs", type=NUMBER, nargs=-1, metavar="[序号]...")
@click.option("--person", default="", help="不给序号时：提到这一姓名的，或关于这一用户名的全部留痕。")
@click.option("--basis", required=True, help="法定理由的代码：purpose、term、unlawful、order（templates/redaction-grounds.yaml）。")
@click.option("--reason", type=REASON, required=True, help="具体缘由；不要在这里重写要删的内容。")
@click.pass_obj
def redact(desk: Desk, seqs: tuple[int, ...], person: str, basis: str, reason: str) -> None:
    """申请依法删除留痕中的个人信息原文（姓名、事由、备注）；另一人确认后才删除，链仍完整，删后不可恢复。

    \b
    例：
      shebao trail redact 153 --basis unlawful --reason 误写了无关人员
      shebao trail redact --person 张三 --basis order --reason 法院通知第5号
    """
    from shebao.store import Office
    from shebao.trails.redacting import ask

    made = ask(Office(desk.home), basis, reason, seqs=seqs, person=person)
    click.echo(f"第 {made.redaction_no} 号删除申请：{len(made.seqs)} 条留痕中的 {len(made.fields)} 处原文，待单位负责人确认。")
    click.echo(f"涉及留痕：{'、'.join(map(str, made.seqs[:20]))}" + ("等" if len(made.seqs) > 20 else ""))


@trail.command("redact-confirm")
@click.argument("number", type=NUMBER)
@click.option("--refuse", is_flag=True, help="退回，不删除；须写 --note。")
@click.option("--note", default="", help="意见；退回时必填。")
@click.pass_obj
def redact_confirm(desk: Desk, number: int, refuse: bool, note: str) -> None:
    """确认依法删除：原文和盐值当即销毁；或退回。由单位负责人办理，申请人不得确认。

    \b
    例：
      shebao trail redact-confirm 1
      shebao trail redact-confirm 1 --refuse --note 保管期限未满
    """
    from shebao.store import Office
    from shebao.trails.redacting import decide

    made = decide(Office(desk.home), number, confirmed=not refuse, note=note)
    if refuse:
        click.echo(f"第 {number} 号删除申请已退回，未删除任何内容。")
        return
    click.echo(f"已销毁 {len(made.seqs)} 条留痕中的 {len(made.fields)} 处原文和盐值；留痕链不变，可用 shebao verify 核验。")
    click.echo("备份和以前的导出中仍有原文，请一并处理；PostgreSQL 须由管理员清理空间（docs/controls.md）。")


@trail.command()
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def redactions(desk: Desk, json_: bool) -> None:
    """列出依法删除的申请：理由、缘由、涉及的留痕、谁申请、谁办结。

    \b
    例：
      shebao trail redactions
    """
    from dataclasses import asdict

    from shebao.cli.show import as_json, table
    from shebao.store import Office
    from shebao.trails.redacting import STATE_ZH, listed

    found = listed(Office(desk.home))
    if json_:
        as_json([asdict(one) for one in found])
        return
    heads = ("编号", "理由", "缘由", "留痕", "申请人", "申请时间", "状态", "办结人", "意见")
    rows = [
        (str(o.redaction_no), o.basis, o.reason, "、".join(map(str, o.seqs[:6])), o.asked_by, o.asked_at[:16], STATE_ZH[o.step], o.decided_by, o.note)
        for o in found
    ]
    table("依法删除", heads, rows)


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

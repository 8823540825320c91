"""`shebao handover` and `shebao payment`: 会计工作交接书 with 监交人, and the signatures of 《基金支付审批表》."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.roster import json_option
from shebao.cli.show import as_json, table

OUT = click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("papers"), help="写到哪个目录。")


@click.group()
def handover() -> None:
    """会计工作交接书：移交人编制，接收人签收，监交人监交；没签完的人不能停用。

    \b
    例：
      shebao handover make --to sun --reason 调离
      shebao handover receive 1
      shebao handover supervise 1
    """


@handover.command()
@click.option("--to", "receiver", required=True, help="接收人（用户名）。")
@click.option("--reason", type=REASON, required=True, help="移交原因。")
@json_option
@click.pass_obj
def make(desk: Desk, receiver: str, reason: str, json_: bool) -> None:
    """移交人编制交接书：各账套余额、凭证最后号、持有的印鉴和U盾，以此刻为准。

    \b
    例：
      shebao handover make --to sun --reason 轮岗
    """
    from shebao import bank_papers
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    made = bank_papers.make_handover(office, receiver, reason)
    if json_:
        as_json({"handover": made.handover_no, "digest": made.digest})
        return
    click.echo(f"第 {made.handover_no} 号交接书已编制，摘要 {made.digest[:16]}。接收人：shebao handover receive {made.handover_no}")


def _sign(desk: Desk, number: int, role: str) -> None:
    from controls.handovers import store
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = store.sign(work, office.now(), actor, number, role)
        work.commit()
    click.echo(f"第 {number} 号交接书：已签字" + ("，三人签字齐全" if made.whole else ""))


@handover.command()
@click.argument("number", type=NUMBER, metavar="编号")
@click.pass_obj
def receive(desk: Desk, number: int) -> None:
    """接收人签收。

    \b
    例：
      shebao handover receive 1
    """
    _sign(desk, number, "receiver")


@handover.command()
@click.argument("number", type=NUMBER, metavar="编号")
@click.pass_obj
def supervise(desk: Desk, number: int) -> None:
    """监交人签字：会计由会计主管监交，会计主管由单位负责人监交。

    \b
    例：
      shebao handover supervise 1
    """
    _sign(desk, number, "supervisor")


@handover.command("list")
@json_option
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """列出交接书和还缺的签字。

    \b
    例：
      shebao handover list
    """
    from controls.handovers import store
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        found = store.listed(connection)
    rows = [(one.handover_no, one.giver, one.receiver, one.reason, one.made_at[:10], "齐全" if one.whole else "未签完") for one in found]
    if json_:
        as_json([dict(zip(("handover", "giver", "receiver", "reason", "day", "state"), row, strict=True)) for row in rows])
        return
    table("会计工作交接书", ("编号", "移交人", "接收人", "原因", "日期", "签字"), rows)


@handover.command("print")
@click.argument("number", type=NUMBER, metavar="编号")
@OUT
@click.pass_obj
def print_(desk: Desk, number: int, out: Path) -> None:
    """打印交接书（PDF、XLSX）。

    \b
    例：
      shebao handover print 1 --out papers
    """
    from shebao import bank_papers
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    files, digest = bank_papers.write_handover(office, number, out)
    for file in files:
        click.echo(f"已写 {file}")
    click.echo(f"摘要 {digest}")


@click.group()
def payment() -> None:
    """《基金支付审批表》：会计、会计主管、分管领导、单位负责人依次签字，再打印。

    \b
    例：
      shebao payment sign 1
      shebao payment print 1
    """


@payment.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@click.option("--note", default="", help="审批意见；不写为“同意”。")
@click.pass_obj
def sign(desk: Desk, roster_id: int, note: str) -> None:
    """在已放行花名册的支付审批表上签下一步的字。

    \b
    例：
      shebao payment sign 1 --note 同意支付
    """
    from controls.approvals import store
    from controls.duties import Duty
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = store.sign_payment(work, office.now(), actor, roster_id, note)
        work.commit()
    left = store.CHAIN[made.step].zh if made.step < len(store.CHAIN) else ""
    click.echo(f"花名册 {roster_id} 支付审批表：{Duty(made.duty).zh}已签字" + (f"，下一步由{left}签字" if left else "，四人签完"))


@payment.command("print")
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@OUT
@click.pass_obj
def print_form(desk: Desk, roster_id: int, out: Path) -> None:
    """打印支付审批表（PDF、XLSX）。

    \b
    例：
      shebao payment print 1 --out papers
    """
    from controls.duties import require_any
    from shebao import bank_papers
    from shebao.store import Office

    office = Office(desk.home)
    require_any(office.actor, bank_papers.DUTIES)
    files, digest = bank_papers.write_payment_form(office, roster_id, out)
    for file in files:
        click.echo(f"已写 {file}")
    click.echo(f"摘要 {digest}")

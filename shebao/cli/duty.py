"""`shebao duty`: may somebody do this, asking for a duty and the steps by which it is given, the conflict matrix, the register of posts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, NUMBER, REASON
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.duties import Actor, Duty
    from controls.grants.requests import Request, Wanted
    from ledger.db import UnitOfWork


@click.group()
def duty() -> None:
    """岗位与授权：谁能办什么、为什么；授权四步（申请、内控审核、负责人批准、授予）；代理、应急、豁免；矩阵和台账。

    \b
    例：
      shebao duty may zhang REVIEW roster:3
      shebao duty ask he REVIEW --from 2026-02-01 --to 2027-01-31 --reason 接任
      shebao duty matrix
    """


def _duty(text: str) -> Duty:
    """A duty by code or Chinese name."""
    from controls.duties import Duty as Known

    for one in Known:
        if text.upper() == one.value or text in (one.zh, one.zh.partition("（")[0]):
            return one
    raise click.BadParameter(f"没有岗位 {text}，写代码或名称：{'、'.join(f'{one.value} {one.zh}' for one in Known)}")


def _told(made: Request) -> str:
    from controls.duties import Duty as Known
    from controls.grants.requests import KIND_ZH, STATE_ZH

    wanted = made.wanted
    what = f"“{wanted.duty.zh}”" + (f"与“{Known(wanted.other).zh}”兼任" if wanted.other else "")
    return f"第 {made.request_id} 号{KIND_ZH[wanted.kind]}：{wanted.user} {what}，{wanted.valid_from} 至 {wanted.valid_to}，{STATE_ZH[made.state]}"


def _act(desk: Desk, act: Callable[[UnitOfWork, str, Actor], Request]) -> None:
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = act(work, office.now(), actor)
        work.commit()
    following = made.next_step
    more = f"；下一步：shebao duty {following} {made.request_id}" if following else ""
    click.echo(_told(made) + more)


@duty.command()
@click.argument("who", metavar="用户名")
@click.argument("duty_", metavar="岗位")
@click.argument("thing", required=False, default="", metavar="[事项]")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def may(desk: Desk, who: str, duty_: str, thing: str, json_: bool) -> int:
    """某人能不能以某岗位办理（某一册花名册、某一张凭证、某一笔变更），并说明理由；不能时退出码为 1。

    事项写作 roster:编号、voucher:凭证流水、change:编号。

    \b
    例：
      shebao duty may zhang REVIEW roster:3
      shebao duty may sun 会计主管 voucher:1-5
    """
    from controls import duties, people
    from controls.errors import NoSuchUser
    from controls.grants import requests
    from shebao.duties import thing_of
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        names = people.names(connection)
        if who not in names:
            raise NoSuchUser(user=who)
        now = office.now()
        actor = duties.Actor(who, names[who], people.duties_of(connection, who, now), requests.exempt(connection, who, now))
        answer = duties.may(actor, _duty(duty_), thing_of(connection, office.home, thing) if thing else None)
    if json_:
        as_json({"yes": answer.yes, "reasons": list(answer.reasons)})
    else:
        click.echo(f"{'可以' if answer.yes else '不可以'}：{names[who]} 以“{_duty(duty_).zh}”" + (f"办理 {thing}" if thing else "办理"))
        for reason in answer.reasons:
            click.echo(f"  {reason}")
    return 0 if answer.yes else 1


TERM = "ISO 日期"


def _ask(desk: Desk, wanted: Callable[[str], Wanted]) -> None:
    from controls.grants import requests

    _act(desk, lambda work, now, actor: requests.ask(work, now, actor, wanted(now)))


@duty.command()
@click.argument("user", metavar="用户名")
@click.argument("duty_", metavar="岗位")
@click.option("--from", "start", required=True, help=f"起，{TERM}。")
@click.option("--to", "end", required=True, help=f"止（不含），{TERM}；必须有。")
@click.option("--reason", type=REASON, required=True, help="事由。")
@click.pass_obj
def ask(desk: Desk, user: str, duty_: str, start: str, end: str, reason: str) -> None:
    """申请授权：任何人可以为自己或别人申请，之后由三个不同的人审核、批准、授予。

    \b
    例：
      shebao duty ask he REVIEW --from 2026-02-01 --to 2027-02-01 --reason 接任股室负责人
    """
    from controls.grants.requests import Wanted as Made

    _ask(desk, lambda _: Made("grant", user, _duty(duty_), start, end, reason))


@duty.command()
@click.argument("user", metavar="代理人")
@click.argument("duty_", metavar="岗位")
@click.option("--for", "for_user", required=True, help="被代理人。")
@click.option("--from", "start", required=True, help=f"起，{TERM}。")
@click.option("--to", "end", required=True, help=f"止（不含），{TERM}。")
@click.option("--reason", type=REASON, required=True, help="事由，如出差、休假。")
@click.pass_obj
def deputy(desk: Desk, user: str, duty_: str, for_user: str, start: str, end: str, reason: str) -> None:
    """申请代理：在起止之间替代一名在岗的人；同样四步，冲突的岗位同样拒绝，到期自动失效。

    \b
    例：
      shebao duty deputy he AUTHORISE --for wang --from 2026-02-01 --to 2026-02-15 --reason 休假
    """
    from controls.grants.requests import Wanted as Made

    _ask(desk, lambda _: Made("deputy", user, _duty(duty_), start, end, reason, for_user))


@duty.command()
@click.argument("user", metavar="用户名")
@click.argument("duty_", metavar="岗位")
@click.option("--hours", type=COUNT, required=True, help="几小时后失效。")
@click.option("--reason", type=REASON, required=True, help="事由。")
@click.pass_obj
def emergency(desk: Desk, user: str, duty_: str, hours: int, reason: str) -> None:
    """应急授权：由另一名负责人或分管领导批准后立即生效，几小时后失效；期间所办事项自动列入报告，事后由稽核审核。

    \b
    例：
      shebao duty emergency he CASHIER --hours 6 --reason 出纳突发疾病，当日须送盘
    """
    from controls.grants.requests import Wanted as Made

    def wanted(now: str) -> Wanted:
        until = (datetime.fromisoformat(now) + timedelta(hours=hours)).isoformat(timespec="seconds")
        return Made("emergency", user, _duty(duty_), now[:10], until, reason)

    _ask(desk, wanted)


@duty.command()
@click.argument("user", metavar="用户名")
@click.argument("duty_", metavar="岗位")
@click.argument("other", metavar="另一岗位")
@click.option("--owner", required=True, help="补偿控制的负责人（用户名），不是被豁免人。")
@click.option("--control", required=True, help="补偿控制，如每月由稽核逐笔复查。")
@click.option("--from", "start", required=True, help=f"起，{TERM}。")
@click.option("--to", "end", required=True, help=f"止（不含），{TERM}。")
@click.option("--reason", type=REASON, required=True, help="事由。")
@click.pass_obj
def exempt(desk: Desk, user: str, duty_: str, other: str, owner: str, control: str, start: str, end: str, reason: str) -> None:
    """申请豁免：人少的单位由一人兼任两个岗位（只限规则许可的），须有补偿控制、负责人和期限，负责人批准，按月列报；同一事项仍由两人办理。

    \b
    例：
      shebao duty exempt he HANDLE_REGISTER HANDLE_ASSESS --owner feng --control 每月逐笔复查 --from 2026-02-01 --to 2026-08-01 --reason 编制不足
    """
    from controls.grants.requests import Wanted as Made

    _ask(desk, lambda _: Made("exemption", user, _duty(duty_), start, end, reason, owner, _duty(other).value, control))


def _step(name: str, text: str, example: str, *, reason: bool = False) -> click.Command:
    option = click.option("--note", required=reason, default=None if reason else "", help="理由。" if reason else "意见。")

    def take(desk: Desk, number: int, note: str) -> None:
        from controls.grants import requests

        _act(desk, lambda work, now, actor: requests.take(work, now, actor, number, name, note))

    take.__doc__ = f"{text}\n\n    \b\n    例：\n      {example}\n"
    return duty.command(name)(click.argument("number", type=NUMBER, metavar="编号")(option(click.pass_obj(take))))


_step("review", "内控审核（稽核）：授权、代理在批准之前，应急授权在事后。", "shebao duty review 3")
_step("approve", "单位负责人批准；应急授权也可由分管领导批准，批准即生效。", "shebao duty approve 3")
_step("grant", "安全管理员授予：与在岗岗位冲突的拒绝。", "shebao duty grant 3")
_step("refuse", "退回申请，写明理由。", "shebao duty refuse 3 --note 期限过长", reason=True)
_step("end", "单位负责人提前终止豁免，写明理由。", "shebao duty end 4 --note 已配备人员", reason=True)


@duty.command()
@click.argument("user", metavar="用户名")
@click.argument("duty_", metavar="岗位")
@click.pass_obj
def revoke(desk: Desk, user: str, duty_: str) -> None:
    """安全管理员即日终止一个岗位；授权记录保留。

    \b
    例：
      shebao duty revoke he REVIEW
    """
    from controls import people
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        people.take_away(work, office.now(), actor, user, _duty(duty_))
        work.commit()
    click.echo(f"{user} 的“{_duty(duty_).zh}”已终止。")


@duty.command("list")
@click.option("--waiting", is_flag=True, help="只列待办的。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, waiting: bool, json_: bool) -> None:
    """列出授权、代理、应急、豁免的申请和每一步由谁办理。

    \b
    例：
      shebao duty list --waiting
    """
    from controls.grants import requests
    from controls.grants.requests import STEP_ZH
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        found = requests.listed(connection, waiting=waiting)
    if json_:
        from dataclasses import asdict

        as_json([{**asdict(one), "state": one.state, "next": one.next_step} for one in found])
        return
    for one in found:
        steps = "；".join(f"{STEP_ZH[step.step]} {step.user} {step.at[:16]}" for step in one.steps.values())
        click.echo(f"{_told(one)}\n    申请 {one.asked_by} {one.asked_at[:16]}：{one.wanted.reason}" + (f"；{steps}" if steps else ""))
    if not found:
        click.echo("没有申请。")


@duty.command()
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="另存为 PDF 和 XLSX。")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), default=None, help="另存为一个网页文件（不需联网）。")
@click.pass_obj
def matrix(desk: Desk, json_: bool, out: Path | None, html: Path | None) -> None:
    """不相容岗位矩阵：● 不得兼任，○ 同一事项不得兼办，◇ 办理过的不再核查；每一格有依据。

    \b
    例：
      shebao duty matrix
      shebao duty matrix --out 台账/ --html 矩阵.html
    """
    from shebao import duties, duty_pages
    from shebao.store import Office

    office = Office(desk.home)
    _staff(office.actor)
    cells = duties.matrix_rows()
    if json_:
        as_json([dict(zip(duties.PAIR_COLUMNS, row, strict=True)) for row in cells])
    else:
        table("不相容岗位矩阵", duties.PAIR_COLUMNS, cells)
    pages = [duty_pages.write(duty_pages.matrix(office), html)] if html else []
    for file in [*(duties.write_matrix(office, out).files if out else ()), *pages]:
        click.echo(f"已写出 {file}", err=json_)


@duty.command()
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="另存为 PDF 和 XLSX。")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), default=None, help="另存为一个网页文件（不需联网）。")
@click.pass_obj
def register(desk: Desk, json_: bool, out: Path | None, html: Path | None) -> None:
    """岗位权限台账：谁、什么岗位、起止、怎样授予、谁授予、是否在岗。

    \b
    例：
      shebao duty register
      shebao duty register --out 台账/ --html 岗位.html
    """
    from shebao import duties, duty_pages
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        rows = duties.register_rows(connection, office.now())
    if json_:
        as_json([dict(zip(duties.POST_COLUMNS, row, strict=True)) for row in rows])
    else:
        table("岗位权限台账", duties.POST_COLUMNS, rows)
    pages = [duty_pages.write(duty_pages.posts(office), html)] if html else []
    for file in [*(duties.write_register(office, out).files if out else ()), *pages]:
        click.echo(f"已写出 {file}", err=json_)


@duty.command()
@click.option("--month", required=True, help="月份，如 2026-01。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="另存为 PDF 和 XLSX。")
@click.pass_obj
def exceptions(desk: Desk, month: str, json_: bool, out: Path | None) -> None:
    """本月例外月报（报内控）：代理、应急授权及期间所办事项、豁免及补偿控制、未启用动态口令的岗位。

    \b
    例：
      shebao duty exceptions --month 2026-01
    """
    from ledger.months import Month
    from shebao import duties
    from shebao.store import Office

    office = Office(desk.home)
    wanted = Month.parse(month)
    with office.reading() as connection:
        parts = duties.exception_parts(connection, wanted, office.now())
    if json_:
        as_json({part.title: [dict(zip(part.columns, row, strict=True)) for row in part.rows] for part in parts})
    else:
        for part in parts:
            if part.rows:
                table(part.title, part.columns, part.rows)
            else:
                click.echo(f"{part.title}：无")
    for file in duties.write_exceptions(office, wanted, out).files if out else ():
        click.echo(f"已写出 {file}", err=json_)


def _staff(actor: Actor) -> None:
    from controls.errors import NotAllowed

    if not actor.duties:
        raise NotAllowed(name=actor.name, duty="查阅", why="没有在岗的岗位")

"""`shebao roster`: the roster from its file to the release, step by step, each by the person signed in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk, rostercases, rosterlists
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.show import as_json

if TYPE_CHECKING:
    from controls.signoff import Content
    from shebao.store import Office


MOST_SNAPSHOTS = 20
"""Snapshots that a check lists; `shebao roster show` lists all."""


def working(text: str) -> AbstractContextManager[Any]:
    """A moving sign on standard error while something takes time, only on a terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``."""
    return click.option("--json", "json_", is_flag=True, help="输出 JSON。")(command)


@click.group()
def roster() -> None:
    """发放花名册：编制 → 检查 → 答复 → 经办提交 → 审核 → 授权 → 放行。各步由不同的人登录办理。

    \b
    例：
      shebao roster build --fund R --period 2026-01
      shebao roster check 1
      shebao roster answer 1 --rule A1-SHARED-ACCOUNT --reason 夫妻共用，已核实
      shebao roster submit 1
    """


@roster.command()
@click.option("--fund", required=True, help="险种代码或名称。")
@click.option("--period", required=True, help="发放月份，如 2026-01。")
@click.option("--file-id", type=NUMBER, default=None, help="花名册文件的导入编号；默认该险种该月最近导入的一份。")
@click.option("--allowance", is_flag=True, help="编制代发项目（村医、民师、计生 …）的花名册。")
@json_option
@click.pass_obj
def build(desk: Desk, fund: str, period: str, file_id: int | None, allowance: bool, json_: bool) -> None:
    """经办由已导入的花名册文件编制花名册；有一行不能发放即整份拒绝。

    \b
    例：
      shebao roster build --fund R --period 2026-01
    """
    from controls import rosterbuild
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    kind = rosterbuild.ALLOWANCE if allowance else rosterbuild.BENEFIT
    with working("编制花名册 …"), office.unit() as work:
        built = rosterbuild.build(work, office.home, actor, office.now(), Fund.parse(fund), Month.parse(period), file_id=file_id, kind=kind)
        work.commit()
    made = built.roster
    if json_:
        as_json(
            {
                "roster": made.roster_id,
                "file_id": made.file_id,
                "lines": made.line_count,
                "gross_fen": made.gross_fen,
                "net_fen": made.net_fen,
                "left_out": built.left_out,
            }
        )
        return
    click.echo(f"花名册 {made.roster_id} 已编制：{made.title}，{made.line_count} 行，应发 {show(made.gross_fen)} 元，实发 {show(made.net_fen)} 元")
    if built.left_out:
        click.echo(f"文件中另有 {built.left_out} 行属于其他险种或代发项目，须另册编制。")
    click.echo(f"下一步：shebao roster check {made.roster_id}")


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@json_option
@click.pass_obj
def check(desk: Desk, roster_id: int, json_: bool) -> int:
    """经办运行发放前检查；拦截的行自动进入暂缓发放台账，其余疑点须答复。有疑点时退出码为 1。

    \b
    例：
      shebao roster check 1
    """
    from controls import screening
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with working("发放前检查 …"), office.unit() as work:
        found = screening.check(work, office.home, actor, office.now(), roster_id)
        work.commit()
    if json_:
        counts: dict[str, object] = {"blocking": found.blocking, "warnings": found.warnings, "newly_held": found.newly_held, "sources": found.sources}
        counts |= {"register": found.register, "account_changes": found.account_changes, "awards": found.awards}
        counts |= {"unasked": [one.rule for one in found.unasked], "self_test": asdict(found.proven) if found.proven else {}}
        as_json({"roster": roster_id, **counts, "snapshots": [one.facts() for one in found.snapshots]})
    else:
        from controls.checks.coverage import CONTRACT_ZH

        sources = "、".join(f"{CONTRACT_ZH[contract]} {count} 份" for contract, count in found.sources.items()) or "无"
        click.echo(
            f"花名册 {roster_id} 已检查（数据：{sources}）：拦截疑点 {found.blocking} 条，新暂缓 {found.newly_held} 行；须答复的提醒 {found.warnings} 条"
        )
        rosterlists.snapshots_used(found.snapshots, "所用的数据", MOST_SNAPSHOTS)
        rosterlists.register_compared(found.register, found.account_changes)
        rosterlists.awards_compared(found.awards)
        if found.proven:
            click.echo(found.proven.told())
        rosterlists.rules_unasked(found.unasked)
        click.echo(f"下一步：shebao roster {'findings' if found.warnings else 'submit'} {roster_id}")
    return 1 if found.blocking or found.warnings else 0


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@click.option("--finding", "finding_id", default="", help="疑点编号（至少前 6 位）。")
@click.option("--rule", default="", help="一次答复这条规则的全部提醒。")
@click.option("--reason", type=REASON, required=True, help="理由，留在台账和留痕中。")
@click.option("--hold", is_flag=True, help="不发放，涉及的行进入暂缓发放台账。")
@click.pass_obj
def answer(desk: Desk, roster_id: int, finding_id: str, rule: str, reason: str, hold: bool) -> None:
    """经办答复提醒，写明理由；拦截疑点不能由经办解除。

    \b
    例：
      shebao roster answer 1 --finding 3fa9c1 --reason 同名不同人，已核对户籍
      shebao roster answer 1 --rule I1-BAD-NUMBER --reason 证件待更正，本人已核实
    """
    from controls import answers
    from shebao.store import Office

    if bool(finding_id) == bool(rule):
        raise click.UsageError("--finding 与 --rule 用其中一个。")
    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        count = answers.give(work, actor, office.now(), roster_id, reason, finding_id=finding_id, rule=rule, hold=hold)
        work.commit()
    click.echo(f"已答复 {count} 条" + ("，涉及的行暂缓发放" if hold else ""))


def _signed(office: Office, step: str, roster_id: int) -> Content:
    from controls import signoff

    actor = office.actor
    with goes_back(office, roster_id), working("核对内容并签字 …"), office.unit() as work:
        found: Content = getattr(signoff, step)(work, actor, office.now(), roster_id, home=office.home)
        work.commit()
    return found


@contextmanager
def goes_back(office: Office, roster_id: int) -> Iterator[None]:
    """A signature refused for a new lead (SB2170) sends the signed roster back to its handler, by whoever was about to sign."""
    from controls import roster as rosters
    from controls import signoff
    from controls.rosterlaw.errors import NewFindings

    try:
        yield
    except NewFindings as found:
        with office.unit() as work:
            if rosters.get(work.connection, roster_id).state in rosters.STEPS["send_back"][0]:
                signoff.send_back(work, office.actor, office.now(), roster_id, found.text())
                work.commit()
        raise


def _say(office: Office, roster_id: int, done: str, found: Content, following: str, json_: bool) -> None:
    from ledger.money import show

    if json_:
        as_json(
            {
                "roster": roster_id,
                "digest": found.digest,
                "paid_lines": found.paid_lines,
                "payees": found.payees,
                "paid_fen": found.paid_fen,
                "held_lines": found.held_lines,
                "held_fen": found.held_fen,
            }
        )
        return
    click.echo(
        f"花名册 {roster_id} {office.actor.name}{done}：发放 {found.paid_lines} 行 {found.payees} 笔 {show(found.paid_fen)} 元，"
        f"暂缓 {found.held_lines} 行 {show(found.held_fen)} 元；签字摘要 {found.digest[:16]}"
    )
    from controls import roster as rosters
    from controls import screening

    with office.reading() as connection:
        rosterlists.rules_unasked([one for one in screening.unasked(connection, rosters.get(connection, roster_id)) if one.blocks])
    click.echo(f"下一步：{following}")


def _changes_shown(office: Office, roster_id: int) -> None:
    """Whoever reviews sees the changes of bank accounts first."""
    from controls import roster as rosters
    from controls import rosterchanges

    with office.reading() as connection:
        rosterlists.account_changes(rosterchanges.shown(connection, rosters.get(connection, roster_id)))


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@json_option
@click.pass_obj
def submit(desk: Desk, roster_id: int, json_: bool) -> None:
    """经办签字提交。

    \b
    例：
      shebao roster submit 1
    """
    from shebao.store import Office

    office = Office(desk.home)
    _say(office, roster_id, "已提交", _signed(office, "submit", roster_id), f"股室负责人 shebao roster review {roster_id}", json_)


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@json_option
@click.pass_obj
def review(desk: Desk, roster_id: int, json_: bool) -> None:
    """股室负责人审核签字；与经办签的是同一内容，差一分钱也不行。

    \b
    例：
      shebao roster review 1
    """
    from shebao.store import Office

    office = Office(desk.home)
    if not json_:
        _changes_shown(office, roster_id)
    _say(office, roster_id, "已审核", _signed(office, "review", roster_id), f"分管领导 shebao roster authorise {roster_id}", json_)


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@click.option("--release", "and_release", is_flag=True, help="签字后随即放行。")
@json_option
@click.pass_obj
def authorise(desk: Desk, roster_id: int, and_release: bool, json_: bool) -> None:
    """分管领导授权签字。

    \b
    例：
      shebao roster authorise 1
    """
    from shebao.store import Office

    office = Office(desk.home)
    found = _signed(office, "authorise", roster_id)
    if and_release:
        _release(office, roster_id, json_)
        return
    _say(office, roster_id, "已授权", found, f"分管领导 shebao roster release {roster_id}", json_)


def _release(office: Office, roster_id: int, json_: bool) -> None:
    from controls import release as releases
    from ledger.money import show

    actor = office.actor
    with goes_back(office, roster_id), working("核对内容并放行 …"), office.unit() as work:
        given = releases.release(work, actor, office.now(), roster_id, home=office.home)
        work.commit()
    if json_:
        as_json({"roster": roster_id, "release": given.release_id, "digest": given.digest, "lines": given.count, "payees": given.payees, "fen": given.fen})
        return
    click.echo(f"花名册 {roster_id} 已放行：{given.count} 行 {given.payees} 笔 {show(given.fen)} 元，依据 {given}")
    click.echo(f"下一步：出纳 shebao bankfile make {roster_id} --out 银行盘.csv")


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@json_option
@click.pass_obj
def release(desk: Desk, roster_id: int, json_: bool) -> None:
    """分管领导放行付款；三人签字齐全、没有未暂缓的拦截疑点、检查之后没有新数据才行。

    \b
    例：
      shebao roster release 1
    """
    from shebao.store import Office

    _release(Office(desk.home), roster_id, json_)


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@click.option("--reason", type=REASON, required=True, help="退回理由。")
@click.pass_obj
def sendback(desk: Desk, roster_id: int, reason: str) -> None:
    """股室负责人或分管领导退回花名册；已有签字作废，经办重新检查、签字。

    \b
    例：
      shebao roster sendback 1 --reason 序号12账户存疑
    """
    _undo(desk, "send_back", roster_id, reason, "已退回经办")


@roster.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@click.option("--reason", type=REASON, required=True, help="撤回理由。")
@click.pass_obj
def withdraw(desk: Desk, roster_id: int, reason: str) -> None:
    """经办撤回未签字的花名册，以便用更正后的文件重新编制。

    \b
    例：
      shebao roster withdraw 1 --reason 文件有误
    """
    _undo(desk, "withdraw", roster_id, reason, "已撤回")


def _undo(desk: Desk, step: str, roster_id: int, reason: str, said: str) -> None:
    from controls import signoff
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        getattr(signoff, step)(work, actor, office.now(), roster_id, reason)
        work.commit()
    click.echo(f"花名册 {roster_id} {said}")


for command in (rosterlists.list_, rosterlists.show, rosterlists.findings, rosterlists.holds, *rostercases.COMMANDS):
    roster.add_command(command)

"""The certification half of `shebao beneficiary`: who is due, pausing, resuming, their review, and the roster of months to be paid back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT
from shebao.cli.roster import json_option, working
from shebao.cli.rosterlists import masks, reveal_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.beneficiaries.pausing import Asked
    from ledger.months import Month
    from shebao.beneficiaries import Printed
    from shebao.store import Office

OUT = click.Path(file_okay=False, path_type=Path)
fund_option = click.option("--fund", default="R", show_default=True, help="险种。")


def month_or_now(text: str | None, office: Office) -> Month:
    """The month given, else the present one."""
    from ledger.months import Month

    return Month.parse(text if text is not None else office.now()[:7])


def written(printed: Printed | None) -> None:
    """Names the files of a form, and what no font could print."""
    for file in printed.files if printed else ():
        click.echo(f"已写出 {file}")
    for warning in printed.warnings if printed else ():
        click.echo(f"注意：{warning}", err=True)


@click.command()
@fund_option
@click.option("--period", default=None, metavar="YYYY-MM", help="哪个月，默认本月。")
@click.option("--ahead", type=COUNT, default=1, show_default=True, metavar="N", help="连后面 N 个月到期的一起列。")
@click.option("--list", "most", type=COUNT, default=20, show_default=True, metavar="N", help="每种情形列出前 N 人。")
@click.option("--out", type=OUT, default=None, help="写出 PDF 和工作簿的目录。")
@reveal_option
@json_option
@click.pass_obj
def due(desk: Desk, fund: str, period: str | None, ahead: int, most: int, out: Path | None, reveal: bool, json_: bool) -> None:
    """资格认证到期名单：逾期、本月到期、将到期的领取人员；认证结果登记在台账 certifications。

    \b
    例：
      shebao beneficiary due --fund R
      shebao beneficiary due --fund R --period 2026-12 --out 认证/
    """
    from datetime import date

    from controls.beneficiaries import certification
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.identity import mask_name
    from shebao.beneficiaries import may_print
    from shebao.beneficiary_forms import due_people, write_due
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    month = month_or_now(period, office)
    with working("核对认证 …"), office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        made = certification.due(connection, office.home, book, month, ahead=ahead, as_of=date.fromisoformat(office.now()[:10]))
    number, _account = masks(office, f"certification:{fund}:{month}", "资格认证到期名单", len(made.lines), reveal)
    printed = None
    if out is not None:
        may_print(office)
        made, printed = write_due(office, Fund.parse(fund), month, ahead, out, reveal=reveal)
    if json_:
        lines = [
            {
                "person": one.person_id, "number": number(one.number), "town": one.town, "village": one.village, "state": one.state,
                "certified_on": str(one.certified_on or ""), "started": str(one.started or ""), "holds_to": str(one.holds_to),
            }
            for one in made.lines
        ]  # fmt: skip
        as_json({"period": str(month), "drawing": made.drawing, "unknown": len(made.unknown), "lines": lines})
        return
    counts = "，".join(f"{state} {len(made.of(state))} 人" for state in certification.STATES)
    click.echo(f"{month} 在领 {made.drawing} 人：{counts}；无法计算 {len(made.unknown)} 人")
    for state in certification.STATES if most else ():
        part = due_people(made, state, lambda held, name: (number(held), name if reveal else mask_name(name)))
        if part.rows:
            table(f"{state}（列出 {min(most, len(part.rows))} 人）", part.columns, part.rows[:most])
    if made.of(certification.LATE):
        click.echo(f"下一步：认证经办运行 shebao beneficiary pause --fund {fund} --period {month}，再由审核人 shebao beneficiary decide --fund {fund} --accept")
    written(printed)


@click.command()
@fund_option
@click.option("--period", default=None, metavar="YYYY-MM", help="按哪个月的逾期名单，默认本月。")
@click.option("--from", "since", default=None, metavar="YYYY-MM", help="从哪个月起暂停，默认名单的次月。")
@click.option("--town", default="", help="只暂停一个乡镇（街道）的。")
@click.pass_obj
def pause(desk: Desk, fund: str, period: str | None, since: str | None, town: str) -> None:
    """对逾期未认证的逐人提出暂停发放的申请（认证经办），等待另一人审核；审核前什么都不变。

    \b
    例：
      shebao beneficiary pause --fund R --period 2026-11
    """
    from controls.beneficiaries import pausing
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    month = month_or_now(period, office)
    start = Month.parse(since) if since else month + 1
    with office.unit() as work, _bar("提出暂停") as told:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = pausing.pause(work, office.home, actor, office.now(), book, month, start, town=town, progress=told)
        work.commit()
    _asked(made, f"自 {start} 起暂停", fund)


@click.command()
@fund_option
@click.option("--from", "since", default=None, metavar="YYYY-MM", help="从哪个月起恢复，默认下月。")
@click.pass_obj
def resume(desk: Desk, fund: str, since: str | None) -> None:
    """对因未认证暂停、现已认证的逐人提出恢复发放的申请（认证经办），等待另一人审核。

    \b
    例：
      shebao beneficiary resume --fund R
    """
    from controls.beneficiaries import pausing
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    start = Month.parse(since) if since else month_or_now(None, office) + 1
    with office.unit() as work, _bar("提出恢复") as told:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = pausing.resume(work, office.home, actor, office.now(), book, start, progress=told)
        work.commit()
    _asked(made, f"自 {start} 起恢复", fund)


@click.command()
@fund_option
@click.option("--accept/--refuse", "accept", default=None, required=True, help="通过，或退回。")
@click.option("--reason", default="", help="退回的理由。")
@click.pass_obj
def decide(desk: Desk, fund: str, accept: bool, reason: str) -> None:
    """审核等待中的认证暂停和恢复申请（审核人，不能是申请人）；每人一条留痕。

    \b
    例：
      shebao beneficiary decide --fund R --accept
      shebao beneficiary decide --fund R --refuse --reason 名单有误
    """
    from controls.beneficiaries import pausing
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work, _bar("审核") as told:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = pausing.decide(work, office.home, actor, office.now(), book, accept=accept, reason=reason, progress=told)
        work.commit()
    click.echo(f"{'通过' if accept else '退回'} {len(made)} 人" if made else "没有等待审核的暂停、恢复申请。")


@click.command()
@fund_option
@click.option("--out", type=OUT, required=True, help="写出补发花名册文件的目录。")
@click.pass_obj
def backpay(desk: Desk, fund: str, out: Path) -> None:
    """停发期间补发：因未认证停发、恢复后的各月，写成补发花名册文件，再照常导入、编制、审核、授权。

    \b
    例：
      shebao beneficiary backpay --fund R --out 补发/
    """
    from controls.beneficiaries import backpay as paid_back
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with working("核对停发各月 …"), office.unit() as work:
        made, written = paid_back.write(work, office.now(), actor, accounts.book_of(work.connection, Fund.parse(fund)), out)
        work.commit()
    click.echo(f"补发 {written.persons} 人 {written.lines} 行 {show(written.fen)} 元；已在花名册中的 {made.paid_already} 行不再列")
    if made.without_basis:
        click.echo(f"{len(made.without_basis)} 人停发前 {paid_back.BEFORE} 个月没有发放记录，须由待遇核定经办核定后另行补发")
    if written.without_account:
        click.echo(f"{len(written.without_account)} 人没有发放过的银行账户，未列入")
    if written.lines:
        click.echo(f"已写出 {written.path}；下一步：shebao import {written.path}，再 shebao roster build")


def _asked(made: Asked, what: str, fund: str) -> None:
    more = f"，{made.passed_over} 人已有同样的登记或申请" if made.passed_over else ""
    click.echo(f"已提出{what}的申请 {len(made.changes)} 人{more}")
    if made.changes:
        click.echo(f"下一步：由审核人运行 shebao beneficiary decide --fund {fund} --accept")


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error while people are gone through, only on a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


COMMANDS = (due, pause, resume, decide, backpay)

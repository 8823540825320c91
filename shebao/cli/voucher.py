"""`shebao voucher`: enter from evidence, make, review, post, and look at vouchers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk, attaching, axes, correcting, signing, voucherfile, voucherprint
from shebao.cli.foreseen import COUNT, NUMBER, REASON
from shebao.cli.voucherlabels import labelled, pairs

if TYPE_CHECKING:
    from controls.vouchers import Draft
    from ledger.db import UnitOfWork
    from shebao.store import Office


@click.group()
def voucher() -> None:
    """记账凭证：录入、制单、审核、记账、查询。制单与审核、记账与审核不能是同一人。

    \b
    例：
      shebao voucher enter --event C2 --fund R --date 2026-01-20 --amount 1200000.00 --evidence 缴拨凭证2026-003
      shebao voucher review 1-4
      shebao voucher post 1-4
    """


def _each(desk: Desk, labels: tuple[str, ...], fund: str | None, everything: bool, state: str, step: Callable[[Office, UnitOfWork, int, int], str]) -> None:
    """Runs one step for each voucher, all in one transaction: either all or none."""
    from shebao.store import Office

    office = Office(desk.home)
    wanted = labelled(office, labels, fund, state, everything)
    said: list[str] = []
    with office.unit() as work:
        for book_id, voucher_id in wanted:
            said.append(step(office, work, book_id, voucher_id))
        work.commit()
    _say(said)


def _say(said: list[str]) -> None:
    for line in said:
        click.echo(line)
    if not said:
        click.echo("没有需要处理的凭证。")


def _picking(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--all", "everything", is_flag=True, help="处理所有处于该步的凭证。"),
        click.option("--fund", default=None, help="与 --all 合用：只处理一个险种。"),
        click.argument("labels", nargs=-1),
    ):
        command = option(command)
    return command


@voucher.command()
@_picking
@click.pass_obj
def make(desk: Desk, labels: tuple[str, ...], fund: str | None, everything: bool) -> None:
    """会计在系统提出的凭证上制单签字。

    \b
    例：
      shebao voucher make 1-5 1-6
    """
    from controls import vouchers

    def step(office: Office, work: UnitOfWork, book_id: int, voucher_id: int) -> str:
        draft = vouchers.make(work, office.now(), office.actor, book_id, voucher_id)
        return f"{draft.label} 已制单：{draft.entry.summary}"

    _each(desk, labels, fund, everything, "proposed", step)


@voucher.command()
@_picking
@click.pass_obj
def review(desk: Desk, labels: tuple[str, ...], fund: str | None, everything: bool) -> None:
    """复核岗审核凭证（不能审核自己制的单）。

    \b
    例：
      shebao voucher review 1-5
    """
    from controls import attachments, vouchers

    def step(office: Office, work: UnitOfWork, book_id: int, voucher_id: int) -> str:
        attachments.prove_files(office.home, attachments.of_voucher(work.connection, book_id, voucher_id))
        draft = vouchers.review(work, office.now(), office.actor, book_id, voucher_id)
        return f"{draft.label} 已审核：{draft.entry.summary}"

    _each(desk, labels, fund, everything, "made", step)


@voucher.command()
@_picking
@click.pass_obj
def post(desk: Desk, labels: tuple[str, ...], fund: str | None, everything: bool) -> None:
    """会计记账：按审核过的内容入账，给出正式凭证号；记账后不可更改。

    \b
    例：
      shebao voucher post --all --fund R
    """
    from controls import attachments, voucher_sets, vouchers
    from shebao.person_account_vouchers import STANDING
    from shebao.premium_booking import contribution_rows
    from shebao.store import Office
    from shebao.voucherimport import payout_rows

    office = Office(desk.home)
    actor, wanted = office.actor, labelled(office, labels, fund, "reviewed", everything)
    said: list[str] = []
    with office.unit() as work:
        for book_id, group in groupby(wanted, key=itemgetter(0)):
            numbers = [number for _, number in group]
            given: dict[int, tuple[Any, ...]] = {}
            for start in range(0, len(numbers), vouchers.MOST):
                some = numbers[start : start + vouchers.MOST]
                for papers in attachments.list_of(work.connection, book_id, some).values():
                    attachments.prove_files(office.home, papers)
                given |= voucher_sets.summaries(work.connection, book_id, some)
            receipts = vouchers.post_many(work, office.now(), actor, book_id, numbers, payout_rows(office), contribution_rows(office), STANDING)
            for number, receipt in zip(numbers, receipts, strict=True):
                kind, period, summary = given[number]
                said.append(f"{book_id}-{number} 已记账：{kind}-{period}-{receipt.number:04d}  {summary}")
        work.commit()
    _say(said)


@voucher.command()
@click.argument("label")
@click.option("--reason", type=REASON, required=True, help="退回原因。")
@click.pass_obj
def reject(desk: Desk, label: str, reason: str) -> None:
    """退回未记账的凭证，写明原因；退回后可重新提出。

    \b
    例：
      shebao voucher reject 1-5 --reason 附件不全
    """
    from controls import vouchers

    def step(office: Office, work: UnitOfWork, book_id: int, voucher_id: int) -> str:
        draft = vouchers.reject(work, office.now(), office.actor, book_id, voucher_id, reason)
        return f"{draft.label} 已退回：{reason}"

    _each(desk, (label,), None, False, "", step)


def _said(drafts: list[Draft]) -> None:
    from ledger.money import show

    for draft in drafts:
        click.echo(f"{draft.label} 已制单：{draft.entry.event}  {draft.entry.summary}  {show(draft.entry.debit)} 元")
    click.echo(f"共 {len(drafts)} 张，待复核岗审核。")


@voucher.command("from-tax")
@click.argument("file_id", type=NUMBER)
@click.pass_obj
def from_tax(desk: Desk, file_id: int) -> None:
    """由已导入的税务入库明细制作 C1（滞纳金 C11）凭证：每险种每日一张，税票逐行只入账一次。

    \b
    例：
      shebao voucher from-tax 7
    """
    from shebao import proposals
    from shebao.store import Office

    _said(proposals.from_tax(Office(desk.home), file_id))


@voucher.command("from-subsidies")
@click.argument("file_id", type=NUMBER)
@click.pass_obj
def from_subsidies(desk: Desk, file_id: int) -> None:
    """由已导入的财政补助明细制作凭证，按指标文号每笔一张：代缴保费 C6（记 4001）、缴费补贴 C7、待遇补助 C8（记 4101）。

    \b
    例：
      shebao voucher from-subsidies 8
    """
    from shebao import proposals
    from shebao.store import Office

    _said(proposals.from_subsidies(Office(desk.home), file_id))


@voucher.command("from-roster")
@click.argument("roster_id", type=NUMBER)
@click.option("--debited", default=None, help="银行扣款回单日期，默认取回盘入账日期。")
@click.pass_obj
def from_roster(desk: Desk, roster_id: int, debited: str | None) -> None:
    """由已放行的花名册制作凭证：整批扣款 P2a、回盘 P2b（失败不记支出）、退票 P4；已制作的不重复。

    \b
    例：
      shebao voucher from-roster 1
    """
    from shebao import proposals
    from shebao.store import Office

    _said(proposals.from_roster(Office(desk.home), roster_id, debited))


@voucher.command()
@click.option("--fund", default=None, help="只列适用于某险种的业务。")
def events(fund: str | None) -> None:
    """列出业务模板：代码、名称、依据条款、需要的金额和要素。

    \b
    例：
      shebao voucher events --fund R
    """
    from ledger.events import load_events
    from ledger.funds import Fund
    from shebao.cli.show import table

    wanted = Fund.parse(fund) if fund else None
    rows = []
    for law in load_events().values():
        if wanted is None or wanted in law.funds:
            amounts = "、".join(f"{name}({spec.zh})" for name, spec in law.amounts.items())
            details = "、".join(f"{name}({spec.zh})" for name, spec in law.details.items())
            rows.append((law.code, law.name_zh, law.reference, amounts, details))
    table("业务模板", ("代码", "业务", "依据（28号）", "金额", "要素"), rows)


@voucher.command("list")
@click.option("--fund", default=None, help="险种。")
@click.option("--state", type=click.Choice(["proposed", "made", "reviewed", "posted", "rejected"]), default=None, help="状态。")
@click.option("--period", "month", default=None, help="会计期间。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, fund: str | None, state: str | None, month: str | None, json_: bool) -> None:
    """列出凭证及其状态。

    \b
    例：
      shebao voucher list --fund R --state made
    """
    from controls import people, vouchers
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        wanted = [b for b in accounts.books(connection) if fund is None or b.fund is Fund.parse(fund)]
        found = [d for b in wanted for d in vouchers.drafts(connection, b.book_id, state=state, period=Month.parse(month) if month else None)]
        called = people.names(connection)
    if json_:
        as_json([_as_json(draft) for draft in found])
        return
    rows = [
        (
            d.label,
            d.entry.day,
            d.entry.event,
            d.entry.summary,
            show(d.entry.debit),
            vouchers.STATES[d.state],
            called.get(d.maker, ""),
            called.get(d.reviewer, ""),
            called.get(d.cashier, "待签" if d.cash and d.state in {"made", "reviewed"} else ""),
        )
        for d in found
    ]
    table("凭证", ("流水号", "日期", "业务", "摘要", "金额（元）", "状态", "制单", "审核", "出纳"), rows, right=("金额（元）",))


def _as_json(draft: Draft) -> dict[str, object]:
    return {
        "label": draft.label, "state": draft.state, "period": str(draft.entry.period), "day": draft.entry.day.isoformat(), "event": draft.entry.event,
        "summary": draft.entry.summary, "debit_fen": draft.entry.debit, "maker": draft.maker, "reviewer": draft.reviewer, "entry_id": draft.entry_id,
        "cash": draft.cash, "cashier": draft.cashier,
        "digest": draft.digest, "lines": [line.facts() for line in draft.entry.lines],
    }  # fmt: skip


@voucher.command()
@click.argument("label")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def show(desk: Desk, label: str, json_: bool) -> None:
    """看一张凭证的全部内容。

    \b
    例：
      shebao voucher show 1-5
    """
    from controls import people, vouchers
    from ledger import accounts, money, posted, voucher_forms
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    ((book_id, voucher_id),) = labelled(office, (label,), None, "", False)
    with office.reading() as connection:
        draft = vouchers.get(connection, book_id, voucher_id)
        names = accounts.accounts_of(connection, book_id)
        called = people.names(connection)
        number = posted.one(connection, book_id, draft.entry_id).number if draft.entry_id is not None else 0
    if json_:
        as_json(_as_json(draft))
        return
    entry = draft.entry
    click.echo(f"记账凭证 {draft.label}（{vouchers.STATES[draft.state]}）  {entry.day.isoformat()}  {entry.summary}")
    for form in voucher_forms.forms(entry.lines, entry.day):
        rows = []
        for line in form.lines:
            written = "，".join(f"{key}={value}" for key, value in line.dimension)
            debit, credit = (money.show(line.amount), "") if line.side == "D" else ("", money.show(line.amount))
            rows.append((f"{line.account} {names[line.account].full_name}", debit, credit, written))
        title = form.label(entry.kind, number) if number else f"{form.place}/{form.of}" if form.of > 1 else ""
        table(title, ("科目", "借方（元）", "贷方（元）", "辅助核算"), rows, right=("借方（元）", "贷方（元）"))
    click.echo(f"合计 {money.show(entry.debit)} 元（{money.capitals(entry.debit)}）  附件 {entry.attachments} 张  依据：{entry.authority}")
    for told in (*attaching.told(office, draft), *correcting.links_told(office, draft)):
        click.echo(told)
    signed = f"  出纳 {called.get(draft.cashier, '未签字')}" if draft.cash else ""
    click.echo(f"制单 {called.get(draft.maker, '—')}  审核 {called.get(draft.reviewer, '—')}{signed}  摘要码 {draft.digest[:16]}")


@voucher.command()
@click.option("--event", required=True, help="业务代码，见 shebao voucher events。")
@click.option("--fund", required=True, help="险种。")
@click.option("--date", "day", required=True, help="凭证日期，如 2026-01-20。")
@click.option("--amount", "amounts", multiple=True, required=True, help="金额（元）；有多个金额的业务写 名称=金额，可重复。")
@click.option("--detail", "details", multiple=True, help="明细，如 level=县级、kind=单位，可重复。")
@click.option("--evidence", required=True, help="原始凭据号；同一凭据只能入账一次。")
@click.option("--receipt", default="", help="银行回单流水号，对账时据此核对。")
@click.option("--attachments", type=COUNT, default=1, show_default=True, help="附单据张数。")
@click.option("--summary", default=None, help="摘要，默认按业务模板。")
@click.pass_obj
def enter(
    desk: Desk,
    event: str,
    fund: str,
    day: str,
    amounts: tuple[str, ...],
    details: tuple[str, ...],
    evidence: str,
    receipt: str,
    attachments: int,
    summary: str | None,
) -> None:
    """会计凭原始单据，按业务模板录入并制单。

    \b
    例：
      shebao voucher enter --event P1 --fund R --date 2026-01-08 --amount 3500000 --evidence 财社拨2026-01
    """
    from shebao.proposals import enter_event
    from shebao.store import Office

    draft = enter_event(
        Office(desk.home), event=event, fund=fund, day=day, amounts=pairs(amounts, "amount"), details=pairs(details, ""),
        evidence=evidence, receipt=receipt, attachments=attachments, summary=summary,
    )  # fmt: skip
    click.echo(f"{draft.label} 已制单：{draft.entry.summary}（{draft.entry.event}）。下一步：复核岗 shebao voucher review {draft.label}")


for command in (*correcting.COMMANDS, *attaching.COMMANDS, *voucherfile.COMMANDS, *voucherprint.COMMANDS, *signing.COMMANDS, *axes.COMMANDS):
    voucher.add_command(command)

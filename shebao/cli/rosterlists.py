"""The reading half of `shebao roster`: lists, one roster, its findings, the register of held payments; masked unless revealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, NUMBER
from shebao.cli.personshow import change_facts, print_changes
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.checks.unasked import Unasked
    from controls.intake.snapshots import Citation
    from controls.personchanges import Change
    from shebao.store import Office


def reveal_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--reveal``."""
    return click.option("--reveal", is_flag=True, help="显示完整证件号码和账号；每次都留痕。")(command)


def masks(office: Office, thing: str, what: str, count: int, reveal: bool) -> tuple[Callable[[str], str], Callable[[str], str]]:
    """How numbers and accounts are shown: masked, or in full after the reading was recorded (C6).

    In full only for those whose work needs it; raises SB3001 for the others (C5).
    """
    from controls import trail
    from controls.duties import Duty, require_any
    from ledger.identity import mask_account, mask_number

    if not reveal:
        return mask_number, mask_account
    actor = office.actor
    handlers = (Duty.HANDLE_REGISTER, Duty.HANDLE_ASSESS, Duty.HANDLE_CERTIFY, Duty.HANDLE_ROSTER)
    require_any(actor, (*handlers, Duty.REVIEW, Duty.AUTHORISE, Duty.BOOKKEEP, Duty.AUDIT))
    with office.unit() as work:
        trail.reading(work, office.now(), actor, thing, what, count)
        work.commit()
    return (lambda text: text), (lambda text: text)


def _signed_in(desk: Desk) -> Office:
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    return office


@click.command("list")
@click.option("--fund", default=None, help="只列一个险种。")
@click.option("--period", default=None, help="只列一个月。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, fund: str | None, period: str | None, json_: bool) -> None:
    """列出花名册。

    \b
    例：
      shebao roster list --fund R
    """
    from controls import roster
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month

    office = _signed_in(desk)
    with office.reading() as connection:
        found = roster.listed(connection, fund=Fund.parse(fund) if fund else None, period=Month.parse(period) if period else None)
    if json_:
        as_json([_facts(made) for made in found])
        return
    rows = [
        (
            made.roster_id, made.fund.short, made.period, roster.KIND_ZH[made.kind], made.line_count, show(made.net_fen),
            roster.STATE_ZH[made.state], roster.PAYMENT_ZH[made.payment],
        )
        for made in found
    ]  # fmt: skip
    table("花名册", ("编号", "险种", "月份", "种类", "行数", "实发（元）", "签字", "付款"), rows, right=("行数", "实发（元）"))


def _facts(made: Any) -> dict[str, Any]:
    return {
        "roster": made.roster_id, "fund": made.fund.value, "period": str(made.period), "kind": made.kind, "state": made.state, "payment": made.payment,
        "lines": made.line_count, "gross_fen": made.gross_fen, "net_fen": made.net_fen, "file_id": made.file_id, "round": made.round,
        "check_no": made.check_no, "built_by": made.built_by,
    }  # fmt: skip


@click.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@click.option("--lines", "most", type=COUNT, default=0, metavar="N", help="列出前 N 行明细。")
@reveal_option
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def show(desk: Desk, roster_id: int, most: int, reveal: bool, json_: bool) -> None:
    """显示一份花名册：状态、签字、发放与暂缓合计、下一步；可列明细。

    \b
    例：
      shebao roster show 1 --lines 20
    """
    from dataclasses import asdict
    from itertools import islice

    from controls import people, roster, rosterchanges, screening, signoff
    from ledger import money

    office = _signed_in(desk)
    with office.reading() as connection:
        made = roster.get(connection, roster_id)
        found = signoff.content(connection, made)
        signed = signoff.signatures(connection, made)
        names = people.names(connection)
        lines = list(islice(roster.lines(connection, made), most)) if most else []
        used = screening.cited(connection, made)
        missed = screening.unasked(connection, made)
        proven = screening.self_tested(connection, made)
        changes = rosterchanges.shown(connection, made)
    number, account = masks(office, f"roster:{roster_id}", "花名册明细", len(lines), reveal and bool(lines))
    signatures = [
        {"duty": item.duty.value, "user": item.user, "name": names.get(item.user, ""), "at": item.signed_at, "digest": item.digest} for item in signed
    ]
    if json_:
        shown = [{**line._asdict(), "number": number(line.number), "id_raw": number(line.id_raw), "account": account(line.account)} for line in lines]
        content = {
            "digest": found.digest,
            "paid_lines": found.paid_lines,
            "payees": found.payees,
            "paid_fen": found.paid_fen,
            "held_lines": found.held_lines,
            "held_fen": found.held_fen,
            "account_changes": [change_facts(one) for one in changes],
        }
        content |= {"signatures": signatures, "snapshots": [one.facts() for one in used], "unasked": [one.rule for one in missed], "shown": shown}
        content["self_test"] = asdict(proven) if proven else {}
        as_json({**_facts(made), **content})
        return
    click.echo(f"花名册 {roster_id}：{made.title}（文件 {made.file_id}），第 {made.round} 轮签字，第 {made.check_no} 次检查")
    click.echo(f"签字：{roster.STATE_ZH[made.state]}    付款：{roster.PAYMENT_ZH[made.payment]}")
    click.echo(f"发放 {found.paid_lines} 行 {found.payees} 笔 {money.show(found.paid_fen)} 元；暂缓 {found.held_lines} 行 {money.show(found.held_fen)} 元")
    click.echo(f"内容摘要 {found.digest}")
    table("签字", ("岗位", "姓名", "时间", "摘要"), [(item.duty.zh, names.get(item.user, item.user), item.signed_at, item.digest[:16]) for item in signed])
    if made.check_no:
        snapshots_used(used, f"第 {made.check_no} 次检查所用的数据")
        if proven:
            click.echo(proven.told())
        rules_unasked(missed)
    account_changes(changes)
    if lines:
        rows = [
            (line.seq, number(line.number or line.id_raw), line.name, line.item, line.period, money.show(line.net_fen), account(line.account)) for line in lines
        ]
        table(f"明细（前 {len(lines)} 行）", ("序号", "证件号码", "姓名", "待遇类型", "所属期", "实发（元）", "账号"), rows, right=("实发（元）",))


def register_compared(counts: dict[str, int], changes: int) -> None:
    """What the check said of the register of persons; nothing where nobody is registered."""
    if counts:
        told = f"在册 {counts.get('registered', 0)} 人，登记簿中无此人 {counts.get('unknown', 0)} 人，在册而没有登记账户 {counts.get('no_account', 0)} 人"
        click.echo(f"登记簿核对：{told}")
    if changes:
        click.echo(f"上一册以来的账户变更 {changes} 份，列入本册供审核查看（shebao roster show）")


def awards_compared(counts: dict[str, int]) -> None:
    """What the check said of awards; nothing where there was none to compare with."""
    if counts:
        told = f"与核定相符 {counts['granted']} 项，不符 {counts['differs']} 项，没有核定 {counts['without']} 项，核定有而未列 {counts['lacking']} 项"
        click.echo(f"待遇核定核对：{told}")


def account_changes(listed: Sequence[Change]) -> None:
    """The changes of bank accounts listed with a roster's check, masked, for the eyes of who signs; nothing where there are none."""
    if listed:
        print_changes(f"上一册以来的账户变更 {len(listed)} 份（签字内容的一部分）", listed)


def rules_unasked(missed: Sequence[Unasked]) -> None:
    """Which rules could not be asked for want of data; those that block payment by themselves in a line that warns."""
    blocking = [one.told() for one in missed if one.blocks]
    if blocking:
        click.echo(f"注意：会拦截发放的规则没有检查：{'；'.join(blocking)}。没有数据不等于没有疑点，导入后重新检查（shebao import）。")
    others = [one.told() for one in missed if not one.blocks]
    if others:
        click.echo(f"没有检查的提醒规则：{'；'.join(others)}")


def snapshots_used(used: Sequence[Citation], title: str, most: int | None = None) -> None:
    """The snapshots a check used: whose they are, for which day, to which day they can be trusted, and their digests."""
    from controls.checks.coverage import CONTRACT_ZH

    title += f" {len(used)} 份（列出前 {most} 份）" if most is not None and len(used) > most else ""
    rows = [
        (one.file_id, CONTRACT_ZH[one.contract], one.name, one.source, one.as_of if one.stated else "未说明", one.until, one.parquet_sha256[:16])
        for one in used[:most]
    ]
    table(title if rows else f"{title}：无", ("编号", "种类", "文件", "来源", "截至", "可判断到", "快照 SHA-256"), rows, right=("编号",))


@click.command()
@click.argument("roster_id", type=NUMBER, metavar="编号")
@click.option("--open", "only_open", is_flag=True, help="只列还没有答复的提醒。")
@reveal_option
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def findings(desk: Desk, roster_id: int, only_open: bool, reveal: bool, json_: bool) -> None:
    """列出最近一次检查的疑点：拦截的在前，每条写明依据和答复。

    \b
    例：
      shebao roster findings 1 --open
    """
    from controls import answers, roster
    from controls.trail import redact

    office = _signed_in(desk)
    with office.reading() as connection:
        made = roster.get(connection, roster_id)
        found = answers.unanswered(connection, made) if only_open else answers.findings(connection, made)
    number, _ = masks(office, f"roster:{roster_id}", "花名册疑点", len(found), reveal)
    text = (lambda value: value) if reveal else redact
    if json_:
        as_json(
            [
                {
                    "finding_id": item.finding_id, "rule": item.rule, "severity": item.severity, "blocking": item.blocking, "number": number(item.number),
                    "name": item.name, "period_from": item.period_from, "period_to": item.period_to, "amount_fen": item.fen,
                    "counterpart": text(item.counterpart), "confidence": item.confidence, "reason": text(item.reason), "why": text(item.why),
                    "seqs": list(item.seqs), "action": item.action, "answer": item.answer, "answered_by": item.answered_by,
                }
                for item in found
            ]
        )  # fmt: skip
        return
    rows = [
        (
            item.finding_id[:10], item.rule, "拦截" if item.blocking else "提醒", number(item.number), item.name,
            ",".join(map(str, item.seqs[:5])), text(item.reason), item.answer,
        )
        for item in found
    ]  # fmt: skip
    table(f"花名册 {roster_id} 的疑点 {len(rows)} 条", ("编号", "规则", "性质", "证件号码", "姓名", "序号", "说明", "答复"), rows)


@click.command()
@click.option("--roster", "roster_id", type=NUMBER, default=None, help="只列一份花名册。")
@click.option("--fund", default=None, help="只列一个险种。")
@reveal_option
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def holds(desk: Desk, roster_id: int | None, fund: str | None, reveal: bool, json_: bool) -> None:
    """暂缓发放台账：哪些行没有发、为什么、谁负责、何时到期。

    \b
    例：
      shebao roster holds --fund R
    """
    from datetime import date

    from controls import holds as register
    from controls.trail import redact
    from ledger.funds import Fund
    from ledger.money import show as yuan

    office = _signed_in(desk)
    with office.reading() as connection:
        found = register.listed(connection, roster_id=roster_id, fund=Fund.parse(fund) if fund else None)
    number, _ = masks(office, f"holds:{roster_id or '全部'}", "暂缓发放台账", len(found), reveal)
    today = date.fromisoformat(office.now()[:10])
    reason = (lambda value: value) if reveal else redact
    if json_:
        as_json(
            [
                {
                    "roster": item.roster_id, "fund": item.fund.value, "period": str(item.period), "seq": item.seq, "number": number(item.number),
                    "name": item.name, "item": item.item, "fen": item.fen, "finding_id": item.finding_id, "rule": item.rule,
                    "reason": reason(item.reason), "owner": item.owner, "due_on": item.due_on.isoformat(), "overdue": item.overdue(today),
                }
                for item in found
            ]
        )  # fmt: skip
        return
    rows = [
        (
            item.roster_id, item.seq, number(item.number), item.name, item.item, yuan(item.fen), item.rule, reason(item.reason), item.owner,
            f"{item.due_on}{'（逾期）' if item.overdue(today) else ''}",
        )
        for item in found
    ]  # fmt: skip
    total = yuan(sum(item.fen for item in found))
    table(
        f"暂缓发放台账 {len(rows)} 行 {total} 元",
        ("花名册", "序号", "证件号码", "姓名", "待遇类型", "金额（元）", "规则", "原因", "责任人", "到期"),
        rows,
        right=("金额（元）",),
    )

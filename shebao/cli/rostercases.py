"""The rest of `shebao roster`: differences, terms and freeze windows, cases of held lines, supplements, and what was not paid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.rosterlists import masks, reveal_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.rosters.cases import Case

_ID = click.argument("roster_id", type=NUMBER, metavar="编号")
_SEQ = click.option("--seq", type=NUMBER, required=True, help="暂缓行的序号。")
_JSON = click.option("--json", "json_", is_flag=True, help="输出 JSON。")


@click.command()
@_ID
@reveal_option
@_JSON
@click.pass_obj
def differences(desk: Desk, roster_id: int, reveal: bool, json_: bool) -> int:
    """花名册哪一行哪一列与编制时不同：编制时是什么，现在是什么。有不同时退出码为 1。

    \b
    例：
      shebao roster differences 1
    """
    from controls import roster, rosterdifferences
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with office.reading() as connection:
        found = rosterdifferences.found(connection, office.home, roster.get(connection, roster_id))
    masks(office, f"roster:{roster_id}", "花名册差异", len(found), reveal)
    shown = (lambda column, value: value) if reveal else rosterdifferences.masked
    rows = [(one.seq, one.column_zh, shown(one.column, one.then), shown(one.column, one.now)) for one in found]
    if json_:
        as_json([{"seq": one.seq, "column": one.column, "then": row[2], "now": row[3]} for one, row in zip(found, rows, strict=True)])
    elif rows:
        table(f"花名册 {roster_id} 与编制时不同 {len(rows)} 处", ("序号", "列", "编制时", "现在"), rows)
    else:
        click.echo(f"花名册 {roster_id} 逐行逐列与编制时相同。")
    return 1 if found else 0


@click.command()
@_ID
@click.pass_obj
def expire(desk: Desk, roster_id: int) -> None:
    """经办登记过期：超过放行期限的花名册作废，须用最新文件重新编制。

    \b
    例：
      shebao roster expire 1
    """
    from controls.duties import Duty, require
    from controls.rosters import terms
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    require(actor, Duty.HANDLE_ROSTER)
    with office.unit() as work:
        terms.expire(work, actor, office.now(), roster_id)
        work.commit()
    click.echo(f"花名册 {roster_id} 已过期作废")


@click.command()
@click.option("--kind", required=True, help="种类：月结冻结、审计冻结、系统升级冻结。")
@click.option("--from", "begin", type=click.DateTime(("%Y-%m-%d",)), required=True, help="第一天。")
@click.option("--to", "end", type=click.DateTime(("%Y-%m-%d",)), required=True, help="最后一天。")
@click.option("--fund", default=None, help="只冻结一个险种；默认全部。")
@click.option("--reason", type=REASON, required=True, help="理由。")
@click.pass_obj
def freeze(desk: Desk, kind: str, begin: Any, end: Any, fund: str | None, reason: str) -> None:
    """单位负责人设定冻结期：期间花名册不得签字、放行。

    \b
    例：
      shebao roster freeze --kind 月结冻结 --from 2026-01-30 --to 2026-01-31 --reason 月末结账
    """
    from controls.rosters import freezes
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = freezes.put(work, actor, office.now(), kind, begin.date(), end.date(), reason, fund=Fund.parse(fund) if fund else None)
        work.commit()
    click.echo(f"冻结期 {made.freeze_no}：{made.begin} 至 {made.end} {made.zh}，{made.fund.zh if made.fund else '全部险种'}")


@click.command()
@click.argument("freeze_no", type=NUMBER, metavar="编号")
@click.option("--reason", type=REASON, required=True, help="理由。")
@click.pass_obj
def thaw(desk: Desk, freeze_no: int, reason: str) -> None:
    """单位负责人提前解除冻结期。

    \b
    例：
      shebao roster thaw 1 --reason 结账已完成
    """
    from controls.rosters import freezes
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        freezes.lift(work, actor, office.now(), freeze_no, reason)
        work.commit()
    click.echo(f"冻结期 {freeze_no} 已解除")


@click.command("freezes")
@_JSON
@click.pass_obj
def freezes_(desk: Desk, json_: bool) -> None:
    """列出冻结期：谁设定、为什么、是否已解除。

    \b
    例：
      shebao roster freezes
    """
    from controls.rosters import freezes
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with office.reading() as connection:
        found = freezes.listed(connection)
    if json_:
        as_json(
            [
                {
                    "freeze": one.freeze_no, "kind": one.kind, "fund": one.fund.value if one.fund else "", "from": one.begin.isoformat(),
                    "to": one.end.isoformat(), "reason": one.reason, "set_by": one.set_by, "ended_by": one.ended_by, "ended_why": one.ended_why,
                }
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [
        (
            one.freeze_no,
            one.zh,
            one.fund.short if one.fund else "全部",
            f"{one.begin} 至 {one.end}",
            one.reason,
            one.set_by,
            f"{one.ended_by} {one.ended_why}".strip(),
        )
        for one in found
    ]
    table("冻结期", ("编号", "种类", "险种", "日期", "理由", "设定人", "解除"), rows)


def _case_facts(case: Case, number: str) -> dict[str, Any]:
    return {
        "roster": case.roster_id, "seq": case.seq, "fund": case.fund.value, "period": str(case.period), "number": number, "name": case.name,
        "item": case.item, "fen": case.fen, "rule": case.rule, "state": case.state, "owner": case.owner, "due_on": case.due_on.isoformat(),
        "asked_by": case.asked_by, "reason": case.asked_reason, "evidence": case.evidence, "decided_by": case.decided_by, "paid_by": case.paid_by,
    }  # fmt: skip


@click.command("cases")
@click.option("--roster", "roster_id", type=NUMBER, default=None, help="只列一份花名册。")
@click.option("--fund", default=None, help="只列一个险种。")
@reveal_option
@_JSON
@click.pass_obj
def cases_(desk: Desk, roster_id: int | None, fund: str | None, reveal: bool, json_: bool) -> None:
    """暂缓个案：每一暂缓行是否已通知本人、申请解除、批准、补发，责任人和期限。

    \b
    例：
      shebao roster cases --fund R
    """
    from datetime import date

    from controls.rosters import cases
    from ledger.funds import Fund
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    with office.reading() as connection:
        found = cases.listed(connection, roster_id=roster_id, fund=Fund.parse(fund) if fund else None)
    number, _ = masks(office, f"cases:{roster_id or '全部'}", "暂缓个案", len(found), reveal)
    if json_:
        as_json([_case_facts(case, number(case.number)) for case in found])
        return
    today = date.fromisoformat(office.now()[:10])
    rows = [
        (
            case.roster_id, case.seq, case.name, case.item, case.period, show(case.fen), case.rule, cases.STATE_ZH[case.state], case.owner,
            f"{case.due_on}{'（逾期）' if case.overdue(today) else ''}", case.paid_by or "",
        )
        for case in found
    ]  # fmt: skip
    columns = ("花名册", "序号", "姓名", "待遇类型", "月份", "金额（元）", "规则", "状态", "责任人", "到期", "补发花名册")
    table(f"暂缓个案 {len(rows)} 件", columns, rows, right=("金额（元）",))


@click.command("notify")
@_ID
@_SEQ
@click.option("--delivery", "delivery", required=True, help="送达方式：by_hand、by_post、village、phone。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="暂缓发放通知书写到这个文件（含个人信息，留痕）。")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), default=None, help="另写一份可核验的 PDF。")
@click.pass_obj
def notify(desk: Desk, roster_id: int, seq: int, delivery: str, out: Path, pdf: Path | None) -> None:
    """经办通知本人：打印暂缓发放通知书，登记送达方式和通知书摘要。

    \b
    例：
      shebao roster notify 1 --seq 3 --delivery village --out 通知书.txt --pdf 通知书.pdf
    """
    from controls.rosters import cases
    from shebao.hold_notices import send, write_pdf
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    case = send(office, roster_id, seq, delivery, out)
    click.echo(f"花名册 {roster_id} 序号 {seq}：{cases.STATE_ZH[case.state]}，通知书 {out}")
    if pdf is not None:
        click.echo(f"已写 {pdf}，摘要 {write_pdf(office, roster_id, seq, pdf)}；核验：shebao verify {pdf}")


@click.command("clear-ask")
@_ID
@_SEQ
@click.option("--reason", type=REASON, required=True, help="解除理由，从表中选：alive、other_person、account_confirmed 等。")
@click.option("--evidence", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="证据文件（PDF、图片等），按摘要保存。")
@click.option("--note", default="", help="补充说明。")
@click.pass_obj
def clear_ask(desk: Desk, roster_id: int, seq: int, reason: str, evidence: Path, note: str) -> None:
    """经办凭证据申请解除一行暂缓，由另一人批准。

    \b
    例：
      shebao roster clear-ask 1 --seq 3 --reason alive --evidence 户籍证明.pdf
    """
    from controls import attachments
    from controls.duties import Duty, require
    from controls.rosters import cases
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    require(actor, Duty.HANDLE_ROSTER)
    with office.unit() as work:
        kept = attachments.store(office.home, evidence)
        cases.ask(work, actor, office.now(), roster_id, seq, reason, kept.sha256, kept.name, note)
        work.commit()
    click.echo(f"花名册 {roster_id} 序号 {seq} 已申请解除；由审核岗 shebao roster clear {roster_id} --seq {seq}")


@click.command("clear")
@_ID
@_SEQ
@click.option("--keep", is_flag=True, help="不批准，继续暂缓（须写 --note）。")
@click.option("--note", default="", help="意见。")
@click.pass_obj
def clear(desk: Desk, roster_id: int, seq: int, keep: bool, note: str) -> None:
    """另一人批准解除暂缓（或继续暂缓）；批准后由补发花名册发放。

    \b
    例：
      shebao roster clear 1 --seq 3
    """
    from controls.rosters import cases
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        case = (cases.keep if keep else cases.clear)(work, actor, office.now(), roster_id, seq, note)
        work.commit()
    click.echo(f"花名册 {roster_id} 序号 {seq}：{cases.STATE_ZH[case.state]}")


@click.command()
@click.option("--fund", required=True, help="险种代码或名称。")
@click.option("--period", required=True, help="补发所在的发放月份，如 2026-03。")
@click.option("--allowance", is_flag=True, help="补发代发项目。")
@_JSON
@click.pass_obj
def supplement(desk: Desk, fund: str, period: str, allowance: bool, json_: bool) -> None:
    """把已解除的全部暂缓行编成一份补发花名册，各月一并；之后照常检查、签字、放行。

    \b
    例：
      shebao roster supplement --fund R --period 2026-03
    """
    from controls import rosterbuild, supplements
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    kind = rosterbuild.ALLOWANCE if allowance else rosterbuild.BENEFIT
    with office.unit() as work:
        made = supplements.build(work, office.home, actor, office.now(), Fund.parse(fund), Month.parse(period), kind=kind).roster
        work.commit()
    if json_:
        as_json({"roster": made.roster_id, "file_id": made.file_id, "lines": made.line_count, "net_fen": made.net_fen})
        return
    click.echo(f"补发花名册 {made.roster_id} 已编制：{made.line_count} 行，实发 {show(made.net_fen)} 元")
    click.echo(f"下一步：shebao roster check {made.roster_id}")


@click.command("removed")
@click.option("--fund", default=None, help="只列一个险种。")
@click.option("--from", "since", default=None, help="从哪个月，如 2026-01。")
@click.option("--to", "until", default=None, help="到哪个月。")
@_JSON
@click.pass_obj
def removed_(desk: Desk, fund: str | None, since: str | None, until: str | None, json_: bool) -> None:
    """没有发出的各行按原因汇总：暂缓、付款失败、退票各多少行、多少元，可跨月。

    \b
    例：
      shebao roster removed --fund R --from 2026-01 --to 2026-12
    """
    from controls.rosters import removed
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor
    bounds = {"since": Month.parse(since) if since else None, "until": Month.parse(until) if until else None}
    with office.reading() as connection:
        found = removed.counted(connection, **bounds, fund=Fund.parse(fund) if fund else None)
    if json_:
        as_json([{"fund": one.fund.value, "period": str(one.period), "kind": one.kind, "why": one.why, "lines": one.lines, "fen": one.fen} for one in found])
        return
    rows = [(one.fund.short, one.period, one.kind_zh, one.why, one.lines, show(one.fen)) for one in found]
    total = (sum(one.lines for one in found), show(sum(one.fen for one in found)))
    table(f"没有发出 {total[0]} 行 {total[1]} 元", ("险种", "月份", "性质", "原因", "行数", "金额（元）"), rows, right=("行数", "金额（元）"))


COMMANDS = (differences, expire, freeze, thaw, freezes_, cases_, notify, clear_ask, clear, supplement, removed_)

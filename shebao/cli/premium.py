"""`shebao premium`: contributions into vouchers, premiums paid by others, the monthly zeroing report, enterprise size and relief."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk, premiumclaim
from shebao.cli.foreseen import COUNT, NUMBER
from shebao.cli.roster import json_option, working
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.premiums.contributions import Plan
    from shebao.premium_booking import TaxSide
    from shebao.store import Office

KIND_ZH = {"receipt": "收到", "year": "退本年", "earlier": "退以前年度", "red": "红字冲回"}
PAYERS = ("个人", "灵活就业", "单位", "政府代缴", "财政补贴", "集体补助", "其他")


@click.group()
def premium() -> None:
    """保费：缴费明细入账、代缴清册、退回、动态清零、企业划型与减免。

    \b
    例：
      shebao premium plan 12 --fund R
      shebao premium book 12 --fund R --into 1005 --paid-into 1003
      shebao premium claim --fund R --year 2026
      shebao premium zeroing --fund R --month 2026-03 --out 清零/
    """


def _plan_of(office: Office, file_id: int, fund: str) -> tuple[Plan, list[TaxSide]]:
    from ledger import accounts
    from ledger.funds import Fund
    from shebao import premium_booking

    with office.reading() as connection:
        plan = premium_booking.planned(office, connection, file_id, Fund.parse(fund))
        sides = premium_booking.tax_sides(connection, accounts.book_of(connection, plan.fund).book_id, plan)
    return plan, sides


@premium.command()
@click.argument("file_id", type=NUMBER, metavar="文件编号")
@click.option("--fund", required=True, help="险种。")
@json_option
@click.pass_obj
def plan(desk: Desk, file_id: int, fund: str, json_: bool) -> None:
    """看一份缴费明细将怎样入账：每张凭证的来源、金额、人次，以及与税务入库的两边。什么都不写。

    \b
    例：
      shebao premium plan 12 --fund R
    """
    from ledger.money import show
    from shebao import premium_booking
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with working("比对缴费明细 …"):
        made, sides = _plan_of(office, file_id, fund)
    if json_:
        as_json({"file": file_id, "groups": [premium_booking.facts_of(made, one) for one in made.groups], "late": [[str(day), fen] for day, fen in made.late],
                 "tax": [{"month": str(s.month), "booked": s.booked, "told": s.told} for s in sides], "nothing": made.nothing})  # fmt: skip
        return
    rows = [
        (one.place, str(one.month), KIND_ZH[one.kind], "、".join(one.payers), one.nature, part, account, count, show(fen))
        for one in made.groups
        for part, (account, fen, count) in one.parts.items()
    ]
    table(
        f"文件 {file_id}（{made.fund.short}）",
        ("凭证", "月份", "收退", "缴费主体", "性质", "来源", "科目", "行数", "金额（元）"),
        rows,
        right=("凭证", "行数", "金额（元）"),
    )
    for day, fen in made.late:
        click.echo(f"滞纳金 {day}：{show(fen)} 元，记其他收入（C11）")
    for side in sides:
        click.echo(f"{side.month} 单位和个人缴费：本文件 {show(side.told)} 元，按税票已入账 {show(side.booked)} 元，相差 {show(side.told - side.booked)} 元")


@premium.command()
@click.argument("file_id", type=NUMBER, metavar="文件编号")
@click.option("--fund", required=True, help="险种。")
@click.option("--into", type=click.Choice(["1005", "1003", "1002"]), default="1005", show_default=True, help="单位和个人缴费到哪个账户。")
@click.option("--paid-into", type=click.Choice(["1003", "1005", "1002"]), default="1003", show_default=True, help="代缴、补贴、集体补助到哪个账户。")
@click.option("--from", "out_of", type=click.Choice(["1004", "1002", "1005"]), default="1004", show_default=True, help="退本年保费由哪个账户付。")
@click.option("--only", type=click.Choice(PAYERS), multiple=True, help="只入这些缴费主体，可重复；默认全部。")
@json_option
@click.pass_obj
def book(desk: Desk, file_id: int, fund: str, into: str, paid_into: str, out_of: str, only: tuple[str, ...], json_: bool) -> None:
    """会计把缴费明细提出并制成凭证，逐人明细随凭证入账：个人、单位、代缴记 4001，缴费补贴记 4101，集体记 4102，退费按年份。

    \b
    例：
      shebao premium book 12 --fund R --into 1005 --paid-into 1003
      shebao premium book 12 --fund R --only 政府代缴
    """
    from ledger.funds import Fund
    from ledger.money import show
    from shebao import premium_booking
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with working("生成凭证和逐人明细 …"):
        made = premium_booking.book(office, file_id, Fund.parse(fund), premium_booking.Arrival(into, paid_into, out_of), only)
    if json_:
        as_json(
            [
                {"label": d.label, "event": d.entry.event, "summary": d.entry.summary, "rows": d.entry.contribution_count, "fen": d.entry.contribution_fen}
                for d in made
            ]
        )
        return
    for draft in made:
        entry = draft.entry
        click.echo(f"{draft.label} 已制单：{entry.event}  {entry.summary}  {show(entry.debit)} 元（逐人 {entry.contribution_count} 笔）")
    click.echo(f"共 {len(made)} 张，待复核岗审核。")


@premium.command()
@click.option("--fund", type=click.Choice(["R", "MR"]), default="R", show_default=True, help="险种。")
@click.option("--month", required=True, help="月份，如 2026-03。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="输出目录：PDF、XLSX（含名单）、JSON。")
@click.option("--lists", "most", type=COUNT, default=0, show_default=True, help="每张清单列出多少人。")
@click.option("--reveal", is_flag=True, help="显示完整证件号码和姓名；每次都留痕。")
@json_option
@click.pass_obj
def zeroing(desk: Desk, fund: str, month: str, out: Path | None, most: int, reveal: bool, json_: bool) -> int:
    """动态清零月报：在名单未参保、已参保未代缴、已代缴不符合条件，与上月相比。没有清零时退出码为 1。

    \b
    例：
      shebao premium zeroing --fund R --month 2026-03
      shebao premium zeroing --fund R --month 2026-03 --lists 20 --out 清零/
    """
    from controls.premiums.zeroing import LIST_ZH, LISTS
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao import premium_papers
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    wanted = Month.parse(month)
    if reveal:
        premiumclaim.reading(office, f"premium-zeroing:{fund}:{wanted}", "动态清零名单")
    with working("比对名单 …"):
        made, changes, files, digest = premium_papers.write_zeroing(office, Fund.parse(fund), wanted, out, reveal=reveal)
    if json_:
        as_json(premium_papers.facts(made, changes, digest) | {"files": [str(file) for file in files]})
        return 0 if made.zero else 1
    for said in (made.proof(), *made.notes):
        click.echo(said)
    moved = {one.list: one for one in changes}
    rows = [
        (name, LIST_ZH[name], made.count(name), *((moved[name].new, moved[name].settled, moved[name].still) if name in moved else ("—", "—", "—")))
        for name in LISTS
    ]
    counts = ("人数", "新增", "已办结", "仍未办结")
    table("动态清零", ("清单", "含义", *counts), rows, right=counts)
    table("按类别和乡镇", ("清单", "类别", "乡镇", "人数"), made.by_place(), right=("人数",))
    if most:
        premiumclaim.listed(made.open.to_pylist(), most, reveal)
    for file in files:
        click.echo(str(file))
    return 0 if made.zero else 1


@premium.command("class")
@click.option("--industry", required=True, help="行业名称或代码，如 工业、C、51。")
@click.option("--staff", type=COUNT, default=None, help="从业人员（人）。")
@click.option("--revenue", type=COUNT, default=None, help="营业收入（万元）。")
@click.option("--assets", type=COUNT, default=None, help="资产总额（万元）。")
@json_option
def class_(industry: str, staff: int | None, revenue: int | None, assets: int | None, json_: bool) -> None:
    """企业划型：按行业和指标得出大、中、小、微型，并说明每一步。

    \b
    例：
      shebao premium class --industry 工业 --staff 120 --revenue 3000
    """
    from controls.premiums import enterprise

    made = enterprise.size(industry, staff=staff, revenue=revenue, assets=assets)
    if json_:
        as_json({"industry": made.industry, "size": made.size, "steps": list(made.steps)})
        return
    for step in made.steps:
        click.echo(step)
    click.echo(f"{made.industry}：{made.size}")


@premium.command()
@click.option("--fund", required=True, help="险种：E、U、W。")
@click.option("--class", "kind", required=True, help="企业类型：大型、中型、小型、微型、个体工商户、其他单位、机关事业单位。")
@click.option("--month", required=True, help="费款所属月份，如 2020-03。")
@click.option("--amount", required=True, help="单位缴费部分应缴金额（元）。")
@click.option("--region", default="", help="行政区划代码；湖北（42）另有规定。")
@json_option
def relief(fund: str, kind: str, month: str, amount: str, region: str, json_: bool) -> None:
    """阶段性减免：某类企业某月单位缴费减多少。减免不记账，金额登记备查簿。

    \b
    例：
      shebao premium relief --fund E --class 大型 --month 2020-03 --amount 16000
    """
    from controls.premiums import enterprise
    from ledger.funds import Fund
    from ledger.money import parse_fen, show
    from ledger.months import Month

    made = enterprise.relief(Fund.parse(fund), kind, Month.parse(month), region, parse_fen(amount))
    if json_:
        as_json({"spared": made.spared, "left": made.left, "reference": made.reference})
        return
    click.echo(f"减免 {show(made.spared)} 元，应缴 {show(made.left)} 元（{made.reference}）")


for command in premiumclaim.COMMANDS:
    premium.add_command(command)

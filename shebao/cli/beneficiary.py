"""`shebao beneficiary`: who comes, goes on, pauses and leaves — changes beside a roster, people coming of age, certification, settlement at death."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk, beneficiarycertify
from shebao.cli.beneficiarycertify import OUT, fund_option, month_or_now, written
from shebao.cli.foreseen import COUNT, NUMBER
from shebao.cli.roster import json_option, working
from shebao.cli.rosterlists import masks, reveal_option
from shebao.cli.show import as_json, table


@click.group()
def beneficiary() -> None:
    """待遇领取人员：增减变动表、到龄预告、资格认证、死亡结算。"""


@click.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册编号")
@click.option("--list", "most", type=COUNT, default=0, metavar="N", help="每类列出前 N 人。")
@click.option("--out", type=OUT, default=None, help="写出 PDF 和工作簿的目录。")
@reveal_option
@json_option
@click.pass_obj
def changes(desk: Desk, roster_id: int, most: int, out: Path | None, reveal: bool, json_: bool) -> None:
    """待遇增减变动表：上月发放的人和钱，新增、恢复、死亡、暂停、终止、调整，等于本月；随花名册一并送审。

    \b
    例：
      shebao beneficiary changes 3
      shebao beneficiary changes 3 --out 变动表/
    """
    from controls.beneficiaries.changes import KINDS
    from ledger.money import show
    from shebao.beneficiaries import changes_of, may_print, write_changes
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with working("比对上月 …"), office.reading() as connection:
        of, _book, made = changes_of(connection, roster_id)
    number, _account = masks(office, f"roster:{roster_id}", "待遇增减变动", len(made.moves), reveal and (bool(most) or out is not None or json_))
    printed = None
    if out is not None:
        may_print(office)
        with working("排版 …"):
            made, printed = write_changes(office, roster_id, out, reveal=reveal)
    if json_:
        sums = [{"kind": kind, "persons": persons, "fen": fen} for kind, persons, fen in made.sums()]
        moves = [{"kind": one.kind, "number": number(one.number), "before_fen": one.before, "now_fen": one.now} for one in made.moves]
        as_json(
            {
                "roster": roster_id, "period": str(made.month), "persons_before": made.persons_before, "before_fen": made.before,
                "persons_now": made.persons_now, "now_fen": made.now, "paid_fen": made.paid, "held_fen": made.held, "ties": made.ties,
                "sums": sums, "moves": moves, "files": [str(file) for file in printed.files] if printed else [],
            }
        )  # fmt: skip
        return
    rows: list[tuple[object, ...]] = [
        ("上月发放", made.persons_before, show(made.before)),
        *((kind, persons, show(fen)) for kind, persons, fen in made.sums() if persons),
    ]
    rows += [("本月按月发放", made.persons_now, show(made.now)), ("本月发放合计", "", show(made.paid))]
    table(f"{of.title}：待遇增减变动", ("项目", "人数", "金额（元）"), rows, right=("人数", "金额（元）"))
    click.echo("增减与发放合计相符" if made.ties else "增减与发放合计不符，须查明")
    for kind in KINDS if most else ():
        mine = made.of(kind)[:most]
        if mine:
            listed = [(number(one.number), one.name, show(one.before), show(one.now)) for one in mine]
            table(f"{kind}（列出 {len(mine)} 人）", ("证件号码", "姓名", "上月", "本月"), listed, right=("上月", "本月"))
    written(printed)


@click.command()
@fund_option
@click.option("--from", "first", default=None, metavar="YYYY-MM", help="从哪个月起，默认本月。")
@click.option("--months", type=NUMBER, default=3, show_default=True, metavar="N", help="几个月。")
@click.option("--out", type=OUT, default=None, help="写出 PDF 和工作簿的目录。")
@reveal_option
@json_option
@click.pass_obj
def coming(desk: Desk, fund: str, first: str | None, months: int, out: Path | None, reveal: bool, json_: bool) -> None:
    """到龄预告名单：登记簿中在保、尚未领取、几个月内到领取年龄的人。

    \b
    例：
      shebao beneficiary coming --fund R --months 3
      shebao beneficiary coming --fund E --from 2027-01 --out 到龄/
    """
    from controls.beneficiaries import coming_of_age
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.identity import mask_name
    from shebao.beneficiaries import may_print
    from shebao.beneficiary_forms import write_coming
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    start = month_or_now(first, office)
    end = start + (max(months, 1) - 1)
    with working("核对登记簿 …"), office.reading() as connection:
        found = coming_of_age.listed(connection, accounts.book_of(connection, Fund.parse(fund)), start, end)
    number, _account = masks(office, f"coming:{fund}:{start}", "到龄预告名单", len(found), reveal)
    printed = None
    if out is not None:
        may_print(office)
        printed = write_coming(office, Fund.parse(fund), start, end, out, reveal=reveal)
    rows = [
        {
            "person": one.person_id, "number": number(one.number), "name": one.name if reveal else mask_name(one.name), "town": one.town,
            "village": one.village, "reached": str(one.reached), "first_due": str(one.first_due), "why": one.why, "years": one.years,
        }
        for one in found
    ]  # fmt: skip
    if json_:
        as_json(rows)
        return
    shown = [(f"P{r['person']}", r["number"], r["name"], r["town"], r["village"], r["reached"], r["first_due"], r["why"], r["years"]) for r in rows]
    heads = ("人员", "证件号码", "姓名", "乡镇", "村", "到龄月份", "首月", "年龄依据", "账上缴费年数")
    table(f"到龄预告 {start} 至 {end}：{len(rows)} 人", heads, shown, right=("账上缴费年数",))
    written(printed)


@click.command()
@click.argument("person", metavar="人员")
@fund_option
@click.option("--from", "first", default=None, metavar="YYYY-MM", help="到龄月份从哪个月找起，默认本月。")
@click.option("--months", type=NUMBER, default=3, show_default=True, metavar="N", help="找几个月。")
@click.option("--out", type=OUT, required=True, help="写出 PDF 的目录。")
@click.pass_obj
def notice(desk: Desk, person: str, fund: str, first: str | None, months: int, out: Path) -> None:
    """待遇领取通知表：发给本人的一张纸，写有完整姓名和证件号码，每次打印都留痕。

    \b
    例：
      shebao beneficiary notice P12 --fund R --out 通知/
    """
    from ledger import persons
    from ledger.funds import Fund
    from shebao.beneficiaries import may_print
    from shebao.beneficiary_forms import write_notice
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    may_print(office)
    start = month_or_now(first, office)
    with office.reading() as connection:
        person_id = persons.wanted(connection, person)
    masks(office, f"person:{person_id}", "待遇领取通知表", 1, True)
    written(write_notice(office, Fund.parse(fund), person_id, start, start + (max(months, 1) - 1), out))


@click.command()
@click.argument("batch", type=NUMBER, metavar="编号")
@fund_option
@click.option("--out", type=OUT, required=True, help="写出 PDF 和工作簿的目录。")
@reveal_option
@click.pass_obj
def settlement(desk: Desk, batch: int, fund: str, out: Path, reveal: bool) -> None:
    """死亡待遇结算单：终止审批、账户余额、多领抵扣、实付逐步列明；编号是 person-account one-off 的那一笔。

    \b
    例：
      shebao beneficiary settlement 3 --fund R --out 结算/
    """
    from ledger.funds import Fund
    from shebao.beneficiaries import may_print
    from shebao.beneficiary_forms import write_settlement
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    may_print(office)
    masks(office, f"settlement:{fund}:{batch}", "待遇结算单", 1, reveal)
    written(write_settlement(office, Fund.parse(fund), batch, out, reveal=reveal))


for command in (changes, coming, notice, settlement, *beneficiarycertify.COMMANDS):
    beneficiary.add_command(command)

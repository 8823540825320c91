"""`shebao beneficiary`: who comes, goes on, pauses and leaves — changes beside a roster, people coming of age, certification, settlement at death."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER
from shebao.cli.roster import json_option, working
from shebao.cli.rosterlists import masks, reveal_option
from shebao.cli.show import as_json, table

OUT = click.Path(file_okay=False, path_type=Path)


@click.group()
def beneficiary() -> None:
    """待遇领取人员：增减变动表、到龄预告、资格认证、死亡结算。"""


@click.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册编号")
@click.option("--list", "most", type=NUMBER, default=0, metavar="N", help="每类列出前 N 人。")
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
    rows = [("上月发放", made.persons_before, show(made.before)), *((kind, persons, show(fen)) for kind, persons, fen in made.sums() if persons)]
    rows += [("本月按月发放", made.persons_now, show(made.now)), ("本月发放合计", "", show(made.paid))]
    table(f"{of.title}：待遇增减变动", ("项目", "人数", "金额（元）"), rows, right=("人数", "金额（元）"))
    click.echo("增减与发放合计相符" if made.ties else "增减与发放合计不符，须查明")
    for kind in KINDS if most else ():
        mine = made.of(kind)[:most]
        if mine:
            listed = [(number(one.number), one.name, show(one.before), show(one.now)) for one in mine]
            table(f"{kind}（列出 {len(mine)} 人）", ("证件号码", "姓名", "上月", "本月"), listed, right=("上月", "本月"))
    for file in printed.files if printed else ():
        click.echo(f"已写出 {file}")


for command in (changes,):
    beneficiary.add_command(command)

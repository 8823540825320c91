"""`shebao benefit difference`: arrears after a new standard (补发提标), from what was booked to a roster file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.benefitlaw import law
from shebao.cli.roster import json_option, working
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.benefits.arrears import Written
    from controls.benefits.differences import Rerated


@click.command()
@click.argument("scheme", default="resident-pension")
@click.option("--from", "start", required=True, help="新标准执行的月份，如 2025-01。")
@click.option("--to", "end", required=True, help="按旧标准发放的最后一个月，如 2026-02。")
@click.option("--item", "items", multiple=True, help="要补发的待遇类型，如 基础养老金(中央)；可多次。")
@click.option("--facts", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="情况表（CSV、XLSX）：公式要用、程序不知道的情况，每人一行。")
@click.option("--overlay", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="拟议的参数（YAML）：只试算，不写花名册。")
@click.option("--person", default="", help="只说明这一人逐月的差额（证件号码）；不写文件。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="写花名册和说明的目录；不给就只算不写。")
@json_option
@click.pass_obj
def difference(
    desk: Desk, scheme: str, start: str, end: str, items: tuple[str, ...], facts: Path | None, overlay: Path | None, person: str, out: Path | None, json_: bool
) -> None:
    """新标准补发：已发放的各月按当月规定重算，减去已付，得出差额；写成花名册文件，照常导入、检查、签字、发放。

    停发、暂停和不参加调整的月份不补，已付高于新标准的不扣，都逐行列出原因。

    \b
    例：
      shebao benefit difference resident-pension --from 2025-01 --to 2026-02 --item "基础养老金(中央)"
      shebao benefit difference resident-pension --from 2025-01 --to 2026-02 --item "基础养老金(中央)" --out 补发/
    """
    from controls.benefits import arrears, differences
    from controls.duties import Duty, require
    from ledger.benefits import peoplefile
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    require(actor, Duty.HANDLE_ROSTER)
    if out is not None and (overlay is not None or person):
        raise click.UsageError("--out 不与 --overlay、--person 同用：试算和说明不写花名册。")
    if not items:
        raise click.UsageError("用 --item 写明补发哪些待遇类型。")
    parameters = law(desk, overlay)
    given = {one.key: one.facts for one in peoplefile.read(facts)} if facts else {}
    asked = differences.Asked(scheme, items, Month.parse(start), Month.parse(end), given)
    with working("重算各月 …"), office.unit() as work:
        made = differences.rerate(work.connection, office.home, actor, asked, parameters)
        if person:
            from controls import trail

            trail.reading(work, office.now(), actor, f"book:{made.book_id}", "补发差额逐月说明", 1)
        written = arrears.write(work, office.now(), actor, made, out) if out is not None else None
        if person or written is not None:
            work.commit()
    if person:
        _person(made, person, parameters, json_)
    elif json_:
        as_json(_values(made, written))
    else:
        _shown(made, written)


def _values(made: Rerated, written: Written | None) -> dict[str, Any]:
    from ledger.benefits.difference import STATE_ZH, simple

    totals = [{"state": STATE_ZH[one.state], "item": one.item, "period": str(one.month), "rows": one.rows, "fen": one.fen} for one in made.made.totals()]
    beside = [
        {
            "item": one.item, "period": str(one.month), "persons": one.persons, "usual_fen": one.usual, "simple_fen": one.simple, "exact_fen": one.exact,
            "not_paid_fen": one.not_paid, "left_out_fen": one.left_out, "otherwise_fen": one.otherwise,
        }
        for one in simple(made.made)
    ]  # fmt: skip
    found: dict[str, Any] = {
        "persons": made.made.persons, "fen": made.made.total, "totals": totals, "simple": beside, "other_items": list(made.others),
        "unbooked_rosters": list(made.unbooked), "sources": {name: list(files) for name, files in made.happened.sources.items()},
    }  # fmt: skip
    if written is not None:
        found["written"] = {
            "roster": str(written.roster), "workbook": str(written.workbook), "sha256": written.sha256, "lines": written.lines, "persons": written.persons,
            "fen": written.fen, "without_account": len(written.without_account),
        }  # fmt: skip
    return found


def _shown(made: Rerated, written: Written | None) -> None:
    from ledger.benefits.difference import STATE_ZH, simple
    from ledger.money import show

    sums: dict[tuple[int, str], list[int]] = {}
    for one in made.made.totals():
        both = sums.setdefault((one.state, one.item), [0, 0])
        both[0] += one.rows
        both[1] += one.fen
    rows = [(STATE_ZH[state], item, count, show(fen)) for (state, item), (count, fen) in sums.items()]
    table(f"{made.fund.short} {made.asked.first}～{made.asked.last} 补发", ("结果", "待遇类型", "人月", "差额（元）"), rows, right=("人月", "差额（元）"))
    beside = [
        (one.item, str(one.month), one.persons, *map(show, (one.usual, one.simple, one.exact, one.not_paid, one.left_out, one.otherwise)))
        for one in simple(made.made)
    ]
    heads = ("待遇类型", "所属期", "人数", "通常差额", "人数×差额", "应补", "当月未付", "不补", "差额不同")
    table("与简单算法比较（人数×差额 = 应补 + 当月未付 + 不补 + 差额不同）", heads, beside, right=heads[2:])
    click.echo(f"应补发 {made.made.persons} 人，合计 {show(made.made.total)} 元。")
    if made.others:
        click.echo(f"同科目下另有项目不在内：{'、'.join(made.others)}")
    if made.unbooked:
        click.echo(f"花名册 {'、'.join(map(str, made.unbooked))} 的发放还没有入账，不在已付数里。")
    missing = [name for name in ("deaths", "custody", "people") if name not in made.happened.sources]
    if missing:
        click.echo(f"没有导入 {'、'.join(missing)}：这些原因的停发月份没有排除。")
    if written is None:
        click.echo("只算不写；写花名册用 --out 目录。")
        return
    click.echo(f"已写 {written.roster}（{written.lines} 行，{written.persons} 人，{show(written.fen)} 元，含完整证件号码，只有本人可读）和 {written.workbook}")
    if written.without_account:
        click.echo(f"{len(written.without_account)} 人没有银行账户，未列入花名册，见说明的“没有账户”表。")
    click.echo(f"下一步：shebao import roster {written.roster}，再 shebao roster build --fund {made.fund.value} --period 发放月份")


def _person(made: Rerated, person: str, parameters: Any, json_: bool) -> None:
    from ledger.benefits.difference import STATE_ZH
    from ledger.identity import mask_number, normal_number
    from ledger.money import show

    found = made.made.rows_of(normal_number(person))
    if json_:
        as_json(
            [
                {"item": item, "period": str(month), "due_fen": due, "paid_fen": before, "state": STATE_ZH[state], "why": why}
                for item, month, due, before, state, why in found
            ]
        )
        return
    rows = [(item, str(month), show(due), show(before), show(due - before), STATE_ZH[state], why) for item, month, due, before, state, why in found]
    table(f"{mask_number(normal_number(person))}", ("待遇类型", "所属期", "新标准", "已付", "差额", "结果", "原因"), rows, right=("新标准", "已付", "差额"))
    for line in made.explained(normal_number(person), parameters):
        click.echo(line)

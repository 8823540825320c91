"""`shebao person record`: a person's own record (权益记录单) over a life, one by one or for a township; every reading is put on record."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.personshow import DAY, json_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from shebao.record_batch import Batch
    from shebao.records import Asked
    from shebao.store import Office


@click.command()
@click.argument("who", default="", metavar="[人员]")
@click.option("--as-of", type=DAY, default=None, help="截止日期，账簿计至该月末，如 2025-12-31；默认今天。")
@click.option("--known-on", type=DAY, default=None, help="登记簿按哪一天所知；默认今天。")
@click.option("--own", is_flag=True, help="本人副本：号码和姓名完整；须写 --reason，先留痕，后出具。")
@click.option("--reason", default="", help="出具本人副本的事由（与 --own 同用）。")
@click.option("--township", default="", help="批量：某乡镇（街道）登记的全部人员，每人一份 PDF；与 --fund、--out 同用，中断后原样再运行即接着做。")
@click.option("--fund", default="", help="批量：险种。")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="写 PDF、XLSX、JSON 的文件夹。")
@json_option
@click.pass_obj
def record(
    desk: Desk, who: str, as_of: date | None, known_on: date | None, own: bool, reason: str, township: str, fund: str, out: Path | None, json_: bool
) -> None:
    """权益记录单：一人一生的参保、缴费、个人账户、转移、待遇、追回和结算，每个数字写明凭证。人员写 P 编号或证件号码。

    \b
    例：
      shebao person record P12 --out 权益记录
      shebao person record P12 --as-of 2025-12-31 --own --reason 本人申请打印 --out 权益记录
      shebao person record --township 东镇 --fund R --as-of 2025-12-31 --own --reason 年度寄送 --out 权益记录
      shebao verify 权益记录/权益记录-P12-2025-12-31.pdf
    """
    from controls.persons import may_look
    from shebao import records
    from shebao.store import Office

    office = Office(desk.home)
    may_look(office.actor)
    if bool(who) == bool(township):
        raise click.UsageError("写人员（P 编号或证件号码），或用 --township 批量出具。")
    if township and not (fund and out):
        raise click.UsageError("批量出具须写 --fund 和 --out。")
    want = records.asked(office, as_of, known_on, own)
    if township and out is not None:
        _township(office, want, fund, township, out, reason, json_)
        return
    _single(office, want, who, out, reason, json_)


def _single(office: Office, want: Asked, who: str, out: Path | None, reason: str, json_: bool) -> None:
    """One person's record, shown or written."""
    from ledger import persons
    from shebao import records

    with office.reading() as connection:
        person_id = persons.wanted(connection, who)
    written = None
    if out is not None:
        made, written = records.write(office, person_id, want, out, reason)
    else:
        made = records.one(office, person_id, want, reason)
    if json_:
        as_json(records.facts(made, written.digest if written else ""))
        return
    if written is not None:
        for file in written.files:
            click.echo(str(file))
        for warning in written.warnings:
            click.echo(warning, err=True)
        click.echo(f"摘要 {written.digest[:16]}；核对：shebao verify {written.files[0]}")
        return
    click.echo(f"权益记录　截至 {made.as_of}　{made.copy}")
    click.echo("　".join(f"{what} {text}" for what, text in made.identity))
    for (title, heads, rows, said), section in zip(records.lines(made), made.sections, strict=True):
        if rows:
            table(title, heads, rows, right=(*section.money, *section.count))
        else:
            click.echo(title)
        for text in said:
            click.echo(f"  {text}")


def _township(office: Office, want: Asked, fund: str, township: str, out: Path, reason: str, json_: bool) -> None:
    """A township's records, with a bar on a terminal."""
    from ledger.funds import Fund
    from shebao import record_batch

    done: Batch = record_batch.write(office, Fund.parse(fund), township, want, out, reason)
    if json_:
        as_json({"persons": done.persons, "made": done.made, "kept": done.kept, "digest": done.digest, "list": str(done.listed)})
        return
    click.echo(f"{township} {done.persons} 人：本次出具 {done.made} 份，原有 {done.kept} 份；清单 {done.listed}，摘要 {done.digest[:16]}")

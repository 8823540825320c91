"""`shebao bankfile`: the bank file out, the bank's return in, failures, and payments that come back later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.roster import json_option, working
from shebao.cli.rosterlists import masks, reveal_option
from shebao.cli.show import as_json, table


@click.group()
def bankfile() -> None:
    """银行盘与回盘：出纳制单，另一人以复核U盾授权，再一人接收回盘，退票逐笔登记。

    \b
    例：
      shebao bankfile make 1 --out 居民养老202601.csv
      shebao bankfile authorise 1 --amount 489.00
      shebao bankfile return 1 回盘.csv
      shebao bankfile failures 1
    """


@bankfile.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="写到哪个文件（含完整账号，只本人可读）。")
@click.option("--layout", default="", help="银行文件版式；不写按银行账户登记簿里支出户的版式，再没有就是标准 CSV。")
@click.option("--zip-password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="另写加密 ZIP，口令在此文件第一行。")
@json_option
@click.pass_obj
def make(desk: Desk, roster_id: int, out: Path, layout: str, zip_password_file: Path | None, json_: bool) -> None:
    """出纳为已放行的花名册制作银行盘（网银制单），一人一账户一行；再次输出只能是同样的内容，记为重复导出。

    \b
    例：
      shebao bankfile make 1 --out 居民养老202601.csv
    """
    from controls import bankfile as files
    from controls.banking import archive
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with working("制作银行盘 …"), office.unit() as work:
        made = files.make(work, actor, office.now(), roster_id, out, layout=layout)
        work.commit()
    if zip_password_file is not None:
        packed = archive.pack(out, zip_password_file.read_text(encoding="utf-8").partition("\n")[0].strip())
    if json_:
        values = {"roster": roster_id, "file": str(out), "sha256": made.sha256, "lines": made.lines, "fen": made.fen}
        as_json(values | {"batch": made.batch_no, "layout": made.layout, "again": made.again})
        return
    click.echo(f"花名册 {roster_id} 银行盘{'（重复导出，内容相同）' if made.again else ''}：{out}，{made.lines} 笔，控制合计 {show(made.fen)} 元")
    click.echo(f"批次号 {made.batch_no}，SHA-256 {made.sha256}")
    if zip_password_file is not None:
        click.echo(f"加密 ZIP：{packed}（AES-256；口令另行告知银行）")
    if not made.again:
        click.echo(f"下一步由会计主管网银复核：shebao bankfile authorise {roster_id} --file {out}")


@bankfile.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="上传到网银的那份文件，逐字节核对。")
@click.option("--amount", default=None, metavar="元", help="网银页面显示的合计金额，核对用。")
@json_option
@click.pass_obj
def authorise(desk: Desk, roster_id: int, file: Path | None, amount: str | None, json_: bool) -> None:
    """会计主管以本人的复核U盾授权出纳制作的批次；授权之前不算送盘。

    \b
    例：
      shebao bankfile authorise 1 --amount 489.00
    """
    from controls import bank_authorising as authorising
    from ledger.money import parse_fen
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    fen = None if amount is None else parse_fen(amount)
    with working("网银复核 …"), office.unit() as work:
        made = authorising.authorise(work, actor, office.now(), roster_id, file=file, fen=fen)
        work.commit()
    if json_:
        as_json({"roster": roster_id, "sha256": made.sha256, "token": made.token, "by": made.authorised_by})
        return
    click.echo(f"花名册 {roster_id} 已网银复核（{made.token} 号U盾），批次已送出。回盘由制单、复核以外的人接收：shebao bankfile return {roster_id} 回盘文件")


@bankfile.command("return")
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--encoding", default=None, help="指定编码。")
@click.option("--sheet", default=None, help="指定工作表。")
@click.option("--plain", is_flag=True, help="回盘是标准列名的文件，不按送盘的版式读。")
@json_option
@click.pass_obj
def return_(desk: Desk, roster_id: int, file: Path, encoding: str | None, sheet: str | None, plain: bool, json_: bool) -> None:
    """接收银行回盘（制单人、网银复核人以外的会计或会计主管）；逐行核对序号、账号、户名、金额，不符即整份拒绝。

    \b
    例：
      shebao bankfile return 1 回盘.csv
    """
    from controls import bankfile as bankfiles
    from controls import bankreturn, roster
    from controls.banking import layouts, reading
    from controls.errors import RowsWithErrors
    from controls.intake import reader, register
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    register.duty_for(actor, bankreturn.CONTRACT)
    with office.reading() as connection:
        batch = bankfiles.batch(connection, roster.get(connection, roster_id))
    law = layouts.layout(batch.layout) if batch is not None and batch.layout and not plain else None
    if law is not None and law.returns is not None and batch is not None:
        taken = reading.read(file, law, batch.batch_no)
    else:
        taken = reader.read(file, bankreturn.CONTRACT, encoding=encoding, sheet=sheet)
    try:
        with working("核对回盘 …"), office.unit() as work:
            made = bankreturn.take(work, office.home, taken, actor, office.now(), roster_id)
            work.commit()
    except RowsWithErrors as refusal:
        raise RowsWithErrors(**{**refusal.facts, "rejects": register.write_rejects(office.home, taken)}) from refusal
    if json_:
        as_json({"roster": roster_id, "file_id": made.file_id, "paid": list(made.paid), "failed": list(made.failed)})
        return
    click.echo(
        f"花名册 {roster_id} 已回盘（文件 {made.file_id}）：成功 {made.paid[0]} 笔 {show(made.paid[1])} 元，失败 {made.failed[0]} 笔 {show(made.failed[1])} 元"
    )
    if made.failed[0]:
        click.echo(f"失败清单：shebao bankfile failures {roster_id}")


@bankfile.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@reveal_option
@json_option
@click.pass_obj
def failures(desk: Desk, roster_id: int, reveal: bool, json_: bool) -> None:
    """列出银行没有付出的款项和原因。

    \b
    例：
      shebao bankfile failures 1
    """
    from controls import bankfile as files
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        found = files.failures(connection, roster_id)
    number, account = masks(office, f"roster:{roster_id}", "发放失败清单", len(found), reveal)
    if json_:
        as_json(
            [
                {
                    "seq": item.bank_seq,
                    "number": number(item.number),
                    "name": item.name,
                    "account": account(item.account),
                    "fen": item.fen,
                    "reason": item.reason,
                }
                for item in found
            ]
        )
        return
    rows = [(item.bank_seq, number(item.number), item.name, account(item.account), show(item.fen), item.reason) for item in found]
    table(f"花名册 {roster_id} 发放失败 {len(rows)} 笔", ("序号", "证件号码", "姓名", "账号", "金额（元）", "原因"), rows, right=("金额（元）",))


@bankfile.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@click.option("--seq", type=NUMBER, required=True, help="银行序号（银行盘里的序号）。")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="银行对账单上的到账日期。")
@click.option("--reason", type=REASON, required=True, help="退票原因。")
@click.option("--serial", default="", help="银行流水号；当日有多笔同额收款时指明一笔。")
@json_option
@click.pass_obj
def comeback(desk: Desk, roster_id: int, seq: int, day: datetime, reason: str, serial: str, json_: bool) -> None:
    """会计登记付出后又退回的款项（退票），以已导入的银行对账单上的收款为据。

    \b
    例：
      shebao bankfile comeback 1 --seq 208 --date 2026-01-22 --reason 账户已注销
    """
    from controls import comebacks
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = comebacks.record(work, office.home, actor, office.now(), roster_id, seq, day.date(), reason, serial=serial)
        work.commit()
    if json_:
        as_json({"comeback": made.comeback_id, "roster": roster_id, "seq": seq, "fen": made.fen, "day": made.day, "evidence": made.evidence})
        return
    click.echo(f"退票 {made.comeback_id}：花名册 {roster_id} 序号 {seq}，{made.name}，{show(made.fen)} 元，{made.day}，依据对账单 {made.evidence}")


@bankfile.command()
@click.argument("roster_id", type=NUMBER, metavar="花名册")
@json_option
@click.pass_obj
def show(desk: Desk, roster_id: int, json_: bool) -> None:
    """显示放行、送盘、成功、失败、退票的笔数和金额，以及退票清单。

    \b
    例：
      shebao bankfile show 1
    """
    from dataclasses import asdict

    from controls import bankfile as files
    from ledger import money
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        found = files.totals(connection, roster_id)
        back = files.comebacks(connection, roster_id)
    if json_:
        as_json(
            {
                "roster": roster_id,
                **asdict(found),
                "comebacks": [{"seq": item.bank_seq, "fen": item.fen, "day": item.day, "reason": item.reason} for item in back],
            }
        )
        return
    steps = (("放行", found.released), ("送盘", found.sent), ("成功", found.paid), ("失败", found.failed), ("退票", found.came_back))
    table(f"花名册 {roster_id}", ("", "笔数", "金额（元）"), [(name, count, money.show(fen)) for name, (count, fen) in steps], right=("笔数", "金额（元）"))
    if back:
        table(
            "退票",
            ("序号", "姓名", "金额（元）", "日期", "原因"),
            [(item.bank_seq, item.name, money.show(item.fen), item.day, item.reason) for item in back],
            right=("金额（元）",),
        )

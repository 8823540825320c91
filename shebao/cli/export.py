"""`shebao export`: contract files out of the store."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER


@click.group()
def export() -> None:
    """导出合同格式的文件；含完整证件号码的导出记入留痕，文件只有本人可读。

    \b
    例：
      shebao export payments 1 --out 发放明细_2026年10月.csv
    """


@export.command()
@click.argument("roster_id", type=NUMBER)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="输出文件（CSV）。")
@click.pass_obj
def payments(desk: Desk, roster_id: int, out: Path) -> None:
    """花名册的实际发放结果，按“待遇发放明细”合同导出，可供 shebao audit check 使用。

    \b
    例：
      shebao export payments 1 --out 发放明细_居保_2026年10月.csv
    """
    from ledger.money import show
    from shebao.exports import write_payments
    from shebao.store import Office

    rows, fen = write_payments(Office(desk.home), roster_id, out)
    click.echo(f"已导出 {rows} 行，成功发放 {show(fen)} 元：{out}")
    click.echo("文件含完整证件号码，仅本人可读，请勿外传；本次导出已记入留痕。")


@export.command("trail")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.option("--reveal", is_flag=True, help="连同姓名、事由、备注的原文和盐值（salts.jsonl）；记入留痕。默认只导出其摘要。")
@click.pass_obj
def trail(desk: Desk, out: Path, reveal: bool) -> None:
    """导出全部留痕（JSON Lines）和独立核验程序；不装本系统也能核验：python3 verify_shebao.py 目录。

    \b
    例：
      shebao export trail --out 留痕_2026年
    """
    from shebao.store import Office
    from shebao.trails.export import write_trail

    head = write_trail(Office(desk.home), out, reveal=reveal)
    click.echo(f"已导出 {head.seq} 条留痕：{out}")
    click.echo(f"链头 {head.seq}:{head.hash}")
    click.echo(f"独立核验：python3 {out / 'verify_shebao.py'} {out} --witness {head.seq}:{head.hash}")


@export.command("book")
@click.option("--fund", required=True, help="险种。")
@click.option("--period", required=True, help="报表月份，写作 2026-01。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录；可与留痕同一目录，一并核验。")
@click.option("--reveal", is_flag=True, help="逐人明细（persons.jsonl）写出完整号码；记入留痕。默认遮掩。")
@click.pass_obj
def book(desk: Desk, fund: str, period: str, out: Path, reveal: bool) -> None:
    """导出一套账的凭证、逐人明细、余额、报表项和独立核验程序：摘要、平衡、连号、明细=凭证、余额=分录、报表项=分录。

    \b
    例：
      shebao export book --fund R --period 2026-01 --out 居保账_2026年
    """
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office
    from shebao.trails.export import write_book

    office = Office(desk.home)
    with office.reading() as connection:
        found = accounts.book_of(connection, Fund.parse(fund))
    count = write_book(office, found, Month.parse(period), out, reveal=reveal)
    click.echo(f"已导出 {count} 张凭证：{out}")
    click.echo(f"独立核验：python3 {out / 'verify_shebao.py'} {out}")

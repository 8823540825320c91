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

"""`shebao voucher import`: vouchers of another system become proposed vouchers."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk


@click.command("import")
@click.argument("file")
@click.option("--fund", required=True, help="险种：凭证记入这个险种的账套。")
@click.pass_obj
def import_(desk: Desk, file: str, fund: str) -> None:
    """导入其他系统的凭证（文件或已导入文件的编号）：全部提出、待制单，或一张不提；逐张制单、审核、记账照常。

    \b
    例：
      shebao voucher import 旧系统凭证.xlsx --fund R
      shebao voucher import 12 --fund R
    """
    from controls.duties import Duty, require
    from ledger.funds import Fund
    from ledger.money import show
    from shebao import voucherimport
    from shebao.store import Office

    office, wanted = Office(desk.home), Fund.parse(fund)
    require(office.actor, Duty.BOOKKEEP)
    if file.isascii() and file.isdigit() and len(file) < 10:
        file_id = int(file)
    else:
        path = Path(file)
        if not path.is_file():
            raise click.BadParameter(f"没有文件“{file}”", param_hint="FILE")
        file_id = voucherimport.take(office, path)
    drafts, found = voucherimport.propose(office, file_id, wanted)
    for draft, one in zip(drafts, found, strict=True):
        event = draft.entry.event or "不涉及资金，未对应业务"
        others = f"（也可能是 {'、'.join(one.others)}，请核对）" if one.others else ""
        click.echo(f"{draft.label} 已提出：第 {one.line} 行起  {event}{others}  {draft.entry.summary}  {show(draft.entry.debit)} 元")
    click.echo(f"文件 {file_id} 共 {len(drafts)} 张，待会计 shebao voucher make。")


COMMANDS = (import_,)

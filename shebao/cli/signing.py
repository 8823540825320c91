"""`shebao voucher sign`: the cashier signs receipts and payments before they are posted."""

from __future__ import annotations

import click

from shebao.cli import Desk
from shebao.cli.voucherlabels import labelled


@click.command()
@click.option("--all", "everything", is_flag=True, help="签所有等待出纳签字的收款、付款凭证。")
@click.option("--fund", default=None, help="与 --all 合用：只签一个险种。")
@click.argument("labels", nargs=-1)
@click.pass_obj
def sign(desk: Desk, labels: tuple[str, ...], fund: str | None, everything: bool) -> None:
    """出纳签字：核对回单后，在收款、付款凭证上签字，签后方可记账；出纳制作银行盘的，扣款和回盘凭证已算签字。

    \b
    例：
      shebao voucher sign 1-5
      shebao voucher sign --all --fund R
    """
    from controls import cashier
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    said: list[str] = []
    with office.unit() as work:
        if everything:
            wanted = [book.book_id for book in accounts.books(work.connection) if fund is None or book.fund is Fund.parse(fund)]
            found = [(draft.book_id, draft.voucher_id) for book_id in wanted for draft in cashier.waiting(work.connection, book_id)]
        else:
            found = labelled(office, labels, fund, "", False)
        for book_id, voucher_id in found:
            draft = cashier.sign(work, office.now(), office.actor, book_id, voucher_id)
            said.append(f"{draft.label} 出纳已签字：{draft.entry.summary}")
        work.commit()
    for line in said or ["没有等待出纳签字的凭证。"]:
        click.echo(line)


COMMANDS = (sign,)

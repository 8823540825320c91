"""`shebao voucher lines`: what was booked by axis: bank account, counterpart, document, township, period, level, payer, item, batch."""

from __future__ import annotations

import click

from shebao.cli import Desk


@click.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--axis", required=True, help="维度：bank_account、party、document、township、entitlement、level、payer、item、person。")
@click.option("--from", "first", required=True, help="起始会计期间，如 2026-01。")
@click.option("--to", "last", default=None, help="截止会计期间，默认同起始。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def lines(desk: Desk, fund: str, axis: str, first: str, last: str | None, json_: bool) -> None:
    """按辅助核算维度汇总发生额（不含结转凭证）；没有写维度的列为“未注明”，个人只到批次。

    \b
    例：
      shebao voucher lines --fund R --axis payer --from 2026-01 --to 2026-03
      shebao voucher lines --fund R --axis party --from 2026-01
    """
    from ledger import accounts, dimension_balances, dimensions
    from ledger.funds import Fund
    from ledger.identity import mask_account
    from ledger.money import show
    from ledger.months import Month
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        law = dimensions.axis(axis)
        book = accounts.book_of(connection, Fund.parse(fund))
        names = accounts.accounts_of(connection, book.book_id)
        found = dimension_balances.shares(connection, book.book_id, axis, Month.parse(first), Month.parse(last or first))
    shown = [(share, mask_account(share.value) if axis == "bank_account" and share.value else share.value) for share in found]
    if json_:
        as_json([{"account": one.account, "value": value, "debit_fen": one.debit, "credit_fen": one.credit, "rows": one.count} for one, value in shown])
        return
    rows = [(f"{one.account} {names[one.account].full_name}", value or "未注明", show(one.debit), show(one.credit), one.count or "") for one, value in shown]
    table(f"{law.zh} {first} 至 {last or first}", ("科目", law.zh, "借方（元）", "贷方（元）", "明细行"), rows, right=("借方（元）", "贷方（元）", "明细行"))


COMMANDS = (lines,)

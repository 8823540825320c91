"""`shebao special`: special books (专账) of programs: opened, stated and checked; what moves their money stands in ``specialmoney``."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk, specialmoney
from shebao.cli.show import as_json, table
from shebao.cli.specialmoney import fund_argument, office_of

json_option = click.option("--json", "json_", is_flag=True, help="输出 JSON。")


@click.group()
def special() -> None:
    """专账：低保、特困、临时救助、残疾人两补、孤儿、捐赠、代发等专项资金，每个项目一套账，专款专用。

    \b
    例：
      shebao special list
      shebao special open 低保 --period 2026-01
      shebao special receive 低保 --date 2026-01-05 --level 中央 --document 财社〔2026〕1号 --amount 50000
      shebao special documents 低保
      shebao special statement 低保 --period 2026-01 --out 报表
    花名册、送盘、回盘、凭证审核记账、结账与险种相同，--fund 写项目代码：shebao roster build --fund DB --period 2026-01
    """


@special.command("list")
@json_option
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """列出全部项目、是否已开设专账、可发放的项目和结余。

    \b
    例：
      shebao special list
    """
    from ledger.money import show
    from shebao.special import listed

    found = listed(office_of(desk))
    if json_:
        as_json(
            [
                {
                    "program": one.program.program, "name": one.program.zh, "book": one.book.book_id if one.book else None, "left_fen": one.left,
                    "items": [benefit.item for benefit in one.program.items], "levels": list(one.program.levels), "events": list(one.program.events),
                }
                for one in found
            ]
        )  # fmt: skip
        return
    rows = [
        (one.program.program, one.program.zh, str(one.book.book_id) if one.book else "未开设", show(one.left) if one.book else "",
         "、".join(benefit.item for benefit in one.program.items))
        for one in found
    ]  # fmt: skip
    table("专项资金项目", ("代码", "项目", "账套", "结余（元）", "发放项目"), rows, right=("结余（元）",))


@special.command("open")
@fund_argument
@click.option("--period", "first", required=True, help="启用月份，如 2026-01；期初结余记在上一个月。")
@click.pass_obj
def open_(desk: Desk, fund: str, first: str) -> None:
    """会计主管开设一个项目的专账。

    \b
    例：
      shebao special open 低保 --period 2026-01
    """
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.special import open_book

    book = open_book(office_of(desk), Fund.parse(fund), Month.parse(first))
    click.echo(f"账套 {book.book_id}  {book.fund.book_zh}已开设：期初记入 {book.opened.zh()}，{(book.opened + 1).zh()}起记账。")
    click.echo(f"下一步：会计 shebao special carry {book.fund.value} 财社〔…〕…号=结余（没有结余的不做），或 shebao special receive {book.fund.value}")


@special.command()
@fund_argument
@click.option("--period", "month", default=None, help="截至月份；默认至今。")
@json_option
@click.pass_obj
def documents(desk: Desk, fund: str, month: str | None, json_: bool) -> None:
    """各指标文：到账、支出、上缴、乡镇未报账和可用数（已记账），按使用先后排列。

    \b
    例：
      shebao special documents 低保
    """
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.special import documents as documents_of

    found = documents_of(office_of(desk), Fund.parse(fund), Month.parse(month) if month else None)
    if json_:
        as_json(
            [
                {
                    "document": one.document, "level": one.level, "on": one.on, "received_fen": one.received, "spent_fen": one.spent,
                    "given_back_fen": one.given_back, "held_fen": one.held, "left_fen": one.left, "free_fen": one.free,
                }
                for one in found
            ]
        )  # fmt: skip
        return
    heads = ("到账", "支出", "上缴", "乡镇未报账", "结余", "可用")
    rows = [
        (one.name, one.level, one.on, *(show(fen) for fen in (one.received, one.spent, one.given_back, sum(one.held.values()), one.left, one.free)))
        for one in found
    ]
    table(f"{Fund.parse(fund).book_zh}各指标文（元）", ("指标文号", "级次", "首次到账", *heads), rows, right=heads)


@special.command()
@fund_argument
@click.option("--period", "month", required=True, help="月份，如 2026-01。")
@json_option
@click.pass_obj
def check(desk: Desk, fund: str, month: str, json_: bool) -> int:
    """月度核对：收支恒等、名册与凭证相符、在途、指标文和乡镇不超支；有不通过的退出码为 1。

    \b
    例：
      shebao special check 低保 --period 2026-01
    """
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.special import checks

    found = checks(office_of(desk), Fund.parse(fund), Month.parse(month))
    if json_:
        as_json([{"code": one.code, "ok": one.ok, "hard": one.hard, "text": one.text} for one in found])
    else:
        rows = [(one.code, "通过" if one.ok else "不通过", "必须" if one.hard else "提示", one.text) for one in found]
        table(f"{Fund.parse(fund).book_zh} {month} 核对", ("编号", "结果", "性质", "说明"), rows)
    return 1 if any(one.stops for one in found) else 0


@special.command()
@fund_argument
@click.option("--period", "month", required=True, help="月份，如 2026-01。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("."), show_default=True, help="输出目录。")
@click.pass_obj
def statement(desk: Desk, fund: str, month: str, out: Path) -> None:
    """专账收支表和指标文、乡镇、级次明细表（PDF、XLSX、JSON）；PDF 可用 shebao verify 验真。

    \b
    例：
      shebao special statement 低保 --period 2026-01 --out 报表
    """
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.special import write_statement

    office = office_of(desk)
    office.papers_may_be_read()
    files, digest = write_statement(office, Fund.parse(fund), Month.parse(month), out)
    for file in files:
        click.echo(f"  {file}")
    click.echo(f"  摘要 {digest}")


for _command in specialmoney.COMMANDS:
    special.add_command(_command)

"""`shebao special`: special books (专账) of programs: opened, fed by document, allocated, paid, stated and checked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.vouchers import Draft
    from shebao.store import Office

DATE = click.DateTime(["%Y-%m-%d"])
LEVELS = click.Choice(["中央", "省级", "市级", "县级", "彩票公益金"])
INTO = click.Choice(["专户", "额度"])
MONEY = {"专户": "Z01", "额度": "Z02"}

fund_argument = click.argument("fund", metavar="项目")
day_option = click.option("--date", "day", type=DATE, required=True, help="凭证日期，如 2026-01-08。")
amount_option = click.option("--amount", required=True, help="金额（元）。")
evidence_option = click.option("--evidence", required=True, help="原始凭据号（回单号、审批表号），一号只入账一次。")
paper_option = click.option("--document", "paper", required=True, help="指标文号，如 财社〔2026〕1号。")
any_paper_option = click.option("--document", "paper", default="", help="指标文号；不写的按到账先后自动取（先到先用）。")
town_option = click.option("--town", required=True, help="乡镇名称。")
any_town_option = click.option("--town", default="", help="乡镇名称。")
item_option = click.option("--item", required=True, help="发放项目，如 低保金。")
from_option = click.option("--from", "source", type=INTO, default="专户", show_default=True, help="付款账户。")
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


def _office(desk: Desk) -> Office:
    """The office with somebody signed in (C5): nothing else is looked at before. Raises SB30xx."""
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    return office


def _made(draft: Draft) -> None:
    from ledger.money import show

    click.echo(f"{draft.label} 已制单：{draft.entry.summary}，{show(draft.entry.debit)} 元")
    sign = f"，出纳 shebao voucher sign {draft.label}" if draft.cash and not draft.cashier else ""
    click.echo(f"下一步：复核岗 shebao voucher review {draft.label}{sign}，会计 shebao voucher post {draft.label}")


def _enter(desk: Desk, fund: str, event: str, day: datetime, amount: str, evidence: str, key: str = "amount", **details: str) -> None:
    """One event of a special book entered and made by the 会计 signed in."""
    from shebao.proposals import enter_event

    _made(
        enter_event(
            _office(desk), event=event, fund=fund, day=day.date().isoformat(), amounts={key: amount},
            details={name: value for name, value in details.items() if value}, evidence=evidence, receipt="", attachments=1, summary=None,
        )
    )  # fmt: skip


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

    found = listed(_office(desk))
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

    book = open_book(_office(desk), Fund.parse(fund), Month.parse(first))
    click.echo(f"账套 {book.book_id}  {book.fund.book_zh}已开设：期初记入 {book.opened.zh()}，{(book.opened + 1).zh()}起记账。")
    click.echo(f"下一步：会计 shebao special carry {book.fund.value} 财社〔…〕…号=结余（没有结余的不做），或 shebao special receive {book.fund.value}")


@special.command()
@fund_argument
@click.argument("left", nargs=-1, required=True, metavar="指标文号=结余...")
@click.option("--into", type=INTO, default="专户", show_default=True, help="资金在专户还是额度。")
@click.pass_obj
def carry(desk: Desk, fund: str, left: tuple[str, ...], into: str) -> None:
    """会计录入期初：各指标文上年结余，每个文号一张凭证，记入建账月份。

    \b
    例：
      shebao special carry 低保 财社〔2025〕9号=1000 县财〔2025〕3号=250.5
    """
    from ledger.funds import Fund
    from shebao.special import carry_in

    office, pairs = _office(desk), []
    for text in left:
        paper, _, amount = text.rpartition("=")
        if not paper.strip() or not amount.strip():
            raise click.BadParameter(f"“{text}”应写作 指标文号=金额", param_hint="指标文号=结余")
        pairs.append((paper.strip(), amount))
    for draft in carry_in(office, Fund.parse(fund), pairs, MONEY[into]):
        _made(draft)


@special.command()
@fund_argument
@day_option
@click.option("--level", type=LEVELS, required=True, help="资金级次。")
@paper_option
@amount_option
@click.option("--purpose", default="", help="文件写明的用途，记入摘要；工作经费等禁止用途拒绝。")
@click.option("--into", type=INTO, default="专户", show_default=True, help="到账账户。")
@click.pass_obj
def receive(desk: Desk, fund: str, day: datetime, level: str, paper: str, amount: str, purpose: str, into: str) -> None:
    """财政补助到账：一个指标文同一级次只入账一次；成批的用 shebao voucher from-subsidies（补助文件险种写项目）。

    \b
    例：
      shebao special receive 低保 --date 2026-01-05 --level 中央 --document 财社〔2026〕1号 --amount 50000
    """
    from ledger.funds import Fund
    from shebao.proposals import paper_name
    from shebao.special import receive as take

    _made(take(_office(desk), Fund.parse(fund), day.date(), level, paper_name(paper), purpose, amount, MONEY[into]))


@special.command()
@fund_argument
@day_option
@amount_option
@evidence_option
@click.option("--from", "party", required=True, help="捐赠人。")
@click.option("--document", "paper", default="", help="捐赠协议号。")
@click.pass_obj
def donate(desk: Desk, fund: str, day: datetime, amount: str, evidence: str, party: str, paper: str) -> None:
    """捐赠到账。

    \b
    例：
      shebao special donate 社会捐赠 --date 2026-01-09 --amount 3000 --evidence 票据0001 --from 云岭商会
    """
    _enter(desk, fund, "ZX02", day, amount, evidence, party=party, document=paper)


@special.command()
@fund_argument
@day_option
@amount_option
@evidence_option
@click.pass_obj
def interest(desk: Desk, fund: str, day: datetime, amount: str, evidence: str) -> None:
    """专户利息。

    \b
    例：
      shebao special interest 低保 --date 2026-03-21 --amount 12.34 --evidence 结息单0321
    """
    _enter(desk, fund, "ZX04", day, amount, evidence)


@special.command()
@fund_argument
@day_option
@town_option
@paper_option
@amount_option
@evidence_option
@from_option
@click.pass_obj
def allocate(desk: Desk, fund: str, day: datetime, town: str, paper: str, amount: str, evidence: str, source: str) -> None:
    """拨付乡镇：先挂暂付款，乡镇发放后用 settle 报账。

    \b
    例：
      shebao special allocate 低保 --date 2026-01-10 --town 东河镇 --document 财社〔2026〕1号 --amount 8000 --evidence 拨款单01
    """
    _enter(desk, fund, "ZX05", day, amount, evidence, town=town, document=paper, **{"from": MONEY[source]})


@special.command()
@fund_argument
@day_option
@town_option
@paper_option
@item_option
@amount_option
@evidence_option
@click.pass_obj
def settle(desk: Desk, fund: str, day: datetime, town: str, paper: str, item: str, amount: str, evidence: str) -> None:
    """乡镇发放报账：凭发放花名册和成功凭据核销拨付款，不超过该乡镇未报账数。

    \b
    例：
      shebao special settle 低保 --date 2026-01-25 --town 东河镇 --document 财社〔2026〕1号 --item 低保金 --amount 7600 --evidence 报账01
    """
    _enter(desk, fund, "ZX06", day, amount, evidence, f"paid/{item}", town=town, document=paper)


@special.command("town-return")
@fund_argument
@day_option
@town_option
@paper_option
@amount_option
@evidence_option
@click.pass_obj
def town_return(desk: Desk, fund: str, day: datetime, town: str, paper: str, amount: str, evidence: str) -> None:
    """乡镇退回未发放的资金。

    \b
    例：
      shebao special town-return 低保 --date 2026-01-28 --town 东河镇 --document 财社〔2026〕1号 --amount 400 --evidence 回单88
    """
    _enter(desk, fund, "ZX07", day, amount, evidence, town=town, document=paper)


@special.command()
@fund_argument
@day_option
@item_option
@amount_option
@evidence_option
@any_paper_option
@any_town_option
@click.option("--party", default="", help="收款单位（个人成批发放走花名册，不在这里写姓名）。")
@from_option
@click.pass_obj
def pay(desk: Desk, fund: str, day: datetime, item: str, amount: str, evidence: str, paper: str, town: str, party: str, source: str) -> None:
    """花名册以外的直接支付，如付给集中供养机构；不写文号的先到先用。

    \b
    例：
      shebao special pay 特困 --date 2026-01-12 --item 特困基本生活费 --amount 5200 --evidence 审批表07 --party 云岭县中心敬老院
    """
    from ledger.funds import Fund
    from shebao.proposals import paper_name
    from shebao.special import pay as pay_out

    details = {"document": paper_name(paper), "town": town, "party": party, "from": MONEY[source]}
    _made(pay_out(_office(desk), Fund.parse(fund), day.date(), item, amount, paper_name(evidence), details))


@special.command()
@fund_argument
@day_option
@amount_option
@evidence_option
@click.option("--item", default="", help="追回本年多发的写发放项目；追回以前年度的不写。")
@any_paper_option
@any_town_option
@click.pass_obj
def recover(desk: Desk, fund: str, day: datetime, amount: str, evidence: str, item: str, paper: str, town: str) -> None:
    """追回多发：本年的冲减支出、回到原指标文，以前年度的记收回以前年度支出。

    \b
    例：
      shebao special recover 低保 --date 2026-02-08 --amount 450 --item 低保金 --document 财社〔2026〕1号 --evidence 追回决定03
    """
    if item:
        _enter(desk, fund, "ZX14", day, amount, evidence, f"recovered/{item}", town=town, document=paper)
    else:
        _enter(desk, fund, "ZX15", day, amount, evidence)


@special.command("hand-back")
@fund_argument
@day_option
@amount_option
@evidence_option
@any_paper_option
@from_option
@click.pass_obj
def hand_back(desk: Desk, fund: str, day: datetime, amount: str, evidence: str, paper: str, source: str) -> None:
    """结余上缴财政（收回存量资金）。

    \b
    例：
      shebao special hand-back 低保 --date 2026-12-20 --document 财社〔2025〕9号 --amount 120 --evidence 缴款书12
    """
    _enter(desk, fund, "ZX16", day, amount, evidence, document=paper, **{"from": MONEY[source]})


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

    found = documents_of(_office(desk), Fund.parse(fund), Month.parse(month) if month else None)
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

    found = checks(_office(desk), Fund.parse(fund), Month.parse(month))
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

    office = _office(desk)
    office.papers_may_be_read()
    files, digest = write_statement(office, Fund.parse(fund), Month.parse(month), out)
    for file in files:
        click.echo(f"  {file}")
    click.echo(f"  摘要 {digest}")

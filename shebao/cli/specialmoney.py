"""`shebao special` acts of money: what a special book (专账) takes in, allocates, pays, gets back and hands back, one voucher each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk

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


def office_of(desk: Desk) -> Office:
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
            office_of(desk), event=event, fund=fund, day=day.date().isoformat(), amounts={key: amount},
            details={name: value for name, value in details.items() if value}, evidence=evidence, receipt="", attachments=1, summary=None,
        )
    )  # fmt: skip


@click.command()
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

    office, pairs = office_of(desk), []
    for text in left:
        paper, _, amount = text.rpartition("=")
        if not paper.strip() or not amount.strip():
            raise click.BadParameter(f"“{text}”应写作 指标文号=金额", param_hint="指标文号=结余")
        pairs.append((paper.strip(), amount))
    for draft in carry_in(office, Fund.parse(fund), pairs, MONEY[into]):
        _made(draft)


@click.command()
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
    from shebao.special import receive as take

    _made(take(office_of(desk), Fund.parse(fund), day.date(), level, paper, purpose, amount, MONEY[into]))


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
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


@click.command("town-return")
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


@click.command()
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
    from shebao.special import pay as pay_out

    details = {"document": paper, "town": town, "party": party, "from": MONEY[source]}
    _made(pay_out(office_of(desk), Fund.parse(fund), day.date(), item, amount, evidence, details))


@click.command()
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


@click.command("hand-back")
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


COMMANDS = (carry, receive, donate, interest, allocate, settle, town_return, pay, recover, hand_back)

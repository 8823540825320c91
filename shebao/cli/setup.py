"""`shebao init` and `shebao opening`: the store, the books, the people, and the balances they begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk

if TYPE_CHECKING:
    from ledger.chart_file import Tier


@click.command()
@click.option("--unit", "name", required=True, help="经办机构全称，印在凭证和报表上。")
@click.option("--unit-code", "code", required=True, help="单位代码（用作账册目录名，字母和数字）。")
@click.option("--region", required=True, help="统筹区代码，6 位。")
@click.option("--funds", default="E,R,G", show_default=True, help="开设账套的险种，逗号分隔。")
@click.option("--opened", required=True, help="建账月份：以该月月末余额建账，从下月起记账；年中建账须带本年累计数。")
@click.option("--people", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="人员与岗位（YAML）。")
@click.option(
    "--templates", "own", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
    help="本单位的模板目录（参数、科目补充、规则），复制到数据目录。",
)  # fmt: skip
@click.option(
    "--tier", type=click.Choice(["county", "province"]), default="county", show_default=True,
    help="单位级次：市县 county，省级 province；科目和报表按级次取用。",
)  # fmt: skip
@click.option(
    "--chain-hash", "algorithm", type=click.Choice(["sha256", "sm3"]), default="sha256", show_default=True,
    help="留痕链的摘要算法，建账后不再改：sha256，或国密 sm3。",
)  # fmt: skip
@click.option("--db", "url", default=None, help="数据库地址，默认本目录下的 SQLite；PostgreSQL 写 postgresql+psycopg://…")
@click.pass_obj
def init(
    desk: Desk, name: str, code: str, region: str, funds: str, opened: str, people: Path, own: Path | None, tier: Tier, algorithm: str, url: str | None
) -> None:
    """建立本单位的账：数据库、各险种账套、科目表、人员岗位。

    \b
    例：
      shebao --home 云岭 init --unit 云岭县社会保险事业服务中心 --unit-code yunling --region 620821 \\
             --funds E,R,G --opened 2025-12 --people 人员.yaml
    """
    from ledger.funds import Fund
    from ledger.hashes import Algorithm
    from ledger.months import Month
    from shebao.opening import found_office

    wanted = [Fund.parse(part) for part in funds.split(",") if part.strip()]
    report = found_office(
        desk.home, code=code, name=name, region=region, funds=wanted, opened=Month.parse(opened), people=people, url=url, own=own, tier=tier,
        algorithm=Algorithm(algorithm),
    )  # fmt: skip
    click.echo(f"已建账：{name}（{code}），数据在 {desk.home}")
    for book, accounts in report.books:
        click.echo(f"  账套 {book.book_id}  {book.fund.zh}基金：科目 {accounts} 个，{book.opened.zh()}末余额待录入")
    click.echo(f"  人员 {report.people} 人，每人一岗；请各自 shebao login 后操作。")
    click.echo("下一步：会计录入期初余额，例：shebao opening propose --fund R 试算平衡表.xlsx")


@click.group()
def opening() -> None:
    """期初余额：由试算平衡表制单，另一人审核后记账。

    \b
    例：
      shebao opening propose --fund R 试算平衡表.xlsx
    """


@opening.command("propose")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fund", required=True, help="险种。")
@click.pass_obj
def propose(desk: Desk, file: Path, fund: str) -> None:
    """会计按试算平衡表制作期初凭证；借贷不平（K1）或资产≠负债+净资产（K2）即拒绝。

    \b
    例：
      shebao opening propose --fund R 期初试算平衡表.xlsx
    """
    from ledger.funds import Fund
    from ledger.money import show
    from shebao.opening import propose_opening
    from shebao.store import Office

    office = Office(desk.home)
    drafts, proofs = propose_opening(office, Fund.parse(fund), file)
    for draft in drafts:
        click.echo(f"{draft.label} 已制单：{draft.entry.summary}，{len(draft.entry.lines)} 行，借贷各 {show(draft.entry.debit)} 元")
    for line in proofs:
        click.echo(f"  {line}")
    labels = " ".join(draft.label for draft in drafts)
    click.echo(f"下一步：复核岗 shebao voucher review {labels}，会计 shebao voucher post {labels}")

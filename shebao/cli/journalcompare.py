"""`shebao journal compare, explain, print`: the journals against the ledger (K12), and the journals on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.journal_compare import AccountComparison, Comparison, Totals
    from controls.journal_match import Difference, Item

fund_option = click.option("--fund", required=True, help="险种。")
month_option = click.option("--period", "month", required=True, help="会计期间，如 2026-01。")


@click.command()
@fund_option
@month_option
@click.option("--sign", is_flag=True, help="会计或会计主管签认核对结果，记入留痕。")
@click.option("--days", is_flag=True, help="同时列出逐日合计。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def compare(desk: Desk, fund: str, month: str, sign: bool, days: bool, json_: bool) -> int:
    """账账核对（K12）：总账 = 明细账 = 日记账，逐笔列出差异；有未说明的差异或未日结的日期，退出码为 1。

    \b
    例：
      shebao journal compare --fund R --period 2026-01
    """
    from controls import journal_compare
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.proofs import month_in_book
    from shebao.store import Office

    office = Office(desk.home)
    wanted = Month.parse(month)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        month_in_book(connection, book, wanted)
        found = journal_compare.compare(connection, book, wanted)
    if sign:
        with office.unit() as work:
            found = journal_compare.record(work, office.now(), office.actor, book, wanted)
            work.commit()
    missing = [one for one in found.accounts if one.journal is None]
    clean = (
        not (found.unexplained or missing) and all(one.equal or one.differences for one in found.accounts) and not any(one.open_days for one in found.accounts)
    )
    if json_:
        as_json(_facts(found))
        return 0 if clean else 1
    _print(f"{book.fund.zh}基金 {wanted}", found, days)
    if sign:
        click.echo(f"已签认，摘要码 {found.digest()[:16]}")
    return 0 if clean else 1


def _print(title: str, found: Comparison, days: bool) -> None:
    from ledger.money import show

    columns = ("账", "期初（元）", "借方收入（元）", "贷方支出（元）", "期末（元）")
    for one in found.accounts:
        table(f"{title} {one.kind.account} {one.kind.zh}", columns, _books(one), right=columns[1:])
        said = f"核对相符 {one.matched} 组，差异 {len(one.differences)} 笔"
        click.echo(said + (f"，日记账有 {one.open_days} 日未日结" if one.open_days else "") + ("" if one.journal else "；出纳没有登记日记账"))
        if days and one.days:
            named = ("日期", "日记账收入", "日记账支出", "总账借方", "总账贷方")
            rows = [(day.day, *(show(fen) for fen in (day.journal_in, day.journal_out, day.ledger_in, day.ledger_out))) for day in one.days]
            table("逐日合计（元）", named, rows, right=named[1:])
    known = {one.key: one for one in found.explanations}
    if found.differences:
        rows = [
            (one.key, one.kind.zh, _places(one), show(one.amount), one.why, known[one.key].reason if one.key in known else "未说明")
            for one in found.differences
        ]
        table("差异", ("编号", "性质", "所在", "日记账多（元）", "原因", "说明"), rows, right=("日记账多（元）",))
        if found.unexplained:
            click.echo("查明后：shebao journal explain --fund … --period … --key 编号 --reason 说明")


def _books(one: AccountComparison) -> list[tuple[str, ...]]:
    from ledger.money import show

    def row(name: str, of: Totals | None) -> tuple[str, ...]:
        return (name, *("—",) * 4) if of is None else (name, show(of.opening), show(of.into), show(of.out), show(of.closing))

    return [row("总账", one.general), row("明细账", one.detail), row("日记账", one.journal)]


def _places(one: Difference) -> str:
    shown = [f"{item.place}（{item.day}）" for item in (*one.journal, *one.ledger)]
    return "、".join(shown[:4]) + (f" 等 {len(shown)} 处" if len(shown) > 4 else "")


def _facts(found: Comparison) -> dict[str, object]:
    def totals(of: Totals | None) -> dict[str, int] | None:
        return None if of is None else {"opening": of.opening, "in": of.into, "out": of.out, "closing": of.closing}

    def items(of: tuple[Item, ...]) -> list[dict[str, object]]:
        return [{"place": item.place, "day": item.day, "fen": item.signed} for item in of]

    said = {one.key: one.reason for one in found.explanations}
    return {
        "month": str(found.month),
        "accounts": [
            {
                "account": one.kind.account, "name": one.kind.zh, "general": totals(one.general), "detail": totals(one.detail),
                "journal": totals(one.journal), "matched": one.matched, "open_days": one.open_days,
            }
            for one in found.accounts
        ],
        "differences": [
            {
                "key": one.key, "kind": one.kind.value, "journal": items(one.journal), "ledger": items(one.ledger), "fen": one.amount, "why": one.why,
                "explained": said.get(one.key, ""),
            }
            for one in found.differences
        ],
    }  # fmt: skip


@click.command()
@fund_option
@month_option
@click.option("--key", required=True, help="差异编号（shebao journal compare 列出）。")
@click.option("--reason", type=REASON, required=True, help="查明的原因。")
@click.pass_obj
def explain(desk: Desk, fund: str, month: str, key: str, reason: str) -> None:
    """会计或会计主管说明一笔差异；差异仍然列出，说明记入留痕。

    \b
    例：
      shebao journal explain --fund R --period 2026-01 --key 1a2b3c4d5e --reason 1月31日利息，2月入账
    """
    from controls import journal_compare
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = journal_compare.explain(work, office.now(), actor, book, Month.parse(month), key, reason)
        work.commit()
    click.echo(f"差异 {made.key} 已说明：{made.reason}")


@click.command("print")
@click.argument("journal_id", type=NUMBER, metavar="日记账")
@month_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.pass_obj
def print_(desk: Desk, journal_id: int, month: str, out: Path) -> None:
    """打印一本日记账一个月的账页（PDF），可用 shebao verify 与账核对。

    \b
    例：
      shebao journal print 1 --period 2026-01 --out 账页/
    """
    from ledger.months import Month
    from shebao.papers import write_journal
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    made = write_journal(office, journal_id, Month.parse(month), out)
    click.echo(f"{made.title}  摘要码 {made.digest[:16]}")
    for file in made.files:
        click.echo(f"    {file}")
    for warning in made.warnings:
        click.echo(f"    注意：{warning}")

"""`shebao books ledger` and `summary`: 总账, 明细账 and 凭证汇总表 as PDF, XLSX, CSV and JSON."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk

SHOWN = 200
"""Rows shown on a screen; the files and JSON give all of them."""


@click.command()
@click.argument("fund")
@click.argument("account")
@click.option("--from", "first", required=True, help="起始会计期间，如 2026-01。")
@click.option("--to", "last", default=None, help="截止会计期间，默认同 --from。")
@click.option("--general", is_flag=True, help="总账：只列各月合计。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="输出目录（PDF、XLSX、CSV、JSON）；不写的显示在屏幕上。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def ledger(desk: Desk, fund: str, account: str, first: str, last: str | None, general: bool, out: Path | None, json_: bool) -> None:
    """三栏式明细账（--general 为总账）：一个科目（含其明细科目）的账页，有本月合计、本年累计、承前页、过次页。

    期初和合计取自随分录更新的余额，逐笔取自凭证，两者不符即拒绝。

    \b
    例：
      shebao books ledger R 1004 --from 2026-01 --to 2026-03 --out 账页/
      shebao books ledger R 5001 --from 2026-01 --to 2026-12 --general
    """
    from books.ledger_book import side_of
    from books.ledger_export import as_json as plain
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao import ledger_papers
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    since, until = Month.parse(first), Month.parse(last or first)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        if out is None:
            mark = ledger_papers.stamp(connection, book, until, office.now())
            paper = ledger_papers.page(connection, book, account, since, until, mark, general=general)
    if out is not None:
        paper, files = ledger_papers.write_page(office, book, account, since, until, out, general=general)
    if json_:
        as_json(plain(paper))
        return
    if out is not None:
        _written(files)
        return
    made = paper.statement
    rows = [("", "", "", made.opening_words, "", "", side_of(made.opening), show(abs(made.opening)))]
    rows += [
        (str(row.month or ""), str(row.day or ""), row.voucher, row.summary, *("" if fen is None else show(fen) for fen in (row.debit, row.credit)),
         side_of(row.balance), show(abs(row.balance)))
        for row in made.rows[:SHOWN]
    ]  # fmt: skip
    heads = ("月", "日", "凭证", "摘要", "借方（元）", "贷方（元）", "借或贷", "余额（元）")
    table(f"{made.title} {made.account} {made.name}", heads, rows, right=("借方（元）", "贷方（元）", "余额（元）"))
    if len(made.rows) > SHOWN:
        click.echo(f"另有 {len(made.rows) - SHOWN} 行，用 --out 或 --json 查看全部。")


@click.command()
@click.argument("fund")
@click.option("--from", "first", required=True, help="起始会计期间，如 2026-01。")
@click.option("--to", "last", default=None, help="截止会计期间，默认同 --from。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录（PDF、XLSX、CSV、JSON）。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def summary(desk: Desk, fund: str, first: str, last: str | None, out: Path, json_: bool) -> None:
    """凭证汇总表（科目汇总表）：各科目的借贷方发生额，和所汇总凭证的种类、起止号数、张数、附单据数。

    \b
    例：
      shebao books summary R --from 2026-01 --out 账页/
    """
    from books.ledger_export import as_json as plain
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao import ledger_papers
    from shebao.cli.show import as_json
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
    paper, files = ledger_papers.write_summary(office, book, Month.parse(first), Month.parse(last or first), out)
    if json_:
        as_json(plain(paper))
        return
    _written(files)


def _written(files: list[Path]) -> None:
    for file in files:
        click.echo(str(file))


COMMANDS = (ledger, summary)

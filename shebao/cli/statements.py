"""`shebao statements` and `shebao reconcile`: the month's forms and reconciliations on paper."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER


@click.command()
@click.option("--fund", required=True, help="险种；多个用逗号分隔。")
@click.option("--period", "month", required=True, help="会计期间，如 2026-01。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def statements(desk: Desk, fund: str, month: str, out: Path, json_: bool) -> int:
    """资产负债表（会社保01）和收支表（会社保02）：PDF、XLSX、CSV、JSON，并核对勾稽关系。

    \b
    例：
      shebao statements --fund R,E --period 2026-01 --out 报表/
    """
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.cli.show import as_json, table
    from shebao.papers import write_statements
    from shebao.proofs import cross_foots, month_in_book
    from shebao.store import Office

    office, wanted = Office(desk.home), Month.parse(month)
    office.papers_may_be_read()
    said, wrong, papers = [], 0, []
    for part in fund.split(","):
        with office.reading() as connection:
            book = accounts.book_of(connection, Fund.parse(part))
            month_in_book(connection, book, wanted)
            checks = cross_foots(connection, book, wanted)
        made = write_statements(office, book, wanted, out)
        bad = [c for c in checks if not c.ok]
        wrong += len(bad)
        codes = sorted({c.code for c in checks if c.ok} - {c.code for c in bad}, key=lambda code: int(code[1:]))
        said.append((book.fund.zh, "、".join(codes), "；".join(c.text for c in bad) or "无"))
        papers += made
    if json_:
        as_json([{"title": m.title, "files": [str(f) for f in m.files], "digest": m.digest, "warnings": m.warnings} for m in papers])
        return 1 if wrong else 0
    for paper in papers:
        click.echo(f"{paper.title}  摘要码 {paper.digest[:16]}")
        for file in paper.files:
            click.echo(f"    {file}")
        for warning in paper.warnings:
            click.echo(f"    注意：{warning}")
    table("勾稽关系", ("基金", "相符", "不符"), said)
    return 1 if wrong else 0


@click.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--account", required=True, help="账户：1002 收入户、1003 财政专户、1004 支出户。")
@click.option("--period", "month", required=True, help="会计期间。")
@click.option("--file-id", type=NUMBER, required=True, help="已导入的对账单编号（shebao files）。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.pass_obj
def reconcile(desk: Desk, fund: str, account: str, month: str, file_id: int, out: Path) -> int:
    """余额调节表：账面与银行（财政）对账单逐笔核对，列出未达账项；只列示，不调账。

    \b
    例：
      shebao reconcile --fund R --account 1004 --period 2026-01 --file-id 12 --out 报表/
    """
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.cli.show import table
    from shebao.papers import write_reconciliation
    from shebao.proofs import month_in_book
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        month_in_book(connection, book, Month.parse(month))
    statement, made = write_reconciliation(office, book, account, Month.parse(month), file_id, out)
    click.echo(f"{made.title}：账面 {show(statement.book_balance)} 元，对账单 {show(statement.statement_balance)} 元，核对相符 {len(statement.matches)} 组")
    rows = [(d.kind.zh(statement.holder), d.on, show(d.amount), d.memo, d.reason) for d in statement.differences]
    table("未达账项", ("类别", "日期", "金额（元）", "摘要", "原因"), rows, right=("金额（元）",))
    verdict = "相符" if statement.balanced else f"不符，相差 {show(statement.unexplained)} 元"
    click.echo(f"调节后余额：账面 {show(statement.adjusted_book)} 元，对账单 {show(statement.adjusted_statement)} 元，{verdict}")
    click.echo(f"    {made.files[0]}")
    return 0 if statement.balanced else 1

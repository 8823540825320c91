"""`shebao voucher print`: posted vouchers as PDF in the statutory form."""

from __future__ import annotations

from pathlib import Path

import click

from shebao.cli import Desk


@click.command("print")
@click.argument("fund")
@click.argument("labels", nargs=-1)
@click.option("--from", "first", default=None, help="整月打印：起始会计期间，如 2026-01。")
@click.option("--to", "last", default=None, help="整月打印：截止会计期间，默认同 --from。")
@click.option("--layout", type=click.Choice(["a5", "a4"]), default="a5", show_default=True, help="一张一页（A5 横），或一页两张（A4）。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def print_(desk: Desk, fund: str, labels: tuple[str, ...], first: str | None, last: str | None, layout: str, out: Path, json_: bool) -> None:
    """打印记账凭证：已记账的凭证，按法定格式，每月一个 PDF，可用 shebao verify 复核。

    凭证写作凭证号 收-2026-01-0012 或流水号 1-12；分录多于一张表格的，按分数编号（收字12 1/3号）。

    \b
    例：
      shebao voucher print R 收-2026-01-0012 1-15 --out 凭证/
      shebao voucher print R --from 2026-01 --to 2026-03 --layout a4 --out 凭证/
    """
    from rich.console import Console
    from rich.progress import track

    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao import voucher_papers
    from shebao.cli.show import as_json
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    if bool(labels) == (first is not None):
        raise click.UsageError("请写出凭证号，或用 --from（和 --to）打印整月。")
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        if first is not None:
            wanted = voucher_papers.of_months(connection, book, Month.parse(first), Month.parse(last or first))
        else:
            wanted = voucher_papers.chosen(connection, book, labels)
    console = Console(stderr=True)
    bar = track(wanted.items(), description="打印凭证", console=console, disable=not console.is_terminal, transient=True)
    made = [one for month, ids in bar for one in voucher_papers.write(office, book, {month: ids}, out, layout)]
    if json_:
        as_json([{"file": str(file), "vouchers": count, "pages": rendered.pages, "digest": rendered.digest} for file, rendered, count in made])
        return
    for file, rendered, count in made:
        click.echo(f"{file}  凭证 {count} 张，{rendered.pages} 页  摘要码 {rendered.digest[:16]}")
        for warning in rendered.warnings:
            click.echo(f"    注意：{warning}")


COMMANDS = (print_,)

"""`shebao statements` and `shebao reconcile`: the month's forms and reconciliations on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER

if TYPE_CHECKING:
    from shebao.store import Office

SHOWN = 200
"""Voucher lines shown on a screen; JSON gives all of them."""


@click.group(invoke_without_command=True)
@click.option("--fund", default=None, help="险种；多个用逗号分隔。编制报表时必填。")
@click.option("--period", "month", default=None, help="会计期间，如 2026-01；年度报表写年份，如 2026。编制报表时必填。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="输出目录。编制报表时必填。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_context
def statements(context: click.Context, fund: str | None, month: str | None, out: Path | None, json_: bool) -> int:
    """资产负债表（会社保01）、收支表（会社保02）和附注：PDF、XLSX、CSV、JSON，并核对勾稽关系。

    \b
    例：
      shebao statements --fund R,E --period 2026-01 --out 报表/
      shebao statements --fund R --period 2026 --out 年报/
      shebao statements note --fund R --period 2026-01 --section 五 --none
      shebao statements drill R 2026-01 2.500101
    """
    if context.invoked_subcommand is not None:
        return 0
    from shebao.store import Office

    office = Office(context.obj.home)
    office.papers_may_be_read()
    given = {"fund": fund, "month": month, "out": out}
    for param in context.command.params:
        if given.get(param.name or "", "") is None:
            raise click.MissingParameter(ctx=context, param=param)
    assert fund is not None and month is not None and out is not None
    return _make(office, fund, month, out, json_)


def _make(office: Office, fund: str, month: str, out: Path, json_: bool) -> int:
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.cli.show import as_json, table
    from shebao.papers import write_notes, write_statements
    from shebao.proofs import cross_foots, month_in_book

    annual = len(month) == len("2026") and month.isdecimal()
    wanted = Month.parse(f"{month}-12" if annual else month)
    said, wrong, papers = [], 0, []
    for part in fund.split(","):
        with office.reading() as connection:
            book = accounts.book_of(connection, Fund.parse(part))
            month_in_book(connection, book, wanted)
            checks = cross_foots(connection, book, wanted)
        made = [*write_statements(office, book, wanted, out, annual=annual), write_notes(office, book, wanted, out, annual=annual)]
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


@statements.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--period", "month", required=True, help="会计期间，如 2026-01。")
@click.option("--section", required=True, help="附注第几点：一至六，或 1 至 6。")
@click.option("--text", default=None, help="要写的文字；同一点再写一次，以新的为准，旧的留痕。")
@click.option("--none", is_flag=True, help="确认本点没有需要说明的事项。")
@click.pass_obj
def note(desk: Desk, fund: str, month: str, section: str, text: str | None, none: bool) -> None:
    """附注的文字说明：会计填写，只增不改，进入附注和它的摘要。第五、六点没有的也要用 --none 确认。

    \b
    例：
      shebao statements note --fund R --period 2026-12 --section 五 --none
      shebao statements note --fund R --period 2026-12 --section 6 --text "本年基础养老金最低标准提高，增加支出约120万元。"
    """
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao import notes
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
    said = notes.say(office, book, Month.parse(month), section, text, none)
    click.echo(f"{book.fund.zh}基金 {month} 附注第{said.section}点：{said.text or '无'}（{office.actor.name}）")


@statements.command()
@click.argument("fund")
@click.argument("month")
@click.argument("code")
@click.option("--column", type=click.Choice(["opening", "closing", "current", "cumulative"]), default=None,
              help="栏目：年初 opening、期末 closing；本月 current、累计 cumulative。默认期末、本月。")  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def drill(desk: Desk, fund: str, month: str, code: str, column: str | None, json_: bool) -> int:
    """从报表的一个数穿透到科目、凭证、分录；凭证合计与报表不等时退出状态为 1。

    \b
    例：
      shebao statements drill R 2026-01 2.500101
      shebao statements drill R 2026-01 A.1004 --column closing --json
    """
    from ledger.funds import Fund
    from ledger.money import show
    from ledger.months import Month
    from shebao.cli.show import as_json, table
    from shebao.drilling import drilled, plain
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    found = drilled(office, Fund.parse(fund), Month.parse(month), code, column)
    if json_:
        as_json(plain(found))
        return 0 if found.agrees else 1
    table(
        f"{found.label}　{show(found.figure)} 元",
        ("科目", "名称", "计入（元）"),
        [(a.code, a.name, show(a.counted)) for a in found.accounts],
        right=("计入（元）",),
    )
    lines = [line for account in found.accounts for line in account.lines]
    sides = {"D": "借", "C": "贷"}
    rows = [(x.day, x.label, x.summary, x.account, sides[x.side], show(x.amount), show(x.counted)) for x in lines[:SHOWN]]
    table("凭证", ("日期", "凭证号", "摘要", "科目", "方向", "金额（元）", "计入（元）"), rows, right=("金额（元）", "计入（元）"))
    if len(lines) > SHOWN:
        click.echo(f"另有 {len(lines) - SHOWN} 行，用 --json 查看全部。")
    click.echo(f"凭证合计 {show(found.from_vouchers)} 元，报表 {show(found.figure)} 元，" + ("相等" if found.agrees else "不等"))
    return 0 if found.agrees else 1


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

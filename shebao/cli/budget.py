"""`shebao budget`: budgets by year and line, adjustments, monthly funding plans, execution against actual."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.budgets.documents import Document

FUND = click.option("--fund", required=True, help="险种。")
LINES = click.option("--line", "told", multiple=True, help="一行：编号=金额（元），可重复，如 2.5001=1200000。")
FILE = click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="CSV 或 XLSX，表头有 项目编号 和 金额。")
JSON = click.option("--json", "json_", is_flag=True, help="输出 JSON。")


@click.group()
def budget() -> None:
    """预算与用款计划：全年预算、预算调整、每月用款计划、执行情况。会计编制，会计主管审核，单位负责人批准。

    \b
    例：
      shebao budget lines --fund R --form 预算表.csv
      shebao budget draft --fund R --year 2026 --file 预算表.csv
      shebao budget review 1 --fund R
      shebao budget approve 1 --fund R --document 县财社〔2026〕5号
      shebao budget plan --fund R --month 2026-03 --line 2.5001=800000
      shebao budget execution --fund R --month 2026-03 --out 报表/
    """


def _year_of(text: str) -> int:
    if len(text) != 4 or not text.isascii() or not text.isdigit() or not text.startswith("20"):
        raise click.UsageError(f"年度写作四位数字，如 2026，不是“{text}”。")
    return int(text)


def _told(told: tuple[str, ...], file: Path | None) -> list[tuple[str, int]]:
    from shebao import budgets

    if (file is None) == (not told):
        raise click.UsageError("金额用 --line 逐行写出，或用 --file 给一份文件，二者选一。")
    return budgets.from_file(file) if file is not None else budgets.from_options(told)


def _said(made: Document) -> None:
    from controls.budgets.documents import KINDS, STATES
    from ledger.money import show

    told = "，".join(f"{what} {show(fen)} 元" for what, fen in zip(("收入", "支出"), made.sides, strict=True) if fen is not None)
    click.echo(f"第 {made.number} 号{KINDS[made.kind]}（{made.when}，{len(made.lines)} 行，{told}）：{STATES[made.state]}。")
    if made.kind == "plan":
        click.echo(f"申请拨款 {show(made.request)} 元。")


@budget.command("lines")
@FUND
@click.option("--form", type=click.Path(dir_okay=False, path_type=Path), default=None, help="写一份待填的 CSV 表，附上年数。")
@click.option("--year", default="", help="预算年度（填表用，默认今年）。")
@JSON
@click.pass_obj
def lines_(desk: Desk, fund: str, form: Path | None, year: str, json_: bool) -> None:
    """列出可以编列预算的项目：收支表的各行；合计由程序相加。

    \b
    例：
      shebao budget lines --fund R --form 预算表.csv --year 2027
    """
    from ledger.months import Month
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        book = budgets.book_for(connection, fund)
        wanted = _year_of(year) if year else int(office.now()[:4])
        earlier = budgets.actuals(connection, book, Month(wanted - 1, 12))[1]
    rows = [(one.code, "收入" if budgets.is_income(one) else "支出", one.label) for one in budgets.lines(book)]
    if form is not None:
        form.write_text(budgets.blank(book, earlier), encoding="utf-8-sig")
        click.echo(f"已写 {form}，填好金额后用 shebao budget draft --file 提交。")
        return
    if json_:
        as_json([dict(zip(("code", "side", "label"), row, strict=True)) for row in rows])
        return
    table(f"{book.fund.zh}基金预算项目", ("编号", "收支", "项目"), rows)


@budget.command("draft")
@FUND
@click.option("--year", required=True, help="预算年度。")
@LINES
@FILE
@click.pass_obj
def draft(desk: Desk, fund: str, year: str, told: tuple[str, ...], file: Path | None) -> None:
    """会计编制全年预算。

    \b
    例：
      shebao budget draft --fund R --year 2026 --file 预算表.csv
      shebao budget draft --fund R --year 2026 --line 1.4101=9000000 --line 2.5001=8800000
    """
    _drafted(desk, fund, "budget", year, told, file)


@budget.command()
@FUND
@click.option("--year", required=True, help="预算年度。")
@click.option("--reason", type=REASON, required=True, help="调整的原因。")
@LINES
@FILE
@click.pass_obj
def adjust(desk: Desk, fund: str, year: str, reason: str, told: tuple[str, ...], file: Path | None) -> None:
    """会计编制预算调整：金额为增加数，减少写负数。

    \b
    例：
      shebao budget adjust --fund R --year 2026 --line 2.5001=300000 --reason 基础养老金提标
    """
    _drafted(desk, fund, "adjustment", year, told, file, reason=reason)


@budget.command()
@FUND
@click.option("--year", required=True, help="预算年度。")
@click.option("--reason", type=REASON, required=True, help="为什么来不及调整预算而必须支付。")
@LINES
@click.pass_obj
def exceed(desk: Desk, fund: str, year: str, reason: str, told: tuple[str, ...]) -> None:
    """会计提请超预算支付：应发待遇须按时足额发放、预算调整来不及时，由单位负责人书面决定，金额为可超出数。

    \b
    例：
      shebao budget exceed --fund R --year 2026 --line 2.5001=200000 --reason 12月待遇须按时足额发放，调整方案待人大常委会批准
    """
    _drafted(desk, fund, "exception", year, told, None, reason=reason)


@budget.command()
@FUND
@click.option("--month", required=True, help="月份，如 2026-03。")
@click.option("--request", default="", help="申请拨款金额（元），默认等于各行之和；支出户有余额的可以少申请。")
@click.option("--reason", type=REASON, default=None, help="追加计划的原因。")
@LINES
@FILE
@click.pass_obj
def plan(desk: Desk, fund: str, month: str, request: str, reason: str | None, told: tuple[str, ...], file: Path | None) -> None:
    """会计编制一个月的用款计划。批准后，当月财政拨款凭证不得超过计划。

    \b
    例：
      shebao budget plan --fund R --month 2026-03 --line 2.5001=800000 --request 750000
    """
    _drafted(desk, fund, "plan", month, told, file, request=request, reason=reason or "")


def _drafted(desk: Desk, fund: str, kind: str, when: str, told: tuple[str, ...], file: Path | None, *, request: str = "", reason: str = "") -> None:
    """Drafts a document for a year, or a plan for a month, and says what became of it."""
    from ledger.money import parse_fen
    from ledger.months import Month
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    month = Month.parse(when) if kind == "plan" else None
    year = month.year if month is not None else _year_of(when)
    asked = parse_fen(request) if request else None
    _said(budgets.draft(office, fund, kind, year, _told(told, file), month=month, request=asked, reason=reason))


@budget.command()
@click.argument("number", type=NUMBER)
@FUND
@click.pass_obj
def review(desk: Desk, number: int, fund: str) -> None:
    """会计主管审核预算、调整、计划或超预算支付（不能审核自己编制的）。

    \b
    例：
      shebao budget review 1 --fund R
    """
    from controls.budgets import documents
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        book = budgets.book_for(work.connection, fund)
        made = documents.review(work, office.now(), actor, book.book_id, number)
        work.commit()
    _said(made)


@budget.command()
@click.argument("number", type=NUMBER)
@FUND
@click.pass_obj
def endorse(desk: Desk, number: int, fund: str) -> None:
    """分管领导在已审核的用款计划上签字；签过以后单位负责人才能批准。

    \b
    例：
      shebao budget endorse 2 --fund R
    """
    from controls.approvals import store
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        book = budgets.book_for(work.connection, fund)
        made = store.endorse(work, office.now(), actor, book.book_id, number)
        work.commit()
    click.echo(f"第 {number} 号用款计划：分管领导已签字（摘要 {made.digest[:16]}）。下一步由单位负责人批准：shebao budget approve {number} --fund {fund}")


@budget.command()
@click.argument("number", type=NUMBER)
@FUND
@click.option("--document", default="", help="批准文件的文号；用款计划可以不写。")
@click.pass_obj
def approve(desk: Desk, number: int, fund: str, document: str) -> None:
    """单位负责人批准。用款计划超出预算的不能批准。

    \b
    例：
      shebao budget approve 1 --fund R --document 县财社〔2026〕5号
    """
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    _said(budgets.approve(office, fund, number, document))


@budget.command()
@click.argument("number", type=NUMBER)
@FUND
@click.option("--reason", type=REASON, required=True, help="退回的原因，记入留痕。")
@click.pass_obj
def reject(desk: Desk, number: int, fund: str, reason: str) -> None:
    """退回：待审核的由会计主管退，待批准的由单位负责人退。

    \b
    例：
      shebao budget reject 1 --fund R --reason 待遇支出少编了一月
    """
    from controls.budgets import documents
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        book = budgets.book_for(work.connection, fund)
        made = documents.reject(work, office.now(), actor, book.book_id, number, reason)
        work.commit()
    _said(made)


@budget.command("list")
@FUND
@click.option("--year", default="", help="只看一个年度。")
@JSON
@click.pass_obj
def list_(desk: Desk, fund: str, year: str, json_: bool) -> None:
    """列出预算文件：编号、种类、年度或月份、收入和支出金额（不相加）、状态、办理人。

    \b
    例：
      shebao budget list --fund R --year 2026
    """
    from controls.budgets import documents
    from controls.budgets.documents import KINDS, STATES
    from ledger.money import show
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        book = budgets.book_for(connection, fund)
        found = documents.listed(connection, book.book_id, year=_year_of(year) if year else None)
    if json_:
        as_json([{"number": one.number, "kind": one.kind, "when": one.when, "state": one.state, "lines": dict(one.lines), "request": one.request,
                  "document": one.document, "reason": one.reason, "note": one.note} for one in found])  # fmt: skip
        return
    rows = [
        (one.number, KINDS[one.kind], one.when, *("" if fen is None else show(fen) for fen in one.sides), STATES[one.state], one.drafted_by,
         one.reviewed_by, one.decided_by, one.document or one.note or one.reason)
        for one in found
    ]  # fmt: skip
    heads = ("号", "种类", "时间", "收入（元）", "支出（元）", "状态", "编制", "审核", "批准", "文号或原因")
    table(f"{book.fund.zh}基金预算文件", heads, rows, right=("号", "收入（元）", "支出（元）"))


@budget.command()
@FUND
@click.option("--month", required=True, help="月份，如 2026-03。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="输出目录：PDF、XLSX、CSV、JSON。")
@JSON
@click.pass_obj
def execution(desk: Desk, fund: str, month: str, out: Path | None, json_: bool) -> int:
    """预算执行情况：年初预算、调整、本月、累计、执行率、上年同期；有超预算的支出项目时退出码为 1。

    \b
    例：
      shebao budget execution --fund R --month 2026-03
      shebao budget execution --fund R --month 2026-03 --out 报表/
    """
    from dataclasses import asdict

    from ledger.money import show
    from ledger.months import Month
    from shebao import budgets, proofs
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    when = Month.parse(month)
    with office.reading() as connection:
        book = budgets.book_for(connection, fund)
        proofs.month_in_book(connection, book, when)
        rows = budgets.execution(connection, book, when)
    over = any(one.stop for one in rows)
    if json_:
        as_json([asdict(one) | {"budget": one.budget, "per_mille": one.per_mille} for one in rows])
        return int(over)
    shown = [
        ("　" * one.level + one.label, show(one.budget), show(one.current), show(one.cumulative), budgets.share(one.per_mille), show(one.last_year), one.mark)
        for one in rows
    ]
    heads = ("项目", "预算（元）", "本月数", "本年累计", "执行率", "上年同期", "提示")
    table(f"{book.fund.zh}基金预算执行情况 {when}（时间进度 {when.month}/12）", heads, shown, right=heads[1:6])
    if out is not None:
        files, digest = budgets.write_execution(office, fund, when, out)
        for file in files:
            click.echo(f"已写 {file}")
        click.echo(f"摘要码 {digest}")
    return int(over)


@budget.command("print")
@click.argument("number", type=NUMBER)
@FUND
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.pass_obj
def print_(desk: Desk, number: int, fund: str, out: Path) -> None:
    """打印一份用款计划的《用款申请书》：PDF 和 XLSX。

    \b
    例：
      shebao budget print 2 --fund R --out 报表/
    """
    from shebao import budgets
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    files, digest = budgets.write_request(office, fund, number, out)
    for file in files:
        click.echo(f"已写 {file}")
    click.echo(f"摘要码 {digest}")

"""`shebao books`: write the Beancount books and hold them against the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.months import Month
from shebao.cli import Desk, ledgerbook
from shebao.cli.foreseen import REASON

if TYPE_CHECKING:
    from books.generation import GenerationReport
    from ledger.accounts import Book
    from shebao.store import Office

FOUND = 1


@click.group()
def books() -> None:
    """Beancount 账簿：每个账套写成纯文本账簿，供外部审计独立复算。

    \b
    例：
      shebao books write
      shebao books check --fund R
    """


def _folder(office: Office, out: Path | None) -> Path:
    return out if out is not None else office.home / "books"


def _wanted(office: Office, funds: tuple[str, ...]) -> list[Book]:
    from ledger import accounts
    from ledger.funds import Fund

    chosen = [Fund.parse(text) for text in funds]
    with office.reading() as connection:
        if chosen:
            return [accounts.book_of(connection, fund) for fund in dict.fromkeys(chosen)]
        return accounts.books(connection)


def _each(wanted: list[Book], doing: str, step: Any) -> list[GenerationReport]:
    """Runs ``step`` for every book, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return [step(book) for book in track(wanted, description=doing, console=console, disable=not console.is_terminal, transient=True)]


def _plain(report: GenerationReport) -> dict[str, Any]:
    return {
        "book": report.book,
        "folder": str(report.folder),
        "entries": report.entries,
        "accounts": report.accounts,
        "assertions": report.assertions,
        "balances_compared": report.balances,
        "months": report.months,
        "bytes": report.bytes,
        "bean_check": report.bean_check,
        "fingerprint": report.fingerprint,
        "seconds_write": report.seconds_write,
        "seconds_check": report.seconds_check,
        "problems": [{"kind": one.kind, "text": one.text} for one in report.problems],
    }


def _show(reports: list[GenerationReport], json_: bool, title: str) -> None:
    from shebao.cli.show import as_json, table

    if json_:
        as_json([_plain(report) for report in reports])
        return
    columns = ("账套", "凭证", "科目", "余额断言", "核对余额", "结果", "秒")
    rows = [
        (r.book, r.entries, r.accounts, r.assertions, r.balances, "见下" if r.problems else "无发现", f"{r.seconds_write}+{r.seconds_check}") for r in reports
    ]
    table(title, columns, rows, right=columns[1:5])
    for report in reports:
        for problem in report.problems:
            click.echo(f"{report.book}：{problem.text}")
    for report in reports:
        click.echo(f"{report.book}：{report.folder / 'main.beancount'}")


@books.command()
@click.option("--fund", "funds", multiple=True, help="险种，可多次给出；默认全部账套。")
@click.option("--through", default=None, metavar="YYYY-MM", help="只写到该会计期间（含）；默认写到最后一张凭证。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=None, help="账簿所在目录（默认 <home>/books）。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def write(desk: Desk, funds: tuple[str, ...], through: str | None, out: Path | None, json_: bool) -> None:
    """写出账簿：<目录>/<单位>/<险种>/main.beancount。

    先写在旁边，单独的进程加载并逐分核对余额，bean-check 无任何发现才替换原账簿；否则原账簿不动。

    \b
    例：
      shebao books write
      shebao books write --fund R --fund E --through 2026-01
    """
    from books.generation import write_books
    from books.journal import read_book
    from ledger import chain
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    month = Month.parse(through) if through else None

    def step(book: Book) -> GenerationReport:
        with office.reading() as connection:
            data = read_book(connection, book, month)
            head = chain.head(connection)
        return write_books(_folder(office, out), data, through=month, written_at=office.now(), trail_head=head)

    _show(_each(_wanted(office, funds), "写出账簿", step), json_, "账簿已写出")


@books.command()
@click.option("--fund", "funds", multiple=True, help="险种，可多次给出；默认全部账套。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=None, help="账簿所在目录（默认 <home>/books）。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def check(desk: Desk, funds: tuple[str, ...], out: Path | None, json_: bool) -> int:
    """核对已写出的账簿：文件是否被改动，bean-check 是否无发现，余额是否与账套逐分相等。有发现时退出状态为 1。

    \b
    例：
      shebao books check
      shebao books check --fund R --json
    """
    from books.generation import check_books, manifest
    from books.journal import read_book
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    root = _folder(office, out)

    def step(book: Book) -> GenerationReport:
        about = manifest(root, book.unit_code, book.fund.value)
        with office.reading() as connection:
            data = read_book(connection, book, about.month if about else None)
        return check_books(root, data)

    reports = _each(_wanted(office, funds), "核对账簿", step)
    _show(reports, json_, "账簿核对")
    return FOUND if any(report.problems for report in reports) else 0


@books.command("trial-balance")
@click.option("--fund", required=True, help="险种。")
@click.option("--period", "month", required=True, metavar="YYYY-MM", help="会计期间。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def trial_balance(desk: Desk, fund: str, month: str, json_: bool) -> int:
    """科目余额表：期初余额、本月和本年发生额、期末余额，取自随分录更新的余额，不重算分录。借贷不平时退出状态为 1。

    \b
    例：
      shebao books trial-balance --fund R --period 2026-01
    """
    from books.views import plain
    from ledger.money import show
    from shebao.cli.show import as_json, table
    from shebao.drilling import trial
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    (book,) = _wanted(office, (fund,))
    found = trial(office, book, Month.parse(month))
    if json_:
        as_json({**plain(found), "even": found.even})
        return 0 if found.even else FOUND
    heads = ("科目", "名称", "期初余额", "本月借方", "本月贷方", "本年借方", "本年贷方", "期末余额")
    rows = [
        (row.code, row.name, *(show(fen) for fen in (row.opening, row.debit, row.credit, row.year_debit, row.year_credit, row.closing)))
        for row in (*found.rows, found.total)
    ]
    table(f"{book.fund.book_zh} {month} 科目余额表（元，余额借方为正）", heads, rows, right=heads[2:])
    click.echo("借贷平衡" if found.even else "借贷不平")
    return 0 if found.even else FOUND


@books.command("rebuild-balances")
@click.argument("fund")
@click.option("--write", "writing", is_flag=True, help="有差异时按分录写回（会计主管；须写原因，留痕）。")
@click.option("--reason", type=REASON, default=None, help="写回的原因，与 --write 合用。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def rebuild_balances(desk: Desk, fund: str, writing: bool, reason: str | None, json_: bool) -> int:
    """重算余额：由全部分录重新求和，与随分录更新的余额逐个比较，列出差异。不加 --write 只比较，有差异时退出状态为 1。

    \b
    例：
      shebao books rebuild-balances R
      shebao books rebuild-balances R --write --reason 恢复备份后核对
    """
    from controls import rebuilding
    from ledger import balances
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    if writing and not reason:
        raise click.UsageError("--write 须用 --reason 写明原因。")
    (book,) = _wanted(office, (fund,))
    if writing:
        with office.unit() as work:
            found = rebuilding.rebuild(work, office.now(), actor, book.book_id, reason or "")
            work.commit()
    else:
        with office.reading() as connection:
            found = balances.differences(connection, book.book_id)
    if json_:
        rows = [{"account": one.account, "period": str(one.period), "dimension": one.dimension, "kept": one.kept, "summed": one.summed} for one in found]
        as_json({"book": book.book_id, "fund": book.fund.value, "written": writing and bool(found), "differences": rows})
    elif found:
        shown = [(one.account, str(one.period), one.dimension, one.kept_text, one.summed_text) for one in found]
        table(f"{book.fund.book_zh}与分录不符的余额（元，借方为正）", ("科目", "会计期间", "维度", "余额", "分录合计"), shown, right=("余额", "分录合计"))
        click.echo(f"{len(found)} 个余额已按分录重算写回。" if writing else f"{len(found)} 个余额与分录不符，未改动；核对后用 --write 写回。")
    else:
        click.echo("余额与分录合计全部相符，无需重算。")
    return FOUND if found and not writing else 0


for command in ledgerbook.COMMANDS:
    books.add_command(command)

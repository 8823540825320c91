"""`shebao period`: the closing checklist, proposing and confirming the close of a month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON, says

if TYPE_CHECKING:
    from controls.closing_checks import Check

MANY = ("K5", "K8", "K17")
"""Checks line by line of a statement: shown when they fail, or when everything is asked for."""


@click.group()
def period() -> None:
    """会计期间：检查、提请结账（会计）、确认结账（会计主管）。

    \b
    例：
      shebao period check --fund R --period 2026-01
      shebao period propose --fund R --period 2026-01
      shebao period confirm --fund R --period 2026-01
    """


def _explained(pairs: tuple[str, ...], hint: str = "--explain", form: str = "科目=原因") -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        account, _, reason = pair.partition("=")
        if not account.strip() or not says(reason):
            raise click.BadParameter(f"“{pair}”应写作 {form}", param_hint=hint)
        found[account.strip()] = reason
    return found


@period.command("list")
@click.option("--fund", default=None, help="只看一个险种。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, fund: str | None, json_: bool) -> None:
    """列出各账套的会计期间和状态。

    \b
    例：
      shebao period list
    """
    from controls import periods
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        wanted = [b for b in accounts.books(connection) if fund is None or b.fund is Fund.parse(fund)]
        rows = [(b.fund.value, b.fund.zh, str(s.month), periods.STATES[s.state]) for b in wanted for s in periods.states(connection, b.book_id)]
    if json_:
        as_json([dict(zip(("fund", "name", "period", "state"), row, strict=True)) for row in rows])
        return
    table("会计期间", ("险种", "基金", "期间", "状态"), rows)


@period.command("open")
@click.option("--fund", required=True, help="险种。")
@click.pass_obj
def open_(desk: Desk, fund: str) -> None:
    """启用下一个月（会计主管）：上月尚未结账、本月已有业务时用；结账时最后一个月确认后自动启用下月。

    \b
    例：
      shebao period open --fund R
    """
    from controls import periods
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        month = periods.open_next(work, office.now(), actor, book.book_id)
        work.commit()
    click.echo(f"{book.fund.book_zh} {month} 已启用")


@period.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--period", "month", required=True, help="会计期间，如 2026-01。")
@click.option("--explain", "explained", multiple=True, help="月末余额不为零的说明，如 1005=12月30日入库次月划转；按说明后的结果列出。")
@click.option("--full", is_flag=True, help="逐行勾稽通过的也全部列出。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def check(desk: Desk, fund: str, month: str, explained: tuple[str, ...], full: bool, json_: bool) -> int:
    """结账检查单：逐项列出结果；必须项有不通过时退出码为 1。尚未结转的月份按结转后核对报表。

    \b
    例：
      shebao period check --fund R --period 2026-01
    """
    from controls import closing_checks, periods
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.cli.show import as_json, table
    from shebao.proofs import for_closing, month_in_book
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        month_in_book(connection, book, Month.parse(month))
        wanted = Month.parse(month)
        done = periods.state_of(connection, book.book_id, wanted) == "closed"
        found = periods.checklist(connection, book, wanted, _said(explained))
        checks = closing_checks.whole([*found, *for_closing(office, connection, book, wanted, _said(explained), before=not done)], wanted)
    if json_:
        as_json([_plain(check) for check in checks])
    else:
        results = {(True, True): "通过", (False, True): "不通过", (True, False): "未执行", (False, False): "未执行"}
        shown = [c for c in checks if full or not (c.ok and c.ran and c.code in MANY)]
        rows = [(c.code, results[c.ok, c.ran], "必须" if c.hard else "提示（须说明）" if c.acknowledge else "提示", c.text) for c in shown]
        table(f"{book.fund.book_zh} {month} 结账检查", ("编号", "结果", "性质", "说明"), rows)
        hidden = len(checks) - len(rows)
        passed, failed = sum(c.ok and c.ran for c in checks), sum(not c.ok for c in checks)
        click.echo(
            f"通过 {passed} 项，不通过 {failed} 项，未执行 {sum(not c.ran for c in checks)} 项"
            + (f"；逐行核对通过的 {hidden} 项未列出，--full 列出" if hidden else "")
        )
    return 1 if any(c.stops for c in checks) else 0


def _plain(check: Check) -> dict[str, object]:
    """One check as JSON; the two sides in fen where two figures were compared."""
    sides = {"left_fen": check.left, "right_fen": check.right}
    return {"code": check.code, "ok": check.ok, "hard": check.hard, "acknowledge": check.acknowledge, "ran": check.ran, **sides, "text": check.text}


def _said(explained: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_explained(explained))


@period.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--period", "month", required=True, help="会计期间。")
@click.option("--explain", "explained", multiple=True, help="月末余额不为零的说明，如 1005=12月30日入库次月划转。")
@click.option("--acknowledge", "acknowledged", multiple=True, help="须说明的提示项不通过的原因，如 K18=本月附注无变动。")
@click.pass_obj
def propose(desk: Desk, fund: str, month: str, explained: tuple[str, ...], acknowledged: tuple[str, ...]) -> None:
    """会计提请结账：检查通过后锁定本月并制作期末结转凭证。

    说明和原因随提请人、日期记入留痕，印在结账表上（shebao period paper）。

    \b
    例：
      shebao period propose --fund R --period 2026-01
    """
    from controls import periods
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.proofs import for_closing
    from shebao.store import Office

    office, reasons = Office(desk.home), _explained(explained)
    words = _explained(acknowledged, "--acknowledge", "编号=原因")
    with office.unit() as work:
        book, wanted = accounts.book_of(work.connection, Fund.parse(fund)), Month.parse(month)
        proofs = for_closing(office, work.connection, book, wanted, reasons) if wanted > book.opened else []
        draft = periods.propose(work, office.now(), office.actor, book, wanted, reasons, proofs, words)
        work.commit()
    if draft is None:
        why = "本月无收支" if periods.carries_over(wanted, book.fund) else "专账按年结转" if book.fund.special else "按表结法本月不结转"
        click.echo(f"{book.fund.book_zh} {month} 已锁定；{why}，无需结转凭证。下一步：会计主管 shebao period confirm --fund {fund} --period {month}")
        return
    click.echo(f"{book.fund.book_zh} {month} 已锁定，期末结转凭证 {draft.label} 已制单（{len(draft.entry.lines)} 行）。")
    click.echo(f"下一步：会计主管 shebao voucher review {draft.label}，会计 shebao voucher post {draft.label}，会计主管 shebao period confirm")


@period.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--period", "month", required=True, help="会计期间。")
@click.pass_obj
def confirm(desk: Desk, fund: str, month: str) -> None:
    """会计主管确认结账：收支已结转为零、报表勾稽相符后结账，永不再开。

    \b
    例：
      shebao period confirm --fund R --period 2026-01
    """
    from controls import periods
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.proofs import cross_foots, reasons_given
    from shebao.store import Office

    office = Office(desk.home)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        wanted = Month.parse(month)
        given = reasons_given(work.connection, book, wanted)
        proofs = cross_foots(work.connection, book, wanted, given) if wanted > book.opened else []
        periods.confirm(work, office.now(), office.actor, book, wanted, proofs)
        work.commit()
    click.echo(f"{book.fund.book_zh} {wanted.zh()}已结账；{(wanted + 1).zh()}已开放。")


@period.command()
@click.option("--fund", required=True, help="险种。")
@click.option("--period", "month", required=True, help="会计期间。")
@click.option("--reason", type=REASON, required=True, help="原因，记入留痕。")
@click.pass_obj
def unlock(desk: Desk, fund: str, month: str, reason: str) -> None:
    """会计主管把已锁定而结转凭证尚未记账的月份退回开放；已结账的不能。

    \b
    例：
      shebao period unlock --fund R --period 2026-01 --reason 补记一张利息凭证
    """
    from controls import periods
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        periods.unlock(work, office.now(), office.actor, book, Month.parse(month), reason)
        work.commit()
    click.echo(f"{book.fund.book_zh} {month} 已退回开放。")


@period.command("year-end")
@click.option("--fund", required=True, help="险种。")
@click.option("--year", type=NUMBER, required=True, help="年度，如 2026。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def year_end(desk: Desk, fund: str, year: int, json_: bool) -> int:
    """年终结账的步骤：做到哪一步，下一步做什么。只查看，不改动；全部完成退出码 0，否则 1。

    \b
    例：
      shebao period year-end --fund ME --year 2026
    """
    from dataclasses import asdict

    from ledger import accounts
    from ledger.funds import Fund
    from shebao.cli.show import as_json, table
    from shebao.store import Office
    from shebao.yearend import steps

    office = Office(desk.home)
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
        found = steps(connection, book, year)
    if json_:
        as_json([asdict(step) for step in found])
    else:
        rows = [("完成" if step.done else "未完成", step.name, step.text, step.next) for step in found]
        table(f"{book.fund.book_zh} {year} 年年终结账", ("状态", "步骤", "情况", "下一步"), rows)
    return 0 if all(step.done for step in found) else 1


@period.command()
@click.argument("fund")
@click.argument("month")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def paper(desk: Desk, fund: str, month: str, out: Path, json_: bool) -> None:
    """结账表：提请和确认结账时的检查结果、余额说明（谁、何时、余额由哪些凭证构成）和签字，PDF，可用 shebao verify 复核。

    当月有代理、应急授权或豁免的，一并写出岗位例外月报（期间所办事项逐项列出），无须另外索取。

    \b
    例：
      shebao period paper R 2026-01 --out 报表/
    """
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao import closing_papers
    from shebao.cli.show import as_json
    from shebao.store import Office

    office = Office(desk.home)
    office.papers_may_be_read()
    with office.reading() as connection:
        book = accounts.book_of(connection, Fund.parse(fund))
    file, rendered = closing_papers.write(office, book, Month.parse(month), out)
    beside = closing_papers.exceptional(office, Month.parse(month), out)
    if json_:
        told = {"digest": rendered.digest, "pages": rendered.pages, "warnings": [str(one) for one in rendered.warnings]}
        as_json({"file": str(file), **told, "exceptions": [str(one) for one in beside]})
        return
    for one in beside:
        click.echo(f"{one}  当月有岗位例外，随结账表写出")
    click.echo(f"{file}  摘要码 {rendered.digest[:16]}")

"""`shebao journal`: the cashier's journals, written from receipts, counted, closed day by day; compared with the ledger by others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.journalcompare import compare, explain, print_
from shebao.cli.roster import json_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.cash_counts import CashCount
    from controls.journals import Journal, JournalLine

KINDS = {"cash": "库存现金", "income": "收入户", "fiscal": "财政专户", "payment": "支出户"}
DATE = click.DateTime(["%Y-%m-%d"])
journal_argument = click.argument("journal_id", type=NUMBER, metavar="日记账")


@click.group()
def journal() -> None:
    """出纳日记账：库存现金、收入户、财政专户、支出户；出纳按单据登记，会计与总账核对。

    \b
    例：
      shebao journal open --fund R --kind payment --bank-account 62000001 --date 2026-01-01 --opening 1000.00
      shebao journal add 1 --date 2026-01-05 --receipt HD001 --summary 利息 --in 12.34
      shebao journal close-day 1 --date 2026-01-05
      shebao journal compare --fund R --period 2026-01
    """


for _command in (compare, explain, print_):
    journal.add_command(_command)


@journal.command("open")
@click.option("--fund", required=True, help="险种。")
@click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="哪一本：cash 库存现金、income 收入户、fiscal 财政专户、payment 支出户。")
@click.option("--bank-account", default="", help="银行账号；现金不写。")
@click.option("--bank", default="", help="开户银行。")
@click.option("--date", "day", type=DATE, required=True, help="启用日期。")
@click.option("--opening", default="0", show_default=True, help="启用时接管的余额（元），按移交表、对账单或实盘数填写。")
@click.pass_obj
def open_(desk: Desk, fund: str, kind: str, bank_account: str, bank: str, day: datetime, opening: str) -> None:
    """出纳设立一本日记账：每个账套现金一本，收入户、财政专户、支出户每个银行账户一本。

    \b
    例：
      shebao journal open --fund R --kind cash --date 2026-01-01
    """
    from controls import journals
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import parse_fen, show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    fen = parse_fen(opening)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = journals.open_(work, office.now(), actor, book.book_id, journals.Kind(kind), day.date(), fen, bank_account, bank)
        work.commit()
    click.echo(f"日记账 {made.journal_id}：{book.fund.book_zh} {made.kind.account} {made.kind.zh}，{made.opened_on} 启用，接管余额 {show(made.opening)} 元")


@journal.command("list")
@json_option
@click.pass_obj
def list_(desk: Desk, json_: bool) -> None:
    """列出日记账、余额和日结到哪一天。

    \b
    例：
      shebao journal list
    """
    from controls import journals
    from ledger import accounts, money
    from ledger.identity import mask_number
    from shebao.store import Office

    with Office(desk.home).reading() as connection:
        funds = {one.book_id: one.fund.value for one in accounts.books(connection)}
        found = []
        for one in journals.journals(connection):
            written, closed = journals.lines(connection, one), journals.days(connection, one)
            balance = written[-1].balance if written else one.opening
            found.append((one, len(written), balance, str(closed[-1].day) if closed else ""))
    if json_:
        as_json(
            [
                {
                    "journal": one.journal_id, "fund": funds[one.book_id], "kind": one.kind.value, "account": one.kind.account,
                    "bank_account": mask_number(one.bank_account), "lines": count, "balance": balance, "closed_to": closed,
                }
                for one, count, balance, closed in found
            ]
        )  # fmt: skip
        return
    rows = [
        (one.journal_id, funds[one.book_id], f"{one.kind.account} {one.kind.zh}", mask_number(one.bank_account), count, money.show(balance), closed or "—")
        for one, count, balance, closed in found
    ]
    table("日记账", ("编号", "险种", "科目", "银行账号", "笔数", "余额（元）", "已日结至"), rows, right=("笔数", "余额（元）"))


@journal.command()
@journal_argument
@click.option("--date", "day", type=DATE, required=True, help="登记日期。")
@click.option("--receipt", "number", required=True, help="单据号码。")
@click.option("--receipt-kind", default="银行回单", show_default=True, help="单据种类，如 银行回单、收款收据、现金盘点报告单。")
@click.option("--receipt-date", "on", type=DATE, default=None, help="单据日期；与登记日期不同的（漏记补登）写明。")
@click.option("--summary", required=True, help="摘要。")
@click.option("--in", "into", default=None, help="收入金额（元）；与 --out 二选一。")
@click.option("--out", "out", default=None, help="支出金额（元）。")
@click.option("--counterpart", default="", help="对方单位或个人。")
@click.option("--counter-account", default="", help="对方科目，如 4201。")
@click.option("--attach", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="单据的扫描件，登记其 SHA-256。")
@click.pass_obj
def add(
    desk: Desk, journal_id: int, day: datetime, number: str, receipt_kind: str, on: datetime | None, summary: str, into: str | None, out: str | None,
    counterpart: str, counter_account: str, attach: Path | None,
) -> None:  # fmt: skip
    """出纳按一张单据登记一笔；每张单据一笔，逐笔结出余额。

    \b
    例：
      shebao journal add 1 --date 2026-01-05 --receipt HD001 --summary 利息 --in 12.34
      shebao journal add 2 --date 2026-01-06 --receipt-kind 收款收据 --receipt 0007 --summary 退回多付 --out 100
    """
    import hashlib

    from controls import journals
    from ledger.money import parse_fen
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    digest = hashlib.sha256(attach.read_bytes()).hexdigest() if attach else ""
    amounts = [parse_fen(text) if text is not None else 0 for text in (into, out)]
    receipt = journals.Receipt(
        day.date(), receipt_kind, number, summary, amounts[0], amounts[1], counterpart, counter_account, on.date() if on else None, digest
    )  # fmt: skip
    with office.unit() as work:
        (line,) = journals.enter(work, office.now(), actor, journal_id, [receipt])
        work.commit()
    click.echo(_said(journal_id, line))


def _said(journal_id: int, line: JournalLine) -> str:
    from ledger.money import show

    side = f"收入 {show(line.receipt.into)}" if line.receipt.into else f"支出 {show(line.receipt.out)}"
    return f"日记账 {journal_id} 第 {line.line_no} 行：{line.receipt.day} {line.receipt.label} {side} 元，余额 {show(line.balance)} 元"


@journal.command("import")
@journal_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--encoding", default=None, help="指定编码。")
@click.option("--sheet", default=None, help="指定工作表。")
@click.pass_obj
def import_(desk: Desk, journal_id: int, file: Path, encoding: str | None, sheet: str | None) -> None:
    """出纳把自己从银行取得的回单文件逐笔登入日记账：整份登记或一笔不登；会计导入过的文件不收。

    \b
    例：
      shebao journal import 1 回单202601.csv
    """
    from controls import journal_intake
    from controls.duties import Duty, require
    from controls.intake import reader
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    require(actor, Duty.CASHIER)
    taken = reader.read(file, journal_intake.CONTRACT, encoding=encoding, sheet=sheet)
    with office.unit() as work:
        made = journal_intake.enter(work, office.now(), actor, journal_id, taken)
        work.commit()
    into, out = sum(line.receipt.into for line in made), sum(line.receipt.out for line in made)
    click.echo(f"日记账 {journal_id}：登记 {len(made)} 笔，收入 {show(into)} 元，支出 {show(out)} 元，余额 {show(made[-1].balance)} 元")


@journal.command()
@journal_argument
@click.option("--line", "line_no", type=NUMBER, required=True, help="要冲销的行号。")
@click.option("--date", "day", type=DATE, required=True, help="登记日期。")
@click.option("--reason", type=REASON, required=True, help="冲销原因。")
@click.pass_obj
def strike(desk: Desk, journal_id: int, line_no: int, day: datetime, reason: str) -> None:
    """出纳用红字冲销登记错误的一笔；原行不动，正确的另行登记。

    \b
    例：
      shebao journal strike 1 --line 3 --date 2026-01-06 --reason 金额看错
    """
    from controls import journals
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        line = journals.strike(work, office.now(), actor, journal_id, line_no, day.date(), reason)
        work.commit()
    click.echo(_said(journal_id, line))


@journal.command()
@journal_argument
@click.option("--period", "month", default=None, help="只看一个月，如 2026-01。")
@json_option
@click.pass_obj
def show(desk: Desk, journal_id: int, month: str | None, json_: bool) -> None:
    """逐笔显示一本日记账和已做的日结。

    \b
    例：
      shebao journal show 1 --period 2026-01
    """
    from controls import journals
    from ledger import money
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        made = journals.get(connection, journal_id)
        wanted = Month.parse(month) if month else None
        written = [line for line in journals.lines(connection, made) if wanted is None or Month.of(line.receipt.day) == wanted]
        closed = [one for one in journals.days(connection, made) if wanted is None or Month.of(one.day) == wanted]
    if json_:
        as_json({"journal": journal_id, "lines": [_facts(line) for line in written], "closed": [str(one.day) for one in closed]})
        return
    _header(made)
    rows = [
        (
            line.line_no, line.receipt.day, line.receipt.label, line.receipt.summary, line.receipt.counterpart,
            money.show(line.receipt.into) if line.receipt.into else "", money.show(line.receipt.out) if line.receipt.out else "", money.show(line.balance),
        )
        for line in written
    ]  # fmt: skip
    columns = ("行", "日期", "单据", "摘要", "对方", "收入（元）", "支出（元）", "余额（元）")
    table("", columns, rows, right=columns[5:])
    click.echo(f"已日结 {len(closed)} 日" + (f"，最后一日 {closed[-1].day}，余额 {money.show(closed[-1].balance)} 元" if closed else ""))


def _header(made: Journal) -> None:
    from ledger.identity import mask_number
    from ledger.money import show

    bank = f"，{made.bank} {mask_number(made.bank_account)}" if made.bank_account else ""
    click.echo(f"日记账 {made.journal_id}：{made.kind.account} {made.kind.zh}{bank}，{made.opened_on} 启用，接管余额 {show(made.opening)} 元")


def _facts(line: JournalLine) -> dict[str, object]:
    one = line.receipt
    return {
        "line": line.line_no, "day": one.day, "receipt": one.label, "receipt_on": line.receipt_on, "summary": one.summary, "counterpart": one.counterpart,
        "in": one.into, "out": one.out, "balance": line.balance, "strikes": line.strikes, "reason": line.reason,
    }  # fmt: skip


@journal.command()
@journal_argument
@click.option("--date", "day", type=DATE, required=True, help="盘点的日期（当日终了）。")
@click.option("--of", "pieces", multiple=True, help="券别=张数，如 100=3；可重复，没有现金的不写。")
@click.pass_obj
def count(desk: Desk, journal_id: int, day: datetime, pieces: tuple[str, ...]) -> int:
    """出纳盘点库存现金；有长短款退出码为 1，按盘点报告单登记后重新盘点。

    \b
    例：
      shebao journal count 2 --date 2026-01-05 --of 100=3 --of 0.5=1
    """
    from controls import cash_counts, journals
    from controls.errors_journals import BadCount
    from ledger.money import parse_fen
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    found: dict[int, int] = {}
    for text in pieces:
        note, _, number = text.partition("=")
        if not (number.isdecimal() and number.isascii()):
            raise BadCount(why=f"“{text}”不是 券别=张数")
        fen = parse_fen(note)
        found[fen] = found.get(fen, 0) + int(number)
    with office.unit() as work:
        made = journals.get(work.connection, journal_id)
        counted = cash_counts.count(work, office.now(), actor, made.book_id, journal_id, day.date(), found)
        work.commit()
    click.echo(_counted(journal_id, counted))
    click.echo(f"下一步：另一人（会计或会计主管）shebao journal witness {journal_id} --count {counted.count_no}")
    return 0 if counted.counted == counted.book else 1


def _counted(journal_id: int, made: CashCount) -> str:
    from ledger.money import show

    odd = made.counted - made.book
    said = "账款相符" if not odd else f"{'长款' if odd > 0 else '短款'} {show(abs(odd))} 元"
    return f"盘点 {journal_id}-{made.count_no}：{made.day} 实盘 {show(made.counted)} 元，账面 {show(made.book)} 元，{said}"


@journal.command()
@journal_argument
@click.option("--count", "count_no", type=NUMBER, required=True, help="盘点的次数编号。")
@click.pass_obj
def witness(desk: Desk, journal_id: int, count_no: int) -> None:
    """会计或会计主管在盘点上签字（监盘），不能是盘点人。

    \b
    例：
      shebao journal witness 2 --count 1
    """
    from controls import cash_counts, journals
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = journals.get(work.connection, journal_id)
        found = cash_counts.witness(work, office.now(), actor, made.book_id, journal_id, count_no)
        work.commit()
    click.echo(_counted(journal_id, found) + f"，监盘 {actor.name}")


@journal.command("close-day")
@journal_argument
@click.option("--date", "day", type=DATE, required=True, help="日结到哪一天；之前有登记而未结的日期一并逐日结。")
@click.pass_obj
def close_day(desk: Desk, journal_id: int, day: datetime) -> None:
    """出纳每日终了结出当日合计和余额；现金须先盘点相符并监盘。结过的日期不再登记。

    \b
    例：
      shebao journal close-day 1 --date 2026-01-05
    """
    from controls import journals
    from ledger.money import show
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        closed = journals.close_day(work, office.now(), actor, journal_id, day.date())
        work.commit()
    for one in closed[-5:]:
        click.echo(f"日记账 {journal_id} {one.day} 已日结：收入 {show(one.into)} 元，支出 {show(one.out)} 元，余额 {show(one.balance)} 元")
    if len(closed) > 5:
        click.echo(f"共 {len(closed)} 日")

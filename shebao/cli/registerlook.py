"""`shebao register check`, `due`, `print`: registers against the ledger, what is due, and the paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT
from shebao.cli.roster import json_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    import sqlalchemy as sa

    from controls.registers.law import Register
    from ledger.accounts import Book
    from ledger.parameters import ParameterUnset

DATE = click.DateTime(["%Y-%m-%d"])
name_argument = click.argument("name", metavar="台账")


def fund_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--fund``: needed by registers kept by book."""
    return click.option("--fund", default=None, help="险种；按账套设立的台账须写明。")(command)


@click.command()
@fund_option
@click.option("--period", "month", required=True, help="会计期间，如 2026-01。")
@click.option("--name", default=None, help="只核对一种台账。")
@json_option
@click.pass_obj
def check(desk: Desk, fund: str | None, month: str, name: str | None, json_: bool) -> int:
    """台账与账核对：到位与 4101、存款国债与余额、转移与 4301/5201、清欠与 4001-清欠、往来确认单。有不符时退出码为 1。

    \b
    例：
      shebao register check --fund R --period 2026-01
    """
    from controls.registers import law as laws
    from controls.registers import ties
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    wanted = Month.parse(month)
    only = laws.get(name) if name else None
    with office.reading() as connection:
        books = [accounts.book_of(connection, Fund.parse(fund))] if fund else accounts.books(connection)
        found = [(book, one) for book in books for one in ties.ties(connection, book, wanted, only)]
        found += [(book, one) for book in books if only is None or only.name == "confirmations" for one in ties.confirmed(connection, book, wanted)]
    if json_:
        told = [{"register": t.register, "code": t.code, "ok": t.ok, "register_fen": t.mine, "ledger_fen": t.ledger, "text": t.text} for _, t in found]
        as_json([{"fund": book.fund.value, **one} for (book, _), one in zip(found, told, strict=True)])
    else:
        table("台账与账核对", ("险种", "编号", "结果", "说明"), [(b.fund.value, t.code, "相符" if t.ok else "不符", t.text) for b, t in found])
    return 0 if all(one.ok for _, one in found) else 1


@click.command()
@click.argument("name", metavar="[台账]", required=False)
@fund_option
@click.option("--as-of", type=DATE, default=None, help="以哪天计算，默认今天。")
@click.option("--within", type=COUNT, default=None, help="列出几天内到期的，默认用台账规定的预警天数。")
@json_option
@click.pass_obj
def due(desk: Desk, name: str | None, fund: str | None, as_of: datetime | None, within: int | None, json_: bool) -> None:
    """到期和逾期的事项：存款国债到期、缓缴到期、退回期限、分期还款、补助应到位、转移时限等，最紧的在前。

    \b
    例：
      shebao register due
      shebao register due deposits --fund R --within 60
    """
    from controls.registers import sheet
    from shebao.registers import today
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    day = as_of.date() if as_of else today(office)
    found = []
    with office.reading() as connection:
        for law, book in _kept(connection, name, fund):
            made = sheet.sheet(connection, law, book, day, today=today(office))
            unset: list[tuple[str, ParameterUnset]] = []
            found += [(law, book, one) for one in sheet.due(made, within, unset)]
            for what, missing in unset:
                click.echo(f"{law.zh}的“{what}”未计算：{missing.text(desk.lang)}", err=True)
    found.sort(key=lambda told: (told[2].day, told[0].name, told[2].row_no))
    if json_:
        as_json([
            {"fund": book.fund.value if book else None, "register": law.name, "row": one.row_no, "what": one.what, "day": str(one.day), "left": one.left}
            for law, book, one in found
        ])  # fmt: skip
        return
    if not found:
        click.echo("没有到期或逾期的事项。")
        return
    rows = [
        (str(one.day), f"逾期 {-one.left} 天" if one.left < 0 else f"还有 {one.left} 天", book.fund.value if book else "单位", law.zh, one.row_no, one.what)
        for law, book, one in found
    ]
    table("到期事项", ("日期", "期限", "账套", "台账", "行号", "事项"), rows, right=("行号",))


def _kept(connection: sa.Connection, name: str | None, fund: str | None) -> list[tuple[Register, Book | None]]:
    """The registers with terms that are asked for, each with its book (None: the unit's own); one that a book does not keep is left out unless named."""
    from controls.registers import law as laws
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.registers import book_for

    if name is not None and (fund is not None or laws.get(name).keyed_by == "unit"):
        law = laws.get(name)
        return [(law, book_for(connection, law, fund))]
    only = [Fund.parse(fund)] if fund is not None else None
    known = [laws.get(name)] if name is not None else [law for law in laws.registers().values() if law.dues]
    own: list[tuple[Register, Book | None]] = [(law, None) for law in known if law.keyed_by == "unit" and only is None]
    books = [accounts.book_of(connection, one) for one in only] if only is not None else accounts.books(connection)
    return own + [(law, book) for book in books for law in known if law.keyed_by == "book" and (law.funds is None or book.fund in law.funds)]


@click.command("print")
@name_argument
@fund_option
@click.option("--as-of", type=DATE, default=None, help="某日的样子，默认今天。")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录。")
@click.pass_obj
def print_(desk: Desk, name: str, fund: str | None, as_of: datetime | None, out: Path) -> None:
    """打印一种台账（PDF、XLSX、JSON），证件号码、姓名和账号脱敏；PDF 可用 shebao verify 核对。

    \b
    例：
      shebao register print subsidies --fund R --as-of 2026-01-31 --out 台账/
    """
    from controls.registers import law as laws
    from shebao.registers import today, write
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    law = laws.get(name)
    files, digest = write(office, law, fund, as_of.date() if as_of else today(office), out)
    click.echo(f"{law.zh}  摘要码 {digest[:16]}")
    for file in files:
        click.echo(f"    {file}")

"""`shebao register`: the registers (台账、备查簿), all by one set of commands; what each holds stands in its own file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, NUMBER, REASON
from shebao.cli.registerlook import DATE, check, due, fund_option, name_argument, print_
from shebao.cli.registershow import MOST_ROWS, explained, known, listed, shown
from shebao.cli.roster import json_option

row_argument = click.argument("row_no", type=NUMBER, metavar="行号")
set_option = click.option("--set", "given", multiple=True, metavar="栏目=内容", help="填写一栏，可多次；栏目用中文名或英文名。")

def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        field, equals, text = pair.partition("=")
        if not equals or not field.strip():
            raise click.BadParameter(f"“{pair}”应写作 栏目=内容", param_hint="--set")
        found[field.strip()] = text
    return found


@click.group()
def register() -> None:
    """台账、备查簿：减免缓、应追回待遇、财政补助、定期存款国债、转移接续、欠费清欠等，登记、办理、核对、打印。

    \b
    例：
      shebao register list
      shebao register help recoveries
      shebao register add recoveries --fund R --set 证件号码=620821195001011017 --set 姓名=甲 …
      shebao register check --fund R --period 2026-01
    """


for _command in (check, due, print_):
    register.add_command(_command)


@register.command("list")
@click.argument("name", metavar="[台账]", required=False)
@fund_option
@click.option("--as-of", type=DATE, default=None, help="某日的样子，默认今天。")
@click.option("--state", default=None, help="只看一种状态；open 为所有未办结的。")
@click.option("--group", "by", default=None, help="按栏目分组合计，如 size,month；default 用台账规定的分组。")
@click.option("--rows", "most", type=COUNT, default=MOST_ROWS, show_default=True, help="最多列出几行，0 为全部；合计总是全部。")
@click.option("--reveal", is_flag=True, help="显示完整的证件号码、姓名和账号；查看记入留痕。")
@json_option
@click.pass_obj
def list_(
    desk: Desk, name: str | None, fund: str | None, as_of: datetime | None, state: str | None, by: str | None, most: int, reveal: bool, json_: bool
) -> None:
    """列出全部台账；写明台账名的，列出其中各行、合计和账龄。

    \b
    例：
      shebao register list
      shebao register list recoveries --fund R --state open
      shebao register list relief --fund E --group size,month
    """
    from controls import trail
    from controls.registers import law as laws
    from shebao.registers import book_for
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    if name is None:
        with office.reading() as connection:
            known(connection, fund, json_)
        return
    law = laws.get(name)
    with office.reading() as connection:
        book = book_for(connection, law, fund)
        count = listed(connection, law, book, as_of.date() if as_of else None, office.now(), state, by, most, reveal, json_)
    if reveal:
        with office.unit() as work:
            trail.reading(work, office.now(), actor, f"register:{book.book_id if book else 0}:{law.name}", law.zh, count)
            work.commit()


@register.command("help")
@name_argument
@json_option
@click.pass_obj
def help_(desk: Desk, name: str, json_: bool) -> None:
    """一种台账的规定：依据、栏目和写法、状态和动作、由谁办理、计算栏、凭证和核对。

    \b
    例：
      shebao register help recoveries
    """
    from controls.registers import law as laws
    from shebao.store import Office

    _ = Office(desk.home).actor
    explained(laws.get(name), json_)


@register.command()
@name_argument
@row_argument
@fund_option
@click.option("--reveal", is_flag=True, help="显示完整的证件号码、姓名和账号；查看记入留痕。")
@json_option
@click.pass_obj
def show(desk: Desk, name: str, row_no: int, fund: str | None, reveal: bool, json_: bool) -> None:
    """一行的全部栏目、计算栏和历次办理。

    \b
    例：
      shebao register show recoveries 1 --fund R
    """
    from controls import trail
    from controls.registers import law as laws
    from controls.registers import store
    from shebao.registers import book_for, today
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    law = laws.get(name)
    with office.reading() as connection:
        book = book_for(connection, law, fund)
        row = store.get(connection, law, store.scope(law, book), row_no)
        shown(connection, row, book, today(office), reveal, json_)
    if reveal:
        with office.unit() as work:
            trail.reading(work, office.now(), actor, row.thing, law.zh, 1)
            work.commit()


@register.command()
@name_argument
@fund_option
@set_option
@click.option("--date", "day", type=DATE, default=None, help="从哪天起，默认台账规定的日期栏，没有的为今天。")
@click.pass_obj
def add(desk: Desk, name: str, fund: str | None, given: tuple[str, ...], day: datetime | None) -> None:
    """登记一行。

    \b
    例：
      shebao register add subsidies --fund R --set 指标文号=财社〔2026〕1号 --set 用途=基础养老金 --set 级次=中央 \\
        --set 补助年度=2026 --set 性质=财政补贴 --set 应补金额=1000000
    """
    from controls.registers import law as laws
    from controls.registers import store, values
    from shebao.registers import book_for
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    law = laws.get(name)
    payload = store.read_payload(law, _pairs(given))
    with office.unit() as work:
        made = store.add(work, office.now(), actor, law, book_for(work.connection, law, fund), [payload], day.date() if day else None)[0]
        work.commit()
    click.echo(f"{law.zh}第 {made.row_no} 行已登记，状态：{law.state(made.state).zh}")
    for doubt in values.doubts(law, payload):
        click.echo(f"请核对：{doubt}", err=True)


@register.command()
@name_argument
@row_argument
@click.argument("act", metavar="动作")
@fund_option
@set_option
@click.option("--date", "day", type=DATE, default=None, help="办理日期，默认动作规定的日期栏，没有的为今天。")
@click.option("--reason", default="", help="说明。")
@click.pass_obj
def act(desk: Desk, name: str, row_no: int, act: str, fund: str | None, given: tuple[str, ...], day: datetime | None, reason: str) -> None:
    """办理一行：动作用中文名或英文名，见 shebao register help。

    \b
    例：
      shebao register act recoveries 1 责令退回 --fund R --set 决定书文号=云社退1号 --set 通知日期=2026-01-08 --set 退回期限=2026-02-08
      shebao register act recoveries 1 销号 --fund R
    """
    from controls.registers import law as laws
    from controls.registers import sheet, store
    from shebao.registers import book_for, today
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    law = laws.get(name)
    changes = store.read_payload(law, _pairs(given))
    with office.unit() as work:
        book = book_for(work.connection, law, fund)
        row = store.get(work.connection, law, store.scope(law, book), row_no)
        settled = sheet.computed(book, today(office))
        made = store.do(work, office.now(), actor, row, act, changes, day.date() if day else None, reason, settled)
        work.commit()
    click.echo(f"{law.zh}第 {row_no} 行已办理，状态：{law.state(made.state).zh}")


@register.command()
@name_argument
@row_argument
@fund_option
@set_option
@click.option("--clear", "cleared", multiple=True, metavar="栏目", help="清空一栏，可多次。")
@click.option("--reason", type=REASON, required=True, help="更正的原因。")
@click.pass_obj
def correct(desk: Desk, name: str, row_no: int, fund: str | None, given: tuple[str, ...], cleared: tuple[str, ...], reason: str) -> None:
    """更正一行：原内容仍在历次办理中，更正自原办理之日起算。

    \b
    例：
      shebao register correct recoveries 1 --fund R --set 应稽核金额=800 --reason 少算一个月
    """
    from controls.registers import law as laws
    from controls.registers import store
    from shebao.registers import book_for
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    law = laws.get(name)
    changes = store.read_payload(law, _pairs(given))
    blank = [field.name for word in cleared if (field := law.field(word)) is not None]
    with office.unit() as work:
        book = book_for(work.connection, law, fund)
        row = store.get(work.connection, law, store.scope(law, book), row_no)
        made = store.correct(work, office.now(), actor, row, changes, reason, blank)
        work.commit()
    click.echo(f"{law.zh}第 {row_no} 行已更正（第 {made.act_no} 次办理）")


@register.command("import")
@name_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[文件]", required=False)
@fund_option
@click.option("--file-id", type=NUMBER, default=None, help="已导入的追回与扣回（recoveries）文件编号，登入 recovery-receipts。")
@set_option
@click.pass_obj
def import_(desk: Desk, name: str, file: Path | None, fund: str | None, file_id: int | None, given: tuple[str, ...]) -> None:
    """按文件登记多行：表头是台账的栏目名；整份登记或一行不登。--set 填写文件里没有的栏目。

    \b
    例：
      shebao register import relief 减免缓.xlsx --fund E
      shebao register import recovery-receipts --fund R --file-id 7 --set 收款账户=1004
    """
    from controls.registers import law as laws
    from shebao.cli.roster import working
    from shebao.registers import take
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    if (file is None) is (file_id is None):
        raise click.UsageError("写明文件或 --file-id，二者只写一个。")
    law = laws.get(name)
    with working("登记台账 …"):
        rows = take(office, law, fund, file, file_id, _pairs(given))
    click.echo(f"{law.zh}已登记 {len(rows)} 行" + (f"：第 {rows[0].row_no}—{rows[-1].row_no} 行" if rows else ""))


@register.command()
@name_argument
@row_argument
@fund_option
@click.pass_obj
def voucher(desk: Desk, name: str, row_no: int, fund: str | None) -> None:
    """会计按一行的办理提出凭证（待制单）；本年追回与以前年度追回按原支付年度自动区分。

    \b
    例：
      shebao register voucher recovery-receipts 1 --fund R
    """
    from controls.registers import law as laws
    from ledger.money import show as yuan
    from shebao.registers import propose
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    law = laws.get(name)
    for draft in propose(office, law, fund, row_no):
        said = f"{draft.entry.event} {draft.entry.summary}，{yuan(draft.entry.debit)} 元"
        click.echo(f"凭证 {draft.label} 已提出：{said}；下一步 shebao voucher make {draft.label}")

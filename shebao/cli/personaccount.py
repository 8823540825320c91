"""`shebao person-account`: accounts of persons, looked into, settled, moved and paid out; every act is proposed by one and reviewed by another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, REASON
from shebao.cli.personaccountmove import MOVES
from shebao.cli.personaccountshow import batch_of, fund_option, looked, print_batch, print_page, print_steps, step_facts
from shebao.cli.roster import json_option
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from ledger.person_accounts.store import Batch

DATE = click.DateTime(["%Y-%m-%d"])
evidence_option = click.option("--evidence", required=True, help="依据：文件名称和编号。")


@click.group("person-account")
def person_account() -> None:
    """个人账户：期初、记账、年度结息、转移衔接、一次性支付；一人提出、另一人审核，涉及资金的由会计另行制证。

    \b
    例：
      shebao person-account show 110101199001011234 --fund R
      shebao person-account interest --fund R --year 2026 --evidence 某社发〔2027〕3号
      shebao person-account one-off 110101199001011234 --fund R --reason 死亡 --happened 2026-03-09 --evidence 死亡证明5号
      shebao person-account review 3-12
    """


for _command in MOVES:
    person_account.add_command(_command)


@person_account.command()
@click.argument("number", metavar="证件号码")
@fund_option
@click.option("--period", default=None, help="截至月份，如 2026-05；不写为本月。")
@json_option
@click.pass_obj
def show(desk: Desk, number: str, fund: str, period: str | None, json_: bool) -> None:
    """一个人的个人账户：各来源余额、历年结息、本年逐笔记入和支付、正在办理的事项。

    \b
    例：
      shebao person-account show 110101199001011234 --fund R
    """
    from controls import persons
    from controls.person_accounts import page
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    office = Office(desk.home)
    persons.may_look(office.actor)
    month = Month.parse(period or office.now()[:7])
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        found = page.page(work.connection, book, number, month)
        looked(work, office, book, number, "个人账户")
        work.commit()
    print_page(found, json_)


@person_account.command()
@click.argument("number", metavar="证件号码")
@fund_option
@click.option("--year", type=COUNT, required=True, help="年度。")
@json_option
@click.pass_obj
def explain(desk: Desk, number: str, fund: str, year: int, json_: bool) -> None:
    """一个人一年的利息怎样算出来：办法、利率、每笔的计息份数、各来源的积数和取整。

    \b
    例：
      shebao person-account explain 110101199001011234 --fund R --year 2026
    """
    from controls import persons
    from controls.person_accounts import page
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    persons.may_look(office.actor)
    with office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        steps = page.explain(work.connection, book, number, year)
        looked(work, office, book, number, f"个人账户 {year} 年利息")
        work.commit()
    if json_:
        as_json(step_facts(steps))
        return
    if not steps:
        click.echo(f"{year} 年没有这个人的账户。")
        return
    print_steps(f"{year} 年利息", steps)


@person_account.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
@fund_option
@click.option("--period", required=True, help="余额截止的月份（当月末），如 2025-12。")
@click.option("--persons", type=COUNT, required=True, help="清册上的人数。")
@click.option("--total", required=True, help="清册上的金额合计（元）。")
@evidence_option
@json_option
@click.pass_obj
def opening(desk: Desk, file: Path, fund: str, period: str, persons: int, total: str, evidence: str, json_: bool) -> int:
    """导入个人账户期初余额（人 × 来源）：人数、金额与清册相符才收，有一行存疑整份不收；由另一人审核后生效，每个账套一次。

    表头：证件号码，各来源一列（个人缴费、省级缴费补贴、政府代缴……）；CSV 或工作簿，金额单位元。

    \b
    例：
      shebao person-account opening 个人账户期初.xlsx --fund R --period 2025-12 --persons 54064 --total 8234567.89 --evidence 移交清册1号
    """
    from controls.person_accounts import opening as openings
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import parse_fen
    from ledger.months import Month
    from shebao.cli.roster import working
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    fen, month = parse_fen(total), Month.parse(period)
    with working("读取 …"):
        read = openings.read(file)
    if json_ and read.doubts:
        as_json({"doubts": [{"line": one.line, "column": one.column, "why": one.why} for one in read.doubts]})
        return 2
    with working("登记 …"), office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = openings.propose(work, office.now(), actor, book, read, month, persons=persons, total=fen, evidence=evidence)
        work.commit()
    print_batch(made, json_)
    return 0


@person_account.command()
@fund_option
@click.option("--year", type=COUNT, required=True, help="结息年度。")
@evidence_option
@json_option
@click.pass_obj
def interest(desk: Desk, fund: str, year: int, evidence: str, json_: bool) -> None:
    """提出一年的结息：按当年记账利率和计息办法（参数）算出每个账户每个来源的利息；由另一人审核（重算一遍）后生效。

    \b
    例：
      shebao person-account interest --fund R --year 2026 --evidence 某社发〔2027〕3号
    """
    from controls.person_accounts import interest as interests
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.cli.roster import working
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with working("结息 …"), office.unit() as work:
        book = accounts.book_of(work.connection, Fund.parse(fund))
        made = interests.propose(work, office.now(), actor, book, year, evidence)
        work.commit()
    print_batch(made, json_)


@person_account.command("list")
@fund_option
@click.option("--state", type=click.Choice(["proposed", "accepted", "rejected"]), default=None, help="proposed 待审核、accepted 已生效、rejected 已退回。")
@click.option("--kind", type=click.Choice(["opening", "interest", "transfer", "one_off", "correction"]), default=None, help="哪一类事项。")
@json_option
@click.pass_obj
def list_(desk: Desk, fund: str, state: str | None, kind: str | None, json_: bool) -> None:
    """列出个人账户的事项：期初、结息、转移、一次性支付、更正。

    \b
    例：
      shebao person-account list --fund R --state proposed
    """
    from controls.person_accounts import acts
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import show as yuan
    from ledger.person_accounts.store import KINDS, STATES
    from shebao.cli.personaccountshow import batch_facts
    from shebao.store import Office

    with Office(desk.home).reading() as connection:
        found = acts.listed(connection, accounts.book_of(connection, Fund.parse(fund)).book_id, state or "", kind or "")
    if json_:
        as_json([batch_facts(one) for one in found])
        return
    rows = [
        (f"{one.book_id}-{one.batch_id}", KINDS[one.kind], one.period, one.rows, yuan(one.fen), STATES[one.state], one.key or "—", one.reason) for one in found
    ]
    table("个人账户事项", ("编号", "事项", "月份", "行数", "金额（元）", "状态", "转移编号", "说明"), rows, right=("行数", "金额（元）"))


def _deciding(desk: Desk, ref: str, act: Callable[..., Batch], *more: Any) -> Batch:
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    book, batch_id = batch_of(office, ref)
    with office.unit() as work:
        found = act(work, office.now(), actor, book.book_id, batch_id, *more)
        work.commit()
    return found


@person_account.command()
@click.argument("ref", metavar="事项编号")
@json_option
@click.pass_obj
def review(desk: Desk, ref: str, json_: bool) -> None:
    """审核一件事项（提出人以外的股室负责人）：结息重算一遍；涉及资金的同时提出凭证，由会计制单、复核、记账。

    \b
    例：
      shebao person-account review 3-12
    """
    from shebao import person_account_vouchers
    from shebao.cli.roster import working
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    book, batch_id = batch_of(office, ref)
    with working("审核 …"):
        found, draft = person_account_vouchers.review(office, book, batch_id)
    print_batch(found, json_, draft)


@person_account.command()
@click.argument("ref", metavar="事项编号")
@click.option("--reason", type=REASON, required=True, help="退回的理由。")
@json_option
@click.pass_obj
def reject(desk: Desk, ref: str, reason: str, json_: bool) -> None:
    """退回一件事项，写明理由。

    \b
    例：
      shebao person-account reject 3-12 --reason 证明材料不全
    """
    from controls.person_accounts import acts

    print_batch(_deciding(desk, ref, acts.reject, reason), json_)


@person_account.command()
@click.argument("ref", metavar="事项编号")
@json_option
@click.pass_obj
def voucher(desk: Desk, ref: str, json_: bool) -> None:
    """凭证被退回的，把已生效事项的凭证再提出一次。

    \b
    例：
      shebao person-account voucher 3-12
    """
    from controls.duties import Duty, require
    from controls.person_accounts import acts
    from shebao import person_account_vouchers
    from shebao.store import Office

    office = Office(desk.home)
    require(office.actor, Duty.BOOKKEEP)
    book, batch_id = batch_of(office, ref)
    with office.unit() as work:
        draft = person_account_vouchers.propose_again(work, office, book, batch_id)
        found = acts.get(work.connection, book.book_id, batch_id)
        work.commit()
    print_batch(found, json_, draft)


@person_account.command()
@fund_option
@click.option("--period", required=True, help="月份，如 2026-05。")
@json_option
@click.pass_obj
def check(desk: Desk, fund: str, period: str, json_: bool) -> int:
    """核对（K15）：一个月的逐人缴费、支付、转移与账上各科目是否相符，各账户滚存是否成立；两边和差额都列出，不符时退出码为 1。

    \b
    例：
      shebao person-account check --fund R --period 2026-05
    """
    from controls.person_accounts import ties
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.months import Month
    from shebao.store import Office

    with Office(desk.home).reading() as connection:
        found = ties.checks(connection, accounts.book_of(connection, Fund.parse(fund)), Month.parse(period))
    if json_:
        as_json([{"code": one.code, "ok": one.ok, "ran": one.ran, "text": one.text, "persons": one.left, "ledger": one.right} for one in found])
    else:
        for one in found:
            click.echo(f"{'未执行' if not one.ran else '相符' if one.ok else '不符'}  {one.text}")
    return 0 if all(one.ok for one in found) else 1


@person_account.command()
@json_option
@click.pass_obj
def cases(desk: Desk, json_: bool) -> int:
    """运行个人账户算例（结息、多发抵扣），含本单位模板目录 cases/person-accounts 下自己写的；有不成立的退出码为 1。

    \b
    例：
      shebao person-account cases
    """
    from ledger.person_accounts import cases as worked
    from shebao.store import use_templates

    use_templates(desk.home / "templates")
    found = list(worked.tried())
    if json_:
        as_json([{"file": one.file, "name": one.name, "ok": not one.trouble, "trouble": one.trouble} for one in found])
    else:
        table("算例", ("文件", "算例", "结果"), [(one.file, one.name, one.trouble or "成立") for one in found])
    return 1 if any(one.trouble for one in found) else 0

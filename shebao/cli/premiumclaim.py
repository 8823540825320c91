"""The claims half of `shebao premium`: who is due, claims prepared, reviewed, printed and paid, and what is claimed back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, NUMBER, REASON
from shebao.cli.roster import json_option, working
from shebao.cli.show import as_json, table

if TYPE_CHECKING:
    from controls.premiums.claim_rows import Claim
    from shebao.premium_desk import Due
    from shebao.store import Office

KINDS = {"claim": "代缴", "back": "退回"}
fund_option = click.option("--fund", type=click.Choice(["R", "MR"]), default="R", show_default=True, help="险种。")
year_option = click.option("--year", type=NUMBER, required=True, help="缴费年度，如 2026。")
as_of_option = click.option("--as-of", default=None, help="按哪一天知道的情况，默认今天。")
back_option = click.option("--back", is_flag=True, help="要退回的（重复、死亡后、不在名单），不是要申请的。")
reveal_option = click.option("--reveal", is_flag=True, help="显示完整证件号码和姓名；每次都留痕。")


def reading(office: Office, thing: str, what: str) -> None:
    """Records that personal data are about to be shown in full, for those whose work needs it. Raises SB3001."""
    from shebao.cli.rosterlists import masks

    masks(office, thing, what, 1, True)


def listed(rows: Sequence[dict[str, Any]], most: int, reveal: bool) -> None:
    """The first of each list by person."""
    from ledger.identity import mask_name, mask_number

    seen: dict[str, int] = {}
    shown = []
    for row in rows:
        seen[row["list"]] = seen.get(row["list"], 0) + 1
        if seen[row["list"]] <= most:
            who = (row["number"], row["name"]) if reveal else (mask_number(row["number"]), mask_name(row["name"]))
            shown.append((row["list"], *who, row["category"], row["town"], row["reason"]))
    table("名单", ("清单", "证件号码", "姓名", "类别", "乡镇", "说明"), shown)


def _due(desk: Desk, fund: str, year: int, as_of: str | None, back: bool) -> Due:
    from datetime import date

    from ledger.funds import Fund
    from shebao import premium_desk
    from shebao.proposals import parse_day
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    day = parse_day(as_of) if as_of else date.fromisoformat(office.now()[:10])
    with working("比对名单 …"):
        return premium_desk.due(office, Fund.parse(fund), year, day, "back" if back else "claim")


@click.command()
@fund_option
@year_option
@as_of_option
@back_option
@json_option
@click.pass_obj
def due(desk: Desk, fund: str, year: int, as_of: str | None, back: bool, json_: bool) -> None:
    """算一算某年度该代缴谁、向谁申请多少、谁没有列入和原因；加 --back 看要退回的。什么都不写。

    \b
    例：
      shebao premium due --fund R --year 2026
      shebao premium due --fund R --year 2026 --back
    """
    from ledger.money import show

    found = _due(desk, fund, year, as_of, back)
    made = found.drawn
    if json_:
        as_json({"persons": made.persons, "fen": made.fen, "by": [[*keys, persons, fen] for keys, persons, fen in made.by("payer", "category")],
                 "left_out": dict(made.reasons()), "files": list(found.files)})  # fmt: skip
        return
    rows = [(*keys, persons, show(fen)) for keys, persons, fen in (made.by("payer", "note") if back else made.by("payer", "category"))]
    title = f"{year} 年度{KINDS['back' if back else 'claim']} {made.persons} 人 {show(made.fen)} 元"
    table(title, ("出资方", "原因" if back else "类别", "人数", "金额（元）"), rows, right=("人数", "金额（元）"))
    if not back:
        table("未列入及原因", ("原因", "人数"), made.reasons(), right=("人数",))


@click.command()
@fund_option
@year_option
@as_of_option
@back_option
@json_option
@click.pass_obj
def claim(desk: Desk, fund: str, year: int, as_of: str | None, back: bool, json_: bool) -> None:
    """经办编制代缴清册（加 --back 编制退回清册）：名单在用的版本、最低档次、各方分担，逐人留存。

    \b
    例：
      shebao premium claim --fund R --year 2026
      shebao premium claim --fund R --year 2026 --back
    """
    from datetime import date

    from ledger.funds import Fund
    from shebao import premium_desk
    from shebao.proposals import parse_day
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    day = parse_day(as_of) if as_of else date.fromisoformat(office.now()[:10])
    with working("编制清册 …"):
        made = premium_desk.prepare(office, Fund.parse(fund), year, day, "back" if back else "claim")
    if json_:
        as_json(_facts(made))
        return
    click.echo(f"{_told(made)}；未列入 {made.left_out} 人。下一步：审核岗 shebao premium review {made.claim_id} --fund {fund}")


def _told(one: Claim) -> str:
    from controls.premiums.claim_rows import KIND_ZH, STATE_ZH
    from ledger.money import show

    return f"第 {one.claim_id} 号{KIND_ZH[one.kind]}（{STATE_ZH[one.state]}）：{one.year} 年度 {one.persons} 人 {show(one.fen)} 元"


def _facts(one: Claim) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


@click.command()
@fund_option
@json_option
@click.pass_obj
def claims(desk: Desk, fund: str, json_: bool) -> None:
    """列出各号清册：年度、状态、人数、金额。

    \b
    例：
      shebao premium claims --fund R
    """
    from controls import people
    from controls.premiums import claim_rows
    from ledger import accounts
    from ledger.funds import Fund
    from ledger.money import show
    from shebao.store import Office

    with Office(desk.home).reading() as connection:
        found = claim_rows.claims(connection, accounts.book_of(connection, Fund.parse(fund)).book_id)
        called = people.names(connection)
    if json_:
        as_json([_facts(one) for one in found])
        return
    rows = [
        (one.claim_id, claim_rows.KIND_ZH[one.kind], one.year, claim_rows.STATE_ZH[one.state], one.persons, show(one.fen), one.left_out, one.as_of,
         called.get(one.prepared_by, ""), called.get(one.reviewed_by, ""))
        for one in found
    ]  # fmt: skip
    table("代缴清册", ("号", "种类", "年度", "状态", "人数", "金额（元）", "未列入", "截至", "编制", "审核"), rows, right=("人数", "金额（元）", "未列入"))


@click.command()
@click.argument("claim_id", type=NUMBER, metavar="号")
@fund_option
@click.option("--lines", "most", type=COUNT, default=0, show_default=True, help="列出多少行明细。")
@reveal_option
@json_option
@click.pass_obj
def show(desk: Desk, claim_id: int, fund: str, most: int, reveal: bool, json_: bool) -> None:
    """看一号清册：各出资方应付、已入账的凭证，未列入的原因，前若干行明细。

    \b
    例：
      shebao premium show 1 --fund R --lines 20
    """
    from itertools import islice

    from controls.premiums import claim_rows
    from ledger import accounts, money
    from ledger.funds import Fund
    from ledger.identity import mask_name, mask_number
    from shebao import premium_desk
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    with office.reading() as connection:
        one = claim_rows.get(connection, accounts.book_of(connection, Fund.parse(fund)).book_id, claim_id)
        slots = premium_desk.slots(connection, one)
        lines = list(islice(claim_rows.lines(connection, one), most))
    if reveal and lines:
        reading(office, one.thing, "代缴清册明细")
    mine = [slot for slot in slots if slot.category == claim_rows.EVERY or slot.voucher is not None]
    if json_:
        as_json(_facts(one) | {"payers": [{"payer": s.payer, "category": s.category, "received_year": s.received_year, "persons": s.persons, "fen": s.fen,
                "voucher": s.voucher.label if s.voucher else ""} for s in mine]})  # fmt: skip
        return
    click.echo(_told(one))
    rows = [
        (s.payer, s.category, s.received_year or "", s.persons, money.show(s.fen), f"{s.voucher.label}（{s.voucher.state}）" if s.voucher else "") for s in mine
    ]
    table("出资方", ("出资方", "类别", "收到年份", "人数", "金额（元）", "凭证"), rows, right=("人数", "金额（元）"))
    if lines:
        shown = [
            (row[0] if reveal else mask_number(row[0]), row[3] if reveal else mask_name(row[3]), row[4], row[5], row[6], row[1], money.show(row[8]), row[10])
            for row in lines
        ]
        table("明细", ("证件号码", "姓名", "类别", "兼有类别", "乡镇", "出资方", "金额（元）", "备注"), shown, right=("金额（元）",))


@click.command()
@click.argument("claim_id", type=NUMBER, metavar="号")
@fund_option
@click.pass_obj
def review(desk: Desk, claim_id: int, fund: str) -> None:
    """股室负责人审核清册：核对摘要后签字；编制人不得审核。

    \b
    例：
      shebao premium review 1 --fund R
    """
    from controls.premiums import claim_store
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = claim_store.review(work, office.now(), actor, accounts.book_of(work.connection, Fund.parse(fund)).book_id, claim_id)
        work.commit()
    click.echo(f"{_told(made)}。摘要码 {made.digest[:16]}")


@click.command()
@click.argument("claim_id", type=NUMBER, metavar="号")
@fund_option
@click.option("--reason", type=REASON, required=True, help="作废原因。")
@click.pass_obj
def withdraw(desk: Desk, claim_id: int, fund: str, reason: str) -> None:
    """作废清册（没有凭证的），写明原因；明细仍留存，可重新编制。

    \b
    例：
      shebao premium withdraw 1 --fund R --reason 名单有更新
    """
    from controls.premiums import claim_store
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = claim_store.withdraw(work, office.now(), actor, accounts.book_of(work.connection, Fund.parse(fund)).book_id, claim_id, reason)
        work.commit()
    click.echo(f"{_told(made)}：{reason}")


@click.command("print")
@click.argument("claim_id", type=NUMBER, metavar="号")
@fund_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="输出目录：PDF 和 XLSX（含清册）。")
@reveal_option
@click.pass_obj
def print_(desk: Desk, claim_id: int, fund: str, out: Path, reveal: bool) -> None:
    """打印代缴保费申请（退回清册）：按出资方、类别、乡镇的人数和金额；PDF 可用 shebao verify 复核。

    \b
    例：
      shebao premium print 1 --fund R --out 清册/
    """
    from ledger.funds import Fund
    from shebao import premium_papers
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    if reveal:
        reading(office, f"premium-claim:{fund}:{claim_id}", "代缴清册")
    files, digest = premium_papers.write_claim(office, Fund.parse(fund), claim_id, out, reveal=reveal)
    for file in files:
        click.echo(str(file))
    click.echo(f"摘要码 {digest[:16]}")


@click.command()
@click.argument("claim_id", type=NUMBER, metavar="号")
@fund_option
@click.option("--payer", required=True, help="出资方：中央、省、市、县、医疗救助、残联、其他。")
@click.option("--date", "day", required=True, help="到账日期。")
@click.option("--amount", required=True, help="到账金额（元）。")
@click.option("--document", required=True, help="拨款文件号或到账凭证号；同一凭据只入账一次。")
@click.option("--into", type=click.Choice(["1003", "1005", "1002"]), default="1003", show_default=True, help="到哪个账户。")
@click.option("--category", default="*", show_default=True, help="只到了某一类别的钱。")
@click.pass_obj
def receive(desk: Desk, claim_id: int, fund: str, payer: str, day: str, amount: str, document: str, into: str, category: str) -> None:
    """会计登记代缴资金到账：与清册逐人核对，相符才制单（C6，记 4001 政府代缴），明细逐人入账。

    \b
    例：
      shebao premium receive 1 --fund R --payer 县 --date 2026-04-02 --amount 5406400 --document 县财社2026-15
    """
    from ledger.funds import Fund
    from ledger.money import parse_fen
    from shebao import premium_desk
    from shebao.proposals import parse_day
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    made = premium_desk.receive(
        office, Fund.parse(fund), claim_id, payer=payer, day=parse_day(day), fen=parse_fen(amount), document=document, into=into, category=category
    )
    click.echo(f"{made.label} 已制单：{made.entry.summary}（逐人 {made.entry.contribution_count} 笔）。下一步：复核岗 shebao voucher review {made.label}")


@click.command()
@click.argument("claim_id", type=NUMBER, metavar="号")
@fund_option
@click.option("--date", "day", required=True, help="退款日期。")
@click.option("--document", required=True, help="退款审批号或付款凭证号。")
@click.option("--from", "out_of", type=click.Choice(["1004", "1002", "1005"]), default="1004", show_default=True, help="退本年保费由哪个账户付。")
@click.pass_obj
def refund(desk: Desk, claim_id: int, fund: str, day: str, document: str, out_of: str) -> None:
    """会计按审核过的退回清册制单：本年收到的冲减 4001（C12），以前年度收到的记 5401（C13），明细为负逐人入账。

    \b
    例：
      shebao premium refund 2 --fund R --date 2026-05-08 --document 退费2026-3
    """
    from ledger.funds import Fund
    from ledger.money import show as shown
    from shebao import premium_desk
    from shebao.proposals import parse_day
    from shebao.store import Office

    office = Office(desk.home)
    _ = office.actor
    for made in premium_desk.refund(office, Fund.parse(fund), claim_id, day=parse_day(day), document=document, out_of=out_of):
        click.echo(f"{made.label} 已制单：{made.entry.event}  {made.entry.summary}  {shown(made.entry.debit)} 元")


COMMANDS = (due, claim, claims, show, review, withdraw, print_, receive, refund)

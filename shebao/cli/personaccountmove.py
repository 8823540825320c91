"""`shebao person-account …`: transfers between schemes and regions, one-off payments and corrections, each laid before the reviewer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.foreseen import REASON
from shebao.cli.personaccountshow import batch_facts, batch_of, fund_option, print_batch
from shebao.cli.roster import json_option
from shebao.cli.show import as_json

if TYPE_CHECKING:
    from controls.duties import Actor
    from ledger.accounts import Book
    from ledger.db import UnitOfWork
    from ledger.person_accounts.store import Batch

DATE = click.DateTime(["%Y-%m-%d"])
number_argument = click.argument("number", metavar="证件号码")
day_option = click.option("--date", "day", type=DATE, required=True, help="凭证日期（资金收付的日期）。")
evidence_option = click.option("--evidence", required=True, help="依据：文件名称和编号。")
key_option = click.option("--key", required=True, help="转移编号（联系函、审批表编号）；与转移接续台账、对方凭证一致。")
into_option = click.option("--into", type=click.Choice(["1002", "1003"]), default="1003", show_default=True, help="收款账户。")


def _amounts(given: tuple[str, ...]) -> dict[str, int]:
    """``来源=元`` as fen by part; raises SB1001, SB3264."""
    from controls.person_accounts.errors import BadMove
    from ledger.money import parse_fen

    made: dict[str, int] = {}
    for text in given:
        name, sign, amount = text.partition("=")
        if not sign or name in made:
            raise BadMove(what="各来源金额", why=f"“{text[:30]}”应写作 来源=元，每个来源一次")
        made[name] = parse_fen(amount)
    return made


def _propose(desk: Desk, fund: str, json_: bool, act: Callable[[UnitOfWork, str, Actor, Book], Batch]) -> None:
    """Runs one act on a fund's book as the person signed in and shows it."""
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        made = act(work, office.now(), actor, accounts.book_of(work.connection, Fund.parse(fund)))
        work.commit()
    print_batch(made, json_)


@click.command("transfer")
@number_argument
@click.option("--from", "give", required=True, help="转出险种。")
@click.option("--to", "take", required=True, help="转入险种。")
@day_option
@into_option
@key_option
@evidence_option
@json_option
@click.pass_obj
def transfer(desk: Desk, number: str, give: str, take: str, day: datetime, into: str, key: str, evidence: str, json_: bool) -> None:
    """制度衔接（居保与职工养老互转）：整户转移，两个账套各一件，编号相同；审核后各提出一张凭证，互相注明（T5）。

    \b
    例：
      shebao person-account transfer 110101199001011234 --from R --to E --date 2026-05-08 --key 衔接2026-003 --evidence 审批表3号
    """
    from controls.person_accounts import moves
    from ledger import accounts
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    with office.unit() as work:
        books = [accounts.book_of(work.connection, Fund.parse(fund)) for fund in (give, take)]
        made = moves.between_schemes(work, office.now(), actor, books[0], books[1], number, day=day.date(), into=into, key=key, evidence=evidence)
        work.commit()
    if json_:
        as_json([batch_facts(one) for one in made])
        return
    for one in made:
        print_batch(one, False)


@click.command("transfer-out")
@number_argument
@fund_option
@day_option
@key_option
@click.option("--pooled", default="0", show_default=True, help="一并转移的统筹基金（元），不在个人账户内。")
@click.option("--region", default="", help="转入地。")
@evidence_option
@json_option
@click.pass_obj
def transfer_out(desk: Desk, number: str, fund: str, day: datetime, key: str, pooled: str, region: str, evidence: str, json_: bool) -> None:
    """跨统筹地区转出（T3）：整户转出，余额归零；审核后提出凭证，凭证记账后生效。

    \b
    例：
      shebao person-account transfer-out 110101199001011234 --fund R --date 2026-05-08 --key 转出2026-017 --region 邻县 --evidence 联系函17号
    """
    from controls.person_accounts import moves
    from ledger.money import parse_fen

    given: dict[str, Any] = {"day": day.date(), "key": key, "evidence": evidence, "to": region}
    _propose(desk, fund, json_, lambda work, now, actor, book: moves.transfer_out(work, now, actor, book, number, pooled=parse_fen(pooled), **given))


@click.command("transfer-in")
@number_argument
@fund_option
@click.option("--part", "parts", multiple=True, required=True, help="来源=元，可多次；统筹基金转移写 统筹基金转移=元。")
@day_option
@into_option
@key_option
@click.option("--region", default="", help="转出地。")
@evidence_option
@json_option
@click.pass_obj
def transfer_in(
    desk: Desk, number: str, fund: str, parts: tuple[str, ...], day: datetime, into: str, key: str, region: str, evidence: str, json_: bool
) -> None:
    """跨统筹地区转入（T1）：按信息表上的来源记入个人账户；审核后提出凭证，凭证记账后生效。

    \b
    例：
      shebao person-account transfer-in 110101199001011234 --fund R --part 个人缴费=1200 --part 省补贴=90 --date 2026-05-08 --key 转入4 --evidence 信息表4号
    """
    from controls.person_accounts import moves

    given: dict[str, Any] = {"day": day.date(), "into": into, "key": key, "evidence": evidence, "origin": region}
    _propose(desk, fund, json_, lambda work, now, actor, book: moves.transfer_in(work, now, actor, book, number, _amounts(parts), **given))


@click.command("return")
@click.argument("ref", metavar="事项编号")
@day_option
@click.option("--account", type=click.Choice(["1002", "1003", "1004"]), required=True, help="收款或付款账户。")
@click.option("--reason", type=REASON, required=True, help="退回的原因。")
@evidence_option
@json_option
@click.pass_obj
def return_(desk: Desk, ref: str, day: datetime, account: str, reason: str, evidence: str, json_: bool) -> None:
    """转移退回：转入的退回对方（T2），或转出的被退回（T4）；整笔退，账户随之减少或恢复。

    \b
    例：
      shebao person-account return 3-12 --date 2026-06-02 --account 1004 --reason 账号有误退回 --evidence 退回通知2号
    """
    from controls.person_accounts import moves
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    book, batch_id = batch_of(office, ref)
    with office.unit() as work:
        made = moves.returned(work, office.now(), actor, book, batch_id, day=day.date(), account=account, evidence=evidence, reason=reason)
        work.commit()
    print_batch(made, json_)


@click.command("one-off")
@number_argument
@fund_option
@click.option("--reason", type=REASON, required=True, help="事由：死亡、出国定居、重复领取清退、重复缴费（居保）、清退（职工、机关）。")
@click.option("--happened", type=DATE, required=True, help="死亡（终止）日期；当月及以前的待遇应发，以后的为多发。")
@click.option("--date", "day", type=DATE, default=None, help="凭证日期；不写为今天。")
@click.option("--funeral", default="0", show_default=True, help="应发的丧葬补助金（元），可用于抵扣多发。")
@evidence_option
@json_option
@click.pass_obj
def one_off(desk: Desk, number: str, fund: str, reason: str, happened: datetime, day: datetime | None, funeral: str, evidence: str, json_: bool) -> None:
    """个人账户一次性支付：算出应退余额、预支的个人账户月份、多发的基础养老金；按 余额 → 丧葬补助金 → 退款 的顺序抵扣，逐步列出。

    \b
    例：
      shebao person-account one-off 110101199001011234 --fund R --reason 死亡 --happened 2026-03-09 --evidence 死亡证明5号
    """
    from controls.person_accounts import leaving
    from ledger.money import parse_fen
    from shebao.store import Office

    on = day.date() if day is not None else date.fromisoformat(Office.now()[:10])
    given: dict[str, Any] = {"reason": reason, "happened": happened.date(), "day": on, "evidence": evidence}
    _propose(desk, fund, json_, lambda work, now, actor, book: leaving.one_off(work, now, actor, book, number, funeral=parse_fen(funeral), **given))


@click.command("correct")
@number_argument
@fund_option
@click.option("--part", "parts", multiple=True, required=True, help="来源=元，减少写负数；可多次。")
@click.option("--to", "other", default="", help="把同样的金额反向记到另一人（证件号码），用于记错人的更正。")
@click.option("--period", required=True, help="记入的月份，如 2026-05。")
@click.option("--reason", type=REASON, required=True, help="更正的原因。")
@evidence_option
@json_option
@click.pass_obj
def correct(desk: Desk, number: str, fund: str, parts: tuple[str, ...], other: str, period: str, reason: str, evidence: str, json_: bool) -> None:
    """更正个人账户（不涉及资金收付的）：记错人、记错来源；余额不得为负，写明原因和依据，由另一人审核。

    \b
    例：
      shebao person-account correct 110101199001011234 --fund R --part 个人缴费=-50 --to 110101199001014321 --period 2026-05 --reason 录错 --evidence 说明2号
    """
    from controls.person_accounts import moves
    from ledger.months import Month

    def act(work: UnitOfWork, now: str, actor: Actor, book: Book) -> Batch:
        amounts = _amounts(parts)
        rows = {(number, name): fen for name, fen in amounts.items()} | ({(other, name): -fen for name, fen in amounts.items()} if other else {})
        return moves.correct(work, now, actor, book, rows, month=Month.parse(period), reason=reason, evidence=evidence)

    _propose(desk, fund, json_, act)


MOVES = (transfer, transfer_out, transfer_in, return_, one_off, correct)

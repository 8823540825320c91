"""`shebao accounts`: the accounts of a book, and opening or ending detail accounts while it is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON

if TYPE_CHECKING:
    from controls.account_changes.changes import Change
    from ledger.accounts import Book
    from ledger.db import UnitOfWork
    from shebao.store import Office

STATES = {"proposed": "待确认", "confirmed": "已确认", "rejected": "已退回"}
KINDS = {"add": "增设", "end": "停用"}


@click.group()
def accounts() -> None:
    """科目：查看；在用账套里增设、停用明细科目，会计提出，会计主管确认。

    \b
    例：
      shebao accounts list --fund R
      shebao accounts add R 10030201 农商行定期 --from 2026-03-01 --reason 新开定期存款
      shebao accounts confirm R 1
    """


@accounts.command("list")
@click.option("--fund", required=True, help="险种。")
@click.option("--changes", is_flag=True, help="列出科目变动，而不是科目。")
@click.option("--parents", is_flag=True, help="列出可以增设明细的科目。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_(desk: Desk, fund: str, changes: bool, parents: bool, json_: bool) -> None:
    """列出账套的科目，或科目变动，或可以增设明细的科目。

    \b
    例：
      shebao accounts list --fund R --changes
    """
    from controls.account_changes import changes as kept
    from ledger import accounts as stored
    from ledger.funds import Fund
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    with office.reading() as connection:
        book = stored.book_of(connection, Fund.parse(fund))
        known = stored.accounts_of(connection, book.book_id)
        made = kept.listed(connection, book.book_id)
    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    if parents:
        title, heads = "可以增设明细的科目", ("科目", "级次", "末级可分设", "说明", "依据")
        rows = [(one.parent, f"{one.level} 位起", "可以" if one.split else "", one.zh, one.reference) for one in kept.parents()]
    elif changes:
        title, heads = "科目变动", ("号", "变动", "科目", "名称", "日期", "原因", "状态", "提出", "签字")
        rows = [
            (str(one.change_id), KINDS[one.kind], one.code, one.full_name, one.day, one.reason, STATES[one.state], one.proposed_by, one.signed_by)
            for one in made
        ]
    else:
        title, heads = f"{book.fund.zh}基金科目", ("科目", "名称", "末级", "来源", "启用", "停用")
        rows = [(one.code, one.full_name, "是" if one.leaf else "", one.origin, one.valid_from, one.valid_to) for one in known.values()]
    if json_:
        as_json([dict(zip(heads, row, strict=True)) for row in rows])
        return
    table(title, heads, rows)


@accounts.command()
@click.argument("fund")
@click.argument("code")
@click.argument("name")
@click.option("--from", "since", required=True, help="启用日期，如 2026-03-01。")
@click.option("--reason", type=REASON, required=True, help="增设的原因，记入留痕。")
@click.pass_obj
def add(desk: Desk, fund: str, code: str, name: str, since: str, reason: str) -> None:
    """会计提出增设明细科目：CODE 是上级科目编号加两位。报表按上级科目取数，不用改。

    录入凭证时用 --detail account@上级科目=新科目 指定记入；导入的凭证直接写新科目。

    \b
    例：
      shebao accounts add R 10030201 农商行定期 --from 2026-03-01 --reason 新开定期存款
      shebao voucher enter --event V1 … --detail account@100302=10030201
    """
    from controls.account_changes import changes
    from shebao.proposals import parse_day

    def opened(office: Office, work: UnitOfWork, book: Book) -> list[Change]:
        return [changes.open_detail(work, office.now(), office.actor, book, code, name.strip(), parse_day(since), reason)]

    _told(desk, fund, opened)


@accounts.command()
@click.argument("fund")
@click.option("--reason", type=REASON, required=True, help="原因，如补充规定的文号，记入留痕。")
@click.pass_obj
def take(desk: Desk, fund: str, reason: str) -> None:
    """会计提出取用补充规定：科目表和补充文件里有、账套里还没有的科目，各自从规定的日期起增设或停用。

    \b
    例：
      shebao accounts take R --reason 财会〔2026〕×号补充规定
    """
    from controls.account_changes import changes

    _told(desk, fund, lambda office, work, book: changes.take_supplements(work, office.now(), office.actor, book, reason))


@accounts.command()
@click.argument("fund")
@click.argument("code")
@click.option("--from", "until", required=True, help="停用日期：从这一天起不再记账。")
@click.option("--reason", type=REASON, required=True, help="停用的原因，记入留痕。")
@click.pass_obj
def end(desk: Desk, fund: str, code: str, until: str, reason: str) -> None:
    """会计提出停用本单位增设的末级科目：余额须为零。

    \b
    例：
      shebao accounts end R 10030201 --from 2027-01-01 --reason 定期存款已转出
    """
    from controls.account_changes import changes
    from shebao.proposals import parse_day

    def ended(office: Office, work: UnitOfWork, book: Book) -> list[Change]:
        return [changes.end_detail(work, office.now(), office.actor, book, code, parse_day(until), reason)]

    _told(desk, fund, ended)


@accounts.command()
@click.argument("fund")
@click.argument("numbers", nargs=-1, type=NUMBER)
@click.option("--all", "everything", is_flag=True, help="确认全部待确认的变动。")
@click.pass_obj
def confirm(desk: Desk, fund: str, numbers: tuple[int, ...], everything: bool) -> None:
    """会计主管确认科目变动（不能确认自己提出的），确认后即时生效。

    \b
    例：
      shebao accounts confirm R 1
      shebao accounts confirm R --all
    """
    from controls.account_changes import changes

    def signed(office: Office, work: UnitOfWork, book: Book) -> list[Change]:
        wanted = [one.change_id for one in changes.listed(work.connection, book.book_id, "proposed")] if everything else list(numbers)
        if not wanted:
            raise click.UsageError("请写出变动号，或用 --all。")
        return changes.confirm(work, office.now(), office.actor, book.book_id, wanted)

    _told(desk, fund, signed, "已确认")


@accounts.command()
@click.argument("fund")
@click.argument("number", type=NUMBER)
@click.option("--reason", type=REASON, required=True, help="退回的原因，记入留痕。")
@click.pass_obj
def reject(desk: Desk, fund: str, number: int, reason: str) -> None:
    """会计主管退回科目变动。

    \b
    例：
      shebao accounts reject R 1 --reason 编号重复
    """
    from controls.account_changes import changes

    _told(desk, fund, lambda office, work, book: [changes.reject(work, office.now(), office.actor, book.book_id, number, reason)], "已退回")


def _told(desk: Desk, fund: str, step: Callable[[Office, UnitOfWork, Book], Iterable[Change]], done: str = "待会计主管确认") -> None:
    """Runs one step in one transaction and says what became of each change."""
    from ledger import accounts as stored
    from ledger.funds import Fund
    from shebao.store import Office

    office = Office(desk.home)
    assert office.actor.user
    with office.unit() as work:
        made = list(step(office, work, stored.book_of(work.connection, Fund.parse(fund))))
        work.commit()
    for one in made:
        click.echo(f"科目变动 {one.change_id}：{KINDS[one.kind]} {one.code} {one.full_name}，自 {one.day}，{done}。")

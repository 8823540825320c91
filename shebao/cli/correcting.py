"""`shebao voucher reverse`, `correct`, `adjust`: posted vouchers are corrected by new ones, never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import COUNT, REASON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from controls.vouchers import Draft
    from shebao.store import Office


@click.command()
@click.argument("label")
@click.option("--date", "day", required=True, help="红字凭证的日期，须在开放的月份，如 2026-02-05。")
@click.option("--reason", type=REASON, required=True, help="冲销的原因，写入摘要和留痕。")
@click.pass_obj
def reverse(desk: Desk, label: str, day: str, reason: str) -> None:
    """红字冲销：当年已记账的凭证，用同科目、同方向的红字凭证注销。

    \b
    例：
      shebao voucher reverse 1-5 --date 2026-02-05 --reason 重复入账
    """
    from controls import corrections
    from shebao.proposals import parse_day
    from shebao.store import Office

    office, when = Office(desk.home), parse_day(day)
    actor = office.actor
    book_id, voucher_id = _one(office, label)
    with office.unit() as work:
        draft = corrections.reverse(work, office.now(), actor, book_id, voucher_id, when, reason)
        work.commit()
    _told([draft])


@click.command()
@click.argument("label")
@click.option("--date", "day", required=True, help="更正凭证的日期，须在开放的月份。")
@click.option("--event", required=True, help="正确的业务代码，见 shebao voucher events。")
@click.option("--amount", "amounts", multiple=True, required=True, help="正确的金额（元）；有多个金额的业务写 名称=金额，可重复。")
@click.option("--detail", "details", multiple=True, help="明细，如 level=县级，可重复。")
@click.option("--attachments", type=COUNT, default=0, show_default=True, help="附单据张数（原始凭证仍附在原凭证后的为 0）。")
@click.option("--reason", type=REASON, required=True, help="更正的原因，写入摘要和留痕。")
@click.pass_obj
def correct(desk: Desk, label: str, day: str, event: str, amounts: tuple[str, ...], details: tuple[str, ...], attachments: int, reason: str) -> None:
    """蓝字更正：当年的凭证红字注销并按正确内容另制蓝字凭证；以前年度的只制蓝字凭证。

    \b
    例：
      shebao voucher correct 1-5 --date 2026-02-05 --event I1 --amount 12.34 --detail into=1003 --reason 利息户名错
      shebao voucher correct 1-5 --date 2027-03-02 --event C13 --amount 200 --reason 上年多收保费退回
    """
    from controls import corrections
    from controls.duties import Duty, require
    from shebao.cli.voucherlabels import pairs
    from shebao.proposals import correcting, parse_day
    from shebao.store import Office

    office, when = Office(desk.home), parse_day(day)
    actor = office.actor
    require(actor, Duty.BOOKKEEP)
    book_id, voucher_id = _one(office, label)
    with office.unit() as work:
        right = correcting(work.connection, book_id, event, when, pairs(amounts, "amount"), pairs(details, ""), attachments)
        drafts = corrections.correct(work, office.now(), actor, book_id, voucher_id, right, reason)
        work.commit()
    _told(drafts)


@click.command()
@click.argument("label")
@click.option("--date", "day", required=True, help="差额凭证的日期，须在开放的月份。")
@click.option("--amount", default="", help="正确的金额（元）；一借一贷的凭证用这一项。")
@click.option("--line", "lines", multiple=True, help="行号=正确金额（元），可重复；没有写的行不变。")
@click.option("--reason", type=REASON, required=True, help="调整的原因，写入摘要和留痕。")
@click.pass_obj
def adjust(desk: Desk, label: str, day: str, amount: str, lines: tuple[str, ...], reason: str) -> None:
    """差额调整：科目没有错、只是金额错的，按差额另制凭证，调增用蓝字，调减用红字。

    \b
    例：
      shebao voucher adjust 1-5 --date 2026-02-05 --amount 123.45 --reason 金额录入有误
      shebao voucher adjust 1-5 --date 2026-02-05 --line 1=100 --line 3=100 --reason 中央与县级各错 20 元
    """
    from controls import corrections
    from controls.duties import Duty, require
    from ledger.money import parse_fen
    from shebao.cli.voucherlabels import pairs
    from shebao.proposals import parse_day
    from shebao.store import Office

    if bool(amount) == bool(lines):
        raise click.UsageError("正确的金额用 --amount 或 --line 写一种")
    office, when = Office(desk.home), parse_day(day)
    actor = office.actor
    require(actor, Duty.BOOKKEEP)
    book_id, voucher_id = _one(office, label)
    with office.unit() as work:
        right = {_place(name): parse_fen(text) for name, text in pairs(lines, "").items()}
        if amount:
            origin = corrections.origin_of(work.connection, book_id, voucher_id)
            if len(origin.entry.lines) != 2:
                raise click.UsageError(f"这张凭证有 {len(origin.entry.lines)} 行，请用 --line 行号=正确金额")
            right = dict.fromkeys((1, 2), parse_fen(amount))
        draft = corrections.adjust(work, office.now(), actor, book_id, voucher_id, right, when, reason)
        work.commit()
    _told([draft])


def links_told(office: Office, draft: Draft) -> Iterator[str]:
    """Which voucher this one corrects, and which correct it."""
    from controls import corrections, vouchers
    from ledger import posted

    with office.reading() as connection:
        if draft.entry.corrects is not None:
            yield f"本凭证更正 {posted.one(connection, draft.book_id, draft.entry.corrects).label}"
        for link in corrections.links(connection, draft.book_id, draft.entry_id) if draft.entry_id is not None else ():
            yield f"已由 {draft.book_id}-{link.voucher_id} {link.kind.zh}（{vouchers.STATES[link.state]}）"


def _place(text: str) -> int:
    if not text.isdigit():
        raise click.BadParameter(f"“{text}”不是行号", param_hint="--line")
    return int(text)


def _one(office: Office, label: str) -> tuple[int, int]:
    from shebao.cli.voucherlabels import labelled

    ((book_id, voucher_id),) = labelled(office, (label,), None, "", False)
    return book_id, voucher_id


def _told(drafts: Iterable[Draft]) -> None:
    from ledger.money import show

    for draft in drafts:
        click.echo(f"{draft.label} 已制单：{draft.entry.summary}，{show(draft.entry.debit)} 元。")
    click.echo("下一步：复核岗 shebao voucher review，会计 shebao voucher post。")


COMMANDS = (reverse, correct, adjust)

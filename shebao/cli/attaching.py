"""`shebao voucher attach`, `attachments`, `detach`, `business`: the original documents of a voucher, and the vouchers of one business."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shebao.cli import Desk
from shebao.cli.foreseen import NUMBER, REASON
from shebao.cli.voucherlabels import labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controls.attachments import Attachment
    from controls.vouchers import Draft
    from shebao.store import Office


@click.command()
@click.argument("label")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheets", type=NUMBER, default=1, show_default=True, help="每个文件算几张单据。")
@click.option("--kept-at", default="", help="原件附在另一张凭证的，写那张凭证的流水号（一张原始凭证由几张凭证共用）。")
@click.pass_obj
def attach(desk: Desk, label: str, files: tuple[Path, ...], sheets: int, kept_at: str) -> None:
    """附原始凭证：把文件附到尚未审核的凭证上，按内容摘要保存；张数须与附单据数相符才能审核。

    \b
    例：
      shebao voucher attach 1-5 利息单.pdf 回单.jpg
      shebao voucher attach 1-6 联合通知.pdf --sheets 3 --kept-at 1-5
    """
    from controls import attachments, vouchers
    from controls.duties import Duty, require
    from shebao.store import Office

    office = Office(desk.home)
    require(office.actor, Duty.BOOKKEEP)
    ((book_id, voucher_id),) = labelled(office, (label,), None, "", False)
    keeper = labelled(office, (kept_at,), None, "", False)[0] if kept_at else None
    if keeper is not None and keeper[0] != book_id:
        raise click.BadParameter("原件须附在同一账套的凭证", param_hint="--kept-at")
    with office.unit() as work:
        stored = [attachments.store(office.home, file) for file in files]
        added = vouchers.attach(work, office.now(), office.actor, book_id, voucher_id, stored, sheets, keeper[1] if keeper else None)
        found = attachments.of_voucher(work.connection, book_id, voucher_id)
        said = vouchers.get(work.connection, book_id, voucher_id).entry.attachments
        work.commit()
    for one in added:
        click.echo(f"{label} 附件 {one.place}：{one.name}  {one.sheets} 张  摘要码 {one.sha256[:16]}")
    total = sum(one.sheets for one in found)
    click.echo(f"已附 {total} 张，附单据数 {said} 张" + ("，相符。" if total == said else "，尚不相符，不能审核。"))


@click.command("attachments")
@click.argument("label")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=None, help="把附件导出到这个目录（含个人信息，导出留痕）。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def list_attachments(desk: Desk, label: str, out: Path | None, json_: bool) -> None:
    """列出一张凭证的附件；用 --out 核对摘要后导出。

    \b
    例：
      shebao voucher attachments 1-5 --out 附件
    """
    from controls import attachments, vouchers
    from shebao.cli.show import as_json, table
    from shebao.store import Office

    office = Office(desk.home)
    ((book_id, voucher_id),) = labelled(office, (label,), None, "", False)
    with office.reading() as connection:
        vouchers.get(connection, book_id, voucher_id)
        found = attachments.of_voucher(connection, book_id, voucher_id)
    if out is not None:
        _export(office, label, found, out)
    if json_:
        as_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        return
    rows = [(one.place, one.name, one.sheets, f"{one.size:,}", _kept(one), one.sha256[:16], one.attached_by, one.attached_at[:10]) for one in found]
    table("附件", ("号", "文件", "张数", "字节", "原件附于", "摘要码", "经手", "日期"), rows, right=("号", "张数", "字节"))


@click.command()
@click.argument("label")
@click.argument("place", type=NUMBER)
@click.option("--reason", type=REASON, required=True, help="取下的原因，记入留痕。")
@click.pass_obj
def detach(desk: Desk, label: str, place: int, reason: str) -> None:
    """取下附错的原始凭证：审核以前可以取下，记录和文件都保留，并记入留痕。

    \b
    例：
      shebao voucher detach 1-5 2 --reason 附成了上月的回单
    """
    from controls import vouchers
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    ((book_id, voucher_id),) = labelled(office, (label,), None, "", False)
    with office.unit() as work:
        gone = vouchers.detach(work, office.now(), actor, book_id, voucher_id, place, reason)
        work.commit()
    click.echo(f"{label} 已取下附件 {gone.place}：{gone.name}（{gone.sheets} 张）。")


@click.command()
@click.argument("labels", nargs=-1, required=True)
@click.pass_obj
def business(desk: Desk, labels: tuple[str, ...]) -> None:
    """同笔业务：一笔业务需要几张凭证的，按顺序列明全部凭证（分数编号法）；全部审核后才能记账。

    各张凭证仍有自己的连续编号，打印时注明“同笔业务 收字11 2/3号”，11 是第一张的号。

    \b
    例：
      shebao voucher business 1-5 1-6 1-7
    """
    from controls import businesses
    from shebao.store import Office

    office = Office(desk.home)
    actor = office.actor
    found = labelled(office, labels, None, "", False)
    if len({book_id for book_id, _ in found}) > 1:
        raise click.BadParameter("同笔业务的凭证须在同一账套", param_hint="LABELS")
    with office.unit() as work:
        parts = businesses.declare(work, office.now(), actor, found[0][0], [number for _, number in found])
        work.commit()
    for part in parts:
        click.echo(f"{found[0][0]}-{part.voucher_id} 同笔业务 {part.part}/{part.parts}")


def told(office: Office, draft: Draft) -> Iterator[str]:
    """What `voucher show` says of a voucher's attachments and of the business it is part of."""
    from controls import attachments, businesses

    with office.reading() as connection:
        for one in attachments.of_voucher(connection, draft.book_id, draft.voucher_id):
            kept = f"，原件附于凭证 {_kept(one)}" if one.kept_at is not None else ""
            yield f"附件 {one.place}：{one.name}  {one.sheets} 张  摘要码 {one.sha256[:16]}{kept}"
        parts = businesses.parts_of(connection, draft.book_id, draft.voucher_id)
        if parts:
            mine = next(part for part in parts if part.voucher_id == draft.voucher_id)
            yield f"同笔业务 {mine.part}/{mine.parts}：" + "、".join(f"{draft.book_id}-{part.voucher_id}" for part in parts)


def _kept(one: Attachment) -> str:
    return "" if one.kept_at is None else f"{one.book_id}-{one.kept_at}"


def _export(office: Office, label: str, found: list[Attachment], out: Path) -> None:
    """Proved copies for those who may have the books, each under its place and kind; the reading is in the trail."""
    from controls import attachments, trail
    from shebao.exports import FileExists

    office.papers_may_be_read()
    attachments.prove_files(office.home, found)
    suffixes = {kind.kind: kind.suffix for kind in attachments.law().kinds}
    out.mkdir(parents=True, exist_ok=True)
    targets = [out / f"{label}-{one.place:03d}{suffixes[one.kind]}" for one in found]
    for target in targets:
        if target.exists():
            raise FileExists(file=target)
    with office.unit() as work:
        trail.reading(work, office.now(), office.actor, f"voucher:{label}", "凭证附件", len(found))
        work.commit()
    for one, target in zip(found, targets, strict=True):
        target.touch(mode=0o600)
        target.write_bytes(one.path(office.home).read_bytes())
        click.echo(f"已导出 {target}")


COMMANDS = (attach, list_attachments, detach, business)

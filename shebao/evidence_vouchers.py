"""What the trail and the files say of vouchers: attachments (附件) are those reviewed and unchanged, receipts and payments bear their cashier."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from controls import attachments, businesses, cashier, trail, vouchers
from controls.voucher_tables import voucher, voucher_line
from ledger.accounts import Book
from ledger.cash import is_cash
from ledger.chain import Record
from ledger.entries import digest
from shebao.evidence import Broken, records_by_thing


def papers(connection: sa.Connection, book: Book, home: Path) -> str:
    """C2, L11: attachments are those recorded and signed at review, no document hangs twice in the book, and every file is what was attached.

    Raises :class:`Broken` for lists, SB3121 for files.
    """
    by_thing = records_by_thing(connection)
    found = attachments.list_of(connection, book.book_id, ever=True)
    keepers: dict[str, str] = {}
    for draft in vouchers.drafts(connection, book.book_id):
        mine, records = found.pop(draft.voucher_id, []), by_thing[f"voucher:{draft.label}"]
        if [_hung(one) for one in mine] != [_told(record) for record in records if record.act == "attach"]:
            raise Broken(f"凭证流水 {draft.label} 的附件与留痕不符")
        gone = sorted((one.place, one.sha256, one.detached_by, one.detached_at) for one in mine if not one.on)
        told = sorted((record.told()["place"], record.digest, record.actor, record.at) for record in records if record.act == "detach")
        if gone != told:
            raise Broken(f"凭证流水 {draft.label} 取下的附件与留痕不符")
        attachments.prove_files(home, mine)
        mine = [one for one in mine if one.on]
        signed = [record.told().get("papers", "") for record in records if record.act == "review"]
        if draft.papers_digest != (signed[-1] if signed else "") or (signed and attachments.manifest(mine) != draft.papers_digest):
            raise Broken(f"凭证流水 {draft.label} 的附件与审核时不同")
        for one in mine:
            if one.kept_at is None and draft.state != "rejected" and keepers.setdefault(one.sha256, draft.label) != draft.label:
                raise Broken(f"凭证流水 {draft.label} 与 {keepers[one.sha256]} 附有同一张原始凭证")
    if found:
        raise Broken(f"有附件不属于任何凭证（{book.book_id}-{min(found)}）")
    count = connection.execute(sa.select(sa.func.count()).select_from(attachments.attachment).where(attachments.attachment.c.book_id == book.book_id))
    return f"{count.scalar_one()} 个附件与审核时相符，文件未被改动"


def _hung(one: attachments.Attachment) -> tuple[object, ...]:
    facts = {"place": one.place, "kind": one.kind, "size": one.size, "sheets": one.sheets, "kept_at": one.kept_at, "file": trail.redact(one.name)}
    return (one.sha256, one.attached_by, one.attached_at, facts)


def _told(record: Record) -> tuple[object, ...]:
    return (record.digest, record.actor, record.at, record.told())


def as_told(connection: sa.Connection, book: Book) -> str:
    """C6: every voucher holds the content proposed, and each step was taken by whom and when the trail says; none is gone, none slipped in."""
    by_thing = records_by_thing(connection)
    rows = {row.voucher_id: row for row in connection.execute(sa.select(voucher).where(voucher.c.book_id == book.book_id))}
    legs = voucher_line.c
    net = sa.func.sum(sa.case((legs.side == "D", legs.amount_fen), else_=-legs.amount_fen))
    counted = sa.select(legs.voucher_id, sa.func.min(legs.line_no), sa.func.max(legs.line_no), sa.func.count(), net).where(legs.book_id == book.book_id)
    numbered = {row[0]: tuple(map(int, row[1:])) for row in connection.execute(counted.group_by(legs.voucher_id))}
    for number, row in rows.items():
        least, most, count, owed = numbered.get(number, (0, 0, 0, 0))
        if (least, most, owed) != (1, count, 0) or count < 2 or row.day[:7] != str(row.period):
            raise Broken(f"凭证流水 {book.book_id}-{number} 的分录不平、不全，或日期不在会计期间内")
    start = f"voucher:{book.book_id}-"
    told = {thing for thing, records in by_thing.items() if thing.startswith(start) and any(record.act == "propose" for record in records)}
    if odd := sorted(told ^ {f"{start}{number}" for number in rows}):
        raise Broken(f"凭证流水 {odd[0].partition(':')[2]} 与提出留痕对不上")
    for draft in vouchers.drafts(connection, book.book_id):
        row, last = rows[draft.voucher_id], {record.act: record for record in by_thing[f"voucher:{draft.label}"]}
        if draft.entry.digest() != draft.digest:
            raise Broken(f"凭证流水 {draft.label} 的内容与摘要不符")
        stored = [(row.proposed_by, row.proposed_at), (row.maker, row.made_at), (row.reviewer, row.reviewed_at), (row.cashier, row.cashier_at)]
        if stored != [_signer(last.get(act)) for act in ("propose", "make", "review", cashier.ACT)]:
            raise Broken(f"凭证流水 {draft.label} 的经手人或时间与留痕不符")
        note = last["reject"].told()["note"] if "reject" in last else ""
        reviewed = draft.digest if "review" in last else ""
        if (trail.redact(row.note), row.reviewed_digest, bool(row.cash)) != (note, reviewed, is_cash(draft.entry)):
            raise Broken(f"凭证流水 {draft.label} 的说明、审核摘要或收付款标记与留痕不符")
        if (draft.state == "posted") != (row.entry_id is not None):
            raise Broken(f"凭证流水 {draft.label} 的记账序号与状态不符")
    return f"{len(rows)} 张凭证流水的内容、经手人和时间与留痕相符"


def _signer(record: Record | None) -> tuple[str, str]:
    return (record.actor, record.at) if record is not None else ("", "")


def parts(connection: sa.Connection, book: Book) -> str:
    """L4: the vouchers of one business are those declared, in their order, over the content they have; posted parts are whole businesses."""
    by_thing = records_by_thing(connection)
    told = {thing: records for thing, records in by_thing.items() if thing.startswith(f"business:{book.book_id}:")}
    digests = {draft.voucher_id: draft.digest for draft in vouchers.drafts(connection, book.book_id)}
    found = businesses.of_book(connection, book.book_id)
    if odd := sorted(set(told) ^ {f"business:{book.book_id}:{number}" for number in found}):
        raise Broken(f"同笔业务与留痕对不上：{odd[0]}")
    stored = connection.execute(sa.select(businesses.business).where(businesses.business.c.book_id == book.book_id))
    people = {(row.business_id, row.part): (row.parts, row.declared_by, row.declared_at) for row in stored}
    for number, mine in found.items():
        (record,) = told[f"business:{book.book_id}:{number}"]
        named = [one.voucher_id for one in mine]
        whole = [(len(mine), record.actor, record.at)] * len(mine)
        if [people[number, one.part] for one in mine] != whole or [one.part for one in mine] != list(range(1, len(mine) + 1)):
            raise Broken(f"同笔业务 {book.book_id}-{number} 与留痕不符")
        if record.told()["vouchers"] != named or record.digest != digest([[one, digests[one]] for one in named]):
            raise Broken(f"同笔业务 {book.book_id}-{number} 的凭证与列明时不同")
        if any(one.state == "posted" for one in mine) and any(one.state not in ("reviewed", "posted") for one in mine):
            raise Broken(f"同笔业务 {book.book_id}-{number} 只有部分凭证审核")
    return f"{len(found)} 笔业务的分号与留痕相符"


def cashiers(connection: sa.Connection, book: Book) -> str:
    """L9: every posted receipt and payment was signed by a cashier who neither made nor reviewed it, over the same content, as the trail says."""
    by_thing = records_by_thing(connection)
    signed = 0
    for draft in vouchers.drafts(connection, book.book_id):
        told = [record.actor for record in by_thing[f"voucher:{draft.label}"] if record.act == cashier.ACT and record.digest == draft.digest]
        if told != ([draft.cashier] if draft.cashier else []):
            raise Broken(f"凭证流水 {draft.label} 的出纳签字与留痕不符")
        if draft.cashier and draft.cashier in (draft.maker, draft.reviewer):
            raise Broken(f"凭证流水 {draft.label} 的出纳与制单或审核是同一人")
        if draft.state == "posted" and draft.cash != is_cash(draft.entry) and not draft.cashier:
            raise Broken(f"凭证流水 {draft.label} 未按收款、付款凭证办理")
        if draft.state == "posted" and draft.cash and not draft.cashier:
            raise Broken(f"凭证流水 {draft.label} 缺出纳签字")
        signed += bool(draft.cashier)
    return f"{signed} 张收款、付款凭证有出纳签字"

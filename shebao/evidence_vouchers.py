"""What the trail and the files say of vouchers' attachments (附件): each list is the one that was reviewed, and each file is there and unchanged."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa

from controls import attachments, vouchers
from ledger.accounts import Book
from shebao.evidence import Broken, records_by_thing


def papers(connection: sa.Connection, book: Book, home: Path) -> str:
    """C2, L11: attachments are those recorded and signed at review, no document hangs twice in the book, and every file is what was attached.

    Raises :class:`Broken` for lists, SB3121 for files.
    """
    by_thing = records_by_thing(connection)
    found = attachments.list_of(connection, book.book_id)
    keepers: dict[str, str] = {}
    for draft in vouchers.drafts(connection, book.book_id):
        mine, records = found.pop(draft.voucher_id, []), by_thing[f"voucher:{draft.label}"]
        if [one.sha256 for one in mine] != [record.digest for record in records if record.act == "attach"]:
            raise Broken(f"凭证流水 {draft.label} 的附件与留痕不符")
        signed = [json.loads(record.facts).get("papers", "") for record in records if record.act == "review"]
        if draft.papers_digest != (signed[-1] if signed else "") or (signed and attachments.manifest(mine) != draft.papers_digest):
            raise Broken(f"凭证流水 {draft.label} 的附件与审核时不同")
        for one in mine:
            if one.kept_at is None and draft.state != "rejected" and keepers.setdefault(one.sha256, draft.label) != draft.label:
                raise Broken(f"凭证流水 {draft.label} 与 {keepers[one.sha256]} 附有同一张原始凭证")
        attachments.prove_files(home, mine)
    if found:
        raise Broken(f"有附件不属于任何凭证（{book.book_id}-{min(found)}）")
    count = connection.execute(sa.select(sa.func.count()).select_from(attachments.attachment).where(attachments.attachment.c.book_id == book.book_id))
    return f"{count.scalar_one()} 个附件与审核时相符，文件未被改动"

"""What the trail says of budgets and plans: every document as drafted, reviewed and approved by three, none gone; funding within its plans."""

from __future__ import annotations

import sqlalchemy as sa

from controls import trail
from controls.budgets import documents, funding
from ledger.accounts import Book
from ledger.money import show
from shebao.evidence import Broken, records_by_thing


def kept(connection: sa.Connection, book: Book) -> str:
    """C1, C2: documents equal their records, signed by different people over their content; months under plans are within them. Raises :class:`Broken`."""
    by_thing = records_by_thing(connection)
    found = documents.listed(connection, book.book_id)
    start = f"budget:{book.book_id}-"
    if odd := {thing for thing in by_thing if thing.startswith(start)} ^ {one.thing for one in found}:
        raise Broken(f"预算文件与留痕对不上：{min(odd)}")
    for one in found:
        told = [(record.act, record.actor, record.at, record.digest) for record in by_thing[one.thing]]
        wanted = [("budget.draft", one.drafted_by, one.drafted_at, one.digest)]
        wanted += [("budget.review", one.reviewed_by, one.reviewed_at, one.digest)] if one.reviewed_by else []
        ends = {"approved": "budget.approve", "rejected": "budget.reject"}
        wanted += [(ends[one.state], one.decided_by, one.decided_at, one.digest)] if one.state in ends else []
        said = by_thing[one.thing][-1].told() if one.state in ends else {}
        words = (said.get("document", ""), said.get("note", "")) == (trail.redact(one.document), trail.redact(one.note))
        if told != wanted or one.content() != one.digest or (one.state in ends and not words):
            raise Broken(f"第 {one.number} 号{documents.KINDS[one.kind]}与留痕不符")
    for month in sorted({one.period for one in found if one.kind == "plan" and one.period is not None and one.state == "approved"}):
        plan, moved = funding.planned(connection, book.book_id, month), funding.funded(connection, book.book_id, month)
        if plan is not None and moved > plan:
            raise Broken(f"{month} 拨款 {show(moved)} 元超过用款计划 {show(plan)} 元")
    return f"{len(found)} 份预算文件与留痕相符"

"""What the trail says of awards (待遇核定): each was assessed by one and reviewed or sent back by another, over its content, and none is missing."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from controls.award_tables import award, award_item
from controls.benefits.awards import ACT, REJECT, REVIEW, Granted, Part, contents
from ledger.accounts import Book
from ledger.chain import Record
from ledger.identity import mask_number
from shebao.evidence import Broken, records_by_thing

STATES = {ACT: "assessed", REVIEW: "reviewed", REJECT: "rejected"}


def kept(connection: sa.Connection, book: Book) -> str:
    """C1, C6: awards and their items equal what the trail recorded of them; raises :class:`Broken`."""
    start = f"award:{book.book_id}:"
    records = [record for thing, found in records_by_thing(connection).items() if thing.startswith(start) for record in found]
    asked = sa.select(award).where(award.c.book_id == book.book_id).order_by(award.c.award_no)
    found = {row.award_no: Granted(**row._mapping) for row in connection.execute(asked)}
    items: dict[int, list[Part]] = defaultdict(list)
    for row in connection.execute(sa.select(award_item).where(award_item.c.book_id == book.book_id)):
        one = found.get(row.award_no)
        if one is None or (row.number, row.from_month) != (one.number, one.from_month):
            raise Broken(f"核定 {book.book_id}-{row.award_no} 的各项与核定不符")
        items[row.award_no].append((row.item, int(row.fen), row.joint))
    for place, (number, one) in enumerate(found.items(), start=1):
        told = items[number]
        if place != number or one.content != one.expected(told) or (len(told), sum(fen for _, fen, joint in told if not joint)) != (one.items, one.fen):
            raise Broken(f"核定 {one.label} 的内容与摘要不符")
        if one.state == "assessed" and (one.reviewed_by or one.reviewed_at or one.note):
            raise Broken(f"核定 {one.label} 还没有复核，却有复核人、时间或说明")
    reached: dict[int, str] = {}
    for record in sorted(records, key=lambda record: record.seq):
        _step(record, found, reached, book)
    if odd := sorted(reached.items() ^ {number: one.state for number, one in found.items()}.items()):
        raise Broken(f"核定 {book.book_id}-{odd[0][0]} 的状态与留痕对不上")
    return f"{len(found)} 份待遇核定与留痕相符，{sum(one.state == 'reviewed' for one in found.values())} 份经另一人复核"


def _step(record: Record, found: dict[int, Granted], reached: dict[int, str], book: Book) -> None:
    """One record of the trail against the awards it names."""
    facts = record.told()
    mine = [found.get(number) for number in facts["awards"]]
    state = STATES.get(record.act, "")
    if not state or any(one is None for one in mine) or not mine:
        raise Broken(f"留痕第 {record.seq} 条的待遇核定在库中没有")
    made = [one for one in mine if one is not None]
    first, last = made[0], made[-1]
    thing = f"award:{book.book_id}:{first.award_no}" + (f"-{last.award_no}" if len(made) > 1 else "")
    digest = first.digest if len(made) == 1 else contents(made)
    if (record.thing, record.digest, facts["content"], facts["fen"]) != (thing, digest, contents(made), sum(one.fen for one in made)):
        raise Broken(f"核定 {first.label} 与留痕不符")
    if len(made) == 1 and facts["person"] != mask_number(first.number):
        raise Broken(f"核定 {first.label} 的本人与留痕不符")
    for one in made:
        signed = (one.assessed_by, one.assessed_at, "") if state == "assessed" else (one.reviewed_by, one.reviewed_at, one.note)
        if signed != (record.actor, record.at, facts.get("reason", "")) or reached.get(one.award_no, "") != ("" if state == "assessed" else "assessed"):
            raise Broken(f"核定 {one.label} 的签字与留痕不符")
        if one.assessed_by == one.reviewed_by:
            raise Broken(f"核定 {one.label} 由同一人核定和复核")
        reached[one.award_no] = state

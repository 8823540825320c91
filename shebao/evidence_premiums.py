"""What the trail says of premium claims: each as it was prepared, reviewed by another or withdrawn, its lines and sums as they were, none gone.

The proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

import json
from collections import defaultdict

import sqlalchemy as sa

from controls import trail
from controls.premium_tables import claim_left, claim_line
from controls.premiums import claim_rows
from controls.premiums.claim_rows import Claim
from ledger.accounts import Book
from ledger.chain import Record
from shebao.evidence import Broken, records_by_thing

STEPS = {"premium.prepare": "prepared", "premium.review": "reviewed", "premium.withdraw": "withdrawn"}


def kept(connection: sa.Connection, book: Book) -> str:
    """C2, C6: claims of a book stand as the trail has them; digests, persons and sums are reckoned again from the lines."""
    things = {thing: records for thing, records in records_by_thing(connection).items() if thing.startswith(f"premium-claim:{book.book_id}:")}
    found = claim_rows.claims(connection, book.book_id)
    prepared = {thing for thing, records in things.items() if any(record.act == "premium.prepare" for record in records)}
    if odd := sorted(prepared ^ {one.thing for one in found}):
        raise Broken(f"代缴清册与留痕对不上：{odd[0]}")
    for one in found:
        _as_told(one, things[one.thing])
        _as_reckoned(connection, one)
    _no_strangers(connection, book, found)
    return f"{len(found)} 号代缴清册、{sum(one.lines for one in found)} 行明细与留痕相符"


def _as_told(one: Claim, records: list[Record]) -> None:
    """State, people, times and digest are those of the acts in the trail."""
    acts = [record for record in records if record.act in STEPS]
    by_act: dict[str, list[Record]] = defaultdict(list)
    for record in acts:
        by_act[record.act].append(record)
    told = acts[0]
    facts = told.told()
    stored = {
        "kind": one.kind, "year": one.year, "persons": one.persons, "lines": one.lines, "fen": one.fen, "left_out": one.left_out,
        "files": json.loads(one.files),
    }  # fmt: skip
    reviews, withdrawals = by_act["premium.review"], by_act["premium.withdraw"]
    signed = (reviews[-1].actor, reviews[-1].at) if reviews else ("", "")
    reason = withdrawals[-1].told()["reason"] if withdrawals else ""
    agrees = (
        STEPS[acts[-1].act] == one.state
        and (told.actor, told.at) == (one.prepared_by, one.prepared_at)
        and signed == (one.reviewed_by, one.reviewed_at)
        and all(record.digest == one.digest for record in acts)
        and facts == stored
        and trail.redact(one.reason) == reason
        and one.reviewed_by != one.prepared_by
    )
    if not agrees:
        raise Broken(f"第 {one.claim_id} 号清册的状态、签字人或合计与留痕不符")


def _as_reckoned(connection: sa.Connection, one: Claim) -> None:
    persons, lines, fen, last = 0, 0, 0, ""
    for row in claim_rows.lines(connection, one):
        persons, lines, fen, last = persons + (row[0] != last), lines + 1, fen + int(row[8]), row[0]
    if (persons, lines, fen) != (one.persons, one.lines, one.fen) or claim_rows.recomputed(connection, one) != one.digest:
        raise Broken(f"第 {one.claim_id} 号清册的明细与编制时不同")


def _no_strangers(connection: sa.Connection, book: Book, found: list[Claim]) -> None:
    """No lines without their claim."""
    known = {one.claim_id for one in found}
    for table in (claim_line, claim_left):
        owners = set(connection.execute(sa.select(table.c.claim_id).where(table.c.book_id == book.book_id).distinct()).scalars())
        if owners - known:
            raise Broken(f"有明细不属于任何清册：{min(owners - known)}")

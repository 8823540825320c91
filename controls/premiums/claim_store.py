"""A claim as an act: prepared by a 经办, reviewed by another, withdrawn with a reason; its lines stay as they were (C1, C2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pyarrow as pa
import sqlalchemy as sa

from controls import bulk, trail
from controls.duties import Actor, Duty, Thing, require, require_any
from controls.errors_payment import NoReason
from controls.premium_tables import claim, claim_left, claim_line
from controls.premiums import claim_rows
from controls.premiums.claim_rows import BACK, CLAIM, LEFT_COLUMNS, LINE_COLUMNS, STATE_ZH, Claim
from controls.premiums.claims import Drawn, refuse_empty
from controls.premiums.errors import ClaimChanged, ClaimState
from controls.voucher_tables import voucher
from ledger import chain
from ledger.db import UnitOfWork

HANDLERS = (Duty.HANDLE_REGISTER, Duty.HANDLE_ASSESS)


def claimed(connection: sa.Connection, book_id: int, year: int, kind: str = CLAIM) -> list[str]:
    """Numbers that stand in a live claim of the year."""
    live = sa.and_(claim.c.book_id == claim_line.c.book_id, claim.c.claim_id == claim_line.c.claim_id)
    query = sa.select(claim_line.c.number).join(claim, live).where(claim.c.book_id == book_id, claim.c.year == year, claim.c.kind == kind)
    return list(connection.execute(query.where(claim.c.state.in_(("prepared", "reviewed"))).distinct()).scalars())


def prepare(work: UnitOfWork, now: str, actor: Actor, book_id: int, drawn: Drawn, files: Sequence[int], kind: str = CLAIM) -> Claim:
    """Keeps a claim as it was drawn up. Raises SB3001, SB3220; the database refuses somebody who stands in another live claim of the year."""
    duty = require_any(actor, HANDLERS)
    refuse_empty(drawn)
    chain.lock(work)
    asked = drawn.asked
    listed = json.dumps(sorted(files))
    head = claim_rows.head_of(kind, asked.year, asked.region, asked.as_of.isoformat(), listed)
    made = Claim(
        book_id=book_id,
        claim_id=int(work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(claim.c.claim_id), 0) + 1).where(claim.c.book_id == book_id)).scalar_one()),
        kind=kind, year=asked.year, region=asked.region, as_of=asked.as_of.isoformat(), files=listed, state="building", persons=drawn.persons,
        lines=drawn.lines.num_rows, fen=drawn.fen, left_out=drawn.left.num_rows,
        digest=claim_rows.digest(head, _rows(drawn.lines, LINE_COLUMNS), _rows(drawn.left, LEFT_COLUMNS)),
        prepared_by=actor.user, prepared_at=now, reviewed_by="", reviewed_at="", reason="",
    )  # fmt: skip
    work.connection.execute(claim.insert().values(**{name: getattr(made, name) for name in Claim.__slots__}))
    for table, columns, rows in ((claim_line, LINE_COLUMNS, drawn.lines), (claim_left, LEFT_COLUMNS, drawn.left)):
        bulk.insert(work, table, ("book_id", "claim_id", *columns), ((book_id, made.claim_id, *row) for row in _rows(rows, columns)))
    _move(work, made, state="prepared")
    facts = {"kind": kind, "year": asked.year, "persons": made.persons, "lines": made.lines, "fen": made.fen, "left_out": made.left_out, "files": sorted(files)}
    trail.record(work, now, actor, duty, "premium.prepare", made.thing, made.digest, facts)
    return claim_rows.get(work.connection, book_id, made.claim_id)


def _rows(table: pa.Table, columns: Sequence[str]) -> Iterable[tuple[object, ...]]:
    for batch in table.select(list(columns)).to_batches(20_000):
        yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)


def _move(work: UnitOfWork, one: Claim, **values: object) -> None:
    work.connection.execute(claim.update().where(claim.c.book_id == one.book_id, claim.c.claim_id == one.claim_id).values(**values))


def review(work: UnitOfWork, now: str, actor: Actor, book_id: int, claim_id: int) -> Claim:
    """审核: the 股室负责人, another person, signs the very lines prepared. Raises SB3001, SB3002, SB3217, SB3218, SB3219."""
    chain.lock(work)
    one = claim_rows.get(work.connection, book_id, claim_id)
    require(actor, Duty.REVIEW, Thing("premium-claim", f"{book_id}:{claim_id}", ((Duty.HANDLE_REGISTER, one.prepared_by),)))
    if one.state != "prepared":
        raise ClaimState(claim=claim_id, state=STATE_ZH[one.state], step="审核")
    if claim_rows.recomputed(work.connection, one) != one.digest:
        raise ClaimChanged(claim=claim_id)
    _move(work, one, state="reviewed", reviewed_by=actor.user, reviewed_at=now)
    trail.record(work, now, actor, Duty.REVIEW, "premium.review", one.thing, one.digest, {"persons": one.persons, "fen": one.fen})
    return claim_rows.get(work.connection, book_id, claim_id)


def withdraw(work: UnitOfWork, now: str, actor: Actor, book_id: int, claim_id: int, reason: str) -> Claim:
    """作废 with a reason, by a 经办 or the reviewer, while no voucher stands on it. Raises SB3001, SB3217, SB3218."""
    duty = require_any(actor, (*HANDLERS, Duty.REVIEW))
    if not any(sign.isalnum() for sign in reason):
        raise NoReason()
    chain.lock(work)
    one = claim_rows.get(work.connection, book_id, claim_id)
    booked = work.connection.execute(
        sa.select(voucher.c.voucher_id).where(
            voucher.c.book_id == book_id, voucher.c.state != "rejected", voucher.c.source_key.startswith(f"premium:{claim_id}:", autoescape=True)
        )
    ).first()
    if booked is not None or one.state not in {"prepared", "reviewed"}:
        raise ClaimState(claim=claim_id, state="已有凭证" if booked is not None else STATE_ZH[one.state], step="作废")
    _move(work, one, state="withdrawn", reason=str(trail.redact(reason)))
    trail.record(work, now, actor, duty, "premium.withdraw", one.thing, one.digest, {"reason": reason})
    return claim_rows.get(work.connection, book_id, claim_id)


__all__ = ["BACK", "CLAIM", "claimed", "prepare", "review", "withdraw"]

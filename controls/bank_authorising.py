"""Authorisation online (网银复核): a second key holder authorises the batch that the cashier made; nothing counts as sent before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from controls import bankfile, roster, trail
from controls.bankfile import Batch
from controls.banking.errors import OtherBatch
from controls.duties import Actor, Duty, require
from controls.errors import SamePerson
from controls.roster import Roster
from controls.signoff import same_as_signed
from controls.tables import bank_authorisation
from controls.tokens import law as tokens
from controls.tokens import store as token_store
from ledger.db import UnitOfWork
from ledger.money import Fen, show

ACT = "bankfile.authorise"


@dataclass(frozen=True, slots=True)
class Authorised:
    """A batch that is out: its digest, the key's number, who and when."""

    roster_id: int
    sha256: str
    token: int
    authorised_by: str
    authorised_at: str


def authorise(work: UnitOfWork, actor: Actor, now: str, roster_id: int, *, file: Path | None = None, fen: Fen | None = None) -> Authorised:
    """The second key holder authorises the batch of a roster; from now on it is sent (P2a may be made).

    ``file``: the file as uploaded, whose bytes must be those made; ``fen``: the sum read off the bank's screen.
    Raises SB3001, SB3002 (who made it), SB3030, SB3034, SB3075 (not made, or sent already), SB2231 (no key), SB2235.
    """
    made = roster.locked(work, roster_id)
    require(actor, Duty.CHECK, roster.thing(work.connection, made))
    roster.expect_payment(made, "made", "网银复核")
    same_as_signed(work.connection, made)
    batch = bankfile.batch(work.connection, made)
    if batch is None:
        raise OtherBatch(roster=roster_id, why="没有制单记录")
    if batch.sent_by == actor.user:
        raise SamePerson(name=actor.name, thing=made.title, earlier="网银制单", duty="网银复核", why="制单与复核分离")
    key = token_store.key_of(work.connection, actor, tokens.AUTHORISE, "网银复核")
    if bankfile.stored_sha256(work.connection, made, batch) != batch.sha256:
        raise OtherBatch(roster=roster_id, why="付款行已不是制单时的那些")
    if file is not None and hashlib.sha256(file.read_bytes()).hexdigest() != batch.sha256:
        raise OtherBatch(roster=roster_id, why=f"文件 {file.name} 的摘要不同")
    if fen is not None and fen != batch.fen:
        raise OtherBatch(roster=roster_id, why=f"银行显示 {show(fen)} 元，制单 {show(batch.fen)} 元")
    work.connection.execute(
        bank_authorisation.insert().values(
            book_id=made.book_id, roster_id=roster_id, sha256=batch.sha256, token=key.token_no, authorised_by=actor.user, authorised_at=now
        )
    )
    roster.pay_move(work, made, "sent")
    facts = {"batch": batch.batch_no, "lines": batch.lines, "fen": batch.fen, "token": key.token_no}
    trail.record(work, now, actor, Duty.CHECK, ACT, f"roster:{roster_id}", batch.sha256, facts)
    return Authorised(roster_id, batch.sha256, key.token_no, actor.user, now)


def authorised(connection: sa.Connection, made: Roster) -> Authorised | None:
    """The authorisation of a roster's batch, or None."""
    columns = bank_authorisation.c
    row = connection.execute(sa.select(bank_authorisation).where(columns.book_id == made.book_id, columns.roster_id == made.roster_id)).first()
    return None if row is None else Authorised(row.roster_id, row.sha256, row.token, row.authorised_by, row.authorised_at)


def sent(connection: sa.Connection, made: Roster) -> Batch | None:
    """The batch once it is authorised, or None: what may be booked as paid out."""
    return bankfile.batch(connection, made) if authorised(connection, made) is not None else None

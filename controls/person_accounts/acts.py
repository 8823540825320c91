"""Signing acts on person accounts: proposed by one, reviewed by another, each step one record in the trail (C1, C2, C6)."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor, Duty, Thing, require, require_any
from controls.errors_payment import NoReason
from controls.person_accounts.errors import BadMove, BatchState, ContentMoved, NoSuchBatch, UnknownHolder, YearSettled
from ledger import chain
from ledger.db import UnitOfWork
from ledger.identity import judge, mask_number
from ledger.person_accounts import flows, reading, store
from ledger.person_accounts.store import KINDS, STATES, ActRow, Batch, Wanted, YearRow

PREPARE = {
    "opening": (Duty.HANDLE_REGISTER, Duty.DATA),
    "interest": (Duty.HANDLE_ASSESS,),
    "transfer": (Duty.HANDLE_REGISTER,),
    "one_off": (Duty.HANDLE_ASSESS,),
    "correction": (Duty.HANDLE_REGISTER, Duty.HANDLE_ASSESS, Duty.DATA),
}
"""Kind of act → who may propose it; somebody else with 审核 decides."""


LONGEST_TEXT = 200
"""Signs of a reason, a piece of evidence or a key."""


def holder(number: str) -> str:
    """The normal form of a person's number; raises SB3265."""
    judged = judge(number)
    if not judged.ok:
        raise UnknownHolder(number=mask_number(number))
    return judged.normal


def may_prepare(actor: Actor, kind: str) -> Duty:
    """The duty in which ``actor`` proposes acts of this kind; asked before anything is read of an account. Raises SB3001."""
    return require_any(actor, PREPARE[kind])


def propose(work: UnitOfWork, now: str, actor: Actor, book_id: int, wanted: Wanted, acts: Sequence[ActRow] = (), years: Sequence[YearRow] = ()) -> Batch:
    """Lays an act before the reviewer; raises SB3001, SB3042, SB3263."""
    duty = may_prepare(actor, wanted.kind)
    if not wanted.reason.strip():
        raise NoReason()
    _plain(wanted.kind, 依据=wanted.evidence, 转移编号=wanted.key, 说明=wanted.reason)
    chain.lock(work)
    settled = flows.start(work.connection, book_id).month
    if wanted.kind != "interest" and wanted.period.number <= settled:
        raise YearSettled(period=wanted.period)
    made = store.build(work, now, actor.user, book_id, wanted, acts, years)
    facts = {"kind": made.kind, "period": str(made.period), "rows": made.rows, "fen": made.fen, "key": made.key}
    trail.record(work, now, actor, duty, "person-account.propose", made.thing, made.digest, facts)
    return made


def _plain(kind: str, **texts: str) -> None:
    """One line of visible text each, as papers and vouchers show it; raises SB3264."""
    for what, text in texts.items():
        sign = next((one for one in text if category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}), None)
        if sign is not None or len(text) > LONGEST_TEXT:
            raise BadMove(what=KINDS[kind], why=f"{what}" + (f"含有 U+{ord(sign):04X}" if sign is not None else f"超过 {LONGEST_TEXT} 字"))


def get(connection: sa.Connection, book_id: int, batch_id: int) -> Batch:
    """One act; raises SB3204."""
    try:
        return store.get(connection, book_id, batch_id)
    except LookupError as missing:
        raise NoSuchBatch(batch=str(missing)) from missing


def review(work: UnitOfWork, now: str, actor: Actor, book_id: int, batch_id: int, *, still: bool = True) -> Batch:
    """审核: another person accepts what was proposed. ``still`` False is a caller's finding that the accounts moved since.

    Raises SB3001, SB3002, SB3204, SB3205, SB3207.
    """
    found = _open(work, actor, book_id, batch_id, "审核")
    if not still or store.proven_digest(work.connection, found) != found.digest:
        raise ContentMoved(batch=found.label)
    return _decide(work, now, actor, found, "accepted", "")


def reject(work: UnitOfWork, now: str, actor: Actor, book_id: int, batch_id: int, reason: str) -> Batch:
    """退回, with a reason. Raises SB3001, SB3002, SB3042, SB3204, SB3205."""
    if not reason.strip():
        raise NoReason()
    _plain(get(work.connection, book_id, batch_id).kind, 理由=reason)
    return _decide(work, now, actor, _open(work, actor, book_id, batch_id, "退回"), "rejected", str(trail.redact(reason)))


def _open(work: UnitOfWork, actor: Actor, book_id: int, batch_id: int, step: str) -> Batch:
    chain.lock(work)
    found = get(work.connection, book_id, batch_id)
    require(actor, Duty.REVIEW, Thing("person-account", f"{book_id}-{batch_id}", tuple((duty, found.proposed_by) for duty in PREPARE[found.kind])))
    if found.state != "proposed":
        raise BatchState(batch=found.label, step=step, why=f"现为“{STATES[found.state]}”")
    return found


def _decide(work: UnitOfWork, now: str, actor: Actor, found: Batch, state: str, note: str) -> Batch:
    store.move(work, found.book_id, found.batch_id, state=state, reviewed_by=actor.user, reviewed_at=now, review_note=note)
    trail.record(work, now, actor, Duty.REVIEW, "person-account.review", found.thing, found.digest, {"state": state, "note": note})
    return get(work.connection, found.book_id, found.batch_id)


_UNFINISHED = """SELECT b.batch_id FROM shebao_person_account_act a JOIN shebao_person_account_batch b ON b.book_id = a.book_id AND b.batch_id = a.batch_id
WHERE a.book_id = :book AND a.number = :number AND (b.state = 'proposed' OR (b.state = 'accepted' AND b.books = 1 AND EXISTS (
    SELECT 1 FROM shebao_voucher v WHERE v.book_id = b.book_id AND v.source_key = b.source_key AND v.state IN ('proposed', 'made', 'reviewed'))))
LIMIT 1"""


def unfinished(connection: sa.Connection, book_id: int, number: str) -> Batch | None:
    """The act on this person's account that is not reviewed, or whose voucher is on its way; None when there is none.

    An act whose voucher was sent back holds nobody up: before its voucher is proposed again the account must hold what it held, and be free.
    """
    found = reading.fetch(connection, _UNFINISHED, book=book_id, number=number)
    return store.get(connection, book_id, int(found[0][0])) if found else None


def listed(connection: sa.Connection, book_id: int, state: str = "", kind: str = "") -> list[Batch]:
    """Acts of a book, in order; ``kind`` and ``state`` as in :data:`ledger.person_accounts.store.KINDS` and ``STATES``."""
    if kind and kind not in KINDS:
        raise NoSuchBatch(batch=kind)
    return store.batches(connection, book_id, state=state, kind=kind)

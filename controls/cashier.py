"""The cashier's signature on receipts and payments (出纳签字): after the voucher is made and before it is posted, by somebody else.

Where the cashier sent the bank file of a roster, that act is the signature on the vouchers of its debit and its return.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls import trail, vouchers
from controls.bankfile import Batch
from controls.duties import Actor, Duty, require
from controls.errors_vouchers import NotForCashier
from controls.vouchers import Draft
from ledger import chain
from ledger.cash import is_cash
from ledger.db import UnitOfWork

ACT = "cashier-sign"
STATES = ("made", "reviewed")


def sign(work: UnitOfWork, now: str, actor: Actor, book_id: int, voucher_id: int) -> Draft:
    """出纳签字: a cashier signs a made or reviewed cash voucher over its digest. Raises SB3001, SB3002, SB3102, SB3103, SB3125."""
    draft = _waiting(work, book_id, voucher_id)
    require(actor, Duty.CASHIER, draft.thing())
    return _signed(work, now, actor, draft, {})


def reuse(work: UnitOfWork, now: str, book_id: int, voucher_id: int, sent: Batch) -> Draft:
    """The cashier's act of sending the bank file stands for the signature on that roster's debit (P2a) and return (P2b); others are left as they are."""
    draft = vouchers.get(work.connection, book_id, voucher_id)
    if not draft.cash or draft.entry.source_key not in {f"roster:{sent.roster_id}:sent", f"roster:{sent.roster_id}:return"}:
        return draft
    cashier = Actor(sent.sent_by, sent.sent_by, frozenset({Duty.CASHIER}))
    require(cashier, Duty.CASHIER, draft.thing())
    return _signed(work, now, cashier, _waiting(work, book_id, voucher_id), {"bank_file": sent.sha256, "sent_at": sent.sent_at})


def waiting(connection: sa.Connection, book_id: int) -> list[Draft]:
    """Receipts and payments that the cashier has yet to sign."""
    return [draft for state in STATES for draft in vouchers.drafts(connection, book_id, state=state) if draft.cash and not draft.cashier]


def _waiting(work: UnitOfWork, book_id: int, voucher_id: int) -> Draft:
    chain.lock(work)
    draft = vouchers.get(work.connection, book_id, voucher_id)
    if not (draft.cash or is_cash(draft.entry)):
        raise NotForCashier(voucher=draft.label)
    if draft.state not in STATES or draft.cashier:
        state = f"{vouchers.STATES[draft.state]}，出纳已签字" if draft.cashier else vouchers.STATES[draft.state]
        raise vouchers.WrongState(voucher=draft.label, state=state, step="出纳签字")
    if draft.entry.digest() != draft.digest:
        raise vouchers.ContentChanged(voucher=draft.label)
    return draft


def _signed(work: UnitOfWork, now: str, cashier: Actor, draft: Draft, facts: dict[str, str]) -> Draft:
    vouchers.update(work, draft, cashier=cashier.user, cashier_at=now)
    trail.record(work, now, cashier, Duty.CASHIER, ACT, f"voucher:{draft.label}", draft.digest, facts)
    return vouchers.get(work.connection, draft.book_id, draft.voucher_id)

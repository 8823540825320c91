"""From acts on person accounts to proposed vouchers: composed by the templates when the act is accepted, laid before the 会计, never posted here."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from controls import vouchers
from controls.person_accounts import acts, interest, leaving, moves
from controls.person_accounts.errors import BatchState
from controls.vouchers import Draft, Standing
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.entries import Entry
from ledger.person_accounts import store
from ledger.person_accounts.store import STATES, Batch
from shebao.proposals import compose
from shebao.store import Office

SOURCE = "person-account"
"""First word of the source key of every act's voucher."""


def entry(work: UnitOfWork, book: Book, batch: Batch) -> Entry:
    """The entry of an act that books carry, by its event; raises what the template raises (SB1031, SB6204, SB1041 …)."""
    told = batch.facts["voucher"]
    payouts = None
    if "payouts" in batch.facts:
        payouts = (leaving.payout_source(batch.batch_id), leaving.payout_rows(work.connection, book, batch.batch_id))
    return compose(
        told["event"], book.fund, date.fromisoformat(told["day"]), told["amounts"], told["details"],
        authority=f"个人账户事项 {batch.book_id}-{batch.batch_id}（{batch.evidence}）", source_key=batch.source_key,
        documents=(f"person-account:{batch.batch_id}",), payouts=payouts,
    )  # fmt: skip


def review(office: Office, book: Book, batch_id: int) -> tuple[Batch, Draft | None]:
    """The reviewer signed in accepts an act; what moves money is proposed as a voucher in the same transaction."""
    with office.unit() as work:
        found = accept(work, office, book, batch_id)
        draft = propose(work, office, book, found) if found.books else None
        work.commit()
    return found, draft


def accept(work: UnitOfWork, office: Office, book: Book, batch_id: int) -> Batch:
    """The act accepted; interest is reckoned again first, and an account that is emptied must hold what it held. Raises SB3207."""
    found = acts.get(work.connection, book.book_id, batch_id)
    if found.kind == "interest":
        return interest.review(work, office.now(), office.actor, book, batch_id)
    made = acts.review(work, office.now(), office.actor, book.book_id, batch_id, still=moves.still(work.connection, book, found))
    moves.stands(work.connection, book, found, "审核")
    return made


def _stands(connection: sa.Connection, book_id: int, made: Entry) -> None:
    """What posting asks before a voucher of an act is booked: the account still holds what was reckoned, the other half of a move is not given up.

    Raises SB3205, SB3207.
    """
    kind, _, batch_id = made.source_key.partition(":")
    if kind == SOURCE and batch_id.isdigit():
        book = next(one for one in accounts.books(connection) if one.book_id == book_id)
        moves.stands(connection, book, acts.get(connection, book_id, int(batch_id)), "记账")


STANDING = Standing((SOURCE,), _stands)
"""What posting asks of the vouchers of person-account acts."""


def propose_again(work: UnitOfWork, office: Office, book: Book, batch_id: int) -> Draft:
    """The voucher of an accepted act whose first one was sent back; raises SB3204, SB3205, SB3207, and SB3261 when another act is under way."""
    chain.lock(work)
    found = acts.get(work.connection, book.book_id, batch_id)
    if found.state == "accepted" and found.books:
        moves.free(work.connection, book, store.act_rows(work.connection, book.book_id, batch_id)[0][0], but=found)
        moves.stands(work.connection, book, found, "提出凭证")
    return propose(work, office, book, found)


def propose(work: UnitOfWork, office: Office, book: Book, batch: Batch) -> Draft:
    """The act's voucher, proposed by the machine on the authority of its two signatures; raises SB3205 for an act that books nothing, or is not accepted."""
    if batch.state != "accepted" or not batch.books:
        why = f"现为“{STATES[batch.state]}”" if batch.state != "accepted" else "不需要凭证"
        raise BatchState(batch=batch.label, step="提出凭证", why=why)
    return vouchers.propose(work, office.now(), None, book.book_id, entry(work, book, batch))

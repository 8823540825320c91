"""Posting against closing, each with a connection of its own: one comes first, the other is told why, and no voucher is left in a locked month."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from controls import periods, vouchers
from controls.periods import state_of
from ledger import posted
from ledger.db import UnitOfWork, reading
from ledger.errors import Refusal
from tests.controls.voucher_desk import BOOK, JANUARY, NOW, ZHAO, Office, office, received


def at_once(desk: Office, *acts: Callable[[UnitOfWork], object]) -> list[str]:
    """Runs the acts together; gives the code of each refusal, '' for what went through."""
    gate, said = Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[UnitOfWork], object]) -> None:
        gate.wait()
        try:
            with UnitOfWork(desk.engine) as work:
                act(work)
                work.commit()
        except Refusal as refused:
            said[place] = refused.code

    threads = [Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return said


def test_posting_against_closing(store_url: str) -> None:
    """A reviewed voucher is posted while the month is proposed for closing: posted and then locked, or the closing is refused for the open voucher."""
    desk = office(store_url)
    desk.booked(received())
    draft = desk.propose(received(200, "doc-2"))
    desk.make(draft)
    desk.review(draft)
    desk.signed(draft)
    said = at_once(desk, lambda work: vouchers.post(work, NOW, ZHAO, 1, draft.voucher_id), lambda work: periods.propose(work, NOW, ZHAO, BOOK, JANUARY))
    with reading(desk.engine) as connection:
        state, count = state_of(connection, 1, JANUARY), len(list(posted.entries(connection, 1)))
    assert said[0] == "" and count == 2
    assert (said[1], state) in (("", "locked"), ("SB3111", "open")), (said, state)


def test_proposing_against_closing(store_url: str) -> None:
    """A voucher proposed in the same moment as the closing: either it stands open and stops the closing, or the month is locked and takes no more."""
    desk = office(store_url)
    desk.booked(received())
    said = at_once(
        desk, lambda work: vouchers.propose(work, NOW, ZHAO, 1, received(200, "doc-2")), lambda work: periods.propose(work, NOW, ZHAO, BOOK, JANUARY)
    )
    with reading(desk.engine) as connection:
        state, drafts = state_of(connection, 1, JANUARY), vouchers.drafts(connection, 1, period=JANUARY)
    waiting = [draft for draft in drafts if not draft.entry.closing and draft.state == "proposed"]
    assert (said[0] == "") == bool(waiting) and (said[1] == "") == (state == "locked")
    assert said.count("") == 1, said

"""L5: closed is closed, at every door. Every way into a month, by hand, file, roster, correction or year's end, against each state, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from controls import attachments, corrections, journals, notes, periods, vouchers
from controls.account_changes import changes
from controls.vouchers import Draft
from ledger import accounts, posting
from ledger.db import UnitOfWork
from ledger.entries import Line, Side
from ledger.funds import Fund
from ledger.voucher_forms import voucher_kind
from shebao import premium_booking, voucherimport
from shebao.opening import propose_opening
from shebao.proposals import enter_event, from_roster, from_subsidies, from_tax
from tests.controls.closed_office import BOOK, FEBRUARY, JANUARY, STATES, Closed, closed_office, interest, late_receipt, trial
from tests.model.offices import HAN, NOW, SUN, ZHAO

DAY = date(2026, 1, 25)
Door = Callable[[Closed, UnitOfWork], object]
Front = Callable[[Closed], object]
"""A door of the front room, which opens its own transaction."""


def book(work: UnitOfWork) -> accounts.Book:
    return accounts.book_of(work.connection, Fund.R)


def entered(made: Closed) -> object:
    given = {"event": "I1", "fund": "R", "day": "2026-01-08", "amounts": {"amount": "9.00"}, "details": {"into": "1003"}}
    return enter_event(made.of(ZHAO), **given, evidence="迟到", receipt="", attachments=1, summary=None)  # type: ignore[arg-type]


def smuggled(step: Callable[..., object] | None) -> Door:
    """A voucher that got onto the desk past Python: no step brings it into the month."""

    def door(_: Closed, work: UnitOfWork) -> object:
        made = interest(documents=("paper:late",))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(posting, "check_period", lambda *_: None)
            draft = vouchers.propose(work, NOW, ZHAO, BOOK, made)
        vouchers.make(work, NOW, ZHAO, BOOK, draft.voucher_id)
        vouchers.review(work, NOW, SUN, BOOK, draft.voucher_id)
        if step is None:
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(posting, "check_period", lambda *_: None)
                return vouchers.post(work, NOW, ZHAO, BOOK, draft.voucher_id)
        return step(work, NOW, ZHAO, BOOK, draft.voucher_id)

    return door


def posted_voucher(work: UnitOfWork) -> Draft:
    return next(one for one in vouchers.drafts(work.connection, BOOK) if one.state == "posted" and one.entry.payout_source is None and not one.entry.closing)


def attached(_: Closed, work: UnitOfWork) -> object:
    return vouchers.attach(work, NOW, ZHAO, BOOK, posted_voucher(work).voucher_id, [attachments.Stored("a" * 64, "单据.pdf", "pdf", 9)])


def forged_closing(fen: int) -> Door:
    """A second voucher marked as closing, proposed by hand."""

    def door(_: Closed, work: UnitOfWork) -> object:
        lines = (Line("420101", Side.D, fen), Line("3001", Side.C, fen))
        return vouchers.propose(work, NOW, ZHAO, BOOK, replace(interest(), lines=lines, event="X1", closing=True))

    return door


def corrected(kind: str) -> Door:
    def door(_: Closed, work: UnitOfWork) -> object:
        number = posted_voucher(work).voucher_id
        if kind == "adjust":
            return corrections.adjust(work, NOW, ZHAO, BOOK, number, {1: 1, 2: 1}, DAY, "错")
        if kind == "reverse":
            return corrections.reverse(work, NOW, ZHAO, BOOK, number, DAY, "错")
        return corrections.correct(work, NOW, ZHAO, BOOK, number, interest(day=DAY), "错")

    return door


ALL = dict.fromkeys(STATES, "SB1302")
MOVED = dict.fromkeys(STATES, "SB1308")
TAKEN = dict.fromkeys(STATES, "SB3102")
FRONT: dict[str, Front] = {
    "entered by the 会计": entered,
    "imported vouchers": lambda made: voucherimport.propose(made.of(ZHAO), made.files["vouchers"], Fund.R),
    "a tax file": lambda made: from_tax(made.of(ZHAO), made.files["tax"]),
    "a subsidies file (代缴)": lambda made: from_subsidies(made.of(ZHAO), made.files["subsidies"]),
    "a contributions file": lambda made: premium_booking.book(made.of(ZHAO), made.files["contributions"], Fund.R, premium_booking.Arrival()),
    "a roster's debit and return": lambda made: from_roster(made.of(ZHAO), made.roster, None),
    "opening balances": lambda made: propose_opening(made.of(ZHAO), Fund.R, trial(made)),
}
DOORS: dict[str, tuple[Door, dict[str, str]]] = {
    "proposed by the machine": (lambda _, work: vouchers.propose(work, NOW, None, BOOK, interest()), ALL),
    "posted, smuggled past the proposal": (smuggled(vouchers.post), ALL),
    "posted with Python's guard away": (smuggled(None), ALL),
    "a red voucher dated back": (corrected("reverse"), ALL),
    "a blue voucher dated back": (corrected("correct"), ALL),
    "a difference dated back": (corrected("adjust"), ALL),
    # A locked month takes closing vouchers, and only those; review and K10 judge what they say.
    "a forged closing voucher": (forged_closing(5), {"locked": "", "carried": "", "closed": "SB1302"}),
    "proposing to close again": (lambda _, work: periods.propose(work, NOW, ZHAO, book(work), JANUARY), MOVED),
    "unlocking": (lambda _, work: periods.unlock(work, NOW, SUN, book(work), JANUARY, "补记"), {"locked": "", "carried": "SB1308", "closed": "SB1308"}),
    "confirming": (lambda _, work: periods.confirm(work, NOW, SUN, book(work), JANUARY), {"locked": "SB3111", "carried": "", "closed": "SB1308"}),
    "an attachment to a posted voucher": (attached, TAKEN),
    "sending a posted voucher back": (lambda _, work: vouchers.reject(work, NOW, SUN, BOOK, posted_voucher(work).voucher_id, "迟"), TAKEN),
    "posting twice": (lambda _, work: vouchers.post(work, NOW, ZHAO, BOOK, posted_voucher(work).voucher_id), TAKEN),
    "a detail account from a day in it": (
        lambda _, work: changes.open_detail(work, NOW, ZHAO, book(work), "10030201", "农商行定期", DAY, "新开定期"), dict.fromkeys(STATES, "SB3185"),
    ),
    # The journals are the cashier's: as long as the month is not closed they may be completed and compared (K12), never after.
    "a journal line": (lambda _, work: journals.enter(work, NOW, HAN, 1, [late_receipt()]), {"locked": "", "carried": "", "closed": "SB3162"}),
    # 附注 explain statements that stand; every version stays with its author (controls.notes).
    "a note to the statements": (lambda _, work: notes.say(work, NOW, ZHAO, BOOK, JANUARY, "一", "无"), dict.fromkeys(STATES, "")),
    # And the month after takes them all the same.
    "the month after": (lambda _, work: vouchers.propose(work, NOW, ZHAO, BOOK, interest(day=FEBRUARY.first_day)), dict.fromkeys(STATES, "")),
}


@pytest.fixture(params=["sqlite", "postgresql"])
def offices(request: pytest.FixtureRequest) -> Callable[[str], Closed]:
    """The office in each state, made once a database; every act on it is undone."""
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    return lambda state: closed_office(server, state)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("door", DOORS)
def test_no_door_leads_into_a_month_that_is_not_open(offices: Callable[[str], Closed], door: str, state: str) -> None:
    """L5: what the door says in this state, by its code; '' where it may pass."""
    act, codes = DOORS[door]
    made = offices(state)
    assert made.say(lambda work: act(made, work)) == codes[state]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("door", FRONT)
def test_no_front_door_either(offices: Callable[[str], Closed], door: str, state: str) -> None:
    """L5, SB1302: what is entered, imported, read from a tax or subsidies file, returned by a bank or taken over is refused whole."""
    made = offices(state)
    with made.office.unit() as work:
        before = len(vouchers.drafts(work.connection, BOOK))
    assert made.say(lambda: FRONT[door](made), alone=True) == "SB1302"
    with made.office.unit() as work:
        assert len(vouchers.drafts(work.connection, BOOK)) == before


def test_every_event_is_of_a_known_kind() -> None:
    """The matrix's own vouchers are lettered as the office letters them."""
    assert voucher_kind("收", DAY) in "收付转记"

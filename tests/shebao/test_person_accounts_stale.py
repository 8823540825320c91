"""Acts on person accounts that go stale on their way: nothing is booked on an account that moved, and nobody is held up by what was sent back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controls.person_accounts import acts, moves
from controls.person_accounts.errors import AccountBusy, BadMove, BatchState, ContentMoved
from ledger.funds import Fund
from ledger.person_accounts.store import Batch
from shebao import person_account_vouchers
from tests.shebao.person_account_desk import REGISTER, REVIEWER, Accounts, number
from tests.shebao.person_account_steps import balance

ANN, BOB = number(1), number(2)


@pytest.fixture
def office(tmp_path: Path) -> Accounts:
    """An office with choices made, nothing in its accounts yet."""
    return Accounts(tmp_path / "office")


def test_a_transfer_whose_account_moved_is_not_booked_and_holds_nobody_up(office: Accounts) -> None:
    """SB3207 at posting of T3 too; sent back, its voucher leaves the account free for a new act, and is not proposed again beside it."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    first = transferred(office, "Z1")
    office.accepted(first, post=False)
    office.pay("2026-02-06", [(ANN, "个人账户养老金", 202602, 100)])
    (draft,) = (one for one in office.drafts() if one.entry.event == "T3")
    with pytest.raises(ContentMoved):
        office.settle([draft])
    with pytest.raises(AccountBusy):
        transferred(office, "Z2")
    office.reject(draft)
    second = transferred(office, "Z2")
    assert second.facts["voucher"]["amounts"] == {"amount": 19900}
    with office.unit() as work, pytest.raises(AccountBusy):
        person_account_vouchers.propose_again(work, office.office, office.book(), first.batch_id)
    office.accepted(second)
    with office.unit() as work, pytest.raises(ContentMoved):
        person_account_vouchers.propose_again(work, office.office, office.book(), first.batch_id)
    assert balance(office, ANN) == {} and office.k15("2026-02") == []


def transferred(office: Accounts, key: str) -> Batch:
    """ANN's account proposed to leave for another region on 2026-02-08."""
    with office.unit() as work:
        made = moves.transfer_out(work, office.office.now(), REGISTER, office.book(), ANN, day=date(2026, 2, 8), key=key, evidence="函")
        work.commit()
    return made


def test_one_half_of_a_move_never_goes_alone(office: Accounts) -> None:
    """SB3205: when one half of a move between schemes is sent back, the other is neither accepted nor booked; nor when the account it comes from moved."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000, (BOB, "own"): 10000})
    halves = {}
    for who in (ANN, BOB):
        with office.unit() as work:
            books = office.book(), office.book(Fund.E)
            halves[who] = moves.between_schemes(
                work, office.office.now(), REGISTER, *books, who, day=date(2026, 2, 8), into="1003", key=f"k{who[-4:]}", evidence="表"
            )
            work.commit()
    out, come = halves[ANN]
    with office.unit() as work:
        acts.reject(work, office.office.now(), REVIEWER, out.book_id, out.batch_id, "材料不全")
        work.commit()
    with pytest.raises(BatchState):
        office.accepted(come)
    out, come = halves[BOB]
    office.accepted(come, post=False)
    office.pay("2026-02-09", [(BOB, "个人账户养老金", 202602, 100)])
    (draft,) = (one for one in office.drafts(Fund.E) if one.entry.event == "T5b")
    with pytest.raises(BatchState):
        office.settle([draft])


@pytest.mark.parametrize("key", ["a\nb", "a\x1b[31m", "\u202e", "x" * 201])
def test_texts_of_an_act_are_one_visible_line(office: Accounts, key: str) -> None:
    """SB3264: a key that no voucher could carry is refused when the act is proposed, not after its review; so is a reason of rejecting it."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    with pytest.raises(BadMove):
        transferred(office, key)
    made = transferred(office, "=cmd|' 1")
    with office.unit() as work, pytest.raises(BadMove):
        acts.reject(work, office.office.now(), REVIEWER, made.book_id, made.batch_id, key)

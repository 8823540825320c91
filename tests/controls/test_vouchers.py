"""Vouchers: proposed, made, reviewed and posted by the right people in the right order, over one content."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from controls import vouchers
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from controls.vouchers import ContentChanged, Draft, NoSuchVoucher, WrongState
from ledger import chain, posted
from ledger.db import reading
from ledger.entries import Line, Side, dimension, payout_digest
from ledger.errors import DatabaseRefusal
from ledger.errors_posting import AlreadyBooked, SubledgerDiffers
from ledger.flows import FlowRefused
from tests.controls.voucher_desk import BOTH, JANUARY, NOW, OTHERS, QIAN, SUN, ZHAO, Office, office, received


def test_a_voucher_goes_its_way(store_url: str) -> None:
    """Proposed, made, reviewed, posted: the entry in the book is the voucher, names its people (L9), and each step is in the trail (C6)."""
    desk = office(store_url)
    made = replace(
        received(12345), lines=(Line("100301", Side.D, 12345, dimension(bank_account="01"), "𬭎"), Line("4201", Side.C, 12345)), documents=("回单:7",)
    )
    draft = desk.propose(made)
    assert (draft.state, draft.entry, draft.digest, draft.proposed_by, draft.label) == ("proposed", made, made.digest(), "zhao", "1-1")
    assert (desk.make(draft).maker, desk.review(draft).reviewer) == ("zhao", "sun")
    receipt = desk.post(draft, QIAN)
    with reading(desk.engine) as connection:
        (one,) = posted.entries(connection, 1)
        found = vouchers.get(connection, 1, draft.voucher_id)
        acts = [(record.act, record.actor, record.duty) for record in chain.records(connection)]
    assert (one.entry, one.maker, one.reviewer, one.poster, one.number) == (made, "zhao", "sun", "qian", receipt.number)
    assert (found.state, found.entry_id) == ("posted", receipt.entry_id)
    assert acts[1:] == [("propose", "zhao", ""), ("make", "zhao", "BOOKKEEP"), ("review", "sun", "CHECK"), ("post", "qian", "BOOKKEEP")]


def test_the_maker_may_post_and_the_machine_may_propose(store_url: str) -> None:
    """制单 = 记账 is allowed; what a release or a bank return proposes bears no person's name until a 会计 makes it."""
    desk = office(store_url)
    draft = desk.propose(received(), None)
    assert draft.proposed_by == vouchers.SYSTEM
    desk.make(draft)
    desk.review(draft)
    assert desk.post(draft, ZHAO).number == 1


STEPS = ("make", "review", "post")


@pytest.mark.parametrize("done", range(4))
def test_steps_keep_their_order(store_url: str, done: int) -> None:
    """SB3102: after each step only the next one is possible, and nothing is done twice; a posted voucher cannot be sent back."""
    desk = office(store_url)
    draft = desk.propose(received())
    for step in STEPS[:done]:
        getattr(desk, step)(draft)
    for step in [*(STEPS[:done] + STEPS[done + 1 :]), *(["reject"] if done == 3 else [])]:
        with pytest.raises(WrongState):
            getattr(desk, step)(draft)


def test_one_person_does_not_make_and_review(store_url: str) -> None:
    """C1: SB3002 for somebody who holds both duties and made the voucher; another voucher they may review."""
    desk = office(store_url)
    draft, other = desk.propose(received()), desk.propose(received(source="doc-2"))
    desk.make(draft, BOTH)
    with pytest.raises(SamePerson):
        desk.review(draft, BOTH)
    desk.make(other, ZHAO)
    assert desk.review(other, BOTH).reviewer == "both"


def test_one_person_does_not_review_and_post(store_url: str) -> None:
    """C1: SB3002 for somebody who reviewed the voucher and would post it (记账 ≠ 审核)."""
    desk = office(store_url)
    draft = desk.propose(received())
    desk.make(draft)
    desk.review(draft, BOTH)
    with pytest.raises(SamePerson):
        desk.post(draft, BOTH)
    with reading(desk.engine) as connection:
        assert list(posted.entries(connection, 1)) == []


def test_nobody_else_signs(store_url: str) -> None:
    """C1, C5: SB3001 for 稽核, cashier, leaders, handlers and administrators at every step; 会计 and 会计主管 not in one another's place."""
    desk = office(store_url)
    draft = desk.propose(received())
    strangers = (*OTHERS.values(), Actor("x", "无岗", frozenset()))
    assert Duty.AUDIT in OTHERS
    for step, rightful, colleague in (("make", ZHAO, SUN), ("review", SUN, QIAN), ("post", ZHAO, SUN)):
        for stranger in strangers:
            with pytest.raises(NotAllowed):
                getattr(desk, step)(draft, stranger)
            with pytest.raises(NotAllowed):
                desk.reject(draft, stranger)
        with pytest.raises((NotAllowed, SamePerson)):
            getattr(desk, step)(draft, colleague)
        getattr(desk, step)(draft, rightful)


def test_a_rejected_voucher_is_proposed_anew(store_url: str) -> None:
    """A voucher sent back at any step keeps its reason; its document can be proposed again under a new number, and is booked once."""
    desk = office(store_url)
    for done in range(3):
        draft = desk.propose(received())
        for step in STEPS[:done]:
            getattr(desk, step)(draft)
        back = desk.reject(draft, SUN if done else ZHAO, "附件不全")
        assert (back.state, back.note, back.voucher_id) == ("rejected", "附件不全", done + 1)
        with pytest.raises(WrongState):
            desk.make(draft)
        with pytest.raises(WrongState):
            desk.reject(draft)
    desk.booked(received())
    with reading(desk.engine) as connection:
        assert [draft.state for draft in vouchers.drafts(connection, 1)] == ["rejected", "rejected", "rejected", "posted"]
        assert [draft.voucher_id for draft in vouchers.drafts(connection, 1, state="posted", period=JANUARY)] == [4]


def test_a_document_is_proposed_once(store_url: str) -> None:
    """L11: SB1104 for a document that lies on the desk or is booked; a paper inside another voucher is refused when posted."""
    desk = office(store_url)
    desk.propose(received())
    with pytest.raises(AlreadyBooked, match="待制单"):
        desk.propose(received(200))
    desk.booked(replace(received(source="doc-2"), documents=("回单:7",)))
    with pytest.raises(AlreadyBooked, match="已记账"):
        desk.propose(received(source="doc-2"))
    with pytest.raises(AlreadyBooked, match="回单:7"):
        desk.booked(replace(received(source="doc-3"), documents=("回单:7",)))


def test_money_off_the_whitelist_is_not_proposed(store_url: str) -> None:
    """L7: SB1041 for money that moves against its event, without one, as an opening balance out of season, or in a closing voucher."""
    desk = office(store_url)
    for first, second, event in (
        (("100301", "C"), ("50010101", "D"), "I1"),
        (("100301", "D"), ("4201", "C"), ""),
        (("100301", "D"), ("4201", "C"), "OPENING"),
        (("1004", "D"), ("4201", "C"), "P2"),
        (("1005", "C"), ("4201", "D"), "X1"),
    ):
        lines = tuple(Line(account, Side(side), 100) for account, side in (first, second))
        with pytest.raises(FlowRefused):
            desk.propose(replace(received(), lines=lines, event=event, closing=event == "X1"))
    assert desk.propose(replace(received(), event="OPENING", source_key="opening")).state == "proposed"


def test_an_unknown_voucher(store_url: str) -> None:
    """SB3101: a voucher that is not there is named."""
    desk = office(store_url)
    with pytest.raises(NoSuchVoucher, match="1-9"):
        desk.step(vouchers.make, ZHAO, 1, 9)


def test_payout_rows_come_with_the_posting(store_url: str) -> None:
    """L10: a payout's rows are fetched when it is posted; without them, or with others, nothing is booked."""
    desk = office(store_url)
    rows = [("1", "基础养老金", 202601, 60, "50010101"), ("2", "基础养老金", 202601, 40, "50010101")]
    lines = (Line("50010101", Side.D, 100), Line("1004", Side.C, 100))
    made = replace(received(event="P2"), lines=lines, payout_source=5, payout_count=2, payout_fen=100, payout_digest=payout_digest(rows))
    draft = desk.propose(made)
    desk.make(draft)
    desk.review(draft)
    desk.sign(draft)
    for wrong in (None, lambda connection, book_id, source: rows[:1]):
        with pytest.raises(SubledgerDiffers):
            desk.step(vouchers.post, ZHAO, 1, draft.voucher_id, wrong)
    asked: list[tuple[int, int]] = []

    def source(connection: sa.Connection, book_id: int, source_id: int) -> list[Any]:
        asked.append((book_id, source_id))
        return rows

    desk.step(vouchers.post, ZHAO, 1, draft.voucher_id, source)
    with reading(desk.engine) as connection:
        assert list(posted.payouts(connection, 1, 5)) == rows
    assert asked == [(1, 5)]


def disarm(desk: Office) -> None:
    """Takes the guards of vouchers away."""
    tables = ("shebao_voucher", "shebao_voucher_line")
    if desk.engine.dialect.name == "postgresql":
        desk.sql(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
        return
    with reading(desk.engine) as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'shebao_voucher%'").scalars().all()
    desk.sql(*(f"DROP TRIGGER {name}" for name in names))


CHANGES = (
    "UPDATE shebao_voucher SET summary = '别的' WHERE voucher_id = {id}",
    "UPDATE shebao_voucher SET attachments = 2 WHERE voucher_id = {id}",
    "UPDATE shebao_voucher SET day = '2026-01-21' WHERE voucher_id = {id}",
    "UPDATE shebao_voucher SET documents = '[\"x\"]' WHERE voucher_id = {id}",
    "UPDATE shebao_voucher SET authority = '别的' WHERE voucher_id = {id}",
    "UPDATE shebao_voucher SET payout_fen = 1 WHERE voucher_id = {id}",
    "UPDATE shebao_voucher_line SET amount_fen = amount_fen + 1 WHERE voucher_id = {id}",
    "UPDATE shebao_voucher_line SET account = '1004' WHERE line_no = 1 AND voucher_id = {id}",
    "UPDATE shebao_voucher_line SET memo = 'x' WHERE line_no = 2 AND voucher_id = {id}",
    "INSERT INTO shebao_voucher_line VALUES (1, {id}, 3, '100301', 'D', 1, '', ''), (1, {id}, 4, '4201', 'C', 1, '', '')",
)


def test_changed_content_by_python_alone(store_url: str) -> None:
    """C2: with the database's guards gone, one changed part of a voucher voids the signatures: SB3103, and nothing is booked."""
    desk = office(store_url)
    drafts = [desk.propose(received(source=f"doc-{number}")) for number in range(len(CHANGES))]
    for draft in drafts:
        desk.make(draft)
        desk.review(draft)
    disarm(desk)
    for draft, change in zip(drafts, CHANGES, strict=True):
        desk.sql(change.format(id=draft.voucher_id))
        with pytest.raises(ContentChanged):
            desk.post(draft)
        assert desk.reject(draft).state == "rejected"


def test_a_digest_changed_along_is_noticed(store_url: str) -> None:
    """C2: content changed together with its digest still differs from what the reviewer signed."""
    desk = office(store_url)
    draft = desk.propose(received())
    desk.make(draft)
    desk.review(draft)
    disarm(desk)
    changed = replace(received(), summary="别的")
    desk.sql(f"UPDATE shebao_voucher SET summary = '别的', digest = '{changed.digest()}'")
    with pytest.raises(ContentChanged):
        desk.post(draft)


def test_changed_content_by_the_database_alone(store_url: str) -> None:
    """C2: with Python out of the way, the database refuses every change of what a voucher says, and its deletion."""
    desk = office(store_url)
    draft = desk.make(desk.propose(received()))
    for change in (*CHANGES, "DELETE FROM shebao_voucher_line", "DELETE FROM shebao_voucher"):
        with pytest.raises(DatabaseRefusal, match="SB3103"):
            desk.sql(change.format(id=1))
    desk.review(draft)
    assert desk.post(draft).number == 1


MOVES = {
    "made by nobody": (0, "state = 'made'", "SB3102"),
    "reviewed at once": (0, "state = 'reviewed', maker = 'a', reviewer = 'b'", "SB3102"),
    "posted at once": (0, "state = 'posted', entry_id = 1", "SB3102"),
    "reviewed by its maker": (1, "state = 'reviewed', reviewer = 'zhao', reviewed_digest = digest", "SB3002"),
    "reviewed over another content": (1, "state = 'reviewed', reviewer = 'b', reviewed_digest = 'x'", "SB3103"),
    "another maker": (1, "maker = 'b'", "SB3103"),
    "another reviewer": (2, "reviewer = 'b'", "SB3103"),
    "posted without an entry": (2, "state = 'posted'", "SB3103"),
    "posted as an entry that is not there": (2, "state = 'posted', entry_id = 1", "SB3103"),
    "back to the desk": (2, "state = 'made'", "SB3102"),
    "back after posting": (3, "state = 'rejected'", "SB3102"),
}


def test_steps_by_the_database_alone(store_url: str) -> None:
    """C1, C2: with Python out of the way, the database keeps the order of steps, the two people and the one content."""
    desk = office(store_url)
    draft = desk.propose(received())
    for done in range(4):
        for stands, change, code in MOVES.values():
            if stands == done:
                with pytest.raises(DatabaseRefusal, match=code):
                    desk.sql(f"UPDATE shebao_voucher SET {change}")
        if done < 3:
            getattr(desk, STEPS[done])(draft)


def test_new_vouchers_begin_at_the_beginning(store_url: str) -> None:
    """C1: the database takes a new voucher only as proposed, unsigned, under a number and a document of its own."""
    desk = office(store_url)
    desk.propose(received())
    columns = [column.name for column in vouchers.voucher.c]

    def copy(**changed: str) -> None:
        desk.sql(f"INSERT INTO shebao_voucher SELECT {', '.join(changed.get(name, name) for name in columns)} FROM shebao_voucher WHERE voucher_id = 1")

    for state in ("made", "reviewed", "posted", "rejected"):
        with pytest.raises(DatabaseRefusal, match="SB3102"):
            copy(voucher_id="2", state=f"'{state}'", source_key="'x'")
    with pytest.raises(DatabaseRefusal, match="SB3102"):
        copy(voucher_id="2", maker="'a'", source_key="'x'")
    with pytest.raises(DatabaseRefusal, match="SB3103"):
        copy(source_key="'x'")
    with pytest.raises(DatabaseRefusal, match="SB1104"):
        copy(voucher_id="2")
    copy(voucher_id="2", source_key="'x'")


def test_labels_and_things() -> None:
    """What the duties look at names who made and who reviewed this very voucher."""
    made = received()
    draft = Draft(1, 7, "reviewed", made, made.digest(), "system", "a", "b", made.digest(), None, "")
    assert draft.thing().key == "voucher:1-7"
    assert draft.thing().acted == ((Duty.BOOKKEEP, "a"), (Duty.CHECK, "b"))
    assert replace(draft, maker="", reviewer="").thing().acted == ()
    assert (made.day, NOW[:10]) == (date(2026, 1, 20), "2026-01-31")

"""K12: the cashier's journals against the ledger: what pairs, what does not, what nobody guesses, and who may say why."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls import corrections, journal_compare, journals
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from controls.errors_journals import NoSuchDifference
from controls.errors_payment import NoReason
from controls.journal_compare import Comparison
from controls.journal_match import DifferenceKind, Item, match
from controls.journals import Kind
from ledger.db import reading
from ledger.entries import Entry, Line, Side, dimension
from ledger.money import Fen
from ledger.months import Month
from tests.controls.journal_desk import BOOK, FEBRUARY, JANUARY, SUN, WANG, ZHAO, Desk, desk, receipt

NUMBERS = itertools.count(1)


def entry(day: int, fen: Fen, *, paper: str = "", month: Month = JANUARY, account: str = "1004", bank_account: str = "") -> Entry:
    """Interest into an account (negative: out of it in red), by its paper when given."""
    axes = dimension(bank_account=bank_account)
    lines = (Line(account, Side.D, fen, axes), Line("4201", Side.C, fen))
    papers = (f"receipt:{paper}",) if paper else ()
    return Entry(month, date(month.year, month.month, day), "收到利息", lines, "银行回单", f"doc-{next(NUMBERS)}", event="I1", attachments=1, documents=papers)


@pytest.fixture(autouse=True)
def january_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The month of the opening takes vouchers here: what a month taken over refuses (SB3320) is another test's matter."""
    monkeypatch.setattr("controls.opening_gate.check", lambda *given: None)


def opened(at: Desk, fen: Fen = 1_000) -> None:
    """Opening balance of the 支出户 in the ledger, and the journal that took it over."""
    before = Entry(
        JANUARY, date(2026, 1, 31), "期初余额", (Line("1004", Side.D, fen), Line("3001", Side.C, fen)), "移交", "opening", event="OPENING", kind="期初"
    )
    at.office.booked(before)
    at.opened(opening=fen)


def kinds(found: Comparison) -> list[tuple[str, int]]:
    return [(one.kind.value, one.amount) for one in found.differences]


def k12(at: Desk, month: Month = JANUARY) -> list[tuple[bool, str]]:
    with reading(at.engine) as connection:
        return [(one.ok, one.text) for one in journal_compare.checks(connection, BOOK, month)]


def test_the_three_books_agree(store_url: str) -> None:
    """总账 = 明细账 = 日记账: by document number, by amount and day; every day closed; K12 passes with its figures."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(5, "HD-1", into=500), receipt(6, "HD-2", into=70), receipt(7, "HD-3", out=30))
    at.office.booked(entry(20, 500, paper="HD-1"), entry(8, 70), entry(7, -30))
    assert k12(at) == [(False, "1004 支出户存款：总账 15.40 元，明细账 15.40 元，日记账 15.40 元；核对相符 3 组，日记账有 3 日未日结")]
    at.step(journals.close_day, WANG, 1, date(2026, 1, 31))
    (found,) = at.compared().accounts
    assert found.equal and found.matched == 3 and not found.differences
    assert found.journal is not None
    assert (found.journal.opening, found.journal.into, found.journal.out, found.journal.closing) == (1_000, 570, 30, 1_540)
    assert [(one.day.day, one.journal_in, one.ledger_in) for one in found.days] == [(5, 500, 0), (6, 70, 0), (7, 0, -30), (8, 0, 70), (20, 0, 500)]
    assert k12(at) == [(True, "1004 支出户存款：总账 15.40 元，明细账 15.40 元，日记账 15.40 元；核对相符 3 组")]


def test_differences_are_listed_each_in_its_kind(store_url: str) -> None:
    """Only in the journal, only in the ledger, amounts that differ on one document, an opening that differs; together they are the whole gap."""
    at = desk(store_url)
    opened(at)
    at.opened(Kind.FISCAL, 3, date(2026, 1, 1), "6200 1003")
    at.enter(receipt(5, "HD-1", into=500), receipt(6, "HD-2", into=71))
    at.office.booked(entry(6, 17, paper="HD-2"), entry(9, 40))
    found = at.compared()
    assert sorted(kinds(found)) == [("amount", 54), ("journal", 500), ("ledger", -40), ("opening", 3)]
    for one in found.accounts:
        assert one.journal is not None
        assert one.journal.closing - one.general.closing == sum(difference.amount for difference in one.differences)


def test_equal_candidates_are_never_guessed(store_url: str) -> None:
    """Two equal receipts and one voucher: a difference that lists all three; the document number on the voucher settles it."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(5, "HD-1", into=500), receipt(5, "HD-2", into=500))
    at.office.booked(entry(5, 500))
    (one,) = at.compared().differences
    assert (one.kind, len(one.journal), len(one.ledger), one.amount) == (DifferenceKind.EQUAL, 2, 1, 500)
    assert "须按单据号指明" in one.why
    at.office.booked(entry(9, 500))
    assert at.compared().differences == ()


def test_a_document_number_goes_before_the_amount(store_url: str) -> None:
    """Of two equal receipts the one that the voucher names is matched, the other stays."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(5, "HD-1", into=500), receipt(5, "HD-2", into=500))
    at.office.booked(entry(9, 500, paper="HD-2"))
    (one,) = at.compared().differences
    assert (one.kind, one.journal[0].place) == (DifferenceKind.JOURNAL_ONLY, "日记账1第1行")


def test_what_one_month_leaves_open_the_next_one_settles(store_url: str) -> None:
    """A receipt of January booked in February: open and named in January, matched in February."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(30, "HD-1", into=500))
    with reading(at.engine) as connection:
        assert kinds(journal_compare.compare(connection, BOOK, JANUARY)) == [("journal", 500)]
    at.office.closed(JANUARY)
    at.office.booked(entry(2, 500, month=FEBRUARY))
    assert kinds(at.compared()) == [("journal", 500)]
    assert kinds(at.compared(FEBRUARY)) == []
    assert at.account(FEBRUARY).matched == 1


def test_red_lines_and_red_vouchers_cancel_on_their_own_side(store_url: str) -> None:
    """A struck line and a reversed voucher need no partner; the blue voucher pairs with the line entered again."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(5, "HD-1", into=500))
    at.step(journals.strike, WANG, 1, 1, date(2026, 1, 6), "金额看错")
    at.enter(receipt(6, "HD-1", into=50))
    draft = at.office.propose(entry(8, 500))
    at.office.make(draft)
    at.office.review(draft)
    at.office.post(draft)
    for made in at.office.step(corrections.correct, ZHAO, 1, draft.voucher_id, entry(9, 50), "金额看错"):
        at.office.review(made)
        at.office.post(made)
    (found,) = at.compared().accounts
    assert (found.differences, found.matched, found.equal) == ((), 1, True)


def test_one_receipt_booked_by_several_lines(store_url: str) -> None:
    """A voucher with two lines on the account, and a difference voucher after it, pair with the one receipt of their sum."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(5, "HD-1", into=120), receipt(5, "HD-2", into=90))
    two = entry(5, 60)
    at.office.booked(replace(two, lines=(Line("1004", Side.D, 60), Line("1004", Side.D, 30), Line("4201", Side.C, 90))))
    draft = at.office.propose(entry(6, 100))
    for step in (at.office.make, at.office.review, at.office.post):
        step(draft)
    more = at.office.step(corrections.adjust, ZHAO, 1, draft.voucher_id, {1: 120, 2: 120}, date(2026, 1, 8), "少记")
    at.office.review(more)
    at.office.post(more)
    assert at.compared().differences == ()


def test_bank_accounts_are_kept_apart(store_url: str) -> None:
    """With two journals of one account a voucher belongs to the bank account it names; one that names none is a difference."""
    at = desk(store_url)
    at.opened(Kind.FISCAL, 0, date(2026, 1, 1), "77")
    at.opened(Kind.FISCAL, 0, date(2026, 1, 1), "88")
    at.enter(receipt(5, "HD-1", into=500), journal=1)
    at.enter(receipt(5, "HD-2", into=500), journal=2)
    at.office.booked(entry(5, 500, account="100301", bank_account="88"), entry(5, 500, account="100301"))
    found = at.compared()
    assert sorted(kinds(found)) == [("journal", 500), ("ledger", -500)]
    assert [one.why for one in found.differences if one.ledger] == ["凭证没有注明银行账号"]


def test_a_difference_is_explained_by_those_who_compare(store_url: str) -> None:
    """SB3001, SB3002, SB3042, SB3172: not the cashier, not one who wrote lines, not without a reason; then K12 passes and says so."""
    at = desk(store_url)
    opened(at)
    at.enter(receipt(30, "HD-1", into=500))
    at.step(journals.close_day, WANG, 1, date(2026, 1, 31))
    (one,) = at.compared().unexplained
    step = (BOOK, JANUARY, one.key)
    with pytest.raises(NotAllowed):
        at.step(journal_compare.explain, WANG, *step, "在途")
    with pytest.raises(SamePerson):
        at.step(journal_compare.explain, Actor("wang", "王出纳", frozenset({Duty.BOOKKEEP})), *step, "在途")
    with pytest.raises(NoReason):
        at.step(journal_compare.explain, ZHAO, *step, " ")
    with pytest.raises(NoSuchDifference):
        at.step(journal_compare.explain, ZHAO, BOOK, JANUARY, "0000000000", "在途")
    assert [ok for ok, _ in k12(at)] == [False]
    at.step(journal_compare.explain, ZHAO, *step, "1月30日利息，2月2日入账")
    ((ok, text),) = k12(at)
    assert ok and text.endswith("差异 1 笔已说明")
    assert at.compared().unexplained == () and len(at.compared().differences) == 1
    assert at.step(journal_compare.record, SUN, BOOK, JANUARY).digest() == at.compared().digest()
    with pytest.raises(NotAllowed):
        at.step(journal_compare.record, WANG, BOOK, JANUARY)


def test_an_account_without_a_journal_is_found(store_url: str) -> None:
    """Where the book keeps journals, an account that moved without one fails; where it keeps none, K12 stands as not run."""
    at = desk(store_url)
    at.office.booked(entry(5, 500, account="100301"))
    assert k12(at) == []
    at.opened(opening=0)
    assert [ok for ok, _ in k12(at)] == [False, True]
    assert "出纳没有登记日记账" in k12(at)[0][1]


ITEMS = st.lists(st.tuples(st.integers(1, 28), st.integers(-3, 3).filter(bool), st.sampled_from(["", "a", "b"])), max_size=7)


@given(ITEMS, ITEMS)
def test_nothing_is_lost_in_matching(journal: list[tuple[int, int, str]], ledger: list[tuple[int, int, str]]) -> None:
    """Every line ends in exactly one match or difference, every match sums to nil, and the differences sum to the gap."""

    def items(side: str, rows: list[tuple[int, int, str]]) -> list[Item]:
        return [Item(f"{side}{place}", date(2026, 1, day), fen, frozenset({paper} - {""}), root=(side, place)) for place, (day, fen, paper) in enumerate(rows)]

    mine, theirs = items("J", journal), items("L", ledger)
    found = match(mine, theirs)
    placed = [one.place for pair in found.matches for side in pair for one in side]
    placed += [one.place for difference in found.differences for one in difference.journal + difference.ledger]
    assert sorted(placed) == sorted(one.place for one in mine + theirs)
    assert all(sum(one.signed for one in pair[0]) == sum(one.signed for one in pair[1]) for pair in found.matches)
    gap = sum(one.signed for one in mine) - sum(one.signed for one in theirs)
    assert sum(one.amount for one in found.differences) == gap
    assert len({one.key for one in found.differences}) == len(found.differences)

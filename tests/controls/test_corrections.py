"""Corrections of posted vouchers: red, blue, difference; each names its origin, is reviewed by another, and nothing is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from controls import corrections, vouchers
from controls.errors import NotAllowed, SamePerson
from controls.voucher_tables import voucher
from controls.vouchers import Draft, WrongState
from ledger import balances, posted
from ledger import corrections as law
from ledger.corrections import Correction, CorrectionRefused, kind_of
from ledger.db import reading
from ledger.entries import Entry, Side
from ledger.errors import DatabaseRefusal
from ledger.errors_posting import PeriodNotOpen
from ledger.months import Month
from tests.controls.voucher_desk import FEBRUARY, JANUARY, SUN, ZHAO, Office, office, received

FEB_5 = date(2026, 2, 5)


def held(desk: Office) -> dict[str, int]:
    with reading(desk.engine) as connection:
        return {code: fen for code, fen in balances.closing_balances(balances.movements(connection, 1)).items() if fen}


def carried(desk: Office, *drafts: Draft) -> None:
    for draft in drafts:
        desk.review(draft)
        desk.post(draft)


def booked(desk: Office, fen: int = 500, source: str = "a") -> int:
    """The voucher id of an interest receipt that is posted."""
    draft = desk.propose(received(fen, source))
    desk.make(draft)
    carried(desk, draft)
    return draft.voucher_id


def striking(desk: Office, voucher_id: int, day: date = FEB_5, reason: str = "重复入账") -> Draft:
    found: Draft = desk.step(corrections.reverse, ZHAO, 1, voucher_id, day, reason)
    return found


def right(fen: int = 120, *, account: str = "1004", day: date = FEB_5) -> Entry:
    """Interest as it should have been booked."""
    return replace(received(fen, "x", account=account, month=FEBRUARY), day=day)


def test_a_voucher_is_struck_in_red_in_the_open_month(store_url: str) -> None:
    """L3: January is closed; the red voucher of February names it, carries the statutory summary and negative amounts on the same sides."""
    desk = office(store_url)
    origin = booked(desk)
    desk.closed(JANUARY)
    draft = striking(desk, origin)
    assert draft.state == "made"
    assert [(line.account, line.side, line.amount) for line in draft.entry.lines] == [("100301", Side.D, -500), ("4201", Side.C, -500)]
    assert draft.entry.summary == "注销1月20日记字1号凭证（重复入账）"
    assert (draft.entry.period, draft.entry.corrects, draft.entry.event) == (FEBRUARY, 1, "I1")
    carried(desk, draft)
    assert held(desk) == {"3001": -500, "4201": 500}
    with reading(desk.engine) as connection:
        (link,) = corrections.links(connection, 1, 1)
        moved = [move for move in balances.movements(connection, 1) if move.period == FEBRUARY and move.account == "4201"]
        stored = posted.one(connection, 1, link.entry_id or 0)
    assert (link.kind, link.state, kind_of(stored.entry)) == (Correction.REVERSE, "posted", Correction.REVERSE)
    assert [(move.debit, move.credit) for move in moved] == [(0, -500)]


def test_red_and_blue_are_laid_together(store_url: str) -> None:
    """A wrong account: the red voucher and the blue one in one step, each with its own review, linked to the origin."""
    desk = office(store_url)
    origin = booked(desk)
    drafts = desk.step(corrections.correct, ZHAO, 1, origin, replace(right(500), period=JANUARY, day=date(2026, 1, 28)), "存入支出户")
    assert [draft.entry.summary for draft in drafts] == ["注销1月20日记字1号凭证（存入支出户）", "订正1月20日记字1号凭证：收到利息（存入支出户）"]
    carried(desk, *drafts)
    assert held(desk) == {"1004": 500, "4201": -500}
    with reading(desk.engine) as connection:
        assert [(link.kind, link.entry_id) for link in corrections.links(connection, 1, 1)] == [(Correction.REVERSE, 2), (Correction.CORRECT, 3)]


@pytest.mark.parametrize(("fen", "difference"), [(620, 120), (380, -120)])
def test_only_the_difference_is_booked(store_url: str, fen: int, difference: int) -> None:
    """A wrong amount alone: blue for too little, red for too much, on the sides of the origin."""
    desk = office(store_url)
    origin = booked(desk)
    draft = desk.step(corrections.adjust, ZHAO, 1, origin, {1: fen, 2: fen}, date(2026, 1, 28), "金额录错")
    assert [line.amount for line in draft.entry.lines] == [difference, difference]
    assert draft.entry.summary.startswith("调整1月20日记字1号凭证")
    carried(desk, draft)
    assert held(desk) == {"100301": fen, "4201": -fen}


def test_an_earlier_year_takes_a_blue_voucher_only(store_url: str) -> None:
    """会计基础工作规范 51: the year is over, so no red and no difference; the blue voucher names the old one."""
    origin = replace(received(500, "a"), day=date(2026, 1, 20))
    made = posted.Posted(1, 1, 1, "zhao", "sun", "zhao", "", "", origin)
    day = date(2027, 3, 2)
    for step in (lambda: law.reverse(made, day, "多收"), lambda: law.adjust(made, {1: 1, 2: 1}, day, "多收")):
        with pytest.raises(CorrectionRefused, match="以前年度"):
            step()
    blue = law.correct(made, replace(received(120, "x", month=Month(2027, 3)), day=day), "上年利息漏记户名")
    assert (blue.corrects, blue.period.year, [line.amount for line in blue.lines]) == (1, 2027, [120, 120])


def test_what_cannot_be_corrected_this_way(store_url: str) -> None:
    """SB1340: closing, opening, corrections themselves and payouts person by person are refused, each with what to do instead."""
    plain = received(500, "a")
    cases = {
        "期末结转": replace(plain, closing=True),
        "期初建账": replace(plain, event="OPENING"),
        "红字冲销凭证": replace(plain, corrects=7, source_key="reverse:7"),
        "逐人发放": replace(plain, payout_source=3, payout_count=1, payout_fen=500, payout_digest="d"),
    }
    for why, entry in cases.items():
        made = posted.Posted(1, 9, 9, "zhao", "sun", "zhao", "", "", entry)
        with pytest.raises(CorrectionRefused, match=why) as refused:
            law.reverse(made, FEB_5, "错")
        assert refused.value.remedy("zh")
    before = posted.Posted(1, 9, 9, "zhao", "sun", "zhao", "", "", plain)
    with pytest.raises(CorrectionRefused, match="早于"):
        law.reverse(before, date(2026, 1, 2), "错")
    for amounts, why in (({3: 5}, "没有第 3 行"), ({1: 500}, "没有差额"), ({1: 400}, "借贷不平")):
        with pytest.raises(CorrectionRefused, match=why):
            law.adjust(before, amounts, FEB_5, "错")


def test_a_voucher_is_corrected_once(store_url: str) -> None:
    """L11: a second red voucher, or a difference beside a red one, is refused while the first is on its way; sent back it may be made anew."""
    desk = office(store_url)
    origin = booked(desk)
    january = date(2026, 1, 28)
    first = striking(desk, origin, january)
    for again in (
        lambda: striking(desk, origin, january),
        lambda: desk.step(corrections.adjust, ZHAO, 1, origin, {1: 1, 2: 1}, january, "错"),
    ):
        with pytest.raises(CorrectionRefused, match="已有红字冲销"):
            again()
    desk.reject(first)
    carried(desk, striking(desk, origin, january))
    with pytest.raises(CorrectionRefused, match="红字冲销"):
        striking(desk, first.voucher_id + 1, january)


def test_an_unposted_voucher_is_sent_back_not_corrected(store_url: str) -> None:
    """SB3102: what is not in the books yet is rejected and made anew."""
    desk = office(store_url)
    draft = desk.propose(received(500, "a"))
    with pytest.raises(WrongState, match="退回重做"):
        striking(desk, draft.voucher_id)


def test_corrections_have_their_own_two_people(store_url: str) -> None:
    """C1: only a 会计 lays a correction, and who made it does not review it."""
    desk = office(store_url)
    origin = booked(desk)
    with pytest.raises(NotAllowed):
        desk.step(corrections.reverse, SUN, 1, origin, date(2026, 1, 28), "错")
    draft = striking(desk, origin, date(2026, 1, 28))
    both = replace(ZHAO, duties=ZHAO.duties | SUN.duties)
    with pytest.raises((SamePerson, NotAllowed)):
        desk.review(draft, both)


def test_a_closed_month_takes_no_correction(store_url: str) -> None:
    """L5: a red voucher dated back into a closed month is refused."""
    desk = office(store_url)
    origin = booked(desk)
    desk.closed(JANUARY)
    with pytest.raises(PeriodNotOpen):
        striking(desk, origin, date(2026, 1, 28))


@pytest.mark.parametrize(
    ("source", "corrects"),
    [("reverse:1", None), ("forged", 1), ("reverse:2", 1), ("reverse:9", 9)],
    ids=["no origin", "no key", "another's key", "no such entry"],
)
def test_the_database_knows_corrections_too(store_url: str, source: str, corrects: int | None) -> None:
    """SB1341 with Python out of the way: an entry that corrects names an earlier entry and carries its key, or is refused by the database."""
    desk = office(store_url)
    booked(desk)
    forged = replace(received(-500, source), corrects=corrects)
    draft = desk.propose(forged)
    desk.make(draft)
    desk.review(draft)
    with pytest.raises(DatabaseRefusal) as refused:
        desk.post(draft)
    assert refused.value.facts["code"] == "SB1341"


def test_one_sided_lines_stay_right(store_url: str) -> None:
    """A struck interest leaves 利息收入, which reads the credit side alone, at nil."""
    from books.statements import as_if_closed, income_statement
    from ledger.funds import Fund

    desk = office(store_url)
    origin = booked(desk)
    carried(desk, striking(desk, origin, date(2026, 1, 28)))
    with reading(desk.engine) as connection:
        moved = as_if_closed(Fund.R, [m for m in balances.movements(connection, 1)], JANUARY)
    assert income_statement(Fund.R, JANUARY, {}, moved).line("1").current == 0


def test_the_desk_shows_both_ends(store_url: str) -> None:
    """Links run both ways: from the origin to what corrects it, and back."""
    desk = office(store_url)
    origin = booked(desk)
    draft = striking(desk, origin, date(2026, 1, 28))
    with reading(desk.engine) as connection:
        assert [link.voucher_id for link in corrections.links(connection, 1, 1)] == [draft.voucher_id]
        assert corrections.origin_of(connection, 1, origin).entry_id == vouchers.get(connection, 1, draft.voucher_id).entry.corrects
        assert connection.execute(voucher.select().where(voucher.c.corrects == 1)).first() is not None

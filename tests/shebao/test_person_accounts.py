"""Person accounts in an office: opening balances, a year's interest, transfers, one-off payments with set-off, K15 and a person's page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controls.errors import NotAllowed, SamePerson
from controls.errors_payment import NoReason
from controls.person_accounts import acts, interest, leaving, moves, page, ties
from controls.person_accounts.errors import (
    AccountBusy,
    AlreadyDrawing,
    BadMove,
    BatchState,
    ContentMoved,
    NoSuchBatch,
    NothingLeft,
    UnknownHolder,
    YearNotReady,
    YearSettled,
)  # fmt: skip
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import ParameterUnset
from ledger.person_accounts import store
from tests.controls.payment_desk import someone
from tests.shebao.person_account_desk import ASSESS, OWN, REGISTER, REVIEWER, Accounts, number
from tests.shebao.person_account_steps import HEAD, balance, opened

ANN, BOB, EVE = number(1), number(2), number(3)
DECEMBER = Month(2025, 12)


@pytest.fixture
def office(tmp_path: Path) -> Accounts:
    """An office with choices made, nothing in its accounts yet."""
    return Accounts(tmp_path / "office")


def test_contributions_enter_by_source_and_tie_to_the_ledger(office: Accounts) -> None:
    """Own, 代缴 and subsidies enter the account by part; K15 holds, and each flow is on both sides."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000, (BOB, "government_paid"): 10000, (ANN, "subsidy_province"): 3000})
    assert balance(office, ANN) == {"own": 20000, "subsidy_province": 3000}
    with office.office.reading() as connection:
        found, strange = ties.ties(connection, office.book(), Month(2026, 1))
        checks = ties.checks(connection, office.book(), Month(2026, 1))
    assert not strange and all(tie.ok for tie in found)
    assert {tie.name: tie.ledger for tie in found}["政府代缴 400103"] == 10000
    assert [check.ok for check in checks] == [True, True] and "年初 0.00 + 记入 330.00" in checks[1].text


def test_money_without_persons_is_named(office: Accounts) -> None:
    """K15: premiums booked without rows, and a payment from the account without an act, show as differences with both sides."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    office.posted([office.enter("C3", "2026-01-06", "50.00", "税票 1", details={"payer": "个人缴费"}), office.enter("P12", "2026-01-07", "7.00", "清单 1")])
    said = "".join(office.k15("2026-01"))
    assert "个人缴费 400101：逐人合计 200.00 元，账上 250.00 元，相差 50.00 元" in said
    assert "一次性支付 50010202：逐人合计 0.00 元，账上 7.00 元" in said


def test_a_book_without_persons_is_not_passed_in_silence(office: Accounts) -> None:
    """K15 of a book without any rows of persons says 无个人账户明细 and stands as not run; a fund without accounts too."""
    with office.office.reading() as connection:
        checks = ties.checks(connection, office.book(), Month(2026, 1))
    assert [(check.ran, check.text[:7]) for check in checks] == [(False, "无个人账户明细")]


def test_a_source_on_the_wrong_account_is_named(office: Accounts) -> None:
    """K15: a contribution whose part does not belong on its account enters nothing and is named."""
    from ledger.entries import Entry, Line, Side, contribution_digest

    rows = [(ANN, "collective", 202600, 100, "40010101")]
    lines = (Line("100301", Side.D, 100), Line("40010101", Side.C, 100))
    entry = Entry(
        Month(2026, 1), date(2026, 1, 5), "收到保险费", lines, "缴费明细", "contributions:x", event="C3", kind="收", attachments=1,
        contribution_source=77, contribution_count=1, contribution_fen=100, contribution_digest=contribution_digest(rows),
    )  # fmt: skip
    office.carry(entry, rows)
    assert any("集体补助记在 40010101" in said for said in office.k15("2026-01"))
    assert balance(office, ANN) == {}


def year_of(office: Accounts) -> None:
    """A year in the accounts of two: opening, contributions, payments; closed."""
    opened(office, HEAD, f"{ANN},甲,1000.00,,", f"{BOB},乙,60,40,")
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    office.pay("2026-01-15", [(BOB, "个人账户养老金", 202601, 2000), (BOB, "基础养老金", 202601, 14300)])
    office.open_through("2027-01")
    office.close("2025-12", *(str(Month(2026, month)) for month in range(1, 13)))


def settle_year(office: Accounts, year: int = 2026) -> store.Batch:
    """A year's interest proposed and accepted."""
    with office.unit() as work:
        made = interest.propose(work, office.office.now(), ASSESS, office.book(), year, "人社厅公布")
        work.commit()
    return office.accepted(made)


def test_a_years_interest(office: Accounts) -> None:
    """1000 for a year and 200 from January at 3 %: 36.00; payments borne in proportion earn no more; the year rolls on and is explained by steps."""
    year_of(office)
    made = settle_year(office)
    assert (made.state, made.fen, made.facts["persons"]) == ("accepted", 3600 + 144 + 96, 2)
    assert balance(office, ANN, "2027-01") == {"own": 123600}
    assert balance(office, BOB, "2027-01") == {"own": 4800 + 144, "subsidy_province": 3200 + 96}
    with office.office.reading() as connection:
        steps = page.explain(connection, office.book(), BOB, 2026)
        shown = page.page(connection, office.book(), ANN, Month(2027, 1))
        assert page.explain(connection, office.book(), EVE, 2026) == []
        assert interest.holds(connection, office.book(), made)
    assert ("个人缴费：利息", 144) in [(step.name_zh, step.fen) for step in steps]
    assert shown.years[0][0] == 2026 and shown.total == 123600 and shown.known
    assert office.k15("2027-01") == []


def test_a_year_is_settled_once_in_order_and_when_closed(office: Accounts) -> None:
    """SB3206: an open month, an earlier year that moved, a year twice or out of turn, one waiting, and a book without accounts."""
    book = office.book()
    for year, why in ((2025, "没有个人账户|尚未结账"), (2026, "尚未结账")):
        with office.unit() as work, pytest.raises(YearNotReady, match=why):
            interest.propose(work, office.office.now(), ASSESS, book, year, "x")
    year_of(office)
    with office.unit() as work, pytest.raises(YearNotReady, match="先结 2026 年"):
        interest.propose(work, office.office.now(), ASSESS, book, 2027, "x")
    with office.unit() as work:
        interest.propose(work, office.office.now(), ASSESS, book, 2026, "x")
        with pytest.raises(YearNotReady, match="尚未审核"):
            interest.propose(work, office.office.now(), ASSESS, book, 2026, "x")
    settle_year(office)
    with office.unit() as work, pytest.raises(YearNotReady, match="下一个是 2027"):
        interest.propose(work, office.office.now(), ASSESS, book, 2026, "x")
    with office.unit() as work, pytest.raises(YearSettled):
        moves.correct(work, office.office.now(), REGISTER, book, {(ANN, "own"): 1}, month=Month(2026, 12), reason="补记", evidence="x")


def test_unset_choices_refuse(tmp_path: Path) -> None:
    """SB1031: without a rate, a method, a rule of drawing or interest on leaving nothing is reckoned, and the message says who sets it."""
    office = Accounts(tmp_path / "office", OWN.split("values:")[0] + "values: []\n")
    year_of(office)
    with office.unit() as work, pytest.raises(ParameterUnset):
        interest.propose(work, office.office.now(), ASSESS, office.book(), 2026, "x")
    with office.office.reading() as connection:
        with pytest.raises(ParameterUnset):
            page.page(connection, office.book(), BOB, Month(2026, 2))
        assert page.page(connection, office.book(), ANN, Month(2026, 2)).total == 120000
        rolled = ties.checks(connection, office.book(), Month(2026, 2))[-1]
    assert not rolled.ran and "account_draw_rule" in rolled.text
    with office.unit() as work, pytest.raises(ParameterUnset):
        moves.transfer_out(work, office.office.now(), REGISTER, office.book(), ANN, day=date(2027, 1, 8), key="ZY1", evidence="x")


def test_two_people_and_their_duties(office: Accounts) -> None:
    """C1: who may not prepare is refused, the proposer never reviews, a decided act stands, an unknown one is none, a rejection has its reason."""
    book, now = office.book(), office.office.now()
    with office.unit() as work, pytest.raises(NotAllowed):
        moves.correct(work, now, someone("zhao"), book, {(ANN, "own"): 1}, month=Month(2026, 1), reason="x", evidence="x")
    with office.unit() as work, pytest.raises(NoReason):
        moves.correct(work, now, REGISTER, book, {(ANN, "own"): 1}, month=Month(2026, 1), reason=" ", evidence="x")
    with office.unit() as work:
        made = moves.correct(work, now, REGISTER, book, {(ANN, "own"): 100}, month=Month(2026, 1), reason="漏记", evidence="说明 1")
        both = REGISTER.__class__(REGISTER.user, REGISTER.name, REGISTER.duties | REVIEWER.duties)
        with pytest.raises(SamePerson):
            acts.review(work, now, both, book.book_id, made.batch_id)
        with pytest.raises(ContentMoved):
            acts.review(work, now, REVIEWER, book.book_id, made.batch_id, still=False)
        with pytest.raises(NoReason):
            acts.reject(work, now, REVIEWER, book.book_id, made.batch_id, "")
        acts.reject(work, now, REVIEWER, book.book_id, made.batch_id, "依据不足")
        with pytest.raises(BatchState):
            acts.review(work, now, REVIEWER, book.book_id, made.batch_id)
        with pytest.raises(NoSuchBatch):
            acts.get(work.connection, book.book_id, 99)
        with pytest.raises(NoSuchBatch):
            acts.listed(work.connection, book.book_id, kind="gift")
        work.commit()
    assert balance(office, ANN) == {}


def test_a_correction_between_two_people(office: Accounts) -> None:
    """更正 moves what was put to the wrong person, by two people, never below nil (SB3264)."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    book, now = office.book(), office.office.now()
    with office.unit() as work:
        made = moves.correct(work, now, REGISTER, book, {(ANN, "own"): -5000, (BOB, "own"): 5000}, month=Month(2026, 2), reason="号码录错", evidence="说明 1")
        work.commit()
    with office.unit() as work, pytest.raises(AccountBusy):
        moves.correct(work, now, REGISTER, book, {(BOB, "own"): 1}, month=Month(2026, 2), reason="x", evidence="x")
    office.accepted(made)
    assert (balance(office, ANN), balance(office, BOB)) == ({"own": 15000}, {"own": 5000})
    for rows, evidence in (({(ANN, "own"): -15001}, "x"), ({(ANN, "own"): 0}, "x"), ({(ANN, "pooled"): 1}, "x"), ({(ANN, "own"): 1}, " "), ({}, "x")):
        with office.unit() as work, pytest.raises(BadMove):
            moves.correct(work, now, REGISTER, book, rows, month=Month(2026, 2), reason="x", evidence=evidence)
    with office.unit() as work, pytest.raises(UnknownHolder):
        moves.correct(work, now, REGISTER, book, {("123", "own"): 1}, month=Month(2026, 2), reason="x", evidence="x")


def test_moving_between_schemes_is_two_vouchers_of_one_key(office: Accounts) -> None:
    """T5: R→E moves the whole account, two proposed vouchers cross-referenced, years do not count; K14 and K15 hold in both books."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000, (ANN, "subsidy_county"): 3000})
    with office.unit() as work:
        out, come = moves.between_schemes(
            work,
            office.office.now(),
            REGISTER,
            office.book(),
            office.book(Fund.E),
            ANN,
            day=date(2026, 2, 5),
            into="1003",
            key="XJ2026001",
            evidence="审批表 1",
        )
        work.commit()
    assert (out.key, come.key, out.facts["years"]) == ("XJ2026001", "XJ2026001", False)
    assert balance(office, ANN) == {"own": 20000, "subsidy_county": 3000}
    office.accepted(out)
    office.accepted(come)
    assert (balance(office, ANN), balance(office, ANN, fund=Fund.E)) == ({}, {"moved_in": 23000})
    assert (office.k15("2026-02"), office.k15("2026-02", Fund.E)) == ([], [])
    posted = [office.drafts(fund)[-1] for fund in (Fund.R, Fund.E)]
    assert [draft.entry.event for draft in posted] == ["T5", "T5b"]
    assert all("XJ2026001" in draft.entry.summary and draft.entry.debit == 23000 for draft in posted)


def test_who_draws_does_not_move(office: Accounts) -> None:
    """SB3262 and SB3260: somebody drawing, and somebody without an account, cannot move between schemes."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    office.pay("2026-01-15", [(ANN, "个人账户养老金", 202601, 100)])
    for who, refusal in ((ANN, AlreadyDrawing), (EVE, NothingLeft)):
        with office.unit() as work, pytest.raises(refusal):
            moves.between_schemes(
                work, office.office.now(), REGISTER, office.book(), office.book(Fund.E), who, day=date(2026, 2, 5), into="1003", key="k", evidence="x"
            )


def test_region_transfers_and_their_return(office: Accounts) -> None:
    """T3 and T4, T1 and T2: out and back, in and back; pooled money ties to 5201 and enters no account; no return beyond what is there."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000})
    book, now = office.book(), office.office.now()

    def step(act, *given, **more):  # type: ignore[no-untyped-def]
        with office.unit() as work:
            made = act(work, now, REGISTER, book, *given, **more)
            work.commit()
        return office.accepted(made)

    out = step(moves.transfer_out, ANN, day=date(2026, 1, 20), key="ZY1", evidence="联系函 1", pooled=700, to="邻县")
    assert (balance(office, ANN), office.drafts()[-1].entry.debit) == ({}, 20700)
    with office.unit() as work, pytest.raises(NothingLeft):
        moves.transfer_out(work, now, REGISTER, book, ANN, day=date(2026, 1, 21), key="ZY2", evidence="x")
    step(moves.returned, out.batch_id, day=date(2026, 2, 3), account="1004", evidence="退回通知", reason="账号有误退回")
    assert balance(office, ANN) == {"own": 20000}
    come = step(moves.transfer_in, BOB, {"个人缴费": 500, "省补贴": 60}, day=date(2026, 2, 4), into="1003", key="ZR1", evidence="信息表 1", origin="邻县")
    assert balance(office, BOB) == {"own": 500, "subsidy_province": 60}
    back = step(moves.returned, come.batch_id, day=date(2026, 2, 5), account="1003", evidence="退回函", reason="转错人")
    assert balance(office, BOB) == {} and office.k15("2026-02") == []
    for batch_id in (come.batch_id, back.batch_id):
        with office.unit() as work, pytest.raises(BadMove):
            moves.returned(work, now, REGISTER, book, batch_id, day=date(2026, 2, 6), account="1003", evidence="x", reason="x")
    with office.unit() as work, pytest.raises(BadMove):
        moves.transfer_in(work, now, REGISTER, book, BOB, {"个人缴费": 0}, day=date(2026, 2, 6), into="1003", key="x", evidence="x")


def paid_since(office: Accounts, months: range) -> None:
    """Base 150 and account 20 paid for each month of early 2026, in that month."""
    for month in months:
        day = f"2026-{month:02d}-15"
        office.pay(day, [(ANN, "基础养老金", 202600 + month, 15000), (ANN, "个人账户养老金", 202600 + month, 2000)])


def test_a_death_is_settled_as_the_worked_example(office: Accounts) -> None:
    """§4.5: paid for months after death, the account due 2480 bears 80 advanced and 600 overpaid, the heirs get 1800 (P10); every side ties."""
    opened(office, HEAD, f"{ANN},甲,2540.00,,")
    office.open_through("2026-08")
    paid_since(office, range(1, 8))
    with office.unit() as work:
        made = leaving.one_off(
            work, office.office.now(), ASSESS, office.book(), ANN, reason="死亡", happened=date(2026, 3, 9), day=date(2026, 8, 3), evidence="死亡证明 1"
        )
        work.commit()
    told = made.facts
    assert (told["voucher"]["event"], told["paid"], told["claim"], told["advanced"], told["overpaid"]) == ("P10", 180000, 0, 8000, 60000)
    office.accepted(made)
    legs = [(line.account, line.side.value, line.amount) for line in office.drafts()[-1].entry.lines]
    assert sorted(legs) == [("1004", "C", 180000), ("50010109", "C", 60000), ("50010201", "C", 8000), ("50010202", "D", 248000)]
    assert balance(office, ANN, "2026-08") == {}
    assert office.k15("2026-08") == []


def test_a_death_of_last_year_is_settled_net(office: Accounts) -> None:
    """§4.5: overpaid in the year before, the account pays 2400 net of the advance, 600 go to 4501 and the heirs get 1800."""
    opened(office, HEAD, f"{ANN},甲,2540.00,,")
    office.open_through("2027-01")
    paid_since(office, range(1, 8))
    with office.unit() as work:
        made = leaving.one_off(
            work, office.office.now(), ASSESS, office.book(), ANN, reason="死亡", happened=date(2026, 3, 9), day=date(2027, 1, 5), evidence="死亡证明 1"
        )
        work.commit()
    office.accepted(made)
    legs = sorted((line.account[:4], line.side.value, line.amount) for line in office.drafts()[-1].entry.lines)
    assert legs == [("1004", "C", 180000), ("4501", "C", 60000), ("5001", "D", 240000)]
    assert office.k15("2027-01") == [] and balance(office, ANN, "2027-01") == {}


def test_a_duplicate_leaves_the_subsidies_in_the_fund(office: Accounts) -> None:
    """17号: own and collective money is paid back (P12), subsidies and 代缴 stay and are written off the account; the same act is not done twice."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000, (ANN, "subsidy_county"): 3000, (ANN, "government_paid"): 10000, (ANN, "collective"): 500})
    with office.unit() as work:
        made = leaving.one_off(
            work, office.office.now(), ASSESS, office.book(), ANN, reason="重复领取清退", happened=date(2026, 1, 31), day=date(2026, 2, 3), evidence="认定书 1"
        )
        work.commit()
    assert (made.facts["paid"], made.facts["cleared"], made.facts["voucher"]["event"]) == (20500, 13000, "P12")
    office.accepted(made)
    assert balance(office, ANN) == {} and office.k15("2026-02") == []
    with office.unit() as work, pytest.raises(NothingLeft):
        leaving.one_off(work, office.office.now(), ASSESS, office.book(), ANN, reason="死亡", happened=date(2026, 2, 1), day=date(2026, 2, 4), evidence="x")


def test_an_account_used_up_is_carried_by_the_fund(office: Accounts) -> None:
    """The fund pays on when the account is nil, the balance stays nil, and months carried after death are a loss, not an advance."""
    opened(office, HEAD, f"{ANN},甲,30.00,,")
    office.open_through("2026-08")
    paid_since(office, range(1, 5))
    assert balance(office, ANN, "2026-04") == {} and office.k15("2026-04") == []
    with office.unit() as work:
        made = leaving.one_off(
            work, office.office.now(), ASSESS, office.book(), ANN, reason="死亡", happened=date(2026, 1, 9), day=date(2026, 5, 3), evidence="x", funeral=20000
        )
        work.commit()
    # 20 of January was due; of the 60 paid after it 10 were the account's, 50 the fund's: a loss beside 450 of base pension.
    assert (made.facts["advanced"], made.facts["overpaid"], made.facts["set_off"], made.facts["claim"]) == (1000, 50000, 20000, 30000)
    office.accepted(made)
    assert office.k15("2026-05") == [] and balance(office, ANN, "2026-05") == {}


def test_interest_on_leaving_to_the_month(tmp_path: Path) -> None:
    """With the choice 按上年记账利率计至终止月 an account that leaves in February takes two months of last year's rate along."""
    office = Accounts(tmp_path / "office", OWN.replace("不计当年利息, keys: {fund: R}", "按上年记账利率计至终止月, keys: {fund: R}"))
    opened(office, HEAD, f"{ANN},甲,1200.00,,")
    with office.unit() as work:
        made = moves.transfer_out(work, office.office.now(), REGISTER, office.book(), ANN, day=date(2026, 2, 5), key="ZY1", evidence="x")
        work.commit()
    assert made.facts["voucher"]["amounts"]["amount"] == 120000 + 600
    office.accepted(made)
    assert balance(office, ANN) == {} and office.k15("2026-02") == []


def test_an_account_that_moved_since_is_reckoned_anew(office: Accounts) -> None:
    """SB3207: a payment booked after an act was proposed voids it at review; one booked after the review stops its voucher at posting."""
    office.contribute("2026-01-05", {(ANN, "own"): 20000, (BOB, "own"): 20000})
    made = []
    for who in (ANN, BOB):
        with office.unit() as work:
            made.append(
                leaving.one_off(
                    work, office.office.now(), ASSESS, office.book(), who, reason="出国定居", happened=date(2026, 2, 1), day=date(2026, 2, 5), evidence="x"
                )
            )
            work.commit()
    office.accepted(made[1], post=False)
    office.pay("2026-02-06", [(ANN, "个人账户养老金", 202602, 100), (BOB, "个人账户养老金", 202602, 100)])
    with pytest.raises(ContentMoved):
        office.accepted(made[0])
    with pytest.raises(ContentMoved):
        office.settle([draft for draft in office.drafts() if draft.entry.event == "P12"])


def test_verify_proves_an_office_with_accounts(office: Accounts) -> None:
    """verify holds in every point after a death was settled, a scheme was changed and an opening was taken in; K15 stands in the closing checks."""
    from shebao.proofs import cross_foots
    from shebao.verification import verify_store

    opened(office, HEAD, f"{ANN},甲,2540.00,,", f"{BOB},乙,100,,")
    office.pay("2026-02-15", [(ANN, "基础养老金", 202602, 15000), (ANN, "个人账户养老金", 202602, 2000)])
    with office.unit() as work:
        death = leaving.one_off(
            work, office.office.now(), ASSESS, office.book(), ANN, reason="死亡", happened=date(2026, 1, 9), day=date(2026, 2, 20), evidence="证明 1"
        )
        out, come = moves.between_schemes(
            work, office.office.now(), REGISTER, office.book(), office.book(Fund.E), BOB, day=date(2026, 2, 21), into="1003", key="k", evidence="表 1"
        )
        work.commit()
    for batch in (death, out, come):
        office.accepted(batch)
    odd = [(result.code, result.text) for result in verify_store(office.office) if not result.ok and not result.code.startswith("L9")]
    assert [one for one in odd if "个人账户" in one[0] or one[0].startswith(("L1", "L3", "L7", "L8", "C6", "C3"))] == []
    with office.office.reading() as connection:
        checks = [check for check in cross_foots(connection, office.book(), Month(2026, 2), before=True) if check.code == "K15"]
    assert len(checks) == 2 and all(check.ok and check.ran for check in checks)

"""Vouchers proposed from papers, files and rosters: the right accounts, each source once, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from controls import comebacks, periods
from controls.errors_payment import NoSuchRoster, NotReleased
from ledger import accounts
from ledger.accounts import NoSuchBook
from ledger.errors_posting import AlreadyBooked, PeriodNotOpen
from ledger.event_file import load_events
from ledger.events import AmountsWrong
from ledger.funds import Fund
from ledger.money import BadAmount
from ledger.months import Month
from ledger.parameters import ParameterUnset
from shebao.proposals import (
    BadDay,
    NothingToBook,
    OtherContract,
    OtherPolicy,
    UnknownPurpose,
    UnknownTaxItem,
    check_policy,
    from_roster,
    from_subsidies,
    from_tax,
)
from tests.controls.payment_desk import DEAD, NOW, someone
from tests.shebao.small_office import Small, legs

TAX = "险种,入库日期,电子税票号码,征收品目,级次,金额"
SUBSIDIES = "险种,级次,指标文号,用途,金额,到账日期"
BANK = "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号"


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A small office of the test's own."""
    return Small(tmp_path / "office")


def test_an_event_is_entered_and_made(small: Small) -> None:
    """A 会计's entry is proposed and made at once, with its evidence and its bank receipt as papers."""
    draft = small.enter("P1", "2026-01-08", "3500.00", "财社拨1", receipt="T1")
    assert (draft.state, draft.maker, draft.entry.source_key) == ("made", "zhao", "P1:财社拨1")
    assert legs(draft) == [("1004", "D", 350000), ("100301", "C", 350000)]
    assert draft.entry.documents == ("paper:财社拨1", "receipt:T1") and draft.entry.authority == "原始凭据 财社拨1"


def test_a_policy_nobody_set_is_refused(small: Small) -> None:
    """SB1031: where the office has not said how a fund is pooled, its events are refused and nothing is laid down."""
    with pytest.raises(ParameterUnset):
        small.enter("P1", "2026-01-08", "1", "x", fund="E")
    assert small.drafts(Fund.E) == []


def test_another_policy_is_refused(small: Small) -> None:
    """SB6204: an event written for another way of pooling names the parameter, the way it is for and the way chosen."""
    with pytest.raises(OtherPolicy) as refused:
        small.enter("P1", "2026-01-08", "1", "x", fund="G")
    assert (refused.value.facts["needed"], refused.value.facts["chosen"]) == ("属地或上解下拨", "统收统支")
    with pytest.raises(OtherPolicy, match="挂暂收款"):
        small.enter("P4p", "2026-01-08", "1", "x")
    assert small.drafts(Fund.G) == small.drafts(Fund.R) == []


@pytest.mark.parametrize("day", ["2026-02-30", "20260101x", "元月八日", ""])
def test_a_day_that_is_none_is_refused(small: Small, day: str) -> None:
    """SB6202: a date that does not exist or cannot be read is refused before anything is laid down."""
    with pytest.raises(BadDay):
        small.enter("P1", day, "1", "x")
    assert small.drafts() == []


def test_amounts_that_are_none_are_refused(small: Small) -> None:
    """An amount that cannot be read, or is nil, makes no voucher."""
    with pytest.raises(BadAmount):
        small.enter("P1", "2026-01-08", "一千", "x")
    with pytest.raises(AmountsWrong):
        small.enter("P1", "2026-01-08", "0", "x")
    assert small.drafts() == []


def test_one_paper_is_booked_once(small: Small) -> None:
    """L11, SB1104: the same evidence is refused while its voucher lives, posted or not; one sent back can be entered anew."""
    first = small.enter("P1", "2026-01-08", "5", "财社拨1")
    with pytest.raises(AlreadyBooked):
        small.enter("P1", "2026-01-09", "5", "财社拨1")
    small.reject(first)
    second = small.enter("P1", "2026-01-08", "5", "财社拨1")
    small.posted([second])
    with pytest.raises(AlreadyBooked):
        small.enter("P1", "2026-01-08", "5", "财社拨1")
    assert [draft.state for draft in small.drafts()] == ["rejected", "posted"]


def test_one_receipt_is_booked_once(small: Small) -> None:
    """L11: two vouchers that name the same bank receipt cannot both be posted."""
    small.posted([small.enter("P1", "2026-01-08", "5", "财社拨1", receipt="T1")])
    with pytest.raises(AlreadyBooked, match="receipt:T1"):
        small.enter("P1", "2026-01-08", "5", "财社拨2", receipt="T1")


@pytest.mark.parametrize("again", ["财社拨1", " 财社拨1", "财社拨１", "财社拨1 "])
def test_a_paper_written_otherwise_is_the_same_paper(small: Small, again: str) -> None:
    """L11: spaces and full-width forms make no other paper, and it is refused at the proposal already."""
    small.enter("P1", "2026-01-08", "5", "财社拨1")
    with pytest.raises(AlreadyBooked):
        small.enter("I1", "2026-01-09", "1", again, details={"into": "1003"})


def test_months_not_open_take_no_proposal(small: Small) -> None:
    """L5, SB1302: neither a month that is not open yet nor a closed one takes a proposal."""
    with pytest.raises(PeriodNotOpen, match="尚未启用"):
        small.enter("P1", "2026-03-01", "1", "x")
    with small.unit() as work:
        book, december = accounts.book_of(work.connection, Fund.R), Month(2025, 12)
        periods.propose(work, NOW, someone("zhao"), book, december)
        periods.confirm(work, NOW, someone("sun"), book, december)
        work.commit()
    with pytest.raises(PeriodNotOpen, match="已结账"):
        small.enter("P1", "2025-12-31", "1", "x")
    assert small.drafts() == []


def test_a_fund_without_a_book_is_refused(small: Small) -> None:
    """SB1204: this office keeps no book of unemployment insurance."""
    with pytest.raises(NoSuchBook, match="失业"):
        small.enter("I1", "2026-01-08", "1", "x", fund="U", details={"into": "1003"})


def test_tax_files_become_vouchers_by_day(small: Small) -> None:
    """C1 and C11: one voucher a day and kind, employers' and persons' premiums apart, late fees in 4501, each ticket line a paper."""
    number = small.take(
        "tax", TAX, "R,2026-01-05,T1,个人,县级,100.00", "R,2026-01-05,T1,个人,县级,100.00", "R,2026-01-05,T2,个人,县级,20.00",
        "R,2026-01-06,T3,个人,县级,3.00", "R,2026-01-06,T3,滞纳金,县级,0.50",
    )  # fmt: skip
    made = from_tax(small.of("zhao"), number)
    assert [(draft.entry.event, draft.entry.day.day, draft.entry.debit, draft.entry.attachments) for draft in made] == [
        ("C1", 5, 22000, 2),
        ("C1", 6, 300, 1),
        ("C11", 6, 50, 1),
    ]
    assert [account[:4] for draft in made for account, _, _ in legs(draft)] == ["1005", "4001", "1005", "4001", "1005", "4501"]
    assert made[0].entry.documents == ("ticket:T1:R:个人:县", "ticket:T1:R:个人:县#2", "ticket:T2:R:个人:县")
    with pytest.raises(AlreadyBooked):
        from_tax(small.of("zhao"), number)
    assert len(small.drafts()) == 3


def test_a_ticket_line_is_booked_once(small: Small) -> None:
    """L11, SB1104: a ticket line that comes again in another file cannot be posted a second time."""
    small.posted(from_tax(small.of("zhao"), small.take("tax", TAX, "R,2026-01-05,T1,个人,县级,100.00")))
    again = small.take("tax", TAX, "R,2026-01-07,T9,个人,县级,7.00", "R,2026-01-07,T1,个人,县级,100.00", name="again.csv")
    with pytest.raises(AlreadyBooked, match="ticket:T1:R:个人:县"):
        small.posted(from_tax(small.of("zhao"), again))


def test_a_tax_item_nobody_mapped_is_refused(small: Small) -> None:
    """SB6207: an unknown 征收品目 is never booked as somebody's premium."""
    number = small.take("tax", TAX, "R,2026-01-05,T1,利息,县级,1.00")
    with pytest.raises(UnknownTaxItem, match="利息"):
        from_tax(small.of("zhao"), number)


def test_a_tax_file_is_proposed_whole_or_not_at_all(small: Small) -> None:
    """A fund whose pooling nobody has set stops the whole file; the other fund's voucher is not laid down either."""
    number = small.take("tax", TAX, "R,2026-01-05,T1,个人,县级,1.00", "E,2026-01-05,T2,单位,县级,1.00")
    with pytest.raises(ParameterUnset):
        from_tax(small.of("zhao"), number)
    assert small.drafts() == small.drafts(Fund.E) == []


def test_a_file_of_another_kind_is_refused(small: Small) -> None:
    """SB6205: a subsidies file is no tax file, and the other way round; the refusal names both kinds."""
    subsidies = small.take("subsidies", SUBSIDIES, "R,县级,财社1号,代缴保费,1.00,2026-01-05")
    tax = small.take("tax", TAX, "R,2026-01-05,T1,个人,县级,1.00")
    with pytest.raises(OtherContract, match=r"subsidies.*tax"):
        from_tax(small.of("zhao"), subsidies)
    with pytest.raises(OtherContract, match=r"tax.*subsidies"):
        from_subsidies(small.of("zhao"), tax)
    assert small.drafts() == []


def test_fiscal_money_goes_where_its_purpose_says(small: Small) -> None:
    """代缴保费 is the insured's premium (4001), 缴费补贴 and benefits are subsidies (4101), each with its level's own detail."""
    number = small.take(
        "subsidies", SUBSIDIES, "R,县级,财社1号,困难群体代缴保费,300.00,2026-01-05", "R,县级,财社2号,缴费补贴,20.00,2026-01-06",
        "R,省级,财社2号,缴费补贴,10.00,2026-01-06", "R,中央,财社3号,基础养老金补助,4000.00,2026-01-07",
    )  # fmt: skip
    made = from_subsidies(small.of("zhao"), number)
    assert [draft.entry.event for draft in made] == ["C6", "C7", "C7", "C8"]
    assert [account[:4] for draft in made for account, side, _ in legs(draft) if side == "C"] == ["4001", "4101", "4101", "4101"]
    credited = [account for draft in made[1:] for account, side, _ in legs(draft) if side == "C"]
    assert len(set(credited)) == 3
    assert {account[:4] for draft in made for account, side, _ in legs(draft) if side == "D"} == {"1003"}
    with pytest.raises(AlreadyBooked):
        from_subsidies(small.of("zhao"), number)


@pytest.mark.parametrize("row", ["R,县级,财社2号,工作经费,1.00,2026-01-05", "R,乡级,财社2号,缴费补贴,1.00,2026-01-05"])
def test_a_purpose_nobody_mapped_is_refused(small: Small, row: str) -> None:
    """SB6206: a purpose or level that fits no event is never guessed, and the whole file waits."""
    number = small.take("subsidies", SUBSIDIES, "R,县级,财社1号,代缴保费,1.00,2026-01-05", row)
    with pytest.raises(UnknownPurpose, match="第 3 行"):
        from_subsidies(small.of("zhao"), number)
    assert small.drafts() == []


def test_a_roster_is_booked_as_the_bank_paid_it(small: Small) -> None:
    """P2a when sent, P2b when returned with failures out of 5001, P4 for what comes back later; each once, nothing left is SB6203."""
    desk = small.desk
    roster = desk.released(DEAD)
    with pytest.raises(NothingToBook):
        from_roster(small.of("zhao"), roster, None)
    desk.send(roster)
    (sent,) = from_roster(small.of("zhao"), roster, "2026-01-16")
    total = 4 * 16300 + 2001 + 2002 + 2004 + 2005
    assert (sent.entry.event, sent.proposed_by, sent.maker, legs(sent)) == ("P2a", "system", "zhao", [("110105", "D", total), ("1004", "C", total)])
    desk.returned(roster, desk.answer_of_bank(roster, 2))
    (paid,) = from_roster(small.of("zhao"), roster, None)
    spent = sum(fen for account, _, fen in legs(paid) if account.startswith("5001"))
    assert (paid.entry.event, spent, paid.entry.payout_fen) == ("P2b", total - 18302, total - 18302)
    assert ("1004", "D", 18302) in legs(paid)
    small.take("bank", BANK, "6200002,2026-01-20,退汇,,183.01,183.01,B1")
    with small.unit() as work:
        comebacks.record(work, small.home, someone("zhao"), NOW, roster, 1, date(2026, 1, 20), "账户注销")
        work.commit()
    (back,) = from_roster(small.of("zhao"), roster, None)
    assert (back.entry.event, back.entry.payout_fen, back.entry.documents) == ("P4", -18301, (f"roster:{roster}:comeback:1",))
    small.posted([sent, paid, back])
    with pytest.raises(NothingToBook, match=f"花名册 {roster}"):
        from_roster(small.of("zhao"), roster, None)


def test_only_a_released_roster_is_booked(small: Small) -> None:
    """C2: without a release there is no authority to book on (SB3070); SB3030 for a roster that is not there, SB6202 for a day that is none."""
    with pytest.raises(NoSuchRoster):
        from_roster(small.of("zhao"), 9, None)
    roster = small.desk.build()
    with pytest.raises(NotReleased):
        from_roster(small.of("zhao"), roster, None)
    released = small.desk
    released.check(roster)
    for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
        released.sign(roster, step, user)
    released.release(roster)
    released.send(roster)
    with pytest.raises(BadDay):
        from_roster(small.of("zhao"), roster, "一月十六")
    assert small.drafts() == []


@pytest.mark.parametrize(
    ("way", "event", "allowed"),
    [
        ("属地", "C1", True), ("上解下拨", "C1", True), ("统收统支", "C1", False),
        ("属地", "P1", True), ("上解下拨", "P1", True), ("统收统支", "P1", False),
        ("上解下拨", "L2", True), ("统收统支", "L1", True),
    ],
)  # fmt: skip
def test_each_way_of_pooling_allows_its_events(way: str, event: str, allowed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """统筹层次: money collected here is booked here unless everything is pooled above; what goes up and comes down always is."""
    folder = tmp_path / "templates" / "parameters"
    folder.mkdir(parents=True)
    value = f"{{name: pooling, from: 2018-01-01, value: {way}, keys: {{fund: U}}, reference: 省级办法}}"
    (folder / "office.yaml").write_text(f"document: 省级统筹办法\nvalid_from: 2018-01-01\nreference: 省\nvalues:\n  - {value}\n", "utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path / "templates"))
    law = load_events()[event]
    if allowed:
        check_policy(law, Fund.U, date(2026, 1, 8))
        return
    with pytest.raises(OtherPolicy):
        check_policy(law, Fund.U, date(2026, 1, 8))


def test_nothing_moves_between_levels_until_pooling_is_said() -> None:
    """SB1031: C1, P1, L1 and L2 of a fund whose 统筹层次 nobody has set are refused and say who must set it."""
    for event in ("C1", "C2", "P1", "L1", "L2"):
        with pytest.raises(ParameterUnset) as refused:
            check_policy(load_events()[event], Fund.W, date(2026, 1, 8))
        assert "单位负责人" in refused.value.remedy("zh")

"""Contributions by payer into vouchers with their rows: which account, which event, refunds by year, late fees apart, each file once."""

from __future__ import annotations

from pathlib import Path

import pytest

from controls.person_accounts import moves, ties
from controls.premiums.errors import BookedFromContributions, BookedFromTax, NoPersonNumber, UnknownPayer, WrongArrival
from ledger import accounts, posted
from ledger.errors_posting import AlreadyBooked
from ledger.funds import Fund
from ledger.months import Month
from shebao.premium_booking import Arrival, book, planned, tax_sides
from shebao.proposals import from_tax
from tests.shebao.premium_office import HEAD, PERSON, Premiums, fee
from tests.shebao.small_office import legs


@pytest.fixture
def office(tmp_path: Path) -> Premiums:
    """An office with its parameters set."""
    return Premiums(tmp_path / "office")


def rows(office: Premiums, draft_source: int) -> list[tuple[str, str, int, int, str]]:
    """The posted rows of a source."""
    with office.of("zhao").reading() as connection:
        return list(posted.contributions(connection, 3, draft_source))


def test_each_payer_goes_to_its_own_account(office: Premiums) -> None:
    """代缴 is 4001 and 缴费补贴 4101, the own part 4001-个人缴费, the collective's 4102; each voucher brings its rows by person."""
    file = office.list(
        "contributions", HEAD, fee(0, "个人", "300", "2026-01-08"), fee(1, "个人", "500", "2026-01-09"), fee(0, "政府代缴", "100", "2026-01-09", level="县"),
        fee(0, "财政补贴", "20", "2026-01-09", level="省"), fee(0, "财政补贴", "10", "2026-01-09", level="县"), fee(1, "集体补助", "50", "2026-01-10"),
    )  # fmt: skip
    made = book(office.of("zhao"), file, Fund.R, Arrival())
    assert {d.entry.event for d in made} == {"C1", "C6", "C7", "C9"}
    by_event = {d.entry.event: d for d in made}
    assert legs(by_event["C1"]) == [("1005", "D", 30000), ("1005", "D", 50000), ("40010101", "C", 80000)]
    assert legs(by_event["C6"])[1] == ("40010301", "C", 10000)
    assert sorted(legs(by_event["C7"])[1:]) == [("41010202", "C", 2000), ("41010204", "C", 1000)]
    assert legs(by_event["C9"])[1] == ("4102", "C", 5000)
    office.book_all(made)
    assert rows(office, by_event["C1"].entry.contribution_source or 0) == sorted(
        [(PERSON[0], "own", 202600, 30000, "40010101"), (PERSON[1], "own", 202600, 50000, "40010101")]
    )


def test_a_file_is_booked_once(office: Premiums) -> None:
    """L11: the same file cannot be proposed a second time while its vouchers live."""
    file = office.list("contributions", HEAD, fee(0, "个人", "300", "2026-01-08"))
    book(office.of("zhao"), file, Fund.R, Arrival())
    with pytest.raises(AlreadyBooked):
        book(office.of("zhao"), file, Fund.R, Arrival())


def test_refunds_go_by_the_year_the_money_came(office: Premiums) -> None:
    """What was received this year is taken off 4001, what was received in an earlier year is 5401; both rows are negative."""
    file = office.list("contributions", HEAD, fee(0, "个人", "300", "2025-12-08", year="2026", nature="预缴"), fee(1, "个人", "300", "2026-01-08"))
    office.book_all(book(office.of("zhao"), file, Fund.R, Arrival(into="1003")))
    back = office.list(
        "contributions",
        HEAD,
        fee(0, "个人", "-300", "2026-02-03", nature="预缴"),
        fee(1, "个人", "-300", "2026-02-03"),
        fee(2, "个人", "-200", "2026-02-03", year="2024"),
    )
    made = book(office.of("zhao"), back, Fund.R, Arrival())
    by_event = {d.entry.event: d for d in made}
    assert legs(by_event["C12"]) == [("40010101", "D", 30000), ("1004", "C", 30000)]
    assert legs(by_event["C13"]) == [("540101", "D", 50000), ("1004", "C", 50000)]
    office.book_all(made)
    assert [row[3] for row in rows(office, by_event["C13"].entry.contribution_source or 0)] == [-30000, -20000]


def test_a_subsidy_given_back_is_red_on_its_side(office: Premiums) -> None:
    """4101 is read on its credit side only, so what goes back is a red credit and no debit."""
    file = office.list("contributions", HEAD, fee(0, "财政补贴", "-30", "2026-01-09", level="县"))
    (made,) = book(office.of("zhao"), file, Fund.R, Arrival())
    assert legs(made) == [("100301", "D", -3000), ("41010204", "C", -3000)]
    office.book_all([made])


def test_late_fees_stand_apart(office: Premiums) -> None:
    """A late fee is other income (C11) and never a person's contribution."""
    file = office.list(
        "contributions",
        HEAD,
        fee(0, "单位", "1600", "2026-01-08", year="2025-12", fund="E"),
        fee(0, "单位", "3.20", "2026-01-08", year="2025-12", fund="E", nature="滞纳金"),
    )
    made = {d.entry.event: d for d in book(office.of("zhao"), file, Fund.E, Arrival(into="1003"))}
    assert [(account[:4], side, fen) for account, side, fen in legs(made["C11"])] == [("1003", "D", 320), ("4501", "C", 320)]
    assert made["C11"].entry.contribution_source is None
    assert made["C3"].entry.contribution_fen == 160000


def test_an_unknown_payer_or_nobody_is_refused(office: Premiums) -> None:
    """SB3210 names the payer that no rule books (a subsidy without its level), SB3211 rows of nobody."""
    file = office.list("contributions", HEAD, fee(0, "财政补贴", "30", "2026-01-09"))
    with pytest.raises(UnknownPayer) as refused:
        book(office.of("zhao"), file, Fund.R, Arrival())
    assert refused.value.code == "SB3210"


def test_rows_of_nobody_are_refused() -> None:
    """SB3211: a row with neither number is nobody's."""
    from types import SimpleNamespace

    import pyarrow as pa

    from controls.premiums import contributions
    from tests.controls.premium_people import paid

    table = paid(["", PERSON[0]], "个人").append_column("id_raw", pa.array(["", ""]))
    table = table.append_column("nature", pa.array(["", ""])).append_column("ticket", pa.array(["", ""]))
    with pytest.raises(NoPersonNumber):
        contributions.of(table, SimpleNamespace(file_id=1, taken_at=""), Fund.R, lambda _: {})  # type: ignore[arg-type]


def test_money_cannot_arrive_where_it_never_does(office: Premiums) -> None:
    """SB3212: a subsidy does not come in through the income account."""
    file = office.list("contributions", HEAD, fee(0, "财政补贴", "30", "2026-01-09", level="县"))
    with pytest.raises(WrongArrival):
        book(office.of("zhao"), file, Fund.R, Arrival(paid_into="1002"))


def test_money_booked_by_tickets_is_not_booked_again(office: Premiums) -> None:
    """SB3213: what stands in vouchers made from a tax file is shown beside the file and refused."""
    tax = office.take("tax", "险种,入库日期,电子税票号码,征收品目,级次,金额", "R,2026-01-08,T1,个人,县,300.00")
    from_tax(office.of("zhao"), tax)
    file = office.list("contributions", HEAD, fee(0, "个人", "300", "2026-01-08"))
    with office.of("zhao").reading() as connection:
        plan = planned(office.office, connection, file, Fund.R)
        assert [(side.booked, side.told) for side in tax_sides(connection, 3, plan)] == [(30000, 30000)]
    with pytest.raises(BookedFromTax):
        book(office.of("zhao"), file, Fund.R, Arrival())


def test_tickets_of_money_booked_by_person_are_refused(office: Premiums) -> None:
    """SB3225: a tax file after the contributions of that day, by day or by ticket; struck in red or sent back, the other way is open again."""
    file = office.list("contributions", HEAD, fee(0, "个人", "300", "2026-01-08"))
    (draft,) = book(office.of("zhao"), file, Fund.R, Arrival())
    tax = office.take("tax", "险种,入库日期,电子税票号码,征收品目,级次,金额", "R,2026-01-08,T1,个人,县,300.00")
    with pytest.raises(BookedFromContributions):
        from_tax(office.of("zhao"), tax)
    ticketed = office.list("contributions", HEAD + ",税票号码", fee(1, "个人", "200", "2026-01-11") + ",T7")
    book(office.of("zhao"), ticketed, Fund.R, Arrival())
    later = office.take("tax", "险种,入库日期,电子税票号码,征收品目,级次,金额", "R,2026-01-12,T7,个人,县,200.00")
    with pytest.raises(BookedFromContributions):
        from_tax(office.of("zhao"), later)
    office.reject(draft)
    assert [one.entry.event for one in from_tax(office.of("zhao"), tax)] == ["C1"]
    with pytest.raises(BookedFromTax):
        book(office.of("zhao"), file, Fund.R, Arrival())


def test_only_some_payers_may_be_booked(office: Premiums) -> None:
    """--only leaves the others for later; the places of the plan do not move."""
    file = office.list("contributions", HEAD, fee(0, "个人", "300", "2026-01-08"), fee(0, "政府代缴", "100", "2026-01-09", level="县"))
    first = book(office.of("zhao"), file, Fund.R, Arrival(), ("政府代缴",))
    assert [d.entry.event for d in first] == ["C6"]
    second = book(office.of("zhao"), file, Fund.R, Arrival(), ("个人",))
    assert [d.entry.event for d in second] == ["C1"]
    office.book_all([*first, *second])


def test_a_flexible_worker_pays_the_whole_and_eight_of_twenty_enter_the_account(office: Premiums) -> None:
    """灵活就业 is booked with the own part to 4001-个人缴费 under a part of its own, of which the law's share enters the person account."""
    paid = (fee(0, "灵活就业", "1000", "2026-01-08", fund="E", year="2026-01"), fee(1, "个人", "80", "2026-01-08", fund="E", year="2026-01"))
    file = office.list("contributions", HEAD, *paid)
    (draft,) = book(office.of("zhao"), file, Fund.E, Arrival())
    assert legs(draft) == [("1005", "D", 108000), ("40010101", "C", 108000)]
    office.book_all([draft])
    with office.of("zhao").reading() as connection:
        book_of = accounts.book_of(connection, Fund.E)
        assert {row[1] for row in posted.contributions(connection, book_of.book_id, draft.entry.contribution_source or 0)} == {"flexible", "own"}
        assert moves.held(connection, book_of, PERSON[0], Month(2026, 1)).parts == {"flexible": 40000}
        assert all(check.ok for check in ties.checks(connection, book_of, Month(2026, 1)))

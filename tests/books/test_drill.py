"""From a figure down to its vouchers, and trial balances, both from values: every figure of every statement is made of its lines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from books.drill import RECKONED, NoSuchLine, drill
from books.journal import summed
from books.statement_lines import Mode, load_statements
from books.statements import as_if_closed
from books.trial_balance import trial_balance
from ledger.balances import Movement
from ledger.chart import Chart
from ledger.entries import Entry, Line, Side
from ledger.events import closing_lines
from ledger.funds import Fund
from ledger.months import Month
from ledger.posted import Posted
from tests.books.sample_books import entry, january, posted
from tests.books.test_statements_methods import MONTHS, Made, events

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)


def booked(made: Made) -> list[Posted]:
    """Entries of the drawn events, each month closed by a closing entry."""
    fund, _, drawn = made
    found: list[Posted] = []
    for month in MONTHS:
        day = date(month.year, month.month, 9)
        for lines in (lines for when, lines in drawn if when == month):
            number = len(found) + 1
            found.append(posted(number, Entry(month, day, "业务", tuple(lines), authority="voucher:1", source_key=f"s{number}", event="C1")))
        ends: dict[str, int] = {}
        for one in found:
            for line in one.entry.lines:
                ends[line.account] = ends.get(line.account, 0) + line.signed
        if lines := closing_lines(fund, {code: fen for code, fen in ends.items() if code[0] in "45" and not code.startswith(("4601", "4602"))}):
            number = len(found) + 1
            close = Entry(month, month.last_day, "期末结转", tuple(lines), authority="voucher:2", source_key=f"s{number}", event="X1", closing=True)
            found.append(posted(number, close))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events())
def test_every_figure_is_made_of_its_vouchers(made: Made) -> None:
    """For all funds and levels: each line's figure in each column, from kept movements, is the sum of the voucher lines under it."""
    fund, tier, _ = made
    entries, month = booked(made), MONTHS[3]
    kept = [move for move in summed(entries) if move.period <= month]
    law = load_statements()
    for lines, columns in (
        (law.balance_lines(fund, month=month.month, tier=tier), ("closing", "opening")),
        (law.income_lines(fund, month=month.month), ("current", "cumulative")),
    ):
        for line in (line for line in lines if line.mode is not Mode.HEADING):
            for column in columns:
                found = drill(fund, month, line.code, column, kept, entries, {}, tier=tier)  # type: ignore[arg-type]
                assert found.agrees, (line.label, column, found.figure, found.from_vouchers)
                assert sum(account.counted for account in found.accounts) == found.figure


def test_a_figure_leads_to_accounts_and_vouchers() -> None:
    """January's base pension is one account and one line of one voucher, with its number, day and summary."""
    data = january()
    found = drill(Fund.R, JANUARY, "2.5001", None, data.movements, data.entries, {"500101": "社会保险待遇支出-基础养老金"})
    assert (found.column, found.figure, found.label) == ("current", 13_900, "社会保险待遇支出")
    (account,) = found.accounts
    (line,) = account.lines
    assert (account.code, account.name) == ("500101", "社会保险待遇支出-基础养老金")
    assert (line.entry_id, line.day, line.summary, line.side, line.amount, line.counted) == (4, "2026-01-25", "发放1月养老金", "D", 13_900, 13_900)


def test_red_letters_and_closing_entries_are_told_apart() -> None:
    """February: the red credit counts with its sign, the closing entry not at all on 会社保02, and both in the balance of 3001."""
    data = january()
    income = drill(Fund.R, FEBRUARY, "1.4001", "cumulative", data.movements, data.entries, {})
    assert [(line.entry_id, line.counted) for line in income.accounts[0].lines] == [(2, 123_456), (5, -456)]
    funds = drill(Fund.R, FEBRUARY, "N.3001", None, data.movements, data.entries, {})
    assert [(line.entry_id, line.counted) for line in funds.accounts[0].lines] == [(1, 10_000_000), (6, 109_100)]


def test_a_difference_takes_away_what_it_is_less() -> None:
    """本期基金结余 is made of income lines and, with the other sign, expense lines."""
    data = january()
    found = drill(Fund.R, JANUARY, "3", None, data.movements, data.entries, {})
    assert {account.code: account.counted for account in found.accounts} == {"400101": 123_456, "500101": -13_900}
    assert found.figure == 109_556 and found.agrees


def test_what_no_voucher_made_is_named() -> None:
    """By 表结法 the result stands in 3001 without a voucher: the line says so, and the figure still agrees."""
    data = january()
    open_entries = data.entries[:4]
    kept = list(summed(open_entries))
    reckoned = as_if_closed(Fund.R, kept, JANUARY)[len(kept) :]
    found = drill(Fund.R, JANUARY, "N.3001", None, kept, open_entries, {}, reckoned=reckoned)
    assert found.agrees and found.figure == 10_109_556
    assert [line.summary for line in found.accounts[0].lines][-1] == RECKONED


def test_a_line_that_was_tampered_with_shows() -> None:
    """Kept balances one fen off their vouchers do not agree."""
    data = january()
    wrong = [Movement(m.account, m.period, m.debit + (m.account == "500101"), m.credit, m.closing_debit, m.closing_credit) for m in data.movements]
    assert not drill(Fund.R, JANUARY, "2.5001", None, wrong, data.entries, {}).agrees


@pytest.mark.parametrize(("code", "column"), [("x", None), ("A", None), ("A.1004", "current"), ("1.4001", "closing"), ("N.3201", None), ("", None)])
def test_a_line_that_is_not_there_is_refused(code: str, column: str | None) -> None:
    """SB4061: an unknown line, a heading, a column of the other form, a line of another fund."""
    with pytest.raises(NoSuchLine):
        drill(Fund.R, JANUARY, code, column, [], [], {})  # type: ignore[arg-type]


def test_a_trial_balance_adds_details_to_their_parents() -> None:
    """Opening, month, year and closing of each account; parents are the sums of their details, and all of it is even."""
    data = january()
    accounts = {one.code: one for one in Chart.load("28-2018", Fund.R).accounts}
    names = {code: one.name for code, one in accounts.items()}
    parents = {code: one.parent for code, one in accounts.items()}
    made = trial_balance(FEBRUARY, data.movements, names, parents | {"400101": "4001"})
    rows = {row.code: row for row in made.rows}
    assert made.even
    assert (rows["1005"].opening, rows["1005"].debit, rows["1005"].year_debit, rows["1005"].closing) == (123_456, -456, 123_000, 123_000)
    assert rows["4001"].closing == rows["400101"].closing == 0 and not rows["4001"].leaf
    assert rows["1003"].closing == rows["100301"].closing == 9_950_000


def test_an_uneven_trial_balance_says_so() -> None:
    """K1: one fen too much on one side is seen."""
    assert not trial_balance(JANUARY, [Movement("1004", JANUARY, 1, 0)], {}, {}).even


def test_entries_without_results_need_no_closing() -> None:
    """The helper closes only what there is: a funding entry alone gives one entry."""
    moved = entry(("1004", "D", 5), ("100301", "C", 5), day=date(2026, 10, 9))
    assert len(booked((Fund.R, "county", [(MONTHS[0], list(moved.lines))]))) == 1
    assert Line("1004", Side.D, 5).signed == 5

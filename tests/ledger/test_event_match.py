"""Which event lines speak of: every worked case of the standard is recognised, and what no event books is not."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.entries import Line, Side
from ledger.event_file import load_events
from ledger.event_match import fitting, refusal_of
from ledger.flows import FlowRefused
from ledger.funds import Fund
from ledger.standard_cases import Case, load_cases

DAY = date(2026, 1, 20)
CASES = [case for case in load_cases() if case.legs and not case.balances and load_events()[case.event].legs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.event} {case.name}")
def test_every_worked_case_is_recognised(case: Case) -> None:
    """The lines that a template makes fit that template again."""
    assert case.event in [law.code for law in fitting(Fund(case.fund), case.lines(), DAY)]


def pair(debit: str, credit: str, fen: int = 100) -> tuple[Line, Line]:
    return Line(debit, Side.D, fen), Line(credit, Side.C, fen)


FORBIDDEN = [("1004", "1002"), ("1004", "1005"), ("1002", "100301"), ("1004", "40010301"), ("1001", "100301"), ("50010101", "1005")]


@pytest.mark.parametrize(("debit", "credit"), FORBIDDEN)
def test_money_that_may_not_move_fits_nothing(debit: str, credit: str) -> None:
    """L7: income into the expenditure account, one account straight into another, fit no event and need one."""
    lines = pair(debit, credit)
    assert fitting(Fund.R, lines, DAY) == []
    assert isinstance(refusal_of(Fund.R, lines), FlowRefused)


def test_government_premiums_are_no_subsidies() -> None:
    """4001 政府代缴 is C6 and never C7 or C8; 4101 缴费补贴 is C7."""
    assert [law.code for law in fitting(Fund.R, pair("100301", "40010301"), DAY)][:1] != ["C7"]
    assert "C6" in [law.code for law in fitting(Fund.R, pair("100301", "40010301"), DAY)]
    assert [law.code for law in fitting(Fund.R, pair("100301", "41010204"), DAY)] == ["C7"]


def test_red_only_where_the_leg_allows_it() -> None:
    """A red receipt is none; without money lines an event is not needed."""
    assert fitting(Fund.R, pair("1005", "40010101", -100), DAY) == []
    assert refusal_of(Fund.R, pair("110109", "200109")) is None

"""Traps of the statements as worked cases: booked by the entry templates, carried over month by month, read off both forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from books import cross_checks
from books.statements import as_if_closed, balance_sheet, income_statement
from ledger.balances import Movement
from ledger.entries import Line, Side, check_balance
from ledger.events import build
from ledger.funds import Fund
from ledger.months import Month
from tests.books.test_statements_methods import moved

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases" / "statement_traps.yaml").read_text("utf-8"))["cases"]
CHECKED = {"K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9"}


def lines_of(booked: dict[str, Any], fund: Fund) -> list[Line]:
    """The entry of one act: by its template, or as written out."""
    if "legs" not in booked:
        return build(booked["event"], fund.value, booked["amounts"], booked.get("details", {}))
    lines = [Line(account, Side(side), int(fen)) for side, account, fen in (leg.split() for leg in booked["legs"])]
    check_balance(lines)
    return lines


def carried_over(book: dict[str, Any]) -> tuple[Fund, Month, list[Movement]]:
    """Movements of a book with each month's closing entry, up to the month that is looked at."""
    fund, until = Fund(book["fund"]), Month.parse(str(book.get("at", "2026-11")))
    plain = moved([(Month.parse(str(act["month"])), lines_of(act, fund)) for act in book["booked"]])
    closed: list[Movement] = []
    month = Month(2026, 10)
    while month <= until:
        closed = as_if_closed(fund, [*closed, *(move for move in plain if move.period == month)], month)
        month = month + 1
    return fund, until, closed


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_trap_reads_as_it_should(case: dict[str, Any]) -> None:
    """Each named line shows its figures, and the cross-foots hold, or exactly those fail that the case names."""
    failed: set[str] = set()
    for book in case["books"]:
        fund, month, closed = carried_over(book)
        income, sheet = income_statement(fund, month, {}, closed), balance_sheet(fund, month, {}, closed)
        shown = {line.code: [line.current, line.cumulative] for line in income.lines}
        held = {line.code: line.closing for line in sheet.lines}
        assert {code: shown.get(code, [0, 0]) for code in book["income"]} == book["income"]
        assert {code: held.get(code, 0) for code in book["balance"]} == book["balance"]
        failed |= {check.code for check in cross_checks.for_month(fund, month, {}, closed) if not check.ok} & CHECKED
    assert failed == set(case.get("breaks", ()))


def test_every_case_says_why() -> None:
    """No two cases of one name, each with its paragraph or reason."""
    assert len({case["name"] for case in CASES}) == len(CASES) >= 14
    assert all(case["why"] for case in CASES)

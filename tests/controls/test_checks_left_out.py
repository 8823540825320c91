"""What a check did not count (未纳入): each row once, with its money, and no part of a row in silence."""

from __future__ import annotations

from typing import Any

from controls.checks.runner import CheckResult, run
from ledger.months import Month
from tests.controls import canonical

MONTHS = [{"id": "A", "period": period} for period in (202401, 202402)]


def told(payments: list[dict[str, Any]], as_of: Month | None = None) -> dict[str, tuple[int, int]]:
    """Code → rows and fen."""
    result: CheckResult = run(canonical.tables({"payments": payments}), rules=["P1"], as_of=as_of)
    return {one.code: (one.rows, one.amount) for one in result.left_out}


def test_arrears_beyond_the_as_of_month_are_told() -> None:
    """补发 for January to June of 100.01 yuan, judged to the end of February: four months' shares lie beyond; the first month has the odd fen."""
    back = {"id": "A", "item": "补发", "period": 202402, "span_from": 202401, "span_to": 202406, "amount": 60001}
    assert told([*MONTHS, back]) == {"arrears_later": (1, 40000)}
    assert told([*MONTHS, back], Month(2024, 6)) == {}
    assert told([*MONTHS, {**back, "amount": 60005}], Month(2024, 2)) == {"arrears_later": (1, 40003)}


def test_a_row_that_was_cancelled_is_left_out_once() -> None:
    """The last month was cancelled wholly, so that the as-of month is the one before: it stands under 冲正 and not under 晚于截止日, too."""
    rows = [*MONTHS, {"id": "A", "period": 202403}, {"id": "A", "period": 202403, "amount": -10000, "status": "reversed"}]
    found = told(rows)
    assert "later" not in found and found["cancelled"] == (1, 10000)
    half = [*MONTHS, {"id": "A", "period": 202403}, {"id": "A", "period": 202403, "amount": -4000, "status": "reversed"}]
    assert told(half, Month(2024, 2))["later"] == (1, 6000)

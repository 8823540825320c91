"""Known late apart from paid after known (F1): what was paid after a death before the office could know of it, and what was paid although it could."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from audit import lead_workbook, summary
from controls.checks.reference import known_month
from controls.checks.runner import CheckResult, run
from controls.findings import KNOWING
from shebao.cli import auditsweep
from tests.audit.swept_office import office
from tests.controls import canonical


def checked(death: Mapping[str, Any], *paid: Mapping[str, Any], rules: tuple[str, ...] = ("D1",)) -> CheckResult:
    """The rules over A's payments and one record of A's death."""
    rows = {"payments": [{"id": "A", **row} for row in paid], "deaths": [{"id": "A", "death_on": "2024-01-10", **death}]}
    return run(canonical.tables(rows), rules=rules)


def split(result: CheckResult) -> list[tuple[int | None, int | None]]:
    """Fen paid before and after the office could know, by finding."""
    return [(one.evidence.known_before, one.evidence.known_after) for one in result.findings]


def months(first: int, last: int, **more: Any) -> list[dict[str, Any]]:
    """Payments of 100.00 from one month to another."""
    return [{"period": period, "amount": 10000, **more} for period in range(first, last + 1)]


def test_the_month_of_knowing_is_before_and_the_next_is_after() -> None:
    """Registered in March: February and March stand as paid before it was known, April as paid although it was."""
    assert split(checked({"registered_on": "2024-03-31"}, *months(202402, 202404))) == [(20000, 10000)]
    assert split(checked({"registered_on": "2024-03-01"}, *months(202402, 202403))) == [(20000, 0)]


def test_the_day_of_payment_decides_and_not_the_period() -> None:
    """A period of February paid in April, after the registration of March, was paid although it was known."""
    assert split(checked({"registered_on": "2024-03-15"}, {"period": 202402, "amount": 10000, "paid_month": 202404})) == [(0, 10000)]
    assert split(checked({"registered_on": "2024-03-15"}, {"period": 202405, "amount": 10000, "paid_month": 202403})) == [(10000, 0)]


def test_without_a_date_nothing_is_told_and_findings_csv_stays_as_it_is() -> None:
    """No 登记日期, or one before the death itself: the money cannot be told apart; the evidence of findings.csv is the same with a date and without."""
    without, dated = checked({}, *months(202402, 202404)), checked({"registered_on": "2024-03-31"}, *months(202402, 202404))
    assert split(without) == [(None, None)] == split(checked({"registered_on": "2023-12-01"}, *months(202402, 202404)))
    assert [one.row() for one in without.findings] == [one.row() for one in dated.findings]


def test_of_several_records_the_first_that_could_be_known_counts() -> None:
    """登记 by one source in June and by another in March: March; a list's own day stands in for a record without 登记日期."""
    one = {"death_on": date(2024, 1, 10), "cremated_on": None, "registered_on": date(2024, 6, 1)}
    assert known_month([one, {**one, "registered_on": date(2024, 3, 1)}]) == 202403
    assert known_month([{**one, "registered_on": None, "taken_on": date(2024, 5, 2)}]) == 202405 and known_month([]) == 0


def test_linked_and_revived_payments_are_told_apart_too() -> None:
    """D2 (another number by one digit) and D3 (stopped, then paid again) carry the same two amounts as D1."""
    paid = [*months(202401, 202401), *months(202404, 202405)]
    assert split(checked({"registered_on": "2024-04-02"}, *paid, rules=("D3",))) == [(10000, 10000)]
    number, name = canonical.PEOPLE["A"]
    near = canonical.number(number[:16] + ("3" if number[16] != "3" else "5"))
    rows = {"payments": [{"id": "A", **row} for row in paid], "deaths": [{"id": near, "name": name, "death_on": "2024-01-10", "registered_on": "2024-04-02"}]}
    assert split(run(canonical.tables(rows), rules=["D2"])) == [(10000, 10000)]


def test_the_summary_and_the_sheet_tell_it() -> None:
    """summary.json has the three sums of each of these rules; the sheet has two columns, with 无法区分 where nothing tells."""
    for death, told, cells in (
        ({"registered_on": "2024-03-31"}, ("200.00", "100.00", "0.00"), ["200.00", "100.00"]),
        ({}, ("0.00", "0.00", "300.00"), [lead_workbook.UNKNOWN] * 2),
    ):
        result = checked(death, *months(202402, 202404))
        made = summary.of([], result, {}, findings_sha256="", seconds=0.0)["known_by_rule"]
        assert made == {"D1-POSTHUMOUS": dict(zip(summary.KNOWN, told, strict=True))} and set(made) <= KNOWING
        head, row = lead_workbook._leads(result, "D1-POSTHUMOUS", lead_workbook.KNOWN, False)
        assert tuple(head) == lead_workbook.KNOWN and [str(cell) for cell in row] == cells


def test_a_lead_on_the_command_line_tells_it() -> None:
    """`audit lead`: the two sums as a line and as fen, that nothing tells where nothing does, and no word of it for a rule that hangs on no death."""
    (dated,) = checked({"registered_on": "2024-03-31"}, *months(202402, 202404)).findings
    (without,) = checked({}, *months(202402, 202404)).findings
    (twice,) = run(canonical.tables({"payments": [{"id": "A"}, {"id": "A"}]}), rules=["P3"]).findings
    assert auditsweep._known_zh(dated) == "获知前已发 200.00 元（死讯迟到），知后仍发 100.00 元。"
    assert auditsweep._known(dated) == {"known_before_fen": 20000, "known_after_fen": 10000}
    assert "无法区分" in auditsweep._known_zh(without) and auditsweep._known_zh(twice) == "" and auditsweep._known(twice) == {}


def test_in_the_store_the_list_that_first_named_the_death_tells(store_url: str, tmp_path: Path) -> None:
    """Without 登记日期 the day on which the first list naming the death was taken in counts, though a later full list has replaced it."""
    made = office(store_url, tmp_path)
    made.take("payments", [{"id": "A", "period": period} for period in (202510, 202511, 202512)])
    with patch("tests.audit.swept_office.NOW", "2025-11-05T09:00:00+08:00"):
        made.take("deaths", [{"id": "A", "death_on": "2025-09-10"}], kind="full")
    made.take("deaths", [{"id": "A", "death_on": "2025-09-10"}, {"id": "B", "death_on": "2025-09-11"}], kind="full")
    swept = made.sweep(rules=("D1-POSTHUMOUS",))
    assert split(swept.swept.result) == [(20000, 10000)]
    assert swept.swept.summary["known_by_rule"] == {"D1-POSTHUMOUS": {"before": "200.00", "after": "100.00", "unknown": "0.00"}}
    (lead,) = made.standing()
    assert (lead.finding.evidence.known_before, lead.finding.evidence.known_after) == (20000, 10000)

"""The same rules before payment: which roster lines a finding touches and which of them may not be paid."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from controls.checks.screening import ScreenFinding, screen
from ledger.months import Month
from tests.controls.canonical import table, tables

OCTOBER = Month(2024, 10)


def roster(*rows: dict[str, Any]) -> pa.Table:
    """Canonical roster lines: payments rows with 序号, 应发 and 实发."""
    made = table(
        "payments",
        [{"period": 202410, "account": f"62284800{place:08d}"} | row | {"seq": place} for place, row in enumerate(rows, start=1)],
        file="花名册.xlsx",
    )
    return made.append_column("net", made.column("amount")).append_column("gross", made.column("amount")).drop_columns(["amount"])


def screened(lines: pa.Table, **given: Any) -> list[tuple[str, tuple[int, ...], bool]]:
    """Rule, touched lines and verdict of each finding."""
    found: list[ScreenFinding] = screen(lines, tables(given), as_of=OCTOBER, threads=1)
    return sorted((one.finding.rule.partition("-")[0], one.seqs, one.blocking) for one in found)


def test_a_clean_roster_has_no_findings() -> None:
    """Lines of living people, paid once before, touch nothing."""
    assert screened(roster({"id": "A"}, {"id": "B"}), payments=[{"id": "A", "period": 202409}], deaths=[]) == []


def test_death_by_an_official_source_and_equal_name_blocks() -> None:
    """D1 blocks with number, name and an official source, and names only the roster line."""
    lines = roster({"id": "B"}, {"id": "A"})
    assert screened(lines, payments=[{"id": "A", "period": 202409}], deaths=[{"id": "A", "death_on": "2024-08-03"}]) == [("D1", (2,), True)]


def test_death_by_a_village_or_under_another_name_warns() -> None:
    """D1 only warns when the source is not official or the name differs."""
    lines = roster({"id": "A"}, {"id": "B"})
    deaths = [{"id": "A", "death_on": "2024-08-03", "source": "村级"}, {"id": "B", "name": "别人", "death_on": "2024-08-03"}]
    assert screened(lines, deaths=deaths) == [("D1", (1,), False), ("D1", (2,), False)]


def test_a_death_of_the_roster_month_touches_nothing() -> None:
    """The month of death is due."""
    assert screened(roster({"id": "A"}), deaths=[{"id": "A", "death_on": "2024-10-03"}]) == []


def test_history_alone_is_no_finding_on_a_roster() -> None:
    """What was overpaid long ago to people of the roster, but not in its month, is left to the sweep."""
    history = [{"id": "A", "fund": "E", "period": 202405}, {"id": "A", "period": 202405}]
    assert screened(roster({"id": "A"}), payments=history) == []


def test_the_other_scheme_really_paid_blocks() -> None:
    """P1 blocks the line of the scheme to be given up when the other is paid for that period."""
    assert screened(roster({"id": "A"}), payments=[{"id": "A", "fund": "E", "period": 202410}]) == [("P1", (1,), True)]


def test_the_other_scheme_only_planned_warns() -> None:
    """Two planned lines of one person warn; neither is confirmed."""
    assert screened(roster({"id": "A"}, {"id": "A", "fund": "E"})) == [("P1", (1,), False)]


def test_the_line_of_the_kept_scheme_warns() -> None:
    """A line of E is told of R paid for the same period, and is not blocked."""
    assert screened(roster({"id": "A", "fund": "E"}), payments=[{"id": "A", "fund": "R", "period": 202410}]) == [("P1", (1,), False)]


def test_paid_already_blocks() -> None:
    """P3 blocks a line whose item and month is already paid; a cancelled payment does not count."""
    history = [{"id": "A", "period": 202410}, {"id": "B", "period": 202410}, {"id": "B", "period": 202410, "status": "returned"}]
    assert screened(roster({"id": "A"}, {"id": "B"}), payments=history) == [("P3", (1,), True)]


def test_a_line_twice_in_the_roster_blocks_the_second() -> None:
    """Of two equal lines the later one is in question."""
    assert screened(roster({"id": "A"}, {"id": "A"})) == [("P3", (2,), True)]


def test_a_shared_account_and_a_bad_number_warn() -> None:
    """A1 and I1 name their lines and let them pass with a reason."""
    lines = roster({"id": "A", "account": "6228480012345678"}, {"id": "B", "account": "6228480012345678"}, {"raw": "620821195003150011"})
    assert screened(lines) == [("A1", (1, 2), False), ("I1", (3,), False)]


def test_an_account_shared_with_history_is_seen() -> None:
    """Another person's payment of that month into the account of a roster line counts."""
    history = [{"id": "B", "period": 202410, "account": "6228480012345678"}]
    assert screened(roster({"id": "A", "account": "6228480012345678"}), payments=history) == [("A1", (1,), False)]


def test_a_line_without_region_takes_the_given_one() -> None:
    """A roster without 统筹区 is compared as the region of the agency."""
    history = tables({"payments": [{"id": "A", "period": 202410}]})
    found = screen(roster({"id": "A", "region": ""}), history, as_of=OCTOBER, region="620821", threads=1)
    assert [one.finding.rule for one in found] == ["P3-TWICE"]


def test_arrears_are_judged_as_the_month_they_are_for() -> None:
    """A line of 补发 for a month after death blocks (D1), for a month before it passes; the rules that compare schemes see it too."""
    late, due = {"item": "补发", "item_class": "arrears", "period": 202409}, {"item": "补发", "item_class": "arrears", "period": 202408}
    assert screened(roster({"id": "A"} | late), deaths=[{"id": "A", "death_on": "2024-08-03"}]) == [("D1", (1,), True)]
    assert screened(roster({"id": "A"} | due), deaths=[{"id": "A", "death_on": "2024-08-03"}]) == []
    assert screened(roster({"id": "A"} | late), payments=[{"id": "A", "fund": "E", "period": 202409}]) == [("P1", (1,), True)]

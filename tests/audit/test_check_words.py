"""What the commands of the checks have in common: the as-of day and the order of rules."""

from __future__ import annotations

import click
import pytest

from audit.errors import NoSuchDay
from controls.findings import by_number
from ledger.months import Month
from shebao.cli.checkwords import as_of

_NOWHERE = (click.Context(click.Command("check")), click.Option(["--as-of"]))


def test_a_day_within_a_month_is_said_to_stand_for_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    """The last day and the month alone pass without a word; any other day is taken as the month's end, and that is said."""
    assert [as_of(*_NOWHERE, text) for text in ("2024-02-29", "2024-02", None)] == [Month(2024, 2), Month(2024, 2), None]
    assert capsys.readouterr().err == ""
    assert as_of(*_NOWHERE, "2024-02-15") == Month(2024, 2)
    assert "按 2024-02 末（2024-02-29）判断" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["2025-13-01", "2025-02-30", "2025-13", "去年", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    """A day that the calendar has not is refused with the way to write it."""
    with pytest.raises(NoSuchDay, match="不是日期"):
        as_of(*_NOWHERE, text)


def test_rules_stand_in_the_order_of_their_numbers() -> None:
    """E2 comes before E10."""
    assert sorted(["E10-A", "E2-B", "A1-C", "E1-D"], key=by_number) == ["A1-C", "E1-D", "E2-B", "E10-A"]

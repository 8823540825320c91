"""Dated parameters: the value in force, the most specific one, and refusals for what nobody set."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.errors import Refusal
from ledger.lawfile import BadLawFile, parse
from ledger.months import Month
from ledger.parameters import Parameters, ParametersFile
from ledger.retirement import delay_months, statutory_age

DAY = date(2026, 10, 31)
HEAD = {"document": "x", "valid_from": date(2018, 1, 1), "reference": "y"}


def made(*values: dict[str, Any], **more: Any) -> Parameters:
    row = {"name": "rate", "zh": "比例", "unit": "元", "set_by": "会计主管", "keys": ["fund", "region"], "values": list(values), **more}
    file = parse(ParametersFile, {**HEAD, "parameters": [row]}, "t.yaml")
    return Parameters({parameter.name: (parameter, "t.yaml") for parameter in file.parameters})


def value(start: int, end: int | None, amount: Any, **keys: str) -> dict[str, Any]:
    return {"from": date(start, 1, 1), "to": date(end, 1, 1) if end else None, "value": amount, "keys": keys, "reference": "z"}


def test_shipped_values() -> None:
    """The values checks and closing rely on are there: age 60, certification 12, accounts nil at month end, late fee 5 in 10,000."""
    known = Parameters.load()
    assert known.number("resident_pension_age", DAY, region="620821", sex="女") == 60
    assert known.number("certification_months", DAY, fund="R") == 12
    assert known.codes("month_end_zero", DAY, fund="R") == ("1002", "1005", "110105")
    assert known.number("late_fee_daily", DAY) == 5
    assert known.text("closing_method", DAY) == "账结法"
    assert known.on("premium_by_government_is_subsidy", DAY) is True
    assert known.number("resident_account_divisor", DAY) == 139


def test_an_unset_parameter_names_who_must_set_it() -> None:
    """E is pooled by the province: without a value the program refuses and says who sets it, in both languages."""
    with pytest.raises(Refusal) as refused:
        Parameters.load().on("pooling", DAY, fund="E")
    assert refused.value.code == "SB1031"
    assert "单位负责人" in refused.value.remedy() and "E" in refused.value.text() and "pooling" in refused.value.text("en")


def test_before_its_first_day_a_parameter_is_unset() -> None:
    """A day before the first value is refused, not answered with a later value."""
    with pytest.raises(Refusal) as refused:
        made(value(2020, None, 5)).on("rate", date(2019, 12, 31))
    assert refused.value.code == "SB1031"


def test_unknown_names_and_keys_are_refused() -> None:
    """A misspelt parameter or key is an error of its own, never a silent default."""
    for name, keys in (("resident_pension_aeg", {}), ("closing_method", {"fund": "R"})):
        with pytest.raises(Refusal) as refused:
            Parameters.load().on(name, DAY, **keys)
        assert refused.value.code == "SB1032"


def test_the_end_is_excluded() -> None:
    """A value holds on its first day and no longer on its last."""
    known = made(value(2018, 2020, 5), value(2020, None, 6))
    assert (known.on("rate", date(2019, 12, 31)), known.on("rate", date(2020, 1, 1))) == (5, 6)


def test_the_most_specific_value_wins() -> None:
    """A value for fund and region beats one for the fund, which beats the general one; an undecided pair is refused."""
    known = made(value(2018, None, 1), value(2018, None, 2, fund="R"), value(2018, None, 3, fund="R", region="620821"))
    assert [known.on("rate", DAY, **keys) for keys in ({}, {"fund": "R"}, {"fund": "R", "region": "620821"}, {"fund": "E"})] == [1, 2, 3, 1]
    with pytest.raises(BadLawFile):
        made(value(2018, None, 2, fund="R"), value(2018, None, 3, region="620821")).on("rate", DAY, fund="R", region="620821")


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ((value(2018, 2021, 1), value(2020, None, 2)), {}),
        ((value(2018, None, 1), value(2020, None, 2)), {}),
        ((value(2018, 2019, 1), value(2020, None, 2)), {}),
        ((value(2020, 2018, 1),), {}),
        ((value(2018, None, 1, sex="女"),), {}),
        ((value(2018, None, "甲"),), {"choices": ["乙"]}),
        ((value(2018, None, 0.5),), {}),
        ((value(2018, None, 1),), {"colour": "red"}),
    ],
    ids=["overlap", "open overlap", "gap", "backwards", "unknown key", "no choice", "a float", "unknown field"],
)
def test_bad_files_are_refused(values: tuple[dict[str, Any], ...], more: dict[str, Any]) -> None:
    """Overlaps, gaps, reversed dates, foreign keys, values that are no choice, floats and unknown fields are each refused (SB1011)."""
    with pytest.raises(BadLawFile):
        made(*values, **more)


def test_the_wrong_type_is_an_error() -> None:
    """Asking for a number where the value is a text or a yes/no is a programming error."""
    known = Parameters.load()
    for ask, name in (
        (known.number, "closing_method"),
        (known.number, "premium_by_government_is_subsidy"),
        (known.text, "late_fee_daily"),
        (known.codes, "closing_method"),
    ):
        with pytest.raises(TypeError):
            ask(name, DAY)


@pytest.mark.parametrize(
    ("category", "born", "age", "first"),
    [
        ("男职工", (1964, 12), (60, 0), "2024-12"),
        ("男职工", (1965, 1), (60, 1), "2025-02"),
        ("男职工", (1966, 11), (60, 6), "2027-05"),
        ("男职工", (1976, 9), (63, 0), "2039-09"),
        ("男职工", (1990, 1), (63, 0), "2053-01"),
        ("女职工55", (1971, 4), (55, 4), "2026-08"),
        ("女职工55", (1981, 9), (58, 0), "2039-09"),
        ("女职工50", (1975, 1), (50, 1), "2025-02"),
        ("女职工50", (1984, 11), (55, 0), "2039-11"),
        ("特殊工种男", (1975, 1), (55, 0), "2030-01"),
    ],
)
def test_retirement_age(category: str, born: tuple[int, int], age: tuple[int, int], first: str) -> None:
    """The delayed ages of the published table come out month by month; early categories are not delayed."""
    known = Parameters.load()
    months = statutory_age(category, Month(*born), known, DAY)
    assert divmod(months, 12) == age
    assert str(Month(*born) + months) == first
    assert delay_months(category, Month(*born), known, DAY) == months - known.number("retirement_age_months", DAY, category=category)

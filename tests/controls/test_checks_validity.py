"""Rules and their parameters are in force from one month to another (有效期)."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from controls.checks import ages, validity
from controls.checks.catalogue import Rule, shipped
from controls.checks.errors import ParameterNotInForce
from controls.checks.runner import run
from controls.checks.screening import screen
from controls.checks.why_not import why_not
from ledger.lawfile import BadLawFile, parse
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters
from tests.controls.canonical import PEOPLE, table
from tests.controls.test_checks_screening import roster

NUMBER = PEOPLE["Y"][0]
P7 = next(rule for rule in shipped() if rule.code == "P7-ALLOWANCE-LONG")


def changed(**fields: object) -> Rule:
    """P7 with other fields."""
    return P7.model_copy(update=fields)


def read(**fields: object) -> Rule:
    """P7 as a YAML file with these fields would be read."""
    told = {**P7.model_dump(exclude_unset=True), **fields}
    return parse(Rule, told, "rules/P7-ALLOWANCE-LONG.yaml")


def dated(value: object, start: date | None, end: date | None) -> dict[str, object]:
    """One dated value of a parameter."""
    return {"value": value, "valid_from": start, "valid_to": end, "reference": "示例"}


def test_only_rules_whose_law_begins_on_a_date_have_a_lower_bound() -> None:
    """Of the shipped rules P7 alone begins in a month; a duty that is older than any data has no bound, and none ends."""
    assert [rule.code for rule in shipped() if validity.dated(rule)] == ["P7-ALLOWANCE-LONG"]
    assert validity.bounds(P7) == (202003, validity.OPEN) and validity.says(P7) == "2020-03起施行"


def test_the_first_month_is_judged_and_the_end_is_not() -> None:
    """Half-open: the month of valid_from counts, that of valid_to does not."""
    rule = changed(valid_from=date(2020, 3, 1), valid_to=date(2021, 1, 1))
    rows = pa.table({"period": [202002, 202003, 202012, 202101]})
    assert validity.cut(rule, rows, 202512)["period"].to_pylist() == [202003, 202012]
    assert validity.outside(rule, rows, 202512) == [202002, 202101]


def test_a_year_is_judged_by_its_january_and_rows_without_a_month_by_the_as_of_month() -> None:
    """Premium years belong with their January; the month a rule tells goes before the period; a row of a list goes by the as-of month."""
    rule = changed(valid_from=date(2021, 1, 1))
    assert validity.cut(rule, pa.table({"year": [2020, 2021]}), 202512)["year"].to_pylist() == [2021]
    assert validity.cut(rule, pa.table({"period": [202001, 202001], "month": [202101, None]}), 202512).num_rows == 1
    listed = pa.table({"line": [1]})
    assert validity.cut(rule, listed, 202012).num_rows == 0 and validity.cut(rule, listed, 202101).num_rows == 1


def paid_in_2019() -> pa.Table:
    """Eight months of the allowance in 2019."""
    rows = [{"id": "Y", "period": 201900 + month, "fund": "U", "item": "失业补助金", "item_class": "unemployment"} for month in range(1, 9)]
    return table("payments", rows)


def test_a_run_says_that_months_were_not_judged() -> None:
    """An allowance of 2019 is no finding of a rule of 2020-03, and the run lists what it did not judge."""
    result = run({"payments": [paid_in_2019()]}, rules=["P7"])
    assert result.findings == () and [(one.scope, one.reason) for one in result.not_run] == [(validity.SCOPE, "2020-03起施行")]


def test_before_payment_the_same_months_are_cut() -> None:
    """A roster line of the eighth month of the allowance is in question from 2020-03 on, and not in the month before."""
    for last, found in ((202003, ["P7-ALLOWANCE-LONG"]), (202002, [])):
        months = [month for month in (201907, 201908, 201909, 201910, 201911, 201912, 202001, 202002, 202003) if month <= last]
        rows = [{"id": "Y", "period": month, "fund": "U", "item": "失业补助金", "item_class": "unemployment"} for month in months]
        lines = roster(rows[-1])
        told = screen(lines, {"payments": [table("payments", rows[:-1])]}, as_of=Month.from_number(last), rules=["P7"], threads=1)
        assert [one.finding.rule for one in told] == found


def test_why_not_names_the_months_outside() -> None:
    """Asked why a person is not named, the answer tells which months fit the rule and lie outside its dates."""
    said = "".join(why_not(NUMBER, "P7", {"payments": [paid_in_2019()]}).says())
    assert "2019-07、2019-08" in said and "2020-03起施行" in said


def test_dates_within_a_month_are_refused() -> None:
    """A rule begins on the first of a month, one per premium year on the first of a year, and ends after it begins."""
    for fields in ({"valid_from": date(2020, 3, 2)}, {"valid_from": date(2020, 3, 1), "grain": "year"}, {"valid_to": date(2020, 3, 1)}):
        with pytest.raises(BadLawFile):
            read(**fields)


def test_a_dated_parameter_is_read_as_of_the_month() -> None:
    """The value in force in the as-of month fills the SQL; a month that no value covers is SB3400."""
    rule = read(parameters={"allowance": "%失业补助%", "months_most": [dated(6, date(2020, 3, 1), date(2022, 1, 1)), dated(3, date(2022, 1, 1), None)]})
    assert [rule.given(month)["months_most"] for month in (202003, 202112, 202201)] == [6, 6, 3]
    assert "month_no > 3" in rule.sql({"as_of": "202201"}) and rule.every("months_most") == (6, 3)
    with pytest.raises(ParameterNotInForce) as refused:
        rule.given(202002)
    assert refused.value.code == "SB3400" and "2020-02" in str(refused.value)


@pytest.mark.parametrize(
    "values",
    [
        [dated(6, None, date(2022, 1, 1)), dated(3, date(2022, 2, 1), None)],
        [dated(6, None, date(2022, 2, 1)), dated(3, date(2022, 1, 1), None)],
        [dated(6, None, None), dated(3, date(2022, 1, 1), None)],
        [dated(6, None, date(2022, 1, 15)), dated(3, date(2022, 1, 15), None)],
        [dated(6, None, date(2022, 1, 1)), dated("3", date(2022, 1, 1), None)],
        [{**dated(6, None, None), "until": 1}],
        [dated(6, date(2022, 1, 1), date(2021, 1, 1))],
    ],
)
def test_gaps_and_overlaps_of_a_dated_parameter_are_refused(values: list[dict[str, object]]) -> None:
    """A gap, an overlap, a change within a month, mixed kinds, an unknown key or an end before the beginning: the file is refused."""
    with pytest.raises(BadLawFile):
        read(parameters={"allowance": "%失业补助%", "months_most": values})


def test_the_age_in_force_when_it_is_reached_counts() -> None:
    """A pension age raised to 61 from 2030 concerns who is not yet 60 then; one lowered to 55 makes nobody due before the lowering; sixty till then."""
    raised, lowered = (
        Parameters.load().overlaid(
            [OfficeValue.model_validate({"name": "resident_pension_age", "from": date(2030, 1, 1), "value": age, "reference": "假设"})],
            "parameters/retirement.yaml",
        )
        for age in (61, 55)
    )
    due = [ages.resident(birth, "620821", "女", raised).first_due for birth in (date(1950, 3, 15), date(1969, 12, 31), date(1970, 1, 1))]
    assert due == [201004, 203001, 203102] and ages.latest(raised) == 6100
    assert [ages.resident(birth, "620821", "女", lowered).first_due for birth in (date(1969, 12, 31), date(1972, 6, 1), date(1976, 6, 1))] == [
        203001,
        203001,
        203107,
    ]
    assert ages.delay_from(Parameters.load()) == date(2025, 1, 1)

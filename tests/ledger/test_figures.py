"""Published tables and the figures of county texts come out to the month, the fen and the tenth of a percent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.errors import Refusal
from ledger.events import build
from ledger.growth import share, yearly_growth
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.retirement import account_months, account_pension, statutory_age

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "figures.yaml").read_text("utf-8"))
DAY = date(2026, 1, 1)


@pytest.mark.parametrize("case", CASES["delay"], ids=lambda case: f"{case['category']}-{case['born']}")
def test_delayed_retirement(case: dict[str, Any]) -> None:
    """The statutory age by birth month, and the month it is reached (DOMAIN 4.2)."""
    born = Month.parse(str(case["born"]))
    age = statutory_age(case["category"], born, Parameters.load(), DAY)
    assert divmod(age, 12) == (case["years"], case["months"])
    assert str(born + age) == str(case["retires"])


def test_divisors_are_complete() -> None:
    """计发月数 stand for every full year from 40 to 70 and fall with age."""
    table = [account_months(years * 12, Parameters.load(), DAY) for years in range(40, 71)]
    assert table == sorted(table, reverse=True) and len(set(table)) == 31
    assert {years: int(table[years - 40]) for years in CASES["divisors"]} == CASES["divisors"]


def test_ages_outside_the_table_and_odd_months_are_refused() -> None:
    """Nothing is guessed: 39 years, 71 years, and 60 years 1 month without a rule of the office raise SB1031."""
    for months in (39 * 12, 71 * 12, 60 * 12 + 1):
        with pytest.raises(Refusal) as refused:
            account_months(months, Parameters.load(), DAY)
        assert refused.value.code == "SB1031"


@pytest.mark.parametrize(("way", "wanted"), [("按月插值", "138.4"), ("按满周岁", "139.0")])
def test_odd_months_by_the_office_s_way(way: str, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that says how odd months are reckoned gets 60 years 1 month at about 138.4, or at 139 by full years."""
    folder = tmp_path / "parameters"
    folder.mkdir()
    value = f"{{name: account_months_by_month, from: 2025-01-01, value: {way}, reference: 省}}"
    (folder / "office.yaml").write_text(f"document: 省级办法\nvalid_from: 2025-01-01\nreference: 省\nvalues:\n  - {value}\n", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert account_months(721, Parameters.load(), DAY).quantize(Decimal("0.1")) == Decimal(wanted)


@pytest.mark.parametrize("case", CASES["account_pension"], ids=lambda case: str(case["balance"]))
def test_account_pension(case: dict[str, Any]) -> None:
    """Balance divided by 计发月数, half up to the fen: 120,000 yuan at 60 give 863.31 a month."""
    assert account_pension(case["balance"], account_months(case["age"] * 12, Parameters.load(), DAY)) == case["monthly"]


@pytest.mark.parametrize("case", CASES["growth"], ids=lambda case: f"{case['first']}-{case['last']}")
def test_growth(case: dict[str, Any]) -> None:
    """0.66 to 1.72 over seven years is 14.7 % a year."""
    assert yearly_growth(Decimal(case["first"]), Decimal(case["last"]), case["years"]) == Decimal(case["percent"])


@pytest.mark.parametrize("case", CASES["share"], ids=lambda case: case["part"])
def test_share(case: dict[str, Any]) -> None:
    """6.2 of 8.5 is 72.9 %."""
    assert share(Decimal(case["part"]), Decimal(case["whole"])) == Decimal(case["percent"])


def test_growth_and_share_of_nothing_are_refused() -> None:
    """A rate that does not exist is an error, never a figure."""
    for call in (lambda: share(1, 0), lambda: yearly_growth(0, 1, 1), lambda: yearly_growth(1, 1, 0)):
        with pytest.raises(ValueError):
            call()


@pytest.mark.parametrize("case", CASES["premiums"], ids=lambda case: str(case["persons"]))
def test_premiums_paid_by_others(case: dict[str, Any]) -> None:
    """54,064 people at 100 yuan of 代缴 are 5,406,400 yuan in 4001, never in 4101."""
    fen = case["persons"] * case["tier"] * 100
    assert fen == case["fen"]
    assert [(line.account, line.signed) for line in build("C6", "R", {"amount": fen})] == [("100301", fen), ("40010301", -fen)]

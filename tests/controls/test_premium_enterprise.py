"""Enterprise size by industry and the relief it brings: all lower limits or the next class down; the employer's part alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from controls.premiums import enterprise
from controls.premiums.errors import UnknownIndustry
from ledger.funds import Fund
from ledger.months import Month

CASES = Path(__file__).parents[2] / "templates" / "cases" / "premiums" / "enterprises.yaml"


def _cases(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))[kind]]


@pytest.mark.parametrize("case", _cases("sizes"))
def test_sizes(case: dict[str, Any]) -> None:
    """Worked cases of the size of an enterprise."""
    assert enterprise.size(**case["input"]).size == case["output"]


@pytest.mark.parametrize("case", _cases("reliefs"))
def test_reliefs(case: dict[str, Any]) -> None:
    """Worked cases of the relief of 2020, in yuan."""
    given = case["input"]
    made = enterprise.relief(Fund(given["fund"]), given["class"], Month.parse(str(case["period"])), str(given.get("region", "")), given["employer"] * 100)
    assert made.spared == case["output"] * 100 and made.spared + made.left == given["employer"] * 100


def test_every_industry_falls_from_large_to_micro() -> None:
    """At its lower limits an enterprise is of that class, one unit less of any indicator takes it down one."""
    for law in enterprise.files()[0].industries:
        for at, kind in enumerate(enterprise.CLASSES[:3]):
            met = {name: limits[at] for name, limits in law.limits.items()}
            assert enterprise.size(law.industry, **met).size == kind
            for name in met:
                assert enterprise.size(law.industry, **{**met, name: met[name] - 1}).size == enterprise.CLASSES[at + 1]


def test_half_a_fen_is_not_lost() -> None:
    """Half of an odd amount: what is spared and what is left add up."""
    made = enterprise.relief(Fund.E, "大型", Month(2020, 3), "", 101)
    assert (made.spared, made.left) == (51, 50)


def test_an_unknown_industry_or_a_missing_indicator_is_refused() -> None:
    """SB3223 names the industries, or the indicator that the industry needs."""
    with pytest.raises(UnknownIndustry):
        enterprise.size("航天业", staff=5)
    with pytest.raises(UnknownIndustry) as refused:
        enterprise.size("工业", staff=5)
    assert "营业收入" in str(refused.value)

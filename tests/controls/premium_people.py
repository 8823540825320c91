"""People for tests of premiums, in columns: any number of invented residents on lists, enrolled, paid for. All synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from controls.checks.schema import columns, empty
from controls.premiums.facts import Question, Sources
from ledger.funds import Fund
from ledger.parameters import OfficeValue, Parameters

REGION = "620821"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.array(list("10X98765432"))


def numbers(count: int, *, year: int = 1980, start: int = 0) -> list[str]:
    """Valid resident numbers of ``count`` invented people, born from ``year`` on, a thousand a day."""
    at = np.arange(start, start + count)
    days = np.datetime64(f"{year}-01-02") + (at // 1000).astype("timedelta64[D]")
    bodies = [f"{REGION}{str(day).replace('-', '')}{serial:03d}" for day, serial in zip(days.tolist(), (at % 1000).tolist(), strict=True)]
    digits = np.array([[ord(sign) - 48 for sign in body] for body in bodies], np.int64) if bodies else np.zeros((0, 17), np.int64)
    return [body + check for body, check in zip(bodies, _CHECK[(digits @ _WEIGHTS) % 11].tolist(), strict=True)]


def table(contract: str, number: Sequence[str], **given: Any) -> pa.Table:
    """A canonical table for these numbers; a column is one value for all or a list."""
    schema, count = empty(contract).schema, len(number)
    blank = {"string": "", "int32": None, "int64": None, "bool": False, "date32": None}
    defaults: dict[str, Any] = {
        "file": f"{contract}.csv", "line": list(range(2, count + 2)), "number": list(number), "number_ok": True, "name": "某人", "name_norm": "某人",
    }  # fmt: skip
    kinds = columns(contract)
    made = {}
    for field in schema:
        value = given.get(field.name, defaults.get(field.name, blank[kinds[field.name]]))
        values = value if isinstance(value, list) else [value] * count
        made[field.name] = pa.array([date.fromisoformat(one) if isinstance(one, str) and kinds[field.name] == "date32" else one for one in values], field.type)
    return pa.table(made, schema=schema)


def entitled(number: Sequence[str], category: Any = "低保", start: Any = "2025-01-01", end: Any = None) -> pa.Table:
    """A list of those whose premium others pay."""
    return table("entitled", number, category=category, from_on=start, to_on=end)


def people(number: Sequence[str], fund: str = "R", **more: Any) -> pa.Table:
    """People enrolled in a fund."""
    return table("people", number, fund=fund, region=REGION, **{"town": "南湖镇", **more})


def paid(
    number: Sequence[str], payer: str = "政府代缴", *, fund: str = "R", year: int = 2026, amount: Any = 10000, on: Any = "2026-03-05", **more: Any
) -> pa.Table:
    """Contributions of a year."""
    return table("contributions", number, fund=fund, region=REGION, year=year, period=year * 100, payer=payer, amount=amount, received_on=on, **more)


def died(number: Sequence[str], on: str) -> pa.Table:
    """Deaths known to the police."""
    return table("deaths", number, death_on=on, death_month=int(on[:4]) * 100 + int(on[5:7]), source="公安", is_death=True, confidence=1000)


def sources(**given: list[pa.Table]) -> Sources:
    """Sources by contract."""
    return Sources(given)


def asked(year: int = 2026, fund: Fund = Fund.R, as_of: str = "") -> Question:
    """The question of a claim."""
    return Question.of_year(fund, year, date.fromisoformat(as_of or f"{year}-06-30"), REGION)


def office(*values: tuple[str, Any, dict[str, str]]) -> Parameters:
    """Parameters with an office's values laid over them, from 2018 on."""
    given = [
        OfficeValue.model_validate({"name": name, "from": date(2018, 1, 1), "value": value, "keys": keys, "reference": "测试用假定"})
        for name, value, keys in values
    ]
    return Parameters.load().overlaid(given, "tests")


HUNDRED = (("premium_lowest_tier", 10000, {"fund": "R"}), ("premium_shares", ("县=100",), {"fund": "R"}))
"""100 yuan a year, paid by the county."""

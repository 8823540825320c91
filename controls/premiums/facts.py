"""Who is who in a premium year (名单比对): lists, people, deaths and contributions held together, set-based, in the embedded engine.

``Facts`` makes one row a person on the lists or paid for, with the reason why nobody pays for them, or none. A claim and the monthly
report read the same facts, so what one leaves out the other does not count as missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from string import Template

import pyarrow as pa

import templates
from controls.checks import reference
from controls.checks.common import common
from controls.checks.duck import Duck, Source, like_any
from controls.premiums import law
from ledger.funds import Fund
from ledger.parameters import Parameters
from ledger.schema import statements

CONTRACTS = ("entitled", "people", "deaths", "contributions")
FACTS = "premiums/facts.sql"
_DEATH = pa.schema([("person", pa.string()), ("death_on", pa.string()), ("death_month", pa.int32())])
_WORD = pa.schema([("word", pa.string()), ("category", pa.string()), ("place", pa.int32())])
_NUMBER = pa.schema([("number", pa.string())])


@dataclass(frozen=True)
class Sources:
    """What is compared: canonical tables or snapshots by contract, deaths two people signed (number → day), numbers claimed before."""

    tables: Mapping[str, Sequence[Source]]
    signed_deaths: Mapping[str, str] = field(default_factory=dict)
    claimed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: fund, premium year, the days within which somebody must be on the list, and what is known as of which day."""

    fund: Fund
    year: int
    first: date
    last: date
    as_of: date
    region: str

    @classmethod
    def of_year(cls, fund: Fund, year: int, as_of: date, region: str) -> Question:
        """On the list on some day of the year."""
        return cls(fund, year, date(year, 1, 1), date(year, 12, 31), as_of, region)


def load(duck: Duck, sources: Sources, asked: Question) -> None:
    """Makes the table ``person_fact`` (and what it is made of) in ``duck`` (see ``templates/premiums/facts.sql``)."""
    for contract in CONTRACTS:
        duck.register_sources(contract, sources.tables.get(contract, ()))
    shared = common()
    duck.register("category_word", pa.Table.from_pylist([dict(zip(_WORD.names, word, strict=True)) for word in law.categories().words()], schema=_WORD))
    found = {one.person: (one.death_on, one.death_month) for one in reference.deaths(duck.fetch("SELECT * FROM deaths").to_pylist(), shared)}
    for number, died in sources.signed_deaths.items():
        found.setdefault(number, (died, int(died[:4]) * 100 + int(died[5:7])))
    duck.register(
        "death", pa.Table.from_pylist([{"person": who, "death_on": died, "death_month": month} for who, (died, month) in found.items()], schema=_DEATH)
    )
    duck.register("claimed_before", pa.table({"number": pa.array(list(sources.claimed), pa.string())}, schema=_NUMBER))
    known = Parameters.load()
    day = law.premium_day(asked.year)
    words = {
        "fund": asked.fund.value, "year": asked.year, "first": asked.first.isoformat(), "last": asked.last.isoformat(), "as_of": asked.as_of.isoformat(),
        "elsewhere_funds": ", ".join(f"'{one}'" for one in law.categories().elsewhere.get(asked.fund.value, ())) or "''",
        "adult_age": known.number("resident_enrol_age", day) if asked.fund is Fund.R else 0,
        "pension_age": known.number("resident_pension_age", day, region=asked.region) if asked.fund is Fund.R else 999,
        "drawing_status": like_any("q.benefit_status", shared.drawing_statuses), "dead_status": like_any("q.enrol_status", shared.dead_statuses),
        "elsewhere_status": like_any("q.enrol_status", shared.elsewhere_statuses),
    }  # fmt: skip
    text = Template(templates.path(FACTS).read_text(encoding="utf-8")).substitute({name: str(value) for name, value in words.items()})
    for statement in statements(text):
        duck.run(statement)

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
    """What is compared: canonical tables or snapshots by contract, deaths two people signed (number → day), numbers claimed before.

    ``booked``: money of claims that the books have (rows of contributions), which counts for those of whom no file tells.
    """

    tables: Mapping[str, Sequence[Source]]
    signed_deaths: Mapping[str, str] = field(default_factory=dict)
    claimed: Sequence[str] = ()
    booked: pa.Table | None = None


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


# What a file tells of a person's year is the very money of the claim: the books' rows stand only where no file tells of any, in or back.
_BOOKED = """
SELECT b.* EXCLUDE (paid, gone) FROM (
    SELECT m.*, COALESCE(t.paid, FALSE) AS paid, COALESCE(t.gone, FALSE) AS gone, SUM(m.amount) OVER (PARTITION BY m.number, m.payer, m.file, m.level) AS net
    FROM booked_money m LEFT JOIN (
        SELECT c.number, c.payer, BOOL_OR(c.amount > 0) AS paid, BOOL_OR(c.amount < 0) AS gone FROM contributions c
        WHERE c.fund = '{fund}' AND c.year = {year} AND (c.received_on IS NULL OR c.received_on <= DATE '{as_of}') GROUP BY ALL
    ) t ON t.number = m.number AND t.payer = m.payer
) b WHERE (net > 0 AND NOT paid) OR (net < 0 AND NOT gone)
"""


def _with_booked(duck: Duck, sources: Sources, asked: Question) -> None:
    """Adds to the view ``contributions`` what the books have of claims and no file tells of."""
    if sources.booked is None or not sources.booked.num_rows:
        return
    duck.register("booked_money", sources.booked)
    kept = duck.fetch(_BOOKED.format(fund=asked.fund.value, year=asked.year, as_of=asked.as_of.isoformat())).select(sources.booked.schema.names)
    duck.register_sources("contributions", [*sources.tables.get("contributions", ()), kept])


def load(duck: Duck, sources: Sources, asked: Question) -> None:
    """Makes the table ``person_fact`` (and what it is made of) in ``duck`` (see ``templates/premiums/facts.sql``)."""
    for contract in CONTRACTS:
        duck.register_sources(contract, sources.tables.get(contract, ()))
    _with_booked(duck, sources, asked)
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
        "as_of_month": asked.as_of.year * 100 + asked.as_of.month, "ended_status": like_any("q.enrol_status", law.categories().ended_statuses),
        "elsewhere_funds": ", ".join(f"'{one}'" for one in law.categories().elsewhere.get(asked.fund.value, ())) or "''",
        "adult_age": known.number("resident_enrol_age", day) if asked.fund is Fund.R else 0,
        "pension_age": known.number("resident_pension_age", day, region=asked.region) if asked.fund is Fund.R else 999,
        "drawing_status": like_any("q.benefit_status", shared.drawing_statuses), "dead_status": like_any("q.enrol_status", shared.dead_statuses),
        "elsewhere_status": like_any("q.enrol_status", shared.elsewhere_statuses),
    }  # fmt: skip
    text = Template(templates.path(FACTS).read_text(encoding="utf-8")).substitute({name: str(value) for name, value in words.items()})
    for statement in statements(text):
        duck.run(statement)

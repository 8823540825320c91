"""Who is claimed for (代缴清册): everybody on the lists in a year, each once, at the lowest tier, split by payer; and everybody left out, with the reason.

Pure: sources and parameters in, columns out. ``claim_store`` keeps what comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from controls.checks.duck import Duck
from controls.premiums import facts, law
from controls.premiums.errors import ClaimEmpty
from controls.premiums.facts import Question, Sources
from ledger.funds import Fund
from ledger.money import Fen
from ledger.parameters import Parameters

LINE = pa.schema(
    [
        ("number", pa.string()), ("payer", pa.string()), ("received_year", pa.int32()), ("name", pa.string()), ("category", pa.string()),
        ("others", pa.string()), ("town", pa.string()), ("tier_fen", pa.int64()), ("fen", pa.int64()), ("part", pa.string()), ("note", pa.string()),
    ]
)  # fmt: skip
LEFT = pa.schema([("number", pa.string()), ("name", pa.string()), ("category", pa.string()), ("town", pa.string()), ("reason", pa.string())])
TOGETHER, BACK_TO_PERSON, NO_MORE = "并存", "退还本人", "不再代缴"

_DUE = """
CREATE OR REPLACE TEMP TABLE claim_fact AS
SELECT f.*, CASE WHEN why_not <> '' THEN why_not WHEN NOT is_enrolled THEN '未参保登记' WHEN claimed THEN '已列入以前的清册'
    WHEN government_fen > 0 THEN '本年已代缴' WHEN own_fen > 0 AND {no_more} THEN '本人已缴费' ELSE '' END AS reason
FROM person_fact f WHERE listed
"""
_LINES = """
SELECT f.number, s.payer, CAST(0 AS INTEGER) AS received_year, f.name, f.category,
       CASE WHEN f.categories > 1 THEN f.all_categories ELSE '' END AS others, f.town, s.tier_fen, s.fen, s.part,
       CASE WHEN f.own_fen > 0 THEN CASE WHEN f.note <> '' THEN f.note || '；' ELSE '' END || '本人已缴' ELSE f.note END AS note
FROM claim_fact f JOIN category_share s ON s.category = f.category
WHERE f.reason = '' ORDER BY f.number, s.payer
"""
_PAID_THEMSELVES = """
SELECT COUNT(*) FROM person_fact WHERE listed AND why_not = '' AND is_enrolled AND NOT claimed AND government_fen <= 0 AND own_fen > 0
"""
_LEFT = "SELECT number, name, all_categories AS category, town, reason FROM claim_fact WHERE reason <> '' ORDER BY number, name"


@dataclass(frozen=True)
class Drawn:
    """A claim drawn up: lines (:data:`LINE`) and those left out (:data:`LEFT`), both sorted by number in bytes."""

    asked: Question
    lines: pa.Table = field(repr=False)
    left: pa.Table = field(repr=False)

    @property
    def persons(self) -> int:
        """How many people are claimed for."""
        return len(pc.unique(self.lines.column("number")))

    @property
    def fen(self) -> Fen:
        """What is claimed."""
        return int(pc.sum(self.lines.column("fen")).as_py() or 0)

    def by(self, *columns: str) -> list[tuple[tuple[str, ...], int, Fen]]:
        """(values of the columns, persons, fen), sorted."""
        found = self.lines.group_by(list(columns)).aggregate([("number", "count_distinct"), ("fen", "sum")]).to_pylist()
        return sorted((tuple(row[name] for name in columns), row["number_count_distinct"], row["fen_sum"]) for row in found)

    def reasons(self) -> list[tuple[str, int]]:
        """(reason, persons) of those left out, most first."""
        found = self.left.group_by(["reason"]).aggregate([("number", "count")]).to_pylist()
        return sorted(((row["reason"], row["number_count"]) for row in found), key=lambda pair: (-pair[1], pair[0]))


def draw(sources: Sources, asked: Question, known: Parameters | None = None, *, threads: int | None = None) -> Drawn:
    """Everybody on the lists on some day of the year, claimed or left out. Raises SB1031 (tier, shares, own payment unset), SB3216."""
    parameters = known or Parameters.load()
    with Duck(threads=threads) as duck:
        facts.load(duck, sources, asked)
        policy = _policy(duck, parameters, asked)
        duck.run(_DUE.format(no_more="TRUE" if policy == NO_MORE else "FALSE"))
        found = [row[0] for row in duck.values("SELECT DISTINCT category FROM claim_fact WHERE reason = '' ORDER BY 1")]
        duck.register("category_share", shares(parameters, asked.fund, asked.region, found, asked.year))
        lines, left = _shaped(duck.fetch(_LINES), LINE), _shaped(duck.fetch(_LEFT), LEFT)
    return Drawn(asked, lines.sort_by([("number", "ascending"), ("payer", "ascending")]), _distinct(left))


def _policy(duck: Duck, parameters: Parameters, asked: Question) -> str:
    """What the office does with those who paid themselves; asked for only when there are any."""
    count = duck.values(_PAID_THEMSELVES)[0][0]
    return parameters.text("premium_own_payment", law.premium_day(asked.year), fund=asked.fund.value) if count else TOGETHER


def shares(parameters: Parameters, fund: Fund, region: str, found: Sequence[str], year: int) -> pa.Table:
    """What each payer owes for one person of each category; what persons pay themselves is left out."""
    rows = [
        {"category": category, "payer": one.payer, "part": one.part, "fen": fen, "tier_fen": law.tier(parameters, fund, region, category, year)}
        for category in found
        for one, fen in law.split(parameters, fund, region, category, year)
        if one.part and fen
    ]
    schema = pa.schema([("category", pa.string()), ("payer", pa.string()), ("part", pa.string()), ("fen", pa.int64()), ("tier_fen", pa.int64())])
    return pa.Table.from_pylist(rows, schema=schema)


def _shaped(table: pa.Table, schema: pa.Schema) -> pa.Table:
    return table.select(schema.names).cast(schema)


def _distinct(left: pa.Table) -> pa.Table:
    """One row a number: people whose number cannot be used may share it; the rest of them are counted in the first one's name."""
    summed = left.group_by(["number"], use_threads=False).aggregate([(name, "first") for name in LEFT.names[1:]])
    return summed.rename_columns([name.removesuffix("_first") for name in summed.column_names]).select(LEFT.names).sort_by("number")


def refuse_empty(drawn: Drawn) -> None:
    """Raises SB3220 for a claim of nobody."""
    if not drawn.lines.num_rows:
        raise ClaimEmpty(what=f"{drawn.asked.fund.short} {drawn.asked.year} 年")

"""From the rows a rule yields to findings: periods, money, evidence and the sentence (one definition for every engine).

A rule's SQL yields one row per payment row and month in question. Columns it leaves out are taken as blank:
``id_number, fund, region, other, part, file, line, period | year, month, fen, item_part, severity, counterpart,
confidence, fact, note, name, person, steps, planned, seq``; ``month`` stands for the
period where a rule asks about another month. The same row may appear several times (once per counterpart): its money counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from controls.checks.catalogue import Rule
from controls.findings import Evidence, Finding, Row, Severity, months_of
from ledger.funds import NAMES, Fund
from ledger.money import Fen, show
from ledger.months import Month, show_runs

DEFAULTS: Mapping[str, Any] = {
    "id_number": "", "fund": "", "region": "", "other": "", "part": 0, "file": "", "line": 0, "period": None, "month": None, "year": None, "fen": 0,
    "item_part": "other", "severity": "", "counterpart": "", "confidence": 1000, "fact": "", "note": "", "name": "", "person": "",
    "steps": "", "planned": False, "seq": 0,
}  # fmt: skip

FEW_NUMBERS = ";"

Place = tuple[int, str, int, int]
"""Where a fen in question lies: table, file, line, month."""


@dataclass(slots=True)
class Lead:
    """What is gathered for one finding."""

    id_number: str
    fund: str
    region: str
    other: str
    money: dict[Place, Fen] = field(default_factory=dict)
    months: set[int] = field(default_factory=set)
    parts: dict[Place, str] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    funds: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    severities: set[str] = field(default_factory=set)
    counterparts: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    seqs: set[int] = field(default_factory=set)
    spared: set[int] = field(default_factory=set)
    confidence: int = 1000
    name: str = ""

    def periods(self) -> tuple[int, ...]:
        """The distinct periods in question; the twelve months of each premium year."""
        if self.years:
            return tuple(year * 100 + month for year in sorted(self.years) for month in range(1, 13))
        return tuple(sorted(self.months))


def gather(rule: Rule, table: pa.Table) -> list[Lead]:
    """The rows of one rule, grouped by what one finding is per (``rule.grain``)."""
    leads: dict[tuple[str, ...], Lead] = {}
    for row in _rows(table):
        key = _key(rule, row)
        lead = leads.get(key)
        if lead is None:
            lead = leads[key] = Lead(row["id_number"], row["fund"], row["region"], row["other"])
        _add(lead, row)
    for lead in leads.values():
        if rule.grain in ("number", "account"):
            lead.fund, lead.region = FEW_NUMBERS.join(sorted(lead.funds)), FEW_NUMBERS.join(sorted(lead.regions))
        if rule.grain == "account":
            lead.id_number = min(lead.persons)
    return list(leads.values())


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    have = [name for name in DEFAULTS if name in table.column_names]
    blank = {name: value for name, value in DEFAULTS.items() if name not in have}
    for values in zip(*(table.column(name).to_pylist() for name in have), strict=True):
        yield blank | dict(zip(have, values, strict=True))


def _key(rule: Rule, row: Mapping[str, Any]) -> tuple[str, ...]:
    if rule.grain == "account":
        return (row["other"],)
    if rule.grain == "number":
        return (row["id_number"],)
    return (row["id_number"], row["fund"], row["region"], row["other"])


def _add(lead: Lead, row: Mapping[str, Any]) -> None:
    if row["year"] is not None:
        lead.years.add(row["year"])
    if row["line"]:
        place = (row["part"], row["file"], row["line"], row["period"] if row["period"] is not None else row["year"] * 100)
        lead.money[place] = max(row["fen"], lead.money.get(place, 0))
        lead.parts[place] = row["item_part"]
        if row["year"] is None:
            lead.months.add(row["month"] if row["month"] is not None else row["period"])
    lead.funds.add(row["fund"])
    lead.regions.add(row["region"])
    lead.confidence = min(lead.confidence, row["confidence"])
    lead.name = max(lead.name, row["name"])
    if row["planned"]:
        (lead.seqs if row["fen"] else lead.spared).add(row["seq"])
    for values, value in ((lead.severities, row["severity"]), (lead.facts, row["fact"]), (lead.notes, row["note"]), (lead.steps, row["steps"])):
        if value:
            values.add(value)
    if row["counterpart"]:
        lead.counterparts.update(row["counterpart"].split(FEW_NUMBERS))
    if row["person"]:
        lead.persons.add(row["person"])


@dataclass(frozen=True, slots=True)
class Recovered:
    """One row of ``recoveries``: money that came back for a number, a fund and a span of periods."""

    number: str
    fund: str
    first: int
    last: int
    amount: Fen


def finding(rule: Rule, lead: Lead, name: str, recovered: Sequence[Recovered] | None) -> Finding:
    """The finding of one lead; ``recovered`` None when no recoveries were given."""
    periods = lead.periods()
    amount = sum(lead.money.values())
    severity = min((Severity(text) for text in lead.severities), key=lambda level: level.rank, default=Severity(rule.severity))
    counterpart = FEW_NUMBERS.join(sorted(lead.counterparts))
    evidence = _evidence(rule, lead, periods, amount, recovered)
    return Finding(
        rule=rule.code, severity=severity, id_number=lead.id_number, name=name, fund=lead.fund, region=lead.region, periods=periods, amount=amount,
        counterpart=counterpart, confidence=lead.confidence, reason=_reason(rule, lead, name, periods, amount, counterpart), evidence=evidence,
        other=lead.other, fact=FEW_NUMBERS.join(sorted(lead.facts)),
    )  # fmt: skip


def _evidence(rule: Rule, lead: Lead, periods: Sequence[int], amount: Fen, recovered: Sequence[Recovered] | None) -> Evidence:
    rows = tuple(Row(file, line) for file, line in sorted({(place[1], place[2]) for place in lead.money}))
    shares: dict[str, Fen] = {}
    if rule.parts and any(part != "other" for part in lead.parts.values()):
        shares = {"base": 0, "account": 0, "other": 0}
        for place, fen in lead.money.items():
            shares[lead.parts[place]] += fen
        shares["recoverable"] = amount - shares["account"]
    back: dict[str, Fen] = {}
    if recovered is not None and amount:
        funds = set(lead.fund.split(FEW_NUMBERS))
        came = sum(one.amount for one in recovered if one.fund in funds and any(one.first <= period <= one.last for period in periods))
        back = {"recovered": came, "open": max(amount - came, 0)}
    return Evidence(rows=rows, steps=tuple(sorted(lead.steps)), persons=tuple(sorted(lead.persons)), **shares, **back)


def _reason(rule: Rule, lead: Lead, name: str, periods: Sequence[int], amount: Fen, counterpart: str) -> str:
    funds = "、".join(NAMES[Fund(code)][1] if code in Fund.__members__ else code for code in lead.fund.split(FEW_NUMBERS) if code)
    return rule.reason_zh.format(
        name=name or "（未署名）", id_number=lead.id_number, fund=funds, region=lead.region or "（未注明）", other=lead.other,
        periods=_runs(periods), year="、".join(str(year) for year in sorted(lead.years)), months=len(periods), amount=show(amount),
        counterpart=counterpart, fact="、".join(sorted(lead.facts)), note="、".join(sorted(lead.notes)), persons=len(lead.persons),
        rows=len({place[:3] for place in lead.money}),
    )  # fmt: skip


def _runs(periods: Sequence[int]) -> str:
    months: list[Month] = months_of(periods)
    return show_runs(months)

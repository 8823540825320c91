"""From the rows a rule yields to findings: periods, money, evidence and the sentence (one definition for every engine).

A rule's SQL yields one row per payment row and month in question. Columns it leaves out are taken as blank:
``id_number, fund, region, other, part, file, line, period | year, month, fen, item_part, severity, counterpart,
confidence, fact, note, name, person, steps, known, planned, seq``; ``month`` stands for the period where a rule asks about
another month; ``known`` says whether the row was paid ``before`` or ``after`` the office could know of the death.
The same row may appear several times (once per counterpart): its money counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from controls.checks.catalogue import Rule
from controls.checks.engine import Engine
from controls.findings import MOST_ROWS, Evidence, Finding, Row, Severity, month_text
from ledger.funds import NAMES, Fund
from ledger.money import Fen, show
from ledger.month_sets import MonthSet

DEFAULTS: Mapping[str, Any] = {
    "id_number": "", "fund": "", "region": "", "other": "", "part": 0, "file": "", "line": 0, "period": None, "month": None, "year": None, "fen": 0,
    "item_part": "other", "known": "", "confidence": 1000, "planned": False, "seq": 0,
}  # fmt: skip

FEW_NUMBERS = ";"

AT_ONCE = 10_000
"""So many rows of a rule are brought over at a time; the rows of one finding always come together."""

Place = tuple[int, str, int, int]
"""Where a fen in question lies: table, file, line, month."""

_NONE: AbstractSet[Any] = frozenset()
_SEVERITIES = {level.value: level for level in Severity}
_RANKS = {level: level.rank for level in Severity}


@dataclass(slots=True)
class Lead:
    """What is gathered for one finding."""

    id_number: str = ""
    fund: str = ""
    region: str = ""
    other: str = ""
    money: dict[Place, Fen] = field(default_factory=dict)
    rows: AbstractSet[tuple[str, int, int]] = _NONE
    months: AbstractSet[int] = _NONE
    parts: Mapping[Place, str] = field(default_factory=dict)
    known: Mapping[Place, str] = field(default_factory=dict)
    years: AbstractSet[int] = _NONE
    funds: AbstractSet[str] = _NONE
    regions: AbstractSet[str] = _NONE
    severities: AbstractSet[str] = _NONE
    counterparts: AbstractSet[str] = _NONE
    facts: AbstractSet[str] = _NONE
    notes: AbstractSet[str] = _NONE
    persons: AbstractSet[str] = _NONE
    steps: AbstractSet[str] = _NONE
    seqs: AbstractSet[int] = _NONE
    spared: AbstractSet[int] = _NONE
    names: AbstractSet[str] = _NONE
    confidence: int = 1000
    name: str = ""

    def periods(self) -> tuple[int, ...]:
        """The distinct periods in question; the twelve months of each premium year."""
        if self.years:
            return tuple(year * 100 + month for year in sorted(self.years) for month in range(1, 13))
        return tuple(sorted(self.months))


def tables(engine: Engine, rule: Rule, sql: str) -> Iterator[pa.Table]:
    """The rows of a rule, those of one finding together, about :data:`AT_ONCE` at a time."""
    left: pa.Table | None = None
    for table in engine.ordered(sql, _KEYS[rule.grain], AT_ONCE):
        rows = table if left is None else pa.concat_tables([left, table])
        last = _last(rows, _keys(rule, rows))
        left = rows.slice(last)
        if last:
            yield rows.slice(0, last)
    if left is not None and left.num_rows:
        yield left


def _last(table: pa.Table, keys: Sequence[str]) -> int:
    """Where the rows of the last finding begin."""
    if not table.num_rows:
        return 0
    same = None
    for key in keys:
        column = pc.fill_null(table.column(key), DEFAULTS[key])
        alike = pc.equal(column, column[-1])
        same = alike if same is None else pc.and_(same, alike)
    return 0 if same is None else int(pc.index(same, True).as_py())


def gather(rule: Rule, table: pa.Table) -> list[Lead]:
    """Rows of one rule in the order of what one finding is per (``rule.grain``), grouped so."""
    leads = _grouped(rule, table)
    for lead in leads:
        if rule.grain in ("number", "account"):
            lead.fund, lead.region = FEW_NUMBERS.join(sorted(lead.funds)), FEW_NUMBERS.join(sorted(lead.regions))
        if rule.grain == "account":
            lead.id_number = min(lead.persons)
        lead.name = max(lead.names, default="")
    return leads


def _keys(rule: Rule, table: pa.Table) -> list[str]:
    return [name for name in _KEYS[rule.grain] if name in table.column_names]


def _grouped(rule: Rule, table: pa.Table) -> list[Lead]:
    """A lead for each key with its money, months and facts; whole slices at a time, since one account may hold thousands of rows."""
    keys = _keys(rule, table)
    named = list(zip(*(_column(table, key) for key in keys), strict=True))
    rows = _Rows(rule, table)
    facts = [_Facts(table, name, attribute) for name, attribute in _FACTS.items() if name in table.column_names]
    leads: list[Lead] = []
    starts = [nth for nth, key in enumerate(named) if not nth or key != named[nth - 1]]
    for start, end in zip(starts, [*starts[1:], len(named)], strict=True):
        lead = Lead(**dict(zip(keys, named[start], strict=True)))
        rows.place(lead, start, end)
        for one in facts:
            one.tell(lead, start, end)
        leads.append(lead)
    return leads


_PERSON = ("id_number", "fund", "region", "other")
_KEYS: Mapping[str, tuple[str, ...]] = {"person": _PERSON, "year": _PERSON, "pair": _PERSON, "number": ("id_number",), "account": ("other",)}
_FACTS = {"fund": "funds", "region": "regions", "severity": "severities", "fact": "facts", "note": "notes", "person": "persons", "year": "years",
          "name": "names", "counterpart": "counterparts", "steps": "steps"}  # fmt: skip
_LISTS = frozenset({"counterpart", "steps"})
_SAYS_NOTHING = frozenset({"", None, 0})


class _Facts:
    """One column of facts: what the rows of a lead say, blanks apart."""

    def __init__(self, table: pa.Table, name: str, attribute: str) -> None:
        self._attribute, self._listed = attribute, name in _LISTS
        self._column = _column(table, name)
        every = set(self._column)
        self._same = self._told(every) if len(every) == 1 else None

    def _told(self, values: set[Any]) -> AbstractSet[Any]:
        said = values - _SAYS_NOTHING
        return {one for value in said for one in value.split(FEW_NUMBERS)} if self._listed and said else said

    def tell(self, lead: Lead, start: int, end: int) -> None:
        """Lays down what rows ``start`` to ``end`` say."""
        setattr(lead, self._attribute, self._told(set(self._column[start:end])) if self._same is None else self._same)


class _Rows:
    """The columns that say where the money of a lead lies."""

    def __init__(self, rule: Rule, table: pa.Table) -> None:
        have = frozenset(table.column_names)
        self._part, self._file, self._line, self._fen, self._confidence = (
            _column(table, name) for name in ("part", "file", "line", "fen", "confidence")
        )
        self._yearly = "year" in have and table.column("year").null_count < table.num_rows
        self._time = [year * 100 for year in _column(table, "year")] if self._yearly else _column(table, "period")
        self._month = _column(table, "month") if "month" in have and table.column("month").null_count < table.num_rows else self._time
        self._item_part = _column(table, "item_part") if rule.parts and "item_part" in have else None
        self._known = _column(table, "known") if "known" in have else None
        planned = _column(table, "planned") if "planned" in have else []
        self._planned = list(zip(planned, _column(table, "seq"), self._fen, strict=True)) if any(planned) else None

    def place(self, lead: Lead, start: int, end: int) -> None:
        """Lays down the money, rows, months and parts of rows ``start`` to ``end``."""
        part, file, line, fen = self._part[start:end], self._file[start:end], self._line[start:end], self._fen[start:end]
        places = list(zip(part, file, line, self._time[start:end], strict=True))
        lead.money = dict(zip(places, fen, strict=True))
        if len(lead.money) < len(places):
            for place, amount in zip(places, fen, strict=True):
                lead.money[place] = max(lead.money[place], amount)
        lead.rows = set(zip(file, line, part, strict=True))
        if not self._yearly:
            lead.months = set(self._month[start:end])
        lead.confidence = min(self._confidence[start:end])
        if self._item_part is not None:
            lead.parts = {place: one for place, one in zip(places, self._item_part[start:end], strict=True) if one != "other"}
        if self._known is not None:
            lead.known = {place: one for place, one in zip(places, self._known[start:end], strict=True) if one}
        if self._planned is not None:
            lead.seqs = {number for touched, number, amount in self._planned[start:end] if touched and amount}
            lead.spared = {number for touched, number, amount in self._planned[start:end] if touched and not amount}


def _column(table: pa.Table, name: str) -> Any:
    if name not in table.column_names:
        return [DEFAULTS[name]] * table.num_rows
    column = table.column(name)
    if pa.types.is_string(column.type):
        # Few distinct texts stand in many rows: each becomes one Python object.
        coded = column.combine_chunks().dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        texts = coded.dictionary.to_pylist()
        if coded.null_count:
            return [DEFAULTS.get(name, "") if index is None else texts[index] for index in coded.indices.to_pylist()]
        return [texts[index] for index in coded.indices.to_numpy(zero_copy_only=False).tolist()]
    if column.null_count == 0 and pa.types.is_integer(column.type):
        return column.to_numpy().tolist()
    return column.to_pylist()


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
    severity = min((_SEVERITIES[text] for text in lead.severities), key=_RANKS.__getitem__, default=Severity(rule.severity))
    counterpart = FEW_NUMBERS.join(sorted(lead.counterparts))
    evidence = _evidence(rule, lead, periods, amount, recovered)
    return Finding(
        rule=rule.code, severity=severity, id_number=lead.id_number, name=name, fund=lead.fund, region=lead.region, periods=periods, amount=amount,
        counterpart=counterpart, confidence=lead.confidence, reason=_reason(rule, lead, name, periods, amount, counterpart, evidence), evidence=evidence,
        other=lead.other, fact=FEW_NUMBERS.join(sorted(lead.facts)),
    )  # fmt: skip


def _evidence(rule: Rule, lead: Lead, periods: Sequence[int], amount: Fen, recovered: Sequence[Recovered] | None) -> Evidence:
    rows = tuple([Row(file, line) for file, line, _ in sorted(lead.rows)[:MOST_ROWS]])
    shares: dict[str, Fen] = {}
    if rule.parts and lead.parts:
        told = dict.fromkeys(("base", "account", "whole", "other"), 0)
        for place, fen in lead.money.items():
            told[lead.parts.get(place, "other")] += fen
        if {"base", "account"} & set(lead.parts.values()):
            shares = {"base": told["base"], "account": told["account"], "other": told["other"] + told["whole"]}
            shares["recoverable"] = amount - told["account"] - told["whole"]
        if told["whole"]:
            shares["unsplit"] = told["whole"]
    back: dict[str, Fen] = {}
    if recovered is not None and amount:
        funds = set(lead.fund.split(FEW_NUMBERS))
        came = sum(one.amount for one in recovered if one.fund in funds and any(one.first <= period <= one.last for period in periods))
        back = {"recovered": came, "open": max(amount - came, 0)}
    return Evidence(rows=rows, row_count=len(lead.rows), steps=tuple(sorted(lead.steps)), persons=tuple(sorted(lead.persons)), **shares, **back, **_known(lead))


def _known(lead: Lead) -> dict[str, Fen]:
    """The money paid before the office could know and after; nothing where the data do not say when it could."""
    if not lead.known:
        return {}
    after = sum(fen for place, fen in lead.money.items() if lead.known.get(place) == "after")
    return {"known_before": sum(lead.money.values()) - after, "known_after": after}


def _reason(rule: Rule, lead: Lead, name: str, periods: tuple[int, ...], amount: Fen, counterpart: str, evidence: Evidence) -> str:
    said = rule.reason_zh.format(
        name=name or "（未署名）", id_number=lead.id_number, fund=_funds(lead.fund), region=lead.region or "（未注明）", other=lead.other,
        periods=_runs(periods), year="、".join(str(year) for year in sorted(lead.years)), months=len(periods), amount=show(amount),
        counterpart=counterpart, fact="、".join(sorted(lead.facts)), note="、".join(sorted(lead.notes)), persons=len(lead.persons),
        rows=evidence.row_count,
    )  # fmt: skip
    return said if not evidence.unsplit else f"{said.removesuffix('。')}，其中{show(evidence.unsplit)}元未分列基础养老金与个人账户养老金，待拆分。"


@lru_cache(maxsize=4096)
def _funds(codes: str) -> str:
    """``R;E`` as the funds' names."""
    return "、".join(NAMES[Fund(code)][1] if code in Fund.__members__ else code for code in codes.split(FEW_NUMBERS) if code)


@lru_cache(maxsize=4096)
def _runs(periods: tuple[int, ...]) -> str:
    """``yyyymm`` as runs for people: ``2025-04～2025-07、2025-09``."""
    runs = MonthSet.of(periods).runs()
    return "、".join(month_text(first) if first == last else f"{month_text(first)}～{month_text(last)}" for first, last in runs)

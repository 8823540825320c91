"""Outside lists made ready for the rules: one death date a person, terms in prison without overlaps (pure functions).

FORMATS.md, deaths: the best source decides (卫健, 民政, 公安, 法院, 村级, 其他), equal sources the latest date, the
others are shown. custody: overlapping terms are one; an open end runs to the as-of month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from controls.checks.common import Common
from ledger.months import Month

Record = Mapping[str, Any]


def person_key(record: Record) -> str:
    """Who a row speaks of: the number; where it fails its own form, the number and the name; '' when it cannot be matched."""
    if not record["number"] or record["damaged"]:
        return ""
    return str(record["number"]) if record["number_ok"] else f"{record['number']}|{record['name_norm']}"


@dataclass(frozen=True, slots=True)
class Death:
    """The death of one person as the best source has it."""

    person: str
    number: str
    number_ok: bool
    name_norm: str
    death_month: int
    death_on: str
    official: bool
    confidence: int
    source: str
    counterpart: str
    known_month: int = 0


def known_month(records: Iterable[Record]) -> int:
    """The first month (``yyyymm``) in which the office could know of a death: 登记日期, else the day the list that first named it was taken in; 0 when no
    record tells. A registration before the death itself is a wrong date and tells nothing.
    """
    days = [known for known in map(_known_day, records) if known is not None]
    return Month.of(min(days)).number if days else 0


def _known_day(record: Record) -> date | None:
    registered: date | None = record.get("registered_on")
    day = death_day(record)
    if registered is not None and (day is None or registered >= day):
        return registered
    taken: date | None = record.get("taken_on")
    return taken


def death_day(record: Record) -> date | None:
    """死亡日期, else 火化日期; 登记日期 never stands for it."""
    day: date | None = record["death_on"] or record["cremated_on"]
    return day


def deaths(records: Iterable[Record], common: Common) -> list[Death]:
    """One :class:`Death` per person with a usable number, by number."""
    by_person: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        key = person_key(record)
        if key and record["is_death"] and death_day(record) is not None:
            by_person[key].append(record)
    return [decide(key, by_person[key], common) for key in sorted(by_person)]


def decide(person: str, records: Sequence[Record], common: Common) -> Death:
    """The record that counts among several of one person; every one is named in ``counterpart``."""
    order = {source: rank for rank, source in enumerate(common.death_sources)}

    def weight(record: Record) -> tuple[int, int, int]:
        day = death_day(record)
        return -order.get(record["source"], len(order)), (day or date.min).toordinal(), int(record["confidence"] or 1000)

    best = max(records, key=weight)
    day = death_day(best) or date.min
    shown = {f"{record['source']}:{death_day(record)}" for record in records}
    cremated_only = best["death_on"] is None
    return Death(
        person, best["number"], bool(best["number_ok"]), best["name_norm"], Month.of(day).number, day.isoformat(),
        best["source"] in common.official_sources, min(int(best["confidence"] or 1000), 900 if cremated_only else 1000), best["source"],
        ";".join(sorted(shown)), known_month(records),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """Months without pension: from the month after 收监 to the month of release inclusive."""

    person: str
    number: str
    number_ok: bool
    name_norm: str
    first: int
    last: int
    severity: str
    counterpart: str


def terms(records: Iterable[Record], as_of: int, common: Common) -> list[Term]:
    """The terms that stop a pension, per person and kind, overlapping ones joined; both ends are ``yyyymm``."""
    kinds = {mode: "high" for mode in common.custody_stops} | {mode: "low" for mode in common.custody_low}
    by_person: dict[tuple[str, str], list[tuple[int, int, Record]]] = defaultdict(list)
    for record in records:
        key, severity = person_key(record), kinds.get(record["mode"])
        start = began(record, common)
        if not key or severity is None or start is None:
            continue
        first = (Month.of(start) + 1).number
        last = min(Month.of(record["released_on"]).number, as_of) if record["released_on"] else as_of
        if first <= last:
            by_person[key, severity].append((first, last, record))
    found: list[Term] = []
    for (key, severity), spans in sorted(by_person.items()):
        counterpart = ";".join(sorted({f"{record['mode']}:{began(record, common)}" for _, _, record in spans}))
        one = spans[0][2]
        for first, last in joined((first, last) for first, last, _ in spans):
            found.append(Term(key, one["number"], bool(one["number_ok"]), one["name_norm"], first, last, severity, counterpart))
    return found


def began(record: Record, common: Common) -> date | None:
    """收监日期; for 羁押 the day of detention where it is given."""
    day: date | None = (record["detained_on"] or record["imprisoned_on"]) if record["mode"] in common.custody_low else record["imprisoned_on"]
    return day


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Closed spans of months with overlapping ones made one, ascending."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged

"""What happened to people (事件) that bears on whether a month is due, from the snapshots in use: deaths, prison, missed certification, other pensions.

A person is found by number alone; what only a name could tell stands in the checks before payment, which every arrears roster passes too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.checks.common import common
from controls.checks.reference import began, deaths
from controls.intake import snapshots
from ledger.benefits.due import Event, rules
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import Parameters

OTHER, MISSED = "领取其他国家养老金", "未认证"


@dataclass(frozen=True, slots=True)
class Happened:
    """Events by number, and the snapshots they come from (contract → file numbers)."""

    events: Mapping[str, Sequence[Event]]
    sources: Mapping[str, Sequence[int]]


def read(connection: sa.Connection, home: Path, fund: Fund, numbers: Sequence[str], parameters: Parameters) -> Happened:
    """The events of these people. Raises SB3022 (a snapshot that was changed), SB1031 (how long a certification holds)."""
    wanted = pa.array(numbers, pa.string())
    tables: dict[str, list[pa.Table]] = {}
    sources: dict[str, list[int]] = {}
    for contract in ("deaths", "custody", "people"):
        for one in snapshots.current(connection, contract):
            table = one.table(home)
            tables.setdefault(contract, []).append(table.filter(pc.is_in(table.column("number"), wanted)))
            sources.setdefault(contract, []).append(one.file_id)
    found: dict[str, list[Event]] = {}
    for number, event in (*_deaths(tables.get("deaths", [])), *_custody(tables.get("custody", [])), *_people(tables.get("people", []), fund, parameters)):
        if event not in found.setdefault(number, []):
            found[number].append(event)
    return Happened(found, sources)


def _records(tables: Sequence[pa.Table], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    for table in tables:
        yield from table.select(list(columns)).to_pylist()


def _deaths(tables: Sequence[pa.Table]) -> Iterator[tuple[str, Event]]:
    """One death a number, as the best source has it."""
    columns = ("number", "number_ok", "damaged", "name_norm", "is_death", "death_on", "cremated_on", "source", "confidence")
    for death in deaths(_records(tables, columns), common()):
        yield death.number, Event("死亡", Month.from_number(death.death_month))


def _custody(tables: Sequence[pa.Table]) -> Iterator[tuple[str, Event]]:
    known, shared = {rule.event for rule in rules()}, common()
    for record in _records(tables, ("number", "damaged", "mode", "detained_on", "imprisoned_on", "released_on")):
        start: date | None = began(record, shared)
        if record["number"] and not record["damaged"] and record["mode"] in known and start is not None:
            yield record["number"], Event(record["mode"], Month.of(start), Month.of(record["released_on"]) if record["released_on"] else None)


def _people(tables: Sequence[pa.Table], fund: Fund, parameters: Parameters) -> Iterator[tuple[str, Event]]:
    """Another state pension that began (R only), and a certification that lapsed and was not renewed."""
    for record in _records(tables, ("number", "damaged", "fund", "region", "start_month", "certified_on")):
        if not record["number"] or record["damaged"]:
            continue
        if fund is Fund.R and record["fund"] in ("E", "G") and record["start_month"]:
            yield record["number"], Event(OTHER, Month.from_number(record["start_month"]))
        if record["fund"] == fund.value and record["certified_on"]:
            done: date = record["certified_on"]
            holds = parameters.number("certification_months", done, fund=fund.value, region=record["region"] or "")
            yield record["number"], Event(MISSED, Month.of(done) + holds)

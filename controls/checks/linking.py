"""Candidate pairs for the linked rules (关联候选): SQL finds who could be meant, :mod:`controls.checks.linkage` scores them.

Fills ``death_link`` (D2: payee and the death record under another number) and ``number_pair`` (P4: two numbers paid).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from controls.checks import reference
from controls.checks.common import Common
from controls.checks.engine import Engine
from controls.checks.linkage import Link, Record, bearers, birth_of, link
from controls.checks.paid import fill
from controls.intake.regions import aliases
from ledger.identity.sameness import one_digit, swapped

_PAID = "status = 'paid' AND amount > 0 AND number <> '' AND NOT damaged"
_TEXT, _WHOLE = pa.string(), pa.int32()
_DEATH = pa.schema(
    [("number", _TEXT), ("name_norm", _TEXT), ("second", _TEXT), ("death_month", _WHOLE), ("death_on", _TEXT), ("counterpart", _TEXT), ("severity", _TEXT),
     ("confidence", _WHOLE), ("steps", _TEXT)]
)  # fmt: skip
_PAIR = pa.schema([("one", _TEXT), ("two", _TEXT), ("severity", _TEXT), ("confidence", _WHOLE), ("steps", _TEXT)])


@dataclass(slots=True)
class Payee:
    """A number and name as paid, with every region it was paid in (today's codes)."""

    number: str
    number_ok: bool
    name_norm: str
    regions: set[str] = field(default_factory=set)

    def record(self, shares: Mapping[str, int]) -> Record:
        return Record(self.number, self.number_ok, self.name_norm, birth_of(self.number), frozenset(self.regions), bearers=shares.get(self.name_norm, 0))


def _payees(rows: Iterable[tuple[Any, ...]], now: Mapping[str, str]) -> dict[tuple[str, str], Payee]:
    found: dict[tuple[str, str], Payee] = {}
    for number, number_ok, name_norm, region in rows:
        payee = found.setdefault((number, name_norm), Payee(number, number_ok, name_norm))
        payee.regions.add(now.get(region, region))
    return found


def link_deaths(engine: Engine, shared: Common) -> None:
    """Fills ``death_link``: for each payee without an exact death record the best link to one under another number, or none."""
    now = aliases()
    records = [one for one in engine.fetch("SELECT * FROM deaths").to_pylist() if one["is_death"] and reference.death_day(one) is not None and one["name_norm"]]
    engine.register("death_name", pa.table({"name_norm": pa.array(sorted({one["name_norm"] for one in records}), _TEXT)}))
    sql = f"SELECT DISTINCT number, number_ok, name_norm, region FROM payments WHERE {_PAID} AND name_norm IN (SELECT name_norm FROM death_name)"
    by_name: dict[str, list[Payee]] = defaultdict(list)
    for payee in _payees(engine.values(sql), now).values():
        by_name[payee.name_norm].append(payee)
    persons = int(engine.values(f"SELECT COUNT(DISTINCT number) FROM payments WHERE {_PAID}")[0][0]) if by_name else 0
    exact = {number for (number,) in engine.values("SELECT number FROM death")}
    paid = {payee.number for payees in by_name.values() for payee in payees}
    shares = {name: bearers(len({payee.number for payee in payees}), persons) for name, payees in by_name.items()}
    found: dict[tuple[str, str], list[tuple[Link, dict[str, Any]]]] = defaultdict(list)
    for one in records:
        usable = _usable(one)
        birth = one["birth"].strftime("%Y%m%d") if one["birth"] else birth_of(usable)
        dead = Record(
            usable,
            bool(one["number_ok"]),
            one["name_norm"],
            birth,
            frozenset({now.get(one["region"], one["region"])} - {""}),
            bearers=shares.get(one["name_norm"], 0),
        )
        for payee in by_name[one["name_norm"]]:
            if payee.number in exact or (usable in paid and one["number_ok"] and payee.number_ok):
                continue
            made = link(payee.record(shares), dead)
            if made is not None:
                found[payee.number, payee.name_norm].append((made, one))
    rows = [_death_row(key, linked, shared) for key, linked in sorted(found.items())]
    fill(engine, "death_link", rows, _DEATH)


def _usable(one: Mapping[str, Any]) -> str:
    return "" if one["damaged"] else str(one["number"])


def _death_row(key: tuple[str, str], linked: Sequence[tuple[Link, dict[str, Any]]], shared: Common) -> tuple[object, ...]:
    """The best link of a payee; among several records under that same other number the best source decides, as for an exact match."""
    made, best = max(linked, key=lambda pair: (-pair[0].severity.rank, pair[0].confidence))
    death = reference.decide("", [one for _, one in linked if _usable(one) == _usable(best)], shared)
    return (
        *key,
        _usable(best),
        death.death_month,
        death.death_on,
        death.counterpart,
        made.severity.value,
        min(made.confidence, death.confidence),
        ";".join(made.steps),
    )


def _registered_twice(one: Record, two: Record) -> Link | None:
    """The link of two numbers paid. Two counties contradict each other only where the numbers are further apart than one slip of the pen."""
    slip = one_digit(one.number, two.number) or swapped(one.number, two.number)
    if slip and not one.regions & two.regions:
        return link(replace(one, regions=frozenset()), two)
    return link(one, two)


def pair_numbers(engine: Engine) -> None:
    """Fills ``number_pair``: numbers paid under one name whose birth date is the same or whose digits are one slip apart.

    The blocks are: name and birth date; name and all but the birth date; and the two seams a swap can cross.
    """
    engine.table("payee", f"SELECT DISTINCT number, number_ok, name_norm, region FROM payments WHERE {_PAID} AND name_norm <> ''")
    blocks = (
        "SUBSTR({n}, 7, 8)",
        "SUBSTR({n}, 1, 6) || SUBSTR({n}, 15, 4)",
        "SUBSTR({n}, 1, 5) || SUBSTR({n}, 8, 11)",
        "SUBSTR({n}, 1, 13) || SUBSTR({n}, 16, 3)",
    )
    persons = "(SELECT DISTINCT number, name_norm FROM payee WHERE LENGTH(number) = 18)"
    arms = [
        f"SELECT a.number AS one, b.number AS two, a.name_norm FROM {persons} a JOIN {persons} b"
        f" ON a.name_norm = b.name_norm AND {block.format(n='a.number')} = {block.format(n='b.number')} WHERE a.number < b.number"
        for block in blocks
    ]
    engine.table("pair_wanted", " UNION ".join(arms))
    numbers = "SELECT one FROM pair_wanted UNION SELECT two FROM pair_wanted"
    payees = _payees(engine.values(f"SELECT number, number_ok, name_norm, region FROM payee WHERE number IN ({numbers})"), aliases())
    named = "SELECT name_norm, COUNT(DISTINCT number) FROM payee WHERE name_norm IN (SELECT name_norm FROM pair_wanted) GROUP BY name_norm"
    people = int(engine.values("SELECT COUNT(DISTINCT number) FROM payee")[0][0]) if payees else 0
    shares = {name: bearers(count, people) for name, count in engine.values(named)}
    rows = []
    for one, two, name_norm in sorted(engine.values("SELECT one, two, name_norm FROM pair_wanted")):
        made = _registered_twice(payees[one, name_norm].record(shares), payees[two, name_norm].record(shares))
        if made is not None:
            rows.append((one, two, made.severity.value, made.confidence, ";".join(made.steps)))
    fill(engine, "number_pair", rows, _PAIR)

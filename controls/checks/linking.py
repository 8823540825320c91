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
from controls.checks.blocking import PIECES
from controls.checks.common import Common
from controls.checks.engine import Engine
from controls.checks.linkage import Link, Record, bearers, birth_of, link
from controls.checks.paid import fill
from controls.intake.regions import aliases
from ledger.identity.sameness import one_digit, swapped

PAYMENTS = "payments WHERE status = 'paid' AND amount > 0 AND number <> '' AND NOT damaged"
"""Whom the links are sought among: payees as the payments name them."""
PROFILE = "profile WHERE number <> ''"
"""The same payees, where the shared pass of the candidates went over all of them."""

_TEXT, _WHOLE = pa.string(), pa.int32()
_DEATH = pa.schema(
    [("number", _TEXT), ("name_norm", _TEXT), ("second", _TEXT), ("death_month", _WHOLE), ("death_on", _TEXT), ("counterpart", _TEXT), ("severity", _TEXT),
     ("confidence", _WHOLE), ("steps", _TEXT), ("known_month", _WHOLE)]
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


_DEAD = (
    "SELECT part, file, line, usable, name_norm, COALESCE(REPLACE(CAST(birth AS VARCHAR(10)), '-', ''), SUBSTR(usable, 7, 8)) AS born"
    " FROM (SELECT d.*, CASE WHEN damaged THEN '' ELSE number END AS usable FROM deaths d WHERE is_death AND name_norm <> '') u"
)
"""Death records by name, with the number that can be used and the birth date as ``YYYYMMDD``."""


def _death_pairs() -> str:
    """Payees and death records of one name that a link could join: born the same day, or their numbers one slip apart."""
    joined = "SELECT p.number, p.name_norm, d.part, d.file, d.line FROM named_payee p JOIN dead_named d ON d.name_norm = p.name_norm AND d.usable <> p.number"
    pieces = [
        f"{joined} AND {piece.format(n='p.number')} = {piece.format(n='d.usable')} WHERE LENGTH(p.number) = 18 AND LENGTH(d.usable) = 18" for piece in PIECES
    ]
    same_day = f"{joined} AND SUBSTR(p.number, 7, 8) = d.born WHERE LENGTH(p.number) = 18"
    return " UNION ".join([same_day, *pieces, f"{joined} AND LENGTH(d.usable) = LENGTH(p.number) WHERE LENGTH(p.number) <> 18"])


def link_deaths(engine: Engine, shared: Common, *, among: str = PAYMENTS, narrowed: bool = False) -> None:
    """Fills ``death_link``: for each payee without an exact death record the best link to one under another number, or none.

    ``among``: :data:`PAYMENTS` or :data:`PROFILE`. ``narrowed``: only people on the roster are asked about.
    """
    now = aliases()
    paid = f"{among} AND name_norm IN (SELECT name_norm FROM dead_named)"
    engine.table("dead_named", _DEAD)
    only = " AND number IN (SELECT number FROM roster_numbers)" if narrowed else ""
    engine.table("named_payee", f"SELECT DISTINCT number, number_ok, name_norm, region FROM {paid}{only}")
    engine.table("death_pair", _death_pairs())
    pairs = sorted(engine.values("SELECT number, name_norm, part, file, line FROM death_pair"))
    payees = _payees(engine.values("SELECT p.* FROM named_payee p WHERE EXISTS (SELECT 1 FROM death_pair d WHERE d.number = p.number)"), now)
    of_pair = "EXISTS (SELECT 1 FROM death_pair q WHERE q.part = d.part AND q.file = d.file AND q.line = d.line)"
    records = {(one["part"], one["file"], one["line"]): one for one in engine.fetch(f"SELECT d.* FROM deaths d WHERE {of_pair}").to_pylist()}
    exact = {number for (number,) in engine.values("SELECT number FROM death")}
    known = {number for (number,) in engine.values(f"SELECT DISTINCT number FROM {paid} AND number IN (SELECT usable FROM dead_named d WHERE {of_pair})")}
    shares = _shares(engine, "death_pair", among) if pairs else {}
    found: dict[tuple[str, str], list[tuple[Link, dict[str, Any]]]] = defaultdict(list)
    for number, name_norm, *place in pairs:
        payee, one = payees[number, name_norm], records[place[0], place[1], place[2]]
        usable = _usable(one)
        if number in exact or reference.death_day(one) is None or (usable in known and one["number_ok"] and payee.number_ok):
            continue
        birth = one["birth"].strftime("%Y%m%d") if one["birth"] else birth_of(usable)
        regions = frozenset({now.get(one["region"], one["region"])} - {""})
        made = link(payee.record(shares), Record(usable, bool(one["number_ok"]), name_norm, birth, regions, bearers=shares.get(name_norm, 0)))
        if made is not None:
            found[number, name_norm].append((made, one))
    rows = [_death_row(key, linked, shared) for key, linked in sorted(found.items())]
    fill(engine, "death_link", rows, _DEATH)


def _shares(engine: Engine, pairs: str, among: str) -> dict[str, int]:
    """How common the names of the pairs are among those paid."""
    persons = int(engine.values(f"SELECT COUNT(DISTINCT number) FROM {among}")[0][0])
    counted = f"SELECT name_norm, COUNT(DISTINCT number) FROM {among} AND name_norm IN (SELECT name_norm FROM {pairs}) GROUP BY name_norm"
    return {name: bearers(count, persons) for name, count in engine.values(counted)}


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
        death.known_month,
    )


def _registered_twice(one: Record, two: Record) -> Link | None:
    """The link of two numbers paid. Two counties contradict each other only where the numbers are further apart than one slip of the pen."""
    slip = one_digit(one.number, two.number) or swapped(one.number, two.number)
    if slip and not one.regions & two.regions:
        return link(replace(one, regions=frozenset()), two)
    return link(one, two)


def pair_numbers(engine: Engine, *, among: str = PAYMENTS) -> None:
    """Fills ``number_pair``: numbers paid under one name whose birth date is the same or whose digits are one slip apart.

    The blocks are: name and birth date; name and all but the birth date; and the two seams a swap can cross.
    """
    engine.table("payee", f"SELECT DISTINCT number, number_ok, name_norm, region FROM {among} AND name_norm <> ''")
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

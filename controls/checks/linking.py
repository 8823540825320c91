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
from controls.checks.blocking import PIECES, near
from controls.checks.common import Common
from controls.checks.engine import Engine
from controls.checks.linkage import Kind, Link, Record, bearers, birth_of, link
from controls.checks.paid import fill
from controls.findings import Severity
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
    """A number and name as paid, with every region it was paid in (today's codes), the accounts it shares with few others, and a birth date known otherwise."""

    number: str
    number_ok: bool
    name_norm: str
    regions: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    birth: str = ""

    def record(self, shares: Mapping[str, int]) -> Record:
        regions, accounts = frozenset(self.regions), frozenset(self.accounts)
        birth = self.birth or birth_of(self.number)
        return Record(self.number, self.number_ok, self.name_norm, birth, regions, accounts, bearers=shares.get(self.name_norm, 0))


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


def _slip(one: str, two: str) -> bool:
    """Whether one slip of the pen turns one number into the other."""
    return one_digit(one, two) or swapped(one, two)


def _registered_twice(one: Record, two: Record) -> Link | None:
    """The link of two numbers paid. Two counties contradict each other only where the numbers are further apart than one slip of the pen."""
    if _slip(one.number, two.number) and not one.regions & two.regions:
        return link(replace(one, regions=frozenset()), two)
    return link(one, two)


def _births(engine: Engine, payees: Mapping[tuple[str, str], Payee], numbers: str) -> None:
    """Gives payees under a failing number the birth date that the people file has for it: the number's own may be what is wrong."""
    failing = f"SELECT number, MIN(birth), MAX(birth) FROM people WHERE NOT number_ok AND birth IS NOT NULL AND number IN ({numbers}) GROUP BY number"
    known = {number: first.strftime("%Y%m%d") for number, first, last in engine.values(failing) if first == last}
    for payee in payees.values():
        payee.birth = known.get(payee.number, "")


_FEW_HOLDERS = 5
"""An account of more numbers than these is an institution's or a masked one, and ties nobody to anybody."""

_SAME_NAME = (
    "SUBSTR({n}, 7, 8)",
    "SUBSTR({n}, 1, 6) || SUBSTR({n}, 15, 4)",
    "SUBSTR({n}, 1, 5) || SUBSTR({n}, 8, 11)",
    "SUBSTR({n}, 1, 13) || SUBSTR({n}, 16, 3)",
)
"""What numbers of one name have in common: the birth date; all but the birth date; and the two seams a swap can cross."""


def _pairs_of_payees() -> str:
    """Numbers paid that could be one person's: of one name with a block of digits in common, or under two names and a slip apart, one of them failing."""
    persons = "(SELECT DISTINCT number, name_norm FROM payee WHERE LENGTH(number) = 18)"
    arms = [
        f"SELECT a.number AS one, a.name_norm AS one_name, b.number AS two, b.name_norm AS two_name FROM {persons} a JOIN {persons} b"
        f" ON a.name_norm = b.name_norm AND {block.format(n='a.number')} = {block.format(n='b.number')} WHERE a.number < b.number"
        for block in _SAME_NAME
    ]
    first = "a.number < b.number"
    ordered = (
        f"CASE WHEN {first} THEN a.number ELSE b.number END, CASE WHEN {first} THEN a.name_norm ELSE b.name_norm END,"
        f" CASE WHEN {first} THEN b.number ELSE a.number END, CASE WHEN {first} THEN b.name_norm ELSE a.name_norm END"
    )
    failing = "(SELECT DISTINCT number, name_norm FROM payee WHERE NOT number_ok AND LENGTH(number) = 18)"
    arms += [
        f"SELECT {ordered} FROM {failing} a JOIN {persons} b ON {piece.format(n='a.number')} = {piece.format(n='b.number')}"
        f" WHERE a.number <> b.number AND a.name_norm <> b.name_norm AND {near('a.number', 'b.number')}"
        for piece in PIECES
    ]
    return " UNION ".join(arms)


def pair_numbers(engine: Engine, *, among: str = PAYMENTS) -> None:
    """Fills ``number_pair``: two numbers paid that speak of one person, under one name or under names that sound or look alike.

    Names that differ are believed only where the numbers are one slip apart, born the same day or with an account of both; names that do not even sound or
    look alike only with both. Of several names of a number the strongest link stands.
    """
    blank = engine.mark("''") if among == PROFILE else "''"
    engine.table("payee_held", f"SELECT DISTINCT number, number_ok, name_norm, region, account FROM {among} AND name_norm <> ''")
    engine.table("payee", "SELECT DISTINCT number, number_ok, name_norm, region FROM payee_held")
    shared = (
        f"SELECT account FROM payee_held WHERE account <> {blank} AND LENGTH(number) = 18 GROUP BY account"
        f" HAVING MIN(number) <> MAX(number) AND COUNT(DISTINCT number) <= {_FEW_HOLDERS}"
    )
    held = f"SELECT DISTINCT number, number_ok, name_norm, account FROM payee_held WHERE LENGTH(number) = 18 AND account IN ({shared})"
    engine.table("payee_account", held)
    engine.table("pair_wanted", _pairs_of_payees())
    numbers = "SELECT one FROM pair_wanted UNION SELECT two FROM pair_wanted"
    payees = _payees(engine.values(f"SELECT number, number_ok, name_norm, region FROM payee WHERE number IN ({numbers})"), aliases())
    for number, name_norm, account in engine.values(f"SELECT number, name_norm, account FROM payee_account WHERE number IN ({numbers})"):
        payees[number, name_norm].accounts.add(str(account))
    _births(engine, payees, numbers)
    names = "SELECT one_name FROM pair_wanted UNION SELECT two_name FROM pair_wanted"
    named = f"SELECT name_norm, COUNT(DISTINCT number) FROM payee WHERE name_norm IN ({names}) GROUP BY name_norm"
    people = int(engine.values("SELECT COUNT(DISTINCT number) FROM payee")[0][0]) if payees else 0
    shares = {name: bearers(count, people) for name, count in engine.values(named)}
    best: dict[tuple[str, str], Link] = {}
    for one, one_name, two, two_name in sorted(engine.values("SELECT one, one_name, two, two_name FROM pair_wanted")):
        made = _registered_twice(payees[one, one_name].record(shares), payees[two, two_name].record(shares))
        if made is None or (one_name != two_name and made.severity is not Severity.HIGH and not (made.alike and _slip(one, two))):
            continue
        known = best.get((one, two))
        if known is None or (made.severity.rank, -made.confidence) < (known.severity.rank, -known.confidence):
            best[one, two] = made
    rows = [(one, two, made.severity.value, made.confidence, ";".join(_told(made))) for (one, two), made in sorted(best.items())]
    fill(engine, "number_pair", rows, _PAIR)


def _told(made: Link) -> tuple[str, ...]:
    """The steps of a link, with what it speaks of where that is a double registration."""
    return (*made.steps, made.kind.zh) if made.kind is Kind.DOUBLE else made.steps

"""A change of law tried before it is approved (模拟): a set of people reckoned by the law as it stands and by the proposal laid over it.

A proposal is a YAML file with ``values`` in the form of ``templates/parameters``; what it covers replaces what stands there, nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.benefits.award import Award, compute
from ledger.benefits.facts import parse
from ledger.benefits.formula import Value
from ledger.benefits.scheme import Scheme, scheme
from ledger.errors import Refusal
from ledger.lawfile import LawFile, load_from
from ledger.lawfile import parse as parse_file
from ledger.money import Fen
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters


class Proposal(LawFile):
    """Values that are proposed."""

    values: tuple[OfficeValue, ...]


def read_proposal(path: Path) -> Proposal:
    """The proposal in a YAML file; raises SB1011."""
    return parse_file(Proposal, load_from(path), path.name)


@dataclass(frozen=True, slots=True)
class Side:
    """One person under one law: fen by item, or the refusal's code and sentence."""

    items: tuple[tuple[str, Fen], ...]
    code: str
    said: str

    @property
    def total(self) -> Fen:
        """Fen; 0 where the reckoning was refused."""
        return sum(fen for _, fen in self.items)


@dataclass(frozen=True, slots=True)
class Compared:
    """One person before and after."""

    key: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everybody before and after, with sums by item in fen."""

    scheme: Scheme
    month: Month
    rows: tuple[Compared, ...]

    def sums(self) -> list[tuple[str, Fen, Fen]]:
        """Item, fen before, fen after."""
        before: dict[str, Fen] = {}
        after: dict[str, Fen] = {}
        for row in self.rows:
            for side, sums in ((row.before, before), (row.after, after)):
                for item, fen in side.items:
                    sums[item] = sums.get(item, 0) + fen
        return [(item, before.get(item, 0), after.get(item, 0)) for item in dict.fromkeys([*before, *after])]

    def refused(self) -> dict[str, tuple[int, int]]:
        """Code of a refusal → people refused before and after."""
        codes = sorted({side.code for row in self.rows for side in (row.before, row.after) if side.code})
        return {code: (sum(row.before.code == code for row in self.rows), sum(row.after.code == code for row in self.rows)) for code in codes}

    def moved(self) -> tuple[int, int, int]:
        """How many get more, the same, and less."""
        steps = [row.after.total - row.before.total for row in self.rows]
        return sum(step > 0 for step in steps), sum(step == 0 for step in steps), sum(step < 0 for step in steps)


def simulate(name: str, month: Month, people: Sequence[tuple[str, Mapping[str, str]]], before: Parameters, after: Parameters) -> Simulation:
    """``people`` (key, facts) under both laws; equal facts are reckoned once. Raises SB1441, SB1442 (facts that cannot be read)."""
    law = scheme(name, month)
    known: dict[tuple[tuple[str, Value], ...], tuple[Side, Side]] = {}
    rows = []
    for key, given in people:
        facts = parse(law, given, where=f"{key[:6]}… 的情况" if len(key) > 6 else f"{key} 的情况")
        same = tuple(sorted(facts.items(), key=lambda pair: pair[0]))
        if same not in known:
            known[same] = _side(law, month, facts, before), _side(law, month, facts, after)
        rows.append(Compared(key, *known[same]))
    return Simulation(law, month, tuple(rows))


def _side(law: Scheme, month: Month, facts: Mapping[str, Value], parameters: Parameters) -> Side:
    try:
        award: Award = compute(law, month, facts, parameters)
    except Refusal as refusal:
        return Side((), refusal.code, refusal.text("zh"))
    return Side(award.items, "", "")

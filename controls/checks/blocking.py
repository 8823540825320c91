"""Candidate pairs among the records of one relation (候选对): portable SQL finds who could be meant, the scorer decides.

The relation has the text columns ``key`` (its own for each record), ``number``, ``name_norm``, ``birth`` (``YYYYMMDD``), ``account``, ``address``
and the truth value ``number_ok``; blanks are ''. An account that half the county shares costs nothing: a block always asks two things.
Any slip of one digit and any adjacent swap leaves at least one number that fails its own check, so near numbers are sought from those alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from controls.checks.linkage import Link, Record, bearers, link

if TYPE_CHECKING:
    from controls.checks.engine import Engine

COLUMNS = ("number", "number_ok", "name_norm", "birth", "region", "account", "address", "sex")
"""What the scorer reads of each side, in the order of :class:`Record`'s making; ``region`` and ``sex`` need not be filled."""

PIECES = (
    "SUBSTR({n}, 1, 14)",
    "SUBSTR({n}, 7, 12)",
    "SUBSTR({n}, 1, 6) || SUBSTR({n}, 15, 4)",
    "SUBSTR({n}, 1, 5) || SUBSTR({n}, 8, 11)",
    "SUBSTR({n}, 1, 13) || SUBSTR({n}, 16, 3)",
)
"""What one slip leaves whole: it falls within the region, the birth date or the rest, or a swap crosses one of the two seams."""

_TOGETHER = (("name_norm", "birth"), ("account", "name_norm"), ("account", "birth"), ("address", "name_norm"))


def near(one: str, two: str) -> str:
    """At most two places differ: SQL's own, coarse sieve."""
    places = " + ".join(f"CASE WHEN SUBSTR({one}, {place}, 1) = SUBSTR({two}, {place}, 1) THEN 0 ELSE 1 END" for place in range(1, 19))
    return f"{places} <= 2"


def pairs_sql(relation: str) -> str:
    """The candidate pairs ``one``, ``two`` (keys, ``one < two``) of a relation as one SQL text, each pair once."""
    arms = [
        f"SELECT a.key AS one, b.key AS two FROM {relation} a JOIN {relation} b ON {' AND '.join(f'a.{column} = b.{column}' for column in both)}"
        f" WHERE a.key < b.key AND (a.number <> b.number OR a.number = '') AND a.{both[0]} <> '' AND a.{both[1]} <> ''"
        for both in _TOGETHER
    ]
    arms += [
        "SELECT CASE WHEN a.key < b.key THEN a.key ELSE b.key END AS one, CASE WHEN a.key < b.key THEN b.key ELSE a.key END AS two"
        f" FROM (SELECT key, number FROM {relation} WHERE NOT number_ok AND LENGTH(number) = 18) a"
        f" JOIN (SELECT key, number FROM {relation} WHERE LENGTH(number) = 18) b ON {piece.format(n='a.number')} = {piece.format(n='b.number')}"
        f" WHERE a.number <> b.number AND {near('a.number', 'b.number')}"
        for piece in PIECES
    ]
    return " UNION ".join(arms)


def linked(engine: Engine, relation: str, name: str = "linking_pair") -> Iterator[tuple[str, str, Link]]:
    """Every link among the records of ``relation``, by the two keys; equal on every engine.

    Keeps the candidate pairs under ``name``. How common a name is, is counted over the relation itself.
    """
    engine.table(name, pairs_sql(relation))
    engine.table(f"{name}_key", f"SELECT one AS key FROM {name} UNION SELECT two FROM {name}")
    persons = int(engine.values(f"SELECT COUNT(*) FROM {relation}")[0][0])
    named = engine.values(
        f"SELECT name_norm, COUNT(*) FROM {relation} WHERE name_norm IN (SELECT r.name_norm FROM {relation} r JOIN {name}_key k ON k.key = r.key)"
        " GROUP BY name_norm"
    )
    shares = {text: bearers(count, persons) for text, count in named}
    sides = engine.fetch(f"SELECT r.key, {', '.join(f'r.{column}' for column in COLUMNS)} FROM {relation} r JOIN {name}_key k ON k.key = r.key")
    records = {
        key: Record(
            number, bool(number_ok), text, birth, frozenset({region} - {""}), frozenset({account} - {""}), address, sex, shares.get(text, 0)
        )
        for key, number, number_ok, text, birth, region, account, address, sex in zip(*(column.to_pylist() for column in sides.columns), strict=True)
    }  # fmt: skip
    table = engine.fetch(f"SELECT one, two FROM {name}")
    for one, two in sorted(zip(table.column("one").to_pylist(), table.column("two").to_pylist(), strict=True)):
        made = link(records[one], records[two])
        if made is not None:
            yield one, two, made

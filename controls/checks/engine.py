"""What the checks ask of an engine: the same SQL texts run on one machine (:mod:`controls.checks.duck`) and on a cluster (:mod:`audit.engine_spark`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

from controls.checks.schema import OPTIONAL, columns

if TYPE_CHECKING:
    import pyarrow as pa

Source: TypeAlias = "pa.Table | Path"

PERSON = "CASE WHEN damaged OR number = '' THEN '' WHEN number_ok THEN number ELSE number || '|' || name_norm END AS person"
"""Who a row speaks of: the normal number, with the name where the number fails."""

_BLANK = {"string": "''", "int32": "NULL", "int64": "0", "bool": "FALSE", "date32": "NULL"}


class Engine(Protocol):
    """A session of an engine, used as a context manager."""

    name: str

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def table(self, name: str, *queries: str) -> None:
        """Keeps the rows of a query, or of several, under ``name``; they are worked out once, one query after the other."""

    def parts(self, groups: int) -> int:
        """In how many parts so many groups of payments are made, so that those of one part fit in memory."""

    def sifted(self, name: str, query: str, *, again: bool) -> None:
        """Lets ``name`` stand for the few rows that a query takes out of very many; ``again``: they are read more than once.

        An engine may keep them until ``name`` is made a view of something else.
        """

    def view(self, name: str, query: str) -> None:
        """Lets ``name`` stand for a query; it is worked out at each use."""

    def fetch(self, sql: str) -> pa.Table:
        """The rows of a query as an Arrow table."""

    def ordered(self, sql: str, by: Sequence[str], most: int) -> Iterator[pa.Table]:
        """The rows of a query in the order of those of the columns ``by`` that it has (one at least), whichever comes first, about ``most`` at a time."""

    def values(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a small query as tuples."""

    def whole(self, amount: str, by: str) -> str:
        """The SQL of a whole quotient."""

    def bit(self, place: str) -> str:
        """The SQL of a word with one bit set."""

    def mark(self, columns: str) -> str:
        """The SQL of a number of 64 bits that stands for the values of columns: equal values, equal marks, in one session of one engine."""

    def register(self, name: str, table: pa.Table) -> None:
        """Makes an Arrow table readable under ``name``."""

    def register_sources(self, contract: str, sources: Sequence[Source], *, planned: pa.Table | None = None) -> None:
        """The view ``contract`` over tables and Parquet snapshots; ``part`` numbers them from 0."""

    def seal(self) -> None:
        """Nothing is read from here on but what was registered, as far as the engine can hold to that; further sources must not follow."""


def arm(contract: str, part: int | str, have: dict[str, str], types: dict[str, str]) -> tuple[str, list[str]]:
    """The columns of a contract out of a source that has ``have`` (name → type of the engine), and the names of those it lacks."""
    wanted = columns(contract)
    missing = [name for name in wanted if name not in have and name not in OPTIONAL]
    chosen = [_column(name, types[kind], _BLANK[kind], have) for name, kind in wanted.items()]
    if "damaged" in wanted:
        chosen.append(PERSON)
    return f"SELECT CAST({part} AS INTEGER) AS part, {', '.join(chosen)}", missing


def _column(name: str, wanted: str, blank: str, have: dict[str, str]) -> str:
    if name not in have:
        return f"CAST({blank} AS {wanted}) AS {name}"
    return name if have[name] == wanted else f"CAST({name} AS {wanted}) AS {name}"


def like_any(column: str, parts: Iterable[str]) -> str:
    """``column LIKE '%a%' OR …`` over words of the templates, which hold no wildcard; false when there are none."""
    tests = [f"{column} LIKE '%" + part.replace("'", "''") + "%'" for part in parts]
    return "(" + (" OR ".join(tests) or "1 = 0") + ")"

"""Set-based inserts by the driver's own bulk path: many rows a statement on SQLite, COPY on PostgreSQL; no round trip a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from ledger.db import UnitOfWork

CHUNK = 50_000
MOST_VALUES = 900
"""Values of one statement on SQLite: many rows a statement halve the time, and any build of SQLite takes 999."""


def insert(work: UnitOfWork, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts ``rows`` (tuples in the order of ``columns``) in the caller's transaction; a guard's error comes unwrapped.

    ``rows`` must not read from the same connection while it is consumed: a COPY keeps it busy.
    """
    driver = work.connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    names = ", ".join(columns)
    if work.is_sqlite:
        cursor = driver.cursor()
        one, each = f"({', '.join('?' * len(columns))})", max(1, MOST_VALUES // len(columns))
        statement, many = (f"INSERT INTO {table.name} ({names}) VALUES {', '.join([one] * count)}" for count in (1, each))
        source = iter(rows)
        while chunk := list(islice(source, CHUNK)):
            whole = len(chunk) - len(chunk) % each
            for start in range(0, whole, each):
                cursor.execute(many, list(chain.from_iterable(chunk[start : start + each])))
            cursor.executemany(statement, chunk[whole:])
        cursor.close()
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)

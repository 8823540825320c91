"""Set-based inserts by the driver's own bulk path: executemany on SQLite, COPY on PostgreSQL; no round trip a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ledger.db import UnitOfWork

CHUNK = 50_000


def insert(work: UnitOfWork, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts ``rows`` (tuples in the order of ``columns``) in the caller's transaction; a guard's error comes unwrapped.

    ``rows`` must not read from the same connection while it is consumed: a COPY keeps it busy.
    """
    driver = work.connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    names = ", ".join(columns)
    if work.is_sqlite:
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(columns))})"
        cursor = driver.cursor()
        source = iter(rows)
        while chunk := list(islice(source, CHUNK)):
            cursor.executemany(statement, chunk)
        cursor.close()
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)

"""Row guards lifted for one insert of ours, on SQLite only: it knows row triggers only, and one of them costs as much again as the insert it watches.

They are dropped, and laid again from their own stored text, inside one transaction that holds the write lock. Nobody ever sees a table without them; a
failure or a crash rolls the dropping back with everything else. Whoever lifts a guard lets the database prove afterwards what the guard would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ledger.db import UnitOfWork
from ledger.errors_posting import GuardMissing


@contextmanager
def lifted(work: UnitOfWork, names: Sequence[str]) -> Iterator[Any]:
    """The driver's connection while the triggers ``names`` are away; they are back when the block ends. Raises SB1312 when one is missing."""
    driver = work.connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    guards = dict(driver.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ({', '.join('?' * len(names))})", names).fetchall())
    for name in names:
        if name not in guards:
            raise GuardMissing(guard=name)
    for name in names:
        driver.execute(f"DROP TRIGGER {name}")
    try:
        yield driver
    finally:
        # SQLite itself rolls back on a full disk; the guards are there again then.
        if driver.in_transaction:
            for name in names:
                driver.execute(guards[name])

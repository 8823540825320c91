"""A store laid open: a copy of an SQLite file without its triggers, for tests of what a proof notices."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from ledger.db import open_engine, sqlite_url


def disarm(database: sqlite3.Connection) -> None:
    """Drops every trigger: what is left is a file that anyone with a hex editor could make."""
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")


def opened_copy(source: Path, target: Path, *statements: str, rearmed: bool = False) -> sa.Engine:
    """An engine on a copy of ``source`` in which the statements were run with no guard or reference in the way.

    ``rearmed`` lays the guards again, as a careful forger would.
    """
    with sqlite3.connect(source) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole.close()
    shutil.copyfile(source, target)
    database = sqlite3.connect(target, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute("BEGIN")
    guards = [text for (text,) in database.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
    disarm(database)
    run(database, statements)
    for guard in guards if rearmed else ():
        database.execute(guard)
    database.execute("COMMIT")
    database.close()
    return open_engine(sqlite_url(target))


def run(database: sqlite3.Connection, statements: Iterable[str]) -> None:
    """Runs statements, each of which must touch at least one row."""
    for statement in statements:
        touched = database.execute(statement).rowcount
        assert touched != 0, f"touched nothing: {statement}"

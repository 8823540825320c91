"""What a thorough forger does to the chain."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ledger.chain import Record

FIELDS = "seq, at, actor, duty, act, thing, digest, facts, before, result, reason"


def rebuilt(path: Path) -> None:
    """Changes the second record and hashes everything after it anew, by the algorithm that the chain began with."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("UPDATE shebao_chain SET actor = 'forger' WHERE seq = 2")
    previous, (old,) = "", database.execute("SELECT hash FROM shebao_chain WHERE seq = 1").fetchone()
    for row in database.execute(f"SELECT {FIELDS} FROM shebao_chain ORDER BY seq").fetchall():
        made = Record(*row[:8], previous, old, *row[8:]).expected()
        database.execute("UPDATE shebao_chain SET previous = ?, hash = ? WHERE seq = ?", (previous, made, row[0]))
        previous = made
    database.close()

"""How long a contributions file takes from its snapshot to proposed vouchers and to the sub-ledger, by columns: seconds and peak memory.

``.venv/bin/python tests/bench/book_contributions.py [rows]`` (1,000,000 unless given), on SQLite. The floor is a raw insert of the same rows.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import pyarrow as pa

from controls.premiums import contributions
from ledger.entries import rows_digest
from ledger.funds import Fund

PAYERS = ("个人", "政府代缴", "财政补贴", "集体补助")


def table(rows: int) -> pa.Table:
    """A canonical contributions table of synthetic rows over two months, one in a hundred a refund."""
    seed = np.random.default_rng(1)
    numbers = pa.array([f"62082119{place:010d}" for place in range(rows)])
    day = pa.array(np.full(rows, 20_500, np.int32) + seed.integers(0, 60, rows).astype(np.int32)).cast(pa.date32())
    blank = pa.array([""] * rows)
    return pa.table(
        {
            "line": pa.array(np.arange(rows, dtype=np.int32)), "fund": pa.array(["R"] * rows), "number": numbers, "id_raw": numbers,
            "payer": pa.array(seed.choice(PAYERS, rows)), "level": pa.array(["县"] * rows), "nature": blank, "ticket": blank,
            "period": pa.array(np.full(rows, 202_600, np.int32)), "amount": pa.array(np.where(seed.random(rows) < 0.01, -10_000, 10_000)), "received_on": day,
        }
    )  # fmt: skip


def main() -> None:
    """Prints the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    given = table(rows)
    began = time.perf_counter()
    made = contributions.of(given, SimpleNamespace(file_id=1, taken_at=""), Fund.R, lambda _: {})  # type: ignore[arg-type]
    planned = time.perf_counter() - began
    began = time.perf_counter()
    seen = [rows_digest(made.rows(one.place)) for one in made.groups]
    digested = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.sqlite", isolation_level=None)
        database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE c (book INTEGER, source INTEGER, number TEXT, part TEXT, period INTEGER,"
            " fen INTEGER, account TEXT, PRIMARY KEY (book, source, number, part, period)) WITHOUT ROWID, STRICT"
        )
        everything = [(1, one.place, *row) for one in made.groups for row in made.rows(one.place)]
        began = time.perf_counter()
        database.execute("BEGIN")
        database.executemany("INSERT INTO c VALUES (?, ?, ?, ?, ?, ?, ?)", everything)
        database.execute("COMMIT")
        raw = time.perf_counter() - began
        database.close()
    print(f"{rows:,} rows, {len(made.groups)} vouchers, {sum(one.count for one in seen):,} sub-ledger rows")
    print(f"plan {planned:.2f} s, digests {digested:.2f} s (both once at proposal, once at posting); raw insert of the rows {raw:.2f} s; peak {peak:,} MiB")


if __name__ == "__main__":
    main()

"""How long the yearly interest of a whole book takes to reckon, beside a bare scan of the rows it touches, on SQLite and, where installed, PostgreSQL.

``python run.py bench account_interest [people]`` (300,000 unless given). Every person has twelve payouts and one contribution in the year. The floor brings
the same rows to the program by the driver and drops them. Printed are seconds by the clock and of this process's processor.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import sqlalchemy as sa

from controls.person_accounts import interest
from ledger.accounts import Book
from ledger.db import reading, sqlite_url
from ledger.funds import Fund
from tests.bench.person_page import FIRST, laid
from tests.controls.premium_people import numbers
from tests.private_postgres import NotHere, cluster

TOUCHED = """SELECT r.number, h.period, r.amount_fen, r.account FROM shebao_entry h JOIN shebao_{0} r
ON r.book_id = h.book_id AND r.source_id = h.{0}_source WHERE h.book_id = 1 AND h.period <= 202512"""
BOOK = Book(1, "U1", "云岭县", Fund.R, "toy", FIRST)


def scan(connection: sa.Connection) -> int:
    """Every row touched, brought by the driver."""
    count = 0
    for kind in ("payout", "contribution"):
        cursor = connection.connection.cursor()
        cursor.execute(TOUCHED.format(kind))
        while some := cursor.fetchmany(50_000):
            count += len(some)
        cursor.close()
    return count


def timed(act: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock and of the processor, and what came of it."""
    clock, processor = time.perf_counter(), time.process_time()
    given = act()
    return time.perf_counter() - clock, time.process_time() - processor, given


def measure(url: str, people: int) -> None:
    """Lays the year, scans it and reckons it."""
    engine = laid(url, numbers(people), months=12, years=1)
    with reading(engine) as connection:
        bare, bare_cpu, rows = timed(lambda: scan(connection))
        took, cpu, made = timed(lambda: interest.reckoned(connection, BOOK, 2025, method="月积数法（次月起）", rate=262, given=True))
    assert made.persons == people and rows == 13 * people
    print(f"{engine.dialect.name}: {people:,} people, {rows:,} rows; {made.sums()['interest'] / 100:,.2f} yuan of interest")
    print(f"  bare scan {bare:.2f} s (processor {bare_cpu:.2f}); reckoned {took:.2f} s ({cpu:.2f}); {took / bare:.2f} × the scan by the clock", flush=True)


def main() -> None:
    """Both databases, one after the other."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as folder:
        measure(sqlite_url(Path(folder) / "store.sqlite"), people)
    try:
        with cluster(durable=True) as server:
            server.run("CREATE DATABASE bench")
            measure(server.url("bench"), people)
    except NotHere as reason:
        print(reason)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MiB")


if __name__ == "__main__":
    main()

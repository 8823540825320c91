"""Booking a payout of 300,000 payments, against the bare insert of the same rows.

What is timed is the whole booking as the product does it: one entry, a sub-ledger row per payment, summary
lines, kept balances, digest, chain record, every constraint and trigger, and the commit. The floor in the same
run is a raw ``executemany`` (SQLite, one transaction, synchronous=FULL) or a bare ``COPY`` (PostgreSQL) of the same
rows into the same table with its primary key and nothing else.

    python tests/bench/post_batch.py [--rows 300000] [--runs 5]

Prints a table with medians and the ratio; it judges nothing.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from ledger.db import UnitOfWork, open_engine
from ledger.entries import Entry, Line, PayoutRow, Side, payout_digest
from ledger.posting import Signed, post
from tests.ledger.store import JANUARY, opened
from tests.private_postgres import NotHere, cluster

TABLE = """CREATE TABLE floor (book_id {int} NOT NULL, source_id {int} NOT NULL, number TEXT NOT NULL, item TEXT NOT NULL,
 period {int} NOT NULL, amount_fen {big} NOT NULL, account TEXT NOT NULL, PRIMARY KEY (book_id, source_id, number, item, period)){tail}"""
PEOPLE = Signed("zhang", "li", "zhang")


def payments(count: int) -> list[PayoutRow]:
    """``count`` payments in key order, two items a person, invented numbers."""
    people = (f"620821{1935 + i % 30}{1 + i % 12:02d}{1 + i % 28:02d}{i % 1000:03d}{i // 1000 % 10}" for i in range(count))
    unique = sorted({f"{number[:14]}{index:06d}" for index, number in zip(range(count // 2), people, strict=False)})
    rows = []
    for index, number in enumerate(unique):
        rows.append((number, "个人账户养老金", 202601, 2000 + index % 3000, "500102"))
        rows.append((number, "基础养老金", 202601, 14300, "500101"))
    return rows


def entry(rows: list[PayoutRow], source: int) -> Entry:
    """The payout's entry: two expense lines and the batch account."""
    base = sum(row[3] for row in rows if row[4] == "500101")
    own = sum(row[3] for row in rows if row[4] == "500102")
    lines = (Line("500101", Side.D, base), Line("500102", Side.D, own), Line("1101", Side.C, base + own))
    return Entry(
        period=JANUARY, day=date(2026, 1, 20), summary="发放", lines=lines, authority="release:1", source_key=f"roster:{source}",
        payout_source=source, payout_count=len(rows), payout_fen=base + own, payout_digest=payout_digest(rows),
    )  # fmt: skip


Run = Callable[[int], object]
"""Books, or inserts, the rows once more under a new source number."""


def ours(url: str, rows: list[PayoutRow], runs: int) -> Run:
    """The product's booking of reviewed entries, in one growing store."""
    engine = opened(url)
    made = {source: entry(rows, source) for source in range(1, runs + 1)}

    def book(source: int) -> None:
        with UnitOfWork(engine) as work:
            post(work, 1, made[source], PEOPLE, "2026-01-31T09:00:00+08:00", rows)
            work.commit()

    return book


def sqlite_floor(file: Path, rows: list[PayoutRow]) -> Run:
    """A raw executemany into the bare table."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        database.execute(f"PRAGMA {pragma}")
    database.execute(TABLE.format(int="INTEGER", big="INTEGER", tail=" WITHOUT ROWID, STRICT"))

    def insert(source: int) -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO floor VALUES (?,?,?,?,?,?,?)", ((1, source, *row) for row in rows))
        database.execute("COMMIT")

    return insert


def postgres_floor(url: str, rows: list[PayoutRow]) -> Run:
    """A bare COPY into the bare table."""
    connection = open_engine(url).connect()
    connection.exec_driver_sql(TABLE.format(int="INTEGER", big="BIGINT", tail=""))
    connection.commit()

    def copy_in(source: int) -> None:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
            for row in rows:
                copy.write_row((1, source, *row))
        connection.commit()

    return copy_in


def measure(name: str, mine: Run, floor: Run, runs: int) -> None:
    """Ours and the floor in turns, so that what else the machine does weighs on both; one line of the table."""
    taken: dict[str, list[float]] = {"mine": [], "floor": []}
    for source in range(1, runs + 1):
        for which, run in (("mine", mine), ("floor", floor)):
            start = time.perf_counter()
            run(source)
            taken[which].append(time.perf_counter() - start)
    show(name, taken["mine"], taken["floor"])


def show(name: str, mine: list[float], floor: list[float]) -> None:
    """One line of the table; the ratio is the median of the pairs."""
    ratios = [a / b for a, b in zip(mine, floor, strict=True)]
    print(f"{name:<12}{statistics.median(mine):>10.3f}{statistics.median(floor):>10.3f}{statistics.median(ratios):>9.2f}{min(ratios):>8.2f}{max(ratios):>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    rows = payments(given.rows)
    print(f"{len(rows):,} payments, {given.runs} runs; seconds (median), ratio of each run to its floor (median, min, max)")
    print(f"{'store':<12}{'booking':>10}{'floor':>10}{'ratio':>9}{'min':>8}{'max':>8}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", ours(f"sqlite:///{folder}/store.db", rows, given.runs), sqlite_floor(Path(folder) / "floor.db", rows), given.runs)
    try:
        with cluster() as server:
            server.run("CREATE DATABASE bench_ours")
            server.run("CREATE DATABASE bench_floor")
            measure("PostgreSQL", ours(server.url("bench_ours"), rows, given.runs), postgres_floor(server.url("bench_floor"), rows), given.runs)
    except NotHere as reason:
        print(f"PostgreSQL   not measured: {reason}")


if __name__ == "__main__":
    main()

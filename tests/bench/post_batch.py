"""Booking payouts and contributions of persons, against the bare insert of the same rows.

What is timed is the whole booking as the product does it: one entry, a sub-ledger row per payment or contribution, summary lines, kept balances,
digest, chain record, every constraint and trigger, and the commit. The floor in the same run is a raw ``executemany`` (SQLite, one transaction,
synchronous=FULL) or a bare ``COPY`` (PostgreSQL) of the same rows into the same table with its primary key and nothing else. Both take their rows from
the same Arrow table, batch by batch, as the product takes them from a file; the cost of that reading alone is the column "rows". Each side runs in a
process of its own, by turns, on a growing store of its own; the peak is of that process.

    python tests/bench/post_batch.py [--rows 300000] [--runs 5] [--kind payout|contribution]

Prints a table with medians and the ratio; it judges nothing.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import pyarrow as pa

from ledger.db import UnitOfWork, open_engine
from ledger.entries import Entry, Line, PayoutRow, Side, rows_digest
from ledger.posting import Signed, post
from tests.ledger.store import JANUARY, opened
from tests.private_postgres import NotHere, cluster

TABLE = """CREATE TABLE floor (book_id {int} NOT NULL, source_id {int} NOT NULL, number TEXT NOT NULL, item TEXT NOT NULL,
 period {int} NOT NULL, amount_fen {big} NOT NULL, account TEXT NOT NULL, PRIMARY KEY (book_id, source_id, number, item, period)){tail}"""
PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
BATCH = 2_000
KINDS = {
    "payout": (("个人账户养老金", "500102"), ("基础养老金", "500101")),
    "contribution": (("employer", "4001"), ("own", "4001")),
}


def made_rows(count: int, kind: str) -> pa.Table:
    """``count`` rows in key order, two items or parts a person, invented numbers, as columns."""
    people = count // 2
    return pa.concat_tables([_some(start, min(start + 100_000, people), kind) for start in range(0, people, 100_000)])


def _some(start: int, stop: int, kind: str) -> pa.Table:
    (first, first_account), (second, second_account) = KINDS[kind]
    people = range(start, stop)
    items = pa.array([0, 1] * len(people), pa.int8())
    return pa.table(
        {
            "number": pa.array([f"6208211935{index:08d}" for index in people for _ in (0, 1)]),
            "item": pa.DictionaryArray.from_arrays(items, [first, second]),
            "period": pa.array([202601] * (2 * len(people)), pa.int32()),
            "fen": pa.array([fen for index in people for fen in (2000 + index % 3000, 14300)], pa.int64()),
            "account": pa.DictionaryArray.from_arrays(items, [first_account, second_account]),
        }
    )


def tuples(table: pa.Table) -> Iterator[PayoutRow]:
    """The rows one by one, a batch of them in memory."""
    for batch in table.to_batches(max_chunksize=BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def entry(table: pa.Table, source: int, kind: str) -> Entry:
    """The entry of the rows: payouts on two expense lines, contributions on 4001, against the bank."""
    seen = rows_digest(tuples(table))
    claim = {"source": source, "count": seen.count, "fen": seen.fen, "digest": seen.hexdigest()}
    if kind == "contribution":
        lines = (Line("1003", Side.D, seen.fen), Line("4001", Side.C, seen.fen))
    else:
        base = 14300 * (table.num_rows // 2)
        lines = (Line("500101", Side.D, base), Line("500102", Side.D, seen.fen - base), Line("1101", Side.C, seen.fen))
    claimed: dict[str, Any] = {f"{kind}_{name}": value for name, value in claim.items()}
    return Entry(JANUARY, date(2026, 1, 20), "逐人明细", lines, "release:1", f"file:{source}", **claimed)


def ours(url: str, table: pa.Table, source: int, kind: str) -> Callable[[], None]:
    """The product's booking of a reviewed entry."""
    engine = opened(url) if source == 1 else open_engine(url)
    made = entry(table, source, kind)

    def book() -> None:
        with UnitOfWork(engine) as work:
            post(work, 1, made, PEOPLE, NOW, tuples(table))
            work.commit()

    return book


def floor(url: str, table: pa.Table, source: int, kind: str) -> Callable[[], None]:
    """A raw executemany, or a bare COPY, into the bare table."""
    if url.startswith("sqlite"):
        database = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
            database.execute(f"PRAGMA {pragma}")
        if source == 1:
            database.execute(TABLE.format(int="INTEGER", big="INTEGER", tail=" WITHOUT ROWID, STRICT"))

        def insert() -> None:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO floor VALUES (?,?,?,?,?,?,?)", ((1, source, *row) for row in tuples(table)))
            database.execute("COMMIT")

        return insert
    connection = open_engine(url).connect()
    if source == 1:
        connection.exec_driver_sql(TABLE.format(int="INTEGER", big="BIGINT", tail=""))
        connection.commit()

    def copy_in() -> None:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
            for row in tuples(table):
                copy.write_row((1, source, *row))
        connection.commit()

    return copy_in


def child(side: str, url: str, rows: int, source: int, kind: str) -> None:
    """One run in this process: seconds, seconds of reading the rows alone, peak MiB before and after."""
    table = made_rows(rows, kind)
    run = (ours if side == "ours" else floor)(url, table, source, kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    run()
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    for _ in tuples(table):
        pass
    print(taken, time.perf_counter() - start, before // 1024, peak // 1024)


def measure(name: str, urls: dict[str, str], rows: int, runs: int, kind: str) -> None:
    """Ours and the floor in turns; one line of the table, the ratio being the median of the pairs."""
    taken: dict[str, list[list[float]]] = {"ours": [], "floor": []}
    for source in range(1, runs + 1):
        for side in ("ours", "floor") if source % 2 else ("floor", "ours"):
            words = [sys.executable, __file__, "--child", side, urls[side], str(rows), str(source), kind]
            said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
            taken[side].append([float(word) for word in said.split()])
    ratios = [mine[0] / bare[0] for mine, bare in zip(taken["ours"], taken["floor"], strict=True)]
    seconds = [statistics.median(run[0] for run in taken[side]) for side in ("ours", "floor")]
    reading = statistics.median(run[1] for side in taken.values() for run in side)
    grown = max(run[3] - run[2] for run in taken["ours"])
    peak = max(run[3] for run in taken["ours"])
    ratio = statistics.median(ratios)
    print(
        f"{name:<12}{seconds[0]:>9.2f}{seconds[1]:>9.2f}{reading:>8.2f}{ratio:>8.2f}{min(ratios):>7.2f}{max(ratios):>7.2f}{peak:>7.0f}{grown:>8.0f}", flush=True
    )


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        side, url, rows, source, kind = sys.argv[2:]
        child(side, url, int(rows), int(source), kind)
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--kind", choices=sorted(KINDS), default="payout")
    given = parser.parse_args()
    print(
        f"{given.rows:,} rows ({given.kind}), {given.runs} runs; seconds (median), ratio of each run to its floor (median, min, max), "
        "peak MiB of booking, its growth"
    )
    print(f"{'store':<12}{'booking':>9}{'floor':>9}{'rows':>8}{'ratio':>8}{'min':>7}{'max':>7}{'peak':>7}{'growth':>8}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", {side: f"sqlite:///{folder}/{side}.db" for side in ("ours", "floor")}, given.rows, given.runs, given.kind)
    try:
        with cluster() as server:
            urls = {}
            for side in ("ours", "floor"):
                server.run(f"CREATE DATABASE bench_{side}")
                urls[side] = server.url(f"bench_{side}")
            measure("PostgreSQL", urls, given.rows, given.runs, given.kind)
    except NotHere as reason:
        print(f"PostgreSQL   not measured: {reason}")


if __name__ == "__main__":
    main()

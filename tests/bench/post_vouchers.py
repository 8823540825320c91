"""Booking ordinary vouchers (an entry and two to three lines) together, against the raw insert of the same rows.

What is timed is :func:`ledger.posting.post_many` as the product calls it: every check in Python and in the database, digests, kept balances, seals,
chain records, and the commit. Two floors in the same run insert the same rows (headers, lines, seals, chain records) into the same tables with their
keys, indexes, checks and references, but without guards and kept balances, by the driver's own bulk path (``executemany`` on SQLite in one transaction
with synchronous=FULL, ``COPY`` on PostgreSQL):

- rows: the rows lie ready as tuples, digests and hashes included; nothing is made, nothing is checked.
- made: the same, and making the rows is in the time: digest of each entry, hash of each chain record.

    python tests/bench/post_vouchers.py [--vouchers 20000] [--runs 5]

Prints a table with medians and the ratios; it judges nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import sqlalchemy as sa

from ledger import accounts, chain, posting, tables
from ledger.db import UnitOfWork, metadata, open_engine
from ledger.entries import Entry, Line, Side
from ledger.posting import Signed, post_many
from tests.ledger.store import JANUARY, TOY, opened, unguarded
from tests.private_postgres import NotHere, cluster

PEOPLE = Signed("zhang", "li", "zhang")
NOW = "2026-01-31T09:00:00+08:00"
Rows = dict[str, list[tuple[Any, ...]]]


def vouchers(count: int, run: int) -> list[Entry]:
    """``count`` vouchers of one month on a few accounts, every second one of three lines."""
    made = []
    for index in range(count):
        fen, day = 1000 + index % 7919, date(2026, 1, 1 + index % 28)
        lines = [Line("1003", Side.D, fen), Line("4001", Side.C, fen)]
        if index % 2:
            lines = [Line("500101", Side.D, fen), Line("500102", Side.D, 7), Line("1004", Side.C, fen + 7)]
        made.append(Entry(JANUARY, day, f"第{index}笔业务", tuple(lines), "银行回单", f"doc:{run}:{index}", event="C1", attachments=1))
    return made


def rows_of(entries: Sequence[Entry], run: int, previous: str) -> tuple[Rows, str]:
    """The rows that posting these entries writes, made as posting makes them."""
    first = (run - 1) * len(entries)
    many = [(made, PEOPLE) for made in entries]
    places = [(first + index, first + index) for index in range(1, len(entries) + 1)]
    digests = [made.digest() for made in entries]
    heads = [posting._head(1, *one, *place, digest, NOW) for one, place, digest in zip(many, places, digests, strict=True)]
    records, seq = [], first
    for (made, people), (entry_id, number), digest in zip(many, places, digests, strict=True):
        seq += 1
        facts = {"number": number, "kind": made.kind, "period": str(made.period), "debit_fen": made.debit, "maker": people.maker, "reviewer": people.reviewer}
        shown = chain.canonical(facts)
        fields = [seq, NOW, people.poster, "BOOKKEEP", "post", f"entry:1:{entry_id}", digest, shown, previous]
        previous = chain._hash(fields)
        records.append((*fields, previous))
    return {"entry": heads, "line": list(posting._legs(1, many, places, {(): ""})), "seal": [(1, place[0]) for place in places], "chain": records}, previous


def bare(url: str) -> sa.Engine:
    """The product's tables with keys, indexes, checks and references, a book in them, and no guard."""
    engine = open_engine(url)
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=tables.LEDGER_TABLES)
        unguarded(work.connection)
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        accounts.open_book(
            work, 1, "U1", accounts.Fund.R, "toy", JANUARY, [accounts.BookAccount(c, n, n, s, e, "", True, "toy", "2018-01-01", "") for c, n, s, e in TOY]
        )
        work.commit()
    return engine


def insert(engine: sa.Engine, rows: Rows) -> None:
    """The raw insert: one ``executemany`` or ``COPY`` a table."""
    with UnitOfWork(engine) as work:
        driver: Any = work.connection.connection.driver_connection
        for name, given in rows.items():
            if work.is_sqlite:
                marks = ",".join("?" * len(given[0]))
                driver.executemany(f"INSERT INTO shebao_{name} VALUES ({marks})", given)
                continue
            with driver.cursor() as cursor, cursor.copy(f"COPY shebao_{name} FROM STDIN") as copy:
                for row in given:
                    copy.write_row(row)
        work.commit()


def measure(name: str, url: Callable[[str], str], count: int, runs: int) -> None:
    """The three in turns over growing stores; one line of the table."""
    ours, ready, making = opened(url("ours")), bare(url("ready")), bare(url("making"))
    taken: dict[str, list[float]] = {"ours": [], "rows": [], "made": []}
    heads = {"ready": "", "making": ""}

    def timed(which: str, act: Callable[[], object]) -> None:
        start = time.perf_counter()
        act()
        taken[which].append(time.perf_counter() - start)

    def book(entries: list[Entry]) -> None:
        with UnitOfWork(ours) as work:
            post_many(work, 1, [(made, PEOPLE) for made in entries], NOW)
            work.commit()

    def make_and_insert(entries: list[Entry], run: int) -> None:
        rows, heads["making"] = rows_of(entries, run, heads["making"])
        insert(making, rows)

    for run in range(1, runs + 1):
        entries = vouchers(count, run)
        timed("ours", lambda: book(entries))  # noqa: B023
        rows, heads["ready"] = rows_of(entries, run, heads["ready"])
        timed("rows", lambda: insert(ready, rows))  # noqa: B023
        timed("made", lambda: make_and_insert(entries, run))  # noqa: B023
    middle = {which: statistics.median(values) for which, values in taken.items()}
    ratios = [statistics.median(a / b for a, b in zip(taken["ours"], taken[floor], strict=True)) for floor in ("rows", "made")]
    rate = round(count / middle["ours"])
    print(f"{name:<12}{middle['ours']:>9.3f}{rate:>10,}{middle['rows']:>9.3f}{ratios[0]:>8.2f}{middle['made']:>9.3f}{ratios[1]:>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vouchers", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(f"{given.vouchers:,} vouchers a run, {given.runs} runs; seconds (median), ratio of each run to its floor (median)")
    print(f"{'store':<12}{'booking':>9}{'a second':>10}{'rows':>9}{'ratio':>8}{'made':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", lambda name: f"sqlite:///{folder}/{name}.db", given.vouchers, given.runs)
    try:
        with cluster() as server:

            def url(name: str) -> str:
                server.run(f"CREATE DATABASE bench_{name}")
                return server.url(f"bench_{name}")

            measure("PostgreSQL", url, given.vouchers, given.runs)
    except NotHere as reason:
        print(f"PostgreSQL   not measured: {reason}")


if __name__ == "__main__":
    main()

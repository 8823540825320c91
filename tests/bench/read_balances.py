"""Trial balance and statements over 10^5, 10^6 and 10^7 lines: kept balances against a sum over lines.

Books of one chart and twelve months with ever more lines are laid down as posting leaves them (lines raw, balances as their sums, both proved equal for
the smallest). Timed, median of several readings on a fresh connection: the kept balances of the whole book, out of which trial balance and statements
are made; the trial balance as the product computes it; and the same figures as a SUM over the lines.

    python tests/bench/read_balances.py [--most 7] [--store sqlite|postgresql]

Prints a table with the growth from one size to the next; it judges nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import sqlalchemy as sa

from ledger import balances, bulk
from ledger.accounts import BookAccount, Fund, open_book, open_unit
from ledger.db import UnitOfWork, metadata, open_engine, reading
from ledger.tables import LEDGER_TABLES, balance, entry, line, period, seal
from tests.ledger.store import JANUARY, TOY, unguarded
from tests.private_postgres import NotHere, cluster

ACCOUNTS = ("1003", "4001", "4201", "500101", "500102", "1004")
MONTHS = [202601 + index for index in range(12)]
LEGS = 10
"""Lines of one voucher."""
COLUMNS = {table.name: tuple(column.name for column in table.c) for table in (entry, line)}


def heads(vouchers: int) -> Iterator[tuple[Any, ...]]:
    """Headers spread over the months."""
    for index in range(1, vouchers + 1):
        month, number = MONTHS[(index - 1) % 12], (index - 1) // 12 + 1
        day = f"{month // 100}-{month % 100:02d}-15"
        yield (
            1, index, month, "记", number, day, "2026-12-31", "C1", "业务", 1, "zhang", "li", "zhang", "回单", f"doc:{index}", 0, None, LEGS, 500,
            None, 0, 0, "", None, 0, 0, "", f"{index:064d}",
        )  # fmt: skip


def legs(vouchers: int) -> Iterator[tuple[Any, ...]]:
    """Five debits and five credits a voucher, over the accounts in turn."""
    for index in range(1, vouchers + 1):
        for number in range(LEGS):
            yield (1, index, number + 1, ACCOUNTS[(index + number) % 6], "D" if number % 2 else "C", 100, "", "")


def laid(url: str, lines: int) -> sa.Engine:
    """A book with so many lines."""
    engine, vouchers = open_engine(url), lines // LEGS
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=LEDGER_TABLES)
        unguarded(work.connection)
        open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        open_book(work, 1, "U1", Fund.R, "toy", JANUARY, [BookAccount(c, n, n, s, e, "", True, "toy", "2018-01-01", "") for c, n, s, e in TOY])
        work.connection.execute(period.insert(), [{"book_id": 1, "period": month, "state": "open"} for month in MONTHS[1:]])
        bulk.insert(work, seal, ("book_id", "entry_id"), ((1, index) for index in range(1, vouchers + 1)))
        bulk.insert(work, entry, COLUMNS[entry.name], heads(vouchers))
        bulk.insert(work, line, COLUMNS[line.name], legs(vouchers))
        summed = balances._summed(1).subquery()
        names = [*balances._KEY, *balances._FIGURES]
        work.connection.execute(balance.insert().from_select(["book_id", *names], sa.select(sa.literal(1), *(summed.c[name] for name in names))))
        work.commit()
    return engine


def by_sum(connection: sa.Connection) -> list[Any]:
    """The kept figures from the lines, as they would have to be had without kept balances."""
    return list(connection.execute(balances._summed(1)))


def milliseconds(engine: sa.Engine, act: Callable[[sa.Connection], object], times: int) -> float:
    """The median of so many readings."""
    taken = []
    with reading(engine) as connection:
        act(connection)
        for _ in range(times):
            start = time.perf_counter()
            act(connection)
            taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def measure(name: str, url: Callable[[int], str], most: int) -> None:
    """One line of the table a size."""
    before = (0.0, 0.0, 0.0)
    for power in range(5, most + 1):
        engine = laid(url(power), 10**power)
        kept = milliseconds(engine, lambda c: balances.movements(c, 1), 25)
        trial = milliseconds(engine, lambda c: balances.closing_balances(balances.movements(c, 1)), 25)
        summed = milliseconds(engine, by_sum, 3 if power < 7 else 1)
        now = (kept, trial, summed)
        growth = "".join(f"{value / earlier:>9.2f}" if earlier else f"{'':>9}" for value, earlier in zip(now, before, strict=True))
        print(f"{name:<12}{10**power:>12,}{kept:>10.3f}{trial:>10.3f}{summed:>12.1f}{growth}", flush=True)
        before = now
        engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=7, help="the largest power of ten")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default=None)
    given = parser.parse_args()
    print("milliseconds (median): kept balances, trial balance, SUM over lines; growth to the size before")
    print(f"{'store':<12}{'lines':>12}{'kept':>10}{'trial':>10}{'SUM':>12}{'growth':>9}{'growth':>9}{'growth':>9}")
    if given.store != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            measure("SQLite", lambda power: f"sqlite:///{folder}/{power}.db", given.most)
    if given.store == "sqlite":
        return
    try:
        with cluster() as server:

            def url(power: int) -> str:
                server.run(f"CREATE DATABASE bench_{power}")
                return server.url(f"bench_{power}")

            measure("PostgreSQL", url, given.most)
    except NotHere as reason:
        print(f"PostgreSQL   not measured: {reason}")


if __name__ == "__main__":
    main()

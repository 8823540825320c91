"""How long one person's page (balance, rows, payments, acts, settled years) takes from the store, as the lines of the book grow.

``python run.py bench person_page [lines ...]`` (100,000 and 1,000,000 unless given), on SQLite and, where it is installed, PostgreSQL in its partitioned
form. Every person has a payout in each of 24 months and a contribution in each of two years, from 26 sources; the rows are laid by one statement a source
with no guard in the way. Two hundred people at random are asked for, each page by its own; printed are the median and the 95th percentile, within an open
connection and with opening one, each with the median of the processor time of the asking process
and the mean of the server's own process, in ms.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import sqlalchemy as sa

from controls.person_accounts import page
from controls.tables import CONTROLS_TABLES
from controls.voucher_tables import VOUCHER_TABLES
from ledger import accounts, bulk, tables
from ledger.accounts import Book, BookAccount
from ledger.db import UnitOfWork, metadata, open_engine, reading, sqlite_url
from ledger.funds import Fund
from ledger.months import Month
from ledger.schema import run_guards
from tests.controls.premium_people import numbers
from tests.private_postgres import NotHere, cluster

FIRST, MONTHS, YEARS, ASKED = Month(2025, 1), 24, 2, 200
HEAD = {column.name: 0 if isinstance(column.type, sa.Integer) else "x" for column in tables.entry.c}


def laid(url: str, people: list[str], months: int = MONTHS, years: int = YEARS) -> sa.Engine:
    """A book with a payout a month and a contribution a year for each person."""
    engine = open_engine(url)
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=[*tables.LEDGER_TABLES, *CONTROLS_TABLES, *VOUCHER_TABLES])
        if not work.is_sqlite:
            run_guards(work.connection)
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        chart = [BookAccount("1004", "支出户存款", "支出户存款", "D", "asset", "", True, "toy", "2018-01-01", "")]
        accounts.open_book(work, 1, "U1", Fund.R, "toy", FIRST, chart)
        for offset in range(1, months):
            accounts.open_period(work, 1, FIRST + offset)
        if not work.is_sqlite:
            work.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        work.connection.exec_driver_sql("CREATE TABLE who (number TEXT)")
        bulk.insert(work, sa.table("who"), ("number",), ((number,) for number in people))  # type: ignore[arg-type]
        for place in range(months + years):
            _source(work, place + 1, paid=place < months, month=FIRST + (place if place < months else 12 * (place - months)))
        work.commit()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return engine


def _source(work: UnitOfWork, entry_id: int, *, paid: bool, month: Month) -> None:
    """One entry with a row for everybody."""
    claim = {"payout_source": entry_id if paid else None, "contribution_source": None if paid else entry_id}
    more = {"book_id": 1, "entry_id": entry_id, "period": month, "number": entry_id, "source_key": f"s{entry_id}", "corrects": None, "reviewer": "y"}
    work.connection.execute(tables.seal.insert().values(book_id=1, entry_id=entry_id))
    work.connection.execute(tables.entry.insert().values(**(HEAD | more | claim)))
    row = f"'个人账户养老金', {month.number}, 100, '50010201'" if paid else f"'个人缴费', {month.year * 100}, 500000, '40010101'"
    table = "shebao_payout" if paid else "shebao_contribution"
    work.connection.exec_driver_sql(f"INSERT INTO {table} SELECT 1, {entry_id}, number, {row} FROM who ORDER BY number")


def spread(act: Callable[[str], object], asked: list[str]) -> str:
    """Median and 95th percentile of single calls, and the median of this process's own processor time (all of it on SQLite), in milliseconds."""
    taken, processor = [], []
    for number in asked:
        began, ran = time.perf_counter(), time.process_time()
        act(number)
        taken.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - ran) * 1000)
    return f"{statistics.median(taken):9.2f}{statistics.quantiles(taken, n=20)[-1]:9.2f}{statistics.median(processor):9.2f}"


def served(connection: sa.Connection) -> float:
    """Seconds of processor that PostgreSQL's own process for this connection has used so far (0 on SQLite and where the system does not tell)."""
    own = connection.connection.driver_connection
    stat = Path(f"/proc/{own.info.backend_pid}/stat") if own is not None and hasattr(own, "info") else Path("none")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(url: str, lines: int) -> None:
    """Lays the book and asks."""
    people = numbers(lines // (MONTHS + YEARS))
    engine, last = laid(url, people), FIRST + (MONTHS - 1)
    asked = random.Random(1).choices(people, k=ASKED)
    book = Book(1, "U1", "云岭县", Fund.R, "toy", FIRST)
    with reading(engine) as connection:
        for number in asked[:20]:
            found = page.page(connection, book, number, last)
            assert len(found.lines) == MONTHS + YEARS and found.total == 2 * 500000 - 100 * MONTHS
        ran = served(connection)
        within = spread(lambda number: page.page(connection, book, number, last), asked)
        server = (served(connection) - ran) / ASKED * 1000

    def apart(number: str) -> None:
        with reading(engine) as own:
            page.page(own, book, number, last)

    print(f"{engine.dialect.name:<12}{lines:>12,}{within}{server:9.2f}{spread(apart, asked[:50])}", flush=True)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=int, nargs="*", default=[100_000, 1_000_000])
    given = parser.parse_args()
    print(f"{'store':<12}{'lines':>12}{'median':>9}{'p95':>9}{'cpu':>9}{'server':>9}{'+opening':>9}{'p95':>9}{'cpu':>9}")
    for lines in given.lines:
        with tempfile.TemporaryDirectory() as folder:
            measure(sqlite_url(Path(folder) / "store.sqlite"), lines)
    try:
        for lines in given.lines:
            with cluster(durable=True) as server:
                server.run("CREATE DATABASE bench")
                measure(server.url("bench"), lines)
    except NotHere as reason:
        print(reason)


if __name__ == "__main__":
    main()

"""How long arrears after a new standard take: seconds by the clock, and the ratio to a bare scan of the payout rows they touch.

``.venv/bin/python tests/bench/difference_roster.py [people] [months]`` (100,000 and 14 unless given), on SQLite and, where it is
installed, PostgreSQL. Every person is paid a base pension and an account pension each month; the base is re-rated, one person in 40
has died on the way, and the standard changes once within the span. The rows are laid down without guards: only reading is measured.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import sqlalchemy as sa

from controls import tables as controls_tables
from controls.benefits import arrears, differences, paid
from controls.benefits.differences import Asked, Rerated
from controls.benefits.happened import Happened
from controls.duties import Actor, Duty
from ledger import accounts, bulk, sheets, tables
from ledger.accounts import BookAccount
from ledger.benefits.difference import PAY, STOPPED_, difference, simple
from ledger.benefits.due import Event
from ledger.db import UnitOfWork, metadata, open_engine, reading, sqlite_url
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import OfficeValue, Parameters
from tests.ledger.store import unguarded
from tests.private_postgres import NotHere, cluster

BASE, ACCOUNT = "基础养老金(中央)", "个人账户养老金"
FIRST = Month(2025, 1)
CLERK = Actor("bench", "基准", frozenset({Duty.HANDLE_ROSTER}))


def law() -> Parameters:
    """The shipped parameters with a rise within the span."""
    rise = {"name": "resident_base_pension", "from": "2025-08-01", "value": 16300, "keys": {"level": "中央"}, "reference": "x"}
    rounding = {"name": "benefit_rounding", "from": "2009-01-01", "value": "四舍五入到分", "reference": "x"}
    return Parameters.load().overlaid([OfficeValue.model_validate(one, strict=False) for one in (rise, rounding)], "bench")


def rows(people: int, months: int) -> Iterator[tuple[Any, ...]]:
    """Two payouts a person and month, as a year of rosters leaves them."""
    for offset in range(months):
        period = (FIRST + offset).number
        for place in range(people):
            number = f"62082119{50 + place % 10}{place % 12 + 1:02d}{place % 28 + 1:02d}{place:06d}"[:18]
            yield 1, (offset + 1) * 1000, number, ACCOUNT, period, 2000 + place % 500, "50010201"
            yield 1, (offset + 1) * 1000, number, BASE, period, 12300, "50010101"


def store(url: str, people: int, months: int) -> sa.Engine:
    """A store with one book and its payouts."""
    engine = open_engine(url)
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=[*tables.LEDGER_TABLES, *controls_tables.CONTROLS_TABLES])
        unguarded(work.connection)
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        accounts.open_book(
            work, 1, "U1", Fund.R, "toy", FIRST, [BookAccount("1004", "支出户存款", "支出户存款", "D", "asset", "", True, "toy", "2018-01-01", "")]
        )
        bulk.insert(work, tables.payout, [column.name for column in tables.payout.c], rows(people, months))
        work.commit()
    return engine


def timed(what: str, act: Callable[[], Any], floor: tuple[float, float] = (0.0, 0.0)) -> tuple[Any, tuple[float, float]]:
    """Runs and prints one step: seconds by the clock and of this processor, and both beside the floor."""
    clock, processor = time.perf_counter(), time.process_time()
    found = act()
    took = time.perf_counter() - clock, time.process_time() - processor
    beside = f"; {took[0] / floor[0]:.1f} × and {took[1] / floor[1]:.1f} × the bare scan" if floor[0] else ""
    print(f"  {what}: {took[0]:.2f} s, processor {took[1]:.2f} s{beside}", flush=True)
    return found, took


def measure(url: str, people: int, months: int, folder: Path) -> None:
    """The bare scan of the rows touched, then the whole reckoning, then its files."""
    engine, last, parameters = store(url, people, months), FIRST + (months - 1), law()
    print(f"{engine.dialect.name}: {people:,} people, {months} months, {2 * people * months:,} payouts")
    touched = sa.select(tables.payout.c.number, tables.payout.c.item, tables.payout.c.period, tables.payout.c.amount_fen).where(
        tables.payout.c.book_id == 1, tables.payout.c.period.between(FIRST.number, last.number), tables.payout.c.account == "50010101"
    )
    with reading(engine) as connection:
        scan, floor = timed("bare scan of the rows touched, by the driver", lambda: _scan(connection, touched))
        timed("SUM of them in the database", lambda: connection.execute(sa.select(sa.func.sum(touched.subquery().c.amount_fen))).scalar_one())
        assert scan == people * months
        asked = Asked("resident-pension", (BASE,), FIRST, last, {})
        made, _ = timed("the whole reckoning", lambda: differences.rerate(connection, folder, CLERK, asked, parameters), floor)
        made = with_deaths(made)
        timed("comparison with the simple reckoning", lambda: simple(made.made))
        payable = np.flatnonzero(made.made.state == PAY)
        told = {person: ("某", "", "6217000000000000017", "某", "农商行", "620821") for person in range(people)}
        timed(f"roster file, {payable.size:,} lines", lambda: sheets.write_contract_table(folder / "r.csv", arrears.roster_table(made, payable, told)))
    print(f"  {made.made.persons:,} people, {made.made.total / 100:,.2f} yuan; not due {int(np.count_nonzero(made.made.state == STOPPED_)):,} months")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _scan(connection: sa.Connection, query: sa.Select[Any]) -> int:
    """Every row brought to the program by the driver, and dropped."""
    driver = connection.connection.driver_connection
    assert driver is not None
    text = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    cursor, count = driver.cursor(), 0
    cursor.execute(text)
    while found := cursor.fetchmany(paid.CHUNK):
        count += len(found)
    cursor.close()
    return count


def with_deaths(made: Rerated) -> Rerated:
    """The same with one person in 40 dead after five months."""
    told = {number: [Event("死亡", FIRST + 4)] for number in list(made.made.paid.numbers)[::40]}
    again, _ = timed(
        f"with {len(told):,} deaths", lambda: difference(made.made.paid, made.standards, differences.bars(Fund.R, made.made.paid.numbers, told))
    )  # fmt: skip
    return Rerated(made.asked, made.fund, made.book_id, again, made.standards, made.known, Happened(told, {}), (), ())


def main() -> None:
    """Both databases, one after the other."""
    people, months = (int(sys.argv[place]) if len(sys.argv) > place else usual for place, usual in ((1, 100_000), (2, 14)))
    with tempfile.TemporaryDirectory() as folder:
        measure(sqlite_url(Path(folder) / "store.sqlite"), people, months, Path(folder))
        try:
            with cluster(durable=True) as server:
                server.run("CREATE DATABASE bench")
                measure(server.url("bench"), people, months, Path(folder))
        except NotHere as reason:
            print(reason)


if __name__ == "__main__":
    main()

"""How long the monthly 动态清零 report takes over a county, beside a bare scan of the rows it touches; with the claim of the year and the booking plan.

``.venv/bin/python tests/bench/zeroing.py [people]`` (300,000 unless given): that many enrolled, a third of them on a list, nine in ten of
these paid for, one in a hundred dead. The floor reads every column the report reads of the same Parquet files and aggregates them (COUNT and one hash of
each column), in the same engine.
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

import pyarrow as pa
from pyarrow import parquet

from controls.checks.duck import Duck
from controls.premiums import claims, zeroing
from controls.premiums.facts import CONTRACTS, Sources
from ledger.funds import Fund
from ledger.months import Month
from tests.controls.premium_people import HUNDRED, REGION, asked, died, entitled, numbers, office, paid, people

MARCH = Month(2026, 3)
ROUNDS = 3


def county(folder: Path, count: int) -> tuple[Sources, int]:
    """Snapshots of a county of ``count`` enrolled people, and how many rows they have."""
    everybody = numbers(count + count // 100)
    enrolled, unknown = everybody[:count], everybody[count:]
    listed = [*enrolled[::3], *unknown]
    covered = listed[: len(listed) * 9 // 10]
    tables: dict[str, pa.Table] = {
        "entitled": entitled(listed, category=["低保", "特困", "重残"] * (len(listed) // 3) + ["低保"] * (len(listed) % 3)),
        "people": people(enrolled, town=[f"第{place % 20}镇" for place in range(count)]), "deaths": died(everybody[::100], "2026-02-11"),
        "contributions": pa.concat_tables([paid(covered, level="县"), paid(enrolled[1::3], "个人", amount=30000)]),
    }  # fmt: skip
    files = {}
    for contract, table in tables.items():
        files[contract] = [folder / f"{contract}.parquet"]
        parquet.write_table(table, files[contract][0])
    return Sources(files), sum(table.num_rows for table in tables.values())


def floor(sources: Sources) -> int:
    """A bare scan of the same columns."""
    with Duck() as duck:
        for contract in CONTRACTS:
            duck.register_sources(contract, sources.tables.get(contract, ()))
            names = [row[0] for row in duck.values(f"DESCRIBE {contract}")]
            duck.values(f"SELECT COUNT(*), {', '.join(f'BIT_XOR(HASH({name}))' for name in names)} FROM {contract}")
    return 0


def best(act: Callable[[], Any]) -> tuple[float, Any]:
    """The best of some rounds, in seconds, and what the last gave."""
    took, given = [], None
    for _ in range(ROUNDS):
        began = time.perf_counter()
        given = act()
        took.append(time.perf_counter() - began)
    return min(took), given


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as folder:
        sources, rows = county(Path(folder), count)
        bare, _ = best(lambda: floor(sources))
        took, made = best(lambda: zeroing.report(sources, Fund.R, MARCH, REGION))
        known = office(*HUNDRED)
        drawing, drawn = best(lambda: claims.draw(Sources({**sources.tables, "contributions": []}), asked(), known))
    print(f"{count:,} people, {rows:,} rows")
    print(f"bare scan            {bare:6.2f} s")
    print(f"zeroing report       {took:6.2f} s   {took / bare:5.1f} × the scan   {made.proof()}")
    print(f"claim of the year    {drawing:6.2f} s   {drawing / bare:5.1f} × the scan   {drawn.persons:,} persons {drawn.fen // 100:,} yuan")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MiB")


if __name__ == "__main__":
    main()

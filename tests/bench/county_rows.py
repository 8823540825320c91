"""A region's payments and lists of any size as canonical Parquet, one payments file a month, with planted cases at a fixed rate.

The same people and cases as the county of :mod:`tests.bench._county_files`; findings grow with the rows. Written month by month,
so that memory does not grow with the months.

    python tests/bench/county_rows.py --rows 10000000 --months 24 --out FOLDER

Leaves ``FOLDER/payments/2023-01.parquet`` … and ``FOLDER/deaths.parquet``, ``people``, ``custody``, ``contributions``, ``entitled``,
``accounts``, ``recoveries``, and prints how many payment rows there are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench._county_files import HELPED, PEOPLE, due, rows, write_lists

FIRST_YEAR = 2023
A_MONTH = (2 * 121 + 50) / 171
"""Rows of a person and month: residents, 121 of 171, have two items."""
MOST = 10_080_000
"""So many distinct numbers there are."""


def generate(folder: Path, wanted: int, months: int = 24) -> int:
    """Writes about ``wanted`` payment rows over ``months`` months from January 2023 into ``folder``; returns how many there are."""
    import duckdb

    persons = max(round(wanted / (A_MONTH * months)), 1)
    if persons > MOST:
        raise SystemExit(f"{persons:,} people are more than there are numbers for ({MOST:,}); ask for more months")
    (folder / "payments").mkdir(parents=True, exist_ok=True)
    duck = duckdb.connect()
    duck.execute(PEOPLE, [persons])
    duck.execute(HELPED, [persons // 5])
    made = 0
    for month in range(months):
        name = f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}.parquet"
        asked = f"(SELECT * FROM ({due(months)}) WHERE m = {month})"
        done = duck.execute(f"COPY ({rows(asked)} ORDER BY i, k) TO '{folder / 'payments' / name}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
        made += done[0] if done else 0
    write_lists(duck, folder)
    return made


def tables(folder: Path) -> dict[str, list[Path]]:
    """The files of a generated folder by contract, as :func:`controls.checks.runner.run` takes them."""
    lists = {path.stem: [path] for path in sorted(folder.glob("*.parquet"))}
    return {"payments": sorted((folder / "payments").glob("*.parquet")), **lists}


def main() -> int:
    """Generates and prints the number of payment rows."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, required=True)
    options.add_argument("--months", type=int, default=24)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    print(f"{generate(given.out, given.rows, given.months):,} payment rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())

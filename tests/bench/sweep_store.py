"""`audit sweep` over a store against `audit check` over the same rows as files: whole, then with one new month, then with one new list of deaths.

The store (SQLite) holds a released roster a month with the bank's answer to every line, one line a person and month, and a list of deaths. Its rosters are
written past the guards by bulk inserts, since a month taken through the payment chain is measured elsewhere; lists are taken in and sweeps are kept as the
product does it. What is timed is the whole of each command: reading, self-tests, rules, the register of leads and the papers. Beside each sweep stands
`audit check` over what the store holds then, laid down before as canonical Parquet; findings.csv must be equal to the byte. Each side runs in a process
of its own.

    python tests/bench/sweep_store.py [--persons 50000] [--months 24]

Prints a table with seconds, processor seconds, the ratio and peak memory; it judges nothing but the bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from audit.findings_file import digest
from audit.store_sweep import Asked, sweep_store
from controls.sweeps import extract
from ledger.db import UnitOfWork, open_engine, reading
from ledger.identity.numbers import check_digit
from ledger.months import Month
from tests.audit.swept_office import NOW, TAO, Swept, office
from tests.controls.payment_desk import Desk

FIRST = Month(2023, 1)
CASES = ("whole", "nothing new", "one new month", "one new list of deaths")
TABLES = ("source_file", "roster", "roster_line", "release", "bank_line", "bank_return", "bank_result")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"


def person(place: int) -> tuple[str, str]:
    """Number and name of a synthetic person."""
    body = f"620821{1930 + place % 34}{1 + place // 34 % 12:02d}{1 + place // 408 % 28:02d}{place // 11424 % 1000:03d}"
    return body + check_digit(body), SURNAMES[place * 7919 % 20] + chr(0x4E00 + place * 104729 % 20000) + chr(0x4E00 + place * 1299709 % 20000)


def store(folder: Path) -> str:
    """The address of the bench's store."""
    return f"sqlite:///{(folder / 'store.sqlite').as_posix()}"


def opened(folder: Path) -> Swept:
    """The office as it stands."""
    return Swept(Desk(open_engine(store(folder)), folder / "home"), folder, itertools.count(time.time_ns()))


def made(folder: Path, persons: int, months: int) -> None:
    """The office with ``months`` rosters and a first list of deaths: one person in 200 died in the last quarter."""
    begun = office(store(folder), folder)
    begun.desk.engine.dispose()
    for month in range(months):
        pay(folder, persons, month)
    dead(folder, range(3, persons, 200), FIRST + (months - 3))


def pay(folder: Path, persons: int, month: int) -> None:
    """A month's roster, released, sent and answered: one line in 400 failed."""
    roster_id, period = month + 1, (FIRST + month).number
    with contextlib.closing(sqlite3.connect(folder / "store.sqlite")) as store_file:
        guards = [one for one in store_file.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'") if one[2][7:] in TABLES]
        for name, _, _ in guards:
            store_file.execute(f"DROP TRIGGER {name}")
        paid = sum(fen(place) for place in range(persons) if not failed(place, month))
        put(store_file, "roster", [(1, roster_id, "R", "benefit", period, -roster_id, "released", "returned", 1, 1, NOW, 0, persons, paid, paid, "zhang", NOW)])
        put(store_file, "roster_line", lines(persons, roster_id, period))
        put(store_file, "release", [(1, roster_id, f"{roster_id:064d}", persons, persons, paid, "wang", NOW)])
        put(store_file, "bank_line", ((1, roster_id, n + 1, n + 1, *person(n), account(n), person(n)[1], "", fen(n)) for n in range(persons)))
        put(store_file, "bank_return", [(1, roster_id, 0, persons, paid, 0, 0, "zhao", NOW)])
        put(store_file, "bank_result", ((1, roster_id, n + 1, int(not failed(n, month)), "", "", "") for n in range(persons)))
        for _, text, _ in guards:
            store_file.execute(text)
        store_file.commit()


def put(store_file: sqlite3.Connection, table: str, rows: Any) -> None:
    """Rows in the order of the table's columns."""
    width = len(store_file.execute(f"PRAGMA table_info(shebao_{table})").fetchall())
    store_file.executemany(f"INSERT INTO shebao_{table} VALUES ({', '.join('?' * width)})", rows)


def lines(persons: int, roster_id: int, period: int) -> Iterator[tuple[Any, ...]]:
    """One line a person; one in 300 stands twice, under the next person's account."""
    for n in range(persons):
        number, name = person(n)
        yield (1, roster_id, n + 1, n + 1, number, 1, number, "", name, "基础养老金", "pension", period, fen(n), 0, "", 0, fen(n),
               account(n + 1 if n % 300 == 21 else n), name, "", "620821", "", "")  # fmt: skip


def fen(place: int) -> int:
    """A month's pension."""
    return 12000 + place * 37 % 9000


def account(place: int) -> str:
    """A person's account."""
    return f"6228480{place:012d}"


def failed(place: int, month: int) -> bool:
    """Whether the bank could not pay."""
    return place % 400 == 203 and month % 6 == 5


def dead(folder: Path, places: range, month: Month) -> None:
    """A list of deaths taken in."""
    at = opened(folder)
    died = f"{month}-05"
    at.take("deaths", [{"id": number, "name": name, "death_on": died} for number, name in map(person, places)])
    at.desk.engine.dispose()


def swept(folder: Path) -> str:
    """A sweep as the command does it; how the rules were handled."""
    at = opened(folder)
    engine = at.desk.engine
    told = sweep_store(lambda: reading(engine), lambda: UnitOfWork(engine), at.desk.home, TAO, NOW, folder / "swept", Asked())
    return "、".join(f"{name} {len(codes)}" for name, codes in (("run", told.plan.whole), ("touched", told.plan.touched), ("stood", told.plan.stood)) if codes)


def laid(folder: Path) -> None:
    """What the store holds, as canonical Parquet files: one of payments, one a list."""
    import pyarrow as pa
    from pyarrow import parquet

    shutil.rmtree(folder / "files", ignore_errors=True)
    (folder / "files" / "apart").mkdir(parents=True)
    at = opened(folder)
    with reading(at.desk.engine) as connection:
        wanted = extract.sources(connection)
        held = extract.lay(connection, at.desk.home, wanted, folder / "files" / "apart")
    for contract, given in extract.by_contract(wanted, held).items():
        tables = [parquet.read_table(one) if isinstance(one, Path) else one for one in given]
        schema = next(iter(tables)).schema
        with parquet.ParquetWriter(folder / "files" / f"{contract}.parquet", schema, compression="zstd") as out:
            for table in tables:
                out.write_table(table.select(schema.names).cast(schema) if isinstance(table, pa.Table) else table)


def checked(folder: Path) -> str:
    """`audit check` over the files."""
    from audit.inputs import Given
    from audit.sweep import sweep

    sweep([Given(path.stem, path) for path in sorted((folder / "files").glob("*.parquet"))], folder / "checked")
    return ""


SIDES: dict[str, Callable[[Path], str]] = {"sweep": swept, "check": checked}


def apart(folder: Path, *more: str) -> dict[str, Any]:
    """A step in a process of its own."""
    command = [sys.executable, __file__, "--folder", str(folder), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, encoding="utf-8")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def step(name: str, folder: Path, persons: int, months: int) -> dict[str, Any]:
    """One step in this process: seconds, processor seconds and peak memory."""
    begun, spent = time.perf_counter(), time.process_time()
    said = ""
    if name in SIDES:
        said = SIDES[name](folder)
    elif name == "lay":
        laid(folder)
    elif name == "make":
        made(folder, persons, months)
    elif name == CASES[2]:
        pay(folder, persons, months)
    elif name == CASES[3]:
        dead(folder, range(11, persons, persons // 50), FIRST + (months - 4))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - spent, "peak": peak, "said": said}


def main() -> int:
    """Makes the store, sweeps and checks by turns, prints the table; 1 when the findings differ."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=50_000)
    options.add_argument("--months", type=int, default=24)
    options.add_argument("--folder", type=Path)
    options.add_argument("--step")
    given = options.parse_args()
    if given.step:
        print(json.dumps(step(given.step, given.folder, given.persons, given.months)))
        return 0
    sized = ("--persons", str(given.persons), "--months", str(given.months))
    with tempfile.TemporaryDirectory(prefix="sweep-store-") as place:
        folder = Path(place) / "office"
        folder.mkdir()
        apart(folder, "--step", "make", *sized)
        size = (folder / "store.sqlite").stat().st_size / 2**20
        print(f"{given.persons:,} persons, {given.persons * given.months:,} roster lines, store of {size:,.0f} MiB")
        print("| sweep | rules | seconds | CPU seconds | peak MiB | check: seconds | CPU seconds | peak MiB | sweep ÷ check |")
        print("|---|---|---|---|---|---|---|---|---|")
        for case in CASES:
            apart(folder, "--step", case, *sized)
            ours = apart(folder, "--step", "sweep")
            apart(folder, "--step", "lay")
            files = apart(folder, "--step", "check")
            figures = " | ".join(f"{one['seconds']:.1f} | {one['cpu']:.1f} | {one['peak']:.0f}" for one in (ours, files))
            print(f"| {case} | {ours['said']} | {figures} | {ours['seconds'] / files['seconds']:.2f} |", flush=True)
            if digest(folder / "swept" / "findings.csv") != digest(folder / "checked" / "findings.csv"):
                print(f"{case}: findings.csv of sweep and check differ", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

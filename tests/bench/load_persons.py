"""How long the register of persons takes to learn a county's people file, and the next month's: seconds by the clock and of the processor.

``.venv/bin/python tests/bench/load_persons.py [people]`` (300,000 unless given), on SQLite and, where it is installed, PostgreSQL.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pyarrow as pa

from ledger import person_load, persons
from ledger.db import UnitOfWork, reading, sqlite_url
from tests.ledger.person_store import NOW, TYPES, number, register
from tests.private_postgres import NotHere, cluster

FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def people(count: int) -> pa.Table:
    """A canonical people table of synthetic people in one fund and region, a third of them drawing."""
    seed = random.Random(1)
    columns: dict[str, list[object]] = {name: [] for name in person_load.COLUMNS}
    for place in range(count):
        year = 1935 + place // 1000 % 70
        born = f"{year}{place // 70_000 % 12 + 1:02d}{seed.randrange(1, 29):02d}"
        name = seed.choice(FAMILY) + seed.choice(GIVEN) + seed.choice(GIVEN)
        row = {
            "line": place + 2, "number": number(place % 1000, born=born), "number_ok": True, "damaged": False, "id_type": "", "name": name, "name_norm": name,
            "sex": "男", "birth": None, "fund": "R", "region": "620821", "town": "东镇", "village": "一村", "enrol_status": "正常参保",
            "benefit_status": "正常领取" if year < 1966 else "", "first_month": 201000 + seed.randrange(1, 13),
            "start_month": 202001 if year < 1966 else None, "end_month": None, "former_name": "",
        }  # fmt: skip
        for column, cells in columns.items():
            cells.append(row[column])
    return pa.table({name: pa.array(cells, TYPES.get(name, pa.string())) for name, cells in columns.items()})


def timed(url: str, table: pa.Table) -> None:
    """Loads the table twice, as two months' lists, and prints what each took."""
    engine = register(url)
    for month in (1, 2):
        clock, processor = time.perf_counter(), time.process_time()
        with UnitOfWork(engine) as work:
            done = person_load.load(
                work, table, file_id=month, loaded_by="bench", known_on=date(2026, month, 15), recorded_at=NOW, as_of=date(2026, month, 14)
            )  # fmt: skip
            work.commit()
        took = f"{time.perf_counter() - clock:.1f} s, processor {time.process_time() - processor:.1f} s"
        print(f"{engine.dialect.name} list {month}: {took}; {done.persons} persons, {done.statuses} statuses, doubts {sum(done.doubts.values())}")
    with reading(engine) as connection:
        clock = time.perf_counter()
        persons.history(connection, 1)
        print(f"{engine.dialect.name} one history: {time.perf_counter() - clock:.3f} s")


def main() -> None:
    """Both databases, one after the other."""
    table = people(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
    with tempfile.TemporaryDirectory() as folder:
        timed(sqlite_url(Path(folder) / "store.sqlite"), table)
    try:
        with cluster(durable=True) as server:
            server.run("CREATE DATABASE bench")
            timed(server.url("bench"), table)
    except NotHere as reason:
        print(reason)


if __name__ == "__main__":
    main()

"""How long one personal record (权益记录) takes from the store, as the lines of the book grow: everything the paper says, before it is drawn.

``python tests/bench/personal_record.py [lines ...]`` (100,000 and 1,000,000 unless given), on SQLite and, where it is installed, PostgreSQL in its partitioned
form. The book is that of ``person_page`` (24 payouts and two contributions a person); each person stands in the register. Printed are statements a record,
median and 95th percentile by the clock, the median of this process's processor, and the server's own, in ms; last the same with the PDF drawn.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pyarrow as pa
import sqlalchemy as sa

from books.documents import person_record as document
from ledger import person_load
from ledger.db import UnitOfWork, metadata, reading, sqlite_url
from shebao import records
from shebao.record_facts import gather
from tests.bench.person_page import MONTHS, YEARS, laid, served, spread
from tests.controls.premium_people import numbers
from tests.ledger.person_store import NOW, TYPES
from tests.private_postgres import NotHere, cluster

ASKED = 100
DAY = date(2026, 12, 31)


def registered(engine: sa.Engine, people: list[str]) -> None:
    """Everybody in the register of persons, from one list."""
    import shebao.store  # noqa: F401  # collects every table

    blank = {name: [None if name in TYPES else ""] * len(people) for name in person_load.COLUMNS}
    told = {
        "line": list(range(2, len(people) + 2)), "number": people, "number_ok": [True] * len(people), "damaged": [False] * len(people),
        "fund": ["R"] * len(people),
        "name": ["甲乙"] * len(people), "name_norm": ["甲乙"] * len(people), "sex": ["男"] * len(people), "region": ["620821"] * len(people),
        "town": ["东镇"] * len(people), "enrol_status": ["正常参保"] * len(people), "benefit_status": ["正常领取"] * len(people),
        "first_month": [201001] * len(people), "start_month": [202501] * len(people),
    }  # fmt: skip
    cells = {name: told.get(name, blank[name]) for name in person_load.COLUMNS}
    table = pa.table({name: pa.array(values, TYPES.get(name, pa.string())) for name, values in cells.items()})
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection)
        if not work.is_sqlite:
            work.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        person_load.load(work, table, file_id=1, loaded_by="bench", known_on=date(2026, 1, 15), recorded_at=NOW, as_of=date(2026, 1, 14))
        work.commit()


def measure(url: str, lines: int) -> None:
    """Lays the book and the register, and asks."""
    people = numbers(lines // (MONTHS + YEARS))
    engine = laid(url, people)
    registered(engine, people)
    want = records.Asked(DAY, DAY)
    sent = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with reading(engine) as connection:
        known = dict(connection.execute(sa.text("SELECT number, person_id FROM shebao_person")).all())  # type: ignore[arg-type]

        def told(number: str) -> object:
            return records.paper(connection, gather(connection, [known[number]], DAY, DAY)[0], want, NOW)

        asked = random.Random(1).choices(people, k=ASKED)
        for number in asked[:20]:
            told(number)
        sent.clear()
        told(asked[0])
        statements, ran = len(sent), served(connection)
        within = spread(told, asked)
        server = (served(connection) - ran) / ASKED * 1000
        drawn = spread(lambda number: document.print_pdf(told(number)), asked[:20])  # type: ignore[arg-type]
    print(f"{engine.dialect.name:<12}{lines:>12,}{statements:>11}{within}{server:9.2f}{drawn}", flush=True)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=int, nargs="*", default=[100_000, 1_000_000])
    given = parser.parse_args()
    print(f"{'store':<12}{'lines':>12}{'statements':>11}{'median':>9}{'p95':>9}{'cpu':>9}{'server':>9}{'with PDF':>9}{'p95':>9}{'cpu':>9}")
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

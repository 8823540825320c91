"""Posting ordinary vouchers (an entry and two to three lines) together, against the raw insert of the same rows.

The vouchers lie in the database, made and reviewed by two people, half of them signed by the cashier. What is timed is the whole act,
:func:`controls.vouchers.post_many` and the commit, and its parts in the columns beside it:

- look: everything that is asked of each voucher (who reviewed, its content hashed again and compared with what was signed, papers, cashier, business);
- post: headers, lines, papers, records and seals written, proved by every guard of the database, balances moved;
- mark: the vouchers marked as posted under their guards.

Two floors in the same run insert the rows that "post" writes (headers, lines, seals, records) into the same tables with their keys, indexes, checks,
references and partitions, all guards taken away, by the driver's own bulk path (``executemany`` on SQLite in one transaction with synchronous=FULL,
``COPY`` on PostgreSQL, which is the quickest the driver has; commits are durable on both sides):

- rows: the rows lie ready as tuples, digests and hashes included; nothing is made, nothing is checked.
- made: the same, and making the rows is in the time: digest of each entry, hash of each chain record.

    python tests/bench/post_vouchers.py [--vouchers 20000] [--runs 5]

Prints a table of microseconds a voucher (medians) and the ratios of the whole act and of "post" with the commit to the floors; it judges nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[2]))

import sqlalchemy as sa

import ledger.posting
import tests.controls.voucher_desk as desk
from controls import voucher_sets
from controls import vouchers as act
from controls.voucher_tables import voucher, voucher_line
from ledger import bulk, chain, posting
from ledger.db import UnitOfWork
from ledger.entries import Entry, Line, Side, canonical
from ledger.hashes import Algorithm
from ledger.posting import Signed
from tests.ledger.store import JANUARY, TOY
from tests.private_postgres import NotHere, cluster

PEOPLE = Signed("zhao", "sun", "zhao")
NOW = "2026-01-31T09:00:00+08:00"
CARRIED = (
    "kind", "event", "summary", "attachments", "authority", "source_key", "corrects", "payout_source", "payout_count", "payout_fen", "payout_digest",
    "contribution_source", "contribution_count", "contribution_fen", "contribution_digest",
)  # fmt: skip
"""Columns of a voucher that an entry has under the same names."""
STEPS = (
    "state = 'made', maker = 'zhao', made_at = 'now' WHERE state = 'proposed'",
    "cashier = 'han', cashier_at = 'now' WHERE state = 'made' AND cash = 1",
    "state = 'reviewed', reviewer = 'sun', reviewed_at = 'now', reviewed_digest = digest WHERE state = 'made'",
)
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
        head = (seq, NOW, people.poster, "BOOKKEEP", "post", f"entry:1:{entry_id}")
        shown, last = chain.canonical(facts), previous
        previous = chain._hash([*head, "", digest, shown, chain.DONE, "", last], Algorithm.SHA256)
        records.append((*head, digest, shown, last, previous, "", chain.DONE, ""))
    return {"entry": heads, "line": list(posting._legs(1, many, places, {(): ""})), "seal": [(1, place[0]) for place in places], "chain": records}, previous


def bare(url: str) -> sa.Engine:
    """The product's tables with keys, indexes, checks, references and partitions, a book in them, and no guard."""
    engine = desk.office(url).engine
    with UnitOfWork(engine) as work:
        x = work.connection.exec_driver_sql
        if work.is_sqlite:
            for name in x("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
                x(f"DROP TRIGGER {name}")
        else:
            for name in x("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'shebao%%'").scalars().all():
                x(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        x("DELETE FROM shebao_chain")
        work.commit()
    return engine


def lay(engine: sa.Engine, entries: Sequence[Entry]) -> list[int]:
    """The vouchers, proposed, made, signed by the cashier where they are cash, and reviewed, each step in one statement under its guards."""
    with UnitOfWork(engine) as work:
        first = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(voucher.c.voucher_id), 0) + 1)).scalar_one()
        heads, legs = [], []
        for key, made in enumerate(entries, start=first):
            known = {name: getattr(made, name) for name in CARRIED}
            known |= {"book_id": 1, "voucher_id": key, "state": "proposed", "period": made.period.number, "day": made.day.isoformat(), "closing": 0}
            known |= {"documents": canonical(list(made.documents)), "digest": made.digest(), "proposed_by": "zhao", "proposed_at": NOW}
            known["cash"] = int(any(leg.account == "1004" for leg in made.lines))
            heads.append([known.get(column.name, None if column.nullable else "") for column in voucher.c])
            legs += [(1, key, place, leg.account, leg.side.value, leg.amount, "", "") for place, leg in enumerate(made.lines, start=1)]
        bulk.insert(work, voucher, [column.name for column in voucher.c], heads)
        bulk.insert(work, voucher_line, [column.name for column in voucher_line.c], legs)
        for step in STEPS:
            work.connection.exec_driver_sql(f"UPDATE shebao_voucher SET {step}")
        work.commit()
    return list(range(first, first + len(entries)))


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


PARTS = {"look": (voucher_sets, "ready"), "post": (ledger.posting, "post_lying"), "mark": (voucher_sets, "book")}


def measure(name: str, url: Callable[[str], str], count: int, runs: int) -> None:
    """The three in turns over growing stores; one line of the table."""
    ours, ready, making = desk.office(url("ours")).engine, bare(url("ready")), bare(url("making"))
    taken: dict[str, list[float]] = {part: [] for part in (*PARTS, "commit", "ours", "rows", "made")}
    heads = {"ready": "", "making": ""}

    def timed(which: str, step: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        found = step()
        taken[which].append((time.perf_counter() - start) * 1e6 / count)
        return found

    def book(keys: list[int]) -> None:
        with UnitOfWork(ours) as work:
            act.post_many(work, NOW, desk.ZHAO, 1, keys)
            timed("commit", work.commit)

    def make_and_insert(entries: list[Entry], run: int) -> None:
        rows, heads["making"] = rows_of(entries, run, heads["making"])
        insert(making, rows)

    with ExitStack() as watched:
        for part, (room, called) in PARTS.items():
            inner = getattr(room, called)
            watched.enter_context(patch.object(room, called, lambda *a, part=part, inner=inner: timed(part, lambda: inner(*a))))
        for run in range(1, runs + 1):
            entries = vouchers(count, run)
            keys = lay(ours, entries)
            timed("ours", lambda: book(keys))  # noqa: B023
            rows, heads["ready"] = rows_of(entries, run, heads["ready"])
            timed("rows", lambda: insert(ready, rows))  # noqa: B023
            timed("made", lambda: make_and_insert(entries, run))  # noqa: B023
    if len(taken["post"]) != runs:
        raise RuntimeError("the vouchers were not posted together")
    middle = {which: statistics.median(values) for which, values in taken.items()}
    alone = [post + commit for post, commit in zip(taken["post"], taken["commit"], strict=True)]

    def ratio(side: list[float], floor: str) -> str:
        return f"{statistics.median(a / b for a, b in zip(side, taken[floor], strict=True)):>8.2f}"

    print(f"{name:<12}" + "".join(f"{middle[which]:>8.1f}" for which in ("ours", *PARTS, "commit", "rows", "made")) + f"{1e6 / middle['ours']:>10,.0f}", end="")
    print(ratio(taken["ours"], "rows") + ratio(taken["ours"], "made") + ratio(alone, "rows") + ratio(alone, "made"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vouchers", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    desk.CHART = [(code, side, element) for code, _, side, element in TOY]
    print(f"{given.vouchers:,} vouchers a run, {given.runs} runs; microseconds a voucher and ratios of each run to its floors (medians)")
    print(f"{'':<12}{'act':>8}{'of it':>8}{'':>24}{'floors':>16}{'act':>10}{'act to':>8}{'':>8}{'post and commit to':>20}")
    print(f"{'store':<12}" + "".join(f"{word:>8}" for word in ("whole", "look", "post", "mark", "commit", "rows", "made")) + f"{'a second':>10}", end="")
    print("".join(f"{word:>8}" for word in ("rows", "made", "rows", "made")))
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", lambda name: f"sqlite:///{folder}/{name}.db", given.vouchers, given.runs)
    try:
        with cluster(durable=True) as server:

            def url(name: str) -> str:
                server.run(f"CREATE DATABASE bench_{name}")
                return server.url(f"bench_{name}")

            measure("PostgreSQL", url, given.vouchers, given.runs)
    except NotHere as reason:
        print(f"PostgreSQL   not measured: {reason}")


if __name__ == "__main__":
    main()

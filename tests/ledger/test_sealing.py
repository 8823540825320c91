"""Entries sealed together on SQLite (``shebao_sealing``): what the row guards would have refused one by one is refused for all at once, by its code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import balances, chain, posted, posting
from ledger.db import UnitOfWork, open_engine, reading, sqlite_url
from ledger.entries import Entry, Line, Side, payout_digest
from ledger.errors import DatabaseRefusal
from ledger.errors_posting import AccountNotUsable, AlreadyBooked, GuardMissing, NoAuthority, PeriodNotOpen
from ledger.lifting import lifted
from ledger.months import Month
from ledger.posting import LIFTED, TOGETHER, Signed, post_many
from tests.ledger.store import JANUARY, opened, simple

NOW = "2026-01-31T09:00:00+08:00"
PEOPLE = Signed("zhang", "li", "zhang")
SEALING = "INSERT INTO shebao_sealing VALUES (1, 1, 2, 1, 2)"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = opened(sqlite_url(tmp_path / "store.db"))
    yield made
    made.dispose()


def head(n: int, **other: object) -> str:
    """A header of two lines and 100 fen, entry and number ``n``, with some columns otherwise."""
    row = {
        "book_id": 1, "entry_id": n, "period": 202601, "kind": "记", "number": n, "day": "2026-01-05", "recorded_at": "now", "event": "", "summary": "s",
        "attachments": 0, "maker": "a", "reviewer": "b", "poster": "a", "authority": "x", "source_key": f"s{n}", "closing": 0, "corrects": None,
        "line_count": 2, "debit_fen": 100, "payout_source": None, "payout_count": 0, "payout_fen": 0, "payout_digest": "", "contribution_source": None,
        "contribution_count": 0, "contribution_fen": 0, "contribution_digest": "", "digest": f"d{n}",
    } | other  # fmt: skip
    return f"INSERT INTO shebao_entry VALUES ({', '.join('NULL' if value is None else repr(value) for value in row.values())})"


def leg(n: int, line: int, account: str, side: str, fen: int = 100) -> str:
    return f"INSERT INTO shebao_line VALUES (1, {n}, {line}, '{account}', '{side}', {fen}, '', '')"


def record(n: int, previous: str, **other: object) -> str:
    row = {"at": "now", "actor": "a", "duty": "BOOKKEEP", "act": "post", "thing": f"entry:1:{n}", "digest": f"d{n}", "facts": "", "previous": previous} | other
    return f"INSERT INTO shebao_chain VALUES ({n}, {', '.join(repr(value) for value in row.values())}, 'h{n}', '', 'done', '')"


GOOD = {
    "head 1": head(1), "head 2": head(2), "debit 1": leg(1, 1, "1003", "D"), "credit 1": leg(1, 2, "4001", "C"), "debit 2": leg(2, 1, "1003", "D"),
    "credit 2": leg(2, 2, "4001", "C"), "record 1": record(1, ""), "record 2": record(2, "h1"), "sealing": SEALING,
}  # fmt: skip
"""Two whole entries, as statements that may be put otherwise or left out."""
BAD: dict[str, tuple[dict[str, str], str]] = {
    "unbalanced": ({"credit 2": leg(2, 2, "4001", "C", 99)}, "SB1101"),
    "one line": ({"credit 2": ""}, "SB1101"),
    "no line": ({"debit 2": "", "credit 2": ""}, "SB1304"),
    "a line too many": ({"more": leg(2, 3, "1003", "D", 5) + ", (1, 2, 4, '4001', 'C', 5, '', '')"}, "SB1304"),
    "another debit total": ({"head 2": head(2, debit_fen=99)}, "SB1304"),
    "a gap in numbers": ({"head 2": head(2, number=3)}, "SB1301"),
    "a number nil": ({"head 2": head(2, kind="转", number=0)}, "SB1301"),
    "a number twice": ({"head 2": head(2, number=1)}, "SB1301"),
    "numbers out of turn": ({"head 1": head(1, number=2), "head 2": head(2, number=1)}, "SB1301"),
    "a month not yet open": ({"head 2": head(2, period=202602, number=1)}, "SB1302|FOREIGN KEY"),
    "a locked month": ({"lock": "UPDATE shebao_period SET state = 'locked'"}, "SB1302"),
    "no such account": ({"credit 2": leg(2, 2, "9999", "C")}, "SB1306|FOREIGN KEY"),
    "an account not yet valid": ({"head 2": head(2, day="2017-01-05")}, "SB1306"),
    "a source twice": ({"head 2": head(2, source_key="s1")}, "SB1104"),
    "rows of persons": ({"head 2": head(2, payout_source=7)}, "SB1305"),
    "contributions of persons": ({"head 2": head(2, contribution_source=7)}, "SB1305"),
    "a correction of nothing": ({"head 2": head(2, source_key="reverse:9", corrects=9)}, "SB1341"),
    "a correction under a source of its own": ({"head 2": head(2, corrects=1)}, "SB1341"),
    "the source of a correction": ({"head 2": head(2, source_key="reverse:1")}, "SB1341"),
    "a poster who reviewed": ({"head 2": head(2, poster="b")}, "CHECK"),
    "no record": ({"record 2": ""}, "SB1307"),
    "a record of another poster": ({"record 2": record(2, "h1", actor="c")}, "SB1307"),
    "a record of another entry": ({"record 2": record(2, "h1", thing="entry:1:1")}, "SB1307"),
    "a record of another content": ({"record 2": record(2, "h1", digest="d1")}, "SB1307"),
    "a chain that does not join": ({"record 2": record(2, "h9")}, "SB1307"),
    "only the first asked for": ({"sealing": SEALING.replace("1, 1, 2, 1, 2", "1, 1, 1, 1, 1")}, "SB1309"),
    "only the last asked for": ({"sealing": SEALING.replace("1, 1, 2, 1, 2", "1, 2, 2, 2, 2")}, "SB1309"),
    "none asked for": ({"sealing": SEALING.replace("1, 1, 2, 1, 2", "1, 3, 2, 1, 2")}, "SB1309"),
    "another book": ({"sealing": SEALING.replace("1, 1, 2, 1, 2", "2, 1, 2, 1, 2")}, "SB1309"),
    "no seal": ({"sealing": ""}, "FOREIGN KEY"),
}


def by_hand(engine: sa.Engine, statements: dict[str, str]) -> None:
    """Runs the statements as posting does: rows without their guards, then the sealing with them."""
    with UnitOfWork(engine) as work:
        if "lock" in statements:
            work.connection.exec_driver_sql(statements["lock"])
        with lifted(work, LIFTED):
            for name, statement in statements.items():
                if statement and name not in {"sealing", "lock"}:
                    work.connection.exec_driver_sql(statement)
        if statements["sealing"]:
            work.connection.exec_driver_sql(statements["sealing"])
        work.commit()


def guards(engine: sa.Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return dict(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all())  # type: ignore[arg-type]


def empty(engine: sa.Engine) -> bool:
    with reading(engine) as connection:
        tables = ("entry", "line", "seal", "chain", "balance", "sealing")
        return not any(connection.exec_driver_sql(f"SELECT COUNT(*) FROM shebao_{table}").scalar_one() for table in tables)


def test_whole_entries_are_sealed(engine: sa.Engine) -> None:
    """L1, L8: with Python out of the way, two whole entries are sealed at once, balances move, and nothing of the asking stays."""
    before = guards(engine)
    by_hand(engine, GOOD)
    assert guards(engine) == before
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT entry_id FROM shebao_seal").scalars().all() == [1, 2]
        assert balances.prove(connection, 1) == 2
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM shebao_sealing").scalar_one() == 0
    with pytest.raises(DatabaseRefusal, match="SB1309"), UnitOfWork(engine) as work:
        work.connection.exec_driver_sql(SEALING)


@pytest.mark.parametrize("fault", BAD)
def test_an_illegal_batch_is_refused(engine: sa.Engine, fault: str) -> None:
    """L1, L3-L6, L9, L11, C6: with Python and the row guards out of the way, nothing illegal is sealed, nothing of it stays, and the guards are back."""
    changed, said = BAD[fault]
    before = guards(engine)
    with pytest.raises((DatabaseRefusal, sa.exc.IntegrityError), match=said):
        by_hand(engine, GOOD | changed)
    assert guards(engine) == before and empty(engine)


def many(count: int = TOGETHER) -> list[tuple[Entry, Signed]]:
    return [(simple(n + 1, source=f"doc:{n}"), PEOPLE) for n in range(count)]


def test_python_refuses_a_batch_alike(engine: sa.Engine) -> None:
    """L5, L6, L9, L11: one entry among many that may not be posted is refused by its own code and nothing is written."""
    made = simple(5, source="odd")
    wrong = {
        PeriodNotOpen: (simple(5, source="odd", period=Month(2026, 2)), PEOPLE),
        AccountNotUsable: (simple(5, source="odd", debit="9999"), PEOPLE),
        AlreadyBooked: (simple(5, source="doc:1"), PEOPLE),
        NoAuthority: (made, Signed("a", "b", "b")),
    }
    for refusal, odd in wrong.items():
        with pytest.raises(refusal), UnitOfWork(engine) as work:
            post_many(work, 1, [*many(), odd], NOW)
            work.commit()
    assert empty(engine)


def test_a_missing_guard_refuses_a_batch(engine: sa.Engine) -> None:
    """A guard that is not there cannot be laid again: nothing is posted."""
    for name in LIFTED:
        with pytest.raises(GuardMissing), UnitOfWork(engine) as work:
            work.connection.exec_driver_sql(f"DROP TRIGGER {name}")
            post_many(work, 1, many(), NOW)
            work.commit()
    assert empty(engine)


def test_guards_are_back_after_a_failure_that_is_swallowed(engine: sa.Engine) -> None:
    """A caller who goes on after a failure in the middle commits with every guard in its place."""
    before = guards(engine)
    with UnitOfWork(engine) as work:
        with pytest.raises(ZeroDivisionError), lifted(work, LIFTED):
            raise ZeroDivisionError
        work.commit()
    assert guards(engine) == before


def test_a_batch_leaves_guards_and_books_whole(engine: sa.Engine) -> None:
    """L3, L8, C6: after batches of both sizes the guards are those laid at first, and what is posted stands."""
    before = guards(engine)
    for start, count in ((0, TOGETHER), (100, 3), (200, 200)):
        with UnitOfWork(engine) as work:
            post_many(work, 1, [(simple(n, source=f"doc:{start}:{n}"), PEOPLE) for n in range(1, count + 1)], NOW)
            work.commit()
    assert guards(engine) == before
    with reading(engine) as connection:
        assert chain.verify(connection) == TOGETHER + 203 == len(list(posted.entries(connection, 1)))
        assert balances.prove(connection, 1) == 2


CRASH = """
import os, signal, sys
from ledger import posting
from ledger.db import UnitOfWork, open_engine
from tests.ledger.test_sealing import NOW, many
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
posting._recorded = die
with UnitOfWork(open_engine("sqlite:///" + sys.argv[1])) as work:
    posting.post_many(work, 1, many(2000), NOW)
"""


@pytest.mark.skipif(os.name != "posix", reason="no SIGKILL here")
def test_a_crash_between_lifting_and_laying(engine: sa.Engine, tmp_path: Path) -> None:
    """The process is killed while the guards are lifted: whoever opens the store next finds every guard and nothing posted."""
    before, file = guards(engine), tmp_path / "store.db"
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", CRASH, str(file)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    again = open_engine(sqlite_url(file))
    assert guards(again) == before and empty(again)
    with pytest.raises(DatabaseRefusal, match="SB1301"), UnitOfWork(again) as work:
        work.connection.exec_driver_sql(head(5))
    again.dispose()


ACCOUNTS = ("1002", "1003", "1004", "3001", "4001", "4201", "500101", "500102", "1101")


@pytest.mark.parametrize("stray", [False, True])
def test_rows_on_more_than_four_accounts_tie(store_url: str, stray: bool) -> None:
    """L10: rows over nine accounts tie to their lines whatever the order of accounts; one row moved between two of the last is refused."""
    engine = opened(store_url)
    rows = [(f"{n:03d}", "甲", 202601, 10 + n, account) for n, account in enumerate(ACCOUNTS[:-1])]
    total = sum(row[3] for row in rows)
    lines = [Line(account, Side.D, 10 + n) for n, account in enumerate(ACCOUNTS[:-1])] + [Line("1101", Side.C, total)]
    if stray:
        rows[-1] = (*rows[-1][:3], rows[-1][3], "500101")
    made = Entry(JANUARY, JANUARY.first_day, "发放", tuple(lines), "release:1", "r:1", payout_source=7, payout_count=len(rows), payout_fen=total,
                 payout_digest=payout_digest(rows))  # fmt: skip
    if stray:
        with pytest.raises(DatabaseRefusal, match="SB1305"), UnitOfWork(engine) as work:
            posting.post(work, 1, made, PEOPLE, NOW, rows)
    else:
        with UnitOfWork(engine) as work:
            posting.post(work, 1, made, PEOPLE, NOW, rows)
            work.commit()
    engine.dispose()

"""The payment chain under kill -9 and under two writers at once, in short; the long run is ``python -m tests.crash``."""

from __future__ import annotations

import random
import threading
from pathlib import Path

from controls import bankreturn
from ledger.db import UnitOfWork, open_engine
from ledger.errors import Refusal
from tests.controls.payment_desk import NOW, desk, someone, taken
from tests.crash import posting
from tests.crash.payment import Crashes


def test_nothing_acknowledged_is_lost_and_nothing_half_done(store_url: str, tmp_path: Path) -> None:
    """Five writers killed at random statements and commits from signing to the bank's return; then the rest is done."""
    made = Crashes(store_url, tmp_path / "home", random.Random(7))
    while made.kills < 5:
        made.kill()
    made.finish()
    made.office.engine.dispose()


def test_posting_is_whole_or_not_at_all(store_url: str, tmp_path: Path) -> None:
    """Five writers of vouchers killed between proposing and posting: entries, balances and trail tell the same, and the rest is done."""
    made = posting.Crashes(store_url, tmp_path, random.Random(5))
    while made.kills < 5:
        made.kill()
    made.finish()
    made.office.engine.dispose()


def test_two_returns_at_once(store_url: str, tmp_path: Path) -> None:
    """Two accountants take in the bank's return at the same moment: one wins, the other is told that it is there (SB3020, SB3074, SB3075)."""
    office = desk(store_url, tmp_path / "home")
    number = office.released()
    office.send(number)
    tables = [office.answer_of_bank(number), office.answer_of_bank(number, 2)]
    office.engine.dispose()
    said: list[str] = []
    both = threading.Barrier(2)

    def take(place: int) -> None:
        engine = open_engine(store_url)
        try:
            both.wait(timeout=20)
            with UnitOfWork(engine) as work:
                bankreturn.take(work, office.home, taken(tables[place], "bank-return", f"回盘{place}.csv"), someone("zhao"), NOW, number)
                work.commit()
            said.append("")
        except Refusal as refusal:
            said.append(refusal.code)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=take, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    won, lost = sorted(said)
    assert won == "" and lost in {"SB3074", "SB3075"}, said
    with office.engine.connect() as connection:
        found = bankreturn.returned(connection, number)
        connection.rollback()
    assert found is not None and found.paid[0] + found.failed[0] == 5

"""Random people on the payment chain: nothing is paid outside it, whatever anybody tries; and the model notices what should not be."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from ledger.db import open_engine
from tests.controls.payment_desk import Desk
from tests.model.chain import Chain, Wrong
from tests.model.chain_playing import office, play


def test_random_people(store_url: str, tmp_path: Path) -> None:
    """A few hundred acts, most of them wrong: rosters are paid, and every rule of the model holds after each act."""
    acts = 260 if store_url.startswith("sqlite") else 60
    told = play(lambda place: store_url, tmp_path, acts=acts, seed=7)
    assert sum(told.values()) >= acts
    assert any(what.endswith("done") for what in told) and any("SB3001" in what for what in told)


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with a roster that was paid, without its guards."""
    folder = tmp_path_factory.mktemp("chain")
    made = office(f"sqlite:///{folder}/store.db", folder / "office", random.Random(1))
    roster_id = made.desk.released()
    made.desk.send(roster_id)
    made.desk.returned(roster_id, made.desk.answer_of_bank(roster_id))
    made.desk.engine.dispose()
    with sqlite3.connect(folder / "store.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder


FAULTS = {
    "one person twice": "UPDATE shebao_roster SET built_by = 'li'",
    "without the duty": "UPDATE shebao_signature SET user_id = 'ji' WHERE duty = 'REVIEW'",
    "another content": "UPDATE shebao_signature SET digest = 'x' WHERE duty = 'AUTHORISE'",
    "no review": "DELETE FROM shebao_signature WHERE duty = 'REVIEW'",
    "a fen more": "UPDATE shebao_release SET fen = fen + 1",
    "another sum sent": "UPDATE shebao_bank_batch SET fen = fen + 1",
    "the bank's sum": "UPDATE shebao_bank_return SET paid_fen = paid_fen - 1",
    "the sender's return": "UPDATE shebao_bank_return SET taken_by = 'zhou'",
    "no second key": "DELETE FROM shebao_bank_authorisation",
    "the maker's key": "UPDATE shebao_bank_authorisation SET authorised_by = 'zhou'",
    "released by nobody": "UPDATE shebao_release SET released_by = 'zhang'",
    "paid before release": "UPDATE shebao_roster SET state = 'checked'",
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_model_notices(paid: Path, tmp_path: Path, fault: str) -> None:
    """What the guards would refuse is put into a copy of the store without them: the model names it."""
    copy = tmp_path / "store.db"
    shutil.copy(paid / "store.db", copy)
    made = Chain(Desk(open_engine(f"sqlite:///{copy}"), tmp_path), random.Random(1))
    made.prove()
    with sqlite3.connect(copy) as connection:
        connection.execute(FAULTS[fault])
    connection.close()
    with pytest.raises(Wrong):
        made.prove()
    made.desk.engine.dispose()

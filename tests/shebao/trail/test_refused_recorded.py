"""A refused act of somebody signed in is in the trail, with its code; nothing else of it stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.duties import Duty, require
from controls.errors import NotAllowed
from controls.redactions import errors
from ledger import chain
from ledger.db import reading
from shebao.cli import run
from shebao.trails import redacting
from tests.shebao.small_office import Small
from tests.shebao.trail.test_redaction import HEAD, LOGADMIN, worked


def asked(small: Small, *words: str) -> int:
    with pytest.raises(SystemExit) as ending:
        run(["--home", str(small.home), *words])
    return int(ending.value.code or 0)


def test_a_refusal_is_recorded_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """C6: the cashier who asks for a roster's review is refused; who, when, which duty, what and why stand in the trail, once, and the chain holds."""
    small = Small(tmp_path / "office")
    small.sign_in("zhou")
    before = len(list(small.trail("refused")))
    assert asked(small, "roster", "review", "7") == 3
    (said,) = small.trail("refused")[before:]
    assert (said.actor, said.duty, said.thing, said.result) == ("zhou", "CASHIER", "command:roster review 7", "refused")
    assert said.reason.startswith("SB3") and said.reason[:6] in capsys.readouterr().err
    with small.of("zhou").reading() as connection:
        assert chain.verify(connection) == said.seq


def test_nobody_leaves_no_record(tmp_path: Path) -> None:
    """C6: a refusal of nobody signed in has no person to be recorded for, and adds nothing."""
    small = Small(tmp_path / "office")
    with small.of("zhou").reading() as connection:
        before = chain.head(connection)
    assert asked(small, "roster", "review", "7") == 3
    with small.of("zhou").reading() as connection:
        assert chain.head(connection) == before


def test_the_program_is_a_door_too(store_url: str, tmp_path: Path) -> None:
    """C6: a refusal met through Python (as an importer, a script or a page meets it) is recorded once, with who, which duty and which function."""
    office = worked(store_url, tmp_path / "office")
    at = {"begun": 0}

    def fresh() -> list[chain.Record]:
        with reading(office.store) as connection:
            found = [one for one in chain.records(connection) if one.result == chain.REFUSED][at["begun"] :]
        at["begun"] += len(found)
        return found

    fresh()
    office.actor = replace(HEAD, told=office.refused)
    with pytest.raises(NotAllowed):
        redacting.ask(office, "order", "x", seqs=[2])
    office.actor = replace(HEAD, duties=frozenset({Duty.CASHIER}), told=office.refused)
    with pytest.raises(NotAllowed):
        redacting.listed(office)
    office.actor = replace(HEAD, told=office.refused)
    first, second = fresh()
    assert (first.actor, first.duty, first.thing) == ("jiang", "HEAD", "api:shebao.trails.redacting.ask") and first.reason.startswith("SB3001")
    assert second.thing == "api:shebao.trails.redacting.listed"
    with pytest.raises(NotAllowed), office.reading() as connection:
        require(office.actor, Duty.CASHIER)
        connection.rollback()
    with pytest.raises(NotAllowed), office.unit() as work:
        work.connection.execute(sa.text("SELECT 1"))
        require(office.actor, Duty.CASHIER)
    assert [one.thing.rpartition(".")[2] for one in fresh()] == ["test_the_program_is_a_door_too"] * 2
    with pytest.raises(errors.NothingToRedact):
        office.actor = LOGADMIN
        redacting.ask(office, "order", "x", seqs=[999])
    assert fresh() == []
    office.engine.dispose()

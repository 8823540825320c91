"""Signatures and release are believed as far as the trail has them: rewriting them together with the lines pays nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from controls import roster, signoff
from controls.errors_payment import RosterChanged
from tests.controls.payment_desk import NOW, Desk, desk, someone

THIEF = "6228480000000099999"
STEPS = (("submit", "zhang"), ("review", "li"), ("authorise", "wang"))


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def unguarded(office: Desk, *statements: str) -> None:
    """Runs statements as somebody who owns the database does: with the triggers out of the way."""
    with office.engine.connect() as connection:
        if office.engine.dialect.name == "sqlite":
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount
        connection.commit()
        if office.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = DEFAULT")
            connection.commit()


def forge(office: Desk, roster_id: int, *more: str) -> None:
    """Another account in line 1, its digest made anew, and the new content digest written under every signature and the release."""
    with office.engine.connect() as connection:
        first, *_ = roster.lines(connection, roster.get(connection, roster_id))
    digest = roster.line_digest(first._replace(account=THIEF))
    unguarded(office, f"UPDATE shebao_roster_line SET account = '{THIEF}', digest = '{digest}' WHERE seq = 1")
    with office.engine.connect() as connection:
        now = signoff.content(connection, roster.get(connection, roster_id)).digest
    unguarded(office, *(statement.format(digest=now) for statement in ("UPDATE shebao_signature SET digest = '{digest}'", *more)))


def signed(office: Desk, steps: Sequence[tuple[str, str]] = STEPS) -> int:
    """A roster carried through these signatures."""
    roster_id = office.build()
    office.check(roster_id)
    for step, user in steps:
        office.sign(roster_id, step, user)
    return roster_id


def test_a_forged_digest_is_not_signed_on(office: Desk) -> None:
    """C2: SB3034 at the next signature, for the handler's digest is in the trail."""
    roster_id = signed(office, STEPS[:1])
    forge(office, roster_id)
    with pytest.raises(RosterChanged, match=r"zhang 的签字.*与留痕不符"):
        office.sign(roster_id, "review", "li")


def test_a_forged_digest_is_not_released(office: Desk) -> None:
    """C2, C3: SB3034 at the release, though lines, digests and three signatures agree with one another."""
    roster_id = signed(office)
    forge(office, roster_id)
    with pytest.raises(RosterChanged, match="与留痕不符"):
        office.release(roster_id)


def test_a_forged_digest_is_not_sent(office: Desk) -> None:
    """C2, C3: SB3034 at the bank file, and nothing is written."""
    roster_id = office.released()
    forge(office, roster_id, "UPDATE shebao_release SET digest = '{digest}'")
    with pytest.raises(RosterChanged, match="与留痕不符"):
        office.send(roster_id)
    assert not (office.home / "bank.csv").exists()


CHANGES = {
    "another signer": ("UPDATE shebao_signature SET user_id = 'qian' WHERE duty = 'REVIEW'", "qian 的签字"),
    "another time": ("UPDATE shebao_signature SET signed_at = '2026-01-14T09:00:00+08:00' WHERE duty = 'REVIEW'", "li 的签字"),
    "a signature too many": (f"INSERT INTO shebao_signature SELECT book_id, roster_id, 2, duty, user_id, digest, '{NOW}' FROM shebao_signature", "第 2 轮"),
    "a signature gone": ("DELETE FROM shebao_signature WHERE duty = 'REVIEW'", "li 的签字"),
    "another round": ("UPDATE shebao_roster SET round = 2", "签字轮次"),
    "the release's fen": ("UPDATE shebao_release SET fen = fen - 1", "放行与留痕不符"),
    "the release's lines": ("UPDATE shebao_release SET line_count = line_count - 1", "放行与留痕不符"),
    "the releaser": ("UPDATE shebao_release SET released_by = 'li'", "放行与留痕不符"),
    "the trail's digest": ("UPDATE shebao_chain SET digest = 'x' WHERE act = 'roster.review'", "条留痕被改动"),
    "the trail's release": ("UPDATE shebao_chain SET act = 'roster.read' WHERE act = 'roster.release'", "条留痕被改动"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_signatures_and_release_are_those_of_the_trail(office: Desk, change: str) -> None:
    """C2, C3: SB3034 when a person, time, round, sum or record is not what was recorded, whatever the content says."""
    statement, said = CHANGES[change]
    roster_id = office.released()
    unguarded(office, statement)
    with pytest.raises(RosterChanged, match=said):
        office.send(roster_id)


def test_sending_back_keeps_both_rounds_provable(office: Desk) -> None:
    """C2: a roster sent back and signed again is released: the trail has the signatures of both rounds."""
    roster_id = signed(office, STEPS[:2])
    with office.unit() as work:
        signoff.send_back(work, someone("wang"), NOW, roster_id, "请核对")
        work.commit()
    for step, user in STEPS:
        office.sign(roster_id, step, user)
    assert office.release(roster_id).payees == 5

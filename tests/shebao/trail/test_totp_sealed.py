"""Secrets of the second factor at rest: encrypted under a key outside the database, bound to their person, refused without it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from controls.errors_duties import SecretKeyMissing
from controls.signin import sealing, totp
from controls.signin_tables import totp as table
from ledger.db import sqlite_url
from shebao import evidence_people
from shebao.store import Office
from tests.shebao.trail.test_redaction import HEAD, NOW, worked

WU = type(HEAD)("wu", "吴某", frozenset())


def enrolled(office: Office) -> pyotp.TOTP:
    """The clock of somebody who enrolled."""
    with office.unit() as work:
        clock = pyotp.parse_uri(totp.enrol(work, NOW, WU))
        work.commit()
    assert isinstance(clock, pyotp.TOTP)
    return clock


def stored(office: Office) -> str:
    with office.unit() as work:
        return work.connection.execute(sa.select(table.c.secret)).scalar_one()


def test_the_database_alone_tells_no_secret(store_url: str, tmp_path: Path) -> None:
    """The stored secret is ciphertext, codes are still computed, the key file is its owner's alone and stays as it was made, and the trail proves the row."""
    office = worked(store_url, tmp_path / "office")
    clock = enrolled(office)
    assert stored(office).startswith("aes-gcm:") and clock.secret not in stored(office)
    with office.unit() as work:
        assert len(totp.confirm(work, NOW, WU, clock.at(datetime.fromisoformat(NOW)))) == 10
        work.commit()
    key = office.home / sealing.FILE
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_text(encoding="ascii")
    sealing.make_key(office.home)
    assert key.read_text(encoding="ascii") == before
    with office.unit() as work:
        assert "行与留痕相符" in evidence_people.kept(work.connection)
    office.engine.dispose()


@pytest.mark.parametrize("spoiled", ["gone", "short", "unreadable", "another"])
def test_without_its_key_no_code_is_taken(tmp_path: Path, spoiled: str) -> None:
    """SB2299: with the key gone, cut, unreadable or another one, codes are refused and so is enrolling where there is no key at all."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    clock = enrolled(office)
    key = office.home / sealing.FILE
    key.unlink()
    if spoiled != "gone":
        key.write_bytes({"short": b"00", "unreadable": b"\xff\xfe", "another": b"ab" * 32}[spoiled])
    with pytest.raises(SecretKeyMissing), office.unit() as work:
        totp.confirm(work, NOW, WU, clock.at(datetime.fromisoformat(NOW)))
    if spoiled == "gone":
        with pytest.raises(SecretKeyMissing), office.unit() as work:
            totp.enrol(work, NOW, WU)
    office.engine.dispose()


def test_one_persons_secret_does_not_open_as_anothers(tmp_path: Path) -> None:
    """The ciphertext is bound to person and enrolment; an engine of no office keeps secrets as given."""
    office = worked(sqlite_url(tmp_path / "store.db"), tmp_path / "office")
    enrolled(office)
    with office.unit() as work:
        with pytest.raises(SecretKeyMissing):
            sealing.opened(work.connection, "jiang", 1, work.connection.execute(sa.select(table.c.secret)).scalar_one())
        with pytest.raises(SecretKeyMissing):
            sealing.opened(work.connection, "wu", 2, work.connection.execute(sa.select(table.c.secret)).scalar_one())
    office.engine.dispose()
    bare = sa.create_engine("sqlite://")
    with bare.connect() as connection:
        assert sealing.opened(connection, "wu", 1, sealing.sealed(connection, "wu", 1, "ABC")) == "ABC"
    bare.dispose()

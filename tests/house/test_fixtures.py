"""The shared fixtures themselves: each test has a database of its own, on both kinds."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import private_postgres
from tests.conftest import Clock


def test_store_url_is_an_empty_database(store_url: str) -> None:
    """A test finds no table that another test made."""
    engine = sa.create_engine(store_url)
    try:
        assert sa.inspect(engine).get_table_names() == []
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE mine (n integer)"))
        assert sa.inspect(engine).get_table_names() == ["mine"]
    finally:
        engine.dispose()


def test_store_url_is_empty_again(store_url: str) -> None:
    """The table that the test above made is gone."""
    test_store_url_is_an_empty_database(store_url)


def test_clock_moves_only_when_told(clock: Clock) -> None:
    """Two looks at the clock give one time, and advancing moves it by what was asked."""
    before = clock()
    assert clock() == before
    assert (clock.advance(days=1) - before).days == 1
    assert clock.today().isoformat() == "2026-05-21"


@pytest.mark.skipif(os.name == "nt", reason="needs Unix processes")
def test_leavings_of_a_killed_run_are_swept() -> None:
    """The folder of a test process that is gone is removed; that of a living one stays."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folders = {pid: Path(tempfile.mkdtemp(prefix=private_postgres.PREFIX)) for pid in (gone.pid, os.getpid())}
    for pid, folder in folders.items():
        (folder / private_postgres.OWNER).write_text(str(pid), encoding="ascii")
    private_postgres.sweep()
    assert not folders[gone.pid].exists()
    assert folders[os.getpid()].exists()
    folders[os.getpid()].joinpath(private_postgres.OWNER).unlink()
    folders[os.getpid()].rmdir()


@pytest.mark.skipif(os.name == "nt", reason="needs Unix processes")
def test_a_cluster_killed_with_its_run_is_swept() -> None:
    """What a server killed together with its test process left is removed, also when its number is another process's now; a living one is stopped."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = []
    for number in (gone.pid, os.getpid()):
        folder = Path(tempfile.mkdtemp(prefix=private_postgres.PREFIX))
        (folder / "data").mkdir()
        (folder / "data" / "postmaster.pid").write_text(f"{number}\n{folder / 'data'}\n", encoding="ascii")
        (folder / private_postgres.OWNER).write_text(str(gone.pid), encoding="ascii")
        left.append(folder)
    private_postgres.sweep()
    assert not any(folder.exists() for folder in left)
    try:
        with pytest.raises(FileNotFoundError), private_postgres.cluster() as server:
            (server.sockets / private_postgres.OWNER).write_text(str(gone.pid), encoding="ascii")
            private_postgres.sweep()
            assert not server.sockets.exists()
            with pytest.raises(sa.exc.OperationalError):
                sa.create_engine(server.url()).connect()
    except private_postgres.NotHere as reason:
        pytest.skip(str(reason))


def test_a_durable_cluster_keeps_its_promises() -> None:
    """A bench's cluster leaves fsync on; a test's turns it off."""
    assert "fsync" in private_postgres.UNSAFE_BUT_FAST
    try:
        with private_postgres.cluster(durable=True) as server:
            engine = sa.create_engine(server.url())
            with engine.connect() as connection:
                assert connection.exec_driver_sql("SHOW fsync").scalar_one() == "on"
            engine.dispose()
    except private_postgres.NotHere as reason:
        pytest.skip(str(reason))

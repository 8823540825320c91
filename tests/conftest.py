"""Fixtures every room shares: a fresh store on either database, a browser, and a clock that stands still."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.private_postgres import Cluster, NotHere, cluster

CHINA = timezone(timedelta(hours=8), "UTC+08:00")
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _no_settings_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own SHEBAO_… settings never reach a test."""
    for name in [name for name in os.environ if name.startswith("SHEBAO_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[Callable[[Any, Any], None]]:
    """SQLite in this process does not wait for the platter, as the private PostgreSQL does not: no test cuts the power. Children are tuned as ever."""
    from ledger import db

    tune = db._tune_sqlite

    def quick(connection: Any, record: Any) -> None:
        tune(connection, record)
        connection.execute("PRAGMA synchronous=OFF").close()

    db._tune_sqlite = quick
    yield tune
    db._tune_sqlite = tune


@pytest.fixture
def product_tuning(_no_waiting_for_the_disk: Callable[[Any, Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite tuned as in the product, for the tests that look at the tuning itself."""
    monkeypatch.setattr("ledger.db._tune_sqlite", _no_waiting_for_the_disk)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A private PostgreSQL server, one a test process; skips with the reason where none is installed."""
    try:
        with cluster() as server:
            yield server
    except NotHere as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """SQLAlchemy URL of the private server's maintenance database."""
    return postgres.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """SQLAlchemy URL of an empty database of the test's own; every test that takes it runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{(tmp_path / 'store.sqlite').as_posix()}"
        return
    server: Cluster = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE template1")
    try:
        yield server.url(name)
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium-like browser that can run without a screen; skips with the reason where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium-like browser is installed")


class Clock:
    """A clock for tests: call it for the time, ``advance`` it by hand. It starts at 2026-05-20 09:00 in China."""

    def __init__(self, now: datetime = datetime(2026, 5, 20, 9, 0, tzinfo=CHINA)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def today(self) -> date:
        """The day it is in China."""
        return self.now.astimezone(CHINA).date()

    def advance(self, **by: float) -> datetime:
        """Moves on by ``timedelta(**by)`` and gives the new time."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that only moves when told to."""
    return Clock()

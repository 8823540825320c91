"""The shared fixtures themselves: each test has a database of its own, on both kinds."""

from __future__ import annotations

import sqlalchemy as sa

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

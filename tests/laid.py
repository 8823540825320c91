"""Stores laid once a test process and copied ever after: a file on SQLite, ``CREATE DATABASE … TEMPLATE`` on PostgreSQL.

Tables and guards of a room take a fifth of a second on SQLite and a second on PostgreSQL, a copy takes a twentieth of that; a thousand tests begin
with an empty store. What a test does in its copy no other test sees.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import sqlalchemy as sa

from ledger.db import open_engine

_files: dict[str, Path] = {}
_databases: dict[tuple[str, str], str] = {}
_numbers = itertools.count(1)


def laid(url: str, key: str, lay: Callable[[str], sa.Engine]) -> sa.Engine:
    """An engine on the empty database ``url`` after ``lay`` has worked on it; ``key`` names all that ``lay`` depends on.

    A store that stands already, one in memory and an office with a folder of its own (its law could differ) are laid as they are.
    """
    place = sa.make_url(url)
    if os.environ.get("SHEBAO_TEMPLATES") or not place.database or place.database == ":memory:":
        return lay(url)
    if place.get_backend_name() == "sqlite":
        return _copied_file(url, Path(place.database), key, lay)
    return _copied_database(place, key, lay)


def _copied_file(url: str, file: Path, key: str, lay: Callable[[str], sa.Engine]) -> sa.Engine:
    if file.exists():
        return lay(url)
    if key not in _files:
        folder = Path(mkdtemp(prefix="laid-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        lay(f"sqlite:///{(folder / 'store.sqlite').as_posix()}").dispose()
        _files[key] = folder / "store.sqlite"
    shutil.copyfile(_files[key], file)
    return open_engine(url)


def _copied_database(place: sa.URL, key: str, lay: Callable[[str], sa.Engine]) -> sa.Engine:
    server = sa.create_engine(place.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with server.connect() as connection:
        known = (f"{place.host}:{place.port}", key)
        if known not in _databases:
            name = f"laid_{next(_numbers)}"
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template1")
            lay(place.set(database=name).render_as_string(hide_password=False)).dispose()
            _databases[known] = name
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {place.database} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {place.database} TEMPLATE {_databases[known]}")
    return open_engine(place)

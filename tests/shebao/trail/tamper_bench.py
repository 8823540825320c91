"""A store laid open once: forgeries run in a transaction, the answering proofs asked, everything taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ledger import chain
from shebao.verification import Result, proved
from tests.ledger.tamper import disarm
from tests.shebao.trail.samples import SAMPLES
from tests.shebao.trail.tamper_spec import Spec
from tests.shebao.trail.tampering import Tamper

NOW = "2026-02-01T09:00:00+08:00"


@dataclass
class Bench:
    """A connection without guards and the office's folder."""

    connection: sa.Connection
    home: Path
    witness: str

    def broken(self, spec: Spec) -> Iterator[Result]:
        """What the answering proofs find wrong, one after another."""
        return (one for one in proved(self.connection, self.home, NOW, self.witness, only=frozenset(spec.proofs)) if not one.ok)

    @contextmanager
    def tampered(self, forgery: Tamper) -> Iterator[None]:
        """The store with the forgery in it, for as long as the block lasts."""
        try:
            for statement in forgery.statements:
                assert self.connection.execute(statement).rowcount != 0, forgery.what
            yield
        finally:
            self.connection.rollback()


@contextmanager
def opened_by_owner(sample: str, url: str, folder: Path) -> Iterator[Bench]:
    """A sample on PostgreSQL as the server's master sees it: triggers and references do not fire, lists and uniqueness hold."""
    store = SAMPLES[sample](url, folder)
    store.engine.dispose()
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SET SESSION session_replication_role = replica")
            connection.commit()
            seq, head = chain.head(connection)
            yield Bench(connection, store.home, f"{seq}:{head}")
    finally:
        engine.dispose()


@contextmanager
def opened(sample: str, folder: Path) -> Iterator[Bench]:
    """A sample on SQLite with every trigger dropped, and no CHECK or reference in the way."""
    store = SAMPLES[sample](f"sqlite:///{(folder / 'store.db').as_posix()}", folder)
    file = str(store.engine.url.database)
    store.engine.dispose()
    with sqlite3.connect(file, isolation_level=None) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        disarm(database)
    database.close()
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        for pragma in ("ignore_check_constraints = ON", "foreign_keys = OFF", "synchronous = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        seq, head = chain.head(connection)
        yield Bench(connection, store.home, f"{seq}:{head}")
    engine.dispose()

"""Vouchers that lie in the database (:class:`Lying`), put in the order they are to be posted in, as a relation that SQL of both databases reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ledger.db import UnitOfWork
from ledger.errors import from_database
from ledger.tables import entry


@dataclass(frozen=True, slots=True)
class Lying:
    """Vouchers of one book lying in ``heads`` and ``legs`` (tables with the columns of entries and lines) under ``key``, in the order of ``keys``."""

    work: UnitOfWork
    book_id: int
    heads: str
    legs: str
    key: str
    keys: Sequence[int]
    last: int
    """The book's last entry before them."""

    @property
    def places(self) -> str:
        """The relation ``p`` (entry_id, key) in SQL."""
        if self.work.is_sqlite:
            return "temp.shebao_place p"
        return "(SELECT CAST(:last_id + at AS integer) AS entry_id, one AS key FROM unnest(CAST(:keys AS integer[])) WITH ORDINALITY AS given(one, at)) p"

    @property
    def of_heads(self) -> str:
        """``p`` with its vouchers ``v``."""
        return f"{self.places} CROSS JOIN {self.heads} v WHERE {self.within('v')}"

    def within(self, table: str) -> str:
        """The condition that ties a table of vouchers or of their lines to ``p``."""
        return f"{table}.book_id = :book_id AND {table}.{self.key} = p.key"

    def run(self, statement: str, **more: Any) -> sa.CursorResult[Any]:
        """Executes SQL that may read :attr:`places` and name ``:book_id``."""
        given = {"book_id": self.book_id, **({} if self.work.is_sqlite else {"last_id": self.last, "keys": list(self.keys)}), **more}
        text = sa.text(statement)
        return self.work.connection.execute(text, {name: value for name, value in given.items() if name in text._bindparams})


@contextmanager
def lying(work: UnitOfWork, book_id: int, heads: str, legs: str, key: str, keys: Sequence[int]) -> Iterator[Lying]:
    """The vouchers ``keys`` in their places behind the book's last entry; on SQLite the places stand in a temporary table while the block lasts."""
    last = int(work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(entry.c.entry_id), 0)).where(entry.c.book_id == book_id)).scalar_one())
    made = Lying(work, book_id, heads, legs, key, keys, last)
    if not work.is_sqlite:
        # For this transaction: statements over many rows at once are short, so compiling them costs more than it saves, and their sorts stay in memory.
        work.connection.exec_driver_sql("SET LOCAL jit = off")
        work.connection.exec_driver_sql("SET LOCAL work_mem = '32MB'")
        yield made
        return
    work.connection.exec_driver_sql("CREATE TEMP TABLE shebao_place (entry_id INTEGER PRIMARY KEY, key INTEGER NOT NULL) STRICT")
    work.connection.exec_driver_sql("INSERT INTO temp.shebao_place VALUES (?, ?)", list(enumerate(keys, start=last + 1)))
    try:
        yield made
    finally:
        driver: Any = work.connection.connection.driver_connection
        if driver.in_transaction:
            driver.execute("DROP TABLE temp.shebao_place")


@contextmanager
def proved(work: UnitOfWork) -> Iterator[list[bool]]:
    """What the block writes, kept unless a rule of the database refuses it: then all of it is undone and the list given stays empty.

    The store's own trouble (locked, full, gone) is no such rule, and raises.
    """
    kept: list[bool] = []
    try:
        with work.connection.begin_nested():
            yield kept
            kept.append(True)
    except Exception as error:
        if kept:
            kept.clear()
        if not isinstance(error, (sa.exc.IntegrityError, _broken(work))) and from_database(error) is None:
            raise


def _broken(work: UnitOfWork) -> type[Exception]:
    found: type[Exception] = work.engine.dialect.loaded_dbapi.IntegrityError
    return found

"""Engine, unit of work and the one MetaData. SQLite (WAL, synchronous=FULL, foreign keys) or PostgreSQL by URL.

Every write runs in a :class:`UnitOfWork` that rolls back unless committed; on SQLite it takes the write
lock at once (BEGIN IMMEDIATE), so that what it read is still true when it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from ledger.errors import Refusal, from_database
from ledger.months import Month

metadata = sa.MetaData()

BUSY_SECONDS = 30


class StoreUnreachable(Refusal):
    """The database does not answer."""

    code = "SB1201"
    zh = "打不开数据库 {url}：{why}"
    en = "The database {url} cannot be opened: {why}"
    cause_zh = "账套存放在数据库中；文件不存在、被占用，或服务器未启动。"
    cause_en = "The books live in the database; the file is missing or locked, or the server is down."
    remedy_zh = "检查 --home 目录是否正确、数据库服务是否启动；新单位先运行 shebao init。"
    remedy_en = "Check --home and the database server; a new office runs shebao init first."


class MonthNumber(sa.types.TypeDecorator[Month]):
    """Month stored as the integer ``yyyymm``."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        if value is None or isinstance(value, int):
            return value
        number: int = value.number
        return number

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Month | None:
        return None if value is None else Month.from_number(value)


def _tune_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}", "cache_size=-65536", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("shebao_read") else "BEGIN IMMEDIATE")


def open_engine(url: str | URL) -> sa.Engine:
    """An engine for ``sqlite:///file`` or ``postgresql+psycopg://…``, tuned as the invariants need.

    Connections are opened per unit of work and closed after it: a command lives shortly, and none is left behind.
    """
    parsed = make_url(url)
    engine = sa.create_engine(parsed, poolclass=sa.pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_url(path: Path) -> str:
    """URL of an SQLite file."""
    return f"sqlite:///{path.as_posix()}"


class UnitOfWork:
    """One transaction: ``with UnitOfWork(engine) as work: … work.commit()``; without commit all is undone.

    Errors raised by database guards come back as the refusal whose code they carry.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def __enter__(self) -> UnitOfWork:
        try:
            self.connection = self.engine.connect()
            self._transaction = self.connection.begin()
        except DBAPIError as error:
            raise StoreUnreachable(url=self.engine.url.render_as_string(hide_password=True), why=error.orig) from error
        self._done = False
        return self

    def commit(self) -> None:
        """Makes the unit's work durable; deferred rules (an entry without its seal) are checked here."""
        try:
            self._transaction.commit()
        except DBAPIError as error:
            raise _translated(error) from error
        self._done = True

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if not self._done:
                self._transaction.rollback()
        finally:
            self.connection.close()
        if error is not None and not isinstance(error, Refusal) and (meant := from_database(error)) is not None:
            raise meant from error

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def _translated(error: DBAPIError) -> BaseException:
    """The refusal a guard meant, else the driver's own error (bulk paths raise it unwrapped)."""
    return from_database(error) or error


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for reading: one consistent snapshot, no write lock."""
    with engine.connect().execution_options(shebao_read=True) as connection:
        try:
            yield connection
        finally:
            connection.rollback()

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
from sqlalchemy.exc import ArgumentError, DBAPIError

from ledger.errors import UNUSABLE, Refusal, from_database
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


class StoreFailed(Refusal):
    """The database opened, and then did not do its part: locked too long, disk full, server gone, file damaged."""

    code = "SB1202"
    zh = "数据库没有完成这一步：{why}"
    en = "The database did not complete this step: {why}"
    cause_zh = "数据库被别的程序占用过久、磁盘已满、文件只读或损坏，或服务器中断；这一步是一个事务，未提交的已全部撤回。"
    cause_en = "The database was locked too long, the disk is full, the file is read-only or damaged, or the server went; what was not committed is undone."
    remedy_zh = "排除原因后重做这一步；重做前用 list 或 shebao verify 看一眼是否已完成，再用 shebao doctor 检查数据库。"
    remedy_en = "Remove the cause and repeat the step; look first whether it is done (list, shebao verify), and let shebao doctor look the database over."


class BadStoreAddress(Refusal):
    """A database URL that this program cannot use."""

    code = "SB1203"
    zh = "数据库地址不能用（{scheme}）：{why}"
    en = "The database URL cannot be used ({scheme}): {why}"
    cause_zh = "只支持 sqlite:///文件 和 postgresql+psycopg://用户@主机/库名。地址可能含密码，这里不显示全文。"
    cause_en = "sqlite:///file and postgresql+psycopg://user@host/name are supported. A URL may hold a password and is not shown in full."
    remedy_zh = "改正 shebao.toml 的 [database] url（或 init --db）后重试。"
    remedy_en = "Mend url under [database] in shebao.toml (or init --db) and try again."
    status = UNUSABLE


# SQLite's primary result codes that are trouble with the store, not with a statement: perm, busy, locked, nomem, readonly, interrupt, ioerr,
# corrupt, full, cantopen, protocol, nolfs, auth, notadb.
_SQLITE_TROUBLE = frozenset({3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 22, 23, 26})
# PostgreSQL: classes of SQLSTATE (connection, authorisation, wrong database, deadlock and serialisation, resources, locks, operator, system), and two states
# (no privilege, read-only transaction). No state at all is a connection that could not be made.
_POSTGRESQL_TROUBLE = ("08", "28", "3D", "40", "53", "55", "57", "58", "42501", "25006")


def store_trouble(error: BaseException) -> Refusal | None:
    """The refusal for a driver error that is the store's trouble (locked, full, gone, damaged); None for a wrong statement or anything else."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    room = type(driver).__module__.partition(".")[0]
    number, state = getattr(driver, "sqlite_errorcode", None), getattr(driver, "sqlstate", None)
    if room == "sqlite3":
        trouble = number is not None and number & 0xFF in _SQLITE_TROUBLE
    elif room == "psycopg":
        trouble = str(state).startswith(_POSTGRESQL_TROUBLE) if state else type(driver).__name__ in {"OperationalError", "ConnectionTimeout", "InterfaceError"}
    else:
        trouble = False
    return StoreFailed(why=_first_line(driver)) if trouble else None


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


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


def open_engine(url: str | URL, *, kept: bool = False) -> sa.Engine:
    """An engine for ``sqlite:///file`` or ``postgresql+psycopg://…``, tuned as the invariants need; raises SB1203 for any other.

    Connections are opened per unit of work and closed after it: a command lives shortly, and none is left behind. ``kept`` keeps
    them open between units, for a process that does thousands of them and disposes of the engine itself.
    """
    engine = sa.create_engine(_supported(url), poolclass=sa.pool.QueuePool if kept else sa.pool.NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _supported(url: str | URL) -> URL:
    scheme = url.drivername if isinstance(url, URL) else url.partition(":")[0][:40]
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as wrong:
        raise BadStoreAddress(scheme=scheme or "空", why="写法有误") from wrong
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise BadStoreAddress(scheme=scheme, why="不支持这种数据库或驱动")
    if parsed.drivername.startswith("sqlite") and (parsed.host or not parsed.database):
        raise BadStoreAddress(scheme=scheme, why="没有写文件名，或斜线少了一条")
    return parsed


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
        self.connection = _connected(self.engine)
        try:
            self._transaction = self.connection.begin()
        except DBAPIError as error:
            self.connection.close()
            raise store_trouble(error) or error from error
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
        except DBAPIError as lost:
            if error is None:
                raise _translated(lost) from lost
        finally:
            self.connection.close()
        if error is not None and not isinstance(error, Refusal) and (meant := from_database(error) or store_trouble(error)) is not None:
            raise meant from error

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def _translated(error: DBAPIError) -> BaseException:
    """The refusal a guard meant or the store's trouble, else the driver's own error (bulk paths raise it unwrapped)."""
    return from_database(error) or store_trouble(error) or error


def _connected(engine: sa.Engine) -> sa.Connection:
    """A connection; raises SB1201 when the database cannot be opened."""
    try:
        return engine.connect()
    except DBAPIError as error:
        raise StoreUnreachable(url=engine.url.render_as_string(hide_password=True), why=_first_line(error.orig)) from error


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for reading: one consistent snapshot, no write lock. Raises SB1201, and SB1202 when the database fails on the way."""
    with _connected(engine).execution_options(shebao_read=True) as connection:
        try:
            try:
                yield connection
            finally:
                connection.rollback()
        except DBAPIError as error:
            raise _translated(error) from error

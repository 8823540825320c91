"""A small store for ledger tests: one unit, one book of a toy chart."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ledger import accounts, tables
from ledger.db import UnitOfWork, metadata, open_engine
from ledger.entries import Entry, Line, Side
from ledger.funds import Fund
from ledger.months import Month
from ledger.schema import run_guards
from tests.laid import laid

JANUARY = Month(2026, 1)
TOY = [
    ("1002", "收入户存款", "D", "asset"),
    ("1003", "财政专户存款", "D", "asset"),
    ("1004", "支出户存款", "D", "asset"),
    ("1101", "暂付款", "D", "asset"),
    ("3001", "一般基金结余", "C", "net"),
    ("4001", "社会保险费收入", "C", "income"),
    ("4201", "利息收入", "C", "income"),
    ("500101", "基础养老金", "D", "expense"),
    ("500102", "个人账户养老金", "D", "expense"),
]


def unguarded(connection: sa.Connection) -> None:
    """Lets a store that is laid without guards take rows: on PostgreSQL it is the guards that make partitions."""
    if connection.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            if table.dialect_kwargs.get("postgresql_partition_by") and sa.inspect(connection).has_table(table.name):
                connection.exec_driver_sql(f"CREATE TABLE {table.name}_other PARTITION OF {table.name} DEFAULT")


def fresh(url: str) -> sa.Engine:
    """An engine on an empty database with the ledger's tables and guards."""
    return laid(url, "ledger", _fresh)


def _fresh(url: str) -> sa.Engine:
    engine = open_engine(url)
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=tables.LEDGER_TABLES)
        run_guards(work.connection)
        work.commit()
    return engine


def opened(url: str) -> sa.Engine:
    """A fresh store with unit U1 and book 1 (fund R), its first period January 2026 open."""
    return laid(url, "ledger with a book", _opened)


def _opened(url: str) -> sa.Engine:
    engine = _fresh(url)
    with UnitOfWork(engine) as work:
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        chart = [accounts.BookAccount(c, n, n, s, e, "", True, "toy", "2018-01-01", "") for c, n, s, e in TOY]
        accounts.open_book(work, 1, "U1", Fund.R, "toy", JANUARY, chart)
        work.commit()
    return engine


def simple(fen: int = 100, *, source: str = "doc-1", debit: str = "1003", credit: str = "4001", period: Month = JANUARY) -> Entry:
    """A two-line entry."""
    return Entry(
        period=period,
        day=date(period.year, period.month, 5),
        summary="收到保费",
        lines=(Line(debit, Side.D, fen), Line(credit, Side.C, fen)),
        authority="test",
        source_key=source,
    )

"""How the big tables are cut on PostgreSQL: one partition a book, payouts and contributions again by year of entitlement. SQLite has none.

The database makes partitions itself (ledger/guards/postgresql.sql) when a book or a month is opened; here they are only looked at: what there is, and
whether each holds what it should under the same guards as its table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.tables import book, contribution, payout, period

YEARLY = (payout.name, contribution.name)
"""Tables cut by year of entitlement below the book."""

_TREE = """SELECT r.relname AS root, c.relname AS part, pg_get_expr(c.relpartbound, c.oid) AS bound, t.isleaf, t.level, c.reltuples::bigint AS rows
FROM pg_partitioned_table p JOIN pg_class r ON r.oid = p.partrelid AND NOT r.relispartition AND r.relname LIKE 'shebao\\_%'
  AND r.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'shebao_book'::regclass)
CROSS JOIN LATERAL pg_partition_tree(r.oid) t JOIN pg_class c ON c.oid = t.relid WHERE t.level > 0 ORDER BY r.relname, c.relname"""
_LACKING = """SELECT c.relname, g.tgname
FROM pg_partitioned_table p JOIN pg_class r ON r.oid = p.partrelid AND NOT r.relispartition AND r.relname LIKE 'shebao\\_%'
JOIN pg_trigger g ON g.tgrelid = r.oid AND NOT g.tgisinternal
CROSS JOIN LATERAL pg_partition_tree(r.oid) t JOIN pg_class c ON c.oid = t.relid
LEFT JOIN pg_trigger o ON o.tgrelid = t.relid AND o.tgname = g.tgname
  AND (o.tgenabled, o.tgfoid, o.tgtype, o.tgargs) = (g.tgenabled, g.tgfoid, g.tgtype, g.tgargs)
WHERE t.level > 0 AND o.oid IS NULL ORDER BY 1, 2"""

_LOOSE = """SELECT c.relname FROM pg_class r CROSS JOIN LATERAL pg_partition_tree(r.oid) t JOIN pg_class c ON c.oid = t.relid
LEFT JOIN pg_constraint k ON k.conrelid = t.relid AND k.contype = 'f' AND k.convalidated
  AND k.confrelid = to_regclass(replace(c.relname, r.relname, 'shebao_entry'))
WHERE r.relname IN ('shebao_line', 'shebao_document') AND r.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'shebao_book'::regclass)
  AND t.isleaf AND k.oid IS NULL ORDER BY 1"""
"""Partitions of lines and papers that have lost their key to the entries of their book."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: its table, name, bound as PostgreSQL prints it, whether it holds rows itself, and about how many (the planner's count; -1 unknown)."""

    table: str
    name: str
    bound: str
    leaf: bool
    level: int
    rows: int

    @property
    def default(self) -> bool:
        """Whether it takes what fits nowhere else; such a one stays empty."""
        return self.bound == "DEFAULT"


def known(connection: sa.Connection) -> list[Partition]:
    """Every partition by table and name; none on SQLite."""
    if connection.dialect.name != "postgresql":
        return []
    return [Partition(row.root, row.part, row.bound, row.isleaf, row.level, row.rows) for row in connection.execute(sa.text(_TREE.replace(":", "\\:")))]


def faults(connection: sa.Connection) -> Iterator[str]:
    """What is not as it should be, in words: rows in a default partition, a book or year without its own, a partition without a guard of its table
    or without the key that ties its rows to their entries."""
    if connection.dialect.name != "postgresql":
        return
    there = known(connection)
    names = {one.name for one in there}
    for one in there:
        if one.default and one.leaf and connection.execute(sa.select(sa.literal(1)).select_from(sa.table(one.name)).limit(1)).first() is not None:
            yield f"{one.name} 应为空，有内容"
    for table in sorted({one.table for one in there}):
        for book_id in connection.execute(sa.select(book.c.book_id).order_by(book.c.book_id)).scalars():
            if f"{table}_b{book_id}" not in names:
                yield f"{table} 缺账套 {book_id} 的分区"
    reach = {name: _reach(there, name) for name in {f"{one.table}_b" for one in there if one.table in YEARLY}}
    for book_id, last in connection.execute(sa.select(period.c.book_id, sa.func.max(sa.type_coerce(period.c.period, sa.Integer))).group_by(period.c.book_id)):
        for stem, ends in reach.items():
            if ends.get(f"{stem}{book_id}", 0) <= last:
                yield f"{stem}{book_id} 缺 {last // 100} 年的分区"
    for name, guard in connection.exec_driver_sql(_LACKING.replace("%", "%%")):
        yield f"{name} 缺守护规则 {guard}"
    for (name,) in connection.exec_driver_sql(_LOOSE):
        yield f"{name} 缺对本账套凭证的引用"


def _reach(there: list[Partition], stem: str) -> dict[str, int]:
    """Partition of a book → the first period after its last year."""
    ends: dict[str, int] = {}
    for one in there:
        if one.level == 2 and one.name.startswith(stem) and not one.default:
            parent = stem + one.name.removeprefix(stem).partition("_")[0]
            ends[parent] = max(ends.get(parent, 0), int(one.bound.rpartition("TO (")[2].strip("')")))
    return ends

"""That every row of the controls has the row it belongs to: the database's own references, asked again with its guards out of the way."""

from __future__ import annotations

import sqlalchemy as sa

from controls.account_changes.tables import ACCOUNT_TABLES
from controls.tables import CONTROLS_TABLES
from controls.voucher_tables import VOUCHER_TABLES
from ledger.tables import book, unit
from shebao.evidence import Broken

TABLES = (*CONTROLS_TABLES, *ACCOUNT_TABLES, *VOUCHER_TABLES)


def whole(connection: sa.Connection) -> str:
    """C6: no row stands without the row it names: no signature of nothing, no answer of the bank to a file that was not sent. Raises :class:`Broken`."""
    count = 0
    there = set(sa.inspect(connection).get_table_names())
    for table in TABLES:
        for reference in table.foreign_key_constraints:
            if table.name in there and reference.referred_table.name in there:
                _holds(connection, table, reference)
                count += 1
    lone = sa.select(unit.c.code).outerjoin(book, book.c.unit_code == unit.c.code).where(book.c.book_id.is_(None)).limit(1)
    if (code := connection.execute(lone).scalar()) is not None:
        raise Broken(f"单位 {code} 没有账套")
    return f"{count} 种引用都有其所属的行"


def _holds(connection: sa.Connection, table: sa.Table, reference: sa.ForeignKeyConstraint) -> None:
    parent = reference.referred_table.alias()
    pairs = [(element.parent, parent.c[element.column.name]) for element in reference.elements]
    lacking = sa.select(table).outerjoin(parent, sa.and_(*(mine == its for mine, its in pairs))).where(pairs[0][1].is_(None)).limit(1)
    row = connection.execute(lacking).mappings().first()
    if row is not None:
        which = "、".join(f"{key.name} {row[key.name]}" for key in table.primary_key)
        raise Broken(f"{table.name[7:]} 中 {which} 的一行没有所属的 {reference.referred_table.name[7:]}")

"""Whom a roster or a person concerns (C7): users whose own number, or a registered relative's, is among those to be paid or decided on."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from controls.relative_tables import relative, relative_step
from controls.relatives.declared import RELATION_ZH
from controls.tables import hold, roster_line
from ledger import persons as register
from ledger.person_tables import number as person_number
from ledger.person_tables import person as person_table

Concerned = tuple[tuple[str, str, str], ...]


def by_roster(connection: sa.Connection, book_id: int, roster_id: int) -> Concerned:
    """(user, relation, what) for every line that is not held and whose number somebody declared; one query, whatever the roster's size."""
    line, held = roster_line.c, hold.c
    query = (
        sa.select(relative.c.user_id, relative.c.relation, sa.func.min(line.seq).label("seq"))
        .select_from(relative)
        .join(roster_line, sa.and_(line.book_id == book_id, line.roster_id == roster_id, line.number == relative.c.number))
        .outerjoin(hold, sa.and_(held.book_id == line.book_id, held.roster_id == line.roster_id, held.seq == line.seq))
        .where(_holds(), held.seq.is_(None))
        .group_by(relative.c.user_id, relative.c.relation)
        .order_by(relative.c.user_id, relative.c.relation)
    )
    return tuple((row.user_id, row.relation, f"{_told(row.relation)}（序号 {row.seq}）") for row in connection.execute(query))


def by_numbers(connection: sa.Connection, numbers: Collection[str]) -> Concerned:
    """(user, relation, what) for everybody who declared one of these identity numbers."""
    wanted = set(numbers)
    query = sa.select(relative.c.user_id, relative.c.relation, relative.c.number).where(_holds())
    return tuple(sorted({(row.user_id, row.relation, _told(row.relation)) for row in connection.execute(query) if row.number in wanted}))


def declared_numbers(connection: sa.Connection) -> frozenset[str]:
    """Every identity number that a declaration in force names."""
    return frozenset(connection.execute(sa.select(relative.c.number).where(_holds()).distinct()).scalars())


def by_person(connection: sa.Connection, *persons: int) -> Concerned:
    """(user, relation, what) for everybody who declared a number that one of these registered persons has or had, under any linked record."""
    ids = {each for one in persons for each in register.group(connection, one)}
    held = (sa.select(table.c.number).where(table.c.person_id.in_(ids)) for table in (person_table, person_number))
    return by_numbers(connection, connection.execute(sa.union(*held)).scalars().all())


def _holds() -> sa.ColumnElement[bool]:
    return relative.c.relative_id.not_in(sa.select(relative_step.c.relative_id).where(relative_step.c.step == "end"))


def _told(relation: str) -> str:
    return "办理人本人的款项" if relation == "self" else f"办理人的{RELATION_ZH[relation]}的款项"

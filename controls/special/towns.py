"""Where people live by the register (登记簿): the township that a special book's expense is shown under."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ledger.person_tables import number, person, registration

CHUNK = 500


def of_numbers(connection: sa.Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Identity number → township of the latest registration that names one; numbers the register does not know are left out."""
    found: dict[str, str] = {}
    wanted = sorted(set(numbers))
    if connection.execute(sa.select(registration.c.person_id).limit(1)).first() is None:
        return found
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        who = sa.union(
            sa.select(person.c.number, person.c.person_id).where(person.c.number.in_(part)),
            sa.select(number.c.number, number.c.person_id).where(number.c.number.in_(part)),
        ).subquery()
        rows = connection.execute(
            sa.select(who.c.number, registration.c.town)
            .join(registration, registration.c.person_id == who.c.person_id)
            .where(registration.c.town != "")
            .order_by(registration.c.knowledge_no, registration.c.town)
        )
        found.update({row.number: row.town for row in rows})
    return found

"""Who had a part in what was paid to a person (S16): whoever built, answered, signed, released or sent a roster with a line of theirs."""

from __future__ import annotations

import sqlalchemy as sa

from controls.duties import Duty
from controls.tables import answer, bank_batch, release, roster, roster_line, signature


def handled(connection: sa.Connection, number: str, *, roster_id: int | None = None) -> tuple[tuple[Duty, str], ...]:
    """(duty, user) of everybody who acted on a roster that names ``number``, or on that one roster; what ``Thing.history`` of a lead takes."""
    mine = sa.select(roster_line.c.roster_id).where(roster_line.c.number == number).distinct()
    if roster_id is not None:
        mine = mine.where(roster_line.c.roster_id == roster_id)
    found: set[tuple[Duty, str]] = set()
    for duty, column, owner in (
        (Duty.HANDLE_ROSTER, roster.c.built_by, roster.c.roster_id), (Duty.HANDLE_ROSTER, answer.c.answered_by, answer.c.roster_id),
        (Duty.AUTHORISE, release.c.released_by, release.c.roster_id), (Duty.CASHIER, bank_batch.c.sent_by, bank_batch.c.roster_id),
    ):  # fmt: skip
        found |= {(duty, str(user)) for user in connection.execute(sa.select(column).where(owner.in_(mine)).distinct()).scalars()}
    signed = sa.select(signature.c.duty, signature.c.user_id).where(signature.c.roster_id.in_(mine)).distinct()
    found |= {(Duty(row.duty), row.user_id) for row in connection.execute(signed)}
    return tuple(sorted(found))

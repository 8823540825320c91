"""What the trail keeps of a roster's findings, answers and holds: one digest over the rows as they are stored.

A record of the act bears the digest of what stood after it, so that a row changed, taken out or put in later shows.
"""

from __future__ import annotations

import sqlalchemy as sa

from controls.roster import Roster
from controls.tables import answer, finding, finding_line, hold
from ledger.entries import digest


def findings_digest(connection: sa.Connection, made: Roster, check_no: int) -> str:
    """Over the findings of one check and the lines they concern, '' when it found nothing."""
    return _digest(connection, made, finding, finding.c.check_no == check_no) + _digest(connection, made, finding_line, finding_line.c.check_no == check_no)


def answers_digest(connection: sa.Connection, made: Roster, answer_no: int) -> str:
    """Over the answers given in one act."""
    return _digest(connection, made, answer, answer.c.answer_no == answer_no)


def holds_digest(connection: sa.Connection, made: Roster) -> str:
    """Over every line held until now, '' when none is."""
    return _digest(connection, made, hold)


def _digest(connection: sa.Connection, made: Roster, table: sa.Table, *which: sa.ColumnElement[bool]) -> str:
    mine = sa.select(table).where(table.c.book_id == made.book_id, table.c.roster_id == made.roster_id, *which)
    rows = sorted([list(row) for row in connection.execute(mine)], key=str)
    return digest(rows) if rows else ""

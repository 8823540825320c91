"""What the trail says of a roster's checks: the findings of each, the answers given to them and the lines held, as they were then.

The proof raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from controls import roster
from controls.roster import Roster
from controls.rosters import kept as digests
from controls.tables import answer, finding, finding_line, hold
from ledger.accounts import Book
from ledger.chain import Record
from shebao.evidence import Broken, records_by_thing

HOLDING = ("roster.check", "roster.answer", "relative.leave_out")
"""Acts that hold lines."""


def kept(connection: sa.Connection, book: Book) -> str:
    """C3: findings, answers and holds of a book's rosters are those that checks and answers recorded."""
    by_thing = records_by_thing(connection)
    rosters = [made for made in roster.listed(connection) if made.book_id == book.book_id]
    for made in rosters:
        for proof in (found, answered, held):
            proof(connection, made, by_thing[f"roster:{made.roster_id}"])
    return f"{len(rosters)} 份花名册的疑点、答复和暂缓与留痕相符"


def found(connection: sa.Connection, made: Roster, records: Sequence[Record]) -> None:
    """The findings of every check, and what it knew as newest, are those it recorded."""
    checks = {facts["check_no"]: facts for facts in (one.told() for one in records if one.act == "roster.check")}
    if made.check_no and checks and made.checked_file != checks[max(checks)]["newest"]:
        raise Broken(f"花名册 {made.roster_id} 的最新检查数据与检查留痕不符")
    stored = _numbers(connection, made, finding, "check_no") | _numbers(connection, made, finding_line, "check_no")
    if stray := stored - checks.keys():
        raise Broken(f"花名册 {made.roster_id} 第 {min(stray)} 次检查的疑点没有留痕")
    for number, facts in checks.items():
        if digests.findings_digest(connection, made, number) != facts["found"]:
            raise Broken(f"花名册 {made.roster_id} 第 {number} 次检查的疑点与检查留痕不符")


def answered(connection: sa.Connection, made: Roster, records: Sequence[Record]) -> None:
    """Every answer is one that was given, by whom and when the trail says."""
    told = {facts["answer_no"]: (one, facts) for one, facts in ((one, one.told()) for one in records if one.act == "roster.answer")}
    for number in sorted(_numbers(connection, made, answer, "answer_no") | told.keys()):
        if number not in told:
            raise Broken(f"花名册 {made.roster_id} 第 {number} 次答复没有留痕")
        record, facts = told[number]
        rows = connection.execute(sa.select(answer).where(answer.c.book_id == made.book_id, answer.c.roster_id == made.roster_id, answer.c.answer_no == number))
        signed = {(row.answered_by, row.answered_at) for row in rows}
        if signed != {(record.actor, record.at)} or digests.answers_digest(connection, made, number) != facts["given"]:
            raise Broken(f"花名册 {made.roster_id} 第 {number} 次答复与留痕不符")


def held(connection: sa.Connection, made: Roster, records: Sequence[Record]) -> None:
    """The lines held are those that the last act left, each held when an act held some."""
    acts = [(one, one.told()) for one in records if one.act in HOLDING]
    times = {(one.at, one.actor) for one, _ in acts}
    for row in connection.execute(sa.select(hold).where(hold.c.book_id == made.book_id, hold.c.roster_id == made.roster_id)):
        if (row.held_at, row.owner) not in times:
            raise Broken(f"花名册 {made.roster_id} 序号 {row.seq} 的暂缓没有留痕")
    if digests.holds_digest(connection, made) != (acts[-1][1]["holds"] if acts else ""):
        raise Broken(f"花名册 {made.roster_id} 的暂缓与留痕不符")


def _numbers(connection: sa.Connection, made: Roster, table: sa.Table, column: str) -> set[int]:
    asked = sa.select(table.c[column]).distinct().where(table.c.book_id == made.book_id, table.c.roster_id == made.roster_id)
    return set(connection.execute(asked).scalars())

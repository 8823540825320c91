"""What was removed stays countable (F19): every line that a roster of a month did not pay, with its money, by why."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from controls.tables import bank_line, bank_result, comeback, hold, roster_line
from controls.tables import roster as roster_table
from ledger.funds import Fund
from ledger.money import Fen
from ledger.months import Month


@dataclass(frozen=True, slots=True)
class Removed:
    """Lines of one fund and month that were not paid for one reason; ``kind`` held, failed or returned; ``why`` the rule or the bank's words."""

    fund: Fund
    period: Month
    kind: str
    why: str
    lines: int
    fen: Fen

    @property
    def kind_zh(self) -> str:
        """暂缓, 付款失败, 退票."""
        return {"held": "暂缓", "failed": "付款失败", "returned": "退票"}[self.kind]


def counted(connection: sa.Connection, *, since: Month | None = None, until: Month | None = None, fund: Fund | None = None) -> list[Removed]:
    """By fund, month, kind and reason, of rosters that were not withdrawn; ``since`` and ``until`` bound the rosters' months, both included."""
    head = roster_table.c
    line = roster_line.c
    of_roster = sa.and_(head.book_id == line.book_id, head.roster_id == line.roster_id)
    held = (
        sa.select(
            head.fund, head.period, sa.literal("held").label("kind"), sa.case((hold.c.rule != "", hold.c.rule), else_=hold.c.reason).label("why"), line.net_fen
        )
        .select_from(roster_line)
        .join(roster_table, of_roster)
        .join(hold, sa.and_(hold.c.book_id == line.book_id, hold.c.roster_id == line.roster_id, hold.c.seq == line.seq))
        .where(head.state != "withdrawn")
    )
    sent = (
        sa.select(roster_line)
        .join(roster_table, of_roster)
        .outerjoin(hold, sa.and_(hold.c.book_id == line.book_id, hold.c.roster_id == line.roster_id, hold.c.seq == line.seq))
        .where(hold.c.seq.is_(None), line.net_fen != 0)
        .subquery()
    )
    payment = sa.and_(bank_line.c.book_id == sent.c.book_id, bank_line.c.roster_id == sent.c.roster_id, bank_line.c.payee == sent.c.payee)
    heads = sa.and_(head.book_id == sent.c.book_id, head.roster_id == sent.c.roster_id)

    def at_bank(kind: str, table: sa.Table) -> sa.Select[tuple[str, int, str, str, int]]:
        same = sa.and_(*(table.c[name] == bank_line.c[name] for name in ("book_id", "roster_id", "bank_seq")))
        columns = (head.fund, head.period, sa.literal(kind).label("kind"), table.c.reason.label("why"), sent.c.net_fen)
        return sa.select(*columns).select_from(sent).join(roster_table, heads).join(bank_line, payment).join(table, same)

    failed = at_bank("failed", bank_result).where(bank_result.c.ok == 0)
    every = sa.union_all(held, failed, at_bank("returned", comeback)).subquery()
    columns = every.c
    query = sa.select(columns.fund, columns.period, columns.kind, columns.why, sa.func.count().label("lines"), sa.func.sum(columns.net_fen).label("fen"))
    for column, value, low in ((columns.period, since, True), (columns.period, until, False)):
        if value is not None:
            query = query.where(column >= value.number if low else column <= value.number)
    if fund is not None:
        query = query.where(columns.fund == fund.value)
    keys = (columns.fund, columns.period, columns.kind, columns.why)
    rows = connection.execute(query.group_by(*keys).order_by(*keys))
    return [Removed(Fund(row.fund), Month.from_number(row.period), row.kind, row.why, int(row.lines), int(row.fen)) for row in rows]

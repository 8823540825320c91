"""Registers whose truth stands in other tables (由系统算出的台账): computed when asked for, never copied by hand. Set-based."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import sqlalchemy as sa

from controls.registers.values import Value
from controls.tables import bank_line, bank_result, comeback, hold, roster, roster_line

MANY = 500
HELD, NOT_SENT, SENT, FAILED, BACK = "held", "waiting", "sent", "failed", "back"
Key = tuple[str, str, int]


def unpaid_approved(connection: sa.Connection, book_id: int, as_of: date) -> list[Mapping[str, Value]]:
    """已批准未支付待遇: lines of authorised rosters that are held, not sent, without the bank's answer, failed or returned, and not paid by a later roster."""
    heads = roster.c
    asked = sa.select(heads.roster_id, heads.period, heads.payment, heads.checked_at, heads.built_at).where(
        heads.book_id == book_id, heads.state.in_(("authorised", "released")), heads.kind == "benefit"
    )
    found: list[Mapping[str, Value]] = []
    open_again: list[dict[str, Value]] = []
    for head in connection.execute(asked.order_by(heads.roster_id)).all():
        held = _held(connection, book_id, head.roster_id)
        if head.payment == "returned":
            why = _not_paid(connection, book_id, head.roster_id)
            lines = _lines(connection, book_id, head.roster_id, payees=list(why), seqs=list(held))
        else:
            why = {}
            lines = _lines(connection, book_id, head.roster_id)
        waiting = SENT if head.payment == "sent" else NOT_SENT
        for line in lines:
            state, reason, due_on = (HELD, *held[line.seq]) if line.seq in held else (*why.get(line.payee, (waiting, "")), "")
            row: dict[str, Value] = {
                "roster": head.roster_id, "seq": line.seq, "number": line.number or line.id_raw, "name": line.name, "item": line.item, "period": line.period,
                "amount": line.net_fen, "reason": reason, "state": state, "approved": str(head.built_at)[:10],
            } | ({"due_on": due_on} if due_on else {})  # fmt: skip
            (open_again if state in (HELD, FAILED, BACK) else found).append(row)
    later = _paid_later(connection, book_id, open_again)
    kept = [row for row in open_again if int(row["roster"]) >= later.get((str(row["number"]), str(row["item"]), int(row["period"])), 0)]
    return sorted([*found, *kept], key=lambda row: (row["roster"], row["seq"]))


def _held(connection: sa.Connection, book_id: int, roster_id: int) -> dict[int, tuple[str, str]]:
    asked = sa.select(hold.c.seq, hold.c.reason, hold.c.due_on).where(hold.c.book_id == book_id, hold.c.roster_id == roster_id)
    return {row.seq: (row.reason, row.due_on) for row in connection.execute(asked)}


def _not_paid(connection: sa.Connection, book_id: int, roster_id: int) -> dict[int, tuple[str, str]]:
    """Payee → failed or back, with the bank's reason."""
    sent, result, back = bank_line.c, bank_result.c, comeback.c
    same = sa.and_(result.book_id == sent.book_id, result.roster_id == sent.roster_id, result.bank_seq == sent.bank_seq)
    failed = sa.select(sent.payee, result.reason).join(bank_result, same).where(sent.book_id == book_id, sent.roster_id == roster_id, result.ok == 0)
    same = sa.and_(back.book_id == sent.book_id, back.roster_id == sent.roster_id, back.bank_seq == sent.bank_seq)
    returned = sa.select(sent.payee, back.reason).join(comeback, same).where(sent.book_id == book_id, sent.roster_id == roster_id)
    found = {row.payee: (FAILED, row.reason) for row in connection.execute(failed)}
    return found | {row.payee: (BACK, row.reason) for row in connection.execute(returned)}


def _lines(
    connection: sa.Connection, book_id: int, roster_id: int, payees: list[int] | None = None, seqs: list[int] | None = None
) -> list[sa.Row[tuple[object, ...]]]:
    """Lines of a roster in order: all, or those of some payees and some numbers."""
    columns = roster_line.c
    asked = sa.select(
        columns.seq, columns.payee, columns.number, columns.id_raw, columns.name, columns.item, columns.period, columns.net_fen
    ).where(columns.book_id == book_id, columns.roster_id == roster_id)  # fmt: skip
    if payees is None or seqs is None:
        return list(connection.execute(asked.order_by(columns.seq)))
    found: dict[int, sa.Row[tuple[object, ...]]] = {}
    for column, wanted in ((columns.payee, payees), (columns.seq, seqs)):
        for start in range(0, len(wanted), MANY):
            found |= {row.seq: row for row in connection.execute(asked.where(column.in_(wanted[start : start + MANY])))}
    return [found[seq] for seq in sorted(found)]


def _paid_later(connection: sa.Connection, book_id: int, rows: list[dict[str, Value]]) -> dict[Key, int]:
    """(number, item, period) → the last roster that paid it, of those that are open."""
    numbers = sorted({str(row["number"]) for row in rows})
    line, sent, result = roster_line.c, bank_line.c, bank_result.c
    found: dict[Key, int] = {}
    for start in range(0, len(numbers), MANY):
        there = sa.and_(sent.book_id == line.book_id, sent.roster_id == line.roster_id, sent.number == line.number)
        same = sa.and_(result.book_id == sent.book_id, result.roster_id == sent.roster_id, result.bank_seq == sent.bank_seq)
        asked = (
            sa.select(line.number, line.item, line.period, sa.func.max(line.roster_id))
            .join(bank_line, there)
            .join(bank_result, same)
            .where(line.book_id == book_id, line.number.in_(numbers[start : start + MANY]), result.ok == 1, sent.payee == line.payee)
            .where(~sa.exists().where(comeback.c.book_id == sent.book_id, comeback.c.roster_id == sent.roster_id, comeback.c.bank_seq == sent.bank_seq))
            .group_by(line.number, line.item, line.period)
        )
        found |= {(row[0], row[1], row[2]): row[3] for row in connection.execute(asked)}
    return found


SOURCES: dict[str, Callable[[sa.Connection, int, date], list[Mapping[str, Value]]]] = {"unpaid_approved": unpaid_approved}
"""Every computed register by the name that its file gives."""

"""Payments that come back after they had succeeded (退票, P4): registered one by one by a 会计 from the bank statement.

Each rests on one receipt of the very amount on the day, in a statement taken in; a receipt is used once (L11).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from controls import bankfile, roster, trail
from controls.bankfile import Comeback
from controls.duties import Actor, Duty, require
from controls.errors_payment import NoEvidence, NoReason, NotPaidLine
from controls.intake import register
from controls.tables import comeback
from ledger.db import UnitOfWork
from ledger.money import Fen, show

STATEMENT = "bank"


def record(work: UnitOfWork, home: Path, actor: Actor, now: str, roster_id: int, bank_seq: int, day: date, reason: str, *, serial: str = "") -> Comeback:
    """Registers that payment ``bank_seq`` came back on ``day``; ``serial`` picks one of several equal receipts.

    Raises SB3001, SB3002, SB3030, SB3042, SB3075 (no return yet), SB3076 (not paid, or back already), SB3077 (no receipt).
    """
    made = roster.locked(work, roster_id)
    require(actor, Duty.BOOKKEEP, roster.thing(work.connection, made))
    roster.expect_payment(made, "returned", "登记退票")
    if not reason.strip():
        raise NoReason()
    found = list(bankfile.lines(work.connection, roster_id, seq=bank_seq))
    if not found or not found[0].ok:
        raise NotPaidLine(roster=roster_id, seq=bank_seq, why="银行没有付出" if found else "没有这一笔")
    line = found[0]
    if any(item.bank_seq == bank_seq for item in bankfile.comebacks(work.connection, roster_id)):
        raise NotPaidLine(roster=roster_id, seq=bank_seq, why="已登记过退票")
    evidence = _evidence(work.connection, home, day, line.fen, serial)
    number = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(comeback.c.comeback_id), 0) + 1)).scalar_one()
    work.connection.execute(
        comeback.insert().values(
            book_id=made.book_id, roster_id=roster_id, bank_seq=bank_seq, comeback_id=number, day=day.isoformat(), fen=line.fen,
            reason=reason.strip(), evidence=evidence, recorded_by=actor.user, recorded_at=now,
        )
    )  # fmt: skip
    facts = {"bank_seq": bank_seq, "fen": line.fen, "day": day.isoformat(), "reason": reason.strip(), "evidence": evidence, "comeback": number}
    trail.record(work, now, actor, Duty.BOOKKEEP, "bankfile.comeback", f"roster:{roster_id}", facts=facts)
    return next(item for item in bankfile.comebacks(work.connection, roster_id) if item.comeback_id == number)


def receipts(connection: sa.Connection, home: Path, day: date, fen: Fen) -> Iterator[tuple[str, str]]:
    """Receipts of ``fen`` on ``day`` in bank statements taken in, as (evidence, serial); evidence is ``file:line``."""
    for source in register.files(connection, STATEMENT):
        for row in _matching(source.table(home), day, fen):
            yield f"file:{source.file_id}:{row['line']}", str(row["serial"] or "")


def _matching(table: Any, day: date, fen: Fen) -> list[dict[str, Any]]:
    import pyarrow.compute as pc

    wanted = pc.and_(pc.equal(table.column("on"), day), pc.equal(table.column("credit"), fen))
    found: list[dict[str, Any]] = table.filter(wanted).select(["line", "serial"]).to_pylist()
    return found


def _evidence(connection: sa.Connection, home: Path, day: date, fen: Fen, serial: str) -> str:
    used = {row.evidence for row in connection.execute(sa.select(comeback.c.evidence))}
    for evidence, found in receipts(connection, home, day, fen):
        if evidence not in used and (not serial or found == serial):
            return evidence
    raise NoEvidence(day=day, amount=show(fen))

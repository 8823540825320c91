"""Bank return (银行回盘): taken in whole by somebody who neither sent nor authorised the batch, every line matched to what was sent.

Number, account, holder and amount must all agree; paid + failed = sent = released, to the fen. A return is no
bookkeeping: the vouchers P2a and P2b are proposed from :func:`controls.bankfile.successes` and ``totals``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from controls import bank_authorising as authorising
from controls import bankfile, bulk, roster, trail
from controls.bankfile import BankLine
from controls.duties import Actor
from controls.errors import RowsWithErrors, SamePerson
from controls.errors_payment import AlreadyReturned, ReturnLine, ReturnTotals
from controls.intake import register
from controls.roster import Roster
from controls.tables import bank_result, bank_return
from ledger.db import UnitOfWork
from ledger.identity import normal_name
from ledger.money import Fen, show
from ledger.name_compare import compare

if TYPE_CHECKING:
    from controls.intake.reader import Taken

CONTRACT = "bank-return"


@dataclass(frozen=True, slots=True)
class Returned:
    """A return taken in: counts of bank lines and fen."""

    roster_id: int
    file_id: int
    paid: tuple[int, Fen]
    failed: tuple[int, Fen]
    taken_by: str
    taken_at: str


def take(work: UnitOfWork, home: Path, taken: Taken, actor: Actor, now: str, roster_id: int) -> Returned:
    """Takes the bank's return of a roster in, whole or not at all.

    Raises SB3001, SB3002 (who made or authorised it), SB3020 (the same content), SB3021 (rows in error: a return is never taken in
    part), SB3072 (a line unknown, missing, double or different), SB3073 (sums), SB3074 (returned before), SB3075.
    """
    made = roster.locked(work, roster_id)
    duty = register.duty_for(actor, CONTRACT, roster.thing(work.connection, made))
    _refuse_authoriser(work.connection, made, actor)
    register.refuse_twice(work.connection, taken)
    _refuse_second(work.connection, made)
    roster.expect_payment(made, "sent", "回盘")
    if taken.rejects:
        raise RowsWithErrors(name=taken.path.name, rejected=register.rejected_rows(taken), rejects=f"{register.REJECTS}/{register.rejects_name(taken)}")
    sent = {line.bank_seq: line for line in bankfile.lines(work.connection, roster_id)}
    rows = list(_rows(taken))
    _match(taken, sent, rows)
    paid = (sum(1 for row in rows if row["ok"]), sum(row["amount"] for row in rows if row["ok"]))
    failed = (sum(1 for row in rows if not row["ok"]), sum(row["amount"] for row in rows if not row["ok"]))
    _add_up(work.connection, made, paid[1], failed[1])
    source = register.take(work, home, taken, actor, now, source="银行", as_of=None, thing=roster.thing(work.connection, made))
    values = ((made.book_id, roster_id, row["seq"], int(row["ok"]), row["reason"] or "", row["serial"] or "", _day(row["booked_on"])) for row in rows)
    bulk.insert(work, bank_result, ("book_id", "roster_id", "bank_seq", "ok", "reason", "serial", "booked_on"), values)
    work.connection.execute(
        bank_return.insert().values(
            book_id=made.book_id, roster_id=roster_id, file_id=source.file_id, paid_count=paid[0], paid_fen=paid[1],
            failed_count=failed[0], failed_fen=failed[1], taken_by=actor.user, taken_at=now,
        )
    )  # fmt: skip
    roster.pay_move(work, made, "returned")
    facts = {"file": source.file_id, "paid": list(paid), "failed": list(failed)}
    trail.record(work, now, actor, duty, "bankfile.return", f"roster:{roster_id}", taken.sha256, facts)
    return Returned(roster_id, source.file_id, paid, failed, actor.user, now)


def returned(connection: sa.Connection, roster_id: int) -> Returned | None:
    """The return of a roster, or None when none was taken in."""
    made = roster.get(connection, roster_id)
    row = connection.execute(sa.select(bank_return).where(bank_return.c.book_id == made.book_id, bank_return.c.roster_id == roster_id)).first()
    if row is None:
        return None
    return Returned(roster_id, row.file_id, (row.paid_count, row.paid_fen), (row.failed_count, row.failed_fen), row.taken_by, row.taken_at)


def _refuse_second(connection: sa.Connection, made: Roster) -> None:
    earlier = returned(connection, made.roster_id)
    if earlier is not None:
        raise AlreadyReturned(roster=made.roster_id, at=earlier.taken_at, by=earlier.taken_by)


def _refuse_authoriser(connection: sa.Connection, made: Roster, actor: Actor) -> None:
    """S10, S11: whoever authorised the batch does not take its return in."""
    given = authorising.authorised(connection, made)
    if given is not None and given.authorised_by == actor.user:
        raise SamePerson(name=actor.name, thing=made.title, earlier="网银复核", duty="接收回盘", why="送盘、复核与回盘分离")


def _rows(taken: Taken) -> Iterator[dict[str, Any]]:
    names = ("line", "seq", "account", "holder", "amount", "ok", "reason", "serial", "booked_on")
    columns = [taken.table.column(name).to_pylist() for name in names]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _match(taken: Taken, sent: dict[int, BankLine], rows: list[dict[str, Any]]) -> None:
    """Raises SB3072 naming the first line that is not what was sent, with the number of all."""
    faults: list[str] = []
    seen: set[int] = set()
    for row in rows:
        why = _difference(sent.get(row["seq"]), row, row["seq"] in seen)
        seen.add(row["seq"])
        if why:
            faults.append(f"第 {row['line']} 行序号 {row['seq']} {why}")
    missing = sorted(sent.keys() - seen)
    if missing:
        faults.append(f"缺送盘序号 {missing[0]}" + (f" 等 {len(missing)} 笔" if len(missing) > 1 else ""))
    if faults:
        raise ReturnLine(file=taken.path.name, why=faults[0], count=len(faults) + max(0, len(missing) - 1))


def _difference(line: BankLine | None, row: dict[str, Any], repeated: bool) -> str:
    """Why a row is not the line that was sent, '' when it is."""
    if line is None:
        return "不在送盘中"
    if repeated:
        return "重复出现"
    if row["amount"] != line.fen:
        return f"金额 {show(row['amount'])} 元与送盘 {show(line.fen)} 元不符"
    if row["account"] != line.account:
        return "银行账号与送盘不符"
    if normal_name(row["holder"]) != normal_name(line.holder):
        return f"户名“{row['holder']}”与送盘“{line.holder}”不符（{compare(row['holder'], line.holder).zh}）"
    if row["ok"] is None:
        return "没有处理结果"
    return ""


def _add_up(connection: sa.Connection, made: Roster, paid: Fen, failed: Fen) -> None:
    """Paid + failed = sent = released: proved again on the sums, whatever the lines said."""
    found = bankfile.totals(connection, made.roster_id)
    if paid + failed != found.sent[1] or found.sent[1] != found.released[1]:
        raise ReturnTotals(roster=made.roster_id, paid=show(paid), failed=show(failed), sent=show(found.sent[1]), released=show(found.released[1]))


def _day(value: Any) -> str:
    return value.isoformat() if value is not None else ""

"""The cashier's own intake of bank receipts (回单): a file that the 出纳 fetched, entered into a journal whole or not at all.

It is never a file that the bookkeepers took in for their own work: a copy of that would prove nothing (K12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from controls import journals
from controls.duties import Actor, Duty, require
from controls.errors_journals import BookkeepersFile, ReceiptsUnfit
from controls.intake import register
from controls.journals import Journal, JournalLine, Receipt
from ledger.db import UnitOfWork
from ledger.money import show

if TYPE_CHECKING:
    from controls.intake.reader import Taken

CONTRACT = "bank"
RECEIPT = "银行回单"


def enter(work: UnitOfWork, now: str, actor: Actor, journal_id: int, taken: Taken) -> list[JournalLine]:
    """Enters every row of a receipts file in the order of time. Raises SB3001, SB3160, SB3162–SB3164, SB3170, SB3171."""
    require(actor, Duty.CASHIER)
    made = journals.get(work.connection, journal_id)
    for source in register.every(work.connection):
        if source.sha256 == taken.sha256:
            raise BookkeepersFile(name=taken.path.name, by=source.taken_by, contract=source.contract, file_id=source.file_id)
    return journals.enter(work, now, actor, journal_id, receipts(work.connection, made, taken), taken.sha256)


def receipts(connection: sa.Connection, made: Journal, taken: Taken) -> list[Receipt]:
    """The rows as receipts; each has a serial, is of the journal's account, and its balance is the journal's own. Raises SB3171."""

    def unfit(why: str) -> ReceiptsUnfit:
        return ReceiptsUnfit(name=taken.path.name, journal=made.journal_id, why=why)

    if taken.rejects:
        raise unfit(f"有 {register.rejected_rows(taken)} 行不能读取，第一处在第 {taken.rejects[0].line} 行")
    rows: Sequence[Mapping[str, Any]] = taken.table.select(["line", "account", "on", "memo", "debit", "credit", "balance", "serial", "party"]).to_pylist()
    if len(rows) > 1 and rows[0]["on"] > rows[-1]["on"]:
        rows = rows[::-1]
    written = journals.lines(connection, made)
    balance = written[-1].balance if written else made.opening
    found = []
    for row in rows:
        if journals.bank_number(row["account"] or "") != made.bank_account:
            raise unfit(f"第 {row['line']} 行的账号不是本日记账的账号")
        if not row["serial"]:
            raise unfit(f"第 {row['line']} 行没有流水号")
        balance += row["credit"] - row["debit"]
        if row["balance"] is not None and row["balance"] != balance:
            raise unfit(f"第 {row['line']} 行余额 {show(row['balance'])} 元，日记账滚算为 {show(balance)} 元")
        found.append(Receipt(row["on"], RECEIPT, row["serial"], row["memo"] or RECEIPT, row["credit"], row["debit"], row["party"] or ""))
    if not found:
        raise unfit("没有可登记的行")
    return found

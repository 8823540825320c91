"""Where a supplement pays to (补发的收款账户): the account that the register has in force now, not the one of the day the line was held.

Each line that is paid elsewhere than it would have been is listed for those who sign (R4-ACCOUNT-CURRENT), with the change and its two people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from controls.findings import Evidence, Finding, Row, Severity
from controls.roster import Roster
from controls.roster_tables import supplement_line
from controls.rosterchanges import Differs
from controls.tables import roster_line
from ledger import person_tables as tables
from ledger import persons
from ledger.funds import Fund
from ledger.identity import mask_account
from ledger.months import Month

RULE = "R4-ACCOUNT-CURRENT"


@dataclass(frozen=True, slots=True)
class Current:
    """An account in force: number, holder, bank, and the change that brought it with its two people."""

    bank_account: str
    holder: str
    bank: str
    why: str


def in_force(connection: sa.Connection, fund: Fund, period: Month, numbers: Collection[str]) -> dict[str, Current]:
    """Number → account in force on the first day of ``period``; who has none in the register is left out."""
    records, heads = persons.records(connection), persons.links(connection)
    wanted = {persons.head_of(heads, records[number]): number for number in numbers if number in records}
    columns, known, day = tables.bank_account.c, tables.knowledge.c, period.first_day.isoformat()
    query = (
        sa.select(
            columns.person_id, columns.bank_account, columns.holder, columns.bank, columns.from_on, known.source_id, known.requested_by, known.reviewed_by
        )
        .join(tables.knowledge, known.knowledge_no == columns.knowledge_no)
        .where(columns.fund == fund.value, columns.from_on <= day, columns.to_on > day)
        .order_by(columns.knowledge_no)
    )  # fmt: skip
    found: dict[str, Current] = {}
    for row in connection.execute(query):
        number = wanted.get(persons.head_of(heads, row.person_id))
        if number is not None:
            why = f"登记簿自 {row.from_on[:7]} 起的账户，变更 {row.source_id}：{row.requested_by} 申请，{row.reviewed_by} 审核"
            found[number] = Current(row.bank_account, row.holder, row.bank, why)
    return {number: one for number, one in found.items() if one.bank_account}


def laid(connection: sa.Connection, fund: Fund, period: Month, table: pa.Table) -> pa.Table:
    """The lines with the accounts in force; a line's note says which account it was held with."""
    rows = table.to_pylist()
    now = in_force(connection, fund, period, {row["number"] for row in rows if row["number"]})
    for row in rows:
        one = now.get(row["number"])
        if one is not None and row["net"] and (row["account"], row["holder"]) != (one.bank_account, one.holder):
            row["note"] = f"{row['note']}；账户由 {mask_account(row['account'])} 改为登记簿现用账户"
            row |= {"account": one.bank_account, "holder": one.holder, "bank": one.bank}
    return pa.Table.from_pylist(rows, schema=table.schema)


def moved(connection: sa.Connection, made: Roster) -> tuple[Differs, ...]:
    """The lines of a supplement that are paid to another account than they were held with, person by person; each is to be answered and is signed."""
    origin, paid, was = supplement_line.c, sa.alias(roster_line), sa.alias(roster_line)
    query = (
        sa.select(paid.c.seq, paid.c.number, paid.c.name, paid.c.region, paid.c.period, paid.c.net_fen, paid.c.account, was.c.account.label("before"))
        .select_from(supplement_line)
        .join(paid, sa.and_(paid.c.book_id == origin.book_id, paid.c.roster_id == origin.roster_id, paid.c.seq == origin.seq))
        .join(was, sa.and_(was.c.book_id == origin.book_id, was.c.roster_id == origin.from_roster, was.c.seq == origin.from_seq))
        .where(origin.book_id == made.book_id, origin.roster_id == made.roster_id, paid.c.account != was.c.account)
        .order_by(paid.c.seq)
    )
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        groups[row.number].append(row)
    now = in_force(connection, made.fund, made.period, groups)
    return tuple(_told(made, rows, now.get(number)) for number, rows in groups.items())


def _told(made: Roster, rows: list[Any], one: Current | None) -> Differs:
    before = "、".join(sorted({mask_account(row.before) for row in rows}))
    first = rows[0]
    lead = Finding(
        rule=RULE, severity=Severity.HIGH, id_number=first.number, name=first.name, fund=made.fund.value, region=first.region,
        periods=tuple(sorted({row.period for row in rows})), amount=sum(row.net_fen for row in rows), counterpart=mask_account(first.account), confidence=1000,
        reason=f"{first.name}的补发款付到 {mask_account(first.account)}，暂缓时的账户是 {before}",
        evidence=Evidence(tuple(Row(f"花名册{made.roster_id}", row.seq) for row in rows), len(rows)), fact="|".join((first.before, first.account)),
    )  # fmt: skip
    return Differs(lead, tuple(row.seq for row in rows), one is None or one.bank_account != first.account, one.why if one else "登记簿中没有这个账户")

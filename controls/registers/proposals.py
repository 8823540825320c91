"""Which voucher an act of a register calls for (台账提出的凭证): event, amounts, details and day, as the register's file says. Books nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from controls.registers import law as laws
from controls.registers.errors import NoVoucherDue
from controls.registers.law import VoucherLaw
from controls.registers.ledgerside import source_key
from controls.registers.sheet import sheet
from controls.registers.store import Row, get, history
from controls.registers.values import Value
from controls.voucher_tables import voucher
from ledger.accounts import Book
from ledger.tables import entry

_HOLE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
WAITING = ("proposed", "made", "reviewed", "posted")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A voucher that an act calls for: what ``ledger.events`` needs, its authority, paper and source key (L11)."""

    act: str
    act_no: int
    event: str
    day: date
    amounts: Mapping[str, int]
    details: Mapping[str, str]
    authority: str
    paper: str
    source_key: str


def wanted(connection: sa.Connection, book: Book, row: Row, today: date) -> list[Wanted]:
    """The vouchers of a row that nobody has proposed yet, in the order of its acts; raises SB3250 with the reason when there is none."""
    law = row.law
    state = next(one for one in law.states if one.name == row.state)
    if not law.vouchers:
        raise NoVoucherDue(register=law.zh, row=row.row_no, why="只登备查簿，不制证")
    if "voucher" in row.payload:
        raise NoVoucherDue(register=law.zh, row=row.row_no, why=f"已写明凭证 {row.payload['voucher']}")
    if row.state == "void":
        raise NoVoucherDue(register=law.zh, row=row.row_no, why=f"状态为“{state.zh}”")
    made = sheet(connection, law, book, today, today=today, rows=[row.row_no])
    now: dict[str, Value] = {column.name: made.fen(column.name)[0] for column in law.columns if column.type == "fen"}
    found, taken = [], 0
    for act in history(connection, row):
        for rule in law.vouchers:
            facts = _facts(connection, row)
            if rule.act != act.act or not _fits(rule, facts):
                continue
            key = source_key(law.name, row.row_no, act.act_no)
            if _known(connection, row.book_id, key):
                taken += 1
            else:
                found.append(_wanted(rule, act.act_no, facts | {name: value for name, value in now.items() if name not in facts}, key))
    if not found:
        called = "、".join(sorted({rule.act for rule in law.vouchers}))
        raise NoVoucherDue(register=law.zh, row=row.row_no, why="凭证已经提出" if taken else f"还没有要制证的办理（{called}）")
    return found


def _facts(connection: sa.Connection, row: Row) -> dict[str, Value]:
    """The row's fields, and those of its parent as ``parent.field``."""
    facts: dict[str, Value] = dict(row.payload)
    field = row.law.field(row.law.parent) if row.law.parent else None
    if field is not None:
        parent = get(connection, laws.get(field.register_), row.book_id, int(row.payload[field.name]))
        facts |= {f"{field.name}.{name}": value for name, value in parent.payload.items()}
    return facts


def _fits(rule: VoucherLaw, facts: Mapping[str, Value]) -> bool:
    if any(str(facts.get(name, "")) not in allowed for name, allowed in rule.when.items()):
        return False
    if rule.years is None:
        return True
    one, how, other = rule.years
    years = {str(facts.get(name, ""))[:4] for name in (one, other)}
    return (len(years) == 1) is (how == "same")


def _wanted(rule: VoucherLaw, act_no: int, facts: Mapping[str, Value], key: str) -> Wanted:
    def filled(text: str) -> str:
        return _HOLE.sub(lambda hole: str(facts.get(hole.group(1), "")), text).strip()

    amounts = {filled(name): int(facts.get(column, 0)) for name, column in rule.amounts.items()}
    details = {name: text for name, given in rule.details.items() if (text := filled(given))}
    kept = {name: fen for name, fen in amounts.items() if fen} or amounts
    return Wanted(rule.act, act_no, rule.event, date.fromisoformat(str(facts[rule.day])), kept, details, filled(rule.authority), filled(rule.paper), key)


def _known(connection: sa.Connection, book_id: int, key: str) -> bool:
    """Whether a voucher of this source stands in the book, or is on its way."""
    columns = voucher.c
    waiting = sa.select(columns.voucher_id).where(columns.book_id == book_id, columns.source_key == key, columns.state.in_(WAITING)).limit(1)
    posted = sa.select(entry.c.entry_id).where(entry.c.book_id == book_id, entry.c.source_key == key).limit(1)
    return any(connection.execute(asked).first() is not None for asked in (waiting, posted))

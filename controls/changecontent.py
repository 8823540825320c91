"""What a change of the register wants, kind by kind: whether it may be asked for now, what holds today, and how it is carried out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from controls.errors_persons import BadBankAccount, MonthPaid, NothingChanges, NotPeopleFile
from controls.intake import register
from controls.tables import roster
from ledger import person_acts, persons
from ledger import person_tables as tables
from ledger.db import UnitOfWork
from ledger.errors_persons import SpanReversed
from ledger.funds import Fund
from ledger.identity import Document, clean, judge, mask_account, mask_name, mask_number, normal_name
from ledger.months import Month
from ledger.person_acts import BankAccount, Signed
from ledger.person_words import words
from ledger.spans import FIRST, LAST

KIND_ZH = {
    "bank_account": "银行账户变更", "bank_accounts": "银行账户首次登记（整份文件）", "status": "状态变更", "number": "证件号码变更", "name": "姓名变更",
    "link": "并人", "part": "拆分", "doubt": "存疑了结",
}  # fmt: skip
_ACCOUNT = re.compile(r"[0-9A-Z]{6,34}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to hold in ``[from_on, to_on)``. ``value`` is the bank account ('' ends it), status code, number, name, or ``load:place`` of a doubt."""

    kind: str
    person_id: int
    other_person: int = 0
    file_id: int = 0
    fund: str = ""
    region: str = ""
    value: str = ""
    holder: str = ""
    relation: str = ""
    bank: str = ""
    id_type: str = ""
    from_on: date = FIRST
    to_on: date = LAST


def masked(kind: str, value: str) -> str:
    """A value as lists and the trail show it."""
    if kind == "status":
        return words().zh.get(value, value)
    masks: dict[str, Callable[[str], str]] = {"bank_account": mask_account, "number": mask_number, "name": mask_name}
    return masks[kind](value) if kind in masks else value


def duty_key(connection: sa.Connection, wanted: Wanted) -> str:
    """Which line of ``changes`` in ``templates/duties.yaml`` says who may ask: the kind, for a status with its code; 领取 after 暂停 is a resumption."""
    if wanted.kind != "status":
        return wanted.kind
    if wanted.value == "drawing":
        now = persons.status(connection, wanted.person_id, wanted.fund, on_day=wanted.from_on).get(wanted.region)
        return "status.resumed" if now is not None and now.status == "suspended" else "status.drawing"
    return f"status.{wanted.value}"


def prove(connection: sa.Connection, home: Path, wanted: Wanted) -> str:
    """Passes what may be asked for and accepted now, and gives what holds today; raises what each kind refuses."""
    if wanted.from_on >= wanted.to_on:
        raise SpanReversed(from_on=wanted.from_on, to_on=wanted.to_on)
    if wanted.kind not in ("bank_accounts", "doubt"):
        persons.wanted(connection, persons.label(wanted.person_id))
    return _PROOFS[wanted.kind](connection, home, wanted)


def carry_out(work: UnitOfWork, home: Path, signed: Signed, wanted: Wanted) -> dict[str, Any]:
    """Enters an accepted change into the register and gives what the trail tells of it; a settled doubt enters nothing."""
    person_id, start, end = wanted.person_id, wanted.from_on, wanted.to_on
    left: dict[str, Any] = {}
    match wanted.kind:
        case "bank_account":
            new = BankAccount(wanted.value, wanted.holder, wanted.relation, wanted.bank)
            done = person_acts.set_bank_account(work, signed, person_id, wanted.fund, new, start, end)
        case "bank_accounts":
            first, counts = first_accounts(work.connection, home, wanted)
            left = {"accounts": len(first), **counts}
            done = person_acts.set_bank_accounts(work, signed, wanted.fund, first, start, end)
        case "status":
            done = person_acts.set_status(work, signed, person_id, wanted.fund, wanted.region, wanted.value, start, end)
        case "number":
            judged = judge(wanted.value, next((kind for kind in Document if kind.zh == wanted.id_type), Document.RESIDENT))
            done = person_acts.add_number(work, signed, person_id, wanted.value, wanted.id_type, judged.ok, start)
        case "name":
            done = person_acts.add_name(work, signed, person_id, wanted.value, start)
        case "link":
            done = person_acts.link_numbers(work, signed, person_id, wanted.other_person)
        case "part":
            done = person_acts.part_numbers(work, signed, person_id)
        case _:
            return {}
    return {"knowledge": done.knowledge_no, "content": done.digest, **left}


def first_accounts(connection: sa.Connection, home: Path, wanted: Wanted) -> tuple[list[tuple[int, BankAccount]], dict[str, int]]:
    """The first accounts that a roster file teaches: of registered persons without any for this fund, held by themselves.

    Left out and counted: nobody registered, an account known already, another's account, two accounts for one person.
    """
    source = _roster_file(connection, wanted)
    table = source.table(home)
    held = persons.records(connection)
    have = set(connection.execute(sa.select(tables.bank_account.c.person_id).where(tables.bank_account.c.fund == wanted.fund).distinct()).scalars())
    cells = zip(*(table.column(name).to_pylist() for name in ("fund", "number", "name", "account", "holder", "bank")), strict=True)
    rows = {(number or "", name or "", account or "", holder or "", bank or "") for fund, number, name, account, holder, bank in cells if fund == wanted.fund}
    found: dict[int, set[BankAccount]] = {}
    left = {"unknown": 0, "known": 0, "others": 0, "several": 0}
    for number, name, account, holder, bank in sorted(rows):
        person_id = held.get(number, 0)
        if not person_id or person_id in have:
            left["known" if person_id else "unknown"] += 1
        elif normal_name(holder) != normal_name(name) or not _ACCOUNT.fullmatch(clean(account)):
            left["others"] += 1
        else:
            found.setdefault(person_id, set()).add(BankAccount(clean(account), holder, "self", bank))
    left["several"] = sum(len(accounts) > 1 for accounts in found.values())
    return [(person_id, next(iter(accounts))) for person_id, accounts in found.items() if len(accounts) == 1], left


def numbers_in_file(connection: sa.Connection, home: Path, wanted: Wanted, among: frozenset[str]) -> set[str]:
    """Those of the identity numbers ``among`` that the file of a whole first entry of accounts names in its fund. Raises SB3103."""
    if not among:
        return set()
    table = _roster_file(connection, wanted).table(home)
    pairs = zip(table.column("fund").to_pylist(), table.column("number").to_pylist(), strict=True)
    return {number for fund, number in pairs if fund == wanted.fund and number in among}


def _roster_file(connection: sa.Connection, wanted: Wanted) -> register.SourceFile:
    source = register.file(connection, wanted.file_id)
    if source.contract != "roster":
        raise NotPeopleFile(file_id=source.file_id, contract=source.contract, wanted="roster（花名册文件）")
    return source


def _not_paid(connection: sa.Connection, wanted: Wanted) -> None:
    month = Month.of(wanted.from_on)
    if wanted.from_on != month.first_day:
        raise BadBankAccount(why="生效日须为月初")
    columns = roster.c
    paid = connection.execute(
        sa.select(columns.roster_id, columns.period)
        .where(columns.fund == wanted.fund, columns.period >= month.number, columns.state == "released")
        .order_by(columns.period.desc())
    ).first()
    if paid is not None:
        raise MonthPaid(month=month, fund=Fund(wanted.fund).short, paid=Month.from_number(paid.period), roster=paid.roster_id)


def _account(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    _not_paid(connection, wanted)
    told = persons.history(connection, wanted.person_id)
    if wanted.value and not _ACCOUNT.fullmatch(wanted.value):
        raise BadBankAccount(why="账号须为 6 至 34 位数字或大写字母")
    if wanted.value and not wanted.holder.strip():
        raise BadBankAccount(why="缺户名")
    own = {normal_name(span.name) for span in told.names}
    if wanted.value and (wanted.relation == "self") != (normal_name(wanted.holder) in own):
        raise BadBankAccount(why="户名与登记姓名一致的关系为本人，不一致的写监护人或集中供养机构")
    now = persons.account_on(connection, wanted.person_id, wanted.fund, on_day=wanted.from_on)
    held = (now.bank_account, now.holder, now.relation, now.bank, now.to_on) if now is not None else ("", "", "self", "", LAST)
    if held == (wanted.value, wanted.holder, wanted.relation, wanted.bank, wanted.to_on):
        raise NothingChanges(what=f"账户 {mask_account(held[0])}" if held[0] else "没有账户")
    return str(held[0])


def _accounts(connection: sa.Connection, home: Path, wanted: Wanted) -> str:
    _not_paid(connection, wanted)
    if wanted.relation != "self":
        raise BadBankAccount(why="整份登记只登记本人账户")
    first, _ = first_accounts(connection, home, wanted)
    if not first:
        raise NothingChanges(what="文件中没有可以首次登记的账户")
    return ""


def _status(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    words().status(wanted.value)
    person_acts.require_registration(connection, wanted.person_id, wanted.fund, wanted.region)
    now = persons.status(connection, wanted.person_id, wanted.fund, on_day=wanted.from_on).get(wanted.region)
    held = now.status if now is not None else ""
    if held == wanted.value and now is not None and now.to_on == wanted.to_on:
        raise NothingChanges(what=f"自 {wanted.from_on} 为{words().zh[held]}")
    return held


def _number(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    held = persons.history(connection, wanted.person_id).number(wanted.from_on)
    if held == wanted.value:
        raise NothingChanges(what=f"证件号码 {mask_number(held)}")
    person_acts.require_free(connection, wanted.value, wanted.person_id)
    return held


def _name(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    held = persons.history(connection, wanted.person_id).name(wanted.from_on)
    if held == wanted.value:
        raise NothingChanges(what=f"姓名 {mask_name(held)}")
    return held


def _link(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    persons.wanted(connection, persons.label(wanted.other_person))
    person_acts.require_apart(connection, wanted.person_id, wanted.other_person)
    return ""


def _part(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    person_acts.require_linked(connection, wanted.person_id, wanted.other_person)
    return persons.label(wanted.other_person)


def _doubt(connection: sa.Connection, _: Path, wanted: Wanted) -> str:
    return persons.doubt(connection, wanted.value).code


_PROOFS: dict[str, Callable[[sa.Connection, Path, Wanted], str]] = {
    "bank_account": _account, "bank_accounts": _accounts, "status": _status, "number": _number, "name": _name, "link": _link, "part": _part, "doubt": _doubt,
}  # fmt: skip

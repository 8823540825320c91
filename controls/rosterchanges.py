"""The register at the roster (登记簿与花名册): account changes since the last roster, and lines that differ from the register.

Every accepted change of a bank account is listed at the first roster of its fund that pays under it, with who asked and who
reviewed; the list belongs to the check and is part of what is signed. Lines are compared with what is in force in the month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from controls import personchanges
from controls.changeactors import ACCOUNT_KINDS
from controls.findings import Evidence, Finding, Row, Severity
from controls.person_tables import person_change, person_decision, roster_change
from controls.personchanges import Change
from controls.roster import Roster
from controls.tables import roster as roster_table
from ledger import person_tables as tables
from ledger import persons
from ledger.db import UnitOfWork
from ledger.identity import mask_account, mask_name
from ledger.months import Month
from ledger.person_words import words
from ledger.spans import Piece, on, overlay

STOPPED = ("suspended", "ended", "dead")
MONTHLY = frozenset(("pension", "disability", "survivor", "unemployment"))


@dataclass(frozen=True, slots=True)
class Differs:
    """A difference between a line and the register, as the check before payment takes it in."""

    finding: Finding
    seqs: tuple[int, ...]
    blocking: bool
    why: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What the comparison found; ``counts`` in persons: registered, unknown (not in the register), no_account (none registered for the fund)."""

    differences: tuple[Differs, ...]
    counts: dict[str, int]


def put(work: UnitOfWork, made: Roster, check_no: int) -> list[int]:
    """Lists the account changes that this roster is the first to pay under, with its check; gives their numbers."""
    ids = _due(work.connection, made)
    if ids:
        key = {"book_id": made.book_id, "roster_id": made.roster_id, "check_no": check_no}
        work.connection.execute(roster_change.insert(), [{**key, "change_id": change_id} for change_id in ids])
    return ids


def shown(connection: sa.Connection, made: Roster) -> list[Change]:
    """The account changes listed with the roster's last check, in the order in which they were asked for."""
    columns = roster_change.c
    query = sa.select(columns.change_id).where(columns.book_id == made.book_id, columns.roster_id == made.roster_id, columns.check_no == made.check_no)
    return [personchanges.get(connection, change_id) for change_id in sorted(connection.execute(query).scalars())]


def signed_part(connection: sa.Connection, made: Roster) -> list[list[Any]]:
    """What a signature binds to of the listed changes: number, digest of the request, who reviewed."""
    return [[one.change_id, one.digest, one.decided_by] for one in shown(connection, made)]


def unlisted(connection: sa.Connection, made: Roster) -> list[int]:
    """Changes accepted since the roster's check that it would pay under and does not list."""
    return sorted(set(_due(connection, made)) - {one.change_id for one in shown(connection, made)})


def _due(connection: sa.Connection, made: Roster) -> list[int]:
    """Accepted changes of the fund in force by the roster's month that no other live roster has listed with its last check; none for 代发 rosters."""
    if made.kind != "benefit":
        return []
    listed, live = roster_change.c, roster_table.c
    elsewhere = (
        sa.select(listed.change_id)
        .join(roster_table, sa.and_(live.book_id == listed.book_id, live.roster_id == listed.roster_id, live.check_no == listed.check_no))
        .where(live.state != "withdrawn", live.roster_id != made.roster_id)
    )
    change = person_change.c
    query = (
        sa.select(change.change_id)
        .join(person_decision, person_decision.c.change_id == change.change_id)
        .where(change.kind.in_(ACCOUNT_KINDS), change.fund == made.fund.value, change.from_on <= made.period.first_day.isoformat())
        .where(person_decision.c.decision == "accepted", change.change_id.not_in(elsewhere))
        .order_by(change.change_id)
    )
    return list(connection.execute(query).scalars())


def compare(connection: sa.Connection, made: Roster, lines: pa.Table) -> Compared:
    """The roster's lines beside the register: another bank account (R1), another name (R2), a status that ended payment (R3).

    An account or a name that differs is a warning; a line of somebody suspended, ended or dead by two signatures is blocked.
    An empty register says nothing.
    """
    if not persons.count(connection):
        return Compared((), {})
    held, heads = persons.records(connection), persons.links(connection)
    paid = _by_person(lines)
    known = {number: held[number] for number in paid if number in held}
    accounts, names, stopped = _accounts(connection, made), _names(connection, heads), _stopped(connection, made, heads)
    of_person = {persons.head_of(heads, record): one for record, one in sorted(accounts.items(), key=lambda item: item[0] not in heads)}
    counts = Counter({"registered": len(known), "unknown": len(paid) - len(known)})
    found: list[Differs] = []
    for number, record in known.items():
        rows, person_id = paid[number], persons.head_of(heads, record)
        account = accounts.get(record) or of_person.get(person_id)
        counts["no_account"] += account is None
        if account is not None and (others := [row for row in rows if row["net"] and row["account"] != account.bank_account]):
            found.append(_account_differs(made, others, account))
        if strangers := [row for row in rows if row["name_norm"] not in names[person_id]]:
            found.append(_name_differs(made, strangers))
        if person_id in stopped:
            found += _paid_though_stopped(made, rows, stopped[person_id])
    return Compared(tuple(found), dict(counts))


def _by_person(lines: pa.Table) -> dict[str, list[dict[str, Any]]]:
    wanted = ("seq", "file", "line", "number", "name", "name_norm", "item_class", "period", "net", "account", "region")
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in lines.select(wanted).to_pylist():
        if row["number"]:
            found[row["number"]].append(row)
    return found


@dataclass(frozen=True, slots=True)
class _InForce:
    bank_account: str
    why: str


def _accounts(connection: sa.Connection, made: Roster) -> dict[int, _InForce]:
    """Record → the account in force in the roster's month; one that was ended is left out."""
    day, columns, known = made.period.first_day.isoformat(), tables.bank_account.c, tables.knowledge.c
    query = (
        sa.select(columns.person_id, columns.bank_account, columns.from_on, known.source_id, known.requested_by, known.reviewed_by)
        .join(tables.knowledge, known.knowledge_no == columns.knowledge_no)
        .where(columns.fund == made.fund.value, columns.from_on <= day, columns.to_on > day)
        .order_by(columns.knowledge_no)
    )
    found = {}
    for person_id, bank_account, since, change_id, asked, reviewed in connection.execute(query):
        why = f"登记簿自 {since[:7]} 起的账户，变更 {change_id}：{asked} 申请，{reviewed} 审核"
        found[person_id] = _InForce(bank_account, why)
    return {person_id: one for person_id, one in found.items() if one.bank_account}


def _names(connection: sa.Connection, heads: dict[int, int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for table in (tables.person, tables.name):
        for person_id, norm in connection.execute(sa.select(table.c.person_id, table.c.name_norm)).all():
            found[persons.head_of(heads, person_id)].add(norm)
    return found


def _stopped(
    connection: sa.Connection, made: Roster, heads: dict[int, int], knowledge: int | None = None
) -> dict[int, dict[str, list[Piece[tuple[str, int]]]]]:
    """Person → region → (status, signed) over time, of those whom the register ever had suspended, ended or dead in this fund."""
    columns = tables.status.c
    ever = sa.select(columns.person_id).where(columns.fund == made.fund.value, columns.status.in_(STOPPED)).distinct()
    query = sa.select(columns.person_id, columns.region, columns.from_on, columns.to_on, columns.status, columns.signed)
    query = query.where(columns.fund == made.fund.value, columns.person_id.in_(ever)).order_by(columns.knowledge_no, columns.from_on)
    if knowledge is not None:
        query = query.where(columns.knowledge_no <= knowledge)
    found: dict[int, dict[str, list[Piece[tuple[str, int]]]]] = defaultdict(lambda: defaultdict(list))
    for person_id, region, start, end, code, signed in connection.execute(query):
        found[persons.head_of(heads, person_id)][region].append(Piece(date.fromisoformat(start), date.fromisoformat(end), (code, signed)))
    return found


def stopped_on(connection: sa.Connection, made: Roster, numbers: list[str], knowledge: int) -> dict[str, str]:
    """Number → status (suspended, ended, dead) in force in every region on the first day of the roster's month, as known by ``knowledge``."""
    if not numbers:
        return {}
    held, heads, day = persons.records(connection), persons.links(connection), made.period.first_day
    stopped, found = _stopped(connection, made, heads, knowledge), {}
    for number in numbers:
        regions = stopped.get(persons.head_of(heads, held[number]), {}) if number in held else {}
        states = [on(overlay(pieces), day) for pieces in regions.values()]
        if states and all(state is not None and state[0] in STOPPED for state in states):
            found[number] = (states[0] or ("", 0))[0]
    return found


def _finding(made: Roster, rule: str, rows: list[dict[str, Any]], reason: str, *, counterpart: str = "", fact: str = "") -> Finding:
    first = rows[0]
    return Finding(
        rule=rule, severity=Severity.HIGH, id_number=first["number"], name=first["name"], fund=made.fund.value, region=first["region"] or "",
        periods=tuple(sorted({row["period"] for row in rows})), amount=sum(row["net"] for row in rows), counterpart=counterpart, confidence=1000,
        reason=reason, evidence=Evidence(tuple(Row(row["file"], row["line"]) for row in rows), len(rows)), fact=fact,
    )  # fmt: skip


def _seqs(rows: list[dict[str, Any]]) -> tuple[int, ...]:
    return tuple(row["seq"] for row in rows)


def _account_differs(made: Roster, rows: list[dict[str, Any]], held: _InForce) -> Differs:
    given = "、".join(sorted({mask_account(row["account"]) for row in rows}))
    reason = f"花名册账户 {given} 不是登记簿中的账户 {mask_account(held.bank_account)}"
    fact = "|".join((*sorted({row["account"] for row in rows}), held.bank_account))
    return Differs(_finding(made, "R1-ACCOUNT-DIFFERS", rows, reason, counterpart=mask_account(held.bank_account), fact=fact), _seqs(rows), False, held.why)


def _name_differs(made: Roster, rows: list[dict[str, Any]]) -> Differs:
    reason = f"花名册姓名 {mask_name(rows[0]['name'])} 与登记簿中这一号码的姓名（含曾用名）都不同"
    return Differs(_finding(made, "R2-NAME-DIFFERS", rows, reason, fact=rows[0]["name"]), _seqs(rows), False, "收款人姓名与登记簿核对")


def _paid_though_stopped(made: Roster, rows: list[dict[str, Any]], regions: dict[str, list[Piece[tuple[str, int]]]]) -> list[Differs]:
    """The monthly lines of months that begin after the payment was suspended or ended in the line's region, or in all where it names none."""
    groups: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        day = Month.from_number(row["period"]).first_day
        mine = [regions[row["region"]]] if row["region"] in regions else list(regions.values())
        states = [on(overlay(pieces), day) for pieces in mine]
        if row["item_class"] in MONTHLY and states and all(state is not None and state[0] in STOPPED for state in states):
            groups[states[0] or ("", 0)].append(row)
    return [
        Differs(
            _finding(made, "R3-STATUS", group, f"登记簿中该险种状态为{words().zh[code]}，花名册仍发放", fact=code), _seqs(group), bool(signed),
            "状态由两人签字" if signed else "状态来自人员名单",
        )
        for (code, signed), group in groups.items()
    ]  # fmt: skip

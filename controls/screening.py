"""Checking a roster before payment (发放前检查): runs the rules, keeps the findings, holds the lines they block.

The rules are those of ``controls.checks``; they see every file taken in, and what other rosters paid that no
payments file shows yet. Checking again keeps what is held and the answers whose facts did not change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy as sa

from controls import holds, roster, trail
from controls.duties import Actor, Duty, require
from controls.errors_payment import RosterChanged, StaleCheck
from controls.findings import Finding
from controls.intake import register
from controls.roster import Roster
from controls.rosterbuild import select
from controls.rosterpayments import unreported
from controls.tables import finding, finding_line, source_file
from ledger.db import UnitOfWork

# What the check before payment reads; anything of these that comes in later makes a check stale.
READ = ("payments", "deaths", "people", "custody", "accounts")


class Screened(Protocol):
    """One finding on a roster: the lead, the lines (``seq``) it concerns, whether it blocks them, and why."""

    @property
    def finding(self) -> Finding: ...
    @property
    def seqs(self) -> Sequence[int]: ...
    @property
    def blocking(self) -> bool: ...
    @property
    def why(self) -> Any: ...


Screen = Callable[..., Sequence[Screened]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found: warnings to answer, blocking findings, lines held by it, and which data it had."""

    roster: Roster
    warnings: int
    blocking: int
    newly_held: int
    sources: dict[str, int]


def check(work: UnitOfWork, home: Path, actor: Actor, now: str, roster_id: int, *, screen: Screen | None = None) -> Outcome:
    """Runs the check (``screen``: that of ``controls.checks`` unless given); raises SB3001, SB3022, SB3030, SB3033, SB3034."""
    made = roster.locked(work, roster_id)
    roster.expect(made, "check")
    require(actor, Duty.HANDLE_ROSTER, roster.thing(work.connection, made))
    if changed := roster.changed(work.connection, made):
        raise RosterChanged(roster=roster_id, what=f"序号 {changed[0]} 等 {len(changed)} 行的内容与编制时不同")
    tables = _tables(work.connection, home, made)
    lines = select(register.file(work.connection, made.file_id).table(home), made.fund, made.kind)
    found = (screen or _screen())(lines, tables, as_of=made.period)
    check_no = made.check_no + 1
    _store(work, made, check_no, found)
    blocked = [
        (seq, item.finding.finding_id, item.finding.rule, f"{item.finding.reason}（{_text(item.why)}）") for item in found if item.blocking for seq in item.seqs
    ]
    new = holds.put(work, made, check_no, now, actor.user, sorted(blocked))
    moved = roster.move(work, made, "check", check_no=check_no, checked_at=now, checked_file=register.newest(work.connection, READ))
    blocking = sum(1 for item in found if item.blocking)
    sources = {contract: len(given) for contract, given in tables.items()}
    facts = {"check_no": check_no, "findings": len(found), "blocking": blocking, "held": new, "sources": sources}
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "roster.check", f"roster:{roster_id}", facts=facts)
    return Outcome(moved, len(found) - blocking, blocking, new, sources)


def require_fresh(connection: sa.Connection, made: Roster) -> None:
    """Raises SB3038 when data that the check reads came in after it."""
    columns = source_file.c
    later = connection.execute(
        sa.select(columns.contract, columns.name).where(columns.contract.in_(READ), columns.file_id > made.checked_file).order_by(columns.file_id)
    ).all()
    if later:
        raise StaleCheck(roster=made.roster_id, files="、".join(f"{row.contract} {row.name}" for row in later[:3]))


def _screen() -> Screen:
    """Imported when it runs: the rules bring DuckDB with them."""
    from controls.checks.screening import screen

    return screen


def _tables(connection: sa.Connection, home: Path, made: Roster) -> Mapping[str, Sequence[pa.Table | Path]]:
    tables: dict[str, list[pa.Table | Path]] = defaultdict(list)
    for contract in READ:
        tables[contract].extend(item.path(home) for item in register.files(connection, contract))
    tables["payments"].extend(unreported(connection, tables["payments"], without=made.roster_id))
    return {contract: given for contract, given in tables.items() if given}


def _store(work: UnitOfWork, made: Roster, check_no: int, found: Sequence[Screened]) -> None:
    key = {"book_id": made.book_id, "roster_id": made.roster_id, "check_no": check_no}
    rows: dict[str, dict[str, Any]] = {}
    lines: set[tuple[str, int]] = set()
    for item in found:
        lead = item.finding
        rows[lead.finding_id] = {
            **key, "finding_id": lead.finding_id, "rule": lead.rule, "severity": lead.severity.value, "blocking": int(item.blocking),
            "number": lead.id_number, "name": lead.name, "period_from": lead.period_from, "period_to": lead.period_to,
            "amount_fen": lead.amount, "counterpart": lead.counterpart, "confidence": lead.confidence, "reason": lead.reason,
            "why": _text(item.why), "evidence": lead.evidence.json(), "facts": lead.facts,
        }  # fmt: skip
        lines |= {(lead.finding_id, seq) for seq in item.seqs}
    if rows:
        work.connection.execute(finding.insert(), list(rows.values()))
    if lines:
        work.connection.execute(finding_line.insert(), [{**key, "finding_id": lead_id, "seq": seq} for lead_id, seq in sorted(lines)])


def _text(why: Any) -> str:
    """The explanation as one text: sentences as they are, structures as JSON."""
    if isinstance(why, str):
        return why
    if isinstance(why, Sequence) and all(isinstance(part, str) for part in why):
        return "；".join(why)
    return json.dumps(why, ensure_ascii=False, sort_keys=True, default=str)

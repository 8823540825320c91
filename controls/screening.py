"""Checking a roster before payment (发放前检查): runs the rules, keeps the findings, holds the lines they block.

The rules are those of ``controls.checks``; they see every snapshot in use, and what other rosters paid that no
payments file shows yet. Which snapshots a check used is kept with it (:func:`cited`) and stands in the trail.
Checking again keeps what is held and the answers whose facts did not change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import sqlalchemy as sa

from controls import answers, holds, roster, rosterchanges, trail
from controls.benefits import award_checks
from controls.duties import Actor, Duty, require
from controls.errors_payment import RosterChanged, StaleCheck
from controls.findings import Finding
from controls.intake import register, snapshots
from controls.intake.snapshots import Citation, SourceFile
from controls.registers.certified import as_people
from controls.roster import Roster
from controls.rosterbuild import select
from controls.rosterlaw.errors import NewFindings
from controls.rosterpayments import unreported
from controls.rosters import cases, current_accounts, decided, kept
from controls.tables import finding, finding_line, roster_source, source_file
from ledger.db import UnitOfWork
from ledger.parameters import Parameters

if TYPE_CHECKING:
    from controls.checks.screening import Proven
    from controls.checks.unasked import Unasked

# What the check before payment reads; anything of these that comes in later makes a check stale. Premiums speak of unemployment and survivor
# benefits alone (P6, E11).
READ = ("payments", "deaths", "people", "custody", "accounts", "absences")
PREMIUMS = "contributions"


def read_for(fund: str) -> tuple[str, ...]:
    """The contracts that the check reads for a roster of this fund."""
    return (*READ, PREMIUMS) if fund in ("U", "W") else READ


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
    """What a check found: warnings to answer, blocking findings, lines held by it, which data it had, and the snapshots these came from.

    ``register``: persons on the roster that the register knows and does not (empty: nobody is registered); ``account_changes`` listed with the check;
    ``awards``: lines of the roster beside the awards of its people (empty: none to compare with). ``unasked``: rules whose data were never taken in.
    ``proven``: the self-test of the rules before they were asked; None where a ``screen`` was given.
    """

    roster: Roster
    warnings: int
    blocking: int
    newly_held: int
    sources: dict[str, int]
    snapshots: tuple[Citation, ...]
    register: dict[str, int]
    account_changes: int
    awards: dict[str, int]
    unasked: tuple[Unasked, ...]
    proven: Proven | None


def check(work: UnitOfWork, home: Path, actor: Actor, now: str, roster_id: int, *, screen: Screen | None = None) -> Outcome:
    """Runs the check (``screen``: that of ``controls.checks`` unless given); raises SB3001, SB3022, SB3030, SB3033, SB3034, SB3385."""
    made = roster.locked(work, roster_id)
    roster.expect(made, "check")
    require(actor, Duty.HANDLE_ROSTER, roster.thing(work.connection, made))
    if changed := roster.changed(work.connection, made):
        raise RosterChanged(roster=roster_id, what=f"序号 {changed[0]} 等 {len(changed)} 行的内容与编制时不同")
    tested = _proven() if screen is None else None
    used, tables, compared, granted, found = _look(work.connection, home, made, screen)
    check_no = made.check_no + 1
    _store(work, made, check_no, found)
    changes = rosterchanges.put(work, made, check_no)
    _cite(work, made, check_no, used)
    blocked = [
        (seq, item.finding.finding_id, item.finding.rule, f"{item.finding.reason}（{_text(item.why)}）") for item in found if item.blocking for seq in item.seqs
    ]
    new = holds.put(work, made, check_no, now, actor.user, sorted(blocked))
    moved = roster.move(work, made, "check", check_no=check_no, checked_at=now, checked_file=register.newest(work.connection, read_for(made.fund)))
    blocking = sum(1 for item in found if item.blocking)
    sources = {contract: len(given) for contract, given in tables.items()}
    missed = _unasked(tables, made)
    facts = {
        "check_no": check_no, "findings": len(found), "blocking": blocking, "held": new, "sources": sources,
        "snapshots": {str(one.file_id): one.parquet_sha256 for one in used}, "register": compared.counts, "account_changes": changes,
        "awards": granted.counts, "newest": moved.checked_file, "found": kept.findings_digest(work.connection, made, check_no),
        "holds": kept.holds_digest(work.connection, made), "unasked": [one.rule for one in missed],
        "self_test": asdict(tested) if tested else {},
    }  # fmt: skip
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "roster.check", f"roster:{roster_id}", facts=facts)
    cites = tuple(map(snapshots.cite, used))
    return Outcome(moved, len(found) - blocking, blocking, new, sources, cites, compared.counts, len(changes), granted.counts, missed, tested)


def _look(
    connection: sa.Connection, home: Path, made: Roster, screen: Screen | None
) -> tuple[list[SourceFile], Mapping[str, Sequence[pa.Table | Path]], rosterchanges.Compared, rosterchanges.Compared, list[Screened]]:
    """The check itself, with the snapshots in use now; nothing is stored. What two people cleared blocks no more while its facts stand."""
    used = [one for contract in read_for(made.fund) for one in snapshots.current(connection, contract)]
    lines = select(register.file(connection, made.file_id).table(home), made.fund, made.kind)
    tables = _tables(connection, home, made, used, lines)
    compared = rosterchanges.compare(connection, made, lines)
    granted = award_checks.compare(connection, made, lines, Parameters.load())
    found = [*(screen or _screen())(lines, tables, as_of=made.period), *compared.differences, *granted.differences, *current_accounts.moved(connection, made)]
    if cleared := cases.cleared_findings(connection, made):
        found = [_eased(item, cleared) for item in found]
    if any(item.blocking for item in found) and (stands := decided.standing(connection, made)):
        found = [_known(item, stands) for item in found]
    return used, tables, compared, granted, found


@dataclass(frozen=True, slots=True)
class Eased:
    """A blocking lead that held all of its lines once and that two people cleared since: a warning, to be answered and signed."""

    finding: Finding
    seqs: tuple[int, ...]
    why: str
    blocking: bool = False


def _eased(item: Screened, cleared: Mapping[int, str]) -> Screened:
    if not item.blocking or any(cleared.get(seq) != item.finding.finding_id for seq in item.seqs):
        return item
    return Eased(item.finding, tuple(item.seqs), f"{_text(item.why)}；原暂缓已由两人凭证据解除")


def _known(item: Screened, stands: Mapping[decided.Grounds, decided.Decided]) -> Screened:
    """A blocking lead that two people cleared at an earlier roster, on the very same outside facts: a warning that names their decision."""
    one = stands.get(decided.grounds(item.finding)) if item.blocking else None
    return item if one is None else Eased(item.finding, tuple(item.seqs), f"{_text(item.why)}；{one.told()}")


def new_findings(connection: sa.Connection, home: Path, made: Roster, screen: Screen | None = None) -> list[Screened]:
    """What the check finds now that the roster's last check did not, by lead, facts and whether it blocks; nothing is stored. Raises SB3385."""
    known = {(one.finding_id, one.facts, one.blocking) for one in answers.findings(connection, made)}
    if screen is None:
        _proven()
    found = _look(connection, home, made, screen)[-1]
    return [item for item in found if (item.finding.finding_id, item.finding.facts, item.blocking) not in known]


def cited(connection: sa.Connection, made: Roster, check_no: int | None = None) -> list[Citation]:
    """The snapshots that a check of the roster used (the last one unless ``check_no`` is given), by contract and number.

    The digests are those the check itself noted, so that a snapshot exchanged since shows.
    """
    columns = roster_source.c
    wanted = made.check_no if check_no is None else check_no
    rows = connection.execute(
        sa.select(columns.file_id, columns.parquet_sha256)
        .where(columns.book_id == made.book_id, columns.roster_id == made.roster_id, columns.check_no == wanted)
        .order_by(columns.file_id)
    )
    found = [replace(snapshots.cite(register.file(connection, row.file_id)), parquet_sha256=row.parquet_sha256) for row in rows]
    return sorted(found, key=lambda one: ((*READ, PREMIUMS).index(one.contract), one.file_id))


def unasked(connection: sa.Connection, made: Roster) -> tuple[Unasked, ...]:
    """The rules that the roster's last check could not ask, by the snapshots it noted; none before the first check."""
    return _unasked({one.contract for one in cited(connection, made)}, made) if made.check_no else ()


def self_tested(connection: sa.Connection, made: Roster) -> Proven | None:
    """The self-test of the rules as the roster's last check kept it in the trail; None before the first check or where it ran none."""
    from controls.checks.screening import Proven

    for one in trail.lines(connection, thing=f"roster:{made.roster_id}"):
        facts = json.loads(one.facts) if one.act == "roster.check" else {}
        if facts.get("check_no") == made.check_no and facts.get("self_test"):
            return Proven(**facts["self_test"])
    return None


def _unasked(given: Collection[str], made: Roster) -> tuple[Unasked, ...]:
    from controls.checks.unasked import unasked as missing

    return missing(given, read_for(made.fund))


def citing(connection: sa.Connection, file_id: int) -> list[tuple[int, int]]:
    """(roster, check_no) of every check that used the file."""
    columns = roster_source.c
    query = sa.select(columns.roster_id, columns.check_no).where(columns.file_id == file_id).order_by(columns.roster_id, columns.check_no)
    return [(row.roster_id, row.check_no) for row in connection.execute(query)]


def cited_checks(connection: sa.Connection, made: Roster) -> set[int]:
    """Numbers of the checks that noted snapshots for this roster."""
    query = sa.select(roster_source.c.check_no).distinct().where(roster_source.c.book_id == made.book_id, roster_source.c.roster_id == made.roster_id)
    return set(connection.execute(query).scalars())


def newer(connection: sa.Connection, made: Roster) -> list[str]:
    """The files that the check reads and that came in after the roster's last one, as ``死亡信息 死亡.csv``."""
    from controls.checks.coverage import CONTRACT_ZH

    columns = source_file.c
    wanted = (columns.contract.in_(read_for(made.fund)), columns.file_id > made.checked_file)
    later = sa.select(columns.contract, columns.name).where(*wanted).order_by(columns.file_id)
    return [f"{CONTRACT_ZH[row.contract]} {row.name}" for row in connection.execute(later)]


def require_same(connection: sa.Connection, made: Roster, home: Path | None, screen: Screen | None = None) -> None:
    """At a signature: nothing newer, or the check run again with the newest snapshots (``home``) finds nothing new.

    Where no snapshot changed the last check stands. Raises SB3038 (something newer and no ``home``, or a change of a bank account or an award
    that the check has to list), SB2170 naming the new lead.
    """
    later = newer(connection, made)
    if not later or home is None or rosterchanges.unlisted(connection, made) or award_checks.stale(connection, made):
        require_fresh(connection, made)
        return
    if found := new_findings(connection, home, made, screen):
        first = min(found, key=lambda item: (not item.blocking, item.finding.rule, item.finding.finding_id))
        told = f"{first.finding.rule} 序号 {'、'.join(map(str, first.seqs[:3]))}（{'拦截' if first.blocking else '提醒'}）"
        raise NewFindings(roster=made.roster_id, files="、".join(later[:3]), count=len(found), first=told)


def require_fresh(connection: sa.Connection, made: Roster) -> None:
    """Raises SB3038 when data that the check reads came in after it, or a change of a bank account for the month was accepted."""
    later = newer(connection, made)
    changed, awards = rosterchanges.unlisted(connection, made), award_checks.stale(connection, made)
    if later or changed or awards:
        said = later[:3] + [f"账户变更 {change_id}" for change_id in changed[:3]]
        said += [f"待遇核定 {number}" for number in awards[:3]]
        raise StaleCheck(roster=made.roster_id, files="、".join(said))


def _screen() -> Screen:
    """Imported when it runs: the rules bring DuckDB with them."""
    from controls.checks.screening import screen

    return screen


def _proven() -> Proven:
    """The self-test of the rules, before they are asked of a roster. Raises SB3385."""
    from controls.checks.screening import proven

    return proven()


def _tables(connection: sa.Connection, home: Path, made: Roster, used: Sequence[SourceFile], lines: pa.Table) -> Mapping[str, Sequence[pa.Table | Path]]:
    """The snapshots by contract, what other rosters paid, and the certifications of the register beside the people files (C10)."""
    from controls.checks.schema import empty

    tables: dict[str, list[pa.Table | Path]] = defaultdict(list)
    for one in used:
        tables[one.contract].append(one.path(home))
    tables["payments"].extend(unreported(connection, tables["payments"], without=made.roster_id))
    certified = as_people(connection, made.book_id, made.fund, lines, empty("people").schema)
    if certified.num_rows:
        tables["people"].append(certified)
    return {contract: given for contract, given in tables.items() if given}


def _cite(work: UnitOfWork, made: Roster, check_no: int, used: Sequence[SourceFile]) -> None:
    key = {"book_id": made.book_id, "roster_id": made.roster_id, "check_no": check_no}
    if used:
        work.connection.execute(roster_source.insert(), [{**key, "file_id": one.file_id, "parquet_sha256": one.parquet_sha256} for one in used])


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

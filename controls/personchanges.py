"""Changes of the register of persons (登记变更): one asks, with reason and evidence; another reviews; only then it holds.

Nobody decides what they asked for, and nobody who handled the roster of the month decides on an account that takes effect in it.
The review binds to the digest of what was asked for, and to what the register said then. A refused change stays on record.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from controls import changeactors, changecontent, trail
from controls.changecontent import Wanted
from controls.duties import Actor, Duty, Thing, require, require_any, rules
from controls.errors_payment import NoReason
from controls.errors_persons import ChangeDecided, ChangeStale, NoEvidence, NoSuchChange, NothingChanges
from controls.person_tables import person_change, person_decision
from controls.relatives import concerned
from ledger import chain
from ledger.db import UnitOfWork
from ledger.entries import canonical
from ledger.months import Month
from ledger.person_acts import Signed

DECISION_ZH = {"": "待审核", "accepted": "已通过", "refused": "已退回"}


@dataclass(frozen=True, slots=True)
class Change:
    """A change as stored: what is wanted, what held then, why and by which evidence, who asked and who decided ('' while it waits)."""

    change_id: int
    wanted: Wanted
    old_value: str
    reason: str
    evidence: str
    evidence_sha256: str
    requested_by: str
    requested_duty: Duty
    requested_at: str
    digest: str
    decision: str = ""
    decided_by: str = ""
    decided_at: str = ""
    decided_reason: str = ""

    @property
    def key(self) -> str:
        """``person_change:12``, as the trail writes it."""
        return f"person_change:{self.change_id}"


def request(work: UnitOfWork, home: Path, actor: Actor, now: str, wanted: Wanted, *, reason: str, evidence: str, evidence_sha256: str = "") -> Change:
    """Asks for a change; it holds nowhere until another reviews it. ``evidence`` names the paper, ``evidence_sha256`` binds its scan.

    Raises SB3001 (who asks for what: ``duties.yaml``), SB2116 (own claim or a relative's,
    in a whole file too), SB3107, SB3112 (it holds already, or the same waits), and what the kind
    itself refuses: SB3100, SB3108, SB3109, SB1400, SB1403, SB1405–SB1407.
    """
    about = Thing("person", str(wanted.person_id), related=_related(work.connection, home, wanted))
    duty = require_any(actor, rules().changes.get(changecontent.duty_key(work.connection, wanted), ()), about)
    for given, zh in ((reason, "事由"), (evidence, "凭据")):
        if not any(sign.isalnum() for sign in given):
            raise NoEvidence(missing=zh)
    chain.lock(work)
    old = changecontent.prove(work.connection, home, wanted)
    if any(one.wanted == wanted for one in listed(work.connection, person_id=wanted.person_id, waiting=True)):
        raise NothingChanges(what="同样的申请正等待审核")
    number = work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(person_change.c.change_id), 0) + 1)).scalar_one()
    made = Change(number, wanted, old, reason.strip(), evidence.strip(), evidence_sha256, actor.user, duty, now, "")
    values = _values(made)
    values["digest"] = _digest(values)
    work.connection.execute(person_change.insert().values(**values))
    trail.record(work, now, actor, duty, "person.request", made.key, values["digest"], _facts(made))
    return get(work.connection, number)


def review(work: UnitOfWork, home: Path, actor: Actor, now: str, change_id: int, *, accept: bool, reason: str = "") -> Change:
    """Decides on a change. Accepted, it enters the register at once and holds from its day; refused (with a reason), it stays on record.

    Raises SB3001, SB2116, SB3002 (own request; handled the roster of that month), SB3042 (refused without a reason), SB3104, SB3105, and
    when accepting SB3106 (the register or the request is not what it was) and what the kind itself refuses.
    """
    chain.lock(work)
    made = get(work.connection, change_id)
    require(actor, Duty.REVIEW, thing(work.connection, home, made))
    if made.decision:
        raise ChangeDecided(change=change_id, by=made.decided_by, decision=DECISION_ZH[made.decision].removeprefix("已"))
    if not accept and not any(sign.isalnum() for sign in reason):
        raise NoReason()
    if accept:
        _as_asked(work.connection, home, made)
    decision = "accepted" if accept else "refused"
    work.connection.execute(
        person_decision.insert().values(
            change_id=change_id, decision=decision, decided_by=actor.user, decided_at=now, reason=reason.strip(), digest=made.digest
        )
    )  # fmt: skip
    facts: dict[str, Any] = {"decision": decision, "reason": reason.strip(), "requested_by": made.requested_by}
    if accept:
        signed = Signed(made.requested_by, actor.user, change_id, date.fromisoformat(now[:10]), now)
        facts |= changecontent.carry_out(work, home, signed, made.wanted)
    trail.record(work, now, actor, Duty.REVIEW, "person.review", made.key, made.digest, facts)
    return get(work.connection, change_id)


def thing(connection: sa.Connection, home: Path, made: Change) -> Thing:
    """The change as something acted on: who asked, and for accounts who handled the roster of the month in which it takes effect; whom it
    is about, or whose relatives (C7)."""
    acted = {(made.requested_duty, made.requested_by)}
    if made.wanted.kind in changeactors.ACCOUNT_KINDS:
        acted |= changeactors.of_rosters(connection, made.wanted.fund, Month.of(made.wanted.from_on))
    return Thing("person_change", str(made.change_id), tuple(sorted(acted)), related=_related(connection, home, made.wanted))


def _related(connection: sa.Connection, home: Path, wanted: Wanted) -> concerned.Concerned:
    """Whom a change concerns (C7): its person and the other one; of a whole file of accounts everybody in it."""
    if wanted.kind == "bank_accounts":
        return concerned.by_numbers(connection, changecontent.numbers_in_file(connection, home, wanted, concerned.declared_numbers(connection)))
    return concerned.by_person(connection, wanted.person_id, wanted.other_person)


def get(connection: sa.Connection, change_id: int) -> Change:
    """One change; raises SB3104."""
    found = _read(connection, person_change.c.change_id == change_id)
    if not found:
        raise NoSuchChange(change=change_id)
    return found[0]


def listed(connection: sa.Connection, *, person_id: int | None = None, kinds: tuple[str, ...] = (), fund: str = "", waiting: bool = False) -> list[Change]:
    """Changes in the order in which they were asked for: of one person, of some kinds, of one fund, only those that wait."""
    columns = person_change.c
    wanted: list[sa.ColumnElement[bool]] = [sa.true()]
    if person_id is not None:
        wanted.append(columns.person_id == person_id)
    if kinds:
        wanted.append(columns.kind.in_(kinds))
    if fund:
        wanted.append(columns.fund == fund)
    found = _read(connection, sa.and_(*wanted))
    return [one for one in found if not (waiting and one.decision)]


def expected_digest(made: Change) -> str:
    """The digest that the stored fields demand."""
    return _digest(_values(made))


def _as_asked(connection: sa.Connection, home: Path, made: Change) -> None:
    if made.digest != expected_digest(made):
        raise ChangeStale(change=made.change_id, why="申请的内容被改动")
    if changecontent.prove(connection, home, made.wanted) != made.old_value:
        raise ChangeStale(change=made.change_id, why="申请之后，现登记已变")


def _values(made: Change) -> dict[str, Any]:
    wanted = asdict(made.wanted)
    return {
        "change_id": made.change_id, **wanted, "from_on": made.wanted.from_on.isoformat(), "to_on": made.wanted.to_on.isoformat(),
        "old_value": made.old_value, "reason": made.reason, "evidence": made.evidence, "evidence_sha256": made.evidence_sha256,
        "requested_by": made.requested_by, "requested_duty": made.requested_duty.value, "requested_at": made.requested_at, "digest": made.digest,
    }  # fmt: skip


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({name: value for name, value in values.items() if name != "digest"}).encode()).hexdigest()


def _facts(made: Change) -> dict[str, Any]:
    """What the trail keeps of a request: never a full number or account."""
    wanted = made.wanted
    return {
        "kind": wanted.kind, "person": wanted.person_id, "other": wanted.other_person, "file": wanted.file_id, "fund": wanted.fund, "region": wanted.region,
        "from": wanted.from_on.isoformat(), "old": changecontent.masked(wanted.kind, made.old_value), "new": changecontent.masked(wanted.kind, wanted.value),
        "reason": made.reason, "evidence": made.evidence, "evidence_sha256": made.evidence_sha256,
    }  # fmt: skip


def _read(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Change]:
    decided = person_decision.c
    query = (
        sa.select(person_change, decided.decision, decided.decided_by, decided.decided_at, decided.reason.label("decided_reason"))
        .outerjoin(person_decision, decided.change_id == person_change.c.change_id)
        .where(where)
        .order_by(person_change.c.change_id)
    )
    found = []
    for row in connection.execute(query):
        cells = dict(row._mapping)
        wanted = {one.name: cells[one.name] for one in fields(Wanted)}
        wanted |= {name: date.fromisoformat(wanted[name]) for name in ("from_on", "to_on")}
        rest = {one.name: cells[one.name] for one in fields(Change) if one.name != "wanted"}
        rest |= {name: cells[name] or "" for name in ("decision", "decided_by", "decided_at", "decided_reason")}
        found.append(Change(**{**rest, "wanted": Wanted(**wanted), "requested_duty": Duty(cells["requested_duty"])}))
    return found

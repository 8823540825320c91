"""The register of persons at work: loading a people file as somebody, and showing persons masked, or in full with a record before it (C6).

Who may see full numbers and accounts: those whose work needs them, each time for a reason. A refused look leaves its record too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from controls import trail
from controls.duties import Actor, Duty, may, require, require_any
from controls.errors_persons import NotPeopleFile, RevealNeedsReason
from controls.intake import register
from ledger import chain, person_load
from ledger.db import UnitOfWork
from ledger.identity import mask_account, mask_name, mask_number
from ledger.person_load import Loaded

CONTRACT = "people"
HANDLERS = (Duty.HANDLE_REGISTER, Duty.HANDLE_ASSESS, Duty.HANDLE_CERTIFY, Duty.HANDLE_ROSTER)
SEEING = (*HANDLERS, Duty.REVIEW, Duty.AUTHORISE, Duty.AUDIT, Duty.AUDITOR)
REVEALING = (*HANDLERS, Duty.REVIEW, Duty.AUDIT)
"""Who may look into the register at all (masked), and who may be shown full numbers for a reason."""


def load(work: UnitOfWork, home: Path, actor: Actor, now: str, file_id: int) -> Loaded:
    """登记经办 lets the register learn a people file taken in; the same file again changes nothing.

    Raises SB3001, SB3022, SB3023, SB3100, SB1401 (older than what is registered), SB1402.
    """
    require(actor, Duty.HANDLE_REGISTER)
    chain.lock(work)
    source = register.file(work.connection, file_id)
    if source.contract != CONTRACT:
        raise NotPeopleFile(file_id=file_id, contract=source.contract, wanted="people（人员名单）")
    as_of = date.fromisoformat(source.as_of or now[:10])
    loaded = person_load.load(
        work, source.table(home), file_id=file_id, loaded_by=actor.user, known_on=date.fromisoformat(now[:10]), recorded_at=now, as_of=as_of
    )
    if not loaded.already:
        facts = {**asdict(loaded), "as_of": as_of.isoformat()}
        trail.record(work, now, actor, Duty.HANDLE_REGISTER, "person.load", f"persons:{file_id}", source.sha256, facts)
    return loaded


def may_look(actor: Actor) -> None:
    """Passes for those who may look into the register; raises SB3001 for everybody else (C5)."""
    require_any(actor, SEEING)


@dataclass(frozen=True, slots=True)
class Masks:
    """How numbers, accounts and names are shown: masked, or as they are."""

    number: Callable[[str], str]
    bank_account: Callable[[str], str]
    name: Callable[[str], str]


MASKED = Masks(mask_number, mask_account, mask_name)
IN_FULL = Masks(str, str, str)


def reveal(work: UnitOfWork, now: str, actor: Actor, thing: str, what: str, count: int, reason: str) -> Masks:
    """Records the look and commits it, and only then gives leave to show ``what`` of ``count`` persons in full.

    A refused look is recorded and committed before SB3001 (whose work does not need it) or SB3110 (no reason) is raised.
    """
    facts = {"what": what, "count": count, "reason": reason.strip(), "duties": sorted(actor.duties)}
    allowed = any(may(actor, duty).yes for duty in REVEALING)
    stated = any(sign.isalnum() for sign in reason)
    if not (allowed and stated):
        why = "没有需要查看完整信息的岗位" if not allowed else "没有写明事由"
        trail.record(work, now, actor, None, "read.refused", thing, facts={**facts, "why": why})
        work.commit()
        require_any(actor, REVEALING)
        raise RevealNeedsReason()
    trail.record(work, now, actor, None, "read.reveal", thing, facts=facts)
    work.commit()
    return IN_FULL

"""Redaction by law at the front door: asking, confirming, listing; what was destroyed leaves no copy in SQLite's own files (F16)."""

from __future__ import annotations

from collections.abc import Sequence

from controls.duties import require_any
from controls.redactions import law, store
from controls.redactions.store import STATE_ZH, Redaction
from shebao.store import Office
from shebao.trails.export import READERS

__all__ = ["STATE_ZH", "ask", "decide", "listed", "why_gone"]


def ask(office: Office, basis: str, reason: str, *, seqs: Sequence[int] = (), person: str = "") -> Redaction:
    """Asks that texts of the trail be destroyed. Raises SB3001, SB2293, SB3042, SB2292."""
    actor = office.actor
    with office.unit() as work:
        made = store.ask(work, office.now(), actor, basis, reason, seqs=seqs, person=person)
        work.commit()
    return made


def decide(office: Office, number: int, *, confirmed: bool, note: str = "") -> Redaction:
    """Confirms, whereupon the texts are gone, or sends back. Raises SB3001, SB2294, SB2295, SB2296, SB3042."""
    actor = office.actor
    with office.unit() as work:
        made = store.decide(work, office.now(), actor, number, confirmed=confirmed, note=note)
        work.commit()
    if confirmed:
        store.settle(office.engine)
    return made


def listed(office: Office) -> list[Redaction]:
    """Every request by number. Raises SB3001."""
    require_any(office.actor, READERS)
    with office.reading() as connection:
        return store.listed(connection)


def why_gone(made: Redaction) -> str:
    """Who, why and when, in one clause."""
    known = next((one.zh for one in law.grounds().grounds if one.code == made.basis), made.basis)
    return f"第 {made.redaction_no} 号：{known}；{made.asked_by} 申请，{made.decided_by} 于 {made.decided_at[:10]} 确认"

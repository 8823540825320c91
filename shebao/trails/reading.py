"""Looking into the trail: by thing, by person, refusals alone; the looking is recorded too."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from controls import trail
from controls.duties import require_any
from controls.redactions import store
from ledger.chain import REFUSED, Record
from ledger.salts import GONE
from shebao.store import Office
from shebao.trails.export import READERS
from shebao.trails.redacting import why_gone


def found(office: Office, *, thing: str = "", who: str = "", refused: bool = False, most: int = 50) -> list[Record]:
    """The last ``most`` records that fit, in order; where a text was destroyed by law the reason says by whom, why and when. Raises SB3001."""
    duty = require_any(office.actor, READERS)
    with office.unit() as work:
        fitting = [record for record in trail.lines(work.connection, thing=thing, actor=who) if not refused or record.result == REFUSED][-most:]
        trail.record(work, office.now(), office.actor, duty, "read.trail", thing or "trail", facts={"actor": who, "refused": refused, "count": len(fitting)})
        made = _explained(work.connection, fitting)
        work.commit()
    return made


def _explained(connection: sa.Connection, found: list[Record]) -> list[Record]:
    gone = store.destroyed(connection)
    return [replace(one, reason=_reason(one, gone[one.seq])) if one.seq in gone else one for one in found]


def _reason(record: Record, redactions: list[store.Redaction]) -> str:
    told = "；".join(why_gone(one) for one in redactions)
    kept = record.reason.replace(GONE, "")
    return f"{kept}{GONE}（{told}）"

"""Looking into the trail: by thing, by person, refusals alone; the looking is recorded too."""

from __future__ import annotations

from controls import trail
from controls.duties import require_any
from ledger.chain import REFUSED, Record
from shebao.store import Office
from shebao.trails.export import READERS


def found(office: Office, *, thing: str = "", who: str = "", refused: bool = False, most: int = 50) -> list[Record]:
    """The last ``most`` records that fit, in order. Raises SB3001."""
    duty = require_any(office.actor, READERS)
    with office.unit() as work:
        fitting = [record for record in trail.lines(work.connection, thing=thing, actor=who) if not refused or record.result == REFUSED][-most:]
        trail.record(work, office.now(), office.actor, duty, "read.trail", thing or "trail", facts={"actor": who, "refused": refused, "count": len(fitting)})
        work.commit()
    return fitting

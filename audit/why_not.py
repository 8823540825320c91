"""Why a rule says nothing of a person, asked of the store (为何未报): by 稽核 alone, and each time recorded (C6).

The answer tells whether a person stands on the lists of the dead and of prisoners, so asking is a reading of personal data whether or not numbers are shown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.errors import NothingPaid
from audit.masking import masked_reason
from controls import trail
from controls.checks.why_not import WhyNot
from controls.checks.why_not import why_not as explain
from controls.duties import Actor, Duty, require
from controls.sweeps import extract
from ledger.db import UnitOfWork
from ledger.identity import mask_number
from ledger.months import Month

ACT = "read.why_not"
"""What the trail calls a why-not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the number in any form, the rule, up to which month (None: the last one paid), and whether numbers and names are to be shown in full."""

    person: str
    rule: str
    as_of: Month | None = None
    reveal: bool = False


def why_not(
    reading: Callable[[], AbstractContextManager[Any]], unit: Callable[[], AbstractContextManager[UnitOfWork]], home: Path, actor: Actor, now: str, asked: Asked
) -> WhyNot:
    """Reads the store, explains, and records who asked which rule of whom (the number masked) before anything is shown.

    Raises SB3001, SB3201, SB3395, SB3022, SB5005.
    """
    require(actor, Duty.AUDIT)
    with reading() as connection, tempfile.TemporaryDirectory(prefix="sweep-", dir=home) as place:
        wanted = extract.sources(connection)
        if not any(one.contract == "payments" for one in wanted):
            raise NothingPaid()
        tables = extract.by_contract(wanted, extract.lay(connection, home, wanted, Path(place)))
        answer = explain(asked.person, asked.rule, tables, as_of=asked.as_of)
    facts = {
        "what": "为何未报", "rule": answer.rule, "number": mask_number(answer.number), "count": 1, "lists": dict(answer.listed),
        "findings": len(answer.findings), "duties": sorted(actor.duties),
    }  # fmt: skip
    with unit() as work:
        trail.record(work, now, actor, Duty.AUDIT, ACT, f"rule:{answer.rule}", facts=facts)
        if asked.reveal:
            trail.reading(work, now, actor, f"rule:{answer.rule}", "为何未报", 1)
        work.commit()
    return answer


def lines(answer: WhyNot, *, reveal: bool) -> list[str]:
    """The answer as it is shown: numbers and names masked, or in full where the reading was recorded."""
    return answer.says() if reveal else answer.says(masked_reason, mask_number)

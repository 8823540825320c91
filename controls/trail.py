"""The trail (留痕): every act, and every reading of personal data, leaves one record in the chain (C6).

Texts are redacted before they are written: the trail never holds a full identity number or bank account.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from controls.duties import Actor, Duty
from controls.masking import redact
from ledger import chain
from ledger.chain import Act, Record, head, records, verify
from ledger.db import UnitOfWork

__all__ = ["Record", "head", "lines", "record", "records", "verify"]


def record(work: UnitOfWork, now: str, actor: Actor, duty: Duty | None, act: str, thing: str, digest: str = "", facts: object = None) -> Record:
    """Writes one record at ``now`` (ISO seconds) in the caller's transaction; ``duty`` is None for signing in and out."""
    return chain.append(work, now, Act(actor.user, duty.value if duty else "", act, thing, digest, redact(facts)))


def lines(connection: sa.Connection, *, thing: str = "", actor: str = "") -> Iterable[Record]:
    """Records of one thing or one actor, in order."""
    for item in chain.records(connection):
        if (not thing or item.thing == thing) and (not actor or item.actor == actor):
            yield item

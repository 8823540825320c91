"""The trail (留痕): every act, and every reading of personal data, leaves one record in the chain (C6).

Texts are masked before they are written: the trail never holds a full identity number or bank account. Names, reasons and remarks, which may carry other
personal data, enter as salted digests with their texts apart, so that the law's demand to delete them leaves the chain whole (F16).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from controls.duties import Actor, Duty
from ledger import chain
from ledger.chain import Act, Record, head, records, verify
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from ledger.identity import mask_number

__all__ = ["Record", "head", "lines", "record", "records", "redact", "refused", "verify"]

# Identity numbers and bank accounts in running text: 13 to 19 digits, the last may be X.
_LONG = re.compile(r"(?<![0-9A-Za-z])\d{12,18}[\dXx](?![0-9A-Za-z])")


FREE_TEXT = frozenset({"reason", "note", "control"})
"""Keys of facts under which people write what they like."""
OF_PEOPLE = FREE_TEXT | {"name"}
"""The same, for acts about people: there ``name`` is a person's."""


def redact(value: Any) -> Any:
    """JSON values with every identity number and bank account in texts masked; other values stay as they are."""
    if isinstance(value, str):
        return _LONG.sub(lambda found: mask_number(found.group()), value)
    if isinstance(value, Mapping):
        return {key: redact(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [redact(item) for item in value]
    return value


def record(work: UnitOfWork, now: str, actor: Actor, duty: Duty | None, act: str, thing: str, digest: str = "", facts: object = None) -> Record:
    """Writes one record at ``now`` (ISO seconds) in the caller's transaction; ``duty`` is None for signing in and out.

    A ``reason`` among the facts becomes the record's own.
    """
    told = redact(facts)
    reason = told.get("reason", "") if isinstance(told, dict) else ""
    personal = OF_PEOPLE if act.startswith("people.") else FREE_TEXT
    why = reason if isinstance(reason, str) else ""
    return chain.append(work, now, Act(actor.user, duty.value if duty else "", act, thing, digest, told, reason=why, personal=personal))


def refused(work: UnitOfWork, now: str, actor: Actor, act: str, thing: str, refusal: Refusal, facts: object = None) -> Record:
    """Records that ``actor`` was refused, with the refusal's code and words; in a transaction of its own, for theirs was undone."""
    words = str(redact(f"{refusal.code} {refusal.text()}"))
    made = Act(actor.user, "、".join(sorted(actor.duties)), act, thing, "", redact(facts), result=chain.REFUSED, reason=words, personal=FREE_TEXT)
    return chain.append(work, now, made)


def reading(work: UnitOfWork, now: str, actor: Actor, thing: str, what: str, count: int) -> Record:
    """Records that ``actor`` saw ``count`` persons' data unmasked; ``what`` says which list."""
    return record(work, now, actor, None, "read.reveal", thing, facts={"what": what, "count": count, "duties": sorted(actor.duties)})


def lines(connection: sa.Connection, *, thing: str = "", actor: str = "") -> Iterable[Record]:
    """Records of one thing or one actor, in order."""
    for item in chain.records(connection, thing=thing):
        if not actor or item.actor == actor:
            yield item

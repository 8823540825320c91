"""Why a held payment may be cleared and how the person is told (解除理由、送达方式), from ``templates/held-payments.yaml``."""

from __future__ import annotations

from functools import lru_cache

from controls.rosterlaw.errors import NotInList
from ledger.lawfile import LawFile, Strict, read

FILE = "held-payments.yaml"


class Reason(Strict):
    """One reason and the evidence it needs, in words."""

    code: str
    zh: str
    evidence: str


class Delivery(Strict):
    """One way to tell the person."""

    code: str
    zh: str


class Standing(Strict):
    """A rule whose clearing, for one of these reasons, holds for later rosters as long as the facts are the same."""

    rule: str
    reasons: tuple[str, ...]


class HeldFile(LawFile):
    """Schema of ``templates/held-payments.yaml``."""

    reasons: tuple[Reason, ...]
    standing: tuple[Standing, ...]
    deliveries: tuple[Delivery, ...]


@lru_cache(maxsize=1)
def held() -> HeldFile:
    """The lists; raises SB1011."""
    return read(HeldFile, FILE)


def reason(word: str) -> Reason:
    """A reason by its code or Chinese text; raises SB2177 naming the list."""
    for one in held().reasons:
        if word in (one.code, one.zh):
            return one
    raise NotInList(what="解除理由", word=word, known="、".join(f"{one.code}（{one.zh}）" for one in held().reasons))


def delivery(word: str) -> Delivery:
    """A way of telling by its code or Chinese text; raises SB2177."""
    for one in held().deliveries:
        if word in (one.code, one.zh):
            return one
    raise NotInList(what="送达方式", word=word, known="、".join(f"{one.code}（{one.zh}）" for one in held().deliveries))

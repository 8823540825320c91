"""Keys of online banking for the offices of tests: a making key for the cashier, an authorising key for the second person."""

from __future__ import annotations

from collections.abc import Mapping

from controls.duties import Actor
from controls.tokens import store
from ledger.db import UnitOfWork


def issued(work: UnitOfWork, now: str, leader: Actor, holders: Mapping[str, Actor]) -> None:
    """Registers a key of each kind and has its holder sign for it."""
    for kind, holder in holders.items():
        made = store.add(work, now, leader, kind, f"{kind}-{holder.user}", holder.user)
        store.receive(work, now, holder, made.token_no)

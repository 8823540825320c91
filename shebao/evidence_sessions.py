"""What the trail says of who is signed in, locked or disabled, and of the pairs of duties that the database keeps apart.

Each proof returns what it looked at, or raises :class:`Broken` with where it does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from controls.tables import duty_pair, session, user
from ledger import chain
from ledger.chain import Record
from shebao.evidence import Broken

Standing = tuple[str, int, str]
"""Disabled at, failures counted, locked until."""


@dataclass
class Told:
    """What the records lead to: sessions by their hash (user, opened, expires, closed), and how each user stands."""

    sessions: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    users: dict[str, Standing] = field(default_factory=dict)

    def take(self, record: Record, who: str) -> None:
        """One record about the user ``who``."""
        facts = record.told() or {}
        disabled, failures, locked = self.users.get(who, ("", 0, ""))
        if record.act == "session.open":
            self._close(record.at, [hashed for hashed, one in self.sessions.items() if one[0] == who and not one[3]])
            self.sessions[facts["session"]] = (who, record.at, facts["expires"], "")
            failures, locked = 0, ""
        elif record.act == "session.close":
            self._close(record.at, [facts["session"]])
        elif record.act == "session.refused" and "failures" in facts:
            failures, locked = facts["failures"], facts["locked_until"]
        elif record.act == "people.unlock":
            failures, locked = 0, ""
        elif record.act == "people.disable":
            disabled = record.at
        self.users[who] = (disabled, failures, locked)

    def _close(self, at: str, hashes: list[str]) -> None:
        for hashed in hashes:
            who, opened, expires, _ = self.sessions[hashed]
            self.sessions[hashed] = (who, opened, expires, at)


def kept(connection: sa.Connection) -> str:
    """C6: every session was opened and closed as recorded, and nobody's failures, lock or end stand otherwise than the acts led to."""
    told = Told()
    for record in chain.records(connection):
        kind, _, who = record.thing.partition(":")
        if kind == "user":
            told.take(record, who)
    for row in connection.execute(sa.select(user)):
        if (row.disabled_at, row.failures, row.locked_until) != told.users.get(row.user_id, ("", 0, "")):
            raise Broken(f"用户 {row.user_id} 的停用、失败次数或锁定与留痕不符")
    stored = {row.token_hash: (row.user_id, row.opened_at, row.expires_at, row.closed_at) for row in connection.execute(sa.select(session))}
    if odd := sorted(hashed for hashed in stored.keys() | told.sessions.keys() if stored.get(hashed) != told.sessions.get(hashed)):
        found = stored.get(odd[0]) or told.sessions[odd[0]]
        raise Broken(f"会话 {odd[0][:12]}（用户 {found[0]}，{found[1]}）与留痕不符")
    return f"{len(stored)} 次会话、{len(told.users)} 名用户的停用与锁定与留痕相符"


def pairs(connection: sa.Connection) -> str:
    """C1: the database keeps apart exactly the pairs of duties that the founding and the upgrades recorded."""
    told = {(a, b) for record in chain.records(connection, thing="duty:pairs") for a, b in record.told()["pairs"]}
    stored = {(row.a, row.b) for row in connection.execute(sa.select(duty_pair))}
    if odd := sorted(told ^ stored):
        raise Broken(f"不相容岗位 {odd[0][0]} 和 {odd[0][1]} 与留痕不符")
    return f"{len(stored)} 对不相容岗位与留痕相符"

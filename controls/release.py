"""Release (放行): after three signatures of one digest by three people, and with every blocked line held (C3).

A release is no bookkeeping: it gives an :class:`Authority` that vouchers and the bank file carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from controls import answers, holds, roster, screening, signoff, trail
from controls.duties import Actor, Duty, require
from controls.errors_payment import BlockingFinding, NotReleased, NotSigned
from controls.roster import PAYMENT_ZH, Roster
from controls.rosters import once
from controls.special import gate
from controls.tables import release as release_table
from ledger.db import UnitOfWork


@dataclass(frozen=True, slots=True)
class Authority:
    """What a released roster entitles to: payment of ``fen`` in ``count`` lines to ``payees``, under one digest."""

    book_id: int
    roster_id: int
    digest: str
    count: int
    payees: int
    fen: int
    released_by: str
    released_at: str

    @property
    def release_id(self) -> str:
        """``release:12``."""
        return f"release:{self.roster_id}"

    def __str__(self) -> str:
        """What a voucher prints as its authority."""
        return f"花名册 {self.roster_id} 放行 {self.digest[:12]}"


def release(work: UnitOfWork, actor: Actor, now: str, roster_id: int, *, home: Path | None = None, screen: screening.Screen | None = None) -> Authority:
    """The leader releases an authorised roster for payment.

    Raises SB3001, SB3002, SB3030, SB3033, SB3034 (content changed), SB3036 (a blocked line is not held),
    SB3037 (signatures), SB3038 (newer data than the check; SB2170 with the new lead where ``home`` lets it look), SB2171 (term over), SB2172 (frozen),
    SB2176 (released before), SB3273 (a program's money does not reach).
    """
    made = roster.locked(work, roster_id)
    roster.expect(made, "release")
    require(actor, Duty.AUTHORISE, roster.thing(work.connection, made))
    signoff.may_sign(work.connection, made, now, "release", home, screen)
    found = signoff.same_as_signed(work.connection, made, home)
    _three_people(work.connection, made)
    _nothing_blocks(work.connection, made)
    once.require_once(work.connection, made)
    if made.fund.special:
        gate.funded(work.connection, made.book_id, made.fund, found.paid_fen)
    work.connection.execute(
        release_table.insert().values(
            book_id=made.book_id, roster_id=roster_id, digest=found.digest, line_count=found.paid_lines, payee_count=found.payees,
            fen=found.paid_fen, released_by=actor.user, released_at=now,
        )
    )  # fmt: skip
    once.write(work, made)
    roster.move(work, made, "release", payment="released")
    facts = {"lines": found.paid_lines, "payees": found.payees, "fen": found.paid_fen}
    trail.record(work, now, actor, Duty.AUTHORISE, "roster.release", f"roster:{roster_id}", found.digest, facts)
    return authority(work.connection, roster_id)


def authority(connection: sa.Connection, roster_id: int) -> Authority:
    """The authority of a released roster; raises SB3030, SB3070."""
    made = roster.get(connection, roster_id)
    row = connection.execute(sa.select(release_table).where(release_table.c.book_id == made.book_id, release_table.c.roster_id == roster_id)).first()
    if row is None:
        raise NotReleased(roster=roster_id, state=PAYMENT_ZH[made.payment])
    return Authority(row.book_id, row.roster_id, row.digest, row.line_count, row.payee_count, row.fen, row.released_by, row.released_at)


def _three_people(connection: sa.Connection, made: Roster) -> None:
    given = signoff.signatures(connection, made)
    missing = [duty.zh for duty in signoff.STEP_DUTY.values() if duty not in {item.duty for item in given}]
    if missing:
        raise NotSigned(roster=made.roster_id, why=f"缺{'、'.join(missing)}")
    if len({item.user for item in given}) != len(given):
        raise NotSigned(roster=made.roster_id, why="签字的不是三个人")


def _nothing_blocks(connection: sa.Connection, made: Roster) -> None:
    held = holds.seqs(connection, made)
    for item in answers.findings(connection, made):
        if item.blocking and not held.issuperset(item.seqs):
            open_lines = sorted(set(item.seqs) - held)
            raise BlockingFinding(roster=made.roster_id, finding=item.finding_id, why=f"序号 {open_lines[0]} 未暂缓")

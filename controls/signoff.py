"""Signing a roster (签字): three people, one digest, step by step (C1, C2).

The digest covers the lines to be paid, the held lines, the totals, the findings and their answers, and the changes of bank accounts listed with it. It is taken
anew at every step; one changed fen voids the signatures, and the refusal names the line. Signatures and release
are believed as far as the trail recorded them: whoever rewrites them with the lines would have to rewrite the chain too.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from controls import answers, roster, rosterchanges, rosterdifferences, screening, trail
from controls.duties import Actor, Duty, require, require_any
from controls.errors_payment import NoReason, NothingToPay, OpenFindings, RosterChanged
from controls.roster import Line, Roster, line_digest
from controls.rosters import freezes, once, terms
from controls.screening import Screen
from controls.tables import hold, release, signature
from ledger.db import UnitOfWork
from ledger.entries import canonical

_SEQ, _PAYEE, _NET = (Line._fields.index(name) for name in ("seq", "payee", "net_fen"))
MOST_NAMED = 5
"""Differences that a refusal names; `shebao roster differences` lists all."""
STEP_DUTY = {"submit": Duty.HANDLE_ROSTER, "review": Duty.REVIEW, "authorise": Duty.AUTHORISE}


@dataclass(frozen=True, slots=True)
class Content:
    """What a signature binds to: the digest, and what is paid and held (lines, payees, fen)."""

    digest: str
    paid_lines: int
    payees: int
    paid_fen: int
    held_lines: int
    held_fen: int


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: duty, user id, digest, time (ISO); ``round`` counts signings."""

    round: int
    duty: Duty
    user: str
    digest: str
    signed_at: str


def content(connection: sa.Connection, made: Roster) -> Content:
    """The roster's content as it is now; raises SB3034 naming the first line that is not as it was built."""
    held = {
        row.seq: [row.seq, row.finding_id, row.rule, row.reason, row.owner, row.due_on]
        for row in connection.execute(sa.select(hold).where(hold.c.book_id == made.book_id, hold.c.roster_id == made.roster_id))
    }
    sha = hashlib.sha256()
    payees: set[int] = set()
    changed: list[int] = []
    count = fen = held_fen = 0
    for row in roster.rows(connection, made):
        seq, payee, net = row[_SEQ], row[_PAYEE], row[_NET]
        digest = line_digest(row[:-1])
        if digest != row[-1]:
            changed.append(seq)
        if seq in held:
            held_fen += net
            sha.update(b"H")
        else:
            count, fen = count + 1, fen + net
            if net:
                payees.add(payee)
            sha.update(b"P")
        sha.update(digest.encode())
    if changed:
        raise RosterChanged(roster=made.roster_id, what=f"序号 {changed[0]} 等 {len(changed)} 行的内容与编制时不同")
    if count + len(held) != made.line_count or fen + held_fen != made.net_fen:
        raise RosterChanged(roster=made.roster_id, what=f"{count + len(held)} 行 {fen + held_fen} 分，编制时为 {made.line_count} 行 {made.net_fen} 分")
    found = sorted(
        [item.finding_id, item.rule, item.blocking, item.facts, list(item.seqs), item.action, item.answer, item.answered_by]
        for item in answers.findings(connection, made)
    )
    head = {
        "roster": made.roster_id, "book": made.book_id, "fund": made.fund.value, "kind": made.kind, "period": made.period.number,
        "file": roster.file_digest(connection, made), "paid": [count, len(payees), fen], "held": [held[seq] for seq in sorted(held)], "findings": found,
    }  # fmt: skip
    if changes := rosterchanges.signed_part(connection, made):
        head["account_changes"] = changes
    sha.update(canonical(head).encode())
    return Content(sha.hexdigest(), count, len(payees), fen, len(held), held_fen)


def signatures(connection: sa.Connection, made: Roster, *, every_round: bool = False) -> list[Signature]:
    """Signatures of the present round in order of time, or of all rounds."""
    columns = signature.c
    query = sa.select(signature).where(columns.book_id == made.book_id, columns.roster_id == made.roster_id)
    if not every_round:
        query = query.where(columns.round == made.round)
    rows = connection.execute(query.order_by(columns.round, columns.signed_at, columns.duty))
    return [Signature(row.round, Duty(row.duty), row.user_id, row.digest, row.signed_at) for row in rows]


def submit(work: UnitOfWork, actor: Actor, now: str, roster_id: int, *, home: Path | None = None, screen: Screen | None = None) -> Content:
    """The handler signs; raises SB3001, SB3030, SB3033, SB3034, SB3035 (unanswered warnings), SB3038 (stale check), SB3040,
    SB2171 (term over), SB2172 (frozen), SB2176 (an item twice); with ``home`` SB2170 names what the check run again finds, and SB3034 line and column."""
    made = roster.locked(work, roster_id)
    roster.expect(made, "submit")
    require(actor, Duty.HANDLE_ROSTER, roster.thing(work.connection, made))
    may_sign(work.connection, made, now, "submit", home, screen)
    waiting = answers.unanswered(work.connection, made)
    if waiting:
        raise OpenFindings(roster=roster_id, count=len(waiting), first=f"{waiting[0].finding_id} {waiting[0].reason}")
    once.require_once(work.connection, made)
    return _sign(work, actor, now, made, "submit", home)


def review(work: UnitOfWork, actor: Actor, now: str, roster_id: int, *, home: Path | None = None, screen: Screen | None = None) -> Content:
    """The reviewer signs the handler's digest; raises SB3001, SB3002, SB3030, SB3033, SB3034."""
    return _sign_next(work, actor, now, roster_id, "review", home, screen)


def authorise(work: UnitOfWork, actor: Actor, now: str, roster_id: int, *, home: Path | None = None, screen: Screen | None = None) -> Content:
    """The leader signs the same digest; raises SB3001, SB3002, SB3030, SB3033, SB3034."""
    return _sign_next(work, actor, now, roster_id, "authorise", home, screen)


def send_back(work: UnitOfWork, actor: Actor, now: str, roster_id: int, reason: str) -> Roster:
    """Reviewer or leader sends a signed roster back: its signatures no longer count, a new round begins.

    Raises SB3001, SB3002, SB3030, SB3033, SB3042.
    """
    made = roster.locked(work, roster_id)
    roster.expect(made, "send_back")
    duty = require_any(actor, (Duty.REVIEW, Duty.AUTHORISE), roster.thing(work.connection, made))
    if not reason.strip():
        raise NoReason()
    moved = roster.move(work, made, "send_back", round=made.round + 1)
    trail.record(work, now, actor, duty, "roster.send_back", f"roster:{roster_id}", facts={"round": moved.round, "reason": reason.strip()})
    return moved


def withdraw(work: UnitOfWork, actor: Actor, now: str, roster_id: int, reason: str) -> Roster:
    """The handler withdraws a roster that is not signed, so that a corrected file can be built; raises SB3001, SB3030, SB3033, SB3042."""
    made = roster.locked(work, roster_id)
    roster.expect(made, "withdraw")
    require(actor, Duty.HANDLE_ROSTER, roster.thing(work.connection, made))
    if not reason.strip():
        raise NoReason()
    moved = roster.move(work, made, "withdraw")
    trail.record(work, now, actor, Duty.HANDLE_ROSTER, "roster.withdraw", f"roster:{roster_id}", facts={"reason": reason.strip()})
    return moved


def same_as_signed(connection: sa.Connection, made: Roster, home: Path | None = None) -> Content:
    """The content now, proved to be what every signature of this round and the release bind to, as the trail has them; raises SB3034.

    With ``home`` the refusal names line and column, then and now, from the file the roster was built from.
    """
    try:
        return _same_as_signed(connection, made)
    except RosterChanged as changed:
        if home is None or not (lines := rosterdifferences.found(connection, home, made, MOST_NAMED)):
            raise
        raise RosterChanged(roster=made.roster_id, what=f"{changed.facts['what']}（{'；'.join(line.text() for line in lines)}）") from changed


def _same_as_signed(connection: sa.Connection, made: Roster) -> Content:
    found = content(connection, made)
    records = _sound(connection, made)
    _signed_as_recorded(connection, made, records)
    _released_as_recorded(connection, made, records, found)
    for given in signatures(connection, made):
        if given.digest != found.digest:
            raise RosterChanged(roster=made.roster_id, what=f"内容与{given.duty.zh} {given.user} 于 {given.signed_at} 签字时不同")
    return found


def _sound(connection: sa.Connection, made: Roster) -> list[trail.Record]:
    """The roster's records in the trail, each with the hash that its fields demand."""
    records = list(trail.lines(connection, thing=f"roster:{made.roster_id}"))
    for record in records:
        if record.hash != record.expected():
            raise RosterChanged(roster=made.roster_id, what=f"第 {record.seq} 条留痕被改动")
    return records


def _signed_as_recorded(connection: sa.Connection, made: Roster, records: list[trail.Record]) -> None:
    """Every signature of every round is in the trail with the same person, duty, digest and time, and none is missing here."""
    told = {
        Signature(record.told()["round"], Duty(record.duty), record.actor, record.digest, record.at)
        for record in records
        if record.act in {f"roster.{step}" for step in STEP_DUTY}
    }
    odd = sorted(told ^ set(signatures(connection, made, every_round=True)), key=lambda item: (item.round, item.signed_at, item.duty, item in told, item.user))
    if odd:
        raise RosterChanged(roster=made.roster_id, what=f"{odd[0].duty.zh} {odd[0].user} 的签字（第 {odd[0].round} 轮）与留痕不符")
    rounds = 1 + sum(record.act == "roster.send_back" for record in records)
    if made.round != rounds:
        raise RosterChanged(roster=made.roster_id, what=f"签字轮次记为第 {made.round} 轮，按留痕应为第 {rounds} 轮")


def _released_as_recorded(connection: sa.Connection, made: Roster, records: list[trail.Record], found: Content) -> None:
    """The release is of this content, by the person and at the time that the trail has."""
    columns = release.c
    fields = (columns.digest, columns.line_count, columns.payee_count, columns.fen, columns.released_by, columns.released_at)
    stored = [tuple(row) for row in connection.execute(sa.select(*fields).where(columns.book_id == made.book_id, columns.roster_id == made.roster_id))]
    told = []
    for record in records:
        if record.act == "roster.release":
            facts = record.told()
            told.append((record.digest, facts["lines"], facts["payees"], facts["fen"], record.actor, record.at))
    if stored != told:
        raise RosterChanged(roster=made.roster_id, what="放行与留痕不符")
    if stored and stored[0][:4] != (found.digest, found.paid_lines, found.payees, found.paid_fen):
        raise RosterChanged(roster=made.roster_id, what="内容与放行时不同")


def may_sign(connection: sa.Connection, made: Roster, now: str, step: str, home: Path | None, screen: Screen | None) -> None:
    """The roster's term is not over, nobody froze it, and nothing new came in at the steps that its flow looks again. Raises SB2170-SB2172, SB3038."""
    begun = terms.require_in_term(connection, made, now)
    freezes.require_open(connection, made.fund, now)
    if step in begun.law.recheck:
        screening.require_same(connection, made, home, screen)


def _sign_next(work: UnitOfWork, actor: Actor, now: str, roster_id: int, step: str, home: Path | None, screen: Screen | None) -> Content:
    made = roster.locked(work, roster_id)
    roster.expect(made, step)
    require(actor, STEP_DUTY[step], roster.thing(work.connection, made))
    may_sign(work.connection, made, now, step, home, screen)
    return _sign(work, actor, now, made, step, home)


def _sign(work: UnitOfWork, actor: Actor, now: str, made: Roster, step: str, home: Path | None) -> Content:
    duty = STEP_DUTY[step]
    found = same_as_signed(work.connection, made, home)
    if not found.payees:
        raise NothingToPay(what=f"花名册 {made.roster_id}")
    work.connection.execute(
        signature.insert().values(
            book_id=made.book_id, roster_id=made.roster_id, round=made.round, duty=duty.value, user_id=actor.user, digest=found.digest, signed_at=now
        )
    )
    roster.move(work, made, step)
    facts = {"round": made.round, "paid": [found.paid_lines, found.payees, found.paid_fen], "held": [found.held_lines, found.held_fen]}
    trail.record(work, now, actor, duty, f"roster.{step}", f"roster:{made.roster_id}", found.digest, facts)
    return found

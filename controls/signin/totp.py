"""The second factor (动态口令, TOTP, RFC 6238): enrolling, confirming, checking, recovery codes. Every code works once.

Duties that need it stand in ``templates/parameters/sign-in.yaml``; whoever holds one has a number of days to enrol and then does nothing else before.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from controls import rows
from controls.duties import Actor, Duty, require
from controls.errors import NoSuchUser
from controls.errors_duties import TotpRequired, TotpState, WrongCode
from controls.signin import sealing
from controls.signin.terms import terms
from controls.signin_tables import recovery_set, recovery_use, totp, totp_step, totp_use
from controls.tables import grant, session, user
from ledger import chain
from ledger.db import UnitOfWork

ISSUER = "shebao"
STEP = 30
"""Seconds a code lasts."""
WINDOW = 1
"""Codes before and after the present one that are taken too: clocks differ."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The newest enrolment of a person: its number, secret as it is stored, and whether it was confirmed or ended."""

    number: int
    secret: str
    confirmed: bool
    ended: bool

    @property
    def in_use(self) -> bool:
        return self.confirmed and not self.ended


def enrolment(connection: sa.Connection, user_id: str) -> Enrolled | None:
    """The newest enrolment, or None."""
    row = connection.execute(sa.select(totp).where(totp.c.user_id == user_id).order_by(totp.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    steps = set(connection.execute(sa.select(totp_step.c.step).where(totp_step.c.user_id == user_id, totp_step.c.number == row.number)).scalars())
    return Enrolled(row.number, row.secret, "confirm" in steps, "end" in steps)


def in_use(connection: sa.Connection, user_id: str) -> bool:
    """Whether this person signs in with a code."""
    found = enrolment(connection, user_id)
    return found is not None and found.in_use


def enrol(work: UnitOfWork, now: str, actor: Actor) -> str:
    """A new secret for the person signed in, as an ``otpauth:`` address for the phone; it counts once confirmed. Raises SB2129, SB2299."""
    import pyotp

    chain.lock(work)
    found = enrolment(work.connection, actor.user)
    if found is not None and found.in_use:
        raise TotpState(user=actor.user, why="已启用", why_en="it is in use already")
    number = found.number + 1 if found else 1
    secret = pyotp.random_base32()
    stored = sealing.sealed(work.connection, actor.user, number, secret)
    row = {"user_id": actor.user, "number": number, "secret": stored, "enrolled_at": now}
    rows.lay(work, now, actor, None, totp, "signin.enrol", f"user:{actor.user}", row, {"number": number})
    return pyotp.TOTP(secret).provisioning_uri(name=actor.user, issuer_name=ISSUER)


def confirm(work: UnitOfWork, now: str, actor: Actor, code: str) -> tuple[str, ...]:
    """Puts the enrolment to use with a first code; gives the recovery codes, shown this once. Raises SB2129, SB2127."""
    chain.lock(work)
    found = enrolment(work.connection, actor.user)
    if found is None or found.confirmed or found.ended:
        raise TotpState(user=actor.user, why="没有等待启用的密钥", why_en="there is no secret to confirm")
    _use(work, now, actor, found, code)
    row = {"user_id": actor.user, "number": found.number, "step": "confirm", "by": actor.user, "at": now}
    rows.lay(work, now, actor, None, totp_step, "signin.confirm", f"user:{actor.user}", row, {"number": found.number})
    return fresh_codes(work, now, actor)


def fresh_codes(work: UnitOfWork, now: str, actor: Actor) -> tuple[str, ...]:
    """A new set of recovery codes, shown this once; the set before it no longer works. Raises SB2129."""
    chain.lock(work)
    if not in_use(work.connection, actor.user):
        raise TotpState(user=actor.user, why="未启用", why_en="it is not in use")
    number = 1 + work.connection.execute(sa.select(sa.func.count()).select_from(recovery_set).where(recovery_set.c.user_id == actor.user)).scalar_one()
    codes = tuple("-".join(text[start : start + 5] for start in range(0, 20, 5)) for text in (secrets.token_hex(10) for _ in range(terms().recovery_codes)))
    row = {"user_id": actor.user, "number": number, "hashes": json.dumps([_hash(code) for code in codes]), "made_at": now}
    rows.lay(work, now, actor, None, recovery_set, "signin.recovery", f"user:{actor.user}", row, {"number": number, "count": len(codes)})
    return codes


def check(work: UnitOfWork, now: str, actor: Actor, code: str) -> str:
    """Takes a one-time code or a recovery code of somebody enrolled and gives which it was, ``totp`` or ``recovery``; raises SB2127."""
    found = enrolment(work.connection, actor.user)
    if found is None or not found.in_use:
        raise WrongCode()
    if code.strip().isdigit():
        _use(work, now, actor, found, code.strip())
        return "totp"
    _recover(work, now, actor, code.strip().lower())
    return "recovery"


def end(work: UnitOfWork, now: str, actor: Actor, user_id: str, note: str = "") -> None:
    """A security administrator ends somebody's enrolment (phone lost, codes lost); the owner enrols again. Raises SB3001, SB3009, SB2129."""
    require(actor, Duty.SECADMIN)
    chain.lock(work)
    if work.connection.execute(sa.select(user.c.user_id).where(user.c.user_id == user_id)).first() is None:
        raise NoSuchUser(user=user_id)
    found = enrolment(work.connection, user_id)
    if found is None or found.ended or user_id == actor.user:
        raise TotpState(user=user_id, why="没有可停用的，或为本人", why_en="there is nothing to end, or it is one's own")
    row = {"user_id": user_id, "number": found.number, "step": "end", "by": actor.user, "at": now}
    rows.lay(work, now, actor, Duty.SECADMIN, totp_step, "signin.end", f"user:{user_id}", row, {"number": found.number, "note": note.strip()})


def lacking(connection: sa.Connection, now: str) -> list[tuple[str, str, Duty, str]]:
    """Who held a duty that needs a second factor at ``now`` and had none: (user, name, duty, last day of grace), by user.

    Grace begins when the duty was granted, or with the person's first sign-in where that came later; '' before it.
    """
    columns, step = grant.c, totp_step.c
    query = (
        sa.select(columns.user_id, user.c.name, columns.duty, columns.granted_at)
        .join(user, user.c.user_id == columns.user_id)
        .where(columns.duty.in_([duty.value for duty in terms().second_factor]), columns.valid_from <= now, columns.granted_at <= now)
        .where(sa.or_(columns.valid_to == "", columns.valid_to > now), sa.or_(user.c.disabled_at == "", user.c.disabled_at > now))
        .order_by(columns.user_id, columns.duty)
    )
    taken = {(row.user_id, row.number, row.step) for row in connection.execute(sa.select(step.user_id, step.number, step.step).where(step.at <= now))}
    using = {user_id for user_id, number, name in taken if name == "confirm" and (user_id, number, "end") not in taken}
    rows = connection.execute(sa.select(session.c.user_id, sa.func.min(session.c.opened_at)).group_by(session.c.user_id)).all()
    first = {user_id: opened for user_id, opened in rows}
    return [
        (row.user_id, row.name, Duty(row.duty), _last_day(max(row.granted_at, first[row.user_id])) if row.user_id in first else "")
        for row in connection.execute(query)
        if row.user_id not in using
    ]


def required(connection: sa.Connection, actor: Actor, now: str) -> None:
    """Passes unless the actor holds a duty that needs a second factor, has none, and the days of grace are over; raises SB2128."""
    if not actor.duties & terms().second_factor:
        return
    for user_id, name, duty, last in lacking(connection, now):
        if user_id == actor.user and last and now[:10] > last:
            raise TotpRequired(name=name, duty=duty.zh, days=terms().totp_grace_days)


def _last_day(granted_at: str) -> str:
    return (date.fromisoformat(granted_at[:10]) + timedelta(days=terms().totp_grace_days)).isoformat()


def _use(work: UnitOfWork, now: str, actor: Actor, found: Enrolled, code: str) -> None:
    """Marks the code's half minute as used; raises SB2127 for a wrong code and for one not newer than the last."""
    import pyotp

    columns = totp_use.c
    last = work.connection.execute(sa.select(sa.func.max(columns.counter)).where(columns.user_id == actor.user, columns.number == found.number)).scalar()
    counter = int(datetime.fromisoformat(now).timestamp()) // STEP
    clock = pyotp.TOTP(sealing.opened(work.connection, actor.user, found.number, found.secret))
    for one in range(counter - WINDOW, counter + WINDOW + 1):
        if secrets.compare_digest(clock.generate_otp(one), code) and (last is None or one > last):
            row = {"user_id": actor.user, "number": found.number, "counter": one, "at": now}
            rows.lay(work, now, actor, None, totp_use, "signin.code", f"user:{actor.user}", row)
            return
    raise WrongCode()


def _recover(work: UnitOfWork, now: str, actor: Actor, code: str) -> None:
    row = work.connection.execute(
        sa.select(recovery_set).where(recovery_set.c.user_id == actor.user).order_by(recovery_set.c.number.desc()).limit(1)
    ).first()  # fmt: skip
    hashed = _hash(code)
    if row is None or hashed not in json.loads(row.hashes):
        raise WrongCode()
    used = sa.select(recovery_use.c.hash).where(recovery_use.c.user_id == actor.user, recovery_use.c.number == row.number, recovery_use.c.hash == hashed)
    if work.connection.execute(used).first() is not None:
        raise WrongCode()
    values = {"user_id": actor.user, "number": row.number, "hash": hashed, "at": now}
    rows.lay(work, now, actor, None, recovery_use, "signin.recover", f"user:{actor.user}", values)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()

"""Signing in and out (登录): a random token, kept hashed in the store and plain in the owner's session file (0600).

A session ends by time, by logout, by a later login of the same home or of the same person anywhere (one session a person), or when the
account is disabled. Rules of passwords, the second factor and the fresh proof stand in ``controls.signin``.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from controls import trail
from controls.duties import Actor
from controls.errors import LockedOut, NobodySignedIn, SessionExpired, SessionFileOpen, WrongPassword
from controls.errors_duties import WrongCode
from controls.grants.requests import exempt
from controls.limits import limits
from controls.people import duties_of
from controls.signin import passwords, proof, totp
from controls.tables import session, user
from ledger import chain
from ledger.db import UnitOfWork

FILE = "session.json"
# A hash of no password at all: checking it takes as long as checking a real one, so that unknown users cannot be told apart.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$7DgSp0aVYIM6w1vNuXU5c4zMjTzzLU8kAc3n1ZEvkLw"


@dataclass(frozen=True, slots=True)
class Session:
    """An open session; the token is known here only and in the session file."""

    token: str
    actor: Actor
    expires_at: str


def sign_in(work: UnitOfWork, now: str, user_id: str, password: str, code: str = "") -> Session:
    """Opens a session and ends the person's earlier ones. ``code`` is the one-time or recovery code of whoever uses a second factor.

    A failure is counted and committed before it is raised (SB3005, SB2127; SB3006 when locked).
    """
    chain.lock(work)
    row = work.connection.execute(sa.select(user).where(user.c.user_id == user_id)).first()
    if row is not None and row.locked_until and _time(row.locked_until) > _time(now):
        _refused(work, now, user_id, "locked", {})
        raise LockedOut(user=user_id, until=row.locked_until)
    right = passwords.matches(passwords.present(work.connection, user_id) or _NOBODY, password)
    if row is None or row.disabled_at or not right:
        _count_failure(work, now, user_id, row)
        raise WrongPassword(limit=limits().lockout_failures, minutes=limits().lockout_minutes)
    actor = _actor(work.connection, row, now)
    if totp.in_use(work.connection, user_id):
        try:
            totp.check(work, now, actor, code)
        except WrongCode:
            _count_failure(work, now, user_id, row)
            raise
    token = secrets.token_urlsafe(32)
    work.connection.execute(session.update().where(session.c.user_id == user_id, session.c.closed_at == "").values(closed_at=now))
    expires = (_time(now) + timedelta(hours=limits().session_hours)).isoformat(timespec="seconds")
    work.connection.execute(user.update().where(user.c.user_id == user_id).values(failures=0, locked_until=""))
    work.connection.execute(session.insert().values(token_hash=_hash(token), user_id=user_id, opened_at=now, expires_at=expires, closed_at=""))
    trail.record(work, now, actor, None, "session.open", f"user:{user_id}", facts={"expires": expires, "session": _hash(token)})
    return Session(token, actor, expires)


def sign_out(work: UnitOfWork, now: str, home: Path) -> str:
    """Closes the session of this home and removes its file; gives the user id, '' when nobody was signed in."""
    token = _token(home, strict=False)
    row = work.connection.execute(sa.select(session).where(session.c.token_hash == _hash(token), session.c.closed_at == "")).first() if token else None
    if row is not None:
        work.connection.execute(session.update().where(session.c.token_hash == row.token_hash).values(closed_at=now))
        trail.record(work, now, Actor(row.user_id, "", frozenset()), None, "session.close", f"user:{row.user_id}", facts={"session": row.token_hash})
    (home / FILE).unlink(missing_ok=True)
    return row.user_id if row is not None else ""


def signed_in(connection: sa.Connection, home: Path, now: str, *, enrolling: bool = False) -> Actor:
    """Who is signed in at this home at ``now``; raises SB3004, SB3007, SB3008, and SB2128 unless the person is ``enrolling`` just now."""
    token = _token(home, strict=True)
    if not token:
        raise NobodySignedIn()
    hours = limits().session_hours
    row = connection.execute(
        sa.select(session, user.c.name, user.c.disabled_at).join(user, user.c.user_id == session.c.user_id).where(session.c.token_hash == _hash(token))
    ).first()
    if row is None:
        raise SessionExpired(why="会话不存在", hours=hours)
    if row.closed_at:
        raise SessionExpired(why=f"已于 {row.closed_at} 退出", hours=hours)
    if row.disabled_at:
        raise SessionExpired(why="账号已停用", hours=hours)
    if _time(row.expires_at) <= _time(now):
        raise SessionExpired(why=f"已于 {row.expires_at} 到期", hours=hours)
    actor = _actor(connection, row, now)
    if not enrolling:
        totp.required(connection, actor, now)
    return actor


def token_hash(home: Path) -> str:
    """The key under which this home's session is kept; raises SB3004, SB3008."""
    token = _token(home, strict=True)
    if not token:
        raise NobodySignedIn()
    return _hash(token)


def require_fresh(connection: sa.Connection, home: Path, now: str) -> None:
    """Passes when who is signed in here proved it lately enough to sign; raises SB3004, SB2130."""
    proof.require(connection, token_hash(home), now)


def prove(work: UnitOfWork, now: str, home: Path, actor: Actor, secret: str) -> str:
    """A fresh proof by password, one-time code or recovery code, and which it was; a failure counts like one at the door (SB3005, SB3006)."""
    chain.lock(work)
    row = work.connection.execute(sa.select(user).where(user.c.user_id == actor.user)).one()
    if row.locked_until and _time(row.locked_until) > _time(now):
        raise LockedOut(user=actor.user, until=row.locked_until)
    how = "password" if passwords.matches(passwords.present(work.connection, actor.user), secret) else ""
    if not how:
        try:
            how = totp.check(work, now, actor, secret)
        except WrongCode as wrong:
            _count_failure(work, now, actor.user, row)
            raise WrongPassword(limit=limits().lockout_failures, minutes=limits().lockout_minutes) from wrong
    proof.add(work, now, actor, token_hash(home), how)
    return how


def _actor(connection: sa.Connection, row: sa.Row[tuple[object, ...]], now: str) -> Actor:
    return Actor(row.user_id, row.name, duties_of(connection, row.user_id, now), exempt(connection, row.user_id, now))


def write_file(home: Path, opened: Session) -> Path:
    """Writes the session file, readable by its owner alone, whole or not at all."""
    path = home / FILE
    part = home / f".{FILE}.{secrets.token_hex(4)}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"token": opened.token, "user": opened.actor.user, "expires": opened.expires_at}, file)
    part.replace(path)
    return path


def _count_failure(work: UnitOfWork, now: str, user_id: str, row: sa.Row[tuple[object, ...]] | None) -> None:
    """One more failure, kept although the command is refused; an unknown user leaves a record too."""
    counted: dict[str, object] = {}
    if row is not None:
        failures = int(row.failures) + 1
        locked = ""
        if failures >= limits().lockout_failures:
            failures, locked = 0, (_time(now) + timedelta(minutes=limits().lockout_minutes)).isoformat(timespec="seconds")
        work.connection.execute(user.update().where(user.c.user_id == user_id).values(failures=failures, locked_until=locked))
        counted = {"failures": failures, "locked_until": locked}
    _refused(work, now, user_id if row is not None else "", "password", counted)


def _refused(work: UnitOfWork, now: str, user_id: str, why: str, counted: dict[str, object]) -> None:
    trail.record(work, now, Actor(user_id, "", frozenset()), None, "session.refused", f"user:{user_id or '未知'}", facts={"why": why, **counted})
    work.commit()


def _token(home: Path, *, strict: bool) -> str:
    path = home / FILE
    try:
        if strict and sys.platform != "win32" and path.stat().st_mode & 0o077:
            raise SessionFileOpen(file=path)
        found = json.loads(path.read_text(encoding="utf-8")).get("token", "")
    except FileNotFoundError:
        return ""
    except (ValueError, AttributeError, RecursionError, IsADirectoryError, NotADirectoryError) as wrong:
        if strict:
            raise SessionExpired(why="会话文件损坏", hours=limits().session_hours) from wrong
        return ""
    return found if isinstance(found, str) and found.isascii() else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)

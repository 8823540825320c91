"""Passwords (密码): their rules, the present one, and changing it. argon2id hashes; what was used lately is not used again.

The account's first password stands with the user; every later one is a row of its own, so that none is ever overwritten.
"""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa

from controls import people, rows
from controls.duties import Actor, Duty, require
from controls.errors import NoSuchUser, WrongPassword
from controls.errors_duties import PasswordRefused
from controls.limits import limits
from controls.signin.terms import terms
from controls.signin_tables import password as password_table
from controls.tables import user
from ledger import chain
from ledger.db import UnitOfWork
from ledger.lawfile import LawFile, read

FILE = "signin/common-passwords.yaml"


class Common(LawFile):
    """Schema of the list of common passwords."""

    passwords: tuple[str, ...]


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The list, in small letters."""
    return frozenset(one.casefold() for one in read(Common, FILE).passwords)


def judge(user_id: str, new: str) -> None:
    """Passes for a password that is neither common nor holds the user id; raises SB2164. Its length is ``people.hash_password``'s."""
    folded = new.strip().casefold()
    if folded in common() or folded.rstrip("0123456789") in common():
        raise PasswordRefused(why="在常见密码名单中", why_en="it is on the list of common passwords")
    if len(user_id) >= 3 and user_id.casefold() in folded:
        raise PasswordRefused(why="含用户名", why_en="it holds the user id")
    if len(set(folded)) < 4:
        raise PasswordRefused(why="不同的字符少于 4 个", why_en="it has fewer than four different characters")


def present(connection: sa.Connection, user_id: str) -> str:
    """The hash in force; '' for nobody."""
    return next(iter(_hashes(connection, user_id)), "")


def matches(hashed: str, given: str) -> bool:
    """Whether the password is the one hashed."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(hashed, given)
    except (VerificationError, InvalidHashError):
        return False


def change(work: UnitOfWork, now: str, actor: Actor, old: str, new: str) -> None:
    """The person signed in changes the own password; raises SB3005 (the old one is wrong), SB3011, SB2164."""
    chain.lock(work)
    if not matches(present(work.connection, actor.user), old):
        raise WrongPassword(limit=limits().lockout_failures, minutes=limits().lockout_minutes)
    _enter(work, now, actor, None, actor.user, new)


def reset(work: UnitOfWork, now: str, actor: Actor, user_id: str, new: str) -> None:
    """A system administrator gives another person a new first password; it opens no second factor. Raises SB3001, SB3009, SB3011, SB2164."""
    require(actor, Duty.SYSADMIN)
    chain.lock(work)
    if not present(work.connection, user_id):
        raise NoSuchUser(user=user_id)
    _enter(work, now, actor, Duty.SYSADMIN, user_id, new)


def _enter(work: UnitOfWork, now: str, actor: Actor, duty: Duty | None, user_id: str, new: str) -> None:
    judge(user_id, new)
    used = _hashes(work.connection, user_id)
    if any(matches(one, new) for one in used[: terms().password_history]):
        raise PasswordRefused(why=f"与最近 {terms().password_history} 次用过的相同", why_en=f"it is one of the last {terms().password_history}")
    hashed = people.hash_password(user_id, new)
    row = {"user_id": user_id, "number": len(used), "hash": hashed, "set_by": actor.user, "set_at": now}
    rows.lay(work, now, actor, duty, password_table, "signin.password", f"user:{user_id}", row, {"number": len(used)})


def _hashes(connection: sa.Connection, user_id: str) -> list[str]:
    """Hashes of this person's passwords, the newest first, the account's first one last."""
    first = connection.execute(sa.select(user.c.password_hash).where(user.c.user_id == user_id)).scalar()
    columns = password_table.c
    later = connection.execute(sa.select(columns.hash).where(columns.user_id == user_id).order_by(columns.number.desc())).scalars()
    return [*later, *([first] if first is not None else [])]

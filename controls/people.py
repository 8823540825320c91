"""People (人员): users with argon2id hashes, duties granted for a time, and the first people of an office.

Duties are given by requests in four steps (``controls.grants.requests``). Incompatible duties are refused when granted (C1, static half), here
and in the database. Passwords arrive as values; no command takes one on its command line. Signing in and out stands in ``controls.sessions``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from controls import trail
from controls import unfinished_handovers as standing
from controls.duties import Actor, Duty, require, role_conflict, rules
from controls.errors import IncompatibleGrant, NoSuchUser, PeopleExist, UserExists, WeakPassword
from controls.errors_duties import TermRefused
from controls.limits import limits
from controls.tables import duty_pair, grant, user
from ledger.db import UnitOfWork
from ledger.lawfile import BadLawFile, Strict, parse

INIT = Actor("init", "建账程序", frozenset())


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be entered; the password is hashed at once and never shown."""

    user: str
    name: str
    duties: tuple[Duty, ...]
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A user as listed: id, name, duties in force, and whether the account is locked or disabled."""

    user: str
    name: str
    duties: frozenset[Duty]
    disabled: bool
    locked_until: str


class _PersonRow(Strict):
    user: str
    name: str
    duties: tuple[str, ...]
    password: str


class _PeopleFile(Strict):
    people: tuple[_PersonRow, ...]


def read_people(data: object, file: str = "people.yaml") -> list[NewPerson]:
    """The first people from YAML values (``people:`` a list of user, name, duties, password); raises SB1011."""
    listed = parse(_PeopleFile, data, file)
    people = []
    for row in listed.people:
        unknown = [code for code in row.duties if code not in Duty.__members__]
        if unknown:
            raise BadLawFile(file=file, where=row.user, why=f"没有岗位 {unknown[0]}")
        people.append(NewPerson(row.user, row.name, tuple(Duty(code) for code in row.duties), row.password))
    return people


def bootstrap(work: UnitOfWork, now: str, people: Sequence[NewPerson]) -> None:
    """Enters the first people with their duties into an empty store; raises SB3003, SB3010, SB3011, SB3012."""
    if work.connection.execute(sa.select(user.c.user_id).limit(1)).first() is not None:
        raise PeopleExist()
    lay_pairs(work, now, sorted((a, b) for a, b in (sorted(pair.both) for pair in rules().role_pairs)))
    for person in people:
        entered = _enter(work, now, INIT, person)
        for duty in person.duties:
            enter_grant(work, now, INIT.user, person.user, duty, now[:10], "")
        trail.record(work, now, INIT, None, "people.add", f"user:{person.user}", entered, {"name": person.name, "duties": sorted(person.duties)})


def lay_pairs(work: UnitOfWork, now: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Enters pairs of duties that the database keeps apart from now on, each (code, code) in order, and records which."""
    told = list(dict.fromkeys(pairs))
    work.connection.execute(duty_pair.insert(), [{"a": a, "b": b} for a, b in told])
    trail.record(work, now, INIT, None, "duty.pairs", "duty:pairs", facts={"pairs": [list(pair) for pair in told]})


def add(work: UnitOfWork, now: str, actor: Actor, person: NewPerson) -> None:
    """A system administrator adds an account without duties; raises SB3001, SB3010, SB3011."""
    require(actor, Duty.SYSADMIN)
    entered = _enter(work, now, actor, person)
    trail.record(work, now, actor, Duty.SYSADMIN, "people.add", f"user:{person.user}", entered, {"name": person.name})


def enter_grant(
    work: UnitOfWork, now: str, by: str, user_id: str, duty: Duty, valid_from: str, valid_to: str, exempt: frozenset[frozenset[Duty]] = frozenset()
) -> None:
    """Enters a duty for ``[valid_from, valid_to)`` (ISO, '' without end); raises SB3003, SB3009, SB2121. ``exempt``: pairs that exemptions cover in that term.

    Called by the founding and by the last step of a request (``controls.grants.requests``); the database takes a grant from nowhere else.
    """
    name = work.connection.execute(sa.select(user.c.name).where(user.c.user_id == user_id)).scalar()
    if name is None:
        raise NoSuchUser(user=user_id)
    columns = grant.c
    rows = work.connection.execute(
        sa.select(columns.duty, columns.valid_from)
        .where(columns.user_id == user_id, sa.or_(columns.valid_to == "", columns.valid_to > valid_from))
        .where(sa.true() if not valid_to else columns.valid_from < valid_to)
    )
    held = {(row.duty, row.valid_from) for row in rows}
    if (duty.value, valid_from) in held:
        raise TermRefused(why=f"{name} 从 {valid_from} 起已有岗位“{duty.zh}”", why_en=f"{user_id} holds it from {valid_from} already")
    pair = role_conflict(frozenset({duty, *(Duty(one) for one, _ in held)}), exempt)
    if pair is not None:
        raise IncompatibleGrant(a=pair.a.zh, b=pair.b.zh, name=name, why=pair.why, reference=pair.reference)
    work.connection.execute(
        grant.insert().values(user_id=user_id, duty=duty.value, valid_from=valid_from, valid_to=valid_to, granted_by=by, granted_at=now)
    )  # fmt: skip


def take_away(work: UnitOfWork, now: str, actor: Actor, user_id: str, duty: Duty) -> None:
    """A security administrator ends a duty today; the grant stays on record. Raises SB3001, SB3009."""
    require(actor, Duty.SECADMIN)
    today = now[:10]
    columns = grant.c
    ended = work.connection.execute(
        grant.update()
        .where(columns.user_id == user_id, columns.duty == duty.value, sa.or_(columns.valid_to == "", columns.valid_to > today))
        .values(valid_to=today)
    )
    if not ended.rowcount:
        raise NoSuchUser(user=f"{user_id}（{duty.zh}）")
    trail.record(work, now, actor, Duty.SECADMIN, "people.revoke", f"user:{user_id}", facts={"duty": duty.value})


def disable(work: UnitOfWork, now: str, actor: Actor, user_id: str) -> None:
    """A system administrator ends an account: it signs in no more and what it holds ends today. Raises SB3001, SB3009, SB2261 (not handed over)."""
    require(actor, Duty.SYSADMIN)
    standing.refuse_open(work.connection, user_id)
    if user_id == actor.user or not work.connection.execute(
        user.update().where(user.c.user_id == user_id, user.c.disabled_at == "").values(disabled_at=now)
    ).rowcount:
        raise NoSuchUser(user=user_id)
    trail.record(work, now, actor, Duty.SYSADMIN, "people.disable", f"user:{user_id}")


def unlock(work: UnitOfWork, now: str, actor: Actor, user_id: str) -> None:
    """A security administrator lifts a lock; raises SB3001, SB3009."""
    require(actor, Duty.SECADMIN)
    if not work.connection.execute(user.update().where(user.c.user_id == user_id).values(failures=0, locked_until="")).rowcount:
        raise NoSuchUser(user=user_id)
    trail.record(work, now, actor, Duty.SECADMIN, "people.unlock", f"user:{user_id}")


def duties_of(connection: sa.Connection, user_id: str, day: str) -> frozenset[Duty]:
    """The duties in force at ``day`` (ISO day, or time: an emergency ends at its hour)."""
    columns = grant.c
    rows = connection.execute(
        sa.select(columns.duty).where(columns.user_id == user_id, columns.valid_from <= day, sa.or_(columns.valid_to == "", columns.valid_to > day))
    )
    return frozenset(Duty(row.duty) for row in rows)


def listed(connection: sa.Connection, day: str) -> list[Person]:
    """Everybody, by user id, with the duties in force on ``day``."""
    rows = connection.execute(sa.select(user).order_by(user.c.user_id)).all()
    return [Person(row.user_id, row.name, duties_of(connection, row.user_id, day), bool(row.disabled_at), row.locked_until) for row in rows]


def names(connection: sa.Connection) -> dict[str, str]:
    """Names by user id, for printing who acted."""
    return {row.user_id: row.name for row in connection.execute(sa.select(user.c.user_id, user.c.name))}


def hash_password(user_id: str, password: str) -> str:
    """argon2id of a password that meets the policy; raises SB3011."""
    from argon2 import PasswordHasher

    length = limits().password_length
    if len(password) < length:
        raise WeakPassword(why=f"不足 {length} 位", length=length)
    if password.casefold() == user_id.casefold():
        raise WeakPassword(why="与用户名相同", length=length)
    return PasswordHasher().hash(password)


def password_digest(password_hash: str) -> str:
    """SHA-256 of the stored argon2id hash, for the trail: it shows a hash put in later and nothing of the password."""
    return hashlib.sha256(password_hash.encode()).hexdigest()


def _enter(work: UnitOfWork, now: str, actor: Actor, person: NewPerson) -> str:
    """Stores the account and gives what the trail keeps of its password hash."""
    if work.connection.execute(sa.select(user.c.user_id).where(user.c.user_id == person.user)).first() is not None:
        raise UserExists(user=person.user)
    hashed = hash_password(person.user, person.password)
    work.connection.execute(
        user.insert().values(
            user_id=person.user, name=person.name, password_hash=hashed, created_at=now, created_by=actor.user, disabled_at="", failures=0, locked_until=""
        )
    )
    return password_digest(hashed)

"""暂停/恢复审批 for certification: the list becomes changes of the register of persons, one by one, asked for by one and reviewed by another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from controls import personchanges
from controls.beneficiaries import certification
from controls.beneficiaries.certification import LATE, REASON, RESUMED
from controls.changecontent import Wanted
from controls.duties import Actor, Duty, require
from controls.errors_persons import NothingChanges
from controls.personchanges import Change
from ledger import chain
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.months import Month
from ledger.spans import LAST

Told = Callable[[int, int], None]


def _silent(done: int, of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the changes, and how many people were passed over because the same waits already."""

    changes: tuple[Change, ...]
    passed_over: int


def pause(
    work: UnitOfWork, home: Path, actor: Actor, now: str, book: Book, month: Month, since: Month, *, town: str = "", progress: Told = _silent
) -> Asked:
    """Asks for the pause from ``since`` of everybody late in ``month`` (of one town if given); raises SB3001, SB1031."""
    require(actor, Duty.HANDLE_CERTIFY)
    chain.lock(work)
    made = certification.due(work.connection, home, book, month, today=date.fromisoformat(now[:10]))
    wanted = [
        (one.person_id, one.region, f"认证有效至 {one.holds_to}") for one in made.of(LATE) if not town or one.town == town
    ]  # fmt: skip
    return _ask(work, home, actor, now, book, wanted, "suspended", since.first_day, REASON, f"资格认证到期名单{month}", progress)


def resume(work: UnitOfWork, home: Path, actor: Actor, now: str, book: Book, since: Month, *, progress: Told = _silent) -> Asked:
    """Asks that everybody paused for want of certification, and certified since, draws again from ``since``; raises SB3001."""
    require(actor, Duty.HANDLE_CERTIFY)
    chain.lock(work)
    today = date.fromisoformat(now[:10])
    known = certification.certified(work.connection, home, book, today)
    wanted = []
    for person_id, (region, number, paused_from) in sorted(certification.suspended_now(work.connection, book).items()):
        done = known.get(number)
        if done is not None and Month.of(done) + certification.holds(book, region, Month.of(done)) >= Month.of(paused_from):
            wanted.append((person_id, region, f"{done} 认证"))
    return _ask(work, home, actor, now, book, wanted, "drawing", since.first_day, RESUMED, "资格认证登记", progress)


def _ask(
    work: UnitOfWork, home: Path, actor: Actor, now: str, book: Book, wanted: Iterable[tuple[int, str, str]], status: str, since: date, reason: str,
    evidence: str, progress: Told,
) -> Asked:  # fmt: skip
    listed, made, passed = list(wanted), [], 0
    for place, (person_id, region, why) in enumerate(listed, start=1):
        one = Wanted("status", person_id, fund=book.fund.value, region=region, value=status, from_on=since, to_on=LAST)
        try:
            made.append(personchanges.request(work, home, actor, now, one, reason=reason, evidence=f"{evidence}：{why}"))
        except NothingChanges:
            passed += 1
        progress(place, len(listed))
    return Asked(tuple(made), passed)


def decide(
    work: UnitOfWork, home: Path, actor: Actor, now: str, book: Book, *, accept: bool, reason: str = "", progress: Told = _silent
) -> tuple[Change, ...]:
    """Reviews every pause and resumption that waits, one record each; raises SB3001, SB3002, SB3042, SB3106."""
    require(actor, Duty.REVIEW)
    waiting = certification.waiting_for(work.connection, book)
    made = []
    for place, change_id in enumerate(waiting, start=1):
        made.append(personchanges.review(work, home, actor, now, change_id, accept=accept, reason=reason))
        progress(place, len(waiting))
    return tuple(made)


def count_waiting(connection: sa.Connection, book: Book) -> int:
    """How many pauses and resumptions wait for review."""
    return len(certification.waiting_for(connection, book))

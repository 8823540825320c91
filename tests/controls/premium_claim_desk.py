"""A small office for tests of claims in the store: one book of R, a registrar and a reviewer with their grants, the claims' guards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import controls.tables
from controls.duties import Actor, Duty
from controls.premiums import claim_store, claims
from controls.premiums.claim_rows import Claim
from controls.premiums.claims import Drawn
from controls.tables import grant, user
from ledger.db import UnitOfWork
from ledger.schema import run_guards
from tests.controls.premium_people import asked, entitled, numbers, office, people, sources
from tests.controls.voucher_desk import BOOK, NOW
from tests.controls.voucher_desk import office as plain_office
from tests.laid import laid

MA = Actor("ma", "马登记", frozenset({Duty.HANDLE_REGISTER}))
LI = Actor("li", "李股长", frozenset({Duty.REVIEW}))
GUARDS = Path(controls.tables.__file__).parent / "premium_guards"
KNOWN = office(("premium_lowest_tier", 10000, {"fund": "R"}), ("premium_shares", ("省=30", "县=70"), {"fund": "R"}))


@dataclass
class Desk:
    """The office with the steps of a claim, each in a unit of work of its own."""

    engine: sa.Engine

    def step(self, act: Callable[..., Any], *given: Any) -> Any:
        """One step."""
        with UnitOfWork(self.engine) as work:
            done = act(work, NOW, *given)
            work.commit()
        return done

    def prepared(self, count: int = 3, start: int = 0) -> Claim:
        """A claim for some people, with one left out."""
        made: Claim = self.step(claim_store.prepare, MA, BOOK.book_id, drawn(count, start), [1, 2])
        return made

    def run(self, statement: str) -> None:
        """A statement straight to the database, past all Python."""
        with UnitOfWork(self.engine) as work:
            work.connection.exec_driver_sql(statement)
            work.commit()


def drawn(count: int = 3, start: int = 0) -> Drawn:
    """A claim drawn up for ``count`` people; one more is not enrolled."""
    who = numbers(count + 1, start=start)
    return claims.draw(sources(entitled=[entitled(who)], people=[people(who[:count])]), asked(), KNOWN)


def desk(url: str) -> Desk:
    """The office with its two people."""
    return Desk(laid(url, "premium claims", _desk))


def _desk(url: str) -> sa.Engine:
    made = plain_office(url)
    with UnitOfWork(made.engine) as work:
        run_guards(work.connection, GUARDS)
        for actor in (MA, LI):
            given = {"password_hash": "x", "created_at": NOW, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
            work.connection.execute(user.insert().values(user_id=actor.user, name=actor.name, **given))
            for duty in actor.duties:
                work.connection.execute(
                    grant.insert().values(user_id=actor.user, duty=duty.value, valid_from="2026-01-01", valid_to="", granted_by="init", granted_at=NOW)
                )
        work.commit()
    return made.engine

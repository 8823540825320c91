"""Refusals met at the office (C6): recorded once each, in a transaction of their own, with the function that asked; light enough for every command.

The office records what ends its units of work and what its people may not do: importers, pages and scripts alike. A command is recorded by the command
line, which knows what was asked for (``shebao.trails.refused``); while one runs the office leaves the record to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from ledger.errors import REFUSED, Refusal

if TYPE_CHECKING:
    import sqlalchemy as sa

    from controls.duties import Actor

STORE = "SB12"
"""Refusals of the store itself: what could not be opened cannot be written to either."""
ACT = "refused"
BETWEEN = ("contextlib", "controls.duties", "ledger.db", "shebao.store", __name__)
"""Modules between whoever asked and the record."""
_COMMAND: ContextVar[bool] = ContextVar("shebao_command", default=False)


class Signed(Protocol):
    """What is asked of the office: its store, who is signed in, and the time."""

    @property
    def store(self) -> sa.Engine: ...
    @property
    def actor(self) -> Actor: ...
    def now(self) -> str: ...


@contextmanager
def command() -> Iterator[None]:
    """While a command runs."""
    before = _COMMAND.set(True)
    try:
        yield
    finally:
        _COMMAND.reset(before)


def recordable(refusal: Refusal) -> bool:
    """Whether the trail keeps it: a rule of the house said no, and the store is there."""
    return refusal.status == REFUSED and not refusal.code.startswith(STORE)


def by_program(office: Signed, refusal: Refusal) -> None:
    """Records a refusal that the office met outside a command, as asked for by the function that called it."""
    if _COMMAND.get() or not recordable(refusal) or getattr(refusal, "recorded", False):
        return
    import sqlalchemy as sa

    try:
        record(office, refusal, f"api:{_caller()}", None)
    except (Refusal, sa.exc.SQLAlchemyError, OSError):
        return
    refusal.recorded = True  # type: ignore[attr-defined]


def record(office: Signed, refusal: Refusal, thing: str, facts: object) -> None:
    """One record in a transaction of its own, for what was refused was undone; raises SB30xx when nobody is signed in."""
    from controls import trail
    from ledger.db import UnitOfWork

    actor = office.actor
    with UnitOfWork(office.store) as work:
        if not work.is_sqlite:
            # Whoever is refused while this very thread still holds another transaction must not wait for it for ever; SQLite has its own patience.
            work.connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        trail.refused(work, office.now(), actor, ACT, thing, refusal, facts)
        work.commit()


def _caller() -> str:
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "") in BETWEEN:
        frame = frame.f_back
    return f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}"
